// The part of the worker that trains a network on the images of the page.
import {
  argmax,
  type DataFingerprint,
  type Dim,
  dim,
  type EpochResult,
  Indices,
  SimdEngine,
  writeParameters,
} from "../../../mod.ts";
import { seriesOf } from "../../charts/curves.ts";
import { weightScale } from "../../charts/weights.ts";
import { range } from "../../explain/explained_step.ts";
import type { Language } from "../../text/layout.ts";
import { imagesBlock, parametersBlock, type TrainingData } from "../page_data.ts";
import {
  drawCurves,
  type Hyperparameters,
  MAX_EPOCHS,
  type PageEngine,
  readImages,
  trainingLoop,
  TrainingRun,
} from "../training_run.ts";
import type { Emit } from "../worker_client.ts";

/** Milliseconds of training between two reports to the page. */
const REPORT_MS = 250;

/** The most threads of a training: more help little in a network like the report's. */
const MAX_THREADS = 4;

/** How far a training is to go: to its last epoch, by an epoch, or by so many batches. */
export type Goal = "end" | "epoch" | number;

/** What the page is told of a training. */
export type Progress = ReturnType<typeof progressOf> & {
  /** Whether it goes no further by itself. */
  readonly ended: boolean;
};

/** The images, and what the page wants of the training. */
interface TrainerData {
  readonly data: TrainingData;
  readonly settings: Hyperparameters;
  /** K, maybe more than the images have. */
  readonly classes: number;
  /** The number of test images to which the page shows the answers. */
  readonly examples: number;
}

type TrainerRun = TrainingRun<SimdEngine<Dim<"inputs">, Dim<"hidden">, Dim<"classes">>>;

/** All that the page shows of a training. */
function progressOf(run: TrainerRun, examples: number) {
  const { batches, batchesPerEpoch, running, tested, rows, engine, testEngine } = run;
  const { parameters } = engine, { W1 } = parameters;
  const first = Indices.of(dim("batch", examples), range(examples));
  testEngine.parameters = parameters;
  const last = Math.max(1, Math.ceil(batches / batchesPerEpoch));
  return {
    ...{ batches, batchesPerEpoch, running, test: tested.quality, epochs: rows.length },
    isFinished: rows.length === MAX_EPOCHS,
    curves: drawCurves((lang) => trainingSeries(run, lang), { epochs: [0, last] }),
    answers: Uint8Array.from(argmax(testEngine.scores(first))),
    weightScale: weightScale(W1, W1.rows), // which takes long for many weights
    block: parametersBlock(parameters),
  };
}

/** The curves of a training, and of its tests from before the first batch on. */
export function trainingSeries(run: TrainingRun<PageEngine>, lang: Language) {
  const { batches, batchesPerEpoch, rows, running, tested } = run;
  const epoch = Number((batches / batchesPerEpoch).toFixed(2));
  const test = tested.batches === batches ? tested.quality : undefined;
  const unfinished = batches > rows.length * batchesPerEpoch ? [{ epoch, running, test }] : [];
  return seriesOf([...run.history, ...unfinished] as readonly EpochResult[], lang);
}

/** Trains one network. */
export function trainer(emit: Emit<Progress>) {
  let run: TrainerRun, examples: number, due = 0;
  const trainTo = trainingLoop(() => run.batches, () => run.takeBatch(), report);

  function report(ended: boolean): void {
    if (ended) run.test();
    else if (performance.now() < due) return;
    const progress = progressOf(run, examples);
    emit({ ...progress, ended }, [progress.block.bytes.buffer]);
    due = performance.now() + REPORT_MS;
  }

  return {
    async data({ data, settings, classes, ...wanted }: TrainerData) {
      const images = await readImages(data), { training } = images;
      const all = crossOriginIsolated ? Math.min(navigator.hardwareConcurrency, MAX_THREADS) : 1;
      run = new TrainingRun(settings, { ...images, classes }, (parameters, data) => {
        return new SimdEngine(parameters, data, { threads: data === training ? all : 1 });
      });
      examples = wanted.examples;
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
      const { batches, engine: { parameters } } = run, data = await fingerprint(run);
      // what the browser cannot identify cannot be resumed
      const bytes = data ? run.checkpoint(data) : writeParameters(parameters);
      return { bytes, batches };
    },
  };
}

/** Counts and digests of the images; undefined where the browser computes no digests. */
async function fingerprint(run: TrainerRun): Promise<DataFingerprint | undefined> {
  if (!crypto.subtle) return undefined;
  const [training, test] = [run.engine.data, run.testEngine.data];
  const [trainDigest, testDigest] = await Promise.all([training, test].map(async (images) => {
    return new Uint8Array(await crypto.subtle.digest("SHA-256", imagesBlock(images).bytes));
  }));
  return {
    ...{ trainCount: training.count, trainDigest: trainDigest! },
    ...{ testCount: test.count, testDigest: testDigest! },
  };
}
