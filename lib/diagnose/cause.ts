// What can be said of a wrong quantity.
import type { Mistake } from "../mistakes/mistake.ts";
import type { StepSymbol } from "../network/step.ts";

/**
 * A factor, as B, 1/K, -1 or 0.37.
 *
 * @category 7 Checks
 */
export interface Factor {
  /** Its value. */
  readonly value: number;
  /** Its name, if it is one of the usual factors: `1/B`. */
  readonly name: string | undefined;
}

/**
 * Rows or columns.
 *
 * @internal
 */
export type Axis = "rows" | "columns";

/**
 * One explanation of a wrong quantity.
 *
 * The errors are the greatest differences from what the explanation gives, relative to the largest
 * entry. Rows, columns and indices are those of the matrix in this project's layout, from 0.
 *
 * @category 7 Checks
 */
export type Cause =
  | {
    /** It is what these mistakes give, made together. */
    readonly kind: "mistakes";
    /** One or two. */
    readonly mistakes: readonly Mistake[];
    /** What the result is multiplied by besides, if anything. */
    readonly factor: Factor | undefined;
    readonly error: number;
  }
  | {
    /** It is a multiple of what it should be. */
    readonly kind: "factor";
    readonly factor: Factor;
    /** Its Euclidean norm, if that is a number of few digits: it may have been clipped to it. */
    readonly norm: number | undefined;
    readonly error: number;
  }
  | {
    /** It is another quantity. */
    readonly kind: "other quantity";
    readonly symbol: StepSymbol;
    readonly error: number;
  }
  | {
    /** It is a sum of multiples of quantities: `dW1 + 0.0001 W1`. */
    readonly kind: "combination";
    readonly terms: readonly Term[];
    readonly error: number;
  }
  | {
    /** It is a function of each entry of what it should be: `|x|`. */
    readonly kind: "function";
    /** The function of x. */
    readonly formula: string;
    readonly error: number;
  }
  | {
    /** It is another equation in the same quantities: `rowSum(dY1)`, or a multiple of it. */
    readonly kind: "other equation";
    readonly formula: string;
    readonly factor: Factor | undefined;
    readonly error: number;
  }
  | {
    /** Each row or column has a factor or a shift of its own, or both. */
    readonly kind: "each";
    readonly axis: Axis;
    readonly factors: readonly number[] | undefined;
    readonly shifts: readonly number[] | undefined;
  }
  | {
    /** Its entries, or their quotients by the right ones, are a smooth function of another's. */
    readonly kind: "function of";
    readonly symbol: StepSymbol;
    readonly quotient: boolean;
  }
  | {
    /** Its sum over the batch gives each example such a weight in place of 1. */
    readonly kind: "weighted examples";
    readonly weights: readonly number[];
    readonly error: number;
  }
  /** Its entries are those of the transpose, row by row. */
  | { readonly kind: "reshaped" }
  | {
    /** Its rows or columns are those that it should have, in another order. */
    readonly kind: "permuted";
    readonly axis: Axis;
    /** Which row or column of the right matrix stands in each place. */
    readonly order: readonly number[];
  }
  /** It differs in one row, one column or one entry only. */
  | { readonly kind: "row" | "column"; readonly index: number }
  | { readonly kind: "entry"; readonly row: number; readonly column: number }
  | {
    /** It differs in some rows or columns only. */
    readonly kind: "some";
    readonly axis: Axis;
    readonly indices: readonly number[];
    /** Whether these are 0. */
    readonly zero: boolean;
  }
  | {
    /** Some entries are 0 in place of what they should be. */
    readonly kind: "zeros";
    readonly count: number;
    readonly of: number;
    /** The multiple of what they should be that the others are; undefined if they are right. */
    readonly factor: Factor | undefined;
  }
  /** Its rows or its columns are all the same. */
  | { readonly kind: "alike"; readonly axis: Axis }
  /** All entries differ by the same number. */
  | { readonly kind: "shifted"; readonly by: number }
  /** It differs by rounding errors of a lower precision than that of its numbers. */
  | { readonly kind: "float32 rounding" | "float16 rounding" }
  | {
    /** It has the wrong number of entries. */
    readonly kind: "shape";
    readonly shape: readonly number[];
    readonly need: readonly number[];
    /** What has this number of entries, and these values: `dA1`, `columnSum(dA1)`. */
    readonly equals: string | undefined;
  }
  | {
    /** It has an entry that is not finite. */
    readonly kind: "not finite";
    readonly value: number;
    readonly row: number;
    readonly column: number;
  }
  /** Nothing of this. */
  | { readonly kind: "unknown" };

/**
 * A multiple of a quantity, or of 1 in every entry.
 *
 * @category 7 Checks
 */
export interface Term {
  /** What it is multiplied by. */
  readonly coefficient: number;
  /** The quantity. */
  readonly symbol: StepSymbol | "1" | "sign(W1)" | "sign(W2)";
}
