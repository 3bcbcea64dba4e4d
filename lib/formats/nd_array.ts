// Arrays with any number of dimensions, as files hold them.

/**
 * The numbers of an array, each kind in its own typed array; 64-bit integers are BigInt, since a
 * double cannot hold them.
 *
 * @internal
 */
export type NdData =
  | Float64Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>
  | Int8Array<ArrayBuffer>
  | Uint8Array<ArrayBuffer>
  | Int16Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | BigInt64Array<ArrayBuffer>
  | BigUint64Array<ArrayBuffer>;

/**
 * An array read from a file.
 *
 * @category 2 File formats
 */
export interface NdArray<Data extends NdData = NdData> {
  /** The size of each dimension; empty for a single number. */
  readonly shape: readonly number[];
  /**
   * NumPy's dtype of the array in the file: `<f8`, `>i4`, `|u1` and so on. Doubles hold float16
   * (`<f2`), bytes of 0 and 1 hold bool (`|b1`).
   */
  readonly dtype: string;
  /** Whether the file is in Fortran order; `data` is always in C order. */
  readonly fortranOrder: boolean;
  /** The entries in C order: the last index runs fastest. */
  readonly data: Data;
}

/**
 * The numbers of an array as doubles, the last index running fastest. An array of doubles gives its
 * own data, not a copy; 64-bit integers are rounded to the nearest double.
 *
 * @example
 * ```ts
 * import { toFloat64 } from "@sanso/sanso";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const data = BigInt64Array.of(7n, -1n);
 * const array = { shape: [2], dtype: "<i8", fortranOrder: false, data };
 * deepStrictEqual(toFloat64(array), Float64Array.of(7, -1));
 * ```
 *
 * @category 2 File formats
 */
export function toFloat64(array: Pick<NdArray, "data">): Float64Array<ArrayBuffer> {
  const { data } = array;
  if (data instanceof Float64Array) return data;
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    return Float64Array.from(data, Number);
  }
  return new Float64Array(data);
}

/** NumPy's name of a dtype that is read: `float32` of `<f4`, `uint8` of `|u1`, `bool` of `|b1`. */
export function dtypeName(dtype: string): string {
  const [, kind, size] = dtype;
  const names: Readonly<Record<string, string>> = { f: "float", i: "int", u: "uint" };
  return kind === "b" ? "bool" : `${names[kind!]}${8 * Number(size)}`;
}

/** A shape as Python writes a tuple: `()`, `(3,)`, `(3, 4)`. */
export function formatShape(shape: readonly number[]): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
}

/** Dtype and shape of an array, by NumPy's names: `int64 of shape (5,)`. */
export function describeArray({ shape, data }: Pick<NdArray, "shape" | "data">): string {
  const dtype = data.constructor.name.replace(/^Big|Array$/g, "").toLowerCase();
  return `${dtype} of shape ${formatShape(shape)}`;
}
