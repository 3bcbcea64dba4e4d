// A training in the page, which can stop between any two batches: the same numbers as `train`.
import {
  type AnyParameters,
  argmax,
  type DataFingerprint,
  type Dataset,
  type Dim,
  dim,
  DivergenceError,
  type EpochResult,
  evaluate,
  Indices,
  INITIAL_POSITION,
  initialise,
  type Quality,
  RandomState,
  REPORT_SETTINGS,
  SimdEngine,
  train,
  type TrainingPosition,
  type TrainingProgress,
  writeCheckpoint,
} from "../../../mod.ts";
import { type Guessing, guessingOn } from "./guessing.ts";
import type { Hyperparameters } from "./training_settings.ts";

/** The most epochs: the longest training in the report. */
export const MAX_EPOCHS = 10_000;

/** Images of the page. */
type Images = Dataset<Dim<"inputs">>;

type Engine = SimdEngine<Dim<"inputs">, Dim<"hidden">, Dim<"classes">>;

/** What a training needs besides its settings. */
export interface TrainingRunOptions {
  /** The images to train on. */
  readonly training: Images;
  /** The images to test with. */
  readonly test: Images;
  /** K, at least the number of classes of the images. */
  readonly classes: number;
  /** The number of threads. */
  readonly threads: number;
}

/** A training run from its seed on. */
export class TrainingRun {
  /** The test before the first batch. */
  readonly initialTest: Quality;
  /** What guessing reaches on the test images. */
  readonly guessing: Guessing;
  readonly #engine: Engine;
  readonly #testEngine: Engine;
  readonly #random: RandomState;
  readonly #progress: Generator<TrainingProgress, void, void>;
  readonly #rows: EpochResult[] = [];
  #last: TrainingProgress | undefined;
  #batches = 0;
  /** The last test, and the number of batches before it. */
  #tested: { readonly batches: number; readonly quality: Quality };

  /**
   * Draws the parameters, and tests them.
   *
   * @throws {RangeError} if the batch is larger than the training set, or there is not enough
   * memory
   */
  constructor(
    readonly settings: Hyperparameters,
    readonly options: TrainingRunOptions,
  ) {
    const { training, test, classes, threads } = options, { hidden, seed } = settings;
    this.#random = new RandomState(seed);
    const M = dim("hidden", hidden), K = dim("classes", classes);
    const parameters = initialise(training.inputs, M, K, this.#random);
    this.#engine = new SimdEngine(parameters, training, { threads });
    this.#testEngine = new SimdEngine(parameters, test);
    this.#progress = train(this.#engine, this.#random, { ...settings, epochs: MAX_EPOCHS });
    this.guessing = guessingOn(classes, test.labels);
    this.initialTest = toQuality(evaluate(this.#testEngine));
    this.#tested = { batches: 0, quality: this.initialTest };
  }

  /** The number of batches so far. */
  get batches(): number {
    return this.#batches;
  }

  /** The finished epochs. */
  get rows(): readonly EpochResult[] {
    return this.#rows;
  }

  /** The number of finished epochs. */
  get epochs(): number {
    return this.rows.length;
  }

  /** The number of batches in an epoch. */
  get batchesPerEpoch(): number {
    return Math.floor(this.options.training.count / this.settings.batchSize);
  }

  /** The number of threads that compute now. */
  get threads(): number {
    return this.#engine.threads;
  }

  /** Whether all epochs have passed. */
  get isFinished(): boolean {
    return this.epochs === MAX_EPOCHS;
  }

  /** The current parameters, copied. */
  get parameters(): AnyParameters {
    return this.#engine.parameters;
  }

  /** Means over the batches of the unfinished epoch, or else of the last one. */
  get running(): Quality | undefined {
    return this.#last && toQuality(this.#last);
  }

  /** The last test, and the number of batches before it. */
  get tested(): { readonly batches: number; readonly quality: Quality } {
    return this.#tested;
  }

  /**
   * Trains on one more batch; after the last one of an epoch, the network is tested.
   *
   * @throws {DivergenceError} if a loss is not finite, the one of the test included
   */
  takeBatch(): void {
    const batch = this.#progress.next().value;
    if (batch === undefined) return;
    this.#last = batch;
    this.#batches++;
    if (batch.iteration < batch.iterations) return;
    this.#last = this.#progress.next().value!;
    const { epoch } = batch, test = this.test();
    if (!Number.isFinite(test.crossEntropy)) {
      const what = `the loss on the test images is ${test.crossEntropy}`;
      throw new DivergenceError(what, `after epoch ${epoch}`, this.settings.learningRate);
    }
    this.#rows.push({ epoch, running: toQuality(batch), test });
  }

  /** Tests the current parameters, unless that is done. */
  test(): Quality {
    if (this.#tested.batches !== this.#batches) {
      this.#testEngine.parameters = this.#engine.parameters;
      this.#tested = { batches: this.#batches, quality: toQuality(evaluate(this.#testEngine)) };
    }
    return this.#tested.quality;
  }

  /** The answers of the current network to the first test images. */
  answers(count: number): Uint8Array<ArrayBuffer> {
    this.#testEngine.parameters = this.#engine.parameters;
    const indices = Indices.of(dim("batch", count), Array.from({ length: count }, (_, i) => i));
    return Uint8Array.from(argmax(this.#testEngine.scores(indices)));
  }

  /**
   * The run as a file that `evaluate`, `plot` and `train --resume` read: a run of the report's
   * number of epochs, or of those that it has had if these are more.
   *
   * @param data identifies the images
   */
  checkpoint(data: DataFingerprint): Uint8Array<ArrayBuffer> {
    const position: TrainingPosition = this.#last?.next ?? INITIAL_POSITION;
    const begun = this.epochs + (position.iteration > 0 ? 1 : 0);
    const epochs = Math.max(REPORT_SETTINGS.epochs, begun);
    return writeCheckpoint(
      this.#engine.parameters,
      {
        position,
        settings: { ...this.settings, epochs },
        seed: this.settings.seed,
        random: this.#random.getState(),
        data,
      },
      { rows: this.rows, evaluateEvery: 1, evaluateTrain: false },
    );
  }

  /** Ends the threads. */
  close(): void {
    this.#engine.close();
  }
}

function toQuality({ crossEntropy, accuracy }: Quality): Quality {
  return { crossEntropy, accuracy };
}
