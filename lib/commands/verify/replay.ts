/**
 * Runs what NumPy ran, and measures how closely the numbers agree. Nothing is printed here.
 *
 * @module
 */

import type { AnyParameters } from "../../network/network.ts";
import type { Indices } from "../../math/indices.ts";
import { maxAbs } from "../../math/max_abs.ts";
import { runStep, STEP } from "../../network/step.ts";
import type { RandomState } from "../../random/random_state.ts";
import { train } from "../../training/train.ts";
import type { AnyEngine } from "../../system/engines.ts";
import type { Trace } from "./trace.ts";

/** How closely drawn parameters agree. */
export interface InitialAgreement {
  /** W1, b1, W2 or b2. */
  readonly name: string;
  /** How many numbers it has. */
  readonly count: number;
  /** How many of them are not NumPy's. */
  readonly different: number;
  /** How many doubles lie between the two that are furthest apart, one of them counted. */
  readonly ulp: number;
}

/** How closely what a step computed agrees. */
export interface StepAgreement {
  /** Which step, from 0. */
  readonly step: number;
  /** By the letters of lib/network/network.ts; `picked` are the batch's images. */
  readonly name: string;
  /** See {@linkcode digits}. */
  readonly digits: number;
}

/** How closely an epoch's mean cross-entropy agrees. */
export interface EpochAgreement {
  /** Which epoch, from 1. */
  readonly epoch: number;
  /** The loss that was found. */
  readonly found: number;
  /** NumPy's. */
  readonly wanted: number;
  /** See {@linkcode digits}. */
  readonly digits: number;
}

/** Compares parameters with those that NumPy drew, all of them. */
export function compareInitial(parameters: AnyParameters, { initial }: Trace): InitialAgreement[] {
  return (["W1", "b1", "W2", "b2"] as const).map((name) => {
    const found = parameters[name].data, wanted = initial.get(name)!;
    const distances = Array.from(found, (x, i) => ulps(x, wanted[i]!)).filter((ulp) => ulp > 0);
    const ulp = distances.reduce((most, ulp) => Math.max(most, ulp), 0);
    return { name, count: found.length, different: distances.length, ulp };
  });
}

/** Trains as the trace was, and compares each traced step and each epoch. */
export function replay(
  engine: AnyEngine,
  random: RandomState,
  trace: Trace,
  epochs: number,
): { readonly steps: StepAgreement[]; readonly epochs: EpochAgreement[] } {
  const { batch: batchSize, learningRate } = trace.settings;
  const steps: StepAgreement[] = [], done: EpochAgreement[] = [];
  let step = 0;
  const watched: Pick<AnyEngine, "data" | "step"> = {
    data: engine.data,
    step: (picked, rate) => {
      steps.push(...compareStep(engine, picked, step++, trace));
      return engine.step(picked, rate);
    },
  };
  for (const progress of train(watched, random, { epochs, batchSize, learningRate })) {
    if (progress.event !== "epoch") continue;
    const { epoch, crossEntropy: found } = progress, wanted = trace.losses[epoch - 1]!;
    done.push({ epoch, found, wanted, digits: digits([found], [wanted]) });
  }
  return { steps, epochs: done };
}

/** What the trace keeps of this step, if anything, beside what the engine and the equations say of it. */
function compareStep<B extends number>(
  engine: AnyEngine,
  picked: Indices<B>,
  number: number,
  trace: Trace,
): StepAgreement[] {
  if (!trace.steps.has(`step${number}_picked`)) return [];
  // of all quantities an engine hands out only its scores: those that follow are computed from them
  const step = runStep(engine.parameters, engine.data.batch(picked), trace.settings.learningRate, {
    A2: () => engine.scores(picked),
  });
  const found: [string, ArrayLike<number>][] = [
    ["picked", picked.values],
    ...STEP.map(({ symbol }): [string, Float64Array] => [symbol, step[symbol].data]),
  ];
  return found.flatMap(([name, numbers]) => {
    const wanted = trace.steps.get(`step${number}_${name}`);
    return wanted ? [{ step: number, name, digits: digits(numbers, wanted) }] : [];
  });
}

/**
 * In how many decimal digits numbers agree, counted from the largest of those that are wanted: 15.3 where no difference is
 * greater than 10⁻¹⁵·³ of it, infinitely many where all are equal, 0 at least.
 */
export function digits(found: ArrayLike<number>, wanted: ArrayLike<number>): number {
  if (found.length !== wanted.length) return 0;
  const difference = maxAbs(Float64Array.from(wanted, (x, i) => found[i]! - x));
  if (difference === 0) return Infinity;
  return Math.max(0, -Math.log10(difference / maxAbs(Float64Array.from(wanted))));
}

/** How many steps from double to double lead from one to the other. */
export function ulps(a: number, b: number): number {
  const place = (x: number) => {
    const bits = new BigInt64Array(Float64Array.of(x).buffer)[0]!;
    return bits < 0n ? -(bits & 0x7fffffffffffffffn) : bits; // negative doubles are ordered the other way
  };
  return a === b ? 0 : Number(place(a) - place(b)) * (a > b ? 1 : -1);
}
