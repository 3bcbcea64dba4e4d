// Two networks that are trained side by side, from the same seed on the same batches: the right one
// and one with mistakes in its training step.
import {
  type AnyParameters,
  type Dim,
  dim,
  DivergenceError,
  Indices,
  Matrix,
  type Mistake,
  RandomState,
  runStep,
  type RunTimeMatrix,
  withMistakes,
} from "../../../mod.ts";
import { drawUnit, weightScale } from "../../charts/weights.ts";
import { entriesToCheck, GRADIENT_BOUND, layerChecks } from "../../checks/layer_checks.ts";
import { maxAbs } from "../../math/max_abs.ts";
import { crossEntropy, meanLoss, oneHot } from "../../network/softmax_cross_entropy.ts";
import { lazyStep, type MatrixSymbol, type RunTimeReplacements } from "../../network/step.ts";
import { type RunHashes, runHashes } from "../../storage/run_hash.ts";
import { countCorrect, predictedClasses } from "../../training/classify.ts";
import {
  fastEngine,
  type Images,
  type PageEngine,
  qualityOf,
  TrainingRun,
} from "../training_run.ts";
import { BREAK_SETTINGS } from "./rule_words.ts";

/** The hidden units whose weights are shown: the first ones. */
const UNITS = 6;

/** The most entries of a gradient that are compared: the largest, and as many others. */
const ENTRIES = 16;

/** The gradients of the layers; those of the whole network come after them. */
const LAYER_GRADIENTS = 7;

/** Both networks after an epoch; the broken one is undefined after it has diverged. */
export interface EpochState {
  readonly epoch: number;
  readonly right: NetworkState;
  readonly broken: NetworkState | undefined;
  /** Of the right network, as `train --hash` prints them; undefined before training. */
  readonly hashes: RunHashes | undefined;
}

/** A network: means over the batches of the epoch, its test, and images of some of its weights. */
export type NetworkState = ReturnType<typeof stateOf>;

/** The right network, whose epochs are computed once, and what both networks start from. */
export class Comparison {
  readonly #right: TrainingRun<PageEngine>;
  readonly #initial: AnyParameters;
  /** The right network after each epoch so far. */
  readonly #states: Pick<EpochState, "right" | "hashes">[] = [];
  #rightCheck: ReturnType<typeof checkStep> | undefined;

  constructor(readonly training: Images, readonly test: Images) {
    this.#right = this.#start(fastEngine);
    this.#initial = this.#right.engine.parameters;
  }

  /** Checks the gradients of a step with mistakes, and of the right step. */
  check(mistakes: readonly Mistake[]) {
    this.#rightCheck ??= checkStep(this.#initial, this.training, []);
    return {
      right: this.#rightCheck,
      broken: checkStep(this.#initial, this.training, mistakes),
    };
  }

  /**
   * Trains a network with mistakes beside the right one; yields undefined after each batch, and
   * both before the first epoch and after each.
   */
  async *run(mistakes: readonly Mistake[]): AsyncGenerator<EpochState | undefined, void, void> {
    const run = this.#start((parameters, data) => new BrokenEngine(parameters, data, mistakes));
    let broken: NetworkState | undefined;
    for (let epoch = 0; epoch <= BREAK_SETTINGS.epochs; epoch++) {
      const right = await this.#rightAfter(epoch);
      try {
        for (; broken && run.rows.length < epoch; yield undefined) run.takeBatch();
        if (broken || epoch === 0) broken = stateOf(run);
      } catch (error) {
        if (!(error instanceof DivergenceError)) throw error;
        broken = undefined;
      }
      yield { epoch, ...right, broken };
    }
  }

  async #rightAfter(epoch: number) {
    const run = this.#right;
    while (this.#states.length <= epoch) {
      while (run.rows.length < this.#states.length) run.takeBatch();
      const { running, engine: { parameters } } = run;
      // there are no digests in a page that was loaded without https
      const isHashed = running !== undefined && crypto.subtle !== undefined;
      const hashes = isHashed ? await runHashes(parameters, running.crossEntropy) : undefined;
      this.#states.push({ right: stateOf(run), hashes });
    }
    return this.#states[epoch]!;
  }

  #start(engineOf: (parameters: AnyParameters, data: Images) => PageEngine) {
    const batchSize = Math.min(BREAK_SETTINGS.batchSize, this.training.count);
    const { training, test } = this, { classes } = training;
    return new TrainingRun({ ...BREAK_SETTINGS, batchSize }, { training, test, classes }, engineOf);
  }
}

function stateOf({ engine, running, tested }: TrainingRun<PageEngine>) {
  const { W1 } = engine.parameters, scale = weightScale(W1, W1.rows), { size } = engine.data;
  const units = Array.from(
    { length: Math.min(UNITS, W1.rows) },
    (_, unit) => drawUnit(W1, unit, size, scale),
  );
  return { train: running ?? qualityOf(engine), test: tested.quality, units };
}

