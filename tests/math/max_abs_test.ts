// The largest absolute value, and the limits of a range.
import { deepStrictEqual } from "node:assert/strict";
import { clamp } from "../../lib/math/clamp.ts";
import { maxAbs } from "../../lib/math/max_abs.ts";

Deno.test("example: maxAbs() is the largest absolute value, 0 for no numbers and NaN if one is NaN", () => {
  deepStrictEqual([[1, -3, 2], Uint8Array.of(7, 9), [], [1, NaN, 2]].map(maxAbs), [3, 9, 0, NaN]);
});

Deno.test("example: clamp() limits a number to a range", () => {
  deepStrictEqual([7, -7, 2.5].map((x) => clamp(x, 0, 5)), [5, 0, 2.5]);
});
