/** Runs the command line on a terminal, and reads the terminal's screen. */
import { ok } from "node:assert/strict";
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

/**
 * The lines of a terminal, up to that of the cursor; an error at a control that changes more than
 * the line of the cursor and the one above it.
 */
export function screen(output: string): string[] {
  const lines: string[] = [""];
  let line = 0, column = 0;
  // deno-lint-ignore no-control-regex -- controls are what this is about
  for (const [token] of output.matchAll(/\x1b\[[?\d;]*[a-zA-Z]|\x1b.|[^]/gu)) {
    if (token === "\r") column = 0;
    else if (token === "\n") {
      line++;
      lines[line] ??= "";
      column = 0;
    } else if (token === "\x1b[1A") line--;
    else if (token === "\x1b[K") lines[line] = lines[line]!.slice(0, column);
    else if (token.startsWith("\x1b[3")) continue; // a colour
    else if (token === "\x1b[J") {
      lines.length = line + 1;
      lines[line] = lines[line]!.slice(0, column);
    } else {
      ok(token >= " ", `a terminal is sent ${JSON.stringify(token)}`);
      lines[line] = lines[line]!.padEnd(column).slice(0, column) + token +
        lines[line]!.slice(column + 1);
      column++;
    }
  }
  return lines;
}
