/**
 * One training step whose every number is at hand: what `explain` shows.
 *
 * @module
 */

import { Indices } from "../math/indices.ts";
import {
  affine,
  affineBiasGradient,
  affineInputGradient,
  affineWeightGradient,
} from "../network/affine.ts";
import { sigmoid, sigmoidBackward } from "../network/sigmoid.ts";
import {
  crossEntropy,
  softmax,
  softmaxCrossEntropyBackward,
} from "../network/softmax_cross_entropy.ts";
import { type AnyMatrix, Matrix } from "../math/matrix.ts";
import { Dataset } from "../data/dataset.ts";
import { forward, initialise } from "../network/network.ts";
import { RandomState } from "../random/random_state.ts";
import { REPORT_SETTINGS } from "../network/report_settings.ts";
import { sgd } from "../network/sgd.ts";
import { type Dim, dim } from "../math/shape.ts";

/** A number for each axis by its letter: of pixels, hidden units, classes and images. */
export type PerAxis = Readonly<Record<"D" | "M" | "K" | "B", number>>;

/** A training step, taken by the functions of lib/ one after the other. */
export interface Step {
  /** The images, and their classes. */
  readonly data: Dataset<Dim<"inputs">>;
  /** Which of them make the batch. */
  readonly picked: Indices<Dim<"batch">>;
  /** How many there are: D, M, K and B. */
  readonly sizes: PerAxis;
  /** Which ones are worked out: the entry of a matrix is found by those of its axes. */
  readonly focus: PerAxis;
  /** The class of each image of the batch. */
  readonly labels: readonly number[];
  /** Every matrix by the letters of lib/network/network.ts; `onehot` (K x B) and `L` (losses, 1 x B) besides. */
  readonly matrices: Readonly<Record<MatrixName, AnyMatrix>>;
  /** Mean cross-entropy before the step, and of the same batch after it. */
  readonly loss: { readonly before: number; readonly after: number };
}

/** Its matrices: those with a `new` before them are the parameters after the step. */
export type MatrixName =
  | "X"
  | "W1"
  | "b1"
  | "A1"
  | "Y1"
  | "W2"
  | "b2"
  | "A2"
  | "P"
  | "onehot"
  | "L"
  | "dA2"
  | "dY1"
  | "dW2"
  | "db2"
  | "dA1"
  | "dW1"
  | "db1"
  | "newW1"
  | "newb1"
  | "newW2"
  | "newb2";

/** Two images of 2x2 pixels, so small a network that each of its numbers can be followed. */
export function smallStep(seed: number): Step {
  const pixels = Uint8Array.of(255, 0, 204, 51, 255, 204, 0, 51); // 1, 0, 0.8, 0.2 and so on
  const data = Dataset.of({ width: 2, height: 2 }, pixels, Uint8Array.of(0, 1));
  return takeStep(data, [0, 1], 3, seed);
}

/** One image of a data set in the report's network. */
export function sampleStep(data: Dataset<Dim<"inputs">>, sample: number, seed: number): Step {
  return takeStep(data, [sample], REPORT_SETTINGS.hidden, seed);
}

function takeStep(
  data: Dataset<Dim<"inputs">>,
  images: readonly number[],
  hidden: number,
  seed: number,
): Step {
  const D = data.inputs, M = dim("hidden", hidden), K = data.classes;
  const B = dim("batch", images.length);
  const parameters = initialise(D, M, K, new RandomState(seed)), { W1, b1, W2, b2 } = parameters;
  const picked = Indices.of(B, images), { X, labels } = data.batch(picked);
  const A1 = affine(W1, b1, X), Y1 = sigmoid(A1), A2 = affine(W2, b2, Y1), P = softmax(A2);
  const L = crossEntropy(A2, labels);
  const dA2 = softmaxCrossEntropyBackward(P, labels);
  const dY1 = affineInputGradient(W2, dA2);
  const dW2 = affineWeightGradient(Y1, dA2), db2 = affineBiasGradient(dA2);
  const dA1 = sigmoidBackward(Y1, dY1);
  const dW1 = affineWeightGradient(X, dA1), db1 = affineBiasGradient(dA1);
  const after = sgd(
    parameters,
    { W1: dW1, b1: db1, W2: dW2, b2: db2 },
    REPORT_SETTINGS.learningRate,
  );
  const mean = (losses: AnyMatrix) => losses.data.reduce((sum, l) => sum + l, 0) / B;
  const onehot = Matrix.zeros<Dim<"classes">, Dim<"batch">>(K, B);
  labels.values.forEach((k, i) => onehot.data[k * B + i] = 1);
  const newMatrices = { newW1: after.W1, newb1: after.b1, newW2: after.W2, newb2: after.b2 };
  const m = largest(dA1, 0);
  return {
    data,
    picked,
    sizes: { D, M, K, B },
    focus: { D: largest(dW1.transposed, m), M: m, K: labels.values[0]!, B: 0 },
    labels: [...labels.values],
    matrices: {
      ...{ X, W1, b1, A1, Y1, W2, b2, A2, P, onehot, L, dA2, dY1, dW2, db2, dA1, dW1, db1 },
      ...newMatrices,
    },
    loss: { before: mean(L), after: mean(crossEntropy(forward(after, X).A2, labels)) },
  };
}

/** A number of the step. */
export function entry({ matrices }: Step, name: MatrixName, row: number, column: number): number {
  const { columns, data } = matrices[name];
  return data[row * columns + column]!;
}

/** 0, 1, … below `count`. */
export function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

/** ∂E/∂b2 as equation (3) is printed, with its stray Xᵀ: of the right shape, and wrong. */
export function asPrinted({ matrices: { dW2 } }: Step): AnyMatrix {
  return Matrix.of(dim("classes", dW2.rows), dim("hidden", dW2.columns), dW2.data).rowSums;
}

/** The row in which the largest entry of a column stands. */
function largest({ rows, columns, data }: AnyMatrix, column: number): number {
  let most = 0;
  const size = (row: number) => Math.abs(data[row * columns + column]!);
  for (let row = 1; row < rows; row++) if (size(row) > size(most)) most = row;
  return most;
}
