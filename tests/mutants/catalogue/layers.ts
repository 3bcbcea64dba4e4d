/**
 * Mutants of the layers' equations.
 *
 * @module
 */

import type { Chapter } from "../mutant.ts";

const AFFINE = "lib/network/affine.ts";
const SIGMOID = "lib/network/sigmoid.ts";
const SOFTMAX = "lib/network/softmax_cross_entropy.ts";

const BY_HAND = [
  "network/affine_test.ts",
  "example: affine gradients of a batch of two, worked by hand",
] as const;
const SOFTMAX_BACKWARD = [
  "network/softmax_cross_entropy_test.ts",
  "example: softmaxCrossEntropyBackward() is (P - onehot) / B",
] as const;

/** The affine layer: equations 1 to 3. */
export const affine: Chapter = {
  title: "Affine layer",
  mutants: [
    {
      title: "The bias is left out: Y = W X",
      file: AFFINE,
      search: "W.multiply(X).plusColumn(b)",
      replace: "W.multiply(X)",
      caughtBy: [
        "network/affine_test.ts",
        "example: affine() is W X + b, the bias added to every column",
      ],
    },
    {
      title: "Equation 1 without its transpose: W dY",
      file: AFFINE,
      search: "W.transposed.multiply(dY)",
      replace: "W.multiply(dY)",
      caughtBy: BY_HAND,
      noticedBy: "ShapeError",
    },
    {
      title: "Equation 1 with the transpose in the wrong place: (dYᵀ W), which is dXᵀ",
      file: AFFINE,
      search: "W.transposed.multiply(dY)",
      replace: "dY.transposed.multiply(W)",
      caughtBy: BY_HAND,
    },
    {
      title: "Equation 2 without its transpose: dY X",
      file: AFFINE,
      search: "dY.multiply(X.transposed)",
      replace: "dY.multiply(X)",
      caughtBy: BY_HAND,
      noticedBy: "ShapeError",
    },
    {
      title: "Equation 2 with its factors the wrong way round: X dYᵀ, which is dWᵀ",
      file: AFFINE,
      search: "dY.multiply(X.transposed)",
      replace: "X.multiply(dY.transposed)",
      caughtBy: BY_HAND,
    },
    {
      title: "1/B applied twice: in the loss, and once more to dW",
      file: AFFINE,
      search: "dY.multiply(X.transposed)",
      replace: "dY.multiply(X.transposed).map((dw) => dw / X.columns)",
      caughtBy: [
        "network/affine_test.ts",
        "law: affineWeightGradient() is the gradient with respect to W (eq. 2)",
      ],
    },
    {
      title: "The bias summed over the wrong axis: over units, not over the batch",
      file: AFFINE,
      search: "dY.rowSums",
      replace: "dY.columnSums",
      caughtBy: BY_HAND,
    },
    {
      title: "The bias averaged over the batch, though the loss has divided by B already",
      file: AFFINE,
      search: "dY.rowSums",
      replace: "dY.rowSums.map((sum) => sum / dY.columns)",
      caughtBy: [
        "network/affine_test.ts",
        "law: affineBiasGradient() is the gradient with respect to b (eq. 3)",
      ],
    },
  ],
};

/** The sigmoid and its derivative. */
export const sigmoid: Chapter = {
  title: "Sigmoid",
  mutants: [
    {
      title: "The sign in the exponent lost: 1 / (1 + eˣ), which falls",
      file: SIGMOID,
      search: "1 / (1 + exp(-x))",
      replace: "1 / (1 + exp(x))",
      caughtBy: [
        "network/sigmoid_test.ts",
        "example: sigmoid() is 1/2 at 0, and 0 and 1 far out, without overflow",
      ],
    },
    {
      title: "exp without the rounding error of its first sum",
      file: "lib/math/exp.ts",
      search: "(high - (sum - 1)) + (",
      replace: "(",
      caughtBy: [
        "math/exp_test.ts",
        "reference: exp() is within 0.87 ulp of the true value, also where its reduced argument is greatest",
      ],
    },
    {
      title: "The derivative at the wrong variable: the output taken for the input",
      file: SIGMOID,
      search: "dY.zip(Y, (dy, y) => dy * (1 - y) * y)",
      replace: "dY.zip(sigmoid(Y), (dy, y) => dy * (1 - y) * y)",
      caughtBy: [
        "network/sigmoid_test.ts",
        "law: sigmoidBackward() is the gradient with respect to X",
      ],
    },
    {
      title: "The derivative of tanh: 1 - y²",
      file: SIGMOID,
      search: "dy * (1 - y) * y",
      replace: "dy * (1 - y * y)",
      caughtBy: ["network/sigmoid_test.ts", "example: sigmoidBackward() is dY (1 - Y) Y"],
    },
    {
      title: "The chain rule forgotten: y' alone, without dY",
      file: SIGMOID,
      search: "dy * (1 - y) * y",
      replace: "(1 - y) * y",
      caughtBy: [
        "network/sigmoid_test.ts",
        "law: sigmoidBackward() is the gradient with respect to X",
      ],
    },
  ],
};

