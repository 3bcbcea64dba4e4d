// Reads and writes npy, NumPy's format for one array.
//
//     93 4e 55 4d 50 59   magic: \x93NUMPY
//     vv 00               version 1.0, 2.0 or 3.0
//     nn nn [nn nn]       length of the header, little-endian; two bytes in version 1.0, else four
//     …                   {'descr': '<f8', 'fortran_order': False, 'shape': (80, 784), }
//     20 … 0a             spaces and a line feed
//     …                   the numbers
//
// Source: numpy/lib/format.py (NumPy 1.24).
import { describeClass, describeValue, quote } from "../text/escape.ts";
import { hex } from "../text/numbers.ts";
import { cannotRead, checkBytes } from "./errors.ts";
import { formatShape, type NdArray, type NdData } from "./nd_array.ts";

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

/** The contents of NumPy's other dtypes, by what stands before the size. */
const OTHERS: Readonly<Record<string, string>> = {
  O: "Python objects",
  c: "complex numbers",
  f1: "extended precision",
  U: "strings",
  S: "byte strings",
  M: "dates and times",
  m: "time differences",
  V: "raw bytes",
};

/** The byte order of this machine and so of typed arrays. */
const NATIVE = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1 ? "<" : ">";

const MAGIC = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59);
const MAX_HEADER_BYTES = 10_000;
/** NumPy 2's limit; NumPy 1 writes and reads up to 32. */
const MAX_DIMENSIONS = 64;
/** The largest size of one dimension: no file that is read can hold more bytes. */
const MAX_SIZE = 64 * 1024 * 1024;

/** White space, and a size as Python 3 and, with an L, Python 2 write it. */
const SPACE = String.raw`[ \t\r\n]*`, SIZE = String.raw`(?:0|-?[1-9]\d*)L?${SPACE}`;
/** The entries of the header, each up to the next one or to the end; a tuple has a comma. */
const ENTRIES = [
  String.raw`descr\1${SPACE}:${SPACE}(['"])(?<value>[^'"\\]*)\2`,
  String.raw`fortran_order\1${SPACE}:${SPACE}(?<value>True|False)`,
  String.raw`shape\1${SPACE}:${SPACE}(?<value>\(${SPACE}(?:(?:${SIZE},${SPACE})+(?:${SIZE})?)?\))`,
].map((entry) => new RegExp(String.raw`(['"])${entry}${SPACE}(?:,${SPACE}|$)`));

/**
 * The argument of `writeNpy`: numbers in C order, and the size of each dimension.
 *
 * @category 2 File formats
 */
export type WritableArray = Pick<NdArray, "shape" | "data">;

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
  const { descr, fortranOrder, shape, dataStart } = readHeader(bytes, subject);
  const { kind, order } = parseDescr(descr, subject);
  const size = READABLE_KINDS[kind].BYTES_PER_ELEMENT;
  const present = bytes.length - dataStart;
  // the product can exceed what a double counts exactly; nothing is allocated before it is known to
  // fit
  const needed = shape.reduce((product, side) => product * BigInt(side), BigInt(size));
  if (needed !== BigInt(present)) {
    const declared = `${formatShape(shape)} of ${quote(descr)} needs ${needed} bytes of data`;
    throw cannotRead(subject, `shape ${declared}, ${present} are present`);
  }
  // not slice(): of a Node.js Buffer that would be a view
  const numbers = toNative(new Uint8Array(bytes.subarray(dataStart)), size, order);
  const data = toData(kind, fortranOrder ? toCOrder(numbers, size, shape) : numbers, subject);
  return { shape, dtype: descr, fortranOrder, data };
}

/**
 * An npy file of version 1.0, byte for byte as NumPy writes it on a little-endian machine for an
 * array in C order: the kind of number is that of the typed array.
 *
 * @param array numbers, and sizes whose product is their count
 * @param name its name in errors, as in {@linkcode readNpy}
 * @throws {TypeError} if the data is not one of the typed arrays of {@linkcode NdData}, or the
 * shape is no array
 * @throws {RangeError} if there are more than 64 sizes, one is no integer from 0 to 67,108,864, or
 * their product is not the count of numbers
 *
 * @example
 * ```ts
 * import { readNpy, writeNpy } from "@sanso/sanso";
 * import { strictEqual } from "node:assert/strict";
 *
 * strictEqual(readNpy(writeNpy({ shape: [1], data: Int32Array.of(-1) })).dtype, "<i4");
 * ```
 *
 * @category 2 File formats
 */
