/**
 * `train`: the report's program. Standard output is what that program prints, or JSON lines with
 * `--json`; everything else goes to standard error.
 *
 * @module
 */

import { Command, Option } from "commander";
import type { Dim, Evaluation } from "../../../mod.ts";
import { REPORT_SETTINGS } from "../../network/report_settings.ts";
import {
  assertNotInput,
  checkTarget,
  dataOption,
  describeSize,
  engineOption,
  HistoryFile,
  info,
  integer,
  invocation,
  option,
  path,
  positive,
  print,
  SavedFile,
  seed,
  Stopped,
  threadsOption,
  UsageError,
  UserError,
} from "../../system/system.ts";
import { countEpochs } from "../../storage/history.ts";
import { MAX_HIDDEN } from "../../storage/parameters_file.ts";
import { formatHashes } from "../../storage/run_hash.ts";
import { percent } from "../../text/numbers.ts";
import { endLine } from "./json_lines.ts";
import { prepareRun, type TrainRequest } from "./prepare_run.ts";
import { askWhetherToLoad } from "./prompt.ts";
import { SAVE_INTERVAL_SECONDS, TrainingSession } from "./training_session.ts";

/** The file that the report's program loads, and the one that it saves. */
const LISTING_LOADS = "./Parameters/parameter.npz", LISTING_SAVES = "parameter.npz";

/** The options as given on the command line. */
interface TrainOptions extends Omit<TrainRequest, "save" | "log"> {
  readonly save?: string;
  readonly overwrite?: true;
  readonly prompt?: true;
  readonly quiet?: true;
}

/** The command, to be added to the program. */
export function trainCommand(): Command {
  const { hidden, batchSize, learningRate, epochs } = REPORT_SETTINGS;
  return new Command("train")
    .description("Train the three-layer network as the report does, and save its parameters.")
    .addOption(option("--epochs <n>", `number of epochs (default: ${epochs})`, integer(1)))
    .addOption(option("--batch <n>", `examples in a batch (default: ${batchSize})`, integer(1)))
    .addOption(
      option(
        "--hidden <n>",
        `hidden units (default: ${hidden}, or as many as the loaded file has)`,
        integer(1, MAX_HIDDEN),
      ),
    )
    .addOption(
      option("--learning-rate <x>", `learning rate (default: ${learningRate})`, positive),
    )
    .addOption(
      option(
        "--seed <n>",
        `seed of NumPy's RandomState (default: ${REPORT_SETTINGS.seed})`,
        seed,
      ),
    )
    .addOption(option("--limit <n>", "use only the first n training images", integer(1)))
    .addOption(dataOption())
    .addOption(option("--load <file>", "start from the parameters of an npz file", path))
    .addOption(
      option("--resume <file>", "continue a run that train saved", path)
        .conflicts(["load", "prompt"]),
    )
    .addOption(
      option(
        "--save <file>",
        `where to save parameters and state (default: ${LISTING_SAVES}, or the resumed file)`,
        path,
      ),
    )
    .option(
      "--overwrite",
      "replace the file of --save (default: it is kept under another name, unless resumed)",
    )
    .addOption(
      option(
        "--save-every <n>",
        `save every n epochs (default: every ${SAVE_INTERVAL_SECONDS} seconds)`,
        integer(1),
      ),
    )
    .addOption(
      option("--history <file>", "also write the history as CSV, one row after each epoch", path),
    )
    .option("--no-history", "keep no history, and evaluate at the end only")
    .addOption(
      option(
        "--evaluate-every <n>",
        "for the history, evaluate on the test images every n epochs; 0: only at the end (default: 1)",
        integer(0),
      ),
    )
    .option("--evaluate-train", "for the history, evaluate on the training images too")
    .addOption(engineOption())
    .addOption(threadsOption())
    .option(
      "--prompt",
      "ask, as the report's program does, whether to draw parameters or load them",
    )
    .option("--quiet", "print nothing but errors, and the line of --hash, on standard error")
    .addOption(
      new Option(
        "--json",
        "print a line of JSON after each epoch, and one at the end, in place of the losses",
      ).conflicts("prompt"),
    )
    .option("--hash", "print hashes of the result, which are equal for equal runs, in one line")
    .action(run);
}

