/**
 * Numbers as users write them, on the command line and in the page.
 *
 * @module
 */

/**
 * A decimal integer.
 *
 * @returns undefined if the text is not an integer from `min` to `max`
 *
 * @example
 * ```ts
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const numbers = ["7", "0", "11", "1e1", " 7"].map((text) => parseInteger(text, 1, 10));
 * deepStrictEqual(numbers, [7, undefined, undefined, undefined, undefined]);
 * ```
 */
export function parseInteger(text: string, min: number, max: number): number | undefined {
  const value = Number(text);
  return /^\d+$/.test(text) && value >= min && value <= max ? value : undefined;
}

/**
 * A decimal number, with an exponent or without.
 *
 * @returns undefined if the text is not a finite number greater than 0
 *
 * @example
 * ```ts
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const numbers = ["0.01", "1e-3", ".5", "0", "1e999", "0x1"].map(parsePositive);
 * deepStrictEqual(numbers, [0.01, 1e-3, 0.5, undefined, undefined, undefined]);
 * ```
 */
export function parsePositive(text: string): number | undefined {
  const value = Number(text);
  const isNumber = /^(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text);
  return isNumber && value > 0 && value < Infinity ? value : undefined;
}
