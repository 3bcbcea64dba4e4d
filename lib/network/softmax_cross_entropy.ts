/**
 * The last layer (ソフトマックス層): scores become probabilities, and their cross-entropy with the right classes is the loss.
 *
 * Columns are examples: scores A and probabilities P are K x B, with K classes.
 *
 * @module
 */

import { exp, log } from "../math/exp_log.ts";
import type { Indices } from "../math/indices.ts";
import { ShapeError } from "../math/shape.ts";
import { Matrix } from "../math/matrix.ts";

/**
 * p = e^(a - max) / Σ e^(a - max), the sum and the greatest score taken over each column.
 *
 * @param A scores, K x B
 * @returns P, K x B: entries from 0 to 1; each column sums to 1 but for rounding
 *
 * @example
 * ```ts
 * import { Matrix, softmax } from "@sanso/sanso";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * deepStrictEqual(softmax(Matrix.of(2, 1, [1000, 1000])), Matrix.of(2, 1, [0.5, 0.5]));
 * ```
 *
 * @category 3 Network
 */
export function softmax<K extends number, B extends number>(A: Matrix<K, B>): Matrix<K, B> {
  const E = shifted(A).map(exp);
  return E.zipRow(E.columnSums, (e, sum) => e / sum);
}

/**
 * The cross-entropy of each example, -ln p of its right class, in nats.
 *
 * It is computed as ln Σ e^(a - max) - (a - max) of the right class, which is the same and stays finite where p underflows to 0; the report's
 * -Σ onehot · ln p turns NaN there (0 · ln 0).
 *
 * @param A scores, K x B
 * @param labels the right class of each example, 0 to K - 1
 * @returns losses, 1 x B
 * @throws {ShapeError} if there is not one label to a column
 * @throws {RangeError} if a label is not below K
 *
 * @example
 * ```ts
 * import { crossEntropy, Indices, log, Matrix } from "@sanso/sanso";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const A = Matrix.of(2, 2, [0, 0, 0, 900]);
 * deepStrictEqual(crossEntropy(A, Indices.of(2, [1, 0])), Matrix.of(1, 2, [log(2), 900]));
 * ```
 *
 * @category 3 Network
 */
export function crossEntropy<K extends number, B extends number>(
  A: Matrix<K, B>,
  labels: Indices<B>,
): Matrix<1, B> {
  const S = shifted(A);
  const right = S.zip(oneHot(A, labels), (s, y) => y * s).columnSums;
  return S.map(exp).columnSums.zip(right, (sum, s) => log(sum) - s);
}

/**
 * ∂E/∂A = (P - onehot) / B, where E is the mean of the batch's cross-entropies   (report, ソフトマックス層)
 *
 * @param P what {@linkcode softmax} returned, K x B
 * @param labels the right class of each example, 0 to K - 1
 * @returns ∂E/∂A, K x B: here the mean over the batch is taken, and nowhere else
 * @throws {ShapeError} if there is not one label to a column
 * @throws {RangeError} if a label is not below K
 *
 * @example
 * ```ts
 * import { Indices, Matrix, softmaxCrossEntropyBackward } from "@sanso/sanso";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const P = Matrix.of(2, 2, [0.5, 0.25, 0.5, 0.75]);
 * const dA = softmaxCrossEntropyBackward(P, Indices.of(2, [0, 1]));
 * deepStrictEqual(dA, Matrix.of(2, 2, [-0.25, 0.125, 0.25, -0.125]));
 * ```
 *
 * @category 3 Network
 */
export function softmaxCrossEntropyBackward<K extends number, B extends number>(
  P: Matrix<K, B>,
  labels: Indices<B>,
): Matrix<K, B> {
  return P.zip(oneHot(P, labels), (p, y) => (p - y) / P.columns);
}

/** 1 at each example's right class and 0 elsewhere, of the shape of A. */
function oneHot<K extends number, B extends number>(
  A: Matrix<K, B>,
  labels: Indices<B>,
): Matrix<K, B> {
  if (labels.count !== A.columns) {
    throw new ShapeError(
      `Cannot label ${A.rows}x${A.columns} scores with ${labels.count} classes: need ${A.columns}`,
    );
  }
  labels.checkBelow(A.rows, "classes");
  const Y = Matrix.zeros<K, B>(A.rows, A.columns);
  labels.values.forEach((k, j) => Y.data[k * A.columns + j] = 1);
  return Y;
}

/** a - max over each column: e to it cannot overflow, and quotients of the powers are unchanged. */
function shifted<K extends number, B extends number>(A: Matrix<K, B>): Matrix<K, B> {
  return A.zipRow(A.columnMaxima, (a, max) => a - max);
}
