// The mistakes that one can see in the view Break, and the test of the project that catches each.
import { type Mistake, MISTAKES } from "../../../mod.ts";

/**
 * What the page says of a rule. It gets this as data, as the mistakes themselves are a sixth of its
 * script.
 */
export interface RuleWords {
  /** The id of the first mistake, by which an address names the rule. */
  readonly id: string;
  /** What is said of the mistakes in the step of the broken network, all with the same words. */
  readonly mistakes: readonly Pick<Mistake, "quantity" | "equation" | "words">[];
  /** A test that fails if this project makes the mistake. */
  readonly test: { readonly file: string; readonly name: string };
}

/** A rule that the broken network breaks: one mistake, or one made in several parameters. */
export interface BrokenRule extends RuleWords {
  readonly mistakes: readonly Mistake[];
}

const REFERENCE = "tests/network/numpy_reference_test.ts";
const SOFTMAX = "tests/network/softmax_cross_entropy_test.ts";
const SIGMOID = "tests/network/sigmoid_test.ts";
const AFFINE = "tests/network/affine_test.ts";
const NETWORK = "tests/network/network_test.ts";

const NUMPY =
  "reference: runStep() has NumPy's numbers in every quantity, first, second and last step";
const LOSS_GRADIENT =
  "law: softmaxCrossEntropyBackward() is the gradient of the mean loss with respect to A";
const SIGMOID_GRADIENT = "law: sigmoidBackward() is the gradient with respect to X";
const UPDATE = "law: sgd() takes learningRate times the gradient from every parameter";

/** The rules, in the order of the step. */
export const BROKEN_RULES: readonly BrokenRule[] = [
  rule(["X/not-divided-by-255"], REFERENCE, NUMPY),
  rule(
    ["Y1/relu"],
    SIGMOID,
    "example: sigmoid() is 1/2 at 0, and 0 and 1 far out, without overflow",
  ),
  rule(
    ["P/over-the-batch"],
    SOFTMAX,
    "example: softmax() of equal scores is uniform, down each column",
  ),
  rule(["onehot/counted-from-1"], REFERENCE, NUMPY),
  rule(["onehot/labels-of-the-next-image"], REFERENCE, NUMPY),
  rule(["dA2/not-divided-by-B"], SOFTMAX, LOSS_GRADIENT),
  rule(["dA2/divided-by-B-twice"], SOFTMAX, LOSS_GRADIENT),
  rule(
    ["dY1/weights-updated-first"],
    NETWORK,
    "law: backward() is the gradient of the mean loss with respect to every parameter",
  ),
  rule(["dA1/1-y-lost"], SIGMOID, SIGMOID_GRADIENT),
  rule(["dA1/y-lost"], SIGMOID, SIGMOID_GRADIENT),
  rule(
    ["db1/as-printed"],
    AFFINE,
    "example: affineBiasGradient() is not rowSum(dY Xᵀ), which the report prints as equation (3)",
  ),
  rule(["W1'/not-updated", "b1'/not-updated"], NETWORK, UPDATE),
  rule(
    ["W1'/wrong-sign", "b1'/wrong-sign", "W2'/wrong-sign", "b2'/wrong-sign"],
    NETWORK,
    "law: a small step of sgd() along the gradient lowers the loss",
  ),
];

/** The rule with this id, if there is one. */
export function brokenRule(id: string | undefined): BrokenRule | undefined {
  return BROKEN_RULES.find((rule) => rule.id === id);
}

function rule(ids: readonly string[], file: string, name: string): BrokenRule {
  const mistakes = ids.map((id) => {
    const mistake = MISTAKES.find((mistake) => mistake.id === id);
    if (!mistake) throw new Error(`Cannot find mistake ${id}`);
    return mistake;
  });
  return { id: ids[0]!, mistakes, test: { file, name } };
}
