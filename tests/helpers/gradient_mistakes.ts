/** A mistake in each function of the backward pass. */
import type { CheckedFunctions } from "../../lib/checks/layer_checks.ts";
import {
  affineBiasGradient,
  affineInputGradient,
  affineWeightGradient,
  backward,
  type Dim,
  sigmoid,
  sigmoidBackward,
  softmax,
  softmaxCrossEntropyBackward,
} from "../../mod.ts";

/** Functions in place of the network's own. */
export type Functions = CheckedFunctions<
  Dim<"inputs">,
  Dim<"hidden">,
  Dim<"classes">,
  Dim<"batch">
>;

/** Mistakes: what each is, its function, and the gradient that is named for it. */
export const GRADIENT_MISTAKES: readonly (readonly [what: string, Functions, first: string])[] = [
  ["softmaxCrossEntropyBackward() without 1/B", {
    replaced: {
      dA2: ({ P, onehot }) => softmaxCrossEntropyBackward(P, onehot).map((g) => g * P.columns),
    },
  }, "softmax dA2"],
  ["softmax() of doubled scores", {
    replaced: { P: ({ A2 }) => softmax(A2.map((a) => 2 * a)) },
  }, "softmax dA2"],
  ["affineInputGradient() with the wrong sign", {
    replaced: { dY1: ({ W2, dA2 }) => affineInputGradient(W2.map((w) => -w), dA2) },
  }, "affine dY1"],
  ["affineWeightGradient() of squared inputs", {
    replaced: { dW2: ({ Y1, dA2 }) => affineWeightGradient(Y1.map((y) => y * y), dA2) },
  }, "affine dW2"],
  ["affineBiasGradient() with 1/B twice", {
    replaced: { db2: ({ dA2 }) => affineBiasGradient(dA2.map((y) => y / dA2.columns)) },
  }, "affine db2"],
  ["sigmoidBackward() at the wrong variable", {
    replaced: { dA1: ({ Y1, dY1 }) => sigmoidBackward(sigmoid(Y1), dY1) },
  }, "sigmoid dA1"],
  ["dW1 one millionth too large", {
    replaced: { dW1: ({ X, dA1 }) => affineWeightGradient(X, dA1).map((x) => x * (1 + 1e-6)) },
  }, "affine dW1"],
  ["db1 past the sigmoid", {
    replaced: { db1: ({ dY1 }) => affineBiasGradient(dY1) },
  }, "affine db1"],
  ["backward() with dW1 one millionth too large", {
    backward: (p, a, right) => {
      const all = backward(p, a, right), { W1 } = all.gradients;
      return { ...all, gradients: { ...all.gradients, W1: W1.map((x) => x * (1 + 1e-6)) } };
    },
  }, "network dW1"],
  ["backward() with activations of something else", {
    backward: (p, a, right) => backward(p, { ...a, Y1: a.Y1.map((y) => y / 2) }, right),
  }, "network dW2"],
];
