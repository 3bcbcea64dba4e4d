/**
 * Reads the history of a run, and writes a CSV to which each epoch adds its row.
 *
 * @module
 */

import { readParametersAndState } from "../storage/checkpoint_file.ts";
import {
  countEpochs,
  type EpochResult,
  formatHistoryHeader,
  formatHistoryRow,
  type HistoryRow,
  readHistory,
  RESULT_COLUMNS,
} from "../storage/history.ts";
import { systemReason, UserError, withFileName, wrapSystemError } from "./errors.ts";
import {
  checkTarget,
  InputFile,
  removeIfThere,
  replaceFile,
  type Target,
  writeAll,
} from "./files.ts";
import { NPZ_LIMIT } from "./npz_files.ts";

/** Enough for 500,000 epochs. */
const MAX_HISTORY_BYTES = 64 * 2 ** 20;

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

/**
 * Reads the finished epochs of a run from the npz file or the CSV that `train` wrote, whichever it
 * is by its first bytes.
 *
 * @param own if given, the history must be that of this run
 * @throws {UserError} if it cannot be read, is neither, has no finished epoch or is the history of
 * another run
 */
export function readStoredHistory(path: string, own?: ExpectedHistory): StoredHistory {
  return InputFile.with(path, (file) => {
    const isArchive = new TextDecoder().decode(file.readStart(2)) === "PK";
    return isArchive ? readArchive(path, file, own) : readCsv(path, file, own);
  });
}

function readArchive(path: string, file: InputFile, own?: ExpectedHistory): StoredHistory {
  const bytes = file.readAll(NPZ_LIMIT);
  const { parameters, state, history } = withFileName(path, () => readParametersAndState(bytes));
  if (state === undefined || history === undefined || history.rows.length === 0) {
    throw new UserError(
      `${path}: has no history of a finished epoch, need one at least`,
    );
  }
  const { W1, W2 } = parameters, { settings, seed } = state;
  const { learningRate } = settings, network = [W1.columns, W1.rows, W2.rows] as const;
  if (own) checkRows(path, history.rows.map((row) => ({ ...row, learningRate })), own);
  return { rows: history.rows, settings: { network, ...settings, seed } };
}

function readCsv(path: string, file: InputFile, own?: ExpectedHistory): StoredHistory {
  const rows = readRows(path, file);
  if (rows.length === 0) throw new UserError(`${path}: has no whole row, need one at least`);
  if (own) checkRows(path, rows, own);
  const { learningRate } = rows[0]!;
  const isOne = rows.every((row) => row.learningRate === learningRate);
  const seconds = rows.reduce<number | undefined>(
    (sum, row) => sum === undefined || row.seconds === undefined ? undefined : sum + row.seconds,
    0,
  );
  return {
    rows,
    settings: isOne ? { learningRate } : {},
    ...(seconds !== undefined && { seconds }),
  };
}

/** The rows of a CSV; a line that a kill cut off is left out. */
function readRows(path: string, file: InputFile): readonly HistoryRow[] {
  const bytes = file.readAll({ bytes: MAX_HISTORY_BYTES, reason: "that a history may have" });
  return withFileName(path, () => readHistory(new TextDecoder().decode(bytes))).rows;
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
  const compare = (epoch: number, name: string, found?: number, needed?: number) => {
    if (found === needed) return;
    throw new UserError(
      `${path}: is the history of another run: ${name} of epoch ${epoch} is ` +
        `${found ?? "empty"}, need ${needed ?? "an empty cell"}`,
    );
  };
  for (const { epoch, learningRate: found } of rows) {
    if (epoch <= finished) compare(epoch, "learning_rate", found, learningRate);
  }
  for (const result of own) {
    const row = rows[result.epoch - 1 - before];
    if (row === undefined) {
      throw new UserError(`${path}: begins with epoch ${before + 1}, need epoch ${result.epoch}`);
    }
    for (const { name, value } of RESULT_COLUMNS) {
      compare(result.epoch, name, value(row), value(result));
    }
  }
}

/** A history (CSV) that is being written. */
export class HistoryFile {
  readonly #path: string;
  /** The file as this run left it. */
  #size: number;
  readonly #inode: number | null;

  private constructor(path: string) {
    this.#path = path;
    const { size, ino } = wrapSystemError(path, "read", () => Deno.statSync(path));
    this.#size = size;
    this.#inode = ino;
  }

