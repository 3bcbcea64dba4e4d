// The part of the worker that breaks a rule: it checks the gradients of the step with the mistake,
// and trains a network with it beside the right one, from the same seed on the same batches.
import {
  type AnyParameters,
  type Dim,
  dim,
  DivergenceError,
  Indices,
  type Matrix,
  type Mistake,
  RandomState,
  ReferenceEngine,
  runStep,
  withMistakes,
} from "../../../mod.ts";
import { type Series, TEST_DASHES } from "../../charts/curves.ts";
import { entriesToCheck, layerChecks } from "../../checks/layer_checks.ts";
import { range } from "../../explain/explained_step.ts";
import { crossEntropy, meanLoss, oneHot } from "../../network/softmax_cross_entropy.ts";
import { lazyStep, type MatrixSymbol } from "../../network/step.ts";
import { type Language, t, type Text } from "../../text/layout.ts";
import { countCorrect } from "../../training/classify.ts";
import type { TrainingData } from "../page_data.ts";
import {
  drawCurves,
  type History,
  type Images,
  type PageEngine,
  readImages,
  trainingLoop,
  TrainingRun,
} from "../train/trainer.ts";
import type { Emit } from "../worker_client.ts";
import { BREAK_SETTINGS, brokenRules } from "./rules.ts";

/** The most entries of a gradient that are checked: the largest, and as many others. */
const ENTRIES = 16;

/** Losses of the broken network from here on need a logarithmic axis: guessing has ln 10. */
const LARGE_LOSS = 6;

/** The four curves: greys, as colours stand for signs on this page, and dashes tell them apart. */
const CURVES = [
  ["right", "running", "text", undefined, t("✓ right, training images", "✓ 正しい（訓練画像）")],
  ["right", "test", "text", TEST_DASHES, t("✓ right, test images", "✓ 正しい（テスト画像）")],
  ["broken", "running", "faint", "1.5 3", t("✗ broken, training images", "✗ 誤り（訓練画像）")],
  ["broken", "test", "faint", "10 3 1.5 3", t("✗ broken, test images", "✗ 誤り（テスト画像）")],
] as const;

/** What the page is told before the first epoch and after each. */
export type BreakProgress = ReturnType<Comparison["progress"]>;

/** Trains with one rule broken. */
export function breaker(emit: Emit<BreakProgress>) {
  let comparison: Comparison;
  const trainTo = trainingLoop(
    () => comparison.epoch,
    () => comparison.takeEpoch(),
    (ended) => emit(comparison.progress(ended)),
  );
  return {
    async data({ rule, data }: { readonly rule: string; readonly data: TrainingData }) {
      const { training, test } = await readImages(data);
      const first = (images: Images, count: number) => images.first(Math.min(count, images.count));
      comparison = new Comparison(
        first(training, BREAK_SETTINGS.trainImages),
        first(test, BREAK_SETTINGS.testImages),
        brokenRules().find(({ id }) => id === rule)!.mistakes,
      );
    },
    /** Trains for so many epochs more; 0 pauses. */
    train: (epochs: number) => trainTo(Math.min(comparison.epoch + epochs, BREAK_SETTINGS.epochs)),
  };
}

/** The right network, and one with mistakes in its training step. */
export class Comparison {
  readonly right: TrainingRun;
  readonly broken: TrainingRun;
  readonly checks: ReturnType<Comparison["check"]>;
  hasDiverged = false;

  constructor(training: Images, test: Images, readonly mistakes: readonly Mistake[]) {
    const batchSize = Math.min(BREAK_SETTINGS.batchSize, training.count), { classes } = training;
    const start = (engineOf?: (parameters: AnyParameters, images: Images) => PageEngine) =>
      new TrainingRun({ ...BREAK_SETTINGS, batchSize }, { training, test, classes }, engineOf);
    this.right = start();
    this.broken = start((parameters, images) => new BrokenEngine(parameters, images, mistakes));
    this.checks = this.check();
  }

