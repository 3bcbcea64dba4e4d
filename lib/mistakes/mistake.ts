// What a mistake is, and how the files of this folder make one.
import type { AnyMatrix, RunTimeMatrix } from "../math/matrix.ts";
import {
  type AnyStepValues,
  QUANTITIES,
  type ReplaceableSymbol,
  type RunTimeStep,
} from "../network/step.ts";
import { t } from "../text/layout.ts";

/**
 * A mistake that people make: a quantity of the training step, computed otherwise.
 *
 * @category 7 Checks
 */
export interface Mistake {
  /** The quantity and a name of its own: `dW1/divided-by-B-twice`. */
  readonly id: string;
  /** The quantity that is computed otherwise. */
  readonly quantity: ReplaceableSymbol;
  /** What is wrong, in one clause in English and Japanese: `divided by B a second time`. */
  readonly words: { readonly en: string; readonly ja: string };
  /** The equation as people write it: `dW1 = dA1 Xᵀ / B`. */
  readonly equation: string;
  /**
   * Computes the quantity with this mistake.
   *
   * @param values every quantity before this one; none is modified
   * @param right the equation that the mistake is made in: the table's, or that of another mistake
   * @returns the quantity, or `undefined` if the mistake cannot be made with these shapes
   * @throws {ShapeError} if the shapes do not fit
   */
  compute(values: AnyStepValues, right?: (values: AnyStepValues) => RunTimeMatrix):
    | RunTimeMatrix
    | undefined;
}

/**
 * Mistakes of one quantity by their names, with the right-hand side of the equation as people write
 * it. `compute` gets the correct equation, which takes those of the quantities that are changed,
 * and returns `undefined` if the shapes do not allow the mistake.
 */
export type MistakeTable = Readonly<
  Record<string, {
    readonly en: string;
    readonly ja: string;
    readonly equation: string;
    readonly compute: (
      values: RunTimeStep,
      right: (changed?: AnyStepValues) => RunTimeMatrix,
    ) => AnyMatrix | undefined;
  }>
>;

/** Makes mistakes of one quantity. */
export function mistakesOf(quantity: ReplaceableSymbol, mistakes: MistakeTable): Mistake[] {
  return Object.entries(mistakes).map(([name, { en, ja, equation, compute }]) => ({
    id: `${quantity}/${name}`,
    quantity,
    words: { en, ja },
    equation: `${quantity} = ${equation}`,
    compute: (values, right = correctEquation(quantity)) =>
      compute(values as RunTimeStep, (changed = {}) =>
        // not a copy: quantities that nobody asks for need not be computed
        right(Object.create(values, Object.getOwnPropertyDescriptors(changed)))) as
          | RunTimeMatrix
          | undefined,
  }));
}

/** The correct equation of a quantity: the table's; X is as it is. */
export function correctEquation(
  symbol: ReplaceableSymbol,
): (values: AnyStepValues) => RunTimeMatrix {
  return symbol === "X" ? ({ X }) => X as RunTimeMatrix : QUANTITIES[symbol].compute;
}

/** Mistakes of a gradient that follows from dA2, which has been divided by B already. */
export function factorMistakes(gradient: ReplaceableSymbol, formula: string): Mistake[] {
  return mistakesOf(gradient, {
    "divided-by-B-twice": {
      ...t("divided by B a second time", "B で 2 回割っている"),
      equation: `${formula} / B`,
      compute: ({ X }, right) => right().map((x) => x / X.columns),
    },
    "not-divided-by-B": {
      ...t("the 1/B of dA2 is lost", "dA2 にある 1/B が失われている"),
      equation: `B ${formula}`,
      compute: ({ X }, right) => right().scale(X.columns),
    },
    "wrong-sign": {
      ...t("the sign is wrong", "符号が逆になっている"),
      equation: `-${formula}`,
      compute: (_, right) => right().scale(-1),
    },
    doubled: {
      ...t("added up twice", "2 回足し合わせている"),
      equation: `2 ${formula}`,
      compute: (_, right) => right().scale(2),
    },
  });
}
