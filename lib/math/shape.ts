// Sizes that the type checker distinguishes, and the error for shapes that do not fit.
//
// A size is a literal, such as 784, or a number with a name, such as `dim("batch", 100)`. Limits:
//
// - Two sizes of one name are compared at run time only.
// - A generic function that passes on a size takes a `SingleSize`, one that passes on a
//   name a `SingleName`.
// - Inside a generic function a compile error shows type parameters instead of sizes.
// - A declaration with `any`, such as `Matrix<any, any>` or `Dim<any>`, accepts every size. The
//   type for matrices whose sizes do not matter is `AnyMatrix`.
import { describeValue } from "../text/escape.ts";

/** The keys of what only the type checker sees: the name of a size, and why a type is no size. */
declare const dimName: unique symbol, reason: unique symbol;

/** @internal The type of a size with a name. */
interface Named {
  readonly [dimName]: unknown;
}

/** @internal The same for one name; invariant in it. */
interface NamedAs<Name extends string> extends Named {
  readonly [dimName]: (name: Name) => Name;
}

/**
 * A size known only at run time, with a name that distinguishes it from other sizes.
 *
 * Two sizes of the same name have the same type (`dim("batch", 100)` and `dim("batch", 50)`);
 * whether they are equal is checked at run time.
 *
 * @category 1 Matrices
 */
export type Dim<Name extends string> = number & NamedAs<Name>;

/** @internal Why a size is refused; a number, so that generic code can compute with sizes. */
type Refused<Reason extends string> = number & { readonly [reason]: Reason };

/** @internal Whether `T` is a union of several types. */
type IsUnion<T, U = T> = T extends unknown ? [U] extends [T] ? false : true : never;

/**
 * `D` if it is the type of one size, else a type that no number has.
 *
 * `number`, a union and `any` are refused, because each of them would give different sizes one
 * type; so is a number that is marked with anything but a name, such as `number & { unit: "px" }`.
 *
 * @example A generic function that takes a size
 * ```ts
 * import { Matrix, type SingleSize } from "@sanso/sanso";
 *
 * function square<N extends number>(size: SingleSize<N>): Matrix<N, N> {
 *   return Matrix.zeros(size, size);
 * }
 * const A: Matrix<2, 2> = square(2);
 * ```
 *
 * @category 1 Matrices
 */
export type SingleSize<D extends number> = 0 extends 1 & D ? never // any
  : IsUnion<D> extends true ? Refused<"a size must be one number, not a choice of several">
  : D extends Named ? D
  : Record<never, never> extends Record<D, 1>
    ? Refused<"a run-time size needs a name: dim(name, size)">
  : D;

/**
 * `Name` if it is one string literal, else the reason why it is refused: `string`, a union, a
 * template and `any` would give sizes of several names one type.
 *
 * @category 1 Matrices
 */
export type SingleName<Name extends string> = "0" extends "1" & Name ? never // any
  : string extends Name ? "a name must be a literal, not any string"
  : IsUnion<Name> extends true ? "a name must be one literal, not a choice of several"
  // as the key of a Record, a literal is a property, which {} lacks, else an index signature
  : Record<never, never> extends Record<Name, 1> ? "a name must be a literal, not a template"
  : Name;

/** @internal The text of a size in a compile error: its name, or its digits. */
export type Show<D> = D extends Dim<infer Name> ? Name
  : D extends number ? `${D}`
  : "?";

/** @internal Any matrix if the product exists, else a sentence that the type checker prints. */
export type Multipliable<
  R extends number,
  C extends number,
  RightRows extends number,
  K extends number,
> = [RightRows] extends [C] ? unknown : `Cannot multiply ${Show<R>}x${Show<C>} by ${Show<
  RightRows
>}x${Show<K>}: the right matrix must have ${Show<C>} rows`;

/** @internal Any rows unless their types say that lengths differ: then a sentence, as above. */
export type Rectangular<Rows extends readonly ArrayLike<number>[]> = 0 extends 1 & Rows ? never
  : 0 extends 1 & Rows[number] ? never
  : IsUnion<Rows["length"]> extends true
    ? "there must be one number of rows, not a choice of several"
  : IsUnion<Rows[number]["length"]> extends true
    ? "there must be at least one row, and all rows must have the same length"
  : unknown;

/** @internal The size that the length of a list is. */
export type LengthOf<List extends ArrayLike<unknown>> = number extends List["length"] ? Dim<"any">
  : List["length"];

/**
 * Names a size known only at run time, an integer of at least 1; the name is a string literal.
 *
 * @throws {RangeError} if `size` is not such an integer
 *
 * @example
 * ```ts
 * import { dim, Matrix } from "@sanso/sanso";
 *
 * const batch = dim("batch", 100);
 * const X = Matrix.zeros(784, batch); // Matrix<784, Dim<"batch">>
 * ```
 *
 * @category 1 Matrices
 */
export function dim<Name extends string>(name: SingleName<Name>, size: number): Dim<Name> {
  checkSize(name, size);
  return size as Dim<Name>;
}

/** Refuses what is no integer of at least 1: a literal type may be 2.5 or -1. */
export function checkSize(name: string, size: number): void {
  if (!Number.isSafeInteger(size) || size < 1) {
    throw new RangeError(
      `Cannot use ${describeValue(size)} as the size of "${name}": must be an integer >= 1`,
    );
  }
}

/**
 * Thrown when the shapes of matrices, or a shape and a count of numbers, do not fit together.
 *
 * @example
 * ```ts
 * import { Matrix, ShapeError } from "@sanso/sanso";
 * import { throws } from "node:assert/strict";
 *
 * throws(() => Matrix.of(2, 2, [1, 2, 3]), ShapeError);
 * ```
 *
 * @category 1 Matrices
 */
export class ShapeError extends TypeError {
  /** Always `"ShapeError"`. */
  override readonly name = "ShapeError";
}
