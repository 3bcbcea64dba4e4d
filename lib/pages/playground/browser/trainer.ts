/// <reference lib="dom" />
/**
 * The page's training worker: trains a network on the images of the page.
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
  REPORT_SETTINGS,
  SimdEngine,
  train,
  writeParameters,
} from "../../../../mod.ts";
import type { Quality } from "../../../storage/history.ts";
import { weightScale } from "../../../charts/weights.ts";
import { readDataset } from "../dataset_npz.ts";
import type { TrainingMessage, TrainingRequest } from "./messages.ts";
import { type ErrorWords, wordsOf } from "./page_error.ts";

/** The longest training in the report. */
const EPOCHS = 10_000;

/** Milliseconds between two messages. */
const PROGRESS_INTERVAL = 100, PARAMETERS_INTERVAL = 250;

/** Largest share of the time that may be spent on sending parameters. */
const MAX_OVERHEAD = 0.1;

self.onmessage = async ({ data }: MessageEvent<TrainingRequest>) => {
  try {
    const images = new Uint8Array(await data.data.train.arrayBuffer());
    run(data, readDataset(images));
  } catch (error) {
    send({ type: "error", error: errorWords(error) });
  }
};

function send(message: TrainingMessage, transfer: Transferable[] = []): void {
  self.postMessage(message, { transfer });
}

/** Trains until the page terminates this worker, all epochs have passed, or the loss diverges. */
function run(request: TrainingRequest, data: Dataset<Dim<"inputs">>): void {
  const { learningRate, seed } = request;
  const random = new RandomState(seed);
  const hidden = dim("hidden", request.hidden), classes = dim("classes", request.classes);
  const parameters = initialise(data.inputs, hidden, classes, random);
  const engine = new SimdEngine(parameters, data);
  const { size, pixels, labels } = request.examples;
  const examplesEngine = new SimdEngine(parameters, Dataset.of(size, pixels, labels));
  send({ type: "started", images: data.count, classes });

  const start = performance.now();
  const secondsAt = (now: number) => (now - start) / 1000;
  let progressDue = start, parametersDue = start, finished: Quality[] = [];
  const batchSize = Math.min(REPORT_SETTINGS.batchSize, data.count);
  const progress = train(engine, random, { epochs: EPOCHS, batchSize, learningRate });
  for (const { event, crossEntropy, accuracy } of progress) {
    const now = performance.now(), quality = { crossEntropy, accuracy };
    if (event === "epoch") finished.push(quality);
    if (now >= progressDue) {
      const running = event === "epoch" ? undefined : quality;
      send({ type: "progress", finished, running, seconds: secondsAt(now) });
      finished = [];
      progressDue = now + PROGRESS_INTERVAL;
    }
    if (now >= parametersDue) {
      sendParameters(engine, examplesEngine);
      const cost = performance.now() - now;
      parametersDue = now + Math.max(PARAMETERS_INTERVAL, cost / MAX_OVERHEAD);
    }
  }
  const seconds = secondsAt(performance.now());
  send({ type: "progress", finished, running: undefined, seconds });
  sendParameters(engine, examplesEngine);
  send({ type: "finished" });
}

type AnyEngine = SimdEngine<Dim<"inputs">, Dim<"hidden">, Dim<"classes">>;

function sendParameters({ parameters }: AnyEngine, examplesEngine: AnyEngine): void {
  examplesEngine.parameters = parameters;
  const { correct } = evaluate(examplesEngine);
  const npz = writeParameters(parameters), { W1 } = parameters;
  send({ type: "parameters", npz, weightScale: weightScale(W1, W1.rows), correct }, [npz.buffer]);
}

function errorWords(error: unknown): ErrorWords {
  if (typeof WebAssembly === "undefined" || error instanceof WebAssembly.CompileError) {
    return { text: "error.simd" };
  }
  return wordsOf(error);
}
