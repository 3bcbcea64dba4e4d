// Reads the files of a run: npz files of parameters, and the history of a run; and saves its CSV.
import { basename, resolve } from "node:path";
import type { AnyParameters, RunHistory, TrainingState } from "../../mod.ts";
import type { RunSettings } from "../charts/words.ts";
import { fromBase64 } from "../formats/base64.ts";
import { MAX_ARCHIVE_BYTES } from "../formats/zip.ts";
import { readParametersAndState } from "../storage/checkpoint_file.ts";
import {
  type EpochResult,
  formatHistoryRow,
  HISTORY_HEADER,
  type HistoryRow,
  isSameResult,
  readHistory,
} from "../storage/history.ts";
import { readParameters } from "../storage/parameters_file.ts";
import { SAVED_BY_TRAIN } from "./arguments.ts";
import { UserError, withFileName } from "./errors.ts";
import { exists, readFile } from "./files.ts";
import { info } from "./output.ts";
import type { SavedFile, SaveNotice } from "./save.ts";
import { oneLine } from "../text/escape.ts";
import { counted } from "../text/layout.ts";

/** Reads an npz file, from whose bytes `read` takes what is wanted. */
export function readNpzFile<T>(
  path: string,
  read: (bytes: Uint8Array<ArrayBuffer>) => T,
  maxBytes: number = MAX_ARCHIVE_BYTES,
): T {
  const bytes = readFile(path, maxBytes, "that an npz file may have");
  return withFileName(path, () => read(bytes));
}

/** Reads an npz file of parameters; `log` takes the lines about dtypes that are converted. */
export function loadParameters(path: string, log: (line: string) => void = info): AnyParameters {
  return readNpzFile(path, (bytes) => readParameters(bytes, (line) => log(`${path}: ${line}`)));
}

/**
 * Reads parameters: without a path those that `train` saved here, or else the pretrained ones.
 * Their `title` is the name of the file without the user's folders; the pretrained ones have none.
 */
export async function loadParametersOrPretrained(given: string | undefined) {
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

/**
 * The history of a run, consecutive epochs, and the settings that its file holds: a CSV has the
 * learning rate alone, if it is always the same, and the duration of all epochs, if it has each.
 */
export interface StoredHistory {
  readonly rows: readonly EpochResult[];
  readonly settings: RunSettings;
  readonly seconds?: number;
}

/** A run, by which a file is checked to be its history; its own may lack the first epochs. */
export interface OwnRun {
  readonly state: Pick<TrainingState, "position" | "settings">;
  readonly history?: Pick<RunHistory, "rows"> | undefined;
}

/** Reads the epochs of an npz file or a CSV; they must be those of `own`, if it is given. */
export function readStoredHistory(path: string, own?: OwnRun): StoredHistory {
  const bytes = readHistoryFile(path), isArchive = bytes[0] === 0x50 && bytes[1] === 0x4b; // PK
  const found = withFileName(path, () => isArchive ? fromNpz(bytes) : fromCsv(bytes));
  const { rows, settings: { learningRate = NaN } } = found; // a CSV has the rate in each row
  if (rows.length === 0) throw new UserError(`${path}: has no finished epoch, need one at least`);
  if (own) checkRows(path, rows.map((row) => ({ learningRate, ...row })), own);
  return found;
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

const readRows = (bytes: Uint8Array) => readHistory(new TextDecoder().decode(bytes));

/** The limit is enough for 500,000 epochs. */
const readHistoryFile = (path: string) =>
  readFile(path, MAX_ARCHIVE_BYTES, "that a history may have");

/** Checks that epochs are those of a run, all finished ones and maybe more. */
function checkRows(
  path: string,
  rows: readonly (EpochResult & { readonly learningRate: number })[],
  { state: { position, settings: { learningRate } }, history: { rows: own } = { rows: [] } }:
    OwnRun,
): void {
  const finished = position.epoch - 1;
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
  #text = HISTORY_HEADER;

  /** The CSV of a new run; its first row keeps a file that is there under another name. */
  constructor(readonly file: SavedFile) {}

  /** The CSV of a run that goes on: its rows are those of the file, or of the run. */
  static resume(file: SavedFile, own: OwnRun, run: string): HistoryFile {
    const { position, settings: { learningRate } } = own.state, finished = position.epoch - 1;
    const history = new HistoryFile(file), { name } = file;
    const bytes = exists(file.path) ? readHistoryFile(name) : new Uint8Array();
    const rows = withFileName(name, () => readRows(bytes)), isMade = rows.length === 0;
    if (isMade) rows.push(...(own.history?.rows ?? []).map((row) => ({ ...row, learningRate })));
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
