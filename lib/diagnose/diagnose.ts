// Finds the first equation that is wrong in another program's training step.
//
// Each quantity that the program recorded is compared with what its own earlier quantities give, so
// that a mistake is found where it is made, and what follows from it is not blamed again.
import type { NdArray } from "../formats/nd_array.ts";
import type { ComputedSymbol } from "../network/step.ts";
import { readingBeforeStep } from "./after_the_step.ts";
import { conventions } from "./conventions.ts";
import { judge, type JudgedQuantity, type Judgement } from "./judge.ts";
import {
  type DiagnoseOptions,
  type DumpReading,
  isOfBytes,
  type Precision,
  readStepDump,
  type StepDump,
  type StepSizes,
} from "./dump.ts";
import { cannotJudge, problemWords } from "./words.ts";

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
  /** The learning rate, if it is known, and whether it was found from the update. */
  readonly learningRate: { readonly value: number; readonly inferred: boolean } | undefined;
  /** The recorded quantities in the order of the step. */
  readonly quantities: readonly JudgedQuantity[];
  /** The first that is wrong. */
  readonly firstWrong: JudgedQuantity | undefined;
  /**
   * Whether the program computes with pixels up to 255, as they are before they are divided by 255.
   * The equations hold for them too, but training seldom succeeds.
   */
  readonly pixelsAreBytes: boolean;
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
 * @throws {RangeError} if a name is given a symbol that the step has not
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
  if ("problem" in dump) return { verdict: "undecided", reason: problemWords(dump.problem) };
  const [best, ...others] = bestReadings(dump);
  if (isAfterStep(dump, best!)) return { verdict: "undecided", reason: cannotJudge.afterStep };
  const { learningRate, quantities: unexplained } = best!.judgement;
  const { quantities: explained } = firstWrongOf(unexplained) === undefined
    ? best!.judgement
    : judge(dump, best!.reading, { explain: true, learningRate });
  const quantities = explained.filter((one) => !isRunningSum(one));
  if (quantities.length === 0) {
    return { verdict: "undecided", reason: problemWords({ code: "nothing computed" }) };
  }
  const firstWrong = firstWrongOf(quantities);
  return {
    verdict: firstWrong === undefined ? "right" : "wrong",
    ...{ sizes: dump.sizes, precision: dump.precision, quantities, firstWrong },
    learningRate: learningRate && { value: learningRate.value, inferred: learningRate.inferred },
    pixelsAreBytes: isOfBytes(best!.reading.inputs.X!.data),
    unused: [...dump.unused, ...explained.filter(isRunningSum).map(({ name }) => name)],
    otherReadings: others.flatMap(({ judgement }) => firstWrongOf(judgement.quantities) ?? [])
      .filter(({ symbol }, i, all) =>
        symbol !== firstWrong?.symbol && all.findIndex((one) => one.symbol === symbol) === i
      ),
  };
}

/**
 * Whether a quantity is the listing's crossE of a later batch, which is a sum of losses of all
 * batches before: it is about twice the loss of this one, or more, and nothing can be said of it.
 */
function isRunningSum({ symbol, name, error, causes: [cause] }: JudgedQuantity): boolean {
  return symbol === "E" && name === "crossE" && error > 0.5 && cause?.kind === "unknown";
}

/** Whether all fits if the parameters are those after the step. */
function isAfterStep(dump: StepDump, { reading, judgement }: JudgedReading): boolean {
  if (judgement.disagreements < 2) return false;
  const before = readingBeforeStep(dump, reading);
  return before !== undefined &&
    judge(dump, before, { explain: false, limit: 0 }).disagreements === 0;
}

/** A reading of a dump, and what it makes of the quantities. */
interface JudgedReading {
  readonly reading: DumpReading;
  readonly judgement: Judgement;
}

/** The readings in which the fewest quantities differ from what those before them give. */
function bestReadings(dump: StepDump): JudgedReading[] {
  let limit = Infinity;
  const best = leastOf(dump.readings.map((reading) => {
    const judgement = judge(dump, reading, { explain: false, limit });
    limit = Math.min(limit, judgement.disagreements);
    return { reading, judgement };
  }));
  const [{ reading, judgement }] = best as [JudgedReading];
  const others = conventions(dump, reading, judgement.quantities)
    .map((reading) => ({ reading, judgement: judge(dump, reading, { explain: false }) }))
    .filter(({ reading, judgement }) => isMadeUpFor(dump, reading, judgement.quantities));
  return leastOf([...best, ...others]);
}

/** Those with the fewest disagreements. */
function leastOf(judged: readonly JudgedReading[]): JudgedReading[] {
  const least = Math.min(...judged.map(({ judgement }) => judgement.disagreements));
  return judged.filter(({ judgement }) => judgement.disagreements === least);
}

/**
 * Whether a later quantity shows that a program makes up for a factor of its own: a right gradient
 * of a parameter, or if these have the factor too, a right update of one of them. An update shows
 * it only if the learning rate is known, or the factor is -1.
 */
function isMadeUpFor(
  { learningRate }: StepDump,
  { recorded }: DumpReading,
  quantities: readonly JudgedQuantity[],
): boolean {
  const isRight = (symbol: ComputedSymbol) =>
    quantities.some((one) =>
      one.symbol === symbol && one.status === "ok" && one.factor === undefined
    );
  const factors = [...recorded.values()].flatMap(({ factor }) => factor ?? []);
  const rateTells = learningRate !== undefined || factors.every(({ value }) => value === -1);
  const isUpdateRight = (W: typeof PARAMETERS[number]) => rateTells && isRight(`${W}'`);
  const withFactor = PARAMETERS.filter((W) => recorded.get(`d${W}`)?.factor !== undefined);
  return withFactor.length > 0
    ? withFactor.some(isUpdateRight)
    : PARAMETERS.some((W) => isRight(`d${W}`) || isUpdateRight(W));
}

const PARAMETERS = ["W1", "b1", "W2", "b2"] as const;

function firstWrongOf(quantities: readonly JudgedQuantity[]): JudgedQuantity | undefined {
  return quantities.find(({ status }) => status === "wrong");
}
