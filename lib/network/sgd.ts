// Stochastic gradient descent (SGD) without momentum or weight decay.
import type { Matrix } from "../math/matrix.ts";
import { type Parameters, zipParameters } from "./network.ts";

/**
 * W' = W - η ∂E/∂W, for one matrix of weights or biases, R x C.
 *
 * @param learningRate η, the listing's `my`
 * @throws {ShapeError} if the shapes differ
 *
 * @example
 * ```ts
 * import { descend, Matrix } from "@sanso/sanso";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const W = descend(Matrix.fromRows([[1, 2]]), Matrix.fromRows([[4, -4]]), 0.125);
 * deepStrictEqual(W, Matrix.fromRows([[0.5, 2.5]]));
 * ```
 *
 * @category 3 Network
 */
export function descend<R extends number, C extends number>(
  W: Matrix<R, C>,
  dW: NoInfer<Matrix<R, C>>,
  learningRate: number,
): Matrix<R, C> {
  return W.zip(dW, (w, dw) => w - learningRate * dw);
}

/**
 * One step of gradient descent: {@linkcode descend} for every parameter.
 *
 * @param gradients ∂E/∂W1 and so on, as {@linkcode backward} returns them
 * @throws {ShapeError} if the shapes differ
 *
 * @example
 * ```ts
 * import { initialise, sgd } from "@sanso/sanso";
 * import { strictEqual } from "node:assert/strict";
 *
 * const all = (x: number) => initialise(4, 3, 2, { normal: () => x });
 * strictEqual(sgd(all(1), all(4), 0.125).W2.at(0, 0), 0.5);
 * ```
 *
 * @category 3 Network
 */
export function sgd<D extends number, M extends number, K extends number>(
  parameters: Parameters<D, M, K>,
  gradients: NoInfer<Parameters<D, M, K>>,
  learningRate: number,
): Parameters<D, M, K> {
  return zipParameters(parameters, gradients, (W, dW) => descend(W, dW, learningRate));
}
