/**
 * The inner product of matrices, which makes a number of a layer's output.
 *
 * @module
 */

import type { Matrix } from "../math/matrix.ts";

/**
 * Σ C ∘ Y: a number made of a layer's output Y, with ∂/∂Y = C.
 *
 * The rounding error of each sum is added at the end (Neumaier, 1974), so that differences of inner
 * products keep their digits however many terms there are.
 */
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
