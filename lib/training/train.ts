// The training loop, the report's listing 3. It prints nothing and accesses no files.
import { checkGiven, checkLearningRate, type Engine } from "./engine.ts";
import { Indices } from "../math/indices.ts";
import { dim } from "../math/shape.ts";

/**
 * Settings of a training run.
 *
 * @category 6 Training
 */
export interface TrainingSettings {
  /** Number of epochs (the listing's `num`). */
  readonly epochs: number;
  /** B, examples in a batch; an epoch has floor(examples / B) iterations. */
  readonly batchSize: number;
  /** η, greater than 0 (the listing's `my`). */
  readonly learningRate: number;
}

/**
 * The position of a run between two batches, with the sums of the current epoch.
 *
 * @category 6 Training
 */
export interface TrainingPosition {
  /** The epoch of the next batch, from 1; after the last epoch, one more than that. */
  readonly epoch: number;
  /** Number of batches completed in this epoch. */
  readonly iteration: number;
  /** Sum of the mean cross-entropies of these batches, in nats. */
  readonly lossSum: number;
  /** Number of examples in these batches whose greatest score was that of their label. */
  readonly correct: number;
}

/**
 * The position at which a run begins.
 *
 * @category 6 Training
 */
export const INITIAL_POSITION: TrainingPosition = Object.freeze({
  epoch: 1,
  iteration: 0,
  lossSum: 0,
  correct: 0,
});

/**
 * A value that {@linkcode train} yields after each batch, and once more after each epoch.
 *
 * @category 6 Training
 */
export interface TrainingProgress {
  /** The completed part: a batch or an epoch. */
  readonly event: "batch" | "epoch";
  /** The epoch, from 1. */
  readonly epoch: number;
  /** Number of batches completed in this epoch, from 1. */
  readonly iteration: number;
  /** Number of batches in an epoch. */
  readonly iterations: number;
  /**
   * Mean cross-entropy of the epoch's batches so far in nats, each before its step (the listing's
   * `crossE / epoch`).
   */
  readonly crossEntropy: number;
  /** Accuracy on the epoch's batches so far, from 0 to 1, each before its step. */
  readonly accuracy: number;
  /** The position from which the run continues. */
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

  /** What is not finite, where it was found, and the learning rate of the run. */
  constructor(what: string, where: string, learningRate: number) {
    super(`Training diverged: ${what} ${where}, at learning rate ${learningRate}`);
  }
}

/**
 * Trains an engine, one batch at a time: the caller can stop between any two batches.
 *
 * Each batch is drawn with replacement from the whole data set. Settings and position are checked
 * at the call, before the first batch is drawn.
 *
 * @param random draws the batches, such as a {@linkcode RandomState}
 * @param from the position from which to continue a run. If the parameters and the random numbers
 * are those that the run had there, the results are the same bit for bit as without the
 * interruption.
 * @throws {RangeError} if a setting, or the epoch or iteration of the position, is out of range, or
 * the batch size exceeds the number of examples
 * @throws {DivergenceError} if a loss or the sum of an epoch's losses is not finite; the parameters
 * are then unusable. Each loss is of the parameters before its step: whether the last step has
 * diverged, {@linkcode evaluate} shows.
 *
 * @example
 * ```ts
 * import { Dataset, dim, initialise, RandomState, ReferenceEngine, train } from "@sanso/sanso";
 *
 * const size = { width: 2, height: 1 };
 * const data = Dataset.of(size, Uint8Array.of(255, 0, 0, 255), Uint8Array.of(0, 1));
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
export function train<D extends number, M extends number, K extends number>(
  engine: Pick<Engine<D, M, K>, "data" | "step">,
  random: { randint(low: number, high: number, count: number): ArrayLike<number> },
  settings: TrainingSettings,
  from: TrainingPosition = INITIAL_POSITION,
): Generator<TrainingProgress, void, void> {
  checkGiven("train", { engine, random, settings });
  const { epochs, batchSize, learningRate } = settings, examples = engine.data.count;
  const B = dim("batch", batchSize);
  dim("epochs", epochs);
  if (B > examples) {
    throw new RangeError(
      `Cannot draw batches of ${B} from ${examples} examples: need at most ${examples}`,
    );
  }
  checkLearningRate("train", learningRate);
  const iterations = Math.floor(examples / B), start = { ...from };
  const last = start.epoch === epochs + 1 ? 0 : iterations; // after the last epoch there are none
  const isIn = (n: number, min: number, max: number) => Number.isInteger(n) && min <= n && n <= max;
  if (!isIn(start.epoch, 1, epochs + 1) || !isIn(start.iteration, 0, last)) {
    throw new RangeError(
      `Cannot continue after iteration ${start.iteration} of epoch ${start.epoch}: ` +
        `the run has ${iterations} iterations in each of ${epochs} epochs`,
    );
  }
  return run();

  function* run(): Generator<TrainingProgress, void, void> {
    let { epoch, iteration, lossSum, correct } = start;
    const progress = (event: "batch" | "epoch", next: TrainingPosition): TrainingProgress => ({
      event,
      epoch,
      iteration,
      iterations,
      crossEntropy: lossSum / iteration,
      accuracy: correct / (iteration * B),
      next,
    });
    for (; epoch <= epochs; epoch++) {
      while (iteration < iterations) {
        const batchIndices = Indices.of(B, random.randint(0, engine.data.count, B));
        const batch = engine.step(batchIndices, learningRate);
        iteration++;
        lossSum += batch.crossEntropy;
        correct += batch.correct;
        if (!Number.isFinite(lossSum)) {
          const where = `in iteration ${iteration} of epoch ${epoch}`;
          throw new DivergenceError(`the loss is ${lossSum}`, where, learningRate);
        }
        yield progress("batch", { epoch, iteration, lossSum, correct });
      }
      yield progress("epoch", { ...INITIAL_POSITION, epoch: epoch + 1 });
      [iteration, lossSum, correct] = [0, 0, 0];
    }
  }
}
