/**
 * The command line: runs a command, and turns errors into one line and an exit code.
 *
 * 0: done; 1: failed; 2: wrong usage; 129, 130 or 143: stopped by SIGHUP, SIGINT or SIGTERM (149 on
 * Windows: SIGBREAK). On the first signal `train` saves before it stops; a second one ends it at
 * once. `diagnose` ends as `diff` does: 0: right; 1: wrong; 2: cannot be judged.
 *
 * @module
 */

import { Command, CommanderError } from "commander";
import manifest from "./deno.json" with { type: "json" };
import { ThreadError } from "./lib/simd/threads.ts";
import {
  Exit,
  forbidOptionsAsPaths,
  forbidRepeatedOptions,
  info,
  print,
  printError,
  Stopped,
  UserError,
} from "./lib/system/system.ts";

/** The commands, in the order of the help: loading all takes longer than most of them need. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  train: async () => (await import("./lib/commands/train/train_command.ts")).trainCommand(),
  evaluate: async () => (await import("./lib/commands/evaluate_command.ts")).evaluateCommand(),
  inspect: async () => (await import("./lib/commands/inspect_command.ts")).inspectCommand(),
  predict: async () => (await import("./lib/commands/predict_command.ts")).predictCommand(),
  serve: async () => (await import("./lib/commands/serve_command.ts")).serveCommand(),
  export: async () => (await import("./lib/commands/export_command.ts")).exportCommand(),
  plot: async () => (await import("./lib/commands/plot_command.ts")).plotCommand(),
  report: async () => (await import("./lib/commands/report_command.ts")).reportCommand(),
  explain: async () => (await import("./lib/commands/explain_command.ts")).explainCommand(),
  gradcheck: async () => (await import("./lib/commands/gradcheck_command.ts")).gradcheckCommand(),
  verify: async () => (await import("./lib/commands/verify/verify_command.ts")).verifyCommand(),
  diagnose: async () =>
    (await import("./lib/commands/diagnose/diagnose_command.ts")).diagnoseCommand(),
};

/** Runs the command line with these arguments; returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const program = new Command("sanso")
    .description(manifest.description)
    .version(manifest.version, "--version", "print the version")
    .helpCommand(false);
  const called = Object.entries(COMMANDS).find(([name]) => name === args[0]);
  const loaders = called === undefined ? Object.values(COMMANDS) : [called[1]];
  const commands = await Promise.all(loaders.map((load) => load()));
  for (const command of commands) {
    program.addCommand(forbidOptionsAsPaths(forbidRepeatedOptions(command), args));
  }
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => print(text.trimEnd()),
      writeErr: (text) => printError(text.trimEnd()), // the help, where no command is given
      outputError: (text) =>
        info(text.trim().replace(/\n\(Did (.*)\)$/, " (did $1)").replace(/\.$/, "")),
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
    if (error instanceof Exit) return error.exitCode;
    if (error instanceof Stopped) {
      info(error.message);
      return error.exitCode;
    }
    if (!(error instanceof UserError || error instanceof ThreadError)) throw error;
    info(`error: ${error.message}`);
    return error instanceof UserError ? error.exitCode : 1;
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
