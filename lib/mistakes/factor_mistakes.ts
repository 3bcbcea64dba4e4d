/**
 * Mistakes that every gradient can have: a factor too many or one too few.
 *
 * @module
 */

import type { ComputedSymbol } from "../network/step.ts";
import { type Mistake, mistakesOf } from "./mistake.ts";

/** The gradients that follow from dA2, which has been divided by B already. */
export type FollowingGradient = Extract<ComputedSymbol, `d${string}`> extends infer Gradient
  ? Exclude<Gradient, "dA2"> & ComputedSymbol
  : never;

/**
 * The mistakes of a gradient that follows from dA2.
 *
 * @param formula the right-hand side of its equation
 */
export function factorMistakes(gradient: FollowingGradient, formula: string): Mistake[] {
  return mistakesOf<FollowingGradient>(gradient, [
    {
      name: "divided-by-B-twice",
      words: { en: "divided by B a second time", ja: "B で 2 回割っている" },
      equation: `${formula} / B`,
      compute: ({ X }, right) => right().map((x) => x / X.columns),
    },
    {
      name: "not-divided-by-B",
      words: {
        en: "the 1/B of dA2 is lost",
        ja: "dA2 にある 1/B が失われている",
      },
      equation: `B ${formula}`,
      compute: ({ X }, right) => right().scale(X.columns),
    },
    {
      name: "wrong-sign",
      words: { en: "the sign is wrong", ja: "符号が逆になっている" },
      equation: `-${formula}`,
      compute: (_, right) => right().scale(-1),
    },
    {
      name: "doubled",
      words: { en: "added up twice", ja: "2 回足し合わせている" },
      equation: `2 ${formula}`,
      compute: (_, right) => right().scale(2),
    },
  ]);
}
