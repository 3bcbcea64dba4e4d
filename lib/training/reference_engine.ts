// The reference engine: the functions of lib/network/, called one after another.
import { countCorrect, predictedClasses } from "./classify.ts";
import type { Indices } from "../math/indices.ts";
import { crossEntropy, meanLoss, oneHot } from "../network/softmax_cross_entropy.ts";
import type { Matrix } from "../math/matrix.ts";
import type { Dataset } from "../data/dataset.ts";
import { backward, forward, mapParameters, type Parameters } from "../network/network.ts";
import type { SingleSize } from "../math/shape.ts";
import { sgd } from "../network/sgd.ts";
import {
  type BatchResult,
  checkGiven,
  checkLearningRate,
  checkParameters,
  type Engine,
  type PredictionsAndLosses,
} from "./engine.ts";

/**
 * Trains with the functions forward, crossEntropy, backward and sgd. It defines what the other
 * engines compute.
 *
 * @example
 * ```ts
 * import { Dataset, dim, initialise, RandomState, ReferenceEngine } from "@sanso/sanso";
 * import { ok } from "node:assert/strict";
 *
 * const size = { width: 2, height: 1 };
 * const data = Dataset.of(size, Uint8Array.of(255, 0, 0, 255), Uint8Array.of(0, 1));
 * const parameters = initialise(data.inputs, dim("hidden", 3), data.classes, new RandomState(1));
 * const engine = new ReferenceEngine(parameters, data);
 * const before = engine.step([0, 1], 0.5);
 * ok(engine.step([0, 1], 0.5).crossEntropy < before.crossEntropy);
 * ```
 *
 * @category 6 Training
 */
export class ReferenceEngine<D extends number, M extends number, K extends number>
  implements Engine<D, M, K> {
  /** K, the number of classes of the network. */
  readonly classes: SingleSize<K>;
  #parameters: Parameters<D, M, K>;

  /**
   * Creates an engine at these parameters, which are copied.
   *
   * @throws {ShapeError} if a parameter's shape does not match the data's or another parameter's
   */
  constructor(
    parameters: Parameters<D, M, K>,
    /** The examples. */
    readonly data: Dataset<D>,
  ) {
    checkGiven("make an engine", { parameters, data });
    this.classes = parameters.W2.rows;
    checkParameters({ D: data.inputs, M: parameters.W1.rows, K: this.classes }, parameters);
    this.#parameters = mapParameters(parameters, copy);
  }

  /** A copy of the parameters, as {@linkcode Engine} says. */
  get parameters(): Parameters<D, M, K> {
    return mapParameters(this.#parameters, copy);
  }

  set parameters({ W1, b1, W2, b2 }: Parameters<D, M, K>) {
    const M = this.#parameters.W1.rows, given = { W1, b1, W2, b2 }; // read once each
    checkParameters({ D: this.data.inputs, M, K: this.classes }, given);
    this.#parameters = mapParameters(given, copy);
  }

  /** One step, as {@linkcode Engine} says; `batchIndices` may also be an array of integers. */
  step<B extends number>(
    batchIndices: Indices<B> | ArrayLike<number>,
    learningRate: number,
  ): BatchResult {
    checkLearningRate("step", learningRate);
    const { X, labels } = this.data.batch<B>(batchIndices);
    const activations = forward(this.#parameters, X);
    const losses = crossEntropy(activations.A2, oneHot(activations.A2, labels));
    const { gradients } = backward(this.#parameters, activations, labels);
    this.#parameters = sgd(this.#parameters, gradients, learningRate);
    return {
      crossEntropy: meanLoss(losses).at(0, 0),
      correct: countCorrect(activations.A2, labels),
    };
  }

  /** The scores A2 of a batch, K x B. */
  scores<B extends number>(batchIndices: Indices<B>): Matrix<K, B> {
    return forward(this.#parameters, this.data.batch(batchIndices).X).A2;
  }

  /** The predicted class and the loss of each example of a batch. */
  predictionsAndLosses<B extends number>(batchIndices: Indices<B>): PredictionsAndLosses<B> {
    const { labels } = this.data.batch(batchIndices), scores = this.scores(batchIndices);
    return {
      predictions: predictedClasses(scores),
      losses: crossEntropy(scores, oneHot(scores, labels)),
    };
  }
}

/** A copy of a matrix. */
const copy = <R extends number, C extends number>(W: Matrix<R, C>) => W.map((w) => w);
