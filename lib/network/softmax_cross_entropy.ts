// The last layer (ソフトマックス層): scores to probabilities, and their cross-entropy as the loss.
//
// Columns are examples: scores A and probabilities P are K x B, with K classes.
import { exp } from "../math/exp.ts";
import { log } from "../math/log.ts";
import type { Indices } from "../math/indices.ts";
import { ShapeError } from "../math/shape.ts";
import { Matrix } from "../math/matrix.ts";

/**
 * p = e^(a - max) / Σ e^(a - max), the sum and the greatest score taken over each column.
 *
 * A score of -Infinity has probability 0. A column is `NaN` if one of its scores is `NaN` or
 * Infinity, or if all are -Infinity.
 *
 * @returns P, K x B: entries from 0 to 1; each column sums to 1 but for rounding
 *
 * @example
 * ```ts
 * import { Matrix, softmax } from "@sanso/sanso";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * deepStrictEqual(softmax(Matrix.fromRows([[1000], [1000]])), Matrix.fromRows([[0.5], [0.5]]));
 * ```
 *
 * @category 3 Network
 */
export function softmax<K extends number, B extends number>(A: Matrix<K, B>): Matrix<K, B> {
  const E = shifted(A).map(exp);
  return E.zipRow(E.columnSums, (e, sum) => e / sum);
}

/**
 * The right class of each example as a column: 1 at that class, 0 at the others (one-hot).
 *
 * @param A scores or probabilities, K x B; only their shape matters
 * @throws {ShapeError} if there is not one label to a column
 * @throws {RangeError} if a label is not below K
 *
 * @example
 * ```ts
 * import { Indices, Matrix, oneHot } from "@sanso/sanso";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const onehot = oneHot(Matrix.zeros(3, 2), Indices.of(2, [2, 0]));
 * deepStrictEqual(onehot, Matrix.fromRows([[0, 1], [0, 0], [1, 0]]));
 * ```
 *
 * @category 3 Network
 */
export function oneHot<K extends number, B extends number>(
  A: Matrix<K, B>,
  labels: NoInfer<Indices<B>>,
): Matrix<K, B> {
  if (labels.count !== A.columns) {
    throw new ShapeError(
      `Cannot label ${A.rows}x${A.columns} scores with ${labels.count} classes: need ${A.columns}`,
    );
  }
  labels.checkBelow(A.rows, "classes");
  const onehot = Matrix.zeros(A.rows, A.columns);
  labels.values.forEach((k, j) => onehot.data[k * A.columns + j] = 1);
  return onehot;
}

/**
 * The cross-entropy of each example, -ln p of its right class, in nats; 1 x B.
 *
 * It is computed from the scores, as ln Σ e^(a - max) - (a - max) of the right class, and so is
 * right where p underflows to 0. There the report's -Σ onehot · ln p is Infinity, or NaN if p of
 * another class is 0 (0 · ln 0).
 *
 * It is Infinity if the difference between the greatest score and that of the right class is, and
 * `NaN` where {@linkcode softmax} is.
 *
 * @throws {ShapeError} if the shapes differ
 *
 * @example
 * ```ts
 * import { crossEntropy, Indices, Matrix, oneHot } from "@sanso/sanso";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const A = Matrix.fromRows([[0, 0], [900, 900]]);
 * const L = crossEntropy(A, oneHot(A, Indices.of(2, [1, 0])));
 * deepStrictEqual(L, Matrix.fromRows([[0, 900]]));
 * ```
 *
 * @category 3 Network
 */
export function crossEntropy<K extends number, B extends number>(
  A: Matrix<K, B>,
  onehot: NoInfer<Matrix<K, B>>,
): Matrix<1, B> {
  const S = shifted(A);
  // s of a wrong class may be -Infinity, and 0 times that is NaN
  const right = S.zip(onehot, (s, y) => y === 0 ? 0 : y * s).columnSums;
  return S.map(exp).columnSums.zip(right, (sum, s) => log(sum) - s);
}

/**
 * E = Σ L / B, the mean of the losses of a batch, 1 x 1; Infinity if their sum overflows.
 *
 * @example
 * ```ts
 * import { Matrix, meanLoss } from "@sanso/sanso";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * deepStrictEqual(meanLoss(Matrix.fromRows([[0.5, 1.5]])), Matrix.fromRows([[1]]));
 * ```
 *
 * @category 3 Network
 */
export function meanLoss<B extends number>(L: Matrix<1, B>): Matrix<1, 1> {
  return L.rowSums.map((sum) => sum / L.columns);
}

/**
 * ∂E/∂A = (P - onehot) / B, where E is the mean of the batch's cross-entropies   (report, ソフトマックス層)
 *
 * E divides by B, and so does this gradient; those that follow from it need no further division.
 * It is finite where the loss is Infinity too, and `NaN` only where P is.
 *
 * @throws {ShapeError} if the shapes differ
 *
 * @example
 * ```ts
 * import { Indices, Matrix, oneHot, softmaxCrossEntropyBackward } from "@sanso/sanso";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const P = Matrix.fromRows([[0.5, 0.25], [0.5, 0.75]]);
 * const dA = softmaxCrossEntropyBackward(P, oneHot(P, Indices.of(2, [0, 1])));
 * deepStrictEqual(dA, Matrix.fromRows([[-0.25, 0.125], [0.25, -0.125]]));
 * ```
 *
 * @category 3 Network
 */
export function softmaxCrossEntropyBackward<K extends number, B extends number>(
  P: Matrix<K, B>,
  onehot: NoInfer<Matrix<K, B>>,
): Matrix<K, B> {
  return P.zip(onehot, (p, y) => (p - y) / P.columns);
}

/** a - max over each column: e to it cannot overflow, and quotients of the powers are unchanged. */
function shifted<K extends number, B extends number>(A: Matrix<K, B>): Matrix<K, B> {
  return A.zipRow(A.columnMaxima, (a, max) => a - max);
}
