// The three-layer network: affine, sigmoid, affine, softmax, forward and backward.
//
// | letter | what | report | MNIST |
// |---|---|---|---|
// | D | inputs: pixels of an image | `img_size` | 784 |
// | M | hidden units | `M` | 80 |
// | K | classes | `C` (here C stands for columns) | 10 |
// | B | examples of a batch | `B` | 100 |
// | X | inputs, D x B | `img` | |
// | W1, b1 | first weights and biases, M x D and M x 1 | `W1`, `b1` | |
// | A1 | hidden sums W1 X + b1, M x B | `input1` | |
// | Y1 | hidden outputs sigmoid(A1), M x B | `output1` | |
// | W2, b2 | second weights and biases, K x M and K x 1 | `W2`, `b2` | |
// | A2 | scores W2 Y1 + b2, K x B | `input2` | |
// | P | probabilities softmax(A2), K x B | `output_last` | |
// | onehot | the right classes, K x B | `onehot` | |
// | L | losses of the examples, their cross-entropies; 1 x B | | |
// | E | the mean loss of the batch, 1 x 1 | what a step adds to `crossE` | |
// | dA2, dY1, dA1, dW1, … | ∂E/∂A2 and so on | `delta_b`, `delta_y1`, `delta_a`, `delta_W1`, … | |
import type { Indices } from "../math/indices.ts";
import { Matrix } from "../math/matrix.ts";
import type { Dim, SingleSize } from "../math/shape.ts";
import { affine, affineBiasGradient, affineInputGradient, affineWeightGradient } from "./affine.ts";
import { sigmoid, sigmoidBackward } from "./sigmoid.ts";
import { oneHot, softmax, softmaxCrossEntropyBackward } from "./softmax_cross_entropy.ts";

/**
 * The weights and biases. A gradient of the loss has the same shapes, so this type holds gradients
 * too.
 *
 * @category 3 Network
 */
export interface Parameters<D extends number, M extends number, K extends number> {
  /** Weights of the first layer, M x D. */
  readonly W1: Matrix<M, D>;
  /** Biases of the first layer, M x 1. */
  readonly b1: Matrix<M, 1>;
  /** Weights of the second layer, K x M. */
  readonly W2: Matrix<K, M>;
  /** Biases of the second layer, K x 1. */
  readonly b2: Matrix<K, 1>;
}

/**
 * Parameters whose sizes are known only at run time.
 *
 * @category 3 Network
 */
export type AnyParameters = Parameters<Dim<"inputs">, Dim<"hidden">, Dim<"classes">>;

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

/**
 * Examples of one batch.
 *
 * @category 3 Network
 */
export interface Batch<D extends number, B extends number> {
  /** Pixels divided by 255, so from 0 to 1; D x B. */
  readonly X: Matrix<D, B>;
  /** The class of each example. */
  readonly labels: Indices<B>;
}

/**
 * The results of the forward pass for one batch of B examples, in order.
 *
 * @category 3 Network
 */
export interface Activations<
  D extends number,
  M extends number,
  K extends number,
  B extends number,
> {
  /** Inputs, D x B. */
  readonly X: Matrix<D, B>;
  /** Hidden sums, M x B. */
  readonly A1: Matrix<M, B>;
  /** Hidden outputs, M x B. */
  readonly Y1: Matrix<M, B>;
  /** Scores, K x B. */
  readonly A2: Matrix<K, B>;
  /** Probabilities, K x B. */
  readonly P: Matrix<K, B>;
}

/**
 * The results of the backward pass for one batch of B examples: gradients of its mean loss E.
 *
 * @category 3 Network
 */
export interface Backpropagation<
  D extends number,
  M extends number,
  K extends number,
  B extends number,
> {
  /** ∂E/∂A2, K x B. */
  readonly dA2: Matrix<K, B>;
  /** ∂E/∂Y1, M x B. */
  readonly dY1: Matrix<M, B>;
  /** ∂E/∂A1, M x B. */
  readonly dA1: Matrix<M, B>;
  /** The gradients of the parameters, in their shapes: its W1 is ∂E/∂W1, M x D. */
  readonly gradients: Parameters<D, M, K>;
}

