// The largest absolute value, and the limits of a range.
import { strictEqual } from "node:assert/strict";
import { clamp } from "../../lib/math/clamp.ts";
import { maxAbs } from "../../lib/math/max_abs.ts";

Deno.test("example: maxAbs() is the largest absolute value, 0 for no numbers and NaN if one is NaN", () => {
  strictEqual(maxAbs([1, -3, 2]), 3);
  strictEqual(maxAbs(Uint8Array.of(7, 9)), 9);
  strictEqual(maxAbs([]), 0);
  strictEqual(maxAbs([1, NaN, 2]), NaN);
});

Deno.test("example: clamp() limits a number to a range", () => {
  strictEqual(clamp(7, 0, 5), 5);
  strictEqual(clamp(-7, 0, 5), 0);
  strictEqual(clamp(2.5, 0, 5), 2.5);
});
