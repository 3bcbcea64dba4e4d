// The worker that trains a broken network beside the right one.
import { BREAK_SETTINGS } from "../break/break_settings.ts";
import { brokenRule } from "../break/broken_rules.ts";
import { Comparison, type EpochState, type Images } from "../break/broken_run.ts";
import { drawBroken } from "../break/broken_curves.ts";
import { readDataset } from "../dataset_npz.ts";
import type { BreakMessage, BreakRequest } from "./break_messages.ts";
import { wordsOf } from "../../errors.ts";
import type { TrainingData } from "../../page_data.ts";
import { nextTask } from "./worker_threads.ts";

/** Milliseconds of computing between two looks for requests. */
const SLICE_MS = 30;

let comparison: Comparison | undefined;
/** Both networks before training and after each epoch. */
let epochs: EpochState[] = [];
let run: AsyncGenerator<EpochState | undefined, void, void> | undefined;
/** The number of requests so far: each ends the training before it. */
let turn = 0;
/** The last request that chose a rule, and the last of those that has been answered. */
let latestChoice = 0, choice = 0;
let queue: Promise<void> = Promise.resolve();

/** Answers requests from now on. */
export function startBreaker(): void {
  self.onmessage = ({ data: request }: MessageEvent<BreakRequest>) => {
    const mine = ++turn;
    if (request.type === "choose") latestChoice = mine;
    queue = queue.then(() => handle(request, mine)).catch((error) => {
      send({ type: "error", request: mine, error: wordsOf(error) });
    });
  };
}

async function handle(request: BreakRequest, mine: number): Promise<void> {
  switch (request.type) {
    case "data":
      comparison = await load(request.data);
      return;
    case "choose":
      return await choose(request.rule, mine);
    case "train":
      return await trainFor(request.epochs, mine);
    case "pause":
      return; // the training has ended already
  }
}

function send(message: BreakMessage): void {
  self.postMessage(message);
}

async function load({ train, test }: TrainingData): Promise<Comparison> {
  const { trainImages, testImages } = BREAK_SETTINGS;
  const first = async (file: Blob, count: number): Promise<Images> => {
    const data = readDataset(new Uint8Array(await file.arrayBuffer()));
    return data.first(Math.min(count, data.count));
  };
  return new Comparison(await first(train, trainImages), await first(test, testImages));
}

async function choose(id: string, mine: number): Promise<void> {
  if (mine < latestChoice) return; // another rule has been chosen since
  const chosen = brokenRule(id);
  if (!chosen || !comparison) throw new Error(`Cannot break rule ${id}`);
  choice = mine;
  epochs = [];
  run = comparison.run(chosen.mistakes);
  const { value } = await run.next();
  if (value) sendEpoch(value);
  await nextTask();
  if (mine < latestChoice) return;
  send({ type: "checked", request: mine, ...comparison.check(chosen.mistakes) });
}

async function trainFor(count: number, mine: number): Promise<void> {
  let left = count, due = performance.now() + SLICE_MS;
  while (run && mine === turn && left > 0) {
    const { done, value } = await run.next();
    if (done) break;
    if (value) {
      sendEpoch(value);
      left--;
      if (value.epoch === BREAK_SETTINGS.epochs) break;
    }
    if (performance.now() >= due) {
      await nextTask();
      due = performance.now() + SLICE_MS;
    }
  }
  send({ type: "stopped", request: mine });
}

function sendEpoch(state: EpochState): void {
  epochs.push(state);
  const { train, test } = comparison!;
  const curves = { en: drawBroken(epochs, "en"), ja: drawBroken(epochs, "ja") };
  const images = { trainImages: train.count, testImages: test.count, classes: train.classes };
  send({ type: "epoch", request: choice, ...state, curves, ...images });
}
