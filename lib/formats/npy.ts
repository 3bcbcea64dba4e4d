/**
 * Reads and writes npy, NumPy's format for one array.
 *
 * @module
 */
import { describeClass, describeValue } from "../text/describe_value.ts";
import { quote } from "../text/escape.ts";
import { float16ToFloat64 } from "./float16.ts";
import { checkBytes } from "./check_bytes.ts";
import { cannotRead } from "./format_error.ts";
import { formatShape, type NdArray, type NdData } from "./nd_array.ts";
import { MAX_DIMENSIONS, MAX_SIZE, readNpyHeader, writeNpyHeader } from "./npy_header.ts";

/** The typed array of each dtype that is written, by what follows the byte order in its name. */
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
/** The typed array of the bytes of each dtype that is read. */
const READABLE_KINDS = { ...KINDS, f2: Uint16Array, b1: Uint8Array } as const;

type ReadableKind = keyof typeof READABLE_KINDS;

/** The contents of NumPy's other dtypes, by the beginning of what follows the byte order. */
const OTHERS: readonly (readonly [RegExp, string])[] = [
  [/^O/, "Python objects"],
  [/^c\d/, "complex numbers"],
  [/^f1[0-9]/, "extended precision"],
  [/^U\d/, "strings"],
  [/^S\d/, "byte strings"],
  [/^M8/, "dates and times"],
  [/^m8/, "time differences"],
  [/^V\d/, "raw bytes"],
];

/** The byte order of this machine and so of typed arrays. */
const NATIVE = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? "<" : ">";

/**
 * The argument of `writeNpy`: numbers in C order, and the size of each dimension.
 *
 * @category 2 File formats
 */
export interface WritableArray extends Pick<NdArray, "shape" | "data"> {
  /**
   * Whether the data, bytes of 0 and 1, is written as NumPy's bool (`|b1`).
   *
   * @default {false} the dtype is that of the typed array: `|u1` for bytes
   */
  readonly bool?: boolean;
}

/**
 * Reads an npy file of version 1.0, 2.0 or 3.0 that holds real numbers or truth values: float64,
 * float32, float16, integers of 8 to 64 bits, or bool, in either byte order, in C or Fortran order.
 * The data is a copy: float16 as doubles, bool as bytes of 0 and 1.
 *
 * @param bytes the whole file
 * @param name its name in errors, which escape and quote it; by default npy
 * @throws {TypeError} if the bytes are not a Uint8Array
 * @throws {FormatError} if NumPy would not read the file, it holds anything else, not exactly as
 * many entries as its shape requires, or a bool whose byte is neither 0 nor 1
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
  checkBytes(bytes, subject);
  const { descr, fortranOrder, shape, dataStart } = readNpyHeader(bytes, subject);
  const { kind, order } = parseDescr(descr, subject);
  const size = READABLE_KINDS[kind].BYTES_PER_ELEMENT;
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
  return { shape, dtype: descr, fortranOrder, data: toData(kind, values.buffer, subject) };
}

/**
 * An npy file of version 1.0, byte for byte as NumPy writes it on a little-endian machine for an
 * array in C order: the kind of number is that of the typed array.
 *
 * @param array numbers, and sizes whose product is their count
 * @param name its name in errors, as in {@linkcode readNpy}
 * @throws {TypeError} if the data is not one of the typed arrays of {@linkcode NdData}, or not a
 * Uint8Array though `bool` is set, or the shape is no array
 * @throws {RangeError} if there are more than 64 dimensions, the product of the sizes is not the
 * count of numbers, or an entry is neither 0 nor 1 though `bool` is set
 *
 * @example Truth values
 * ```ts
 * import { readNpy, writeNpy } from "@sanso/sanso";
 * import { strictEqual } from "node:assert/strict";
 *
 * const bytes = writeNpy({ shape: [3], data: Uint8Array.of(1, 0, 1), bool: true });
 * strictEqual(readNpy(bytes).dtype, "|b1");
 * ```
 *
 * @category 2 File formats
 */
export function writeNpy(array: WritableArray, name?: string): Uint8Array<ArrayBuffer> {
  const { shape, data } = array;
  const subject = name === undefined ? "npy" : quote(name);
  const kind = writtenKind(array, subject);
  if (!Array.isArray(shape)) {
    const found = `shape is ${describeValue(shape)}`;
    throw new TypeError(`Cannot write ${subject}: ${found}, need an array of sizes`);
  }
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
  const header = writeNpyHeader((size === 1 ? "|" : "<") + kind, shape);
  const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const file = new Uint8Array(header.length + raw.length);
  file.set(header);
  file.set(arrange(raw, shape, size, false, NATIVE !== "<"), header.length);
  return file;
}

function parseDescr(descr: string, subject: string) {
  const [order, code] = [descr.slice(0, 1), descr.slice(1)];
  const kind = Object.hasOwn(READABLE_KINDS, code) ? code as ReadableKind : undefined;
  const size = kind === undefined ? 0 : READABLE_KINDS[kind].BYTES_PER_ELEMENT;
  if (kind === undefined || !(size === 1 ? "|" : "<>").includes(order)) {
    const [, contents] = OTHERS.find(([pattern]) => pattern.test(code)) ?? [];
    const found = quote(descr) + (contents === undefined ? "" : ` (${contents})`);
    const needed = "f8, f4, f2, i8, i4, i2, u8, u4 or u2 after < or >, or |i1, |u1 or |b1";
    throw cannotRead(subject, `descr is ${found}, need ${needed}`);
  }
  return { kind, order };
}

/** The entries of an array, whose bytes are in C order and in this machine's byte order. */
function toData(kind: ReadableKind, buffer: ArrayBuffer, subject: string): NdData {
  if (kind === "f2") return float16ToFloat64(new Uint16Array(buffer));
  if (kind !== "b1") return new KINDS[kind](buffer);
  const bools = new Uint8Array(buffer);
  const wrong = notBool(bools);
  if (wrong !== undefined) throw cannotRead(subject, wrong);
  return bools;
}

/** The dtype of an array that is to be written, without the byte order. */
function writtenKind({ data, bool = false }: WritableArray, subject: string): string {
  const names = Object.keys(KINDS) as (keyof typeof KINDS)[];
  const name = names.find((name) => data instanceof KINDS[name]);
  if (name === undefined || (bool && name !== "u1")) {
    const found = describeClass(data);
    const kinds = names.map((name) => KINDS[name].name);
    const needed = bool ? "Uint8Array for bool" : `one of ${kinds.join(", ")}`;
    throw new TypeError(`Cannot write ${subject}: data is of type ${found}, need ${needed}`);
  }
  if (!bool) return name;
  const wrong = notBool(data as Uint8Array);
  if (wrong !== undefined) throw new RangeError(`Cannot write ${subject}: ${wrong}`);
  return "b1";
}

/** The first entry that is no bool: NumPy never writes one, so it is damage or no bool at all. */
function notBool(bytes: Uint8Array): string | undefined {
  const at = bytes.findIndex((byte) => byte > 1);
  return at < 0 ? undefined : `entry ${at} of bool is ${bytes[at]}, need 0 or 1`;
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
