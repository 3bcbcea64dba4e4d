// The part of the worker that trains a network on the images of the page.
import { dim, type EpochResult, Indices, SimdEngine, writeParameters } from "../../../mod.ts";
import { seriesOf } from "../../charts/curves.ts";
import { weightScale } from "../../charts/weights.ts";
import { range } from "../../explain/explained_step.ts";
import type { Language } from "../../text/layout.ts";
import type { Settings } from "../../training/settings.ts";
import { parametersBlock, type TrainingData } from "../page_data.ts";
import { drawCurves, MAX_EPOCHS, readImages, trainingLoop, TrainingRun } from "../training_run.ts";
import type { Emit } from "../worker_client.ts";

/** Milliseconds of training between two reports to the page. */
const REPORT_MS = 250;

/** The most threads of a training: more help little in a network like the report's. */
const MAX_THREADS = 4;

/** How far a training is to go: to its last epoch, by an epoch, or by so many batches. */
export type Goal = "end" | "epoch" | number;

/** What the page is told of a training. */
export type Progress = ReturnType<typeof progressOf>;

/** The images, and what the page wants of the training. */
interface TrainerData {
  readonly data: TrainingData;
  readonly settings: Settings;
  /** K, maybe more than the images have. */
  readonly classes: number;
  /** The number of test images to which the page shows the answers. */
  readonly examples: number;
}

/** All that the page shows of a training; `ended` if it goes no further by itself. */
function progressOf(run: TrainingRun, examples: number, ended: boolean) {
  const { batches, batchesPerEpoch, running, tested, rows, engine, testEngine } = run;
  const { parameters } = engine, { W1 } = parameters;
  const first = Indices.of(dim("batch", examples), range(examples));
  testEngine.parameters = parameters;
  const last = Math.max(1, Math.ceil(batches / batchesPerEpoch));
  return {
    ...{ ended, batches, batchesPerEpoch, running, test: tested.quality, epochs: rows.length },
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
  let wanted: TrainerData, run: TrainingRun, due = 0;
  const trainTo = trainingLoop(() => run.batches, () => run.takeBatch(), report);

  function report(ended: boolean): void {
    if (ended) run.test();
    else if (performance.now() < due) return;
    const progress = progressOf(run, wanted.examples, ended);
    emit(progress, [progress.block.bytes.buffer]);
    due = performance.now() + REPORT_MS;
  }

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
      const goals = { end: Infinity, epoch: (rows.length + 1) * batchesPerEpoch };
      const target = typeof goal === "number" ? batches + goal : goals[goal];
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
