/** Verdicts: right, wrong, or undecided where rounding leaves the differences no digits. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { compareWithDifferences } from "../../lib/checks/verdict.ts";

Deno.test("example: compareWithDifferences() decides by the bound where rounding is within it", () => {
  const tolerances = { widest: 0.75, rounding: 0.25, allowed: 1 }; // uncertainty 3 · 0.25 / 0.75
  const verdict = (analytic: number) => compareWithDifferences(analytic, () => 10, tolerances);
  deepStrictEqual(verdict(10.5), { numerical: 10, uncertainty: 1, verdict: "right" });
  deepStrictEqual(verdict(8), { numerical: 10, uncertainty: 1, verdict: "right" });
  // narrower steps are less certain: at a 64th of the widest, by 64
  strictEqual(verdict(12.5).verdict, "undecided");
  deepStrictEqual(verdict(100), { numerical: 10, uncertainty: 1, verdict: "wrong" });
  deepStrictEqual(verdict(-100), { numerical: 10, uncertainty: 1, verdict: "wrong" });
});

Deno.test("example: compareWithDifferences() decides nothing by differences that rounding moves beyond the bound", () => {
  const tolerances = { widest: 0.75, rounding: 0.25, allowed: 0.99 };
  deepStrictEqual(
    compareWithDifferences(10, () => 10, tolerances),
    { numerical: 10, uncertainty: 1, verdict: "undecided" },
  );
});

Deno.test("example: compareWithDifferences() takes narrower steps until they agree", () => {
  const seen: number[] = [];
  const bent = (h: number) => {
    seen.push(h);
    return h > 1 ? 7 : 5;
  };
  const tolerances = { widest: 32, rounding: 0, allowed: 1e-9 };
  strictEqual(compareWithDifferences(5, bent, tolerances).verdict, "right");
  deepStrictEqual(seen, [32, 8, 2, 0.5]);
  // a wrong derivative agrees at none, and the widest is returned
  const wrong = compareWithDifferences(6, bent, tolerances);
  deepStrictEqual(wrong, { numerical: 7, uncertainty: 0, verdict: "wrong" });
});

Deno.test("example: compareWithDifferences() finds a derivative that is NaN, and decides nothing if the differences are", () => {
  const tolerances = { widest: 0.01, rounding: 0, allowed: 1 };
  strictEqual(compareWithDifferences(NaN, () => 1, tolerances).verdict, "wrong");
  strictEqual(compareWithDifferences(Infinity, () => 1, tolerances).verdict, "wrong");
  strictEqual(compareWithDifferences(1, () => NaN, tolerances).verdict, "undecided");
  strictEqual(compareWithDifferences(1, () => Infinity, tolerances).verdict, "undecided");
  for (const rounding of [Infinity, NaN]) {
    const { verdict } = compareWithDifferences(1, () => 1, { ...tolerances, rounding });
    strictEqual(verdict, "undecided");
  }
});
