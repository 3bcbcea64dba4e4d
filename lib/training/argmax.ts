/**
 * Which class the scores favour, and how often that is right.
 *
 * @module
 */

import type { Indices } from "../math/indices.ts";
import type { AnyMatrix, Matrix } from "../math/matrix.ts";

/**
 * The class with the greatest score in each column; the first of equals, as NumPy's argmax.
 *
 * @param scores K x B, scores or probabilities
 * @returns B classes
 *
 * @example
 * ```ts
 * import { argmax, Matrix } from "@sanso/sanso";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * deepStrictEqual(argmax(Matrix.of(2, 3, [1, 5, 2, 3, 4, 2])), Uint32Array.of(1, 0, 0));
 * ```
 *
 * @category 6 Training
 */
export function argmax(scores: AnyMatrix): Uint32Array<ArrayBuffer> {
  const { rows, columns, data } = scores;
  return Uint32Array.from({ length: columns }, (_, j) => {
    let best = 0;
    for (let i = 1; i < rows; i++) if (data[i * columns + j]! > data[best * columns + j]!) best = i;
    return best;
  });
}

/**
 * How many examples have their greatest score at their label.
 *
 * @param scores K x B, scores or probabilities
 * @param labels the right class of each example
 *
 * @category 6 Training
 */
export function countCorrect<K extends number, B extends number>(
  scores: Matrix<K, B>,
  labels: Indices<B>,
): number {
  return argmax(scores).reduce((n, k, j) => k === labels.values[j] ? n + 1 : n, 0);
}
