// Gradient tests: the assertion of all, and batches to check.
import { ok } from "node:assert/strict";
import { RandomState } from "../../lib/random/random_state.ts";
import type { Matrix } from "../../lib/math/matrix.ts";
import { initialise } from "../../lib/network/network.ts";
import { Indices } from "../../lib/math/indices.ts";
import { gradientError, numericalGradient } from "../../lib/checks/gradient_check.ts";
import { dim } from "../../lib/math/shape.ts";
import { mnist } from "./fixtures.ts";

/**
 * Relative to the largest entry: errors stay below 1e-10, and a wrong equation exceeds 1e-3 by
 * far.
 */
const BOUND = 1e-8;

/**
 * The scale of gradients whose entries are all smaller. The sums differentiated here reach 150, so
 * that rounding over the step, 150 · 2⁻⁵³ / 0.005, leaves 3e-12 in every entry: in a gradient of
 * 1e-4 it would be more than the bound.
 */
const MIN_SCALE = 0.01;

/**
 * Asserts that `analytic` is the gradient of `f` at `X`.
 *
 * @param what which quantity of which layer, for the message: `affine dW (eq. 2)`
 */
export function assertGradient<R extends number, C extends number>(
  what: string,
  analytic: Matrix<R, C>,
  f: (X: Matrix<R, C>) => number,
  X: Matrix<R, C>,
): void {
  const found = gradientError(analytic, numericalGradient(f, X));
  ok(
    found.error * found.scale <= BOUND * Math.max(found.scale, MIN_SCALE),
    `${what}: entry (${found.row}, ${found.column}) is ${found.analytic} by the equation, ` +
      `${found.numerical} by differences: error ${found.error} of the largest entry`,
  );
}

/**
 * Draws parameters and a batch of MNIST's training images.
 *
 * @param hidden hidden units: few, so that differences take little time
 */
export function drawnBatch(seed: number, hidden = 6, samples = 3) {
  const data = mnist("train");
  const random = new RandomState(seed);
  const p = initialise(data.inputs, dim("hidden", hidden), data.classes, random);
  const picked = Indices.of(dim("batch", samples), random.randint(0, data.count, samples));
  return { p, batch: data.batch(picked), random };
}

/** Parameters that are sure of class 3, and right: little is left of the gradient. */
export function sureOfClass3(seed: number, by: number) {
  const { p, batch: { X }, random } = drawnBatch(seed);
  const sure = { ...p, b2: p.b2.map((b) => b) };
  sure.b2.data[3]! += by;
  return { p: sure, batch: { X, labels: Indices.of(X.columns, [3, 3, 3]) }, random };
}