async function run(options: TrainOptions): Promise<void> {
  const request = toRequest(options), { save, log } = request;
  const run = prepareRun(request);
  const inputs = [run.training, run.test].flatMap(({ files }) => [files.images, files.labels]);
  assertNotInput("--save", save, inputs); // loaded parameters may be replaced
  const { source, data } = run.training;
  log?.(`data: ${source}: ${data.count} images of ${describeSize(data)}, ${data.classes} classes`);
  log?.(`network: ${data.inputs}-${run.hidden}-${data.classes}, ${run.origin}`);
  const { epochs } = run.settings;
  if (run.position.epoch > epochs) {
    log?.(`the run of ${countEpochs(epochs)} is done; for more use --epochs`);
  }

  const session = new TrainingSession(run, request);
  // the run may go on under another name than the one that was asked for
  const files = () => ({ saved: save.name, history: request.history || undefined });
  try {
    session.run();
  } catch (error) {
    if (error instanceof Stopped) {
      const hashes = await session.hashes(), { position } = session;
      if (request.json) tryToPrint(endLine({ ...files(), hashes, stopped: position }));
      if (request.hash) info(`hash: ${formatHashes(hashes)}`);
    }
    throw error;
  }
  if (!request.json) print("finish");
  log?.(`saved: ${save.name}`);
  log?.(`train: ${describe(session.evaluateTrain())}`);
  log?.(`test:  ${describe(session.evaluateTest())}`);
  const hashes = await session.hashes();
  if (request.json) {
    const [train, test] = [session.evaluateTrain(), session.evaluateTest()];
    print(endLine({ ...files(), hashes, train, test }));
  }
  if (request.hash) info(`hash: ${formatHashes(hashes)}`);
  if (log && !request.json && Deno.stderr.isTerminal()) {
    suggestNext(request, session.hasHistory).forEach((line) => log(line));
  }
}

/** Prints the last line of a stopped run, whose exit code matters more. */
function tryToPrint(line: string): void {
  try {
    print(line);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
  }
}

/** The commands that go on from the saved file, one a line. */
function suggestNext({ save: { name }, data }: TrainRequest, hasHistory: boolean): string[] {
  const folder = data === undefined ? [] : ["--data", data];
  const commands = [
    ["evaluate", name, ...folder],
    ...(hasHistory ? [["plot", name]] : []),
    ["serve", name, ...folder],
  ];
  return commands.map((words, i) => `${i === 0 ? "next: " : "      "}${invocation(...words)}`);
}

/** Checks the options against each other and the outputs, before anything else is read. */
function toRequest({ save, overwrite, prompt, quiet, ...options }: TrainOptions): TrainRequest {
  const { history, resume, evaluateEvery, evaluateTrain, load } = options;
  if (history === false && (evaluateEvery !== undefined || evaluateTrain)) {
    throw new UsageError("--evaluate-every and --evaluate-train cannot be used with --no-history");
  }
  const target = new SavedFile(save ?? resume ?? LISTING_SAVES, { resumed: resume, overwrite });
  if (typeof history === "string") {
    const historyTarget = resume === undefined
      ? HistoryFile.checkNew(history)
      : checkTarget(history);
    if (historyTarget.path === target.path) {
      throw new UserError(`--history and --save are the same file: ${history}`);
    }
  }
  const request = { ...options, save: target, log: quiet ? undefined : info };
  if (!prompt) return request;
  const { load: _, ...drawn } = request;
  return askWhetherToLoad() ? { ...request, load: load ?? LISTING_LOADS } : drawn;
}

/** Cross-entropy and accuracy in one line. */
function describe({ crossEntropy, correct, count, accuracy }: Evaluation<Dim<"classes">>): string {
  return `cross-entropy ${crossEntropy.toFixed(4)}, accuracy ${percent(accuracy)} ` +
    `(${correct} of ${count})`;
}
