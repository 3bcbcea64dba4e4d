/**
 * Reads the history of a run, and writes a CSV to which each epoch adds its row.
 *
 * @module
 */

import { readParametersAndState } from "../storage/checkpoint_file.ts";
import {
  type EpochResult,
  formatHistoryHeader,
  formatHistoryRow,
  type HistoryRow,
  readHistory,
} from "../storage/history.ts";
import { UserError, withFileName, wrapSystemError } from "./errors.ts";
import { checkTarget, InputFile, replaceFile, type Target, writeAll } from "./files.ts";
import { NPZ_LIMIT } from "./npz_files.ts";

/** Enough for 500,000 epochs. */
const MAX_HISTORY_BYTES = 64 * 2 ** 20;

/** The history of a run, and what its file says about the run. */
export interface FinishedRows {
  /** Consecutive epochs, at least one; the first is epoch 1 except in some npz files. */
  readonly rows: readonly EpochResult[];
  /** The settings that the file holds: a CSV has the learning rate alone. */
  readonly settings: {
    /** D, M and K: inputs, hidden units and classes. */
    readonly network?: readonly [inputs: number, hidden: number, classes: number];
    readonly batchSize?: number;
    /** Missing in a CSV with several ones. */
    readonly learningRate?: number;
    readonly seed?: number;
    /** Epochs that the run is to have. */
    readonly epochs?: number;
  };
  /** Duration of all epochs, which a CSV holds. */
  readonly seconds?: number;
}

/**
 * Reads the finished epochs of a run from the npz file or the CSV that `train` wrote, whichever it
 * is by its first bytes.
 *
 * @throws {UserError} if it cannot be read, is neither or has no finished epoch
 */
export function readFinishedRows(path: string): FinishedRows {
  return InputFile.with(path, (file) => {
    const isArchive = new TextDecoder().decode(file.readStart(2)) === "PK";
    return isArchive ? readArchive(path, file) : readCsv(path, file);
  });
}

function readArchive(path: string, file: InputFile): FinishedRows {
  const bytes = file.readAll(NPZ_LIMIT);
  const { parameters, state, history } = withFileName(path, () => readParametersAndState(bytes));
  if (state === undefined || history === undefined || history.rows.length === 0) {
    throw new UserError(
      `${path}: has no history of a finished epoch, need one at least`,
    );
  }
  const { W1, W2 } = parameters, { settings, seed } = state;
  const network = [W1.columns, W1.rows, W2.rows] as const;
  return { rows: history.rows, settings: { network, ...settings, seed } };
}

function readCsv(path: string, file: InputFile): FinishedRows {
  const rows = readRows(path, file);
  if (rows.length === 0) throw new UserError(`${path}: has no whole row, need one at least`);
  const { learningRate } = rows[0]!;
  const isOne = rows.every((row) => row.learningRate === learningRate);
  return {
    rows,
    settings: isOne ? { learningRate } : {},
    seconds: rows.reduce((sum, { seconds }) => sum + seconds, 0),
  };
}

/** The rows of a CSV; a line that a kill cut off is left out. */
function readRows(path: string, file: InputFile): readonly HistoryRow[] {
  const bytes = file.readAll({ bytes: MAX_HISTORY_BYTES, reason: "that a history may have" });
  return withFileName(path, () => readHistory(new TextDecoder().decode(bytes))).rows;
}

/** A history that is being written. */
export class HistoryFile {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  /** Checks, before anything is computed, that a new history can be written. */
  static checkNew(path: string): Target {
    const target = checkTarget(path);
    this.#refuseExisting(path);
    return target;
  }

  static #refuseExisting(path: string): void {
    try {
      Deno.lstatSync(path);
    } catch {
      return;
    }
    throw new UserError(`${path}: already exists, need a new name (or --resume)`);
  }

  /** Starts a history; the file must not exist yet. */
  static create(path: string): HistoryFile {
    this.#refuseExisting(path);
    replaceFile(path, new TextEncoder().encode(formatHistoryHeader()));
    return new HistoryFile(path);
  }

  /**
   * Continues a history after `epochs` epochs: rows of later epochs, and a line that a kill cut
   * off, are removed.
   *
   * @throws {UserError} if a row of an epoch before is missing
   */
  static resume(path: string, epochs: number): HistoryFile {
    const rows = InputFile.with(path, (file) => readRows(path, file));
    if (rows.length < epochs) {
      throw new UserError(`${path}: has ${rows.length} epochs, need the first ${epochs}`);
    }
    const remaining = [formatHistoryHeader(), ...rows.slice(0, epochs).map(formatHistoryRow)].join(
      "",
    );
    replaceFile(path, new TextEncoder().encode(remaining));
    return new HistoryFile(path);
  }

  /**
   * Appends a row; it is written when this returns, so that no kill loses it.
   *
   * @throws {UserError} if it cannot be written, or holds a number that no history may have
   */
  add(row: HistoryRow): void {
    const bytes = new TextEncoder().encode(withFileName(this.#path, () => formatHistoryRow(row)));
    wrapSystemError(this.#path, "written", () => {
      // opened for each row, so that a file that has vanished is noticed
      using file = Deno.openSync(this.#path, { append: true });
      writeAll(file, bytes);
    });
  }
}
