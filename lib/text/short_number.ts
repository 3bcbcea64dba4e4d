/**
 * Numbers for a table on a terminal.
 *
 * @module
 */

import { pythonFloat } from "./python_float.ts";

/** Significant digits that are shown. */
const DIGITS = 6;

/** The first integer that is written with an exponent. */
const LARGE_INTEGER = 1e9;

/**
 * A float as Python prints it, but rounded to six significant digits, and with an exponent from
 * 1e+06 on: in at most 13 characters.
 *
 * @example
 * ```ts
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * deepStrictEqual([1 / 3, -2.5, 1234567].map(shortFloat), ["0.333333", "-2.5", "1.23457e+06"]);
 * ```
 */
export function shortFloat(x: number): string {
  const rounded = x === 0 ? x : Number(x.toPrecision(DIGITS)), size = Math.abs(rounded);
  if (!(size >= 10 ** DIGITS && size < Infinity)) return pythonFloat(rounded);
  const [digits, exponent] = rounded.toExponential().split("e+") as [string, string];
  return `${digits}e+${exponent.padStart(2, "0")}`;
}

/** An integer; one of more than nine digits as a rounded float. */
export function shortInteger(x: number | bigint): string {
  return x > -LARGE_INTEGER && x < LARGE_INTEGER ? `${x}` : shortFloat(Number(x));
}
