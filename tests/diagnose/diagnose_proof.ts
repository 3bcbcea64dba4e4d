/** The laws of diagnose() in many and in large programs. */
import { ok, strictEqual } from "node:assert/strict";
import {
  type AnyMatrix,
  describeDiagnosis,
  diagnose,
  MISTAKES,
  type NdArray,
  RandomState,
  type RunTimeMatrix,
  STEP,
} from "../../mod.ts";
import { difference } from "../mistakes/sample_steps.ts";
import { PROJECT, readWithoutNames, record, stepWith } from "./dumps.ts";
import { asFloat64, judgeRightDumps } from "./right_programs.ts";

const SIZES = { D: 400, M: 20, K: 6, B: 24 };

/** Of another convention or network, where all else fits. */
const ACCEPTED = /^L\/epsilon-in-logarithm$|^E\/summed$|^onehot\/smoothed$/;

Deno.test("law: diagnose() names every mistake of a large network", () => {
  const right = stepWith(SIZES, new RandomState(8), []);
  let tried = 0;
  for (const mistake of MISTAKES) {
    if (ACCEPTED.test(mistake.id)) continue;
    const wrong = stepWith(SIZES, new RandomState(8), [mistake]);
    const first = STEP.find(({ symbol }) =>
      !(difference(wrong[symbol] as AnyMatrix, right[symbol] as AnyMatrix) <= 1e-9)
    );
    if (first === undefined) continue;
    const found = diagnose(record(wrong, PROJECT), { learningRate: 0.01 });
    ok(!("reason" in found));
    tried++;
    strictEqual(found.firstWrong?.symbol, first.symbol, mistake.id);
    ok(found.firstWrong.causes.some(({ mistakes }) => mistakes.includes(mistake)), mistake.id);
  }
  ok(tried > 200, `${tried}`);
});

Deno.test("example: diagnose() explains a very large step by a part of it", () => {
  const large = { D: 400, M: 256, K: 6, B: 500 };
  const found = (ids: readonly string[], f = (x: number) => x) => {
    const mistakes = MISTAKES.filter(({ id }) => ids.includes(id));
    const { dW1, ...step } = stepWith(large, new RandomState(8), mistakes);
    const wrong = { ...step, dW1: (dW1 as RunTimeMatrix).map(f) };
    const diagnosis = diagnose(record(wrong, { ...PROJECT, recorded: ["A1", "dA1", "dW1"] }));
    ok(!("reason" in diagnosis));
    return diagnosis.firstWrong?.causes.map(({ kind, mistakes: [one] }) => one?.id ?? kind).join();
  };
  for (const id of ["dW1/divided-by-B-twice", "A1/bias-left-out"]) strictEqual(found([id]), id);
  // a part of entries that are 0 would fit every multiple
  strictEqual(found([], (x) => Math.tanh(300 * x) ** 3), "unknown");
});

Deno.test("law: diagnose() accuses none of 10,000 right programs", () => {
  judgeRightDumps(new RandomState(1206), 10_000);
});

Deno.test("law: diagnose() accuses none of 600 programs of float32 in arrays of float64", () => {
  judgeRightDumps(new RandomState(1207), 600, asFloat64);
});

Deno.test("law: readStepDump() reads 19 of 20 arrays without names, of every tenth mistake", () => {
  const share = readWithoutNames(10);
  ok(share >= 0.95, `${share}`);
});

Deno.test("example: diagnose() of long thin matrices takes no time that grows with their square", () => {
  for (const [D, M, B] of [[40_000, 1, 1], [1, 40_000, 1], [1, 1, 40_000]] as const) {
    const junk = (shape: readonly number[]): NdArray => {
      const length = shape.reduce((product, size) => product * size, 1);
      const data = Float64Array.from({ length }, (_, i) => Math.sin(i * i));
      return { shape, dtype: "<f8", fortranOrder: false, data };
    };
    const arrays = new Map<string, NdArray>([
      ["X", junk([D, B])],
      ["labels", { ...junk([B]), data: new Float64Array(B) }],
      ["W1", junk([M, D])],
      ["b1", junk([M])],
      ["W2", junk([2, M])],
      ["b2", junk([2])],
      ...(["A1", "Y1", "dY1", "dA1"] as const).map((name) => [name, junk([M, B])] as const),
      ...(["A2", "P", "dA2"] as const).map((name) => [name, junk([2, B])] as const),
      ["dW1", junk([M, D])],
      ["db1", junk([M])],
      ["W1'", junk([M, D])],
    ]);
    const found = diagnose(arrays);
    ok(found.verdict === "wrong", describeDiagnosis(found, "en"));
    ok(describeDiagnosis(found, "ja").length > 0);
  }
});
