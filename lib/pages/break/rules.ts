// The rules that the page can break, and the settings of the networks.
import { type Mistake, MISTAKES, REPORT_SETTINGS } from "../../../mod.ts";

/**
 * The settings of both networks, and of the gradient check, which takes few images since it
 * computes hundreds of losses. All images are the first of a half of the data set.
 */
export const BREAK_SETTINGS = {
  ...REPORT_SETTINGS,
  ...{ batchSize: 50, learningRate: 0.1, epochs: 20 },
  ...{ trainImages: 5000, testImages: 1000, checkedImages: 5 },
};

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
