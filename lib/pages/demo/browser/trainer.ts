/// <reference lib="dom" />
/**
 * The page's background: trains a network on the images that lie beside the page, and tells how it goes.
 *
 * @module
 */

import {
  Dataset,
  type Dim,
  dim,
  evaluate,
  initialise,
  RandomState,
  SimdEngine,
  train,
  writeParameters,
} from "../../../../mod.ts";
import type { Quality } from "../../../storage/history.ts";
import { fullColour } from "../../../charts/weights.ts";
import { readDataset } from "../dataset_npz.ts";
import type { TrainingNews, TrainingOrder } from "./messages.ts";

/** The report's: how long it trained, and examples of a batch. */
const EPOCHS = 10_000, BATCH = 100;

/** Milliseconds between two pieces of news. */
const NEWS_EVERY = 100, PARAMETERS_EVERY = 250;

/** Parameters are sent so seldom that no more than this share of the time goes into it. */
const MOST_OVERHEAD = 0.1;

self.onmessage = async ({ data }: MessageEvent<TrainingOrder>) => {
  try {
    learn(data, await loadTrainingSet());
  } catch (error) {
    tell({ kind: "failure", words: inWords(error) });
  }
};

function tell(news: TrainingNews, transfer: Transferable[] = []): void {
  self.postMessage(news, { transfer });
}

async function loadTrainingSet(): Promise<Dataset<Dim<"inputs">>> {
  const response = await fetch("train.npz");
  if (!response.ok) throw new Error(`Cannot load the training images: status ${response.status}`);
  return readDataset(new Uint8Array(await response.arrayBuffer()));
}

/** Trains until the page ends this worker, all epochs are done, or the loss diverges. */
function learn(order: TrainingOrder, data: Dataset<Dim<"inputs">>): void {
  const { learningRate, seed } = order;
  const random = new RandomState(seed);
  const hidden = dim("hidden", order.hidden), classes = dim("classes", order.classes);
  const parameters = initialise(data.inputs, hidden, classes, random);
  const engine = new SimdEngine(parameters, data);
  const { size, pixels, labels } = order.examples;
  const examiner = new SimdEngine(parameters, Dataset.of(size, pixels, labels));
  tell({ kind: "begun", images: data.count, classes });

  const start = performance.now();
  const secondsAt = (now: number) => (now - start) / 1000;
  let newsDue = start, parametersDue = start, ended: Quality[] = [];
  const settings = { epochs: EPOCHS, batchSize: Math.min(BATCH, data.count), learningRate };
  for (const { event: done, crossEntropy, accuracy } of train(engine, random, settings)) {
    const now = performance.now(), quality = { crossEntropy, accuracy };
    if (done === "epoch") ended.push(quality);
    if (now >= newsDue) {
      const running = done === "epoch" ? undefined : quality;
      tell({ kind: "progress", ended, running, seconds: secondsAt(now) });
      ended = [];
      newsDue = now + NEWS_EVERY;
    }
    if (now >= parametersDue) {
      tellParameters(engine, examiner);
      const cost = performance.now() - now;
      parametersDue = now + Math.max(PARAMETERS_EVERY, cost / MOST_OVERHEAD);
    }
  }
  tell({ kind: "progress", ended, running: undefined, seconds: secondsAt(performance.now()) });
  tellParameters(engine, examiner);
  tell({ kind: "finished" });
}

type AnyEngine = SimdEngine<Dim<"inputs">, Dim<"hidden">, Dim<"classes">>;

function tellParameters({ parameters }: AnyEngine, examiner: AnyEngine): void {
  examiner.parameters = parameters;
  const { correct, crossEntropy } = evaluate(examiner);
  if (!Number.isFinite(crossEntropy)) return; // one of the next batches will find that too
  const npz = writeParameters(parameters);
  const full = fullColour(parameters.W1, parameters.W1.rows);
  tell({ kind: "parameters", npz, fullColour: full, correct }, [npz.buffer]);
}

function inWords(error: unknown): string {
  if (typeof WebAssembly === "undefined" || error instanceof WebAssembly.CompileError) {
    return "Cannot train here: this browser has no WebAssembly with SIMD";
  }
  return error instanceof Error ? error.message : String(error);
}
