// A network that is trained and evaluated with mistakes in its training step.
import {
  type BatchResult,
  type Dataset,
  type Engine,
  type Indices,
  type Matrix,
  type Mistake,
  type Parameters,
  type PredictionsAndLosses,
  type Replacements,
  runStep,
  type SingleSize,
  withMistakes,
} from "../../../mod.ts";
import { crossEntropy, meanLoss, oneHot } from "../../network/softmax_cross_entropy.ts";
import { countCorrect, predictedClasses } from "../../training/classify.ts";
import { sparseProducts } from "./sparse_products.ts";
import { lazyStep } from "../../network/step.ts";

/** What is needed of an engine to train and to evaluate it. */
type Trainable<D extends number, M extends number, K extends number> = Omit<
  Engine<D, M, K>,
  "scores"
>;

/**
 * Trains with `runStep` and mistakes in it. The scores are computed with the mistakes too, as the
 * program that has them would; losses and correct predictions are those for the right labels.
 *
 * Without mistakes it has the bits of the other engines.
 */
export class BrokenEngine<D extends number, M extends number, K extends number>
  implements Trainable<D, M, K> {
  /** K, the number of classes of the network. */
  readonly classes: SingleSize<K>;
  readonly #replaced: Replacements<D, M, K, number>;

  /**
   * Creates an engine at these parameters.
   *
   * @param parameters W1, b1, W2, b2; they are not modified
   * @param data the examples
   * @param mistakes those of its training step
   */
  constructor(
    public parameters: Parameters<D, M, K>,
    readonly data: Dataset<D>,
    mistakes: readonly Mistake[],
  ) {
    this.classes = parameters.W2.rows;
    this.#replaced = { ...sparseProducts(), ...withMistakes(...mistakes) };
  }

  /** Takes one step on a batch, with the mistakes. */
  step<B extends number>(batchIndices: Indices<B>, learningRate: number): BatchResult {
    const batch = this.data.batch(batchIndices);
    const step = runStep(this.parameters, batch, learningRate, this.#replacedFor<B>());
    this.parameters = { W1: step["W1'"], b1: step["b1'"], W2: step["W2'"], b2: step["b2'"] };
    const losses = crossEntropy(step.A2, oneHot(step.A2, batch.labels));
    return {
      crossEntropy: meanLoss(losses).at(0, 0),
      correct: countCorrect(step.A2, batch.labels),
    };
  }

  /** The predicted classes of a batch, computed with the mistakes, and the losses. */
  predictionsAndLosses<B extends number>(batchIndices: Indices<B>): PredictionsAndLosses<B> {
    const batch = this.data.batch(batchIndices);
    const scores = lazyStep({ ...batch, ...this.parameters }, this.#replaced as never)
      .A2 as unknown as Matrix<
        K,
        B
      >;
    return {
      predictions: predictedClasses(scores),
      losses: crossEntropy(scores, oneHot(scores, batch.labels)),
    };
  }

  /** The functions for batches of one size. */
  #replacedFor<B extends number>(): Replacements<D, M, K, B> {
    return this.#replaced as unknown as Replacements<D, M, K, B>;
  }
}
