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
import { diagnoseCommand } from "./lib/commands/diagnose/diagnose_command.ts";
import { evaluateCommand } from "./lib/commands/evaluate_command.ts";
import { explainCommand } from "./lib/commands/explain_command.ts";
import { exportCommand } from "./lib/commands/export_command.ts";
import { gradcheckCommand } from "./lib/commands/gradcheck_command.ts";
import { inspectCommand } from "./lib/commands/inspect_command.ts";
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
import { plotCommand } from "./lib/commands/plot_command.ts";
import { predictCommand } from "./lib/commands/predict_command.ts";
import { reportCommand } from "./lib/commands/report_command.ts";
import { serveCommand } from "./lib/commands/serve_command.ts";
import { trainCommand } from "./lib/commands/train/train_command.ts";
import { verifyCommand } from "./lib/commands/verify/verify_command.ts";

/** Runs the command line with these arguments; returns the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const program = new Command("sanso")
    .description(manifest.description)
    .version(manifest.version, "--version", "print the version")
    .helpCommand(false);
  const commands = [
    trainCommand(),
    evaluateCommand(),
    inspectCommand(),
    predictCommand(),
    serveCommand(),
    exportCommand(),
    plotCommand(),
    reportCommand(),
    explainCommand(),
    gradcheckCommand(),
    verifyCommand(),
    diagnoseCommand(),
  ];
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
    if (!(error instanceof UserError)) throw error;
    info(`error: ${error.message}`);
    return error.exitCode;
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
