/**
 * JSON in one line, safe for a terminal.
 *
 * @module
 */

/** A value that JSON.stringify writes as this text; the types of TypeScript 5 do not have it. */
const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };

/**
 * A value as JSON in one line. Numbers that are not finite are null, a bigint is a number with all
 * its digits, and control and bidirectional characters of texts are escaped.
 *
 * @example
 * ```ts
 * import { strictEqual } from "node:assert/strict";
 *
 * strictEqual(toJson({ min: -(2n ** 63n), max: NaN }), '{"min":-9223372036854775808,"max":null}');
 * ```
 */
export function toJson(value: unknown): string {
  const text = JSON.stringify(value, (_, x) => typeof x === "bigint" ? rawJSON(`${x}`) : x);
  return text.replaceAll(/[\p{C}\u2028\u2029]/gu, escape);
}

/** The escape of a character, which is two where it takes 32 bits. */
function escape(character: string): string {
  const unit = (at: number) => `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`;
  return Array.from({ length: character.length }, (_, at) => unit(at)).join("");
}
