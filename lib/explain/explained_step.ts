/**
 * One training step whose every number is at hand: what `explain` shows.
 *
 * @module
 */

import { Indices } from "../math/indices.ts";
import { type AnyMatrix, Matrix } from "../math/matrix.ts";
import { Dataset } from "../data/dataset.ts";
import { initialise } from "../network/network.ts";
import { RandomState } from "../random/random_state.ts";
import { REPORT_SETTINGS } from "../network/report_settings.ts";
import { runStep } from "../network/step.ts";
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
  const parameters = initialise(D, M, K, new RandomState(seed));
  const picked = Indices.of(B, images), { X, labels } = data.batch(picked);
  const step = runStep(parameters, { X, labels }, REPORT_SETTINGS.learningRate);
  const after = {
    W1: step["W1'"],
    b1: step["b1'"],
    W2: step["W2'"],
    b2: step["b2'"],
  };
  const m = largest(step.dA1, 0);
  return {
    data,
    picked,
    sizes: { D, M, K, B },
    focus: { D: largest(step.dW1.transposed, m), M: m, K: labels.values[0]!, B: 0 },
    labels: [...labels.values],
    matrices: {
      ...step,
      ...{ newW1: after.W1, newb1: after.b1, newW2: after.W2, newb2: after.b2 },
    },
    loss: {
      before: step.E.at(0, 0),
      after: runStep(after, { X, labels }, REPORT_SETTINGS.learningRate).E.at(0, 0),
    },
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
