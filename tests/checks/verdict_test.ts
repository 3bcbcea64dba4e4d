/** Verdicts (right, wrong, or undecided), and how far rounding moves what they are about. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { lossRounding, outputRounding } from "../../lib/checks/rounding.ts";
import { compareWithDifferences } from "../../lib/checks/verdict.ts";
import { dim, Indices, Matrix, runStep, STEP } from "../../mod.ts";

Deno.test("example: compareWithDifferences() decides by the bound where rounding is within it", () => {
  const tolerances = { widest: 0.75, rounding: 0.25, allowed: 1 }; // uncertainty 3 · 0.25 / 0.75
  const compare = (analytic: number) => compareWithDifferences(analytic, () => 10, tolerances);
  for (const right of [10.5, 8]) {
    deepStrictEqual(compare(right), { numerical: 10, uncertainty: 1, verdict: "right" });
  }
  // narrower steps are less certain: at a 64th of the widest, by 64
  strictEqual(compare(12.5).verdict, "undecided");
  for (const wrong of [100, -100]) {
    deepStrictEqual(compare(wrong), { numerical: 10, uncertainty: 1, verdict: "wrong" });
  }
  const { verdict } = compareWithDifferences(10, () => 10, { ...tolerances, allowed: 0.99 });
  strictEqual(verdict, "undecided");
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
  const verdict = (analytic: number, numerical: number, rounding = 0) =>
    compareWithDifferences(analytic, () => numerical, { widest: 0.01, rounding, allowed: 1 })
      .verdict;
  for (const analytic of [NaN, Infinity]) strictEqual(verdict(analytic, 1), "wrong");
  for (const broken of [NaN, Infinity]) {
    strictEqual(verdict(1, broken), "undecided");
    strictEqual(verdict(1, 1, broken), "undecided");
  }
});

/** Four times the greatest relative error of one rounding. */
const U4 = 4 * 2 ** -53;

/** The rounding of a quantity of a step, in these units. */
function roundingOf(symbol: string, step: Parameters<typeof outputRounding>[1]): number {
  const output = STEP.find((quantity) => quantity.symbol === symbol)!;
  return outputRounding(output, step, output.compute) / U4;
}

Deno.test("example: outputRounding() adds up the terms of each sum without their signs, a step away", () => {
  const rounding = roundingOf("A1", {
    W1: Matrix.of(2, 2, [3, -2, 0, 1]),
    b1: Matrix.of(2, 1, [-1, 0]),
    X: Matrix.of(2, 1, [1, 1]),
    dA1: Matrix.of(2, 1, [-0.5, 4]),
  });
  // 3 + 2 + 1 = 6 and 1, times 0.5 and 4: the root of 3² + 4²; and the inputs moved by 0.01
  ok(rounding >= 5 && rounding <= 5.2, `${rounding}`);
  const zeros = { W2: Matrix.zeros(1, 1), b2: Matrix.zeros(1, 1), Y1: Matrix.zeros(1, 1) };
  const moved = roundingOf("A2", { ...zeros, dA2: Matrix.of(1, 1, [3]) });
  ok(Math.abs(moved - 0.0303) < 1e-15); // 0.01 · 0.01 + 0.01, times 3, in a few roundings
  // of denormal terms it is the least normal number for each
  const tiny = { A1: Matrix.zeros(1, 2), dY1: Matrix.of(1, 2, [1e-310, -1e-320]) };
  strictEqual(roundingOf("Y1", tiny) * U4, 4 * 2 * 2 ** -1022);
});

Deno.test("example: lossRounding() is not below that of a logarithm near 0, however small the loss", () => {
  const one = dim("batch", 1), zeros = Matrix.zeros(3, 4);
  const sure = { W1: zeros, b1: Matrix.zeros(3, 1), W2: Matrix.zeros(2, 3) };
  const batch = { X: Matrix.zeros(4, one), labels: Indices.of(one, [0]) };
  const step = runStep({ ...sure, b2: Matrix.of(2, 1, [800, 0]) }, batch, 1);
  strictEqual(step.E.at(0, 0), 0);
  strictEqual(lossRounding(step), U4);
});