  /** The number of epochs so far. */
  get epoch(): number {
    return this.right.rows.length;
  }

  /** Trains each for an epoch more. */
  takeEpoch(): void {
    this.right.takeEpoch();
    try {
      if (!this.hasDiverged) this.broken.takeEpoch();
    } catch (error) {
      if (!(error instanceof DivergenceError)) throw error;
      this.hasDiverged = true;
    }
  }

  /** What both have reached; of the broken one nothing after it has diverged. */
  progress(ended: boolean) {
    const { epoch, checks, right, broken, hasDiverged } = this;
    return {
      ...{ ended, epoch, checks, right: right.tested.quality },
      broken: hasDiverged ? undefined : broken.tested.quality,
      curves: curvesOf({ right: right.history, broken: broken.history }),
    };
  }

  /**
   * Every gradient of the broken step beside its finite differences, as `gradcheck` compares them,
   * and beside that of the right step.
   */
  check() {
    const { learningRate, seed, checkedImages } = BREAK_SETTINGS, random = new RandomState(seed);
    const { parameters, data } = this.right.engine;
    const B = dim("batch", Math.min(checkedImages, data.count));
    const batch = data.batch(Indices.of(B, range(B)));
    const right = runStep(parameters, batch, learningRate);
    return layerChecks(parameters, batch, {
      replaced: withMistakes(...this.mistakes),
      learningRate,
    })
      .filter(({ part }) => part !== "network") // which `backward` computes, without mistakes
      .map(({ name, analytic, compare }) => {
        const found = compare(entriesToCheck(analytic, ENTRIES, random));
        const symbol = name.split(" ")[1] as MatrixSymbol, isWrong = found.verdict === "wrong";
        return { ...found, symbol, isWrong, right: right[symbol].at(found.row, found.column) };
      });
  }
}

/** The curves of both networks; those of the broken one end where it diverged. */
export function curvesOf(histories: Readonly<Record<"right" | "broken", History>>): Text {
  const series = (lang: Language) =>
    CURVES.map(([network, half, colour, dashes, name]): Series => ({
      ...{ label: name[lang], colour, dashes },
      points: histories[network].flatMap(({ epoch, [half]: quality }) =>
        quality ? [{ epoch, quality }] : []
      ),
    })).filter(({ points }) => points.length > 0);
  const log = histories.broken.some(({ running }) => running && running.crossEntropy > LARGE_LOSS);
  return drawCurves(series, { log, epochs: [0, BREAK_SETTINGS.epochs] });
}

/**
 * Trains with mistakes in the step. The scores are computed with the mistakes too, as the program
 * that has them would; losses and correct predictions are those for the right labels. Without
 * mistakes it has the bits of the other engines.
 */
export class BrokenEngine extends ReferenceEngine<Dim<"inputs">, Dim<"hidden">, Dim<"classes">> {
  constructor(parameters: AnyParameters, data: Images, readonly mistakes: readonly Mistake[]) {
    super(parameters, data);
  }

  override step<B extends number>(indices: Indices<B> | ArrayLike<number>, learningRate: number) {
    const batch = this.data.batch<B>(indices), { labels } = batch;
    const step = runStep(this.parameters, batch, learningRate, withMistakes(...this.mistakes));
    this.parameters = { W1: step["W1'"], b1: step["b1'"], W2: step["W2'"], b2: step["b2'"] };
    const losses = crossEntropy(step.A2, oneHot(step.A2, labels));
    return { crossEntropy: meanLoss(losses).at(0, 0), correct: countCorrect(step.A2, labels) };
  }

  override scores<B extends number>(indices: Indices<B>) {
    const given = { ...this.data.batch(indices), ...this.parameters };
    const { A2 } = lazyStep(given, withMistakes(...this.mistakes) as never);
    return A2 as unknown as Matrix<Dim<"classes">, B>;
  }
}