/** The functions of a step with mistakes, in which products with blank pixels are left out. */
const replacements = (mistakes: readonly Mistake[]): RunTimeReplacements => ({
  A1: ({ W1, b1, X }) => sparseProduct(W1, X.transposed).plusColumn(b1 as never),
  dW1: ({ dA1, X }) => sparseProduct(dA1, X),
  ...withMistakes(...mistakes) as unknown as RunTimeReplacements,
});

/**
 * A Sᵀ, with the same bits, for S of which most is 0 as X is, in a fifth of the time: a product
 * with 0 leaves a sum as it is, as long as A is finite.
 */
function sparseProduct(A: RunTimeMatrix, S: RunTimeMatrix): RunTimeMatrix {
  const product = Matrix.zeros(A.rows, S.rows), { columns } = S, columnsOfEntries = [];
  for (let j = 0; j < S.rows; j++) {
    const row = S.data.subarray(j * columns, (j + 1) * columns);
    columnsOfEntries.length = 0;
    for (let k = 0; k < columns; k++) if (row[k] !== 0) columnsOfEntries.push(k);
    for (let i = 0; i < A.rows; i++) {
      let sum = 0;
      for (const k of columnsOfEntries) sum += A.data[i * columns + k]! * row[k]!;
      product.data[i * S.rows + j] = sum;
    }
  }
  return product;
}

/**
 * Trains with mistakes in the step. The scores are computed with the mistakes too, as the program
 * that has them would; losses and correct predictions are those for the right labels. Without
 * mistakes it has the bits of the other engines.
 */
export class BrokenEngine implements PageEngine {
  readonly classes: Dim<"classes">;
  readonly #replaced: RunTimeReplacements;

  constructor(
    public parameters: AnyParameters,
    readonly data: Images,
    mistakes: readonly Mistake[],
  ) {
    this.classes = parameters.W2.rows;
    this.#replaced = replacements(mistakes);
  }

  step<B extends number>(indices: Indices<B>, learningRate: number) {
    const batch = this.data.batch(indices), { labels } = batch;
    const step = runStep(this.parameters, batch, learningRate, this.#replaced as never);
    this.parameters = { W1: step["W1'"], b1: step["b1'"], W2: step["W2'"], b2: step["b2'"] };
    const losses = crossEntropy(step.A2, oneHot(step.A2, labels));
    return { crossEntropy: meanLoss(losses).at(0, 0), correct: countCorrect(step.A2, labels) };
  }

  predictionsAndLosses<B extends number>(indices: Indices<B>) {
    const batch = this.data.batch(indices);
    const step = lazyStep({ ...batch, ...this.parameters }, this.#replaced);
    const A2 = step.A2 as unknown as Matrix<Dim<"classes">, B>;
    const losses = crossEntropy(A2, oneHot(A2, batch.labels));
    return { predictions: predictedClasses(A2), losses };
  }
}

/**
 * Every gradient of a step beside its finite differences, as `gradcheck` compares them, and of the
 * quantities with a mistake the one that differs most from the correct step's.
 */
function checkStep(
  parameters: AnyParameters,
  images: Images,
  mistakes: readonly Mistake[],
) {
  const { learningRate, seed, checkedImages } = BREAK_SETTINGS, random = new RandomState(seed);
  const B = dim("batch", Math.min(checkedImages, images.count));
  const batch = images.batch(Indices.of(B, Array.from({ length: B }, (_, i) => i)));
  const replaced = replacements(mistakes) as never;
  // `backward` has no mistakes: without any, the parameters' gradients by the loss of the whole
  // network are checked too
  const gradients = layerChecks(parameters, batch, { replaced, learningRate })
    .filter(({ part }) => part !== "network" || mistakes.length === 0)
    .map(({ name, analytic, compare }) => {
      const found = compare(entriesToCheck(analytic, ENTRIES, random));
      const isWrong = found.verdict === "wrong";
      return { ...found, isWrong, symbol: name.split(" ")[1] as MatrixSymbol };
    });
  const right = runStep(parameters, batch, learningRate);
  const broken = runStep(parameters, batch, learningRate, replaced);
  const differences = mistakes.map(({ quantity: symbol }) => {
    const a = right[symbol].data, b = broken[symbol].data;
    return { symbol, error: maxAbs(a.map((x, i) => x - b[i]!)) / maxAbs(a) };
  });
  return {
    gradients: gradients.slice(0, LAYER_GRADIENTS),
    /** The first that is wrong; undefined if the check passes. */
    wrong: gradients.find(({ isWrong }) => isWrong),
    /** The greatest error of the gradients that are right, and that which the check allows. */
    error: Math.max(...gradients.filter(({ isWrong }) => !isWrong).map(({ error }) => error)),
    bound: GRADIENT_BOUND,
    difference: differences.toSorted((a, b) => b.error - a.error)[0],
  };
}
