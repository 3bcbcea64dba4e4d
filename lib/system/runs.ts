// Reads the files of a run: npz files of parameters, and the history of a run; and saves its CSV.
import { basename, resolve } from "node:path";
import type { AnyParameters, Checkpoint } from "../../mod.ts";
import { fromBase64 } from "../formats/base64.ts";
import { MAX_ARCHIVE_BYTES } from "../formats/zip.ts";
import { readParametersAndState } from "../storage/checkpoint_file.ts";
import {
  countEpochs,
  type EpochResult,
  findDifference,
  formatHistoryHeader,
  formatHistoryRow,
  type HistoryRow,
  readHistory,
} from "../storage/history.ts";
import { readParameters } from "../storage/parameters_file.ts";
import { SAVED_BY_TRAIN } from "./arguments.ts";
import { UserError, withFileName } from "./errors.ts";
import { exists, InputFile, readFile, type SizeLimit } from "./files.ts";
import { info } from "./output.ts";
import type { SavedFile, SaveNotice } from "./save.ts";
import { oneLine } from "../text/escape.ts";

const NPZ_LIMIT: SizeLimit = { bytes: MAX_ARCHIVE_BYTES, reason: "that an npz file may have" };

/** Enough for 500,000 epochs. */
const MAX_HISTORY_BYTES = 64 * 2 ** 20;

/** Reads an npz file, from whose bytes `read` takes what is wanted. */
export function readNpzFile<T>(
  path: string,
  read: (bytes: Uint8Array<ArrayBuffer>) => T,
  maxBytes: number = NPZ_LIMIT.bytes,
): T {
  const bytes = readFile(path, { ...NPZ_LIMIT, bytes: maxBytes });
  return withFileName(path, () => read(bytes));
}

/** Reads an npz file of parameters; `log` takes the lines about dtypes that are converted. */
export function loadParameters(path: string, log: (line: string) => void = info): AnyParameters {
  return readNpzFile(path, (bytes) => readParameters(bytes, (line) => log(`${path}: ${line}`)));
}

/** Parameters with the file that they came in. */
export interface ParametersFile {
  /** Its path as the user wrote it, or what the pretrained ones are called. */
  readonly name: string;
  /** Its name without the user's folders, to be passed on; none for the pretrained ones. */
  readonly title: string | undefined;
  readonly parameters: AnyParameters;
}

/**
 * Reads parameters: without a path those that `train` saved here, and if there are none, the
 * pretrained ones of the report's experiment.
 */
export async function loadParametersOrPretrained(
  given: string | undefined,
): Promise<ParametersFile> {
  const path = given ?? (exists(SAVED_BY_TRAIN) ? SAVED_BY_TRAIN : undefined);
  if (path !== undefined) {
    const parameters = loadParameters(path);
    return { name: path, title: oneLine(basename(resolve(path))), parameters };
  }
  // imported here and not above: a command that reads a file does not need these 840 kB
  const { PRETRAINED_PARAMETERS } = await import("../storage/generated/pretrained_parameters.ts");
  const name = "the report's parameters";
  return { name, title: undefined, parameters: readParameters(fromBase64(PRETRAINED_PARAMETERS)) };
}

/** The history of a run, and what its file says about the run. */
export interface StoredHistory {
  /** Consecutive epochs, at least one; the first is epoch 1 except in some npz files. */
  readonly rows: readonly EpochResult[];
  /** The settings that the file holds: a CSV has the learning rate alone. */
  readonly settings: {
    /** D, M and K: inputs, hidden units and classes. */
    readonly network?: readonly [inputs: number, hidden: number, classes: number];
    readonly batchSize?: number;
    /** Missing if a CSV has several. */
    readonly learningRate?: number;
    readonly seed?: number;
    /** Epochs that the run is to have. */
    readonly epochs?: number;
  };
  /** Duration of all epochs, if a CSV holds that of each. */
  readonly seconds?: number;
}

/** What a file must agree with to be the history of a run. */
export interface ExpectedHistory {
  /** Number of finished epochs. */
  readonly finished: number;
  /** The last of these epochs, as the file of the run has them; it may have none. */
  readonly rows: readonly EpochResult[];
  /** The learning rate of all epochs. */
  readonly learningRate: number;
}

/** What the history of a run must agree with, by the file of that run. */
export function expectedHistory(
  { state, history }: Pick<Checkpoint, "state" | "history">,
): ExpectedHistory {
  const { position, settings: { learningRate } } = state;
  return { finished: position.epoch - 1, rows: history?.rows ?? [], learningRate };
}

/**
 * Reads the finished epochs of a run from the npz file or the CSV that `train` wrote, whichever it
 * is by its first bytes. If `own` is given, it must be the history of that run.
 */
