// Shares as text, at the ends of the scale.
import { deepStrictEqual } from "node:assert/strict";
import { percent } from "../../lib/text/percent.ts";

Deno.test("example: percent() prints 0 % and 100 % only for 0 and 1", () => {
  const shares = [0, 1e-300, 0.000_099, 0.000_1, 0.123_45, 0.999_9, 0.999_901, 1 - 1e-16, 1];
  deepStrictEqual(shares.map(percent), [
    "0.00 %",
    "< 0.01 %",
    "< 0.01 %",
    "0.01 %",
    "12.35 %",
    "99.99 %",
    "> 99.99 %",
    "> 99.99 %",
    "100.00 %",
  ]);
});
