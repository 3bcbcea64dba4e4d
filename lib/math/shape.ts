/**
 * Sizes that the type checker can tell apart, and the error for those that do not fit.
 *
 * @module
 */

/** Marks a size with its name; for the type checker only. */
export declare const dimName: unique symbol;

/**
 * A size known only at run time, told apart from other sizes by its name.
 *
 * Two sizes of one name share a type (`dim("batch", 100)` and `dim("batch", 50)`): that difference is left to the checks
 * at run time.
 */
export type Dim<Name extends string> = number & { readonly [dimName]: Name };

/** Whether a type is a choice of several. */
export type IsUnion<T, U = T> = T extends unknown ? [U] extends [T] ? false : true : never;

/** `D`, unless it is plain `number` or a union: those would let any size match any other. */
export type SingleSize<D extends number> = number extends D
  ? "a run-time size needs a name: dim(name, size)"
  : IsUnion<D> extends true ? "a size must be one number, not a choice of several"
  : D;

/**
 * Names a size known only at run time.
 *
 * @throws {RangeError} if the size is no integer from 1 on
 *
 * @example
 * ```ts
 * import { dim, Matrix } from "@sanso/sanso";
 *
 * const batch = dim("batch", 100);
 * const X = Matrix.zeros(784, batch); // Matrix<784, Dim<"batch">>
 * ```
 */
export function dim<Name extends string>(name: Name, size: number): Dim<Name> {
  checkSize(name, size);
  return size as Dim<Name>;
}

/** Refuses what cannot be the size of an axis: a literal type may well be 2.5 or -1. */
export function checkSize(name: string, size: number): void {
  if (!Number.isSafeInteger(size) || size < 1) {
    throw new RangeError(`Cannot use ${size} as the size of "${name}": must be an integer >= 1`);
  }
}

/** Thrown when two matrices, or a matrix and its numbers, do not fit together. */
export class ShapeError extends TypeError {
  /** Always `"ShapeError"`. */
  override readonly name = "ShapeError";
}
