// The assertion of every gradient test: the analytic and the numerical gradient agree.
import { ok } from "node:assert/strict";
import { gradientError, type Matrix, numericalGradient } from "../../mod.ts";

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
