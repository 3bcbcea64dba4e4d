// Operations on the parameters of a network, one matrix after the other.
import type { Matrix } from "../math/matrix.ts";
import type { Parameters } from "./network.ts";

/** Applies a function to each of W1, b1, W2 and b2. */
export function mapParameters<D extends number, M extends number, K extends number>(
  { W1, b1, W2, b2 }: Parameters<D, M, K>,
  f: <R extends number, C extends number>(W: Matrix<R, C>) => Matrix<R, C>,
): Parameters<D, M, K> {
  return { W1: f(W1), b1: f(b1), W2: f(W2), b2: f(b2) };
}

/** Applies a function to each of W1, b1, W2 and b2 of two. */
export function zipParameters<D extends number, M extends number, K extends number>(
  p: Parameters<D, M, K>,
  q: Parameters<D, M, K>,
  f: <R extends number, C extends number>(W: Matrix<R, C>, V: Matrix<R, C>) => Matrix<R, C>,
): Parameters<D, M, K> {
  return { W1: f(p.W1, q.W1), b1: f(p.b1, q.b1), W2: f(p.W2, q.W2), b2: f(p.b2, q.b2) };
}
