/**
 * Trains as the traced run did, and measures how closely the numbers agree with NumPy's.
 *
 * @module
 */

import {
  type AnyParameters,
  type Indices,
  type RandomState,
  runStep,
  STEP,
  train,
  type TrainingProgress,
} from "../../../mod.ts";
import { maxAbs } from "../../math/max_abs.ts";
import type { AnyEngine } from "../../system/system.ts";
import type { Trace } from "./trace.ts";

/** The agreement of initial parameters. */
export interface InitialAgreement {
  /** W1, b1, W2 or b2. */
  readonly name: string;
  /** The number of its entries. */
  readonly count: number;
  /** The number of entries that are not equal to NumPy's, to the bit. */
  readonly different: number;
}

/** The agreement of a quantity of a step. */
export interface StepAgreement {
  /** The step, from 0. */
  readonly step: number;
  /** Its symbol in the table of the step, or `picked` for the numbers of the batch's images. */
  readonly name: string;
  /** See {@linkcode agreeingDigits}. */
  readonly digits: number;
}

/** The agreement of an epoch's mean cross-entropy. */
export interface EpochAgreement {
  /** The epoch, from 1. */
  readonly epoch: number;
  /** The loss here. */
  readonly found: number;
  /** NumPy's. */
  readonly wanted: number;
  /** See {@linkcode agreeingDigits}. */
  readonly digits: number;
}

/** Compares all initial parameters with those that NumPy drew. */
export function compareInitial(parameters: AnyParameters, { initial }: Trace): InitialAgreement[] {
  return [...initial].map(([name, wanted]) => {
    const found = parameters[name as keyof AnyParameters].data;
    const different = found.filter((x, i) => !Object.is(x, wanted[i])).length;
    return { name, count: found.length, different };
  });
}

/**
 * Trains as the traced run did, and compares each traced step and each epoch.
 *
 * @param onProgress called after each batch and each epoch
 */
export function replay(
  engine: AnyEngine,
  random: RandomState,
  trace: Trace,
  epochs: number,
  onProgress?: (progress: TrainingProgress) => void,
): { readonly steps: StepAgreement[]; readonly epochs: EpochAgreement[] } {
  const { batch: batchSize, learningRate } = trace.settings;
  const steps: StepAgreement[] = [], finished: EpochAgreement[] = [];
  let step = 0;
  const watched: Pick<AnyEngine, "data" | "step"> = {
    data: engine.data,
    step: (batchIndices, rate) => {
      steps.push(...compareStep(engine, batchIndices, step++, trace));
      return engine.step(batchIndices, rate);
    },
  };
  for (const progress of train(watched, random, { epochs, batchSize, learningRate })) {
    onProgress?.(progress);
    if (progress.event !== "epoch") continue;
    const { epoch, crossEntropy: found } = progress, wanted = trace.losses[epoch - 1]!;
    finished.push({ epoch, found, wanted, digits: agreeingDigits([found], [wanted]) });
  }
  return { steps, epochs: finished };
}

/** Compares every quantity of a step that the trace holds. */
function compareStep<B extends number>(
  engine: AnyEngine,
  batchIndices: Indices<B>,
  number: number,
  trace: Trace,
): StepAgreement[] {
  const prefix = `step${number}_`;
  if (!trace.steps.has(`${prefix}picked`)) return [];
  // an engine hands out its scores only: the quantities after them are computed from them
  const batch = engine.data.batch(batchIndices), { learningRate } = trace.settings;
  const A2 = () => engine.scores(batchIndices);
  const step = runStep(engine.parameters, batch, learningRate, { A2 });
  const found = new Map<string, ArrayLike<number>>([
    ["picked", batchIndices.values],
    ...STEP.map(({ symbol }) => [symbol, step[symbol].data] as const),
  ]);
  return [...found].flatMap(([name, numbers]) => {
    const wanted = trace.steps.get(`${prefix}${name}`);
    return wanted ? [{ step: number, name, digits: agreeingDigits(numbers, wanted) }] : [];
  });
}

/**
 * The number of decimal digits in which numbers agree, relative to the largest wanted one: 15.3 if
 * no difference exceeds 10⁻¹⁵·³ of it, Infinity if all are equal, and never less than 0.
 */
export function agreeingDigits(found: ArrayLike<number>, wanted: ArrayLike<number>): number {
  if (found.length !== wanted.length) return 0;
  const difference = maxAbs(Float64Array.from(wanted, (x, i) => found[i]! - x));
  if (difference === 0) return Infinity;
  return Math.max(0, -Math.log10(difference / maxAbs(Float64Array.from(wanted))));
}
