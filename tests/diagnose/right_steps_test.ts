/** Right programs of any size, precision, layout and names: none is called wrong. */
import { deepStrictEqual, ok } from "node:assert/strict";
import type { StepSizes } from "../../lib/diagnose/dump.ts";
import {
  describeDiagnosis,
  diagnose,
  type NdArray,
  RandomState,
  STEP,
  type StepSymbol,
} from "../../mod.ts";
import { drawInputs, PROJECT, record, type Style } from "./dumps.ts";
import { type Arithmetic, rightStep } from "./right_programs.ts";

/** One of some values. */
function pick<T>(values: readonly T[], random: RandomState): T {
  return values[random.randint(0, values.length)]!;
}

/** Sizes: any, or square ones, in which layouts fit both ways round. */
function drawSizes(random: RandomState): StepSizes {
  if (random.randint(0, 4) === 0) {
    const side = random.randint(2, 9);
    const sideOr = (other: number) => pick([side, side, other], random);
    return { D: sideOr(7), M: sideOr(5), K: sideOr(3), B: sideOr(4) };
  }
  return {
    D: random.randint(1, 60),
    M: random.randint(1, 20),
    K: random.randint(2, 11),
    B: pick([1, 2, 5, 10, 32], random),
  };
}

function drawArithmetic(random: RandomState): Arithmetic {
  return {
    round: pick([Math.fround, (x: number) => x], random),
    backwards: pick([true, false], random),
    logOfProbability: pick([true, false], random),
  };
}

function drawStyle(random: RandomState, { round }: Arithmetic): Style {
  const share = pick([1, 1, 0.5, 0.2], random);
  const symbols: StepSymbol[] = STEP.map(({ symbol }) => symbol);
  const recorded = symbols.filter(() => random.randomSample() < share);
  return {
    program: pick(["listing", "project", "textbook", "pytorch"] as const, random),
    dtype: round === Math.fround ? "<f4" : "<f8",
    trailingAxis: pick([true, false], random),
    oneHot: pick([true, false], random),
    bias: pick(["flat", "row", "column"] as const, random),
    recorded: recorded.length > 0 ? recorded : ["dW1"],
  };
}

/** What one right program recorded, and the learning rate in every second case. */
export function drawRightDump(random: RandomState) {
  const sizes = drawSizes(random), arithmetic = drawArithmetic(random);
  const { parameters: { W1, b1, W2, b2 }, batch: { X, labels } } = drawInputs(sizes, random);
  // weights of a trained network are larger
  const scale = pick([1, 1, 1, 5, 20], random), η = pick([0.01, 0.1, 0.5, 0.003], random);
  const start = { X, labels, W1: W1.scale(scale), b1, W2: W2.scale(scale), b2, η };
  const style = drawStyle(random, arithmetic);
  const arrays = record(rightStep(start, arithmetic), style);
  const options = random.randint(0, 2) === 0 ? { learningRate: η } : {};
  return { sizes, arithmetic, style, arrays, options };
}

/** The same numbers in arrays of float64. */
function converted(arrays: ReadonlyMap<string, NdArray>): Map<string, NdArray> {
  return new Map([...arrays].map(([name, array]) => [
    name,
    array.data instanceof Float32Array
      ? { ...array, dtype: "<f8", data: Float64Array.from(array.data) }
      : array,
  ]));
}

Deno.test("law: diagnose() of a right step finds every quantity right", () => {
  const random = new RandomState(1201);
  let least = Infinity;
  for (let i = 0; i < 200; i++) {
    const { arrays, options, style, sizes } = drawRightDump(random);
    const found = diagnose(arrays, options);
    const text = describeDiagnosis(found, "en");
    ok(found.verdict === "right", `${i}: ${JSON.stringify({ sizes, ...style })}\n${text}`);
    // the reason of the tolerances: errors of right programs use at most a part of them
    for (const { error, tolerance } of found.quantities) {
      if (error > 0) least = Math.min(least, tolerance / error);
    }
  }
  ok(least > 2, `the errors come up to 1/${least} of the tolerance`);
});

Deno.test("law: diagnose() of float32 in arrays of float64 finds every quantity right", () => {
  const random = new RandomState(1202);
  for (let i = 0; i < 60; i++) {
    const { arrays, options } = drawRightDump(random);
    const found = diagnose(converted(arrays), options);
    ok(found.verdict === "right", describeDiagnosis(found, "en"));
  }
});

Deno.test("law: diagnose() finds the same in every layout and under every name", () => {
  const random = new RandomState(1203);
  const sizes = { D: 12, M: 7, K: 4, B: 9 }, { parameters, batch } = drawInputs(sizes, random);
  const right = { round: (x: number) => x, backwards: false, logOfProbability: false };
  const values = rightStep({ ...parameters, ...batch, η: 0.1 }, right);
  const statuses = (style: Style) => {
    const found = diagnose(record(values, style));
    return found.verdict !== "undecided" &&
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
