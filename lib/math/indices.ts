// Lists of indices: the classes of a batch's examples, or the examples of a batch.
import { describeValue } from "../text/escape.ts";
import { checkSize, type Dim, dim, ShapeError, type SingleSize } from "./shape.ts";

/**
 * B integers of at least 0: the classes of B examples, or the indices of the examples of a batch.
 *
 * @example
 * ```ts
 * import { Indices } from "@sanso/sanso";
 *
 * const labels = Indices.of(3, [5, 0, 4]);
 * ```
 *
 * @category 1 Matrices
 */
export class Indices<in out B extends number> {
  /** Makes the type nominal: an object of the same properties is not accepted. */
  declare private readonly brand: never;

  private constructor(
    /** Number of indices. */
    readonly count: SingleSize<B>,
    /** The indices, in order. */
    readonly values: Uint32Array<ArrayBuffer>,
  ) {}

  /**
   * Makes a list of indices, a copy of `values`.
   *
   * @throws {ShapeError} if `count` is not the number of values
   * @throws {RangeError} if `count` is 0, or a value is not an integer from 0 to 2³² - 1
   */
  static of<B extends number>(count: SingleSize<B>, values: ArrayLike<number>): Indices<B> {
    checkSize("indices", count);
    if (values.length !== count) {
      throw new ShapeError(
        `Cannot make ${count} indices of ${values.length} numbers: need ${count}`,
      );
    }
    const copy = new Uint32Array(count);
    for (let i = 0; i < count; i++) {
      copy[i] = Number(values[i]);
      if (copy[i] !== values[i]) {
        throw new RangeError(
          `Cannot use ${describeValue(values[i])} as index ${i}: ` +
            "must be an integer from 0 to 4294967295",
        );
      }
    }
    return new Indices(count, copy);
  }

  /**
   * The indices in an array or typed array of any length; indices are returned as they are.
   *
   * @throws {TypeError} if the list is none of these
   * @throws {RangeError} if it is empty, or a value is not an integer from 0 to 2³² - 1
   */
  static from<B extends number = Dim<"batch">>(list: Indices<B> | ArrayLike<number>): Indices<B> {
    if (list instanceof Indices) return list;
    if (!Array.isArray(list) && !ArrayBuffer.isView(list)) {
      throw new TypeError(
        `Cannot use ${describeValue(list)} as indices: need Indices or an array of integers`,
      );
    }
    return Indices.of(dim("batch", list.length) as number as SingleSize<B>, list);
  }

  /**
   * Checks that every index is less than `limit`, the number of `what`: "classes".
   *
   * @throws {RangeError} if an index is not
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
