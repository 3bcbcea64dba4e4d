/** True values of exp and log, and what the C library computes (fixtures/elementary.npz). */
import { strictEqual } from "node:assert/strict";
import { readNpz, toFloat64 } from "../../mod.ts";
import { fixture } from "../helpers/fixtures.ts";

const arrays = readNpz(fixture("elementary.npz"));

/** An array of fixtures/elementary.npz. */
export const elementary = (name: string) => toFloat64(arrays.get(name)!);

/** The distance from |x| to the next greater double. */
export function ulp(x: number): number {
  if (Math.abs(x) < 2 ** -1022) return 2 ** -1074;
  const exponent = Math.floor(Math.log2(Math.abs(x)));
  // log2 rounds: just below a power of two it may give that power
  return 2 ** ((2 ** exponent > Math.abs(x) ? exponent - 1 : exponent) - 52);
}

/**
 * Greatest error in ulp over the points whose true value is `included`, and the number of results
 * that are not nearest.
 */
export function accuracy(
  name: string,
  f: (x: number) => number,
  included: (wanted: number) => boolean = () => true,
) {
  const x = elementary(`${name}_x`),
    nearest = elementary(`${name}_nearest`),
    rest = elementary(`${name}_rest`);
  let points = 0, worst = 0, at = NaN, others = 0;
  x.forEach((value, i) => {
    const found = f(value), wanted = nearest[i]!;
    if (!included(wanted)) return;
    points++;
    if (!Number.isFinite(wanted)) return strictEqual(found, wanted);
    const error = Math.abs((found - wanted) / ulp(wanted) - rest[i]!);
    if (!(error <= worst)) [worst, at] = [error, value];
    if (found !== wanted) others++;
  });
  return { points, worst, at, others };
}
