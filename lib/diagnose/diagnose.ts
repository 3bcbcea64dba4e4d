/**
 * Finds the first equation that is wrong in another program's training step.
 *
 * Each quantity that the program recorded is compared with what its own earlier quantities give, so
 * that a mistake is found where it is made, and what follows from it is not blamed again.
 *
 * @module
 */

import { RandomState } from "../random/random_state.ts";
import type { NdArray } from "../formats/nd_array.ts";
import { correctEquation } from "../mistakes/mistake.ts";
import {
  type AnyStepValues,
  type ComputedSymbol,
  type RunTimeMatrix,
  STEP,
  type StepSymbol,
} from "../network/step.ts";
import { REPORT_SETTINGS } from "../network/report_settings.ts";
import { compare, disturb, roundingTolerance } from "./agreement.ts";
import { type Cause, findCauses } from "./causes.ts";
import { deferredStep } from "./deferred_step.ts";
import {
  type DiagnoseOptions,
  type DumpReading,
  type Precision,
  readStepDump,
  type Recorded,
  shapeOf,
  type StepDump,
  type StepSizes,
  UNIT_ROUNDOFF,
} from "./step_dump.ts";

/**
 * The judgement of one quantity.
 *
 * @category 7 Checks
 */
export interface JudgedQuantity {
  /** Its symbol in the table of the step. */
  readonly symbol: ComputedSymbol;
  /** Its name in the file. */
  readonly name: string;
  /**
   * `ok`: right. `follows`: what the program's own earlier quantities give, of which one is wrong.
   * `wrong`: neither.
   */
  readonly status: "ok" | "follows" | "wrong";
  /**
   * The greatest difference from what the program's own earlier quantities give, relative to the
   * largest entry; NaN if the shapes differ.
   */
  readonly error: number;
  /** Why it is wrong: what fits best first. Several if they cannot be told apart. */
  readonly causes: readonly Cause[];
}

/**
 * What `diagnose` found.
 *
 * @category 7 Checks
 */
export interface Diagnosis {
  /** Whether every recorded quantity is right. */
  readonly verdict: "right" | "wrong";
  /** The sizes of the network and the batch. */
  readonly sizes: StepSizes;
  /** The precision of the numbers. */
  readonly precision: Precision;
  /** The learning rate, and whether it was found from the update. */
  readonly learningRate: { readonly value: number; readonly inferred: boolean } | undefined;
  /** The recorded quantities in the order of the step. */
  readonly quantities: readonly JudgedQuantity[];
  /** The first that is wrong. */
  readonly firstWrong: JudgedQuantity | undefined;
  /** The names of arrays that were not used. */
  readonly unused: readonly string[];
  /** Other readings of the file by which another quantity is the first wrong one. */
  readonly otherReadings: readonly JudgedQuantity[];
}

/**
 * A file that cannot be judged.
 *
 * @category 7 Checks
 */
export interface Undecided {
  /** Always `undecided`. */
  readonly verdict: "undecided";
  /** What is missing, or does not fit. */
  readonly reason: { readonly en: string; readonly ja: string };
}