export function writeNpy({ shape, data }: WritableArray, name?: string): Uint8Array<ArrayBuffer> {
  const subject = name === undefined ? "npy" : quote(name);
  const kinds = Object.entries(KINDS), kind = kinds.find(([, kind]) => data instanceof kind)?.[0];
  if (kind === undefined) {
    const needed = `one of ${kinds.map(([, { name }]) => name).join(", ")}`;
    const found = `data is of type ${describeClass(data)}`;
    throw new TypeError(`Cannot write ${subject}: ${found}, need ${needed}`);
  }
  if (!Array.isArray(shape)) {
    const found = `shape is ${describeValue(shape)}`;
    throw new TypeError(`Cannot write ${subject}: ${found}, need an array of sizes`);
  }
  const isSize = (side: number) => Number.isInteger(side) && side >= 0 && side <= MAX_SIZE;
  if (shape.length > MAX_DIMENSIONS || !shape.every(isSize)) {
    const needed = `need at most ${MAX_DIMENSIONS} integers from 0 to ${MAX_SIZE}`;
    throw new RangeError(`Cannot write ${subject}: shape is ${formatShape(shape)}, ${needed}`);
  }
  // rounded above 2⁵³, where it is beyond any array's length
  const count = shape.reduce((product, side) => product * side, 1);
  if (count !== data.length) {
    const found = `shape ${formatShape(shape)} has ${count} numbers, data has ${data.length}`;
    throw new RangeError(`Cannot write ${subject}: ${found}, need the same`);
  }
  const size = data.BYTES_PER_ELEMENT;
  const header = headerOf((size === 1 ? "|" : "<") + kind, shape);
  const file = new Uint8Array(header.length + data.byteLength);
  file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), header.length);
  toNative(file.subarray(header.length), size, "<");
  file.set(header);
  return file;
}

function readHeader(bytes: Uint8Array, subject: string) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (MAGIC.some((byte, i) => bytes[i] !== byte)) {
    const found = hex(bytes.subarray(0, MAGIC.length), " ") || "nothing";
    throw cannotRead(subject, `begins with ${found}, need ${hex(MAGIC, " ")} (npy)`);
  }
  const [major = 0, minor] = bytes.subarray(6);
  if (major < 1 || major > 3 || minor !== 0) {
    throw cannotRead(subject, `npy version is ${major}.${minor}, need 1.0, 2.0 or 3.0`);
  }
  const start = major === 1 ? 10 : 12;
  const length = bytes.length < start
    ? NaN
    : major === 1
    ? view.getUint16(8, true)
    : view.getUint32(8, true);
  if (!(length <= MAX_HEADER_BYTES && start + length <= bytes.length)) {
    throw cannotRead(subject, `header is cut short, or longer than ${MAX_HEADER_BYTES} bytes`);
  }
  // headers of every version are ASCII
  const text = String.fromCharCode(...bytes.subarray(start, start + length));
  return { ...parseHeader(text, subject), dataStart: start + length };
}

/** Reads the header's dictionary, whose keys may come in any order; it is never evaluated. */
function parseHeader(text: string, subject: string) {
  let rest = /^[ \t]*\{[ \t\r\n]*([^]*)\}[ \t\r\n]*$/.exec(text)?.[1] ?? "";
  const [descr, order, shape] = ENTRIES.map((entry) => {
    const match = entry.exec(rest);
    rest = rest.replace(entry, "");
    return match?.groups?.value;
  });
  if (descr === undefined || order === undefined || shape === undefined || rest !== "") {
    const needed = "need a dictionary of descr (one dtype), fortran_order and shape (a tuple)";
    throw cannotRead(subject, `header is ${quote(text.trim())}, ${needed}`);
  }
  const sizes = (shape.match(/-?\d+/g) ?? []).map(Number);
  if (sizes.length > MAX_DIMENSIONS || sizes.some((size) => size < 0 || size > MAX_SIZE)) {
    const needed = `need at most ${MAX_DIMENSIONS} sizes from 0 to ${MAX_SIZE}`;
    throw cannotRead(subject, `shape is ${quote(shape)}, ${needed}`);
  }
  return { descr, fortranOrder: order === "True", shape: sizes };
}

