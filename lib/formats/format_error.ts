/**
 * The error of a file that does not conform to its format.
 *
 * @module
 */

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

  /**
   * An error about bytes.
   *
   * @param message the action, what was found and what is needed, without a final period
   * @param offset where in the bytes it was found, counted from 0, if it is at one place
   */
  constructor(message: string, readonly offset?: number) {
    super(message);
  }
}

/**
 * A {@linkcode FormatError} of the usual wording.
 *
 * @param subject what was being read: a quoted name or the name of a format
 * @param reason what was found and what is needed
 * @param offset where it was found, in bytes from the beginning of the subject
 */
export function cannotRead(subject: string, reason: string, offset?: number): FormatError {
  return new FormatError(`Cannot read ${subject}: ${reason}`, offset);
}
