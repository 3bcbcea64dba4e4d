/** Steps in which mistakes are made, and what the checks of the project say to them. */
import { layerChecks } from "../../lib/checks/layer_checks.ts";
import { select } from "../../lib/mistakes/rearrange.ts";
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
  const last = p.b2.rows - 1;
  return {
    ...rest,
    name: "large scores",
    parameters: {
      W1: select(p.W1, (m, d, at) => m > 0 ? at(m, d) : d === 0 ? 2000 : 0),
      b1: select(p.b1, (m, _, at) => m > 0 ? at(m, 0) : -1000),
      W2: select(p.W2, (k, m, at) => m > 0 ? at(k, m) : at(k, m) + 1000),
      b2: select(p.b2, (k, _, at) => k < last ? at(k, 0) : at(k, 0) - 2000),
    },
    batch: { ...batch, X: select(batch.X, (d, i, at) => d > 0 ? at(d, i) : i % 2) },
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

/** The error of a gradient above which it is wrong. */
const BOUND = 1e-8;

/** Whether a difference is more than rounding; NaN is. */
export function isWrong(error: number): boolean {
  return !(error <= BOUND);
}

/** The gradients of a sample step that the gradient check calls wrong, from the loss backwards. */
export function* wrongGradients(
  { parameters, batch }: SampleStep,
  ...mistakes: readonly Mistake[]
): Generator<{ name: string; error: number }> {
  const checks = layerChecks(parameters, batch, { replaced: withMistakes(...mistakes) });
  for (const { name, analytic, compare } of checks) {
    const { error, scale } = compare(Uint32Array.from(analytic.data, (_, entry) => entry));
    // as in helpers/gradients.ts: beside a tiny gradient, rounding of the sums is no longer small
    if (isWrong(error * Math.min(1, scale / 0.01))) yield { name, error };
  }
}

/** How a mistake is found. */
export type Finding = NonNullable<ReturnType<typeof find>>;

/** The first sample step in which a mistake makes a difference, that, and the first wrong gradient. */
export function find(mistake: Mistake, samples: readonly SampleStep[]) {
  const sample = samples.find((sample) => isWrong(differenceMade(mistake, sample)));
  return sample && {
    sample,
    difference: differenceMade(mistake, sample),
    gradient: [...wrongGradients(sample, mistake).take(1)][0],
  };
}

/** The difference that a mistake makes in its quantity. */
export function differenceMade(mistake: Mistake, sample: SampleStep): number {
  const { quantity } = mistake;
  return difference(run(sample, mistake)[quantity], run(sample)[quantity]);
}
