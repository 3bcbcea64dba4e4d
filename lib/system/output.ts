/**
 * Standard output for results, standard error for everything else.
 *
 * @module
 */

import { oneLine } from "../text/escape.ts";
import { wrapSystemError } from "./errors.ts";
import { replaceFile, writeAll } from "./files.ts";

const encoder = new TextEncoder();

/**
 * Writes a result to standard output; it is written when this returns.
 *
 * @throws {UserError} if it cannot be written
 */
export function print(text: string): void {
  const bytes = encoder.encode(`${text}\n`);
  wrapSystemError("standard output", "written", () => writeAll(Deno.stdout, bytes));
}

/**
 * Saves the file that a command produced, and reports it on standard error.
 *
 * @throws {UserError} if it cannot be written
 */
export function saveOutput(path: string, contents: string | Uint8Array): void {
  replaceFile(path, typeof contents === "string" ? encoder.encode(contents) : contents);
  info(`saved: ${path}`);
}

/** Writes one line to standard error. */
export function info(line: string): void {
  printError(oneLine(line));
}

/** Writes text to standard error, if that is possible. */
export function printError(text: string): void {
  try {
    console.error(text);
  } catch {
    // a full disk under a log must not stop a training run
  }
}