/**
 * Compares the quantities that a program recorded of one training step with the equations.
 *
 * @param arrays by name: inputs, labels and parameters before the step, and what the program
 * computed from them, as many quantities as there are. Names are those of the listing (`delta_W1`),
 * of this project (`dW1`), of the textbook (`grads['W1']`) or of PyTorch (`fc1.weight.grad`); rows
 * or columns are the examples, labels are classes or one-hot
 * @param options what the names mean where they are not the usual ones, and the learning rate
 * @returns what is right and what is wrong, or why that cannot be judged
 *
 * @example A gradient that is divided by B a second time
 * ```ts
 * import { diagnose, type NdArray } from "@sanso/sanso";
 * import { deepStrictEqual, ok } from "node:assert/strict";
 *
 * const array = (shape: number[], numbers: number[]): NdArray => {
 *   return { shape, dtype: "<f8", fortranOrder: false, data: Float64Array.from(numbers) };
 * };
 * const found = diagnose(
 *   new Map([
 *     ["x", array([2, 1], [1, 0])], // two examples of one pixel
 *     ["t", array([2], [0, 1])],
 *     ["W1", array([1, 1], [0])],
 *     ["b1", array([1], [0])],
 *     ["W2", array([2, 1], [4, 0])],
 *     ["b2", array([2], [-2, 0])],
 *     ["delta_b", array([2, 2], [-0.25, 0.25, 0.25, -0.25])],
 *     ["delta_a", array([2, 1], [-0.25, 0.25])],
 *     ["delta_W1", array([1, 1], [-0.125])], // -0.25 is right
 *   ]),
 * );
 * ok(found.verdict === "wrong");
 * const { firstWrong } = found;
 * deepStrictEqual([firstWrong?.symbol, firstWrong?.name], ["dW1", "delta_W1"]);
 * const [cause] = firstWrong!.causes;
 * ok(cause?.kind === "mistakes");
 * deepStrictEqual(cause.mistakes.map(({ id }) => id), ["dW1/divided-by-B-twice"]);
 * ```
 *
 * @category 7 Checks
 */
export function diagnose(
  arrays: ReadonlyMap<string, NdArray>,
  options: DiagnoseOptions = {},
): Diagnosis | Undecided {
  const dump = readStepDump(arrays, options);
  if ("reason" in dump) return { verdict: "undecided", reason: dump.reason };
  const judged = dump.readings.map((reading) => judge(dump, reading));
  const wrong = ({ quantities }: Judgement) =>
    quantities.filter(({ status }) => status === "wrong").length;
  const least = Math.min(...judged.map(wrong));
  const [best, ...others] = judged.filter((one) => wrong(one) === least);
  const { quantities, learningRate, explain } = best!;
  const explained = quantities.map(explain);
  const firstWrong = explained.find(({ status }) => status === "wrong");
  return {
    verdict: firstWrong === undefined ? "right" : "wrong",
    sizes: dump.sizes,
    precision: dump.precision,
    learningRate,
    quantities: explained,
    firstWrong,
    unused: dump.unused,
    otherReadings: others.flatMap(({ quantities }) =>
      quantities.find(({ status }) => status === "wrong") ?? []
    ).filter(({ symbol }) => symbol !== firstWrong?.symbol),
  };
}

interface Judgement {
  readonly quantities: readonly JudgedQuantity[];
  readonly learningRate: Diagnosis["learningRate"];
  /** Finds the causes of a wrong quantity. */
  readonly explain: (quantity: JudgedQuantity) => JudgedQuantity;
}

/** Samples of rounding errors. */
const SAMPLES = 3;

