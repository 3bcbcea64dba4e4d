// Gradients by finite differences, to check the equations of a backward pass.
import { Matrix } from "../math/matrix.ts";
import { maxAbs } from "../math/max_abs.ts";

/**
 * ∂f/∂X of a scalar function, entry by entry, by central differences.
 *
 * D(h) = (f(x + h) - f(x - h)) / 2h is off by a multiple of h², so (4 D(h/2) - D(h)) / 3 is off by
 * one of h⁴ only (Richardson's extrapolation). That allows a wide step, at which rounding does
 * little harm: on this network h = 0.01 gives an error of about 1e-11 of the gradient's largest
 * entry, where a plain difference at h = 1e-6 gives 1e-8.
 *
 * @param f any smooth function of X
 * @param X the point, R x C; it is not modified
 * @param h the step
 * @returns ∂f/∂X, R x C
 *
 * @example
 * ```ts
 * import { Matrix, numericalGradient } from "@sanso/sanso";
 * import { ok } from "node:assert/strict";
 *
 * const cube = (X: Matrix<1, 1>) => X.at(0, 0) ** 3;
 * const slope = numericalGradient(cube, Matrix.fromRows([[2]])).at(0, 0);
 * ok(Math.abs(slope - 12) < 1e-9);
 * ```
 *
 * @category 7 Checks
 */
export function numericalGradient<R extends number, C extends number>(
  f: (X: Matrix<R, C>) => number,
  X: Matrix<R, C>,
  h = 0.01,
): Matrix<R, C> {
  const derivative = partialDerivative(f, X);
  return Matrix.of(X.rows, X.columns, X.data.map((_, entry) => derivative(entry, h)));
}

/** ∂f/∂x of single entries x of X, by their positions in `X.data`, with the step h. */
export function partialDerivative<R extends number, C extends number>(
  f: (X: Matrix<R, C>) => number,
  X: Matrix<R, C>,
): (entry: number, h: number) => number {
  const moved = X.map((x) => x);
  return (entry, h) => {
    const x = X.data[entry]!;
    const derivative = extrapolatedDifference((t) => {
      moved.data[entry] = x + t;
      return f(moved);
    }, h);
    moved.data[entry] = x;
    return derivative;
  };
}

/** (4 D(h/2) - D(h)) / 3, the derivative at 0 of a function of the distance from a point. */
export function extrapolatedDifference(f: (t: number) => number, h: number): number {
  const difference = (t: number) => (f(t) - f(-t)) / (2 * t);
  return (4 * difference(h / 2) - difference(h)) / 3;
}

/**
 * The entry at which two gradients differ most.
 *
 * @category 7 Checks
 */
export interface GradientError {
  /**
   * The greatest difference of two entries, divided by `scale`; 0 if both gradients are all zeros.
   */
  readonly error: number;
  /** The largest entry of either gradient, without its sign. */
  readonly scale: number;
  /** The row of the entry where they differ most. */
  readonly row: number;
  /** The column of that entry. */
  readonly column: number;
  /** That entry by the equations. */
  readonly analytic: number;
  /** That entry by differences. */
  readonly numerical: number;
}

/**
 * Compares a gradient by the equations with the one by differences.
 *
 * The error is relative to the largest entry of the whole gradient: a tiny entry is the difference
 * of large numbers and has no meaningful error of its own.
 *
 * @example
 * ```ts
 * import { gradientError, Matrix } from "@sanso/sanso";
 * import { strictEqual } from "node:assert/strict";
 *
 * const { error, column } = gradientError(Matrix.fromRows([[4, 1]]), Matrix.fromRows([[4, 2]]));
 * strictEqual(error, 0.25);
 * strictEqual(column, 1);
 * ```
 *
 * @category 7 Checks
 */
export function gradientError<R extends number, C extends number>(
  analytic: Matrix<R, C>,
  numerical: NoInfer<Matrix<R, C>>,
): GradientError {
  const differences = analytic.zip(numerical, (a, n) => Math.abs(a - n));
  const scale = Math.max(maxAbs(analytic.data), maxAbs(numerical.data));
  // comparisons with NaN are false, so a difference that is NaN must be found separately
  const at = differences.data.reduce(
    (most, d, i, all) => d > all[most]! || Number.isNaN(d) ? i : most,
    0,
  );
  return {
    error: scale === 0 ? 0 : differences.data[at]! / scale,
    scale,
    row: Math.floor(at / analytic.columns),
    column: at % analytic.columns,
    analytic: analytic.data[at]!,
    numerical: numerical.data[at]!,
  };
}

/** Σ C ∘ Y; the rounding error of each sum is added at the end (Neumaier, 1974). */
export function innerProduct<R extends number, C extends number>(
  C: Matrix<R, C>,
  Y: Matrix<R, C>,
): number {
  let sum = 0, lost = 0;
  for (const term of C.zip(Y, (c, y) => c * y).data) {
    const next = sum + term;
    lost += Math.abs(sum) >= Math.abs(term) ? (sum - next) + term : (term - next) + sum;
    sum = next;
  }
  return sum + lost;
}

/** The root of the sum of all squares, none of which overflows or vanishes. */
export function norm<R extends number, C extends number>(X: Matrix<R, C>): number {
  const largest = maxAbs(X.data) || 1, relative = X.map((x) => x / largest);
  return largest * Math.sqrt(innerProduct(relative, relative));
}