/** Softmax and cross-entropy. */
export const softmax: Chapter = {
  title: "Softmax and cross-entropy",
  mutants: [
    {
      title: "The largest score is not subtracted: exp overflows",
      file: SOFTMAX,
      search: "(a, max) => a - max",
      replace: "(a) => a",
      caughtBy: [
        "network/softmax_cross_entropy_test.ts",
        "example: softmax() of greatest and least doubles neither overflows nor divides by 0",
      ],
    },
    {
      title: "Softmax over the whole batch, not over each example",
      file: SOFTMAX,
      search: "E.zipRow(E.columnSums, (e, sum) => e / sum)",
      replace: "E.map((e) => e / E.rowSums.columnSums.at(0, 0))",
      caughtBy: [
        "network/softmax_cross_entropy_test.ts",
        "example: softmax() of equal scores is uniform, down each column",
      ],
    },
    {
      title: "The loss computed from the probability: not finite once that underflows",
      file: SOFTMAX,
      search: "log(sum) - s)",
      replace: "-log(exp(s) / sum))",
      caughtBy: [
        "network/softmax_cross_entropy_test.ts",
        "example: crossEntropy() stays finite where the probability underflows to 0",
      ],
    },
    {
      title: "Wrong classes multiplied by 0: NaN if their score is -Infinity",
      file: SOFTMAX,
      search: "y === 0 ? 0 : y * s",
      replace: "y * s",
      caughtBy: [
        "network/softmax_cross_entropy_test.ts",
        "example: crossEntropy() of scores whose difference overflows is 0 for the greatest, else Infinity",
      ],
    },
    {
      title: "The loss without its sign: Σ y ln p",
      file: SOFTMAX,
      search: "log(sum) - s)",
      replace: "s - log(sum))",
      caughtBy: [
        "network/softmax_cross_entropy_test.ts",
        "example: crossEntropy() of equal scores is ln K, whatever the label",
      ],
    },
    {
      title: "1/B lost: dA2 = P - onehot",
      file: SOFTMAX,
      search: "(p - y) / P.columns",
      replace: "p - y",
      caughtBy: SOFTMAX_BACKWARD,
    },
    {
      title: "1/B by the wrong size: divided by the number of classes",
      file: SOFTMAX,
      search: "(p - y) / P.columns",
      replace: "(p - y) / P.rows",
      caughtBy: SOFTMAX_BACKWARD,
    },
    {
      title: "1/B twice in one place",
      file: SOFTMAX,
      search: "(p - y) / P.columns",
      replace: "(p - y) / P.columns / P.columns",
      caughtBy: [
        "network/softmax_cross_entropy_test.ts",
        "law: softmaxCrossEntropyBackward() is the gradient of the mean loss with respect to A",
      ],
    },
    {
      title: "The gradient of the wrong sign: onehot - P",
      file: SOFTMAX,
      search: "(p - y) / P.columns",
      replace: "(y - p) / P.columns",
      caughtBy: SOFTMAX_BACKWARD,
    },
    {
      title: "One-hot off by one: classes counted from 1",
      file: SOFTMAX,
      search: "onehot.data[k * A.columns + j] = 1",
      replace: "onehot.data[(k + 1) % A.rows * A.columns + j] = 1",
      caughtBy: SOFTMAX_BACKWARD,
    },
    {
      title: "One-hot with rows and columns confused",
      file: SOFTMAX,
      search: "onehot.data[k * A.columns + j] = 1",
      replace: "onehot.data[j * A.rows + k] = 1",
      caughtBy: [
        "network/softmax_cross_entropy_test.ts",
        "law: softmaxCrossEntropyBackward() is the gradient of the mean loss with respect to A",
      ],
    },
  ],
};
