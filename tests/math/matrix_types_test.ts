// Code that must not compile. Each `@ts-expect-error` line expects the type checker to reject the
// next line: `deno check`, and so `deno test`, fails if it compiles. matrix_types_proof.ts checks
// the text of the compile errors.
import {
  affineInputGradient,
  affineWeightGradient,
  backward,
  crossEntropy,
  type Dim,
  dim,
  forward,
  Indices,
  initialise,
  Matrix,
  oneHot,
  type Parameters,
  sgd,
  sigmoidBackward,
  type SingleName,
  type SingleSize,
} from "../../mod.ts";

/** For the type checker only: never called. */
function check(_code: () => void): void {}

check(() => {
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
  // @ts-expect-error nor added
  A.plus(B);
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

check(() => {
  const A: Matrix<2, 3> = Matrix.fromRows([[1, 2, 3], [4, 5, 6]]);
  const product: Matrix<2, 1> = A.scale(2).plus(A).multiply(Matrix.fromRows([[1], [2], [3]]));
  // @ts-expect-error three columns, not two
  const B: Matrix<2, 2> = Matrix.fromRows([[1, 2, 3], [4, 5, 6]]);
  // @ts-expect-error rows of different lengths
  Matrix.fromRows([[1, 2, 3], [4, 5]]);
  // @ts-expect-error no rows
  Matrix.fromRows([]);
  const rows: number[][] = [[1, 2]];
  // @ts-expect-error sizes known only at run time need names
  Matrix.fromRows(rows);
  // @ts-expect-error nor is any a list of rows
  Matrix.fromRows(JSON.parse("[[1, 2]]"));
  // @ts-expect-error nor a row
  Matrix.fromRows([JSON.parse("[1, 2]")]);
  // @ts-expect-error one row or two
  Matrix.fromRows(rows.length > 1 ? [[1, 2], [3, 4]] as const : [[1, 2]] as const);
  // @ts-expect-error rows of two numbers or of three
  Matrix.fromRows(rows.length > 1 ? [[1, 2]] as const : [[1, 2, 3]] as const);
  // @ts-expect-error an object like Indices, whose values are not checked
  const indices: Indices<2> = { count: 2, values: Uint32Array.of(1, 2), checkBelow: () => {} };
  // @ts-expect-error what has the public properties of a matrix, whose sizes are not checked
  A.plus(A as { [Name in keyof typeof A]: (typeof A)[Name] });
  return [product, B, indices];
});

check(() => {
  const n: number = Number("3"), any = JSON.parse("3");
  // @ts-expect-error plain number is no size
  Matrix.zeros(n, 3);
  // @ts-expect-error nor is a choice of sizes
  Matrix.zeros(n > 1 ? 2 : 3, 3);
  // @ts-expect-error nor is any
  Matrix.zeros(any, 3);
  // @ts-expect-error nor for indices
  Indices.of(n, [1]);
  // @ts-expect-error nor any for indices
  Indices.of(any, [1]);
  // @ts-expect-error nor is a number with another mark than a name
  Matrix.zeros(n as number & { readonly unit: "px" }, 3);
  const name: string = "batch";
  // @ts-expect-error any string is no name
  dim(name, n);
  // @ts-expect-error nor is a choice of names
  dim(n > 1 ? "batch" : "test", n);
  // @ts-expect-error nor is a template
  dim(`batch ${n}` as const, n);
  // @ts-expect-error nor all strings of a kind
  dim(name as Uppercase<string>, n);
  // @ts-expect-error nor a string with a mark
  dim(name as string & { readonly kind: "name" }, n);
  // @ts-expect-error nor is any
  dim(any, n);
  const batch = dim("batch", n), test = dim("test", n);
  // @ts-expect-error a size of one name is not one of any name
  const anyName: Dim<string> = batch;
  // @ts-expect-error nor of two
  const twoNames: Dim<"batch" | "test"> = batch;
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
  crossEntropy(A, oneHot(A, Indices.of(test, [1])));
  return [dW, anyName, twoNames];
});

check(() => {
  const hidden = dim("hidden", 300), batch = dim("batch", 100), other = dim("other", 100);
  const random = { normal: (_mean: number, scale: number) => scale };
  const p: Parameters<784, typeof hidden, 10> = initialise(784, hidden, 10, random);
  const labels = Indices.of(batch, []);
  const a = forward(p, Matrix.zeros(784, batch));
  const { gradients } = backward(p, a, labels);
  const g: Parameters<784, typeof hidden, 10> = gradients;
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

/** In a generic function a matrix's own sizes make others, without type arguments and casts. */
export function likeOthers<R extends number, C extends number>(
  A: Matrix<R, C>,
): readonly [Matrix<R, C>, Matrix<C, R>, Indices<C>] {
  const zeros = Matrix.zeros(A.rows, A.columns);
  const B = Matrix.of(A.rows, A.columns, A.data);
  const product: Matrix<R, R> = A.multiply(Matrix.zeros(A.columns, A.rows));
  return [product.multiply(A.plus(zeros)), B.transposed, Indices.of(A.columns, A.data)];
}

/** A generic function that passes a size on. */
export function identity<N extends number>(size: SingleSize<N>): Matrix<N, N> {
  const I = Matrix.zeros(size, size);
  for (let i = 0; i < size; i++) I.data[i * size + i] = 1;
  return I;
}

/** A generic function that passes on what may be no single size. */
export function unsafeSize<N extends number>(size: N): Matrix<N, 1> {
  // @ts-expect-error N may be number, or a choice of sizes
  return Matrix.zeros(size, 1);
}

/** A generic function that passes on what may be no single name. */
export function unsafeName<Name extends string>(name: Name): Dim<Name> {
  // @ts-expect-error Name may be string, or a choice of names
  return dim(name, 3);
}

/** A generic function that passes a name on. */
export function named<Name extends string>(name: SingleName<Name>): Matrix<Dim<Name>, 1> {
  return Matrix.zeros(dim(name, 3), 1);
}

check(() => {
  const I: Matrix<3, 3> = identity(3);
  const hidden: Matrix<Dim<"hidden">, 1> = named("hidden");
  const [A, B, indices] = likeOthers(hidden);
  const squared: Matrix<Dim<"hidden">, Dim<"hidden">> = A.multiply(B);
  const one: Indices<1> = indices;
  // @ts-expect-error a size of two numbers
  identity(one.count > 0 ? 2 : 3);
  // @ts-expect-error a name that is any string
  named(String(one));
  return [I, squared];
});

Deno.test("type: this file compiles, so every error it expects occurs", () => {});
