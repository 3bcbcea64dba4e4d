// Two networks that are trained side by side, from the same seed on the same batches: the right one
// and one with mistakes in its training step.
import {
  type AnyParameters,
  type Dataset,
  type Dim,
  dim,
  DivergenceError,
  evaluate,
  Indices,
  initialise,
  type Mistake,
  type PredictionsAndLosses,
  RandomState,
  SimdEngine,
  train,
  type TrainingProgress,
} from "../../../mod.ts";
import { drawUnit, weightScale } from "../../charts/weights.ts";
import type { IndexedImage } from "../../charts/encode_png.ts";
import type { Quality } from "../../storage/history.ts";
import { type RunHashes, runHashes } from "../../storage/run_hash.ts";
import { BrokenEngine } from "./broken_engine.ts";
import { BREAK_SETTINGS } from "./break_settings.ts";
import { checkStep, type StepCheck } from "./rule_check.ts";

/** The hidden units whose weights are shown: the first ones. */
const UNITS = 6;

/** What a network is like after an epoch. */
export interface NetworkState {
  /** On the training images, and on the test images. */
  readonly train: Quality;
  readonly test: Quality;
  /** The weights of some hidden units. */
  readonly units: readonly IndexedImage[];
}

/** Both networks after an epoch. */
export interface EpochState {
  /** The number of epochs. */
  readonly epoch: number;
  readonly right: NetworkState;
  /** Hashes of the right network, as `train --hash` prints them; undefined before training. */
  readonly hashes: RunHashes | undefined;
  /** Undefined after the broken network has diverged. */
  readonly broken: NetworkState | undefined;
}

/** A data set of this page. */
export type Images = Dataset<Dim<"inputs">>;

/** An engine that evaluates parameters. */
interface Evaluator {
  parameters: AnyParameters;
  readonly data: Images;
  readonly classes: Dim<"classes">;
  predictionsAndLosses<B extends number>(batchIndices: Indices<B>): PredictionsAndLosses<B>;
}

/** Evaluates parameters on both halves of the data set. */
interface Evaluators {
  readonly train: Evaluator;
  readonly test: Evaluator;
}

/** The right network, whose epochs are computed once, and what both networks start from. */
export class Comparison {
  /** The right network after each epoch so far. */
  readonly #right: (NetworkState & { readonly hashes: RunHashes | undefined })[] = [];
  readonly #initial: AnyParameters;
  readonly #engine: SimdEngine<Dim<"inputs">, Dim<"hidden">, Dim<"classes">>;
  readonly #evaluators: Evaluators;
  readonly #progress: Generator<TrainingProgress, void, void>;
  #rightCheck: StepCheck | undefined;

  /**
   * Draws the network.
   *
   * @param train images to train on; at least a batch
   * @param test images to test with
   */
  constructor(readonly train: Images, readonly test: Images) {
    const { parameters, random } = this.#draw();
    this.#initial = parameters;
    this.#engine = new SimdEngine(parameters, train);
    this.#evaluators = {
      train: new SimdEngine(parameters, train),
      test: new SimdEngine(parameters, test),
    };
    this.#progress = this.#start(this.#engine, random);
  }

  /** Checks the gradients of a step with mistakes, and of the right step. */
  check(mistakes: readonly Mistake[]): { readonly right: StepCheck; readonly broken: StepCheck } {
    const B = dim("batch", Math.min(BREAK_SETTINGS.checkedImages, this.train.count));
    const batch = this.train.batch(Indices.of(B, Array.from({ length: B }, (_, i) => i)));
    this.#rightCheck ??= checkStep(this.#initial, batch, []);
    return { right: this.#rightCheck, broken: checkStep(this.#initial, batch, mistakes) };
  }

  /**
   * Trains a network with these mistakes beside the right one.
   *
   * @returns yields undefined after each batch, and both networks before the first epoch and after
   * each
   */
  async *run(mistakes: readonly Mistake[]): AsyncGenerator<EpochState | undefined, void, void> {
    const { parameters, random } = this.#draw();
    const engine = new BrokenEngine(parameters, this.train, mistakes);
    const evaluators = this.#evaluatorsFor(mistakes);
    const progress = this.#start(engine, random);
    let hasDiverged = false;
    for (let epoch = 0; epoch <= BREAK_SETTINGS.epochs; epoch++) {
      const { hashes, ...right } = await this.#rightAfter(epoch);
      if (epoch > 0 && !hasDiverged) {
        try {
          // for...of would end the generator with the epoch
          while (progress.next().value?.event === "batch") yield undefined;
        } catch (error) {
          if (!(error instanceof DivergenceError)) throw error;
          hasDiverged = true;
        }
      }
      const broken: NetworkState | undefined = hasDiverged
        ? undefined
        : stateOf(engine.parameters, evaluators);
      hasDiverged ||= !Number.isFinite(broken?.train.crossEntropy);
      yield { epoch, right, hashes, broken: hasDiverged ? undefined : broken };
    }
  }

  /** The right network after an epoch. */
  async #rightAfter(epoch: number) {
    while (this.#right.length <= epoch) {
      let loss: number | undefined;
      if (this.#right.length > 0) {
        let progress = this.#progress.next().value;
        while (progress?.event === "batch") progress = this.#progress.next().value;
        loss = progress?.crossEntropy;
      }
      const { parameters } = this.#engine;
      const hashes = loss === undefined || !globalThis.crypto?.subtle
        ? undefined
        : await runHashes(parameters, loss);
      this.#right.push({ ...stateOf(parameters, this.#evaluators), hashes });
    }
    return this.#right[epoch]!;
  }

  /** The network that both begin as, and the random numbers that go on to draw the batches. */
  #draw(): { parameters: AnyParameters; random: RandomState } {
    const { seed, hidden } = BREAK_SETTINGS, random = new RandomState(seed);
    const { inputs, classes } = this.train;
    return { parameters: initialise(inputs, dim("hidden", hidden), classes, random), random };
  }

  #start(
    engine: Parameters<typeof train<Dim<"inputs">, Dim<"hidden">, Dim<"classes">>>[0],
    random: RandomState,
  ): Generator<TrainingProgress, void, void> {
    const { epochs, learningRate } = BREAK_SETTINGS;
    const batchSize = Math.min(BREAK_SETTINGS.batchSize, this.train.count);
    return train(engine, random, { epochs, batchSize, learningRate });
  }

  /** Engines that compute the scores with these mistakes, or the fast ones if none is in them. */
  #evaluatorsFor(mistakes: readonly Mistake[]): Evaluators {
    const isInScores = mistakes.some(({ quantity }) => ["X", "A1", "Y1", "A2"].includes(quantity));
    if (!isInScores) return this.#evaluators;
    return {
      train: new BrokenEngine(this.#initial, this.train, mistakes),
      test: new BrokenEngine(this.#initial, this.test, mistakes),
    };
  }
}

function stateOf(parameters: AnyParameters, evaluators: Evaluators): NetworkState {
  const { W1 } = parameters, { size } = evaluators.train.data;
  const qualityOn = (evaluator: Evaluator): Quality => {
    evaluator.parameters = parameters;
    const { crossEntropy, accuracy } = evaluate(evaluator);
    return { crossEntropy, accuracy };
  };
  const scale = weightScale(W1, W1.rows);
  const units = Array.from(
    { length: Math.min(UNITS, W1.rows) },
    (_, unit) => drawUnit(W1, unit, size, scale),
  );
  return { train: qualityOn(evaluators.train), test: qualityOn(evaluators.test), units };
}
