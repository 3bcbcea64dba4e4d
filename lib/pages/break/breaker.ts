// The part of the worker that trains a broken network beside the right one.
import type { TrainingData } from "../page_data.ts";
import { BREAK_SETTINGS } from "./break_settings.ts";
import { drawBroken } from "./broken_curves.ts";
import { brokenRule } from "./broken_rules.ts";
import { Comparison, type EpochState, type Images } from "./broken_run.ts";
import { readDataset } from "../dataset_npz.ts";
import type { Emit } from "../worker_client.ts";
import { nextTask } from "../worker_threads.ts";
import type { Breaker, BrokenEpoch } from "./break_run.ts";

/** Milliseconds of computing between two looks for requests. */
const SLICE_MS = 30;

/** Trains one broken network at a time. */
export function breaker(emit: Emit<BrokenEpoch>): Breaker {
  let comparison: Comparison;
  /** Both networks before training and after each epoch. */
  let epochs: EpochState[] = [];
  let run: AsyncGenerator<EpochState | undefined, void, void>;
  /** The number of requests so far, and that of the last one that chose a rule. */
  let turn = 0, latestChoice = 0;
  let queue: Promise<unknown> = Promise.resolve();

  /** Begins a request after those before it have ended. */
  function inTurn<Answer>(answer: () => Promise<Answer>): Promise<Answer> {
    const answered = queue.then(answer);
    queue = answered.catch(() => {});
    return answered;
  }

  function withCurves(state: EpochState): BrokenEpoch {
    epochs.push(state);
    const { train, test } = comparison;
    const curves = { en: drawBroken(epochs, "en"), ja: drawBroken(epochs, "ja") };
    const counts = { trainImages: train.count, testImages: test.count, classes: train.classes };
    return { ...state, curves, ...counts };
  }

  return {
    async data({ train, test }: TrainingData): Promise<void> {
      const { trainImages, testImages } = BREAK_SETTINGS;
      const first = async (file: Blob, count: number): Promise<Images> => {
        const data = readDataset(new Uint8Array(await file.arrayBuffer()));
        return data.first(Math.min(count, data.count));
      };
      comparison = new Comparison(await first(train, trainImages), await first(test, testImages));
    },
    choose(id: string) {
      const mine = latestChoice = ++turn;
      return inTurn(async () => {
        if (mine < latestChoice) return undefined;
        const { mistakes } = brokenRule(id)!;
        epochs = [];
        run = comparison.run(mistakes);
        const { value } = await run.next();
        await nextTask();
        if (mine < latestChoice) return undefined;
        return { ...comparison.check(mistakes), epoch: withCurves(value!) };
      });
    },
    train(count: number) {
      const mine = ++turn;
      return inTurn(async () => {
        let left = count, due = performance.now() + SLICE_MS;
        while (mine === turn && left > 0) {
          const { done, value } = await run.next();
          if (done) break;
          if (value) {
            emit(withCurves(value));
            left--;
            if (value.epoch === BREAK_SETTINGS.epochs) break;
          }
          if (performance.now() >= due) {
            await nextTask();
            due = performance.now() + SLICE_MS;
          }
        }
      });
    },
    pause(): void {
      turn++;
    },
  };
}
