/**
 * Limits a number to a range.
 *
 * @module
 */

/**
 * The number nearest to `value` from `min` to `max`.
 *
 * @example
 * ```ts
 * import { strictEqual } from "node:assert/strict";
 *
 * strictEqual(clamp(7, 0, 5), 5);
 * strictEqual(clamp(-7, 0, 5), 0);
 * ```
 */
export function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max);
}
