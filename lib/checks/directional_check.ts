// The gradient of all parameters at once, checked along one random direction.
import {
  backward,
  type Batch,
  forward,
  mapParameters,
  type Parameters,
  zipParameters,
} from "../network/network.ts";
import { crossEntropy, meanLoss } from "../network/softmax_cross_entropy.ts";
import { runStep } from "../network/step.ts";
import { maxAbs } from "../math/max_abs.ts";
import { extrapolatedDifference, innerProduct } from "./gradient_check.ts";
import { lossRounding } from "./rounding.ts";
import { type ComparedDerivative, compareWithDifferences } from "./verdict.ts";

/** The greatest error of a right gradient along a direction. */
export const DIRECTION_BOUND = 1e-12;

/** How far the differences move all parameters together: farther than a single entry. */
const WIDEST_STEP = 0.04;

/**
 * A gradient compared with differences along a direction.
 *
 * @category 7 Checks
 */
export interface DirectionalError extends ComparedDerivative {
  /** The difference of the two derivatives, divided by `scale`; 0 if both are 0. */
  readonly error: number;
  /**
   * |gradient| · |direction|, or the derivative by differences if that is greater.
   *
   * Nearly every direction is nearly at a right angle to the gradient. The derivative along it is
   * then the small sum of large terms, and has no meaningful error of its own.
   */
  readonly scale: number;
  /** The derivative by the equations: the inner product of the gradient and the direction. */
  readonly analytic: number;
}

/**
 * Compares the derivative of the loss along a direction through all parameters, by the equations,
 * with differences.
 *
 * Every entry of the gradient takes part, so that no wrong one can be missed, as it can where only
 * some entries are checked; which one is wrong it does not show.
 *
 * @param parameters the point: W1, b1, W2, b2
 * @param batch images and their classes
 * @param direction of any length above 0: {@linkcode randomDirection}
 * @param gradients what is checked, by default what {@linkcode backward} returns
 * @throws {ShapeError} if the shapes do not fit
 *
 * @example
 * ```ts
 * import { directionalError, Indices, initialise, Matrix } from "@sanso/sanso";
 * import { randomDirection, RandomState } from "@sanso/sanso";
 * import { strictEqual } from "node:assert/strict";
 *
 * const random = new RandomState(601), parameters = initialise(4, 3, 2, random);
 * const batch = { X: Matrix.fromRows([[0], [1], [0.5], [0]]), labels: Indices.of(1, [1]) };
 * const direction = randomDirection(parameters, random);
 * strictEqual(directionalError(parameters, batch, direction).verdict, "right");
 * // parameters instead of their gradient
 * strictEqual(directionalError(parameters, batch, direction, parameters).verdict, "wrong");
 * ```
 *
 * @category 7 Checks
 */
export function directionalError<
  D extends number,
  M extends number,
  K extends number,
  B extends number,
>(
  parameters: Parameters<D, M, K>,
  batch: Batch<NoInfer<D>, B>,
  direction: Parameters<NoInfer<D>, NoInfer<M>, NoInfer<K>>,
  gradients: Parameters<NoInfer<D>, NoInfer<M>, NoInfer<K>> =
    backward(parameters, forward(parameters, batch.X), batch.labels).gradients,
): DirectionalError {
  const { f, rounding } = lossOfParameters(parameters, batch);
  const along = (t: number) =>
    f(zipParameters(parameters, direction, (W, V) => W.zip(V, (w, v) => w + t * v)));
  const analytic = inner(gradients, direction);
  const length = norm(direction), size = norm(gradients) * length;
  const tolerances = { widest: WIDEST_STEP / length, rounding, allowed: DIRECTION_BOUND * size };
  const derivative = (h: number) => extrapolatedDifference(along, h);
  const compared = compareWithDifferences(analytic, derivative, tolerances);
  const scale = Math.max(size, Math.abs(compared.numerical));
  const error = scale === 0 ? 0 : Math.abs(analytic - compared.numerical) / scale;
  return { ...compared, error, scale, analytic };
}

/**
 * A random direction of length 1 through all parameters; every direction is equally likely.
 *
 * @param parameters give the shapes
 * @param random where the numbers come from, such as a {@linkcode RandomState}
 *
 * @example
 * ```ts
 * import { initialise, randomDirection, RandomState } from "@sanso/sanso";
 * import { ok } from "node:assert/strict";
 *
 * const random = new RandomState(601), parameters = initialise(784, 80, 10, random);
 * const { W1, b1, W2, b2 } = randomDirection(parameters, random);
 * const squares = [W1, b1, W2, b2].flatMap(({ data }) => [...data].map((v) => v * v));
 * ok(Math.abs(squares.reduce((sum, square) => sum + square) - 1) < 1e-12);
 * ```
 *
 * @category 7 Checks
 */
export function randomDirection<D extends number, M extends number, K extends number>(
  parameters: Parameters<D, M, K>,
  random: { normal(mean: number, scale: number): number },
): Parameters<D, M, K> {
  const drawn = mapParameters(parameters, (W) => W.map(() => random.normal(0, 1)));
  const length = Math.sqrt(inner(drawn, drawn));
  return mapParameters(drawn, (V) => V.map((v) => v / length));
}

/** E as a function of the parameters, and how far rounding may move it. */
export function lossOfParameters<
  D extends number,
  M extends number,
  K extends number,
  B extends number,
>(parameters: Parameters<D, M, K>, batch: Batch<NoInfer<D>, B>): {
  readonly f: (parameters: Parameters<D, M, K>) => number;
  readonly rounding: number;
} {
  const step = runStep(parameters, batch, 1);
  const f = (moved: typeof parameters) =>
    meanLoss(crossEntropy(forward(moved, batch.X).A2, step.onehot)).at(0, 0);
  return { f, rounding: lossRounding(step) };
}

/** The sum of the products of all entries. */
function inner<D extends number, M extends number, K extends number>(
  a: Parameters<D, M, K>,
  b: Parameters<D, M, K>,
): number {
  return innerProduct(a.W1, b.W1) + innerProduct(a.b1, b.b1) + innerProduct(a.W2, b.W2) +
    innerProduct(a.b2, b.b2);
}

/** |p|, the root of the sum of all squares, none of which overflows or vanishes. */
function norm<D extends number, M extends number, K extends number>(p: Parameters<D, M, K>) {
  const largest = Math.max(...[p.W1, p.b1, p.W2, p.b2].map(({ data }) => maxAbs(data))) || 1;
  const relative = mapParameters(p, (W) => W.map((w) => w / largest));
  return largest * Math.sqrt(inner(relative, relative));
}
