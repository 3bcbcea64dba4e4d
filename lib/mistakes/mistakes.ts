// The mistakes that people make in such a program, as data: each is a quantity of the training step
// computed otherwise.
import {
  type AnyStepValues,
  type ReplaceableSymbol,
  type Replacements,
  STEP,
} from "../network/step.ts";
import { affineMistakes } from "./affine_mistakes.ts";
import { inputMistakes } from "./input_mistakes.ts";
import { correctEquation, type Mistake } from "./mistake.ts";
import { sgdMistakes } from "./sgd_mistakes.ts";
import { sigmoidMistakes } from "./sigmoid_mistakes.ts";
import { softmaxMistakes } from "./softmax_mistakes.ts";

/**
 * All mistakes, in the order in which a step computes their quantities.
 *
 * @example What is known of a mistake
 * ```ts
 * import { MISTAKES } from "@sanso/sanso";
 * import { strictEqual } from "node:assert/strict";
 *
 * const { words, equation } = MISTAKES.find(({ id }) => id === "dW1/divided-by-B-twice")!;
 * strictEqual(equation, "dW1 = dA1 Xᵀ / B");
 * strictEqual(words.en, "divided by B a second time");
 * ```
 *
 * @category 7 Checks
 */
export const MISTAKES: readonly Mistake[] = /* @__PURE__ */ inOrder();

/** A function, so that bundlers leave the mistakes out of programs that do not use them. */
function inOrder(): readonly Mistake[] {
  const order: ReplaceableSymbol[] = ["X", ...STEP.map(({ symbol }) => symbol)];
  const mistakes = [
    ...inputMistakes(),
    ...affineMistakes(),
    ...sigmoidMistakes(),
    ...softmaxMistakes(),
    ...sgdMistakes(),
  ].toSorted((a, b) => order.indexOf(a.quantity) - order.indexOf(b.quantity));
  return Object.freeze(mistakes.map((mistake) => Object.freeze(mistake)));
}

/**
 * Makes mistakes in a step: returns what `runStep` takes as `replaced`.
 *
 * Several mistakes of one quantity are made in one another: `divided-by-B-twice` and `transposed`
 * divide the transpose. One that cannot be made with the shapes of a step leaves it as it is.
 *
 * @param mistakes of any quantities
 * @returns a function for each quantity that is computed otherwise
 *
 * @example A step in which the sum over the batch takes the place of the mean
 * ```ts
 * import { Indices, initialise, Matrix, MISTAKES, RandomState } from "@sanso/sanso";
 * import { runStep, withMistakes } from "@sanso/sanso";
 * import { strictEqual } from "node:assert/strict";
 *
 * const parameters = initialise(4, 3, 2, new RandomState(601));
 * const batch = { X: Matrix.zeros(4, 2), labels: Indices.of(2, [1, 0]) };
 * const sum = MISTAKES.find(({ id }) => id === "dA2/not-divided-by-B")!;
 * const right = runStep(parameters, batch, 0.1);
 * const wrong = runStep(parameters, batch, 0.1, withMistakes(sum));
 * strictEqual(wrong.db2.at(0, 0), 2 * right.db2.at(0, 0));
 * ```
 *
 * @category 7 Checks
 */
export function withMistakes<
  D extends number,
  M extends number,
  K extends number,
  B extends number,
>(...mistakes: readonly Mistake[]): Replacements<D, M, K, B> {
  const computes: Partial<Record<ReplaceableSymbol, Mistake["compute"]>> = {};
  for (const { quantity, compute } of mistakes) {
    const inner = computes[quantity];
    computes[quantity] = inner === undefined ? compute : (values) => {
      const right = correctEquation(quantity);
      const wrong = (changed: AnyStepValues) => inner(changed, right) ?? right(changed);
      return compute(values, wrong) ?? wrong(values);
    };
  }
  return computes as Replacements<D, M, K, B>;
}
