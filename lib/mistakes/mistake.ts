/**
 * What a mistake is, and how the files of this folder make one.
 *
 * @module
 */

import type { RunTimeMatrix } from "../math/matrix.ts";
import type { Dim } from "../math/shape.ts";
import {
  type AnyStepValues,
  QUANTITIES,
  type ReplaceableSymbol,
  type StepSymbol,
  type StepValues,
} from "../network/step.ts";

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
 * A mistake as the files of this folder write it. `compute` takes the quantities and the correct
 * equation, which takes those of them that are to be changed.
 */
export interface MistakeEntry<From, To> {
  /** Its name among the mistakes of its quantity. */
  readonly name: string;
  /** What is wrong, in one clause. */
  readonly words: Mistake["words"];
  /** The right-hand side of the equation as people write it. */
  readonly equation: string;
  /** The quantity with the mistake, or `undefined` if the shapes do not allow it. */
  readonly compute: (
    values: From,
    right: (changed?: Partial<From>) => To,
  ) => To | undefined;
}

/** Makes mistakes of one quantity, written in the symbols of the step. */
export function mistakesOf<Symbol extends ReplaceableSymbol>(
  quantity: Symbol,
  mistakes: readonly MistakeEntry<Values, Values[Symbol]>[],
): Mistake[] {
  // a cast, because the letters of the sizes stand for those that the values have
  return make(quantity, mistakes as unknown as AnyMistakes);
}

/**
 * Makes mistakes of one quantity, written in letters of its own: those of a layer, for both layers.
 *
 * @param symbols the symbols of the step that the letters stand for
 */
export function mistakesInLetters<From extends object, To>(
  quantity: ReplaceableSymbol,
  symbols: Readonly<Record<keyof From, StepSymbol>>,
  mistakes: readonly MistakeEntry<From, To>[],
): Mistake[] {
  const letters = Object.keys(symbols) as (keyof From)[];
  const inSymbols = (changed: Partial<From>) =>
    Object.fromEntries(
      letters.filter((letter) => letter in changed).map((letter) =>
        [symbols[letter], changed[letter]] as const
      ),
    );
  return make(
    quantity,
    (mistakes as unknown as AnyMistakes).map(({ compute, ...mistake }) => ({
      ...mistake,
      compute: (values, right) => {
        // getters: quantities that nobody asks for need not be computed
        const named = {};
        for (const letter of letters) {
          Object.defineProperty(named, letter, { get: () => values[symbols[letter]] });
        }
        return compute(named, (changed = {}) => right(inSymbols(changed as Partial<From>)));
      },
    })),
  );
}

/** Mistakes whose sizes are known at run time only. */
type AnyMistakes = readonly MistakeEntry<AnyStepValues, RunTimeMatrix>[];

function make(quantity: ReplaceableSymbol, mistakes: AnyMistakes): Mistake[] {
  return mistakes.map(({ name, words, equation, compute }) => ({
    id: `${quantity}/${name}`,
    quantity,
    words,
    equation: `${quantity} = ${equation}`,
    compute: (values, right = correctEquation(quantity)) =>
      compute(values, (changed = {}) =>
        // not a copy, for the same reason
        right(Object.create(values, Object.getOwnPropertyDescriptors(changed)))),
  }));
}

/** The correct equation of a quantity: the table's; X is as it is. */
export function correctEquation(
  symbol: ReplaceableSymbol,
): (values: AnyStepValues) => RunTimeMatrix {
  return symbol === "X" ? ({ X }) => X as RunTimeMatrix : QUANTITIES[symbol].compute;
}
