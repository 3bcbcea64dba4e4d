/** Runs the command line on a terminal. */
import { Child, denoCommand } from "./child.ts";
import { testIf } from "./conditional.ts";

/** Runs the command line on a terminal of its own; both of its outputs go there. */
export function onTerminal(args: readonly string[], cwd: string, columns: number, to = ""): Child {
  const quoted = denoCommand(args).map((word) => `'${word}'`).join(" ");
  const command = `stty cols ${columns} && exec ${quoted} ${to}`;
  return new Child(["script", "-qec", command, "/dev/null"], cwd);
}

function hasScript(): boolean {
  try {
    return new Deno.Command("script", { args: ["-qec", "stty cols 80", "/dev/null"] })
      .outputSync().success;
  } catch {
    return false;
  }
}

/** A test that needs {@linkcode onTerminal}. */
export function terminalTest(name: string, fn: () => Promise<void>): void {
  testIf(hasScript(), "script of util-linux", name, fn);
}
