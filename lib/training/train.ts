/**
 * The training loop, the report's listing 3: it prints nothing and touches no file.
 *
 * @module
 */

import type { Engine } from "./engine.ts";
import { Indices } from "../math/indices.ts";
import { dim } from "../math/shape.ts";

/**
 * How to train.
 *
 * @category 6 Training
 */
export interface TrainingSettings {
  /** How many epochs (the listing's `num`). */
  readonly epochs: number;
  /** Examples of a batch (B); an epoch has as many iterations as whole batches fit into the data set. */
  readonly batchSize: number;
  /** η, greater than 0 (the listing's `my`). */
  readonly learningRate: number;
}

/**
 * Where a run stands between two batches, and the sums of the epoch so far.
 *
 * @category 6 Training
 */
export interface TrainingPosition {
  /** The epoch in which the next batch is, from 1; one more than the last epoch once the run is done. */
  readonly epoch: number;
  /** Batches done of this epoch. */
  readonly iteration: number;
  /** The sum of the mean cross-entropies of these batches, in nats. */
  readonly lossSum: number;
  /** How many examples of these batches had their greatest score at their label. */
  readonly correct: number;
}

/**
 * Where a run begins.
 *
 * @category 6 Training
 */
export const INITIAL_POSITION: TrainingPosition = {
  epoch: 1,
  iteration: 0,
  lossSum: 0,
  correct: 0,
};

/**
 * What {@linkcode train} yields: after each batch, and after each epoch's last batch once more.
 *
 * @category 6 Training
 */
export interface TrainingProgress {
  /** Whether a batch or a whole epoch is done. */
  readonly event: "batch" | "epoch";
  /** The epoch of which it is, from 1. */
  readonly epoch: number;
  /** Batches done of this epoch, from 1. */
  readonly iteration: number;
  /** Batches of an epoch. */
  readonly iterations: number;
  /** Mean cross-entropy in nats of the epoch's batches so far, each taken before its step (the listing's `crossE / epoch`). */
  readonly crossEntropy: number;
  /** The share of right examples in the epoch's batches so far, each taken before its step. */
  readonly accuracy: number;
  /** Where to go on from here. */
  readonly next: TrainingPosition;
}

/**
 * Thrown at the first loss that is not finite.
 *
 * @category 6 Training
 */
export class DivergenceError extends Error {
  /** Always `"DivergenceError"`. */
  override readonly name = "DivergenceError";
}

/**
 * Trains an engine, one batch at a time: a caller may stop between any two batches.
 *
 * Batches are drawn with replacement from the whole data set.
 *
 * @param engine what learns, and from which data
 * @param random where the batches come from, such as a {@linkcode RandomState}
 * @param settings how to train
 * @param from where to go on, if the run does not begin: with the engine's parameters and the random numbers as they were there,
 * what follows is the same to the bit as if the run had never stopped
 * @throws {RangeError} if a setting makes no sense, or a batch is larger than the data set
 * @throws {DivergenceError} at the first loss that is not finite; the engine's parameters are of no use then
 *
 * @example
 * ```ts
 * import { Dataset, dim, initialise, RandomState, ReferenceEngine, train } from "@sanso/sanso";
 *
 * const data = Dataset.of({ width: 2, height: 1 }, Uint8Array.of(255, 0, 0, 255), Uint8Array.of(0, 1));
 * const random = new RandomState(601);
 * const parameters = initialise(data.inputs, dim("hidden", 3), data.classes, random);
 * const engine = new ReferenceEngine(parameters, data);
 * for (const progress of train(engine, random, { epochs: 3, batchSize: 2, learningRate: 0.1 })) {
 *   if (progress.event === "epoch") console.log(progress.epoch, progress.crossEntropy);
 * }
 * ```
 *
 * @category 6 Training
 */
export function* train<D extends number, M extends number, K extends number>(
  engine: Pick<Engine<D, M, K>, "data" | "step">,
  random: { randint(low: number, high: number, count: number): ArrayLike<number> },
  { epochs, batchSize, learningRate }: TrainingSettings,
  from: TrainingPosition = INITIAL_POSITION,
): Generator<TrainingProgress, void, void> {
  const examples = engine.data.count;
  const B = dim("batch", batchSize);
  dim("epochs", epochs);
  if (B > examples) {
    throw new RangeError(`Cannot draw batches of ${B} from ${examples} examples`);
  }
  if (!(learningRate > 0 && learningRate < Infinity)) {
    throw new RangeError(`Cannot train at learning rate ${learningRate}: must be finite and > 0`);
  }
  const iterations = Math.floor(examples / B);
  let { epoch, iteration, lossSum, correct } = from;
  const progress = (done: "batch" | "epoch", next: TrainingPosition): TrainingProgress => ({
    event: done,
    epoch,
    iteration,
    iterations,
    crossEntropy: lossSum / iteration,
    accuracy: correct / (iteration * B),
    next,
  });
  for (; epoch <= epochs; epoch++) {
    while (iteration < iterations) {
      const picked = Indices.of(B, random.randint(0, examples, B));
      const batch = engine.step(picked, learningRate);
      iteration++;
      if (!Number.isFinite(batch.crossEntropy)) {
        throw new DivergenceError(
          `Training diverged: the loss is ${batch.crossEntropy} in iteration ${iteration} of ` +
            `epoch ${epoch}, at learning rate ${learningRate}`,
        );
      }
      lossSum += batch.crossEntropy;
      correct += batch.correct;
      yield progress("batch", { epoch, iteration, lossSum, correct });
    }
    yield progress("epoch", { ...INITIAL_POSITION, epoch: epoch + 1 });
    [iteration, lossSum, correct] = [0, 0, 0];
  }
}
