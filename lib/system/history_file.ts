/**
 * A history on disk, to which each epoch adds its row.
 *
 * @module
 */

import {
  formatHistoryHeader,
  formatHistoryRow,
  type HistoryRow,
  readHistory,
} from "../storage/history.ts";
import { checkTarget, readFile, replaceFile } from "./files.ts";
import { UserError, withFileName, wrapSystemError } from "./errors.ts";

/** The most bytes of a history that is read: it holds 500,000 epochs and more. */
export const MAX_HISTORY_BYTES: number = 64 * 2 ** 20;

/** A history that is being written. */
export class HistoryFile {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  /** Finds out, before anything is computed, whether a new history can be begun. */
  static checkNew(path: string): void {
    checkTarget(path);
    try {
      Deno.lstatSync(path);
    } catch {
      return;
    }
    throw new UserError(`${path}: is there already, need a new name (or --resume)`);
  }

  /** Begins a history; the file must not be there yet. */
  static begin(path: string): HistoryFile {
    this.checkNew(path);
    replaceFile(path, new TextEncoder().encode(formatHistoryHeader()));
    return new HistoryFile(path);
  }

  /**
   * Goes on with a history after `epochs` epochs: rows of later ones, and a line that a kill cut off, are taken away.
   *
   * @throws {UserError} if a row of an epoch before is missing
   */
  static resume(path: string, epochs: number): HistoryFile {
    const bytes = readFile(path, MAX_HISTORY_BYTES, "that a history may have");
    const { rows } = withFileName(path, () => readHistory(new TextDecoder().decode(bytes)));
    if (rows.length < epochs) {
      throw new UserError(`${path}: has ${rows.length} epochs, need the first ${epochs}`);
    }
    const kept = [formatHistoryHeader(), ...rows.slice(0, epochs).map(formatHistoryRow)].join("");
    replaceFile(path, new TextEncoder().encode(kept));
    return new HistoryFile(path);
  }

  /**
   * Adds a row; it has left the program when this returns, so that no kill loses it.
   *
   * @throws {UserError} if it cannot be written, or holds a number that no history may have
   */
  add(row: HistoryRow): void {
    const bytes = new TextEncoder().encode(withFileName(this.#path, () => formatHistoryRow(row)));
    wrapSystemError(this.#path, "written", () => {
      // opened for each row: one that has vanished is noticed, where a file held open would take rows for nobody
      using file = Deno.openSync(this.#path, { append: true });
      for (let written = 0; written < bytes.length;) {
        written += file.writeSync(bytes.subarray(written));
      }
    });
  }
}
