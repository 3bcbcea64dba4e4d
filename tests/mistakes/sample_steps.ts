/** Steps in which mistakes are made, and what the checks of the project say to them. */
import { layerChecks } from "../../lib/checks/layer_checks.ts";
import {
  type AnyMatrix,
  type Batch,
  type Dim,
  dim,
  Indices,
  initialise,
  Matrix,
  type Mistake,
  type Parameters,
  RandomState,
  runStep,
  withMistakes,
} from "../../mod.ts";

/** A network, a batch and a learning rate. */
export interface SampleStep {
  readonly name: "ordinary" | "square" | "large scores";
  readonly parameters: Parameters<Dim<"inputs">, Dim<"hidden">, Dim<"classes">>;
  readonly batch: Batch<Dim<"inputs">, Dim<"batch">>;
  readonly learningRate: number;
}

/**
 * A step in which all sizes differ, one in which all are equal, and one in which powers of e
 * overflow and underflow. The images of all are square.
 */
export function sampleSteps(seed: number): readonly SampleStep[] {
  const ordinary = sampleStep("ordinary", seed, [9, 4, 3, 5]);
  return [ordinary, sampleStep("square", seed, [4, 4, 4, 4]), withLargeScores(ordinary)];
}

function sampleStep(
  name: SampleStep["name"],
  seed: number,
  [D, M, K, B]: readonly [number, number, number, number],
): SampleStep {
  const random = new RandomState(seed);
  const inputs = dim("inputs", D), batch = dim("batch", B);
  const parameters = initialise(inputs, dim("hidden", M), dim("classes", K), random);
  const X = Matrix.of(inputs, batch, random.randint(0, 256, D * B)).map((pixel) => pixel / 255);
  const labels = Indices.of(batch, random.randint(0, K, B));
  return { name, parameters, batch: { X, labels }, learningRate: 0.3 };
}

/**
 * The first hidden unit takes the sums -1000 and 1000 in turns, all scores rise by 1000 where it is
 * 1, and those of the last class are 2000 lower. All gradients stay ordinary.
 */
function withLargeScores({ parameters: p, batch, ...rest }: SampleStep): SampleStep {
  const changed = <R extends number, C extends number>(
    A: Matrix<R, C>,
    entry: (x: number, row: number, column: number) => number,
  ) => {
    const { columns } = A;
    const data = A.data.map((x, i) => entry(x, Math.floor(i / columns), i % columns));
    return Matrix.of<R, C>(A.rows, columns, data);
  };
  const last = p.b2.rows - 1;
  return {
    ...rest,
    name: "large scores",
    parameters: {
      W1: changed(p.W1, (w, m, d) => m > 0 ? w : d === 0 ? 2000 : 0),
      b1: changed(p.b1, (b, m) => m > 0 ? b : -1000),
      W2: changed(p.W2, (w, _, m) => m > 0 ? w : w + 1000),
      b2: changed(p.b2, (b, k) => k < last ? b : b - 2000),
    },
    batch: { ...batch, X: changed(batch.X, (x, d, i) => d > 0 ? x : i % 2) },
  };
}

/** Every quantity of a sample step, correct or with mistakes. */
export function run(
  { parameters, batch, learningRate }: SampleStep,
  ...mistakes: readonly Mistake[]
) {
  return runStep(parameters, batch, learningRate, withMistakes(...mistakes));
}

/** The largest difference of two matrices of one shape, relative to `right`'s largest entry. */
export function difference(wrong: AnyMatrix, right: AnyMatrix): number {
  const differences = right.data.map((x, i) => Math.abs(wrong.data[i]! - x));
  return Math.max(...differences) / Math.max(...right.data.map(Math.abs)); // NaN if one is NaN
}

/** A gradient that differs from finite differences. */
export interface WrongGradient {
  /** Its name: `affine dW2`. */
  readonly name: string;
  /** The largest difference, relative to the largest entry. */
  readonly error: number;
}

/** The error of a gradient above which it is wrong. */
const BOUND = 1e-8;

/** Whether a difference is more than rounding; NaN is. */
export function isWrong(error: number): boolean {
  return !(error <= BOUND);
}

/** The gradients of a sample step that the gradient check calls wrong, from the loss backwards. */
export function wrongGradients(
  { parameters, batch }: SampleStep,
  ...mistakes: readonly Mistake[]
): WrongGradient[] {
  return layerChecks(parameters, batch, { replaced: withMistakes(...mistakes) })
    .map(({ name, analytic, compare }) => {
      const { error, scale } = compare(Uint32Array.from(analytic.data, (_, entry) => entry));
      // as in helpers/gradients.ts: beside a tiny gradient, rounding of the sums is no longer small
      return { name, error, wrong: isWrong(error * Math.min(1, scale / 0.01)) };
    })
    .filter(({ wrong }) => wrong);
}

/** How a mistake is found. */
export interface Finding {
  /** The first sample step in which it makes a difference. */
  readonly sample: SampleStep;
  /** The difference from the correct quantity. */
  readonly difference: number;
  /** The first gradient that the gradient check calls wrong, if it finds the mistake. */
  readonly gradient: WrongGradient | undefined;
}

/** Finds a mistake in the first of the sample steps in which it makes a difference. */
export function find(mistake: Mistake, samples: readonly SampleStep[]): Finding | undefined {
  const sample = samples.find((sample) => isWrong(differenceMade(mistake, sample)));
  return sample && {
    sample,
    difference: differenceMade(mistake, sample),
    gradient: wrongGradients(sample, mistake)[0],
  };
}

/** The difference that a mistake makes in its quantity. */
export function differenceMade(mistake: Mistake, sample: SampleStep): number {
  const { quantity } = mistake;
  return difference(run(sample, mistake)[quantity], run(sample)[quantity]);
}
