/**
 * Stochastic gradient descent (SGD), plain: no momentum, no decay.
 *
 * @module
 */

import type { Matrix } from "../math/matrix.ts";
import type { Parameters } from "./network.ts";

/**
 * θ - η ∂E/∂θ for every parameter θ.
 *
 * @param parameters θ
 * @param gradients ∂E/∂θ, as {@linkcode backward} returns them
 * @param learningRate η, the listing's `my`
 * @returns new parameters; the old ones stay as they are
 * @throws {ShapeError} if the shapes differ
 *
 * @example
 * ```ts
 * import { Matrix, sgd } from "@sanso/sanso";
 * import { strictEqual } from "node:assert/strict";
 *
 * const all = (x: number) => ({
 *   W1: Matrix.of(1, 1, [x]),
 *   b1: Matrix.of(1, 1, [x]),
 *   W2: Matrix.of(1, 1, [x]),
 *   b2: Matrix.of(1, 1, [x]),
 * });
 * strictEqual(sgd(all(1), all(4), 0.125).W2.at(0, 0), 0.5);
 * ```
 *
 * @category 3 Network
 */
export function sgd<D extends number, M extends number, K extends number>(
  parameters: Parameters<D, M, K>,
  gradients: Parameters<D, M, K>,
  learningRate: number,
): Parameters<D, M, K> {
  const descend = <R extends number, C extends number>(W: Matrix<R, C>, dW: Matrix<R, C>) =>
    W.zip(dW, (w, dw) => w - learningRate * dw);
  return {
    W1: descend(parameters.W1, gradients.W1),
    b1: descend(parameters.b1, gradients.b1),
    W2: descend(parameters.W2, gradients.W2),
    b2: descend(parameters.b2, gradients.b2),
  };
}
