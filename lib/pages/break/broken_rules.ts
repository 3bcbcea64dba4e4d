// The mistakes that one can see in the view Break.
import { type Mistake, MISTAKES } from "../../../mod.ts";

/**
 * A rule: the id of its first mistake, and its mistakes, which have the same words. The page gets
 * them as data, as what computes them is a sixth of its script.
 */
export interface RuleWords {
  readonly id: string;
  readonly mistakes: readonly Omit<Mistake, "compute">[];
}

/** The rules, in the order of the step: one mistake, or one that is made in several parameters. */
export const BROKEN_RULES = [
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
].map((ids) => ({
  id: ids[0]!,
  mistakes: ids.map((id) => MISTAKES.find((mistake) => mistake.id === id)!),
}));

/** The rule with this id. */
export const brokenRule = (id: string) => BROKEN_RULES.find((rule) => rule.id === id)!;
