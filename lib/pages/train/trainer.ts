// The part of the worker that trains a network on the images of the page.
import {
  argmax,
  type DataFingerprint,
  type Dim,
  dim,
  type EpochResult,
  Indices,
  type Quality,
  SimdEngine,
  writeParameters,
} from "../../../mod.ts";
import { type CurvesOptions, drawSeries, type Series, seriesOf } from "../../charts/curves.ts";
import { weightScale } from "../../charts/weights.ts";
import { clamp } from "../../math/clamp.ts";
import { ThreadError } from "../../simd/threads.ts";
import { type Language, t, type Text } from "../../text/layout.ts";
import { range } from "../../explain/explained_step.ts";
import { imagesBlock, parametersBlock, readImages, type TrainingData } from "../page_data.ts";
import { MAX_EPOCHS, nextTask, type PageEngine, TrainingRun } from "../training_run.ts";
import type { Emit } from "../worker_client.ts";
import type { Hyperparameters } from "./training_settings.ts";

/** Milliseconds of training between two looks for messages. */
const SLICE_MS = 20;

/**
 * Milliseconds between two reports to the page, and the largest share of the time for them. One
 * that took long, as the whole computer did, must not keep the next one back for long.
 */
const REPORT_MS = 250, MAX_REPORT_MS = 2000, MAX_OVERHEAD = 0.1;

/** The most threads of a training: more help little in a network like the report's. */
const MAX_THREADS = 4;

/** How far a training is to go: to its last epoch, by an epoch, or by so many batches. */
export type Goal = "end" | "epoch" | number;

/** What the page is told of a training. */
export type Progress = ReturnType<typeof progressOf> & {
  /** The training's number, and its epochs per second since it was started or continued. */
  readonly id: number;
  readonly speed: number;
  /** Why it goes no further by itself, if it does not. */
  readonly ended: "paused" | "finished" | undefined;
};

type TrainerEngine = SimdEngine<Dim<"inputs">, Dim<"hidden">, Dim<"classes">>;

/** The images, how many of the test the page shows the answers to, and K, maybe of more classes. */
type Contents = Awaited<ReturnType<typeof readImages>> & {
  readonly examples: number;
  readonly classes: number;
};

/** All that the page shows of a training. */
function progressOf(run: TrainingRun<TrainerEngine>, { test, classes, examples }: Contents) {
  const { batches, batchesPerEpoch, running, tested, rows, engine, testEngine } = run;
  const { parameters, threads } = engine, { W1 } = parameters;
  const first = Indices.of(dim("batch", examples), range(examples));
  testEngine.parameters = parameters;
  const last = Math.max(1, Math.ceil(batches / batchesPerEpoch));
  return {
    ...{ batches, batchesPerEpoch, running, tested, threads },
    epochs: rows.length,
    guessing: guessingQuality(classes, test.labels),
    curves: drawCurves((lang) => trainingSeries(run, lang), { epochs: [0, last] }),
    answers: Uint8Array.from(argmax(testEngine.scores(first))),
    weightScale: weightScale(W1, W1.rows), // which takes long for many weights
    block: parametersBlock(parameters),
  };
}

/** The curves of a training, and of its tests from before the first batch on. */
export function trainingSeries(
  { batches, batchesPerEpoch, rows, running, tested, initialTest }: TrainingRun<PageEngine>,
  lang: Language,
) {
  const epoch = Number((batches / batchesPerEpoch).toFixed(2));
  const test = tested.batches === batches ? tested.quality : undefined;
  const unfinished = batches > rows.length * batchesPerEpoch ? [{ epoch, running, test }] : [];
  const all = [{ epoch: 0, test: initialTest }, ...rows, ...unfinished];
  return seriesOf(all as readonly EpochResult[], lang);
}

/** The curves of the cross-entropy and of the accuracy, one below the other, as SVG. */
export function drawCurves(series: (lang: Language) => Series[], options: CurvesOptions): Text {
  const draw = (lang: Language) =>
    (["crossEntropy", "accuracy"] as const).map((measure) => {
      const legend = measure === "crossEntropy";
      return drawSeries(series(lang), measure, { ...options, lang, legend });
    }).join("\n");
  return t(draw("en"), draw("ja"));
}

