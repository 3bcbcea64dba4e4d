// Interface of a training engine, and what every engine requires of its arguments.
import type { Indices } from "../math/indices.ts";
import type { AnyMatrix, Matrix } from "../math/matrix.ts";
import type { Dataset } from "../data/dataset.ts";
import { ShapeError, type SingleSize } from "../math/shape.ts";
import type { Parameters } from "../network/network.ts";
import { describeValue } from "../text/escape.ts";

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

/** Throws {@linkcode ShapeError} if a shape is not that of a D-M-K network. */
export function checkParameters(
  { D, M, K }: { readonly D: number; readonly M: number; readonly K: number },
  { W1, b1, W2, b2 }: Readonly<Record<"W1" | "b1" | "W2" | "b2", AnyMatrix>>,
): void {
  const check = (name: string, { rows, columns }: AnyMatrix, R: number, C: number) => {
    if (rows === R && columns === C) return;
    throw new ShapeError(
      `Cannot use ${rows}x${columns} as ${name} of a ${D}-${M}-${K} network: need ${R}x${C}`,
    );
  };
  check("W1", W1, M, D);
  check("b1", b1, M, 1);
  check("W2", W2, K, M);
  check("b2", b2, K, 1);
}

/** Refuses arguments that are missing, for programs without types: all of them are objects. */
export function checkGiven(action: string, given: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(given)) {
    if (typeof value === "object" && value !== null) continue;
    throw new TypeError(`Cannot ${action}: ${name} is ${describeValue(value)}, need an object`);
  }
}

/** Throws {@linkcode RangeError} if a learning rate is not finite and greater than 0. */
export function checkLearningRate(action: string, learningRate: number): void {
  if (learningRate > 0 && learningRate < Infinity) return;
  throw new RangeError(
    `Cannot ${action} at learning rate ${learningRate}: must be finite and > 0`,
  );
}
