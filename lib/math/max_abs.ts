/**
 * The greatest absolute value of some numbers.
 *
 * @module
 */

/** The greatest absolute value; NaN if a number is NaN, 0 if there are no numbers. */
export function maxAbs(numbers: Float64Array): number {
  return numbers.reduce((max, x) => Math.max(max, Math.abs(x)), 0);
}
