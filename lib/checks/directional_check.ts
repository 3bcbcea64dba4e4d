// The gradient of all parameters at once, checked along one random direction.
import {
  type AnyParameters,
  backward,
  type Batch,
  forward,
  mapParameters,
  zipParameters,
} from "../network/network.ts";
import { crossEntropy, meanLoss } from "../network/softmax_cross_entropy.ts";
import { runStep } from "../network/step.ts";
import type { Dim } from "../math/shape.ts";
import { extrapolatedDifference, innerProduct, norm } from "./gradient_check.ts";
import { compareWithDifferences, lossRounding } from "./verdict.ts";

/** The greatest error of a right gradient along a direction. */
export const DIRECTION_BOUND = 1e-12;

export type AnyBatch = Batch<Dim<"inputs">, Dim<"batch">>;

/** How far the differences move all parameters together: farther than a single entry. */
const WIDEST_STEP = 0.04;

/**
 * Compares the gradient with differences along one random direction through all parameters, in
 * which every entry takes part: no wrong one can be missed, but which one it is does not show.
 */
export function checkDirection(
  parameters: AnyParameters,
  batch: AnyBatch,
  random: { normal(mean: number, scale: number): number },
  { backward: whole = backward }: { readonly backward?: typeof backward } = {},
) {
  const { gradients } = whole(parameters, forward(parameters, batch.X), batch.labels);
  const drawn = mapParameters(parameters, (W) => W.map(() => random.normal(0, 1)));
  const drawnLength = Math.sqrt(inner(drawn, drawn));
  const direction = mapParameters(drawn, (V) => V.map((v) => v / drawnLength));
  const { f, rounding } = lossOfParameters(parameters, batch);
  const along = (t: number) =>
    f(zipParameters(parameters, direction, (W, V) => W.zip(V, (w, v) => w + t * v)));
  const analytic = inner(gradients, direction);
  // nearly every direction is nearly at a right angle to the gradient: the derivative along it is
  // the small sum of large terms, and has no meaningful error of its own
  const distance = length(direction), size = length(gradients) * distance;
  const tolerances = { widest: WIDEST_STEP / distance, rounding, allowed: DIRECTION_BOUND * size };
  const derivative = (h: number) => extrapolatedDifference(along, h);
  const compared = compareWithDifferences(analytic, derivative, tolerances);
  const scale = Math.max(size, Math.abs(compared.numerical));
  const error = scale === 0 ? 0 : Math.abs(analytic - compared.numerical) / scale;
  return { ...compared, error, scale, analytic };
}

export type DirectionalError = ReturnType<typeof checkDirection>;

/** E as a function of the parameters, and how far rounding may move it. */
export function lossOfParameters(parameters: AnyParameters, batch: AnyBatch) {
  const step = runStep(parameters, batch, 1);
  const f = (moved: AnyParameters) =>
    meanLoss(crossEntropy(forward(moved, batch.X).A2, step.onehot)).at(0, 0);
  return { f, rounding: lossRounding(step) };
}

/** The sum of the products of all entries. */
function inner(a: AnyParameters, b: AnyParameters): number {
  return innerProduct(a.W1, b.W1) + innerProduct(a.b1, b.b1) + innerProduct(a.W2, b.W2) +
    innerProduct(a.b2, b.b2);
}

/** The length of the vector of all entries. */
function length({ W1, b1, W2, b2 }: AnyParameters): number {
  return Math.hypot(norm(W1), norm(b1), norm(W2), norm(b2));
}
