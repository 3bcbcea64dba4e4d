/**
 * The command line: runs a command, and turns errors into one line and an exit code.
 *
 * 0: done; 1: failed; 2: wrong usage; 129, 130 or 143: stopped by SIGHUP, SIGINT or SIGTERM (149 on
 * Windows: SIGBREAK). On a signal `train` saves before it stops. `diagnose` ends as `diff` does: 0:
 * right; 1: wrong; 2: cannot be judged.
 *
 * @module
 */

import { type Command, CommanderError } from "commander";
import manifest from "./deno.json" with { type: "json" };
import { isOutOfMemory } from "./lib/formats/errors.ts";
import { ThreadError } from "./lib/simd/threads.ts";
import { SansoCommand } from "./lib/system/arguments.ts";
import { Exit, UserError } from "./lib/system/errors.ts";
import { BrokenPipe, info, print, printError, terminalColumns } from "./lib/system/output.ts";
import { setColumns } from "./lib/text/layout.ts";

/**
 * The commands by their groups, in the order of the help: loading all takes longer than most of
 * them need.
 */
const COMMANDS: Readonly<Record<string, Readonly<Record<string, () => Promise<Command>>>>> = {
  "Train and look:": {
    train: async () => (await import("./lib/commands/train/command.ts")).trainCommand(),
    evaluate: async () => (await import("./lib/commands/evaluate_command.ts")).evaluateCommand(),
    inspect: async () => (await import("./lib/commands/inspect_command.ts")).inspectCommand(),
    plot: async () => (await import("./lib/commands/plot_command.ts")).plotCommand(),
    summary: async () => (await import("./lib/commands/summary_command.ts")).summaryCommand(),
  },
  "Use a network:": {
    predict: async () => (await import("./lib/commands/predict_command.ts")).predictCommand(),
    serve: async () => (await import("./lib/commands/serve_command.ts")).serveCommand(),
    export: async () => (await import("./lib/commands/export_command.ts")).exportCommand(),
  },
  "Understand and check:": {
    explain: async () => (await import("./lib/commands/explain_command.ts")).explainCommand(),
    gradcheck: async () => (await import("./lib/commands/gradcheck_command.ts")).gradcheckCommand(),
    verify: async () => (await import("./lib/commands/verify_command.ts")).verifyCommand(),
    diagnose: async () => (await import("./lib/commands/diagnose_command.ts")).diagnoseCommand(),
  },
};

/** The command that is called, or all if none is. */
async function loadCommands(called: string | undefined): Promise<Command[]> {
  const all = Object.entries(COMMANDS).flatMap(([group, loaders]) =>
    Object.entries(loaders).map(([name, load]) => ({ group, name, load }))
  );
  const wanted = all.filter(({ name }) => name === called);
  return await Promise.all(
    (wanted.length > 0 ? wanted : all).map(async ({ group, load }) =>
      (await load()).helpGroup(group)
    ),
  );
}

/** Runs the command line with these arguments; returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  setColumns(Deno.stdout.isTerminal() ? terminalColumns() : 80);
  const program = new SansoCommand("sanso")
    .description(manifest.description)
    .version(manifest.version, "-v, --version", "print the version")
    .helpCommand("help [command]", "print the help of a command")
    .examples("training.md", "train", "serve --open");
  for (const command of await loadCommands(args[0])) program.addCommand(command);
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => print(text.trimEnd()),
      writeErr: (text) => printError(text.trimEnd()), // the help, where no command is given
      outputError: (text) => info(oneSentence(text)),
      // detecting colours would need permission to read the environment
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
  }
  try {
    await program.parseAsync(args, { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof Exit) {
      if (error.message !== "") info(error.message);
      return error.exitCode;
    }
    if (isOutOfMemory(error)) {
      info(`error: not enough memory for ${args[0]}`);
      return 1;
    }
    if (!(error instanceof UserError || error instanceof ThreadError)) throw error;
    // the reader of standard output has seen enough, as `head` has
    if (!(error instanceof BrokenPipe)) info(`error: ${error.message}`);
    return error instanceof UserError ? error.exitCode : 1;
  }
}

/** An error of commander in one line. What begins otherwise is not suggested: --port for --host. */
function oneSentence(text: string): string {
  const [error, hint] = text.trim().split("\n(Did ") as [string, string?];
  const [, unknown] = /'-*(\w)/.exec(error) ?? [];
  const isAlike = unknown !== undefined &&
    hint?.match(/^you mean (?:one of )?-*(\w)/)?.[1] === unknown;
  return error.replace(/\.$/, "") + (isAlike ? ` (did ${hint}` : "");
}

if (import.meta.main) Deno.exit(await main(Deno.args));
