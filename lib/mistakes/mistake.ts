// What a mistake is, and how the files of this folder make one.
import type { RunTimeMatrix } from "../math/matrix.ts";
import type { Dim } from "../math/shape.ts";
import {
  type AnyStepValues,
  QUANTITIES,
  type ReplaceableSymbol,
  type StepSymbol,
  type StepValues,
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

/** The quantities of a step, with the letters of their sizes in their types. */
export type Values = StepValues<Dim<"D">, Dim<"M">, Dim<"K">, Dim<"B">>;

/**
 * Mistakes of one quantity by their names, with the right-hand side of the equation as people write
 * it. `compute` gets the correct equation, which takes those of the quantities that are changed,
 * and returns `undefined` if the shapes do not allow the mistake.
 */
export type MistakeTable<From, To> = Readonly<
  Record<string, {
    readonly en: string;
    readonly ja: string;
    readonly equation: string;
    readonly compute: (values: From, right: (changed?: Partial<From>) => To) => To | undefined;
  }>
>;

/** Makes mistakes of one quantity, written in the symbols of the step. */
export function mistakesOf<Symbol extends ReplaceableSymbol>(
  quantity: Symbol,
  mistakes: MistakeTable<Values, Values[Symbol]>,
): Mistake[] {
  // a cast, because the letters of the sizes stand for those that the values have
  return Object.entries(mistakes as unknown as MistakeTable<AnyStepValues, RunTimeMatrix>)
    .map(([name, { en, ja, equation, compute }]) => ({
      id: `${quantity}/${name}`,
      quantity,
      words: { en, ja },
      equation: `${quantity} = ${equation}`,
      compute: (values, right = correctEquation(quantity)) =>
        compute(values, (changed = {}) =>
          // not a copy: quantities that nobody asks for need not be computed
          right(Object.create(values, Object.getOwnPropertyDescriptors(changed)))),
    }));
}

/** Makes mistakes written in letters of a layer, which stand for symbols of the step. */
export function mistakesInLetters<From extends object, To>(
  quantity: ReplaceableSymbol,
  symbols: Readonly<Record<keyof From, StepSymbol>>,
  mistakes: MistakeTable<From, To>,
): Mistake[] {
  const letters = Object.entries(symbols) as [keyof From, StepSymbol][];
  const inSymbols = (changed: Partial<From>) =>
    Object.fromEntries(
      letters.flatMap(([letter, symbol]) => letter in changed ? [[symbol, changed[letter]]] : []),
    );
  const inLetters = (values: AnyStepValues) => {
    // getters, for the same reason
    const getters = letters.map(([letter, symbol]) => [letter, { get: () => values[symbol] }]);
    return Object.defineProperties({} as From, Object.fromEntries(getters));
  };
  return mistakesOf(
    quantity,
    Object.fromEntries(
      Object.entries(mistakes).map(([name, { compute, ...mistake }]) => [name, {
        ...mistake,
        compute: (values: Values, right: (changed?: Partial<Values>) => unknown) =>
          compute(inLetters(values), (changed = {}) => right(inSymbols(changed)) as To) as never,
      }]),
    ),
  );
}

/** The correct equation of a quantity: the table's; X is as it is. */
export function correctEquation(
  symbol: ReplaceableSymbol,
): (values: AnyStepValues) => RunTimeMatrix {
  return symbol === "X" ? ({ X }) => X as RunTimeMatrix : QUANTITIES[symbol].compute;
}

/** The gradients that follow from dA2, which has been divided by B already. */
export type FollowingGradient = "dW2" | "db2" | "dY1" | "dA1" | "dW1" | "db1";

/** Mistakes of a gradient that follows from dA2: a factor too many or one too few. */
export function factorMistakes(gradient: FollowingGradient, formula: string): Mistake[] {
  return mistakesOf<FollowingGradient>(gradient, {
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
