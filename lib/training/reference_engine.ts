/**
 * The reference engine: the functions of lib/network/, called one after another.
 *
 * @module
 */

import { countCorrect } from "./classify.ts";
import type { Indices } from "../math/indices.ts";
import { crossEntropy, meanLoss, oneHot } from "../network/softmax_cross_entropy.ts";
import type { Matrix } from "../math/matrix.ts";
import type { Dataset } from "../data/dataset.ts";
import { backward, forward, type Parameters } from "../network/network.ts";
import { sgd } from "../network/sgd.ts";
import type { BatchResult, Engine, ScoresAndLosses } from "./engine.ts";

/**
 * Trains with the functions forward, crossEntropy, backward and sgd. It defines what the other
 * engines compute.
 *
 * @example
 * ```ts
 * import { Dataset, dim, Indices, initialise, RandomState, ReferenceEngine } from "@sanso/sanso";
 * import { ok } from "node:assert/strict";
 *
 * // two images of 1x2 pixels, one of each class
 * const pixels = Uint8Array.of(255, 0, 0, 255), labels = Uint8Array.of(0, 1);
 * const data = Dataset.of({ width: 2, height: 1 }, pixels, labels);
 * const parameters = initialise(data.inputs, dim("hidden", 3), data.classes, new RandomState(1));
 * const engine = new ReferenceEngine(parameters, data);
 * const both = Indices.of(2, [0, 1]);
 * const before = engine.step(both, 0.5);
 * ok(engine.step(both, 0.5).crossEntropy < before.crossEntropy);
 * ```
 *
 * @category 6 Training
 */
export class ReferenceEngine<D extends number, M extends number, K extends number>
  implements Engine<D, M, K> {
  /** Creates an engine at these parameters, for a data set of the same D. */
  constructor(
    /** The current parameters. */
    public parameters: Parameters<D, M, K>,
    /** The examples. */
    readonly data: Dataset<D>,
  ) {}

  /** Takes one step of gradient descent on a batch. */
  step<B extends number>(batchIndices: Indices<B>, learningRate: number): BatchResult {
    const { X, labels } = this.data.batch(batchIndices);
    const activations = forward(this.parameters, X);
    const losses = crossEntropy(activations.A2, oneHot(activations.A2, labels));
    const { gradients } = backward(this.parameters, activations, labels);
    this.parameters = sgd(this.parameters, gradients, learningRate);
    return {
      crossEntropy: meanLoss(losses).at(0, 0),
      correct: countCorrect(activations.A2, labels),
    };
  }

  /** The scores of a batch, K x B. */
  scores<B extends number>(batchIndices: Indices<B>): Matrix<K, B> {
    return forward(this.parameters, this.data.batch(batchIndices).X).A2;
  }

  /** The scores of a batch, and the loss of each example. */
  scoresAndLosses<B extends number>(batchIndices: Indices<B>): ScoresAndLosses<K, B> {
    const { X, labels } = this.data.batch(batchIndices);
    const scores = forward(this.parameters, X).A2;
    return { scores, losses: crossEntropy(scores, oneHot(scores, labels)) };
  }
}