export function readStoredHistory(path: string, own?: ExpectedHistory): StoredHistory {
  return InputFile.with(path, (file) => {
    const isArchive = new TextDecoder().decode(file.readStart(2)) === "PK";
    if (!isArchive) return fromCsv(path, readRows(path, file), own);
    const bytes = file.readAll(NPZ_LIMIT);
    const { parameters, state, history } = withFileName(path, () => readParametersAndState(bytes));
    if (state === undefined || history === undefined || history.rows.length === 0) {
      throw new UserError(`${path}: has no history of a finished epoch, need one at least`);
    }
    const { rows } = history, { settings, seed } = state, { W1, W2 } = parameters;
    const { learningRate } = settings;
    if (own) checkRows(path, rows.map((row) => ({ ...row, learningRate })), own);
    return { rows, settings: { network: [W1.columns, W1.rows, W2.rows], ...settings, seed } };
  });
}

function fromCsv(path: string, rows: HistoryRow[], own?: ExpectedHistory): StoredHistory {
  if (rows.length === 0) throw new UserError(`${path}: has no row, need one at least`);
  if (own) checkRows(path, rows, own);
  const { learningRate } = rows[0]!;
  const isOne = rows.every((row) => row.learningRate === learningRate);
  const times = rows.flatMap(({ seconds }) => seconds ?? []);
  return {
    rows,
    settings: isOne ? { learningRate } : {},
    ...(times.length === rows.length && { seconds: times.reduce((sum, x) => sum + x) }),
  };
}

function readRows(path: string, file: InputFile): HistoryRow[] {
  const bytes = file.readAll({ bytes: MAX_HISTORY_BYTES, reason: "that a history may have" });
  return withFileName(path, () => readHistory(new TextDecoder().decode(bytes)));
}

/** Checks that consecutive epochs are those of a run, which may have finished fewer. */
function checkRows(
  path: string,
  rows: readonly HistoryRow[],
  { finished, rows: own, learningRate }: ExpectedHistory,
): void {
  const before = (rows[0]?.epoch ?? 1) - 1;
  if (before + rows.length < finished) {
    throw new UserError(`${path}: has ${countEpochs(rows.length)}, need the first ${finished}`);
  }
  const refuse = (epoch: number, name: string, found?: number, needed?: number) =>
    new UserError(
      `${path}: is the history of another run: ${name} of epoch ${epoch} is ` +
        `${found ?? "empty"}, need ${needed ?? "an empty cell"}`,
    );
  for (const { epoch, learningRate: found } of rows) {
    if (epoch <= finished && found !== learningRate) {
      throw refuse(epoch, "learning_rate", found, learningRate);
    }
  }
  for (const result of own) {
    const row = rows[result.epoch - 1 - before];
    if (row === undefined) {
      throw new UserError(`${path}: begins with epoch ${before + 1}, need epoch ${result.epoch}`);
    }
    const difference = findDifference(row, result);
    if (difference) throw refuse(result.epoch, difference.name, ...difference.numbers);
  }
}

/** The CSV of a run, written whole after each epoch. */
export class HistoryFile {
  readonly #file: SavedFile;
  #text = formatHistoryHeader();

  /** The CSV of a new run; its first row keeps a file that is there under another name. */
  constructor(file: SavedFile) {
    this.#file = file;
  }

  /**
   * The CSV of a run that goes on, with the rows of its finished epochs: those of the file, if it
   * has any, with their seconds; otherwise those of the run, which are saved then. The history of
   * another run is refused, and left as it is.
   */
  static resume(file: SavedFile, own: ExpectedHistory, run: string): HistoryFile {
    const { finished, learningRate } = own, history = new HistoryFile(file);
    const rows = exists(file.path)
      ? InputFile.with(file.name, (input) => readRows(file.name, input))
      : [];
    if (rows.length > 0) {
      checkRows(file.name, rows, own);
      history.#text += rows.slice(0, finished).map(formatHistoryRow).join("");
      return history;
    }
    if (own.rows.length < finished) {
      const found = `${run} has a history of ${countEpochs(own.rows.length)}`;
      throw new UserError(`${file.name}: has no row, and ${found}, need the first ${finished}`);
    }
    history.#text += own.rows.map((row) => formatHistoryRow({ ...row, learningRate })).join("");
    history.#save();
    return history;
  }

  /** Adds a row; the file has it when this returns, so that no kill loses it. */
  add(row: HistoryRow): SaveNotice | undefined {
    this.#text += withFileName(this.#file.name, () => formatHistoryRow(row));
    return this.#save();
  }

  #save(): SaveNotice | undefined {
    // not synced: it can be made again from the file of the run
    return this.#file.save(new TextEncoder().encode(this.#text), { sync: false });
  }
}
