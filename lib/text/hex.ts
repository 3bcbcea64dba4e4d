/**
 * Bytes and words in hexadecimal.
 *
 * @module
 */

/**
 * Bytes as pairs of hexadecimal digits.
 *
 * @param separator text between two bytes
 *
 * @example
 * ```ts
 * import { strictEqual } from "node:assert/strict";
 *
 * strictEqual(hex(Uint8Array.of(0x0f, 0xa0)), "0fa0");
 * strictEqual(hex(Uint8Array.of(0x0f, 0xa0), " "), "0f a0");
 * ```
 */
export function hex(bytes: Uint8Array, separator = ""): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(separator);
}

/** A 32-bit word as in a table of magic numbers: `0x00000803`. */
export function hex32(word: number): string {
  return `0x${word.toString(16).padStart(8, "0")}`;
}
