// Interface of a training engine.
import type { Indices } from "../math/indices.ts";
import type { Matrix } from "../math/matrix.ts";
import type { Dataset } from "../data/dataset.ts";
import type { SingleSize } from "../math/shape.ts";
import type { Parameters } from "../network/network.ts";

/**
 * Loss and correct predictions of a batch, before the step changes the parameters.
 *
 * @category 6 Training
 */
export interface BatchResult {
  /** Mean cross-entropy of the batch, in nats. */
  readonly crossEntropy: number;
  /** Number of examples whose greatest score is finite and that of their label. */
  readonly correct: number;
}

/**
 * Predictions and losses of a batch of B examples.
 *
 * @category 6 Training
 */
export interface PredictionsAndLosses<B extends number> {
  /**
   * B classes: of each example that of the greatest score, the first of equals; -1 if that score is
   * not finite.
   */
  readonly predictions: Int32Array;
  /** Cross-entropy of each example in nats, 1 x B. */
  readonly losses: Matrix<1, B>;
}

/**
 * Parameters, and a data set on which they are trained or evaluated.
 *
 * All engines compute the same bits, as long as the parameters are finite. Parameters are copied
 * when they are set and when they are read.
 *
 * @category 6 Training
 */
export interface Engine<D extends number, M extends number, K extends number> {
  /** The examples. */
  readonly data: Dataset<D>;
  /** K, the number of classes of the network. */
  readonly classes: SingleSize<K>;
  /**
   * A copy of the current parameters; may be set to others of the same shapes, which are copied.
   *
   * @throws {ShapeError} if one has another shape; none is set then
   */
  parameters: Parameters<D, M, K>;
  /**
   * Takes one step of gradient descent on a batch.
   *
   * @param batchIndices the batch's examples, by their indices in the data set
   * @param learningRate η, finite and greater than 0
   * @returns loss and correct predictions before the step
   * @throws {RangeError} if there is no such example, its label is not below K, or the learning
   * rate is out of range; the parameters are unchanged then
   */
  step<B extends number>(batchIndices: Indices<B>, learningRate: number): BatchResult;
  /**
   * The scores of a batch, K x B.
   *
   * @throws {RangeError} if there is no such example
   */
  scores<B extends number>(batchIndices: Indices<B>): Matrix<K, B>;
  /**
   * The predicted class and the loss of each example of a batch.
   *
   * @throws {RangeError} if there is no such example, or its label is not below K
   */
  predictionsAndLosses<B extends number>(batchIndices: Indices<B>): PredictionsAndLosses<B>;
}