  /** Checks, before anything is computed, that a new history can be written. */
  static checkNew(path: string): Target {
    const target = checkTarget(path);
    try {
      Deno.lstatSync(path);
    } catch {
      return target;
    }
    throw alreadyExists(path);
  }

  /** Starts a history with these rows, if any; the file must not exist yet. */
  static create(path: string, rows: readonly HistoryRow[] = []): HistoryFile {
    const bytes = new TextEncoder().encode(formatRows(rows));
    let file: Deno.FsFile;
    try {
      file = Deno.openSync(path, { write: true, createNew: true });
    } catch (error) {
      if (error instanceof Deno.errors.AlreadyExists) throw alreadyExists(path);
      throw new UserError(`${path}: cannot be written: ${systemReason(error)}`);
    }
    wrapSystemError(path, "written", () => {
      try {
        using _ = file;
        writeAll(file, bytes);
        file.syncSync();
      } catch (error) {
        removeIfThere(path);
        throw error;
      }
    });
    return new HistoryFile(path);
  }

  /**
   * Starts the CSV of a run that goes on, with the rows that the file of the run has. Their time is
   * not known.
   *
   * @param run the file of the run, for the message
   * @throws {UserError} if a finished epoch has no row, or the CSV exists
   */
  static createFrom(
    path: string,
    { finished, rows, learningRate }: ExpectedHistory,
    run: string,
  ): HistoryFile {
    if (rows.length < finished) {
      const epochs = finished === 1 ? "epoch 1" : `epochs 1 to ${finished}`;
      throw new UserError(
        `${path}: no such file or folder, and ${run} has no history of ${epochs} to begin it with`,
      );
    }
    return this.create(path, rows.map((row) => ({ ...row, learningRate })));
  }

  /** Whether there is nothing at a path, not even a link that leads nowhere. */
  static isMissing(path: string): boolean {
    try {
      Deno.lstatSync(path);
      return false;
    } catch (error) {
      return error instanceof Deno.errors.NotFound;
    }
  }

  /**
   * Checks that a CSV is the history of a run.
   *
   * @returns all its rows
   * @throws {UserError} if a row of a finished epoch is missing or is not the run's own
   */
  static checkOwn(path: string, own: ExpectedHistory): readonly HistoryRow[] {
    const rows = InputFile.with(path, (file) => readRows(path, file));
    checkRows(path, rows, own);
    return rows;
  }

  /**
   * Continues the history of a run: rows of epochs that the run has not finished, and a line that a
   * kill cut off, are removed.
   *
   * @param log takes a line about removed rows
   * @throws {UserError} as {@linkcode HistoryFile.checkOwn}; the file is then as it was
   */
  static resume(
    path: string,
    own: ExpectedHistory,
    log: (line: string) => void = () => {},
  ): HistoryFile {
    const rows = this.checkOwn(path, own), remaining = rows.slice(0, own.finished);
    replaceFile(path, new TextEncoder().encode(formatRows(remaining)));
    const removed = rows.length - own.finished;
    if (removed > 0) {
      const epochs = removed === 1 ? "1 row" : `${removed} rows`;
      log(`${path}: ${epochs} after epoch ${own.finished} removed: the resumed file ends there`);
    }
    return new HistoryFile(path);
  }

  /**
   * Appends a row; it is written when this returns, so that no kill loses it.
   *
   * @throws {UserError} if it cannot be written, holds a number that no history may have, or the
   * file is not as this run left it, as when two runs write to it
   */
  add(row: HistoryRow): void {
    const bytes = new TextEncoder().encode(withFileName(this.#path, () => formatHistoryRow(row)));
    wrapSystemError(this.#path, "written", () => {
      // looked at and opened for each row, so that a file that has vanished is noticed too
      const { size, ino } = Deno.statSync(this.#path);
      if (ino !== this.#inode) throw new Error("another program has replaced it");
      if (size !== this.#size) {
        throw new Error(`another program has changed it: ${size} bytes, need ${this.#size}`);
      }
      using file = Deno.openSync(this.#path, { append: true });
      writeAll(file, bytes);
      this.#size += bytes.length;
    });
  }
}

/** The text of a CSV with these rows. */
function formatRows(rows: readonly HistoryRow[]): string {
  return formatHistoryHeader() + rows.map(formatHistoryRow).join("");
}

function alreadyExists(path: string): UserError {
  return new UserError(`${path}: already exists, need a new name (or --resume)`);
}
