/**
 * Reads and writes npy, NumPy's format for one array.
 *
 * @module
 */
import { quote } from "../text/escape.ts";
import { cannotRead } from "./format_error.ts";
import { formatShape, type NdArray, type NdData } from "./nd_array.ts";
import { MAX_DIMENSIONS, MAX_SIZE, readNpyHeader, writeNpyHeader } from "./npy_header.ts";

/** The typed array of each dtype, by what follows the byte order in its name. */
const KINDS = {
  f8: Float64Array,
  f4: Float32Array,
  i1: Int8Array,
  u1: Uint8Array,
  i2: Int16Array,
  u2: Uint16Array,
  i4: Int32Array,
  u4: Uint32Array,
  i8: BigInt64Array,
  u8: BigUint64Array,
} as const;

/** The byte order of this machine and so of typed arrays. */
const NATIVE = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? "<" : ">";

/**
 * The argument of `writeNpy`: numbers in C order, and the size of each dimension.
 *
 * @category 2 File formats
 */
export type WritableArray = Pick<NdArray, "shape" | "data">;

/**
 * Reads an npy file of version 1.0, 2.0 or 3.0 that holds real numbers: doubles, floats, or
 * integers of 8 to 64 bits, in either byte order, in C or Fortran order. The data is a copy.
 *
 * @param bytes the whole file
 * @param name its name in errors, which escape and quote it; by default npy
 * @throws {FormatError} if NumPy would not read the file, it holds anything but such numbers, or
 * not exactly as many of them as its shape requires
 *
 * @example
 * ```ts
 * import { readNpy, writeNpy } from "@sanso/sanso";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const bytes = writeNpy({ shape: [2, 1], data: Float64Array.of(0.5, -1) });
 * const { shape, dtype, data } = readNpy(bytes);
 * deepStrictEqual([shape, dtype, data], [[2, 1], "<f8", Float64Array.of(0.5, -1)]);
 * ```
 *
 * @category 2 File formats
 */
export function readNpy(bytes: Uint8Array, name?: string): NdArray {
  const subject = name === undefined ? "npy" : quote(name);
  const { descr, fortranOrder, shape, dataStart } = readNpyHeader(bytes, subject);
  const { kind, order } = parseDescr(descr, subject);
  const size = kind.BYTES_PER_ELEMENT;
  const present = bytes.length - dataStart;
  // the product can exceed what a double counts exactly; nothing is allocated before it is known to
  // fit
  const needed = shape.reduce((product, side) => product * BigInt(side), BigInt(size));
  if (needed !== BigInt(present)) {
    const declared = `${formatShape(shape)} of ${quote(descr)} needs ${needed} bytes of data`;
    throw cannotRead(subject, `shape ${declared}, ${present} are present`, dataStart);
  }
  const swapped = size > 1 && order !== NATIVE;
  const values = arrange(bytes.subarray(dataStart), shape, size, fortranOrder, swapped);
  return { shape, dtype: descr, fortranOrder, data: new kind(values.buffer) };
}

/**
 * An npy file of version 1.0, byte for byte as NumPy writes it on a little-endian machine for an
 * array in C order: the kind of number is that of the typed array.
 *
 * @param array numbers, and sizes whose product is their count
 * @param name its name in errors, as in {@linkcode readNpy}
 * @throws {RangeError} if there are more than 64 dimensions, or the product of the sizes is
 * not the count of numbers
 *
 * @category 2 File formats
 */
export function writeNpy(array: WritableArray, name?: string): Uint8Array<ArrayBuffer> {
  const { shape, data } = array;
  const subject = name === undefined ? "npy" : quote(name);
  if (shape.length > MAX_DIMENSIONS) {
    const found = `shape has ${shape.length} dimensions`;
    throw new RangeError(`Cannot write ${subject}: ${found}, need at most ${MAX_DIMENSIONS}`);
  }
  if (shape.some((side) => !Number.isInteger(side) || side < 0 || side > MAX_SIZE)) {
    const found = `shape is ${formatShape(shape)}`;
    throw new RangeError(
      `Cannot write ${subject}: ${found}, need integers from 0 to ${MAX_SIZE}`,
    );
  }
  // rounded above 2⁵³, where it is beyond any array's length
  const count = shape.reduce((product, side) => product * side, 1);
  if (count !== data.length) {
    const found = `shape ${formatShape(shape)} has ${count} numbers, data has ${data.length}`;
    throw new RangeError(`Cannot write ${subject}: ${found}, need the same`);
  }
  const size = data.BYTES_PER_ELEMENT;
  const header = writeNpyHeader((size === 1 ? "|" : "<") + nameOfKind(data), shape);
  const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const file = new Uint8Array(header.length + raw.length);
  file.set(header);
  file.set(arrange(raw, shape, size, false, NATIVE !== "<"), header.length);
  return file;
}

function parseDescr(descr: string, subject: string) {
  const [order, code] = [descr.slice(0, 1), descr.slice(1)];
  const kind = Object.hasOwn(KINDS, code) ? KINDS[code as keyof typeof KINDS] : undefined;
  if (kind === undefined || !(kind.BYTES_PER_ELEMENT === 1 ? "|" : "<>").includes(order)) {
    const found = quote(descr) + (code.startsWith("O") ? " (Python objects)" : "");
    const needed = "f8, f4, i8, i4, i2, u8, u4 or u2 after < or >, or |i1 or |u1";
    throw cannotRead(subject, `descr is ${found}, need ${needed}`);
  }
  return { kind, order };
}

function nameOfKind(data: NdData): string {
  const names = Object.keys(KINDS) as (keyof typeof KINDS)[];
  return names.find((name) => data instanceof KINDS[name])!;
}

/**
 * A copy of an array's bytes in C order, the bytes of each number reversed if `swapped`.
 *
 * @param file the bytes as the file has them
 * @param size bytes of one number, a power of two
 * @param fortranOrder whether the first index runs fastest in `file`
 */
function arrange(
  file: Uint8Array,
  shape: readonly number[],
  size: number,
  fortranOrder: boolean,
  swapped: boolean,
): Uint8Array<ArrayBuffer> {
  const values = new Uint8Array(file.length);
  if (!swapped && !(fortranOrder && shape.length > 1)) {
    values.set(file);
    return values;
  }
  // distance in the file between two neighbours along each dimension
  const strides = new Array<number>(shape.length);
  let stride = size;
  for (let k = 0; k < shape.length; k++) {
    const dimension = fortranOrder ? k : shape.length - 1 - k;
    strides[dimension] = stride;
    stride *= shape[dimension]!;
  }
  const index = new Array<number>(shape.length).fill(0);
  // i ^ flip counts a number's bytes from its other end
  const flip = swapped ? size - 1 : 0;
  for (let to = 0, from = 0; to < values.length; to += size) {
    for (let i = 0; i < size; i++) values[to + i] = file[from + (i ^ flip)]!;
    // to the next index, with a carry as in counting
    for (let k = shape.length - 1; k >= 0; k--) {
      from += strides[k]!;
      if (++index[k]! < shape[k]!) break;
      from -= strides[k]! * shape[k]!;
      index[k] = 0;
    }
  }
  return values;
}
