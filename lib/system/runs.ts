// Reads the files of a run: npz files of parameters, and the history of a run; and saves its CSV.
import { basename, resolve } from "node:path";
import type { AnyParameters, RunHistory, TrainingState } from "../../mod.ts";
import type { RunSettings } from "../charts/words.ts";
import { fromBase64 } from "../formats/base64.ts";
import { MAX_ARCHIVE_BYTES } from "../formats/zip.ts";
import { readParametersAndState } from "../storage/checkpoint_file.ts";
import {
  type EpochResult,
  formatHistoryHeader,
  formatHistoryRow,
  type HistoryRow,
  isSameResult,
  readHistory,
} from "../storage/history.ts";
import { readParameters } from "../storage/parameters_file.ts";
import { SAVED_BY_TRAIN } from "./arguments.ts";
import { UserError, withFileName } from "./errors.ts";
import { exists, readFile, type SizeLimit } from "./files.ts";
import { info } from "./output.ts";
import type { SavedFile, SaveNotice } from "./save.ts";
import { oneLine } from "../text/escape.ts";
import { counted } from "../text/layout.ts";

const NPZ_LIMIT: SizeLimit = { bytes: MAX_ARCHIVE_BYTES, reason: "that an npz file may have" };

/** Enough for 500,000 epochs. */
const CSV_LIMIT: SizeLimit = { bytes: MAX_ARCHIVE_BYTES, reason: "that a history may have" };

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

/** Reads parameters: without a path those that `train` saved here, or else the pretrained ones. */
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
  /** The settings that the file holds: a CSV has the learning rate alone, if it is always the same. */
  readonly settings: RunSettings;
  /** Duration of all epochs, if a CSV holds that of each. */
  readonly seconds?: number;
}

/** A run, by which a file is checked to be its history. */
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
  { state: { position, settings: { learningRate } }, history }: {
    readonly state: Pick<TrainingState, "position" | "settings">;
    readonly history?: RunHistory;
  },
): ExpectedHistory {
  return { finished: position.epoch - 1, rows: history?.rows ?? [], learningRate };
}

/** Reads the epochs of an npz file or a CSV; they must be those of `own`, if it is given. */
export function readStoredHistory(path: string, own?: ExpectedHistory): StoredHistory {
  const bytes = readFile(path, CSV_LIMIT), isArchive = bytes[0] === 0x50 && bytes[1] === 0x4b; // PK
  const { rows, ...rest } = withFileName(path, () => isArchive ? fromNpz(bytes) : fromCsv(bytes));
  if (rows.length === 0) throw new UserError(`${path}: has no finished epoch, need one at least`);
  const { learningRate = NaN } = rest.settings; // of an npz file; a CSV has it in each row
  if (own) checkRows(path, rows.map((row) => ({ learningRate, ...row })), own);
  return { rows, ...rest };
}

function fromNpz(bytes: Uint8Array): StoredHistory {
  const { parameters: { W1, W2 }, state, history } = readParametersAndState(bytes);
  const settings = { ...state?.settings, ...state && { seed: state.seed } };
  const network = [W1.columns, W1.rows, W2.rows] as const;
  return { rows: history?.rows ?? [], settings: { network, ...settings } };
}

function fromCsv(bytes: Uint8Array): StoredHistory {
  const rows = readRows(bytes), times = rows.flatMap(({ seconds }) => seconds ?? []);
  const [learningRate, ...others] = new Set(rows.map((row) => row.learningRate));
  return {
    rows,
    settings: learningRate === undefined || others.length > 0 ? {} : { learningRate },
    ...(times.length === rows.length && { seconds: times.reduce((sum, x) => sum + x, 0) }),
  };
}

function readRows(bytes: Uint8Array): HistoryRow[] {
  return readHistory(new TextDecoder().decode(bytes));
}

/** Checks that epochs are those of a run, all finished ones and maybe more. */
function checkRows(
  path: string,
  rows: readonly (EpochResult & { readonly learningRate: number })[],
  { finished, rows: own, learningRate }: ExpectedHistory,
): void {
  const first = rows[0]?.epoch ?? 1, ownFirst = own[0]?.epoch ?? first;
  for (let epoch = Math.min(first, ownFirst); epoch <= finished; epoch++) {
    const row = rows[epoch - first], result = own[epoch - ownFirst];
    const isSame = row?.learningRate === learningRate && (!result || isSameResult(row, result));
    if (isSame) continue;
    const found = row === undefined ? `it has no epoch ${epoch}` : `its epoch ${epoch} differs`;
    throw new UserError(`${path}: is the history of another run: ${found}`);
  }
}

/** The CSV of a run, written whole after each epoch. */
export class HistoryFile {
  #text = formatHistoryHeader();

  /** The CSV of a new run; its first row keeps a file that is there under another name. */
  constructor(readonly file: SavedFile) {}

  /** The CSV of a run that goes on: its rows are those of the file, or of the run. */
  static resume(file: SavedFile, own: ExpectedHistory, run: string): HistoryFile {
    const { finished, learningRate } = own, history = new HistoryFile(file), { name } = file;
    const bytes = exists(file.path) ? readFile(name, CSV_LIMIT) : new Uint8Array();
    const rows = withFileName(name, () => readRows(bytes)), isMade = rows.length === 0;
    if (isMade) rows.push(...own.rows.map((row) => ({ ...row, learningRate })));
    if (isMade && rows.length < finished) {
      const found = `${run} has a history of ${counted(rows.length, "epoch")}`;
      throw new UserError(`${name}: has no row, and ${found}, need the first ${finished}`);
    }
    checkRows(name, rows, own);
    history.#text += rows.slice(0, finished).map(formatHistoryRow).join("");
    if (isMade) history.#save();
    return history;
  }

  /** Adds a row; the file has it when this returns, so that no kill loses it. */
  add(row: HistoryRow): SaveNotice | undefined {
    this.#text += formatHistoryRow(row);
    return this.#save();
  }

  #save(): SaveNotice | undefined {
    // not synced: it can be made again from the file of the run
    return this.file.save(new TextEncoder().encode(this.#text), { sync: false });
  }
}