/** Judges each recorded quantity, in one reading of the dump. */
function judge(dump: StepDump, { inputs, recorded }: DumpReading): Judgement {
  const unit = UNIT_ROUNDOFF[dump.precision], random = new RandomState(0);
  const given: Partial<Record<StepSymbol, unknown>> = { ...inputs };
  const own = deferredStep(given);
  const rightGiven = { ...inputs, η: dump.learningRate }, right = deferredStep(rightGiven);
  const disturbed = Array.from({ length: SAMPLES }, () => {
    const given: Partial<Record<StepSymbol, unknown>> = { labels: inputs.labels };
    return { given, values: deferredStep(given) };
  });
  const give = (symbol: StepSymbol, matrix: RunTimeMatrix) => {
    given[symbol] = matrix;
    for (const one of disturbed) one.given[symbol] = disturb(matrix, unit, random);
  };
  for (const symbol of ["X", "W1", "b1", "W2", "b2"] as const) {
    give(symbol, inputs[symbol] as RunTimeMatrix);
  }

  const quantities: JudgedQuantity[] = [];
  const tolerances = new Map<ComputedSymbol, number>();
  let learningRate: Diagnosis["learningRate"];
  for (const { symbol, pass } of STEP) {
    const one = recorded.get(symbol);
    if (one === undefined) continue;
    if (pass === "update" && learningRate === undefined) {
      learningRate = rateOf(dump, own, recorded);
      for (const values of [given, rightGiven, ...disturbed.map(({ given }) => given)]) {
        values.η = learningRate.value;
      }
    }
    const tolerance = roundingTolerance(
      symbol,
      own,
      disturbed.map(({ values }) => values),
      dump.sizes,
      unit,
    );
    tolerances.set(symbol, tolerance);
    const computed = correctEquation(symbol)(own);
    const [closest] = one.readings.map(({ matrix }) => ({
      matrix,
      ...compare(matrix, computed, tolerance),
    })).toSorted((a, b) => a.error - b.error);
    const { name } = one;
    if (closest === undefined) {
      quantities.push({ symbol, name, status: "wrong", error: NaN, causes: [] });
      continue;
    }
    const { matrix, error, agrees } = closest;
    const isRight = () =>
      compare(matrix, right[symbol] as RunTimeMatrix, 0).error <= Math.sqrt(unit);
    const before = quantities.some(({ status }) => status === "wrong");
    const status = agrees
      ? before && !isRight() ? "follows" : "ok"
      : before && isRight()
      ? "ok"
      : "wrong";
    quantities.push({ symbol, name, status, error, causes: [] });
    give(symbol, matrix);
  }
  given.η ??= dump.learningRate ?? REPORT_SETTINGS.learningRate;

  return {
    quantities,
    learningRate,
    explain: (quantity) =>
      quantity.status === "wrong"
        ? { ...quantity, causes: causesOf(quantity.symbol, recorded, own, given, dump, tolerances) }
        : quantity,
  };
}

function causesOf(
  symbol: ComputedSymbol,
  recorded: ReadonlyMap<StepSymbol, Recorded>,
  own: AnyStepValues,
  given: Partial<Record<StepSymbol, unknown>>,
  { sizes }: StepDump,
  tolerances: ReadonlyMap<ComputedSymbol, number>,
): readonly Cause[] {
  const { readings, shape } = recorded.get(symbol)!;
  if (readings.length === 0) return [{ kind: "shape", shape, need: shapeOf(symbol, sizes) }];
  const candidates = readings.map(({ matrix }) => matrix);
  const tolerance = tolerances.get(symbol)!;
  const causes = findCauses({ symbol, candidates, own, given, sizes, tolerance });
  const value = candidates[0]!.data.find((x) => !Number.isFinite(x));
  return causes[0]!.kind === "unknown" && value !== undefined
    ? [{ kind: "not finite", value }]
    : causes;
}

/** The learning rate: the given one, or that by which most parameters changed. */
function rateOf(
  dump: StepDump,
  own: AnyStepValues,
  recorded: ReadonlyMap<StepSymbol, Recorded>,
): { readonly value: number; readonly inferred: boolean } {
  if (dump.learningRate !== undefined) return { value: dump.learningRate, inferred: false };
  const rates = (["W1", "b1", "W2", "b2"] as const).flatMap((symbol) => {
    const before = own[symbol] as RunTimeMatrix, gradient = own[`d${symbol}`] as RunTimeMatrix;
    return recorded.get(`${symbol}'`)?.readings.map(({ matrix }) => {
      let along = 0, square = 0;
      gradient.data.forEach((d, i) => {
        along += (before.data[i]! - matrix.data[i]!) * d;
        square += d * d;
      });
      return along / square;
    }) ?? [];
  }).filter(Number.isFinite);
  // how many others are as good as equal: an update with a mistake has a rate of its own
  const votes = (rate: number) =>
    rates.filter((other) => Math.abs(other - rate) <= 1e-3 * Math.abs(rate)).length;
  const [value = REPORT_SETTINGS.learningRate] = rates.toSorted((a, b) => votes(b) - votes(a));
  return { value, inferred: true };
}
