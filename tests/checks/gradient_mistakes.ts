/** Mistakes for gradcheck to find: in each gradient of the step, and in backward() itself. */
import { MISTAKES, withMistakes } from "../../lib/mistakes/mistakes.ts";
import type { Dim } from "../../lib/math/shape.ts";
import { backward } from "../../lib/network/network.ts";
import { affineWeightGradient } from "../../lib/network/affine.ts";
import type { CheckedFunctions } from "../../lib/checks/layer_checks.ts";

/** Functions instead of the network's own. */
export type Functions = CheckedFunctions<
  Dim<"inputs">,
  Dim<"hidden">,
  Dim<"classes">,
  Dim<"batch">
>;

/** Mistakes of the library, by their ids, and the gradient that is named for each. */
const KNOWN: readonly (readonly [id: string, first: string])[] = [
  ["dA2/not-divided-by-B", "softmax dA2"],
  ["P/applied-twice", "softmax dA2"],
  ["dY1/wrong-sign", "affine dY1"],
  ["dW2/sigmoid-skipped", "affine dW2"],
  ["db2/divided-by-B-twice", "affine db2"],
  ["dA1/sigmoid-again", "sigmoid dA1"],
  ["db1/sigmoid-skipped", "affine db1"],
];

/** What it is, its function, and the gradient that is named for it. */
type GradientMistake = readonly [what: string, functions: Functions, first: string];

export const GRADIENT_MISTAKES: readonly GradientMistake[] = [
  ...KNOWN.map(([id, first]): GradientMistake => {
    const mistake = MISTAKES.find((one) => one.id === id)!;
    return [id, { replaced: withMistakes(mistake) }, first];
  }),
  ["dW1 one millionth too large", {
    replaced: { dW1: ({ X, dA1 }) => affineWeightGradient(X, dA1).scale(1 + 1e-6) },
  }, "affine dW1"],
  ["backward() with dW1 one millionth too large", {
    backward: (p, a, right) => {
      const all = backward(p, a, right), { W1 } = all.gradients;
      return { ...all, gradients: { ...all.gradients, W1: W1.scale(1 + 1e-6) } };
    },
  }, "network dW1"],
  ["backward() with activations of something else", {
    backward: (p, a, right) => backward(p, { ...a, Y1: a.Y1.map((y) => y / 2) }, right),
  }, "network dW2"],
];
