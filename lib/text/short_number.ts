/**
 * Numbers for a table on a terminal.
 *
 * @module
 */

import { pythonFloat } from "./python_float.ts";

/** Significant digits that are shown. */
const DIGITS = 4;

/** From here on floats are written with an exponent. */
const LARGE_FLOAT = 1e6;

/** The first integer that is written with an exponent. */
const LARGE_INTEGER = 1e9;

/**
 * A float as Python prints it, but rounded to four significant digits, and with an exponent from
 * 1e+06 on: in at most 11 characters.
 *
 * @example
 * ```ts
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * deepStrictEqual([1 / 3, -2.5, 1234567].map(shortFloat), ["0.3333", "-2.5", "1.235e+06"]);
 * ```
 */
export function shortFloat(x: number): string {
  if (!Number.isFinite(x)) return pythonFloat(x);
  const rounded = x === 0 ? x : Number(x.toPrecision(DIGITS));
  if (Math.abs(rounded) < LARGE_FLOAT) return pythonFloat(rounded);
  // of x itself: the greatest doubles are rounded to infinity
  const [digits, exponent] = x.toExponential(DIGITS - 1).split("e+") as [string, string];
  return `${Number(digits)}e+${exponent.padStart(2, "0")}`;
}

/** An integer; one of more than nine digits as a rounded float. */
export function shortInteger(x: number | bigint): string {
  return x > -LARGE_INTEGER && x < LARGE_INTEGER ? `${x}` : shortFloat(Number(x));
}