/** The header of version 1.0 as NumPy writes it, with room for a dimension to grow. */
function headerOf(descr: string, shape: readonly number[]): Uint8Array<ArrayBuffer> {
  const room = shape.length === 0 ? 0 : 21 - String(shape[0]).length;
  const facts = `'descr': '${descr}', 'fortran_order': False, 'shape': ${formatShape(shape)}, `;
  const dictionary = `{${facts}}${" ".repeat(room)}`;
  // NumPy pads with 1 to 64 spaces, never none
  const total = 64 * (Math.floor((10 + dictionary.length + 1) / 64) + 1);
  const header = new Uint8Array(total).fill(0x20);
  header.set([...MAGIC, 1, 0]);
  new DataView(header.buffer).setUint16(8, total - 10, true);
  header.set(new TextEncoder().encode(dictionary), 10);
  header[total - 1] = 0x0a;
  return header;
}

function parseDescr(descr: string, subject: string) {
  const [order, code] = [descr.slice(0, 1), descr.slice(1)];
  const kind = Object.hasOwn(READABLE_KINDS, code) ? code as ReadableKind : undefined;
  const size = kind === undefined ? 0 : READABLE_KINDS[kind].BYTES_PER_ELEMENT;
  if (kind === undefined || !(size === 1 ? "|" : "<>").includes(order)) {
    const [other] = /^(?:O|(?:f1|[cUSMmV])(?=\d))/.exec(code) ?? [];
    const found = quote(descr) + (other === undefined ? "" : ` (${OTHERS[other]})`);
    const needed = "f8, f4, f2, i8, i4, i2, u8, u4 or u2 after < or >, or |i1, |u1 or |b1";
    throw cannotRead(subject, `descr is ${found}, need ${needed}`);
  }
  return { kind, order };
}

/** The entries of an array, whose bytes are in this machine's order. */
function toData(kind: ReadableKind, buffer: ArrayBuffer, subject: string): NdData {
  if (kind === "f2") return Float64Array.from(new Uint16Array(buffer), halfToDouble);
  if (kind !== "b1") return new KINDS[kind](buffer);
  const bools = new Uint8Array(buffer);
  // NumPy never writes another byte, so it is damage or no bool at all
  const at = bools.findIndex((byte) => byte > 1);
  if (at < 0) return bools;
  throw cannotRead(subject, `entry ${at} of bool is ${bools[at]}, need 0 or 1`);
}

/** The double of a binary16 number; Deno 2.4 has no Float16Array. */
function halfToDouble(bits: number): number {
  const sign = bits >>> 15 === 0 ? 1 : -1, exponent = (bits >>> 10) & 31, fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  // an integer below 2⁴¹, so that the quotient is exact; the smallest exponent is that of denormals
  const units = exponent === 0 ? fraction : (1024 + fraction) * (1 << (exponent - 1));
  return sign * units / 2 ** 24;
}

/** Reverses the bytes of each number unless they are in this machine's order. */
function toNative(bytes: Uint8Array<ArrayBuffer>, size: number, order: string): ArrayBuffer {
  if (size > 1 && order !== NATIVE) {
    for (let at = 0; at < bytes.length; at += size) bytes.subarray(at, at + size).reverse();
  }
  return bytes.buffer;
}

/** Numbers of an array in Fortran order, in which the first index runs fastest, in C order. */
function toCOrder(numbers: ArrayBuffer, size: number, shape: readonly number[]): ArrayBuffer {
  // not as floats: to copy a NaN may change its bits
  const kind = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array, 8: BigUint64Array }[size]!;
  const from = new kind(numbers), to = from.slice();
  const strides = shape.map((_, k) => shape.slice(0, k).reduce((size, side) => size * side, 1));
  for (let i = 0; i < to.length; i++) {
    let at = 0, rest = i;
    for (let k = shape.length - 1; k >= 0; k--) {
      at += strides[k]! * (rest % shape[k]!);
      rest = Math.floor(rest / shape[k]!);
    }
    to[i] = from[at]!;
  }
  return to.buffer;
}
