/**
 * Every gradient that the equations claim, each beside the function that it must be the gradient of: what `gradcheck` checks.
 *
 * @module
 */

import type { Batch } from "../network/network.ts";
import { type GradientError, gradientError, numericalDerivatives } from "./gradient_check.ts";
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
import { backward, forward, type Parameters } from "../network/network.ts";
import { dim } from "../math/shape.ts";

/** The functions whose gradients are claimed, and those that claim them. */
export interface Equations {
  /** Y = W X + b. */
  readonly affine: typeof affine;
  /** Equation 1. */
  readonly affineInputGradient: typeof affineInputGradient;
  /** Equation 2. */
  readonly affineWeightGradient: typeof affineWeightGradient;
  /** Equation 3. */
  readonly affineBiasGradient: typeof affineBiasGradient;
  /** Y = 1 / (1 + e⁻ˣ). */
  readonly sigmoid: typeof sigmoid;
  /** Its gradient with respect to X. */
  readonly sigmoidBackward: typeof sigmoidBackward;
  /** Scores to probabilities. */
  readonly softmax: typeof softmax;
  /** Scores to losses. */
  readonly crossEntropy: typeof crossEntropy;
  /** Gradient of the mean loss with respect to the scores. */
  readonly softmaxCrossEntropyBackward: typeof softmaxCrossEntropyBackward;
  /** The whole network. */
  readonly forward: typeof forward;
  /** Gradients of the mean loss with respect to its parameters. */
  readonly backward: typeof backward;
}

/** The real ones: others are for showing that a wrong one is found. */
export const EQUATIONS: Equations = {
  affine,
  affineInputGradient,
  affineWeightGradient,
  affineBiasGradient,
  sigmoid,
  sigmoidBackward,
  softmax,
  crossEntropy,
  softmaxCrossEntropyBackward,
  forward,
  backward,
};

/** What has gradients: a layer by itself, or the whole network. */
export type CheckedPart = "softmax" | "affine" | "sigmoid" | "network";

/** The functions that compute gradients, and what they belong to. */
const PART_OF = {
  softmaxCrossEntropyBackward: "softmax",
  affineInputGradient: "affine",
  affineWeightGradient: "affine",
  affineBiasGradient: "affine",
  sigmoidBackward: "sigmoid",
  backward: "network",
} as const satisfies Partial<Record<keyof Equations, CheckedPart>>;

/** One gradient, to be compared with differences. */
export interface LayerCheck {
  /** Which part claims it. */
  readonly part: CheckedPart;
  /** Its name: `affine 2 dW`. */
  readonly name: string;
  /** The function that computes it. */
  readonly by: keyof Equations;
  /** What that function returned. */
  readonly analytic: AnyMatrix;
  /** Compares the given entries (positions in `analytic.data`) with differences. */
  compare(entries: Uint32Array): GradientError;
}

/**
 * All gradients of one training step, from the loss backwards: each layer by itself, the whole network last.
 *
 * A layer's output Y is not a number, so it is checked as part of one: E = Σ C ∘ Y has ∂E/∂Y = C, whatever C is. Here C is the
 * gradient that reaches the layer in this step; were that one wrong, the layer's own check would hold all the same. So the
 * first claim that fails is where the mistake is, not where it is felt.
 *
 * @param parameters where, W1, b1, W2, b2
 * @param batch images and their classes
 * @param functions the functions to check
 * @throws {ShapeError} if the shapes do not fit
 */
export function layerChecks<
  D extends number,
  M extends number,
  K extends number,
  B extends number,
