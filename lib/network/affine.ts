// The affine layer (全結合層): a weighted sum of the inputs and a bias, and its gradients, the report's
// equations 1 to 3.
//
// Columns are examples: X is In x B, Y is Out x B.
import type { Matrix } from "../math/matrix.ts";

/**
 * Y = W X + b of weights W, Out x In, and biases b, Out x 1, added to every column last; Out x B.
 *
 * @throws {ShapeError} if the shapes do not fit
 *
 * @example
 * ```ts
 * import { affine, Matrix } from "@sanso/sanso";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const W = Matrix.fromRows([[2, 3]]), b = Matrix.fromRows([[0.5]]);
 * deepStrictEqual(affine(W, b, Matrix.fromRows([[1], [10]])), Matrix.fromRows([[32.5]]));
 * ```
 *
 * @category 3 Network
 */
export function affine<In extends number, Out extends number, B extends number>(
  W: Matrix<Out, In>,
  b: NoInfer<Matrix<Out, 1>>,
  X: Matrix<NoInfer<In>, B>,
): Matrix<Out, B> {
  return W.multiply(X).plusColumn(b);
}

/**
 * ∂E/∂X = Wᵀ ∂E/∂Y, In x B   (report, eq. 1)
 *
 * @throws {ShapeError} if the shapes do not fit
 *
 * @example
 * ```ts
 * import { affineInputGradient, Matrix } from "@sanso/sanso";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const dX = affineInputGradient(Matrix.fromRows([[2, 3]]), Matrix.fromRows([[10]]));
 * deepStrictEqual(dX, Matrix.fromRows([[20], [30]]));
 * ```
 *
 * @category 3 Network
 */
export function affineInputGradient<In extends number, Out extends number, B extends number>(
  W: Matrix<Out, In>,
  dY: Matrix<NoInfer<Out>, B>,
): Matrix<In, B> {
  return W.transposed.multiply(dY);
}

/**
 * ∂E/∂W = ∂E/∂Y Xᵀ, Out x In, with the X that {@linkcode affine} was given   (report, eq. 2)
 *
 * @throws {ShapeError} if the shapes do not fit
 *
 * @example
 * ```ts
 * import { affineWeightGradient, Matrix } from "@sanso/sanso";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const dW = affineWeightGradient(Matrix.fromRows([[1], [10]]), Matrix.fromRows([[7]]));
 * deepStrictEqual(dW, Matrix.fromRows([[7, 70]]));
 * ```
 *
 * @category 3 Network
 */
export function affineWeightGradient<In extends number, Out extends number, B extends number>(
  X: Matrix<In, B>,
  dY: Matrix<Out, NoInfer<B>>,
): Matrix<Out, In> {
  return dY.multiply(X.transposed);
}

/**
 * ∂E/∂b = rowSum(∂E/∂Y), Out x 1   (report, eq. 3, corrected)
 *
 * The report prints rowSum(∂E/∂Y Xᵀ), an error that its program does not make. The shape is the
 * same, so that only a check of numbers finds it.
 *
 * @example
 * ```ts
 * import { affineBiasGradient, Matrix } from "@sanso/sanso";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * deepStrictEqual(affineBiasGradient(Matrix.fromRows([[1, 2, 3]])), Matrix.fromRows([[6]]));
 * ```
 *
 * @category 3 Network
 */
export function affineBiasGradient<Out extends number, B extends number>(
  dY: Matrix<Out, B>,
): Matrix<Out, 1> {
  return dY.rowSums;
}
