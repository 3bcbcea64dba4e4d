// The part of the worker that trains a network on the images of the page.
import { type DataFingerprint, type Dataset, type Dim, writeParameters } from "../../../mod.ts";
import { weightScale } from "../../charts/weights.ts";
import { clamp } from "../../math/clamp.ts";
import { ThreadError } from "../../simd/threads.ts";
import { readDataset } from "../dataset_npz.ts";
import { nextTask } from "../in_worker.ts";
import { drawTraining } from "./training_curves.ts";
import { TrainingRun } from "./training_run.ts";
import type { Hyperparameters } from "./training_settings.ts";
import type { Emit } from "../worker_client.ts";
import type { Goal, Progress, Trainer, TrainerData } from "./training.ts";

/** Milliseconds of training between two looks for messages. */
const SLICE_MS = 20;

/**
 * Milliseconds between two reports to the page, and the largest share of the time for them. One
 * that took long, as the whole computer did, must not keep the next one back for long.
 */
const REPORT_MS = 250, MAX_REPORT_MS = 2000, MAX_OVERHEAD = 0.1;

/** The most threads of a training: more help little in a network like the report's. */
const MAX_THREADS = 4;

/** Trains one network at a time. */
export function trainer(emit: Emit<Progress>): Trainer {
  let images: { readonly training: Images; readonly test: Images };
  let options: TrainerData;
  let fingerprint: Promise<DataFingerprint | undefined> | undefined;
  let run: TrainingRun | undefined;
  let threads = crossOriginIsolated ? Math.min(navigator.hardwareConcurrency, MAX_THREADS) : 1;
  /** The number of batches after which the training pauses. */
  let target = 0;
  let training: Promise<void> | undefined;
  /** When the training was started or continued last, and the number of batches then. */
  let since = { time: 0, batches: 0 };

  async function trainToTarget(): Promise<void> {
    try {
      await nextTask(); // the page is to know first that the training has begun
      let due = 0;
      const isDone = (run: TrainingRun) => run.batches >= target || run.isFinished;
      for (let current = run; current && !isDone(current); current = run) {
        const end = performance.now() + SLICE_MS;
        while (!isDone(current) && performance.now() < end) current.takeBatch();
        if (isDone(current)) break;
        const began = performance.now();
        if (began >= due) {
          report(current);
          const now = performance.now();
          due = now + clamp((now - began) / MAX_OVERHEAD, REPORT_MS, MAX_REPORT_MS);
        }
        await nextTask();
      }
    } catch (error) {
      if (error instanceof ThreadError) threads = 1; // of the next training
      throw error;
    } finally {
      training = undefined;
    }
    if (run === undefined) return;
    run.test();
    report(run);
  }

  function report(run: TrainingRun): void {
    const { batches, epochs, batchesPerEpoch, running, tested, guessing, threads } = run;
    const seconds = (performance.now() - since.time) / 1000;
    const { W1, b1, W2, b2 } = run.parameters;
    const entries = [W1.data, b1.data, W2.data, b2.data];
    const sizes = [W1.columns, W1.rows, W2.rows] as const;
    emit({
      ...{ batches, epochs, batchesPerEpoch, running, tested, guessing, threads, sizes, entries },
      speed: (batches - since.batches) / batchesPerEpoch / seconds,
      curves: { en: drawTraining(run, "en").text, ja: drawTraining(run, "ja").text },
      ended: training ? undefined : run.isFinished ? "finished" : "paused",
      weightScale: weightScale(W1, W1.rows),
      answers: run.answers(options.examples),
    }, entries.map(({ buffer }) => buffer));
  }

  return {
    async data(given: TrainerData): Promise<void> {
      const read = async (blob: Blob) => readDataset(new Uint8Array(await blob.arrayBuffer()));
      options = given;
      images = { training: await read(given.data.train), test: await read(given.data.test) };
    },
    start(settings: Hyperparameters): void {
      run?.close();
      run = undefined;
      run = new TrainingRun(settings, { ...images, classes: options.classes, threads });
    },
    async goOn(goal: Goal): Promise<void> {
      const { batches, epochs, batchesPerEpoch } = run!;
      since = { time: performance.now(), batches };
      target = goal === "end"
        ? Infinity
        : goal === "epoch"
        ? (epochs + 1) * batchesPerEpoch
        : batches + goal;
      await (training ??= trainToTarget());
    },
    pause(): void {
      target = 0;
    },
    async save() {
      const data = await (fingerprint ??= identify(images));
      const bytes = data ? run!.checkpoint(data) : writeParameters(run!.parameters);
      return { bytes, batches: run!.batches, test: run!.test() };
    },
  };
}

type Images = Dataset<Dim<"inputs">>;

/** Counts and digests of the images; undefined where the browser computes no digests. */
async function identify(
  { training, test }: { readonly training: Images; readonly test: Images },
): Promise<DataFingerprint | undefined> {
  if (!self.isSecureContext) return undefined;
  return {
    trainCount: training.count,
    trainDigest: await digest(training),
    testCount: test.count,
    testDigest: await digest(test),
  };
}

async function digest({ pixels, labels }: Images): Promise<Uint8Array> {
  const bytes = new Uint8Array(pixels.length + labels.length);
  bytes.set(pixels);
  bytes.set(labels, pixels.length);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}
