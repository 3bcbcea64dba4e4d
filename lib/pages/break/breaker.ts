// The part of the worker that trains a broken network beside the right one.
import { type Series, TEST_DASHES } from "../../charts/curves.ts";
import { type Language, t } from "../../text/layout.ts";
import { readImages, type TrainingData } from "../page_data.ts";
import { drawCurves } from "../train/trainer.ts";
import { type Images, nextTask } from "../training_run.ts";
import type { Emit } from "../worker_client.ts";
import { brokenRule } from "./broken_rules.ts";
import { Comparison, type EpochState } from "./comparison.ts";
import { BREAK_SETTINGS } from "./rule_words.ts";

/** Milliseconds of computing between two looks for requests. */
const SLICE_MS = 30;

/** Losses of the broken network from here on need a logarithmic axis: guessing has ln 10. */
const LARGE_LOSS = 6;

/** The four curves: greys, as colours stand for signs on this page, and dashes tell them apart. */
const CURVES = [
  ["right", "train", "text", undefined, t("✓ right, training images", "✓ 正しい（訓練画像）")],
  ["right", "test", "text", TEST_DASHES, t("✓ right, test images", "✓ 正しい（テスト画像）")],
  ["broken", "train", "faint", "1.5 3", t("✗ broken, training images", "✗ 誤り（訓練画像）")],
  ["broken", "test", "faint", "10 3 1.5 3", t("✗ broken, test images", "✗ 誤り（テスト画像）")],
] as const;

/** An epoch of both networks, with the curves so far, and with the checks before the first. */
export type BreakEvent = ReturnType<typeof withCurves> & {
  readonly rule: string;
  readonly session: number;
  readonly checks: ReturnType<Comparison["check"]> | undefined;
};

/** Trains one broken network at a time. */
export function breaker(emit: Emit<BreakEvent>) {
  let comparison: Comparison, run: ReturnType<Comparison["run"]>;
  /** The rule, the training's number, and both networks before it and after each epoch. */
  let rule: string, session = 0, epochs: EpochState[];
  let requests = 0, queue: Promise<void> = Promise.resolve();

  function report(state: EpochState, checks?: BreakEvent["checks"]): void {
    epochs.push(state);
    emit({ ...withCurves(epochs), rule, session, checks });
  }

  return {
    async data(data: TrainingData) {
      const { training, test } = await readImages(data),
        { trainImages, testImages } = BREAK_SETTINGS;
      const first = (data: Images, count: number) => data.first(Math.min(count, data.count));
      comparison = new Comparison(first(training, trainImages), first(test, testImages));
    },
    /** Trains for so many epochs, another session from the start, until there is another request. */
    train(asked: { readonly epochs: number; readonly rule: string; readonly session: number }) {
      const request = ++requests;
      const answer = queue.then(async () => {
        if (session !== asked.session) {
          const { mistakes } = brokenRule(asked.rule);
          run = comparison.run(mistakes);
          const { value } = await run.next();
          await nextTask();
          if (request !== requests) return; // another rule may have been chosen
          [rule, session, epochs] = [asked.rule, asked.session, []];
          report(value!, comparison.check(mistakes));
        }
        for (let due = 0, count = asked.epochs; request === requests && count > 0;) {
          const { done, value } = await run.next();
          if (done) return;
          if (value) {
            report(value);
            count--;
          }
          if (performance.now() < due) continue;
          await nextTask();
          due = performance.now() + SLICE_MS;
        }
      });
      queue = answer.catch(() => {});
      return answer;
    },
  };
}

/** The last epoch, with the curves of all; those of the broken network end where it diverged. */
export function withCurves(epochs: readonly EpochState[]) {
  const series = (lang: Language) =>
    CURVES.map(([network, half, colour, dashes, name]): Series => ({
      label: name[lang],
      colour,
      dashes,
      points: epochs.flatMap(({ epoch, [network]: state }) =>
        state ? [{ epoch, quality: state[half] }] : []
      ),
    }));
  const log = epochs.some(({ broken }) => broken && broken.train.crossEntropy > LARGE_LOSS);
  const curves = drawCurves(series, { log, epochs: [0, BREAK_SETTINGS.epochs] });
  return { ...epochs.at(-1)!, curves };
}
