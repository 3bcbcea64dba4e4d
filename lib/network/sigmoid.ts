// The sigmoid layer (シグモイド関数), entry by entry.
import { exp } from "../math/exp.ts";
import type { Matrix } from "../math/matrix.ts";

/**
 * y = 1 / (1 + e⁻ˣ) for every entry, R x C: from 0 to 1, and 1/2 at 0.
 *
 * @example
 * ```ts
 * import { Matrix, sigmoid } from "@sanso/sanso";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * deepStrictEqual(sigmoid(Matrix.fromRows([[-800, 0, 800]])), Matrix.fromRows([[0, 0.5, 1]]));
 * ```
 *
 * @category 3 Network
 */
export function sigmoid<R extends number, C extends number>(X: Matrix<R, C>): Matrix<R, C> {
  return X.map((x) => 1 / (1 + exp(-x)));
}

/**
 * ∂E/∂x = ∂E/∂y (1 - y) y for every entry, R x C   (report, シグモイド関数)
 *
 * @param Y what {@linkcode sigmoid} returned: the derivative needs only that, not X
 * @throws {ShapeError} if the shapes differ
 *
 * @example
 * ```ts
 * import { Matrix, sigmoidBackward } from "@sanso/sanso";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const dX = sigmoidBackward(Matrix.fromRows([[0.5]]), Matrix.fromRows([[8]]));
 * deepStrictEqual(dX, Matrix.fromRows([[2]]));
 * ```
 *
 * @category 3 Network
 */
export function sigmoidBackward<R extends number, C extends number>(
  Y: Matrix<R, C>,
  dY: NoInfer<Matrix<R, C>>,
): Matrix<R, C> {
  return dY.zip(Y, (dy, y) => dy * (1 - y) * y);
}
