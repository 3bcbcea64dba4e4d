// What must not compile. Each `@ts-expect-error` line is a claim that the type checker rejects the next one: `deno check`, and
// so `deno test`, fails if one of them ever starts to compile.
import {
  affineInputGradient,
  affineWeightGradient,
  backward,
  crossEntropy,
  dim,
  forward,
  Indices,
  initialise,
  Matrix,
  type Parameters,
  sgd,
  sigmoidBackward,
} from "../../mod.ts";

/** For the type checker only: never called. */
function claims(_claims: () => void): void {}

claims(() => {
  const A = Matrix.zeros(2, 3), B = Matrix.zeros(3, 4);
  const C: Matrix<2, 4> = A.multiply(B);
  // @ts-expect-error 2x3 by 2x4: inner sizes 3 and 2 differ
  A.multiply(C);
  // @ts-expect-error the product is 2x4, not 4x2
  const D: Matrix<4, 2> = A.multiply(B);
  // @ts-expect-error a wider promise is not accepted either: sizes are invariant
  const E: Matrix<2, number> = A;
  // @ts-expect-error nor a choice of sizes
  const F: Matrix<2, 3 | 4> = A;
  // @ts-expect-error 2x3 and 3x4, entry by entry
  A.zip(B, (a) => a);
  // @ts-expect-error a column of 3 for 2 rows
  A.plusColumn(Matrix.zeros(3, 1));
  // @ts-expect-error a row of 2 for 3 columns
  A.zipRow(Matrix.zeros(1, 2), (a) => a);
  // @ts-expect-error sums of rows are a column
  const S: Matrix<1, 2> = A.rowSums;
  // @ts-expect-error sums of columns are a row
  const T: Matrix<3, 1> = A.columnSums;
  return [D, E, F, S, T];
});

claims(() => {
  const n: number = Number("3");
  // @ts-expect-error plain number is no size
  Matrix.zeros(n, 3);
  // @ts-expect-error nor is a choice of sizes
  Matrix.zeros(n > 1 ? 2 : 3, 3);
  // @ts-expect-error nor for indices
  Indices.of(n, [1]);
  const batch = dim("batch", n), test = dim("test", n);
  const X = Matrix.zeros(784, batch), W = Matrix.zeros(10, 784);
  const A = W.multiply(X);
  A.zip(Matrix.zeros(10, batch), (a) => a);
  // @ts-expect-error the test batch is not the training batch, whatever their sizes are today
  A.zip(Matrix.zeros(10, test), (a) => a);
  // @ts-expect-error a run-time size is not the literal 784
  X.multiply(W);
  const dW: Matrix<10, 784> = A.multiply(X.transposed);
  // @ts-expect-error forgot the transpose
  A.multiply(X);
  // @ts-expect-error scores of one batch against labels of another
  crossEntropy(A, Indices.of(test, [1]));
  return dW;
});

claims(() => {
  const hidden = dim("hidden", 300), batch = dim("batch", 100), other = dim("other", 100);
  const random = { normal: (_mean: number, scale: number) => scale };
  const p: Parameters<784, typeof hidden, 10> = initialise(784, hidden, 10, random);
  const labels = Indices.of(batch, []);
  const a = forward(p, Matrix.zeros(784, batch));
  const g: Parameters<784, typeof hidden, 10> = backward(p, a, labels);
  sgd(p, g, 0.01);
  // @ts-expect-error labels of another batch
  backward(p, a, Indices.of(other, []));
  // @ts-expect-error wrong input width
  forward(p, Matrix.zeros(783, batch));
  // @ts-expect-error examples must be columns
  forward(p, Matrix.zeros(batch, 784));
  // @ts-expect-error gradients of another network
  sgd(p, initialise(784, 80, 10, random), 0.01);
  // @ts-expect-error eq. 1 wants ∂E/∂Y, K x B
  affineInputGradient(p.W2, a.Y1);
  // @ts-expect-error eq. 2 of the second layer from the first layer's inputs is K x D, not K x M
  const dW2: Matrix<10, typeof hidden> = affineWeightGradient(a.X, a.A2);
  // @ts-expect-error Y1 is M x B, the scores are K x B
  sigmoidBackward(a.Y1, a.A2);
  return dW2;
});

/** Inside a generic function the batch size is opaque, and still tracked. */
export function generic<D extends number, B extends number, C extends number>(
  W: Matrix<10, D>,
  X: Matrix<D, B>,
  Y: Matrix<10, C>,
): Matrix<10, D> {
  const A: Matrix<10, B> = W.multiply(X);
  // @ts-expect-error B and C are different unknowns
  A.zip(Y, (a) => a);
  // @ts-expect-error X needs transposing
  A.multiply(X);
  return A.multiply(X.transposed);
}

Deno.test("type: the claims of this file hold, or it would not have compiled", () => {});
