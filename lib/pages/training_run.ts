// A training in a worker of the page, and what such workers have in common.
import {
  type AnyParameters,
  type DataFingerprint,
  type Dataset,
  type Dim,
  dim,
  DivergenceError,
  type Engine,
  type EpochResult,
  evaluate,
  INITIAL_POSITION,
  initialise,
  type Quality,
  RandomState,
  SimdEngine,
  train,
  writeCheckpoint,
} from "../../mod.ts";
import { type CurvesOptions, drawSeries, type Series } from "../charts/curves.ts";
import { type Language, t, type Text } from "../text/layout.ts";
import type { Settings } from "../training/settings.ts";
import { blockImages, type TrainingData } from "./page_data.ts";

/** A data set of the page. */
export type Images = Dataset<Dim<"inputs">>;

/** An engine for it, which need not tell scores. */
export type PageEngine = Omit<Engine<Dim<"inputs">, Dim<"hidden">, Dim<"classes">>, "scores">;

/** The figures of epochs; before the first one there is only a test. */
export type History = readonly (Partial<EpochResult> & Pick<EpochResult, "epoch">)[];

/** The most epochs: the longest training in the report. */
export const MAX_EPOCHS = 10_000;

/** A training from its seed on, with the numbers of `train`. */
export class TrainingRun {
  readonly engine: PageEngine;
  readonly testEngine: PageEngine;
  readonly batchesPerEpoch: number;
  /** The finished epochs, and the number of batches so far. */
  readonly rows: EpochResult[] = [];
  batches = 0;
  /** Means over the batches of the unfinished epoch, or else of the last one. */
  running: Quality | undefined;
  /** The last test, and the number of batches before it. */
  tested: { readonly batches: number; readonly quality: Quality };
  readonly #initialTest: Quality;
  readonly #random: RandomState;
  readonly #progress: ReturnType<typeof train>;
  #position = INITIAL_POSITION;

  /** @param classes K, at least the number of classes of the images */
  constructor(
    readonly settings: Settings,
    { training, test, classes }: Readonly<{ training: Images; test: Images; classes: number }>,
    engineOf: (parameters: AnyParameters, data: Images) => PageEngine,
  ) {
    this.#random = new RandomState(settings.seed);
    const M = dim("hidden", settings.hidden), K = dim("classes", classes);
    const parameters = initialise(training.inputs, M, K, this.#random);
    this.engine = engineOf(parameters, training);
    this.testEngine = engineOf(parameters, test);
    this.#progress = train(this.engine, this.#random, { ...settings, epochs: MAX_EPOCHS });
    this.batchesPerEpoch = Math.floor(training.count / settings.batchSize);
    this.#initialTest = qualityOf(this.testEngine);
    this.tested = { batches: 0, quality: this.#initialTest };
  }

  /** The test before the first batch, and the finished epochs. */
  get history(): History {
    return [{ epoch: 0, test: this.#initialTest }, ...this.rows];
  }

  /**
   * Trains on one more batch; after the last one of an epoch, the network is tested.
   *
   * @throws {DivergenceError} if a loss is not finite, the one of the test included
   */
  takeBatch(): void {
    const batch = this.#progress.next().value!, { epoch, crossEntropy, accuracy } = batch;
    this.batches++;
    this.running = { crossEntropy, accuracy };
    this.#position = batch.next;
    if (batch.iteration < batch.iterations) return;
    this.#position = this.#progress.next().value!.next;
    const test = this.test();
    if (!Number.isFinite(test.crossEntropy)) {
      const what = `the loss on the test images is ${test.crossEntropy}`;
      throw new DivergenceError(what, `after epoch ${epoch}`, this.settings.learningRate);
    }
    this.rows.push({ epoch, running: this.running, test });
  }

  /** Trains to the end of an epoch. */
  takeEpoch(): void {
    do this.takeBatch(); while (this.batches % this.batchesPerEpoch > 0);
  }

  /** Tests the current parameters, unless that is done. */
  test(): Quality {
    if (this.tested.batches !== this.batches) {
      this.testEngine.parameters = this.engine.parameters;
      this.tested = { batches: this.batches, quality: qualityOf(this.testEngine) };
    }
    return this.tested.quality;
  }

  /**
   * The run as a file that `evaluate`, `plot` and `train --resume` read: of the number of epochs of
   * its settings, or of those that it has had if these are more.
   */
  checkpoint(data: DataFingerprint): Uint8Array<ArrayBuffer> {
    const position = this.#position, begun = position.epoch - (position.iteration > 0 ? 0 : 1);
    const settings = { ...this.settings, epochs: Math.max(this.settings.epochs, begun) };
    return writeCheckpoint(
      this.engine.parameters,
      { position, settings, seed: settings.seed, random: this.#random.getState(), data },
      { rows: this.rows, evaluateEvery: 1, evaluateTrain: false },
    );
  }
}

/** The engine of a training without mistakes and threads. */
export const fastEngine = (parameters: AnyParameters, data: Images) =>
  new SimdEngine(parameters, data);

/** The loss and the accuracy of an engine on its images. */
function qualityOf(engine: PageEngine): Quality {
  const { crossEntropy, accuracy } = evaluate(engine);
  return { crossEntropy, accuracy };
}

/** Milliseconds of training between two looks for messages. */
const SLICE_MS = 20;

/**
 * A function that trains until `done()`, a number of batches or epochs, has reached its argument.
 * It may be called meanwhile, with another number. `report` is called after some milliseconds of
 * training each, and at the end.
 */
export function trainingLoop(
  done: () => number,
  takeBatch: () => void,
  report: (ended: boolean) => void | Promise<void>,
) {
  let target = 0, running: Promise<void> | undefined;
  async function run(): Promise<void> {
    await nextTask(); // the page is to know first that the training has begun
    for (; done() < target; await nextTask()) {
      const end = performance.now() + SLICE_MS;
      while (done() < target && performance.now() < end) takeBatch();
      if (done() < target) await report(false);
    }
    running = undefined;
    await report(true);
  }
  return (until: number): Promise<void> => {
    target = until;
    return running ??= run();
  };
}

const { port1, port2 } = new MessageChannel();

/** Lets a worker receive messages, and its own workers start, before it goes on computing. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    port1.onmessage = () => resolve();
    port2.postMessage(undefined); // a timer would wait for some milliseconds
  });
}

/** The images to train on, and those to test with. */
export async function readImages({ train, test, sizes }: TrainingData) {
  const [training, tests] = await Promise.all(
    [train, test].map(async (file) =>
      blockImages({ sizes, bytes: new Uint8Array(await file.arrayBuffer()) })
    ),
  );
  return { training: training!, test: tests! };
}

/** The curves of the cross-entropy and of the accuracy, one below the other, as SVG. */
export function drawCurves(series: (lang: Language) => Series[], options: CurvesOptions): Text {
  const draw = (lang: Language) =>
    (["crossEntropy", "accuracy"] as const).map((measure, i) =>
      drawSeries(series(lang), measure, { ...options, lang, legend: i === 0 })
    ).join("\n");
  return t(draw("en"), draw("ja"));
}