>(
  parameters: Parameters<D, M, K>,
  { X, labels }: Batch<D, B>,
  functions: Equations = EQUATIONS,
): LayerCheck[] {
  const { W1, b1, W2, b2 } = parameters;
  const A1 = functions.affine(W1, b1, X),
    Y1 = functions.sigmoid(A1),
    A2 = functions.affine(W2, b2, Y1);
  const dA2 = functions.softmaxCrossEntropyBackward(functions.softmax(A2), labels);
  const dY1 = functions.affineInputGradient(W2, dA2), dA1 = functions.sigmoidBackward(Y1, dY1);
  const affineClaims = <In extends number, Out extends number>(
    name: string,
    W: Matrix<Out, In>,
    b: Matrix<Out, 1>,
    X: Matrix<In, B>,
    C: Matrix<Out, B>,
  ) => {
    const E = (w: typeof W, bias: typeof b, x: typeof X) =>
      innerProduct(C, functions.affine(w, bias, x));
    const dX = functions.affineInputGradient(W, C), dW = functions.affineWeightGradient(X, C);
    const db = functions.affineBiasGradient(C);
    return [
      claim(`${name} dX`, "affineInputGradient", dX, X, (x) => E(W, b, x)),
      claim(`${name} dW`, "affineWeightGradient", dW, W, (w) => E(w, b, X)),
      claim(`${name} db`, "affineBiasGradient", db, b, (bias) => E(W, bias, X)),
    ];
  };
  const meanLoss = (scores: typeof A2) =>
    functions.crossEntropy(scores, labels).rowSums.at(0, 0) / labels.count;
  const loss = (p: typeof parameters) => meanLoss(functions.forward(p, X).A2);
  const g = functions.backward(parameters, functions.forward(parameters, X), labels);
  return [
    claim("softmax dA", "softmaxCrossEntropyBackward", dA2, A2, meanLoss),
    ...affineClaims("affine 2", W2, b2, Y1, dA2),
    claim("sigmoid dX", "sigmoidBackward", dA1, A1, (x) => innerProduct(dY1, functions.sigmoid(x))),
    ...affineClaims("affine 1", W1, b1, X, dA1),
    claim("network dW2", "backward", g.W2, W2, (W2) => loss({ ...parameters, W2 })),
    claim("network db2", "backward", g.b2, b2, (b2) => loss({ ...parameters, b2 })),
    claim("network dW1", "backward", g.W1, W1, (W1) => loss({ ...parameters, W1 })),
    claim("network db1", "backward", g.b1, b1, (b1) => loss({ ...parameters, b1 })),
  ];
}

/**
 * Which entries of a gradient to check: all, or the largest and as many drawn from the rest.
 *
 * @param most how many there may be, at least 2
 * @param random draws the order of all entries, such as a {@linkcode RandomState}
 * @returns positions in `gradient.data`, each once
 */
export function entriesToCheck(
  { data }: AnyMatrix,
  most: number,
  random: { permutation(count: number): ArrayLike<number> },
): Uint32Array<ArrayBuffer> {
  if (data.length <= most) return Uint32Array.from(data, (_, entry) => entry);
  // a NaN must not be passed over
  const size = Float64Array.from(data, (x) => Number.isNaN(x) ? Infinity : Math.abs(x));
  const descending = Uint32Array.from(data, (_, i) => i).sort((a, b) =>
    size[a] === size[b] ? a - b : size[b]! - size[a]!
  );
  const chosen = new Set(descending.subarray(0, Math.ceil(most / 2)));
  const drawn = random.permutation(data.length);
  for (let i = 0; chosen.size < most; i++) chosen.add(drawn[i]!);
  return Uint32Array.from(chosen);
}

function claim<R extends number, C extends number>(
  name: string,
  by: keyof typeof PART_OF,
  analytic: Matrix<R, C>,
  X: Matrix<R, C>,
  f: (X: Matrix<R, C>) => number,
): LayerCheck {
  const compare = (entries: Uint32Array): GradientError => {
    const count = dim("entries", entries.length);
    const claimed = Matrix.of(1, count, Array.from(entries, (entry) => analytic.data[entry]!));
    const numerical = Matrix.of(1, count, numericalDerivatives(f, X, entries));
    const found = gradientError(claimed, numerical), worst = entries[found.column]!;
    return { ...found, row: Math.floor(worst / X.columns), column: worst % X.columns };
  };
  return { part: PART_OF[by], name, by, analytic, compare };
}

/** Σ C ∘ Y: makes a number of a layer's output Y, with ∂/∂Y = C. */
export function innerProduct<R extends number, C extends number>(
  C: Matrix<R, C>,
  Y: Matrix<R, C>,
): number {
  return C.zip(Y, (c, y) => c * y).data.reduce((sum, x) => sum + x, 0);
}
