/**
 * Numbers rounded to significant digits.
 *
 * @module
 */

/**
 * A number rounded to at most so many significant digits, without trailing zeros.
 *
 * @example
 * ```ts
 * import { strictEqual } from "node:assert/strict";
 *
 * strictEqual(significantDigits(0.123456, 3), "0.123");
 * strictEqual(significantDigits(2.5, 3), "2.5");
 * ```
 */
export function significantDigits(x: number, digits: number): string {
  const text = x.toPrecision(digits), rounded = Number(text);
  // the greatest doubles may be rounded to a number beyond them
  return Number.isFinite(rounded) ? String(rounded) : text;
}