/**
 * Draws parameters: weights and biases alike from a normal distribution of mean 0 and scale √(1 /
 * inputs of the layer), in the listing's order: W1, b1, W2, b2, each row by row.
 *
 * @param random where the numbers come from, such as a {@linkcode RandomState}
 *
 * @example
 * ```ts
 * import { initialise, RandomState } from "@sanso/sanso";
 * import { strictEqual } from "node:assert/strict";
 *
 * const { W1, b2 } = initialise(784, 80, 10, new RandomState(601));
 * strictEqual(W1.at(0, 0), 0.011855564916458014); // np.random.seed(601), and so on
 * strictEqual(b2.at(9, 0), -0.15632566396710532);
 * ```
 *
 * @category 3 Network
 */
export function initialise<D extends number, M extends number, K extends number>(
  inputs: SingleSize<D>,
  hidden: SingleSize<M>,
  classes: SingleSize<K>,
  random: { normal(mean: number, scale: number): number },
): Parameters<D, M, K> {
  const draw = (fanIn: number) => () => random.normal(0, Math.sqrt(1 / fanIn));
  const W1 = Matrix.zeros(hidden, inputs).map(draw(inputs));
  const b1 = Matrix.zeros(hidden, 1).map(draw(inputs));
  const W2 = Matrix.zeros(classes, hidden).map(draw(hidden));
  const b2 = Matrix.zeros(classes, 1).map(draw(hidden));
  return { W1, b1, W2, b2 };
}

/**
 * Forward propagation of one batch.
 *
 * A1 = W1 X + b1, Y1 = sigmoid(A1), A2 = W2 Y1 + b2, P = softmax(A2)
 *
 * @returns everything computed on the way, for {@linkcode backward}
 * @throws {ShapeError} if the shapes do not fit
 *
 * @example
 * ```ts
 * import { forward, initialise, Matrix } from "@sanso/sanso";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const zeros = initialise(4, 3, 2, { normal: () => 0 });
 * deepStrictEqual(forward(zeros, Matrix.zeros(4, 1)).P, Matrix.fromRows([[0.5], [0.5]]));
 * ```
 *
 * @category 3 Network
 */
export function forward<D extends number, M extends number, K extends number, B extends number>(
  { W1, b1, W2, b2 }: Parameters<D, M, K>,
  X: Matrix<NoInfer<D>, B>,
): Activations<D, M, K, B> {
  const A1 = affine(W1, b1, X);
  const Y1 = sigmoid(A1);
  const A2 = affine(W2, b2, Y1);
  const P = softmax(A2);
  return { X, A1, Y1, A2, P };
}

/**
 * Back-propagation of one batch: the gradients of its mean cross-entropy.
 *
 * The chain rule, from the loss back: each layer is given ∂E/∂(its output) and returns ∂E/∂(its
 * input); the affine layers also return ∂E/∂(their parameters).
 *
 * dA2 = (P - onehot) / B, dW2 = dA2 Y1ᵀ, db2 = rowSum(dA2), dY1 = W2ᵀ dA2,
 * dA1 = dY1 (1 - Y1) Y1, dW1 = dA1 Xᵀ, db1 = rowSum(dA1)
 *
 * The gradient with respect to the images, W1ᵀ dA1 (the listing's `delta_x`), is unused, so it is
 * not computed.
 *
 * @returns the gradients of the parameters, for {@linkcode sgd}, and those on the way to them
 * @throws {ShapeError} if the shapes do not fit
 * @throws {RangeError} if a label is not below K
 *
 * @example
 * ```ts
 * import { backward, forward, Indices, initialise, Matrix } from "@sanso/sanso";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const zeros = initialise(4, 3, 2, { normal: () => 0 });
 * const { gradients } = backward(zeros, forward(zeros, Matrix.zeros(4, 1)), Indices.of(1, [0]));
 * deepStrictEqual(gradients.b2, Matrix.fromRows([[-0.5], [0.5]]));
 * ```
 *
 * @category 3 Network
 */
export function backward<D extends number, M extends number, K extends number, B extends number>(
  { W2 }: Parameters<D, M, K>,
  { X, Y1, P }: Activations<NoInfer<D>, NoInfer<M>, NoInfer<K>, B>,
  labels: NoInfer<Indices<B>>,
): Backpropagation<D, M, K, B> {
  const dA2 = softmaxCrossEntropyBackward(P, oneHot(P, labels));
  const dW2 = affineWeightGradient(Y1, dA2);
  const db2 = affineBiasGradient(dA2);
  const dY1 = affineInputGradient(W2, dA2);
  const dA1 = sigmoidBackward(Y1, dY1);
  const dW1 = affineWeightGradient(X, dA1);
  const db1 = affineBiasGradient(dA1);
  return { dA2, dY1, dA1, gradients: { W1: dW1, b1: db1, W2: dW2, b2: db2 } };
}
