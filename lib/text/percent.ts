/**
 * Shares as text.
 *
 * @module
 */

/**
 * A share in percent; only 0 and 1 are printed as 0.00 % and 100.00 %.
 *
 * @param share from 0 to 1
 *
 * @example
 * ```ts
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * deepStrictEqual([0, 1e-9, 0.5, 1].map(percent), ["0.00 %", "< 0.01 %", "50.00 %", "100.00 %"]);
 * ```
 */
export function percent(share: number): string {
  if (share > 0 && share < 0.0001) return "< 0.01 %";
  if (share < 1 && share > 0.9999) return "> 99.99 %";
  return `${(100 * share).toFixed(2)} %`;
}
