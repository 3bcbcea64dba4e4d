/**
 * Standard output for results, standard error for everything else.
 *
 * @module
 */

import { oneLine } from "../text/escape.ts";
import { wrapSystemError } from "./errors.ts";
import { writeAll } from "./files.ts";

const encoder = new TextEncoder();

/** Writes a result: it has left the program when this returns. */
export function print(text: string): void {
  const bytes = encoder.encode(`${text}\n`);
  wrapSystemError("standard output", "written", () => writeAll(Deno.stdout, bytes));
}

/** Writes one line for the person who waits; where it cannot be written, nothing is lost but the line. */
export function info(line: string): void {
  try {
    console.error(oneLine(line));
  } catch {
    // a full disk under a log must not stop a training run
  }
}
