// The rules that the page can break, their equations, and the settings of the networks.
import { type Mistake, MISTAKES } from "../../../mod.ts";
import { tokensOf } from "../../explain/equation.ts";
import { QUANTITIES, type ReplaceableSymbol } from "../../network/step.ts";
import { mathml } from "../mathml.ts";

/**
 * The settings of both networks, and of the gradient check, which takes few images since it
 * computes hundreds of losses. All images are the first of a half of the data set.
 */
export const BREAK_SETTINGS = {
  seed: 601,
  hidden: 80,
  batchSize: 50,
  learningRate: 0.1,
  epochs: 20,
  trainImages: 5000,
  testImages: 1000,
  checkedImages: 5,
} as const;

/** The id of the rule that is broken at first: its network learns all the same. */
export const FIRST_RULE = "dA1/1-y-lost";

/**
 * A rule: the id of its first mistake, and its mistakes, which have the same words. The page's
 * script gets them as data, as what computes them would be a sixth of it.
 */
export interface RuleWords {
  readonly id: string;
  readonly mistakes: readonly Omit<Mistake, "compute">[];
}

/** The ids of the mistakes of each rule: one, or one that is made in several parameters. */
const RULES = [
  ["X/not-divided-by-255"],
  ["Y1/relu"],
  ["P/over-the-batch"],
  ["onehot/counted-from-1"],
  ["onehot/labels-of-the-next-image"],
  ["dA2/not-divided-by-B"],
  ["dA2/divided-by-B-twice"],
  ["dY1/weights-updated-first"],
  ["dA1/1-y-lost"],
  ["dA1/y-lost"],
  ["db1/as-printed"],
  ["W1'/not-updated", "b1'/not-updated"],
  ["W1'/wrong-sign", "b1'/wrong-sign", "W2'/wrong-sign", "b2'/wrong-sign"],
];

/** The rules, in the order of the step. */
export const brokenRules = () =>
  RULES.map((ids) => ({
    id: ids[0]!,
    mistakes: ids.map((id) => MISTAKES.find((mistake) => mistake.id === id)!),
  }));

/**
 * The equation of a quantity, right and with a mistake, as MathML: what the wrong one leaves out is
 * in elements of class `lost`, and what it has instead in elements of class `added`.
 */
export function comparedEquations(quantity: ReplaceableSymbol, broken: string) {
  const right = quantity === "X" ? "X = pixels / 255" : QUANTITIES[quantity].equation;
  const common = commonTokens(tokensOf(right), tokensOf(broken));
  const isMarked = (side: 0 | 1) => (position: number) =>
    !common.some((positions) => positions[side] === position);
  return {
    right: mathml(right, { isMarked: isMarked(0), name: "lost" }),
    broken: mathml(broken, { isMarked: isMarked(1), name: "added" }),
  };
}

/** The positions of the longest common subsequence; of equally long ones, that nearest the end. */
function commonTokens(a: readonly string[], b: readonly string[]) {
  type Positions = (readonly [a: number, b: number])[];
  // of the first tokens of a, and as many of b as the index says
  let before: Positions[] = Array(b.length + 1).fill([]);
  for (const [i, token] of a.entries()) {
    const row: Positions[] = [[]];
    for (const [j, other] of b.entries()) {
      const longer = before[j + 1]!.length >= row[j]!.length ? before[j + 1]! : row[j]!;
      row.push(token === other ? [...before[j]!, [i, j]] : longer);
    }
    before = row;
  }
  return before.at(-1)!;
}
