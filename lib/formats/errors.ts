// The errors of readers: bytes that do not conform to their format, and what is no bytes at all.
import { describeClass } from "../text/escape.ts";

/**
 * Thrown when bytes do not conform to their format. The message says what could not be read,
 * what was found and what is needed; it does not know the name of the file.
 *
 * @example
 * ```ts
 * import { FormatError, readIdx } from "@sanso/sanso";
 * import { throws } from "node:assert/strict";
 *
 * throws(() => readIdx(Uint8Array.of(0, 0, 8)), FormatError);
 * ```
 *
 * @category 2 File formats
 */
export class FormatError extends SyntaxError {
  /** "FormatError" */
  override readonly name = "FormatError";
}

/** A {@linkcode FormatError} about a subject, which is a quoted name or the name of a format. */
export function cannotRead(subject: string, reason: string): FormatError {
  return new FormatError(`Cannot read ${subject}: ${reason}`);
}

/** Refuses with a TypeError what is no Uint8Array, such as the ArrayBuffer that `fetch` gives. */
export function checkBytes(bytes: unknown, subject: string): void {
  if (bytes instanceof Uint8Array) return;
  const advice = bytes instanceof ArrayBuffer ? "; new Uint8Array(buffer) makes one" : "";
  throw new TypeError(
    `Cannot read ${subject} from ${describeClass(bytes)}: need a Uint8Array${advice}`,
  );
}

/** Whether an error says that memory is short: what a library reports then is no damage. */
export function isOutOfMemory(error: unknown): boolean {
  return error instanceof RangeError &&
    /allocation failed|could not allocate|Unable to grow/i.test(error.message);
}
