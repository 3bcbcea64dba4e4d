/**
 * Lists of integers from 0 on: the classes of a batch, or which examples make it.
 *
 * @module
 */

import { checkSize, ShapeError, type SingleSize } from "./shape.ts";

/** B positions, each an integer from 0 on: the classes of B examples, or which examples make a batch. */
export class Indices<in out B extends number> {
  private constructor(
    /** How many there are. */
    readonly count: B,
    /** The positions, in order. */
    readonly values: Uint32Array<ArrayBuffer>,
  ) {}

  /**
   * Takes a copy of `values`.
   *
   * @throws {ShapeError} if there are not `count` values
   * @throws {RangeError} if one is no integer from 0 to 2³² - 1
   *
   * @example
   * ```ts
   * import { Indices } from "@sanso/sanso";
   *
   * const labels = Indices.of(3, [5, 0, 4]);
   * ```
   */
  static of<B extends number>(count: SingleSize<B>, values: ArrayLike<number>): Indices<B> {
    const size = count as B;
    checkSize("indices", size);
    if (values.length !== size) {
      throw new ShapeError(`Cannot make ${size} indices of ${values.length} numbers: need ${size}`);
    }
    const copy = Uint32Array.from(values);
    for (let i = 0; i < size; i++) {
      if (copy[i] !== values[i]) {
        throw new RangeError(
          `Cannot use ${values[i]} as index ${i}: must be an integer from 0 to 4294967295`,
        );
      }
    }
    return new Indices(size, copy);
  }

  /**
   * Refuses indices that are not below `limit`.
   *
   * @param what what is indexed, for the message: `"classes"`
   * @throws {RangeError} if one is not; the message says which
   */
  checkBelow(limit: number, what: string): void {
    const at = this.values.findIndex((value) => value >= limit);
    if (at >= 0) {
      throw new RangeError(
        `Cannot use ${this.values[at]} as index ${at}: there are ${limit} ${what}, counted from 0`,
      );
    }
  }
}
