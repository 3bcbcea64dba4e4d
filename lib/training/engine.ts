/**
 * What trains: parameters and a data set in one place, and the step that changes them. Nothing here computes.
 *
 * @module
 */

import type { Indices } from "../math/indices.ts";
import type { Matrix } from "../math/matrix.ts";
import type { Dataset } from "../data/dataset.ts";
import type { Parameters } from "../network/network.ts";

/**
 * What a step found before it changed the parameters.
 *
 * @category 6 Training
 */
export interface BatchResult {
  /** The batch's mean cross-entropy, in nats. */
  readonly crossEntropy: number;
  /** How many of its examples had their greatest score at their label. */
  readonly correct: number;
}

/**
 * What forward propagation finds of a batch.
 *
 * @category 6 Training
 */
export interface ScoresAndLosses<K extends number, B extends number> {
  /** Scores, K x B. */
  readonly scores: Matrix<K, B>;
  /** The cross-entropy of each example, in nats; 1 x B. */
  readonly losses: Matrix<1, B>;
}

/**
 * Parameters, and the data set they are trained or evaluated on. Every such engine gives the same bits.
 *
 * @category 6 Training
 */
export interface Engine<D extends number, M extends number, K extends number> {
  /** The examples that it trains on, or is evaluated on. */
  readonly data: Dataset<D>;
  /** The present parameters; may be set. */
  parameters: Parameters<D, M, K>;
  /**
   * Takes one step of gradient descent on the picked examples.
   *
   * @param batchIndices which examples of the data set make the batch
   * @param learningRate greater than 0
   * @returns what was found before the step
   */
  step<B extends number>(batchIndices: Indices<B>, learningRate: number): BatchResult;
  /** The scores of the picked examples, K x B. */
  scores<B extends number>(picked: Indices<B>): Matrix<K, B>;
  /** The scores of the picked examples, and how far they are from the labels. */
  scoresAndLosses<B extends number>(picked: Indices<B>): ScoresAndLosses<K, B>;
}
