/** Right programs of any size, precision, layout and names: none is called wrong. */
import { deepStrictEqual, ok } from "node:assert/strict";
import { describeDiagnosis, diagnose, RandomState, STEP } from "../../mod.ts";
import { drawInputs, PROJECT, record, type Style } from "./dumps.ts";
import { asFloat64, judgeRightDumps, rightStep } from "./right_programs.ts";

Deno.test("law: diagnose() of right steps finds every quantity right", () => {
  const least = judgeRightDumps(new RandomState(1201), 100);
  // the reason of the tolerances: errors of right programs use at most a part of them
  ok(least > 2, `the errors come up to 1/${least} of the tolerance`);
});

Deno.test("law: diagnose() of float32 in arrays of float64 finds every quantity right", () => {
  judgeRightDumps(new RandomState(1202), 30, asFloat64);
});

Deno.test("law: diagnose() finds the same in every layout and under every name", () => {
  const random = new RandomState(1203);
  const sizes = { D: 12, M: 7, K: 4, B: 9 }, { parameters, batch } = drawInputs(sizes, random);
  const right = { round: (x: number) => x, backwards: false, logOfProbability: false };
  const values = rightStep({ ...parameters, ...batch, η: 0.1 }, right);
  const statuses = (style: Style) => {
    const found = diagnose(record(values, style));
    return !("reason" in found) &&
      found.quantities.map(({ symbol, status }) => `${symbol} ${status}`);
  };
  const recorded = STEP.map(({ symbol }) => symbol).filter((symbol) => symbol !== "onehot");
  const expected = recorded.map((symbol) => `${symbol} ok`);
  for (const program of ["listing", "project", "textbook", "pytorch"] as const) {
    for (const trailingAxis of [true, false]) {
      for (const oneHot of [true, false]) {
        for (const bias of ["flat", "row", "column"] as const) {
          const style = { program, dtype: "<f8", trailingAxis, oneHot, bias, recorded } as const;
          deepStrictEqual(statuses(style), expected);
        }
      }
    }
  }
});

Deno.test("example: diagnose() finds learning rates from 1e-6 to 100 that were not recorded", () => {
  const sizes = { D: 40, M: 12, K: 5, B: 50 };
  for (const round of [Math.fround, (x: number) => x]) {
    for (const η of [1e-6, 1e-4, 1, 10, 100]) {
      for (const recorded of [["W1'"], ["b2'"], ["W1'", "b1'", "W2'", "b2'"]] as const) {
        const { parameters, batch } = drawInputs(sizes, new RandomState(9));
        // of b = 0, as initialised, every step has all its digits
        const [b1, b2] = [parameters.b1.map(() => 0.3), parameters.b2.map(() => -0.2)];
        const arithmetic = { round, backwards: false, logOfProbability: true };
        const values = rightStep({ ...parameters, b1, b2, ...batch, η }, arithmetic);
        const dtype = round === Math.fround ? "<f4" : "<f8";
        const style = { ...PROJECT, dtype, recorded } as const;
        const found = diagnose(record(values, style));
        ok(
          found.verdict === "right",
          `${η} ${dtype} ${recorded}\n${describeDiagnosis(found, "en")}`,
        );
        const unit = dtype === "<f4" ? 2 ** -24 : 2 ** -53;
        // the rounding of W, of 1 at most, in steps of η dW; and that of dW
        const error = Math.abs(found.learningRate!.value - η);
        ok(error <= 1e3 * unit * (1 + η) / 1e-3, `${η}: ${found.learningRate!.value}`);
      }
    }
  }
});