/** What equal probabilities reach, and always the answer that is right most often. */
export function guessingQuality(classes: number, labels: Uint8Array): Quality {
  const counts = new Uint32Array(classes);
  for (const label of labels) counts[label]!++;
  return { crossEntropy: Math.log(classes), accuracy: Math.max(...counts) / labels.length };
}

/** Trains one network at a time. */
export function trainer(emit: Emit<Progress>) {
  let contents: Contents, run: TrainingRun<TrainerEngine> | undefined, id: number;
  let fingerprint: Promise<DataFingerprint | undefined> | undefined;
  let threads = crossOriginIsolated ? Math.min(navigator.hardwareConcurrency, MAX_THREADS) : 1;
  /** The number of batches after which the training pauses, and what goes on until then. */
  let target = 0, training: Promise<void> | undefined;
  /** When the training was started or continued last, and the number of batches then. */
  let since = { time: 0, batches: 0 };

  async function trainToTarget(): Promise<void> {
    try {
      await nextTask(); // the page is to know first that the training has begun
      for (let due = 0; run && run.batches < target; await nextTask()) {
        const end = performance.now() + SLICE_MS;
        while (run.batches < target && performance.now() < end) run.takeBatch();
        const began = performance.now();
        if (began < due || run.batches >= target) continue;
        report(run, undefined);
        const now = performance.now();
        due = now + clamp((now - began) / MAX_OVERHEAD, REPORT_MS, MAX_REPORT_MS);
      }
    } catch (error) {
      if (error instanceof ThreadError) threads = 1; // of the next training
      throw error;
    } finally {
      training = undefined;
    }
    if (!run) return;
    run.test();
    report(run, run.rows.length === MAX_EPOCHS ? "finished" : "paused");
  }

  function report(run: TrainingRun<TrainerEngine>, ended: Progress["ended"]): void {
    const seconds = (performance.now() - since.time) / 1000, progress = progressOf(run, contents);
    const speed = (run.batches - since.batches) / run.batchesPerEpoch / seconds;
    emit({ ...progress, id, speed, ended }, [progress.block.bytes.buffer]);
  }

  return {
    async data({ data, ...numbers }: Pick<Contents, "classes" | "examples"> & {
      readonly data: TrainingData;
    }) {
      contents = { ...await readImages(data), ...numbers };
    },
    /** Trains up to a goal, from the start of a training if one is given, or until it is paused. */
    async train({ goal, start }: {
      readonly goal: Goal;
      readonly start?: { readonly id: number; readonly settings: Hyperparameters };
    }) {
      if (start) {
        run?.engine.close();
        run = undefined;
        const { training } = contents;
        run = new TrainingRun(
          start.settings,
          contents,
          (parameters, data) =>
            new SimdEngine(parameters, data, { threads: data === training ? threads : 1 }),
        );
        id = start.id;
      }
      const { batches, rows, batchesPerEpoch } = run!;
      since = { time: performance.now(), batches };
      const goals = { end: Infinity, epoch: (rows.length + 1) * batchesPerEpoch };
      const wanted = typeof goal === "number" ? batches + goal : goals[goal];
      target = Math.min(wanted, MAX_EPOCHS * batchesPerEpoch);
      await (training ??= trainToTarget());
    },
    pause() {
      target = 0;
    },
    /** The file of the present network, with its test. */
    async save() {
      const data = await (fingerprint ??= identify(contents));
      const bytes = data ? run!.checkpoint(data) : writeParameters(run!.engine.parameters);
      return { bytes, batches: run!.batches, test: run!.test() };
    },
  };
}

/** Counts and digests of the images; undefined where the browser computes no digests. */
async function identify({ training, test }: Contents): Promise<DataFingerprint | undefined> {
  if (!crypto.subtle) return undefined;
  const [trainDigest, testDigest] = await Promise.all([training, test].map(async (images) => {
    return new Uint8Array(await crypto.subtle.digest("SHA-256", imagesBlock(images).bytes));
  }));
  return {
    ...{ trainCount: training.count, trainDigest: trainDigest! },
    ...{ testCount: test.count, testDigest: testDigest! },
  };
}
