// The page's training worker: trains a network on the images of the page.
import { type DataFingerprint, type Dataset, type Dim, writeParameters } from "../../../../mod.ts";
import { weightScale } from "../../../charts/weights.ts";
import { ThreadError } from "../../../simd/threads.ts";
import type { Language } from "../../../text/layout.ts";
import { readDataset } from "../dataset_npz.ts";
import { drawTraining } from "../train/training_curves.ts";
import { TrainingRun } from "../train/training_run.ts";
import type { Hyperparameters } from "../train/training_settings.ts";
import type { DataMessage, Goal, TrainerMessage, TrainerRequest } from "./messages.ts";
import { wordsOf } from "./page_error.ts";
import { nextTask, threadCount } from "./worker_threads.ts";

/** Milliseconds of training between two looks for messages. */
const SLICE_MS = 20;

/** Milliseconds between two reports to the page, and the largest share of the time for them. */
const REPORT_MS = 250, MAX_OVERHEAD = 0.1;

/** The images of the page, and what else does not change from training to training. */
interface TrainerData {
  readonly training: Dataset<Dim<"inputs">>;
  readonly test: Dataset<Dim<"inputs">>;
  readonly classes: number;
  readonly examples: number;
}

let trainerData: TrainerData | undefined;
let fingerprint: Promise<DataFingerprint | undefined> | undefined;
let run: TrainingRun | undefined;
let threads = threadCount();
let language: Language = "en";
/** The number of batches after which the training pauses. */
let target = 0;
let isTraining = false;
/** When the training was started or continued last, and the number of batches then. */
let since = { time: 0, batches: 0 };
/** Epochs per second since then. */
let speed = 0;
let requests = Promise.resolve();

self.onmessage = ({ data }: MessageEvent<TrainerRequest>) => {
  requests = requests.then(() => answer(data)).catch(fail);
};

/** Answers a request; the training itself goes on beside. */
async function answer(request: TrainerRequest): Promise<void> {
  switch (request.type) {
    case "data":
      trainerData = await readImages(request);
      return;
    case "start":
      language = request.language;
      start(request.settings);
      return goOn(request.goal);
    case "continue":
      return goOn(request.goal);
    case "pause":
      target = 0;
      return;
    case "save":
      return await save();
    case "language":
      language = request.language;
      if (run && !isTraining) report(run);
      return;
  }
}

function send(message: TrainerMessage, transfer: Transferable[] = []): void {
  self.postMessage(message, { transfer });
}

async function readImages({ data, classes, examples }: DataMessage): Promise<TrainerData> {
  const read = async (blob: Blob) => readDataset(new Uint8Array(await blob.arrayBuffer()));
  return { training: await read(data.train), test: await read(data.test), classes, examples };
}

function start(settings: Hyperparameters): void {
  run?.close();
  run = undefined;
  if (trainerData === undefined) return; // could not be read
  run = new TrainingRun(settings, { ...trainerData, threads });
  send({ type: "started", images: trainerData.training.count, classes: trainerData.classes });
}

/** Trains up to a goal from where the run is. */
function goOn(goal: Goal | number): void {
  if (run === undefined) return;
  const { batches, epochs, batchesPerEpoch } = run;
  since = { time: performance.now(), batches };
  target = goal === "end"
    ? Infinity
    : goal === "epoch"
    ? (epochs + 1) * batchesPerEpoch
    : batches + (goal === "batch" ? 1 : goal);
  if (!isTraining) trainToTarget().catch(fail);
}

async function trainToTarget(): Promise<void> {
  isTraining = true;
  try {
    let due = 0;
    const isDone = (run: TrainingRun) => run.batches >= target || run.isFinished;
    for (let current = run; current && !isDone(current); current = run) {
      const end = performance.now() + SLICE_MS;
      while (!isDone(current) && performance.now() < end) current.takeBatch();
      if (isDone(current)) break;
      const began = performance.now();
      if (began >= due) {
        measure(current);
        report(current);
        const now = performance.now();
        due = now + Math.max(REPORT_MS, (now - began) / MAX_OVERHEAD);
      }
      await nextTask();
    }
  } finally {
    isTraining = false;
  }
  if (run === undefined) return;
  measure(run);
  run.test();
  report(run);
}

function measure({ batches, batchesPerEpoch }: TrainingRun): void {
  const seconds = (performance.now() - since.time) / 1000;
  speed = (batches - since.batches) / batchesPerEpoch / seconds;
}

/** Sends the progress and the parameters. */
function report(run: TrainingRun): void {
  const { batches, epochs, batchesPerEpoch, running, tested, guessing, threads } = run;
  send({
    type: "progress",
    ...{ batches, epochs, batchesPerEpoch, running, tested, guessing, speed, threads },
    curves: drawTraining(run, language).text,
    ended: isTraining ? undefined : run.isFinished ? "finished" : "paused",
  });
  const { W1, b1, W2, b2 } = run.parameters;
  const entries = [W1.data, b1.data, W2.data, b2.data] as const;
  send({
    type: "parameters",
    sizes: [W1.columns, W1.rows, W2.rows],
    entries,
    weightScale: weightScale(W1, W1.rows),
    answers: run.answers(trainerData!.examples),
  }, entries.map(({ buffer }) => buffer));
}

/** Sends the file of the present network, with its test. */
async function save(): Promise<void> {
  const data = await (fingerprint ??= identify(trainerData!));
  if (run === undefined) return;
  const bytes = data ? run.checkpoint(data) : writeParameters(run.parameters);
  send({ type: "file", bytes, batches: run.batches, test: run.test() }, [bytes.buffer]);
}

/** Counts and digests of the images; undefined where the browser computes no digests. */
async function identify({ training, test }: TrainerData): Promise<DataFingerprint | undefined> {
  if (!self.isSecureContext) return undefined;
  return {
    trainCount: training.count,
    trainDigest: await digest(training),
    testCount: test.count,
    testDigest: await digest(test),
  };
}

async function digest({ pixels, labels }: Dataset<Dim<"inputs">>): Promise<Uint8Array> {
  const bytes = new Uint8Array(pixels.length + labels.length);
  bytes.set(pixels);
  bytes.set(labels, pixels.length);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

/** Ends the training with an error. */
function fail(error: unknown): void {
  if (error instanceof ThreadError) threads = 1; // of the next training
  run?.close();
  run = undefined;
  send({ type: "error", error: wordsOf(error) });
}
