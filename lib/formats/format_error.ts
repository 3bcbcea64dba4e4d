/**
 * What is thrown when a file is not what its format asks for, and how what was found in it is shown.
 *
 * @module
 */

/** Characters of a name that are shown, escapes included. */
const LONGEST_NAME = 60;

/**
 * Thrown when bytes are not what their format asks for. The message says what could not be read, what was found and what
 * is needed; it does not know the name of the file.
 *
 * @example
 * ```ts
 * import { FormatError, readIdx } from "@sanso/sanso";
 * import { throws } from "node:assert/strict";
 *
 * throws(() => readIdx(Uint8Array.of(0, 0, 8)), FormatError);
 * ```
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
 * A {@linkcode FormatError} in the usual words.
 *
 * @param subject what was being read: a quoted name or the name of a format
 * @param reason what was found and what is needed
 * @param offset where it was found, in bytes from the beginning of the subject
 */
export function cannotRead(subject: string, reason: string, offset?: number): FormatError {
  return new FormatError(`Cannot read ${subject}: ${reason}`, offset);
}

/**
 * A name out of a file in quotes, fit for one line of a terminal: what is invisible, steers the terminal or turns the
 * direction of writing is escaped as in JavaScript, and what is longer than 60 characters is cut.
 */
export function quote(name: string): string {
  let shown = "";
  for (const character of name) {
    const escaped = escape(character);
    if (shown.length + escaped.length > LONGEST_NAME) return `"${shown}…"`;
    shown += escaped;
  }
  return `"${shown}"`;
}

/** A 32-bit word as in a table of magic numbers: `0x00000803`. */
export function hex32(word: number): string {
  return `0x${word.toString(16).padStart(8, "0")}`;
}

function escape(character: string): string {
  if (character === '"' || character === "\\") return `\\${character}`;
  // \p{C}: control, format (bidirectional too), surrogate, private and unassigned characters; \p{Z} but the space: others
  // that show nothing, or end the line
  if (character === " " || !/[\p{C}\p{Z}]/u.test(character)) return character;
  return `\\u{${character.codePointAt(0)!.toString(16)}}`;
}
