/**
 * `train`: the report's program. Standard output is the original's to the letter, the rest goes to standard error.
 *
 * @module
 */

import { Command } from "commander";
import { evaluate } from "../../training/evaluate.ts";
import { REPORT_SETTINGS } from "../../network/report_settings.ts";
import { MAX_HIDDEN } from "../../storage/parameters_file.ts";
import {
  dataOption,
  forbidRepeatedOptions,
  integer,
  option,
  path,
  positive,
  seed,
} from "../../system/arguments.ts";
import { prepareRun } from "./prepare_run.ts";
import { engineOption, makeEngine } from "../../system/engines.ts";
import { describeAccuracy } from "../evaluate_command.ts";
import { checkTarget } from "../../system/files.ts";
import { HistoryFile } from "../../system/history_file.ts";
import { TrainingSession } from "./training_session.ts";
import { info, print } from "../../system/output.ts";
import { describeSize } from "../../system/load_parameters.ts";
import { assertNotInput } from "../../system/assert_not_input.ts";
import type { TrainOptions } from "./train_options.ts";
import { UsageError, UserError } from "../../system/errors.ts";

/** The command, to be added to the program. */
export function trainCommand(): Command {
  const { hidden, batchSize, learningRate, epochs } = REPORT_SETTINGS;
  const command = new Command("train")
    .description("Train the three-layer network as the report does, and save its parameters.")
    .addOption(option("--epochs <n>", `how many epochs (default: ${epochs})`, integer(1)))
    .addOption(option("--batch <n>", `examples in a batch (default: ${batchSize})`, integer(1)))
    .addOption(
      option(
        "--hidden <n>",
        `hidden units (default: ${hidden}, or as many as the loaded file has)`,
        integer(1, MAX_HIDDEN),
      ),
    )
    .addOption(option("--learning-rate <x>", `learning rate (default: ${learningRate})`, positive))
    .addOption(
      option(
        "--seed <n>",
        `seed of NumPy's RandomState (default: ${REPORT_SETTINGS.seed})`,
        seed,
      ),
    )
    .addOption(option("--limit <n>", "use the first n training images only", integer(1)))
    .addOption(dataOption())
    .addOption(option("--load <file>", "begin with the parameters of an npz file", path))
    .addOption(
      option("--resume <file>", "go on with a run that train saved", path)
        .conflicts(["load", "prompt"]),
    )
    .addOption(
      option(
        "--save <file>",
        "where to save parameters and state (default: parameter.npz, or the resumed file)",
        path,
      ),
    )
    .addOption(
      option("--save-every <n>", "save every n epochs (default: every 30 seconds)", integer(1)),
    )
    .addOption(option("--history <file>", "write a CSV with one row an epoch", path))
    .addOption(
      option(
        "--evaluate-every <n>",
        "test every n epochs for the history; 0: only at the end (default: 1)",
        integer(0),
      ),
    )
    .option("--evaluate-train", "for the history, evaluate on the training images too")
    .addOption(engineOption())
    .option(
      "--prompt",
      "ask, as the report's program does, whether to draw parameters or load them",
    )
    .option("--quiet", "nothing on standard error but errors")
    .action(run);
  return forbidRepeatedOptions(command);
}

function run(options: TrainOptions): void {
  const say = options.quiet ? () => {} : info;
  const save = options.save ?? options.resume ?? "parameter.npz";
  checkOutputs(options, save);
  const run = prepareRun(options);
  const inputs = [run.training, run.test].flatMap(({ files }) => [files.images, files.labels]);
  assertNotInput("--save", save, checkTarget(save), inputs); // loaded parameters may be replaced
  const { source, data } = run.training, { W1 } = run.engine.parameters;
  say(`data: ${source}: ${data.count} images of ${describeSize(data)}, ${data.classes} classes`);
  say(`network: ${W1.columns}-${W1.rows}-${data.classes}, ${run.from}`);
  const { epochs } = run.settings;
  if (run.position.epoch > epochs) say(`its ${epochs} epochs are done; more with --epochs`);

  new TrainingSession(run, options, save, say).run();
  print("finish");
  say(`saved: ${save}`);
  if (options.quiet) return;
  const test = makeEngine(options.engine, run.engine.parameters, run.test.data);
  say(`train: ${describeAccuracy(evaluate(run.engine))}`);
  say(`test:  ${describeAccuracy(evaluate(test))}`);
}

/** What can be known of the files to be written before anything is read. */
function checkOutputs(options: TrainOptions, save: string): void {
  const { history, resume, evaluateEvery, evaluateTrain } = options;
  if (history === undefined && (evaluateEvery !== undefined || evaluateTrain)) {
    throw new UsageError("--evaluate-every and --evaluate-train need --history");
  }
  const target = checkTarget(save);
  if (history === undefined) return;
  if (resume === undefined) HistoryFile.checkNew(history);
  if (checkTarget(history).path === target.path) {
    throw new UserError(`--history ${history}: is the file to save to`);
  }
}
