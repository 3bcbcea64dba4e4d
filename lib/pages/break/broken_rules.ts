// The mistakes that one can see in the view Break, and the test of the project that catches each.
import { type Mistake, MISTAKES } from "../../../mod.ts";

/**
 * What is said of a rule: the id of its first mistake, its mistakes, which have the same words, and
 * a test that fails if this project makes them. The page gets this as data, as the mistakes
 * themselves are a sixth of its script.
 */
export interface RuleWords {
  readonly id: string;
  readonly mistakes: readonly Pick<Mistake, "quantity" | "equation" | "words">[];
  readonly test: { readonly file: string; readonly name: string };
}

const REFERENCE = "tests/network/numpy_reference_test.ts";
const SOFTMAX = "tests/network/softmax_cross_entropy_test.ts";
const SIGMOID = "tests/network/sigmoid_test.ts";
const AFFINE = "tests/network/affine_test.ts";
const NETWORK = "tests/network/network_test.ts";

const NUMPY =
  "reference: runStep() has NumPy's numbers in every quantity, first, second and last step";
const OVERFLOW = "example: sigmoid() is 1/2 at 0, and 0 and 1 far out, without overflow";
const UNIFORM = "example: softmax() of equal scores is uniform, down each column";
const LOSS_GRADIENT =
  "law: softmaxCrossEntropyBackward() is the gradient of the mean loss with respect to A";
const WHOLE_GRADIENT =
  "law: backward() is the gradient of the mean loss with respect to every parameter";
const SIGMOID_GRADIENT = "law: sigmoidBackward() is the gradient with respect to X";
const PRINTED =
  "example: affineBiasGradient() is not rowSum(dY Xᵀ), which the report prints as equation (3)";
const UPDATE = "law: sgd() takes learningRate times the gradient from every parameter";
const LOWERS = "law: a small step of sgd() along the gradient lowers the loss";

/** The rules, in the order of the step: one mistake, or one that is made in several parameters. */
export const BROKEN_RULES = [
  rule(["X/not-divided-by-255"], REFERENCE, NUMPY),
  rule(["Y1/relu"], SIGMOID, OVERFLOW),
  rule(["P/over-the-batch"], SOFTMAX, UNIFORM),
  rule(["onehot/counted-from-1"], REFERENCE, NUMPY),
  rule(["onehot/labels-of-the-next-image"], REFERENCE, NUMPY),
  rule(["dA2/not-divided-by-B"], SOFTMAX, LOSS_GRADIENT),
  rule(["dA2/divided-by-B-twice"], SOFTMAX, LOSS_GRADIENT),
  rule(["dY1/weights-updated-first"], NETWORK, WHOLE_GRADIENT),
  rule(["dA1/1-y-lost"], SIGMOID, SIGMOID_GRADIENT),
  rule(["dA1/y-lost"], SIGMOID, SIGMOID_GRADIENT),
  rule(["db1/as-printed"], AFFINE, PRINTED),
  rule(["W1'/not-updated", "b1'/not-updated"], NETWORK, UPDATE),
  rule(["W1'/wrong-sign", "b1'/wrong-sign", "W2'/wrong-sign", "b2'/wrong-sign"], NETWORK, LOWERS),
];

/** The rule with this id. */
export function brokenRule(id: string) {
  return BROKEN_RULES.find((rule) => rule.id === id)!;
}

function rule(ids: readonly string[], file: string, name: string) {
  const mistakes = ids.map((id) => MISTAKES.find((mistake) => mistake.id === id)!);
  return { id: ids[0]!, mistakes, test: { file, name } } satisfies RuleWords;
}
