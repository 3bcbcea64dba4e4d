// The part of the worker that trains a network on the images of the page, and what it shares with
// the one that breaks a rule.
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
  Indices,
  INITIAL_POSITION,
  initialise,
  type Quality,
  RandomState,
  SimdEngine,
  train,
  writeCheckpoint,
  writeParameters,
} from "../../../mod.ts";
import { type CurvesOptions, drawSeries, type Series, seriesOf } from "../../charts/curves.ts";
import { weightScale } from "../../charts/weights.ts";
import { range } from "../../explain/explained_step.ts";
import { type Language, t, type Text } from "../../text/layout.ts";
import type { Settings } from "../../training/settings.ts";
import { blockImages, parametersBlock, type TrainingData } from "../page_data.ts";
import type { Emit } from "../worker_client.ts";

/** A data set of the page. */
export type Images = Dataset<Dim<"inputs">>;

/** An engine for it. */
export type PageEngine = Engine<Dim<"inputs">, Dim<"hidden">, Dim<"classes">>;

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
    engineOf = (parameters: AnyParameters, data: Images): PageEngine =>
      new SimdEngine(parameters, data),
  ) {
    this.#random = new RandomState(settings.seed);
    const M = dim("hidden", settings.hidden), K = dim("classes", classes);
    const parameters = initialise(training.inputs, M, K, this.#random);
    this.engine = engineOf(parameters, training);
    this.testEngine = engineOf(parameters, test);
    this.#progress = train(this.engine, this.#random, { ...settings, epochs: MAX_EPOCHS });
    this.batchesPerEpoch = Math.floor(training.count / settings.batchSize);
    this.#initialTest = evaluate(this.testEngine);
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
      this.tested = { batches: this.batches, quality: evaluate(this.testEngine) };
    }
    return this.tested.quality;
  }

  /**
   * The run as a file that `evaluate`, `plot` and `train --resume` read: of the number of epochs of
   * its settings, or of those that it has had if these are more.
   */
  checkpoint(data: DataFingerprint): Uint8Array<ArrayBuffer> {
    const begun = Math.ceil(this.batches / this.batchesPerEpoch), position = this.#position;
    const settings = { ...this.settings, epochs: Math.max(this.settings.epochs, begun) };
    return writeCheckpoint(
      this.engine.parameters,
      { position, settings, seed: settings.seed, random: this.#random.getState(), data },
      { rows: this.rows, evaluateEvery: 1, evaluateTrain: false },
    );
  }
}

/** Milliseconds of training between two reports to the page. */
const SLICE_MS = 250;

/**
 * A function that trains until `done()`, a number of batches or epochs, has reached its argument.
 * It may be called meanwhile, with another number. `report` is called now and then, and at the end.
 */
export function trainingLoop(
  done: () => number,
  take: () => void,
  report: (ended: boolean) => void,
): (until: number) => Promise<void> {
  let target = 0, running: Promise<void> | undefined;
  async function run(): Promise<void> {
    do {
      // messages are received, and the engine's own workers start, before it goes on
      await new Promise((resolve) => setTimeout(resolve));
      const end = performance.now() + SLICE_MS;
      while (done() < target && performance.now() < end) take();
      if (done() >= target) running = undefined;
      report(!running);
    } while (running);
  }
  return (until) => {
    target = until;
    return running ??= run();
  };
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

/** The most threads of a training: more help little in a network like the report's. */
const MAX_THREADS = 4;

/** How far a training is to go: to the end of the epoch, or by so many batches. */
export type Goal = "epoch" | number;

/** What the page is told of a training. */
export type Progress = ReturnType<typeof progressOf>;

/** The images, and K, maybe more than these have; the page shows the answers to the first ones. */
type TrainerData = Readonly<
  { data: TrainingData; settings: Settings; classes: number; examples: number }
>;

/** All that the page shows of a training; `ended` if it goes no further by itself. */
function progressOf(run: TrainingRun, examples: number, ended: boolean) {
  const { batches, batchesPerEpoch, running, tested, rows, engine, testEngine } = run;
  const { parameters } = engine, { W1 } = parameters;
  const first = Indices.of(dim("batch", examples), range(examples));
  testEngine.parameters = parameters;
  const last = Math.max(1, Math.ceil(batches / batchesPerEpoch));
  return {
    ...{ ended, batches, batchesPerEpoch, running, test: tested.quality },
    isFinished: rows.length === MAX_EPOCHS,
    curves: drawCurves((lang) => trainingSeries(run, lang), { epochs: [0, last] }),
    answers: testEngine.predictionsAndLosses(first).predictions,
    weightScale: weightScale(W1, W1.rows), // which takes long for many weights
    block: parametersBlock(parameters),
  };
}

/** The curves of a training, and of its tests from before the first batch on. */
export function trainingSeries(run: TrainingRun, lang: Language) {
  const { batches, batchesPerEpoch, rows, running, tested } = run;
  const epoch = Number((batches / batchesPerEpoch).toFixed(2));
  const test = tested.batches === batches ? tested.quality : undefined;
  const unfinished = batches > rows.length * batchesPerEpoch ? [{ epoch, running, test }] : [];
  return seriesOf([...run.history, ...unfinished] as readonly EpochResult[], lang);
}

/** Trains one network. */
export function trainer(emit: Emit<Progress>) {
  let wanted: TrainerData, run: TrainingRun;
  const trainTo = trainingLoop(() => run.batches, () => run.takeBatch(), (ended) => {
    if (ended) run.test();
    const progress = progressOf(run, wanted.examples, ended);
    emit(progress, [progress.block.bytes.buffer]);
  });

  return {
    async data(given: TrainerData) {
      wanted = given;
      const images = await readImages(given.data), { classes, settings } = given;
      const all = crossOriginIsolated ? Math.min(navigator.hardwareConcurrency, MAX_THREADS) : 1;
      run = new TrainingRun(settings, { ...images, classes }, (parameters, data) => {
        return new SimdEngine(parameters, data, { threads: data === images.training ? all : 1 });
      });
    },
    /** Trains up to a goal; by no batch more, it pauses. */
    train(goal: Goal) {
      const { batches, rows, batchesPerEpoch } = run;
      const target = goal === "epoch" ? (rows.length + 1) * batchesPerEpoch : batches + goal;
      return trainTo(Math.min(target, MAX_EPOCHS * batchesPerEpoch));
    },
    /** The file of the present network. */
    async save() {
      const { train, test } = wanted.data;
      // a page that was loaded without https computes no digests, and its file cannot be resumed
      const digests = crypto.subtle && await Promise.all([digest(train), digest(test)]);
      const { batches, engine: { data, parameters }, testEngine } = run;
      if (!digests) return { bytes: writeParameters(parameters), batches };
      const counts = { trainCount: data.count, testCount: testEngine.data.count };
      const [trainDigest, testDigest] = digests;
      return { bytes: run.checkpoint({ ...counts, trainDigest, testDigest }), batches };
    },
  };
}

const digest = async (file: Blob) =>
  new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
