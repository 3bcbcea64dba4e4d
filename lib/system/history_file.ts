/**
 * Reads a history file, and writes one to which each epoch adds its row.
 *
 * @module
 */

import {
  formatHistoryHeader,
  formatHistoryRow,
  type HistoryRow,
  readHistory,
} from "../storage/history.ts";
import { UserError, withFileName, wrapSystemError } from "./errors.ts";
import { checkTarget, readFile, replaceFile, type Target, writeAll } from "./files.ts";

/** Enough for 500,000 epochs. */
const MAX_HISTORY_BYTES = 64 * 2 ** 20;

/**
 * Reads the rows of a history; a line that a kill cut off is left out.
 *
 * @throws {UserError} if it cannot be read, or is no history
 */
function readHistoryFile(path: string): readonly HistoryRow[] {
  const bytes = readFile(path, { bytes: MAX_HISTORY_BYTES, reason: "that a history may have" });
  return withFileName(path, () => readHistory(new TextDecoder().decode(bytes))).rows;
}

/**
 * Reads the rows of a history, of which there must be one at least.
 *
 * @throws {UserError} if it cannot be read, is no history or has no whole row
 */
export function readFinishedRows(path: string): readonly HistoryRow[] {
  const rows = readHistoryFile(path);
  if (rows.length === 0) throw new UserError(`${path}: has no whole row, need one at least`);
  return rows;
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
    const rows = readHistoryFile(path);
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
