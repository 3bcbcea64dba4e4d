// The options of `train`, and the request that they make.
import { Option } from "commander";
import {
  integer,
  option,
  path,
  type SansoCommand,
  SAVED_BY_TRAIN,
} from "../../system/arguments.ts";
import { type EngineKind, engineOption, threadsOption } from "../../system/data.ts";
import { UsageError, UserError, wrapSystemError } from "../../system/errors.ts";
import { info, type Log, print } from "../../system/output.ts";
import { SavedFile } from "../../system/save.ts";
import { quote } from "../../text/escape.ts";
import { SETTINGS, type Settings } from "../../training/settings.ts";

/** Seconds between two saves, unless --save-every is given. */
export const SAVE_INTERVAL_SECONDS = 30;

/** The file that the report's program loads. */
const LISTING_LOADS = "./Parameters/parameter.npz";

/** What is to be done: a setting that is not given is the report's, or the resumed run's. */
export interface TrainRequest extends Partial<Settings> {
  readonly limit?: number;
  readonly data?: string;
  readonly load?: string;
  readonly resume?: string;
  readonly engine: EngineKind;
  readonly threads?: number;
  readonly save: SavedFile;
  readonly saveEvery?: number;
  /** The CSV of the history; `false`: the run keeps no history. */
  readonly history?: SavedFile | false | undefined;
  readonly evaluateEvery?: number;
  readonly evaluateTrain?: true;
  readonly hash?: true;
  readonly json?: true;
  readonly log: Log;
}

/** The options as commander gives them. */
export interface TrainOptions extends Omit<TrainRequest, "save" | "history" | "log"> {
  readonly history?: string | false;
  readonly save?: string;
  readonly overwrite?: true;
  readonly prompt?: true;
  readonly quiet?: true;
}

/** Adds the options to the command. */
export function addTrainOptions(command: SansoCommand): SansoCommand {
  command.optionsGroup("The run:");
  for (const { name, words: { en }, default: value } of SETTINGS) {
    const words = name === "hidden" ? `${en} (default: ${value}, or those of --load)` : undefined;
    command.setting(name, words);
  }
  command
    .option("--limit <n>", "use only the first n training images", integer(1))
    .data()
    .option("--load <file>", "start from the parameters of an npz file", path)
    .addOption(
      option("--resume <file>", "continue a run that train saved", path)
        .conflicts(["load", "prompt"]),
    )
    .option("--prompt", "ask, as the report's program does, whether to draw or load parameters");

  command.optionsGroup("Files:")
    .option(
      "--save <file>",
      `where to save parameters and state (default: ${SAVED_BY_TRAIN}, or the resumed file)`,
      path,
    )
    .option(
      "--overwrite",
      "replace the file of --save (default: it is kept under another name, unless resumed)",
    )
    .option(
      "--save-every <n>",
      `save every n epochs (default: every ${SAVE_INTERVAL_SECONDS} seconds)`,
      integer(1),
    )
    .option("--history <file>", "also write the history as CSV, one row after each epoch", path)
    .option("--no-history", "keep no history, and evaluate at the end only")
    .option(
      "--evaluate-every <n>",
      "for the history, evaluate on the test images every n epochs; 0: only at the end (default: 1)",
      integer(0),
    )
    .option("--evaluate-train", "for the history, evaluate on the training images too");

  command.optionsGroup("Speed:")
    .addOption(engineOption())
    .addOption(threadsOption());

  return command.optionsGroup("Output:")
    .option("--quiet", "print nothing but errors, and the line of --hash, on standard error")
    .addOption(
      new Option(
        "--json",
        "print a line of JSON after each epoch, and one at the end, instead of the losses",
      ).conflicts("prompt"),
    )
    .option("--hash", "print hashes of the result, which are equal for equal runs, in one line");
}

/** Checks the options against each other and the outputs, before anything else is read. */
export function toRequest(
  { save, overwrite, prompt, quiet, ...options }: TrainOptions,
): TrainRequest {
  const { history, resume, evaluateEvery, evaluateTrain, load } = options;
  if (history === false && (evaluateEvery !== undefined || evaluateTrain)) {
    throw new UsageError("--evaluate-every and --evaluate-train cannot be used with --no-history");
  }
  const log = quiet ? undefined : info;
  const file = new SavedFile(save ?? resume ?? SAVED_BY_TRAIN, { resumed: resume, overwrite, log });
  const table = typeof history === "string"
    ? new SavedFile(history, { resumed: resume && history, overwrite, log })
    : history;
  if (table && table.path === file.path) {
    throw new UsageError(`--history and --save are the same file: ${history}`);
  }
  const request = { ...options, history: table, save: file, log };
  if (!prompt) return request;
  const { load: _, ...drawn } = request;
  return askWhetherToLoad() ? { ...request, load: load ?? LISTING_LOADS } : drawn;
}

/** Asks on standard output, as the report's program does, whether to load parameters. */
function askWhetherToLoad(): boolean {
  print("random -> 0, load -> 1");
  const bytes = new Uint8Array(100);
  const length = wrapSystemError("standard input", "read", () => Deno.stdin.readSync(bytes)) ?? 0;
  const [line] = new TextDecoder().decode(bytes.subarray(0, length)).split("\n") as [string];
  const answer = line.trim();
  if (answer !== "0" && answer !== "1") {
    throw new UserError(`standard input: answer is ${quote(answer)}, need 0 (random) or 1 (load)`);
  }
  return answer === "1";
}
