// Reads IDX, the format of MNIST: a big-endian header, then one unsigned byte per pixel or label.
//
//     00 00 08 dd   magic number: unsigned bytes, dd dimensions
//     nn nn nn nn   the size of each dimension, the number of items first
//     …             the bytes, the last index running fastest
import { hex32 } from "../text/numbers.ts";
import { cannotRead, checkBytes } from "./errors.ts";
import type { NdArray } from "./nd_array.ts";

const MAGIC = 0x0800;
const MAX_ITEMS = 1_000_000;
const MAX_PIXELS = 65_536;

/**
 * Reads a raw IDX file (not a gzipped one) of unsigned bytes.
 *
 * The data is a view on the bytes given, not a copy: 60,000 images are 47 MB. Only bytes in a
 * `SharedArrayBuffer` are copied, as another thread may change them.
 *
 * @param bytes the whole file
 * @throws {TypeError} if the bytes are not a Uint8Array
 * @throws {FormatError} if the magic number is another, there is no item or more than
 * 1,000,000, an item has no pixel or more than 65,536, or the length is not exactly what the header
 * announces
 *
 * @example two labels
 * ```ts
 * import { readIdx } from "@sanso/sanso";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const { shape, data } = readIdx(Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 7, 3));
 * deepStrictEqual(shape, [2]);
 * deepStrictEqual(data, Uint8Array.of(7, 3));
 * ```
 *
 * @category 2 File formats
 */
export function readIdx(bytes: Uint8Array): NdArray<Uint8Array<ArrayBuffer>> {
  const { shape, dataStart, byteLength } = readIdxHeader(bytes);
  if (bytes.length !== byteLength) {
    const announced = `header announces ${dataStart} + ${shape.join(" x ")} = ${byteLength} bytes`;
    throw cannotRead("IDX", `file has ${bytes.length} bytes, ${announced}`);
  }
  const { buffer, byteOffset } = bytes;
  const data = buffer instanceof ArrayBuffer
    // not subarray(): of a Node.js Buffer that would be a Buffer again
    ? new Uint8Array(buffer, byteOffset + dataStart, byteLength - dataStart)
    : Uint8Array.from(bytes.subarray(dataStart));
  return { shape, dtype: "|u1", fortranOrder: false, data };
}

/** Shape, start of the data and length of an IDX file, which its first 16 bytes tell. */
export function readIdxHeader(bytes: Uint8Array) {
  checkBytes(bytes, "IDX");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  needBytes(view, 4, "magic number");
  const magic = view.getUint32(0), count = magic - MAGIC;
  if (count < 1 || count > 3) {
    const needed = "need 0x00000801 (labels) or 0x00000803 (images)";
    throw cannotRead("IDX", `magic number at byte 0 is ${hex32(magic)}, ${needed}`);
  }
  const dataStart = 4 + 4 * count;
  needBytes(view, dataStart, `header of ${count} dimensions`);
  const shape = Array.from({ length: count }, (_, i) => view.getUint32(4 + 4 * i));
  const [items, ...sides] = shape as [number, ...number[]];
  if (items < 1 || items > MAX_ITEMS) {
    throw cannotRead("IDX", `number of items at byte 4 is ${items}, need 1 to ${MAX_ITEMS}`);
  }
  // at most (2³²-1)², which as a double may be rounded, but never down to the limit; and 0 stays 0
  const pixels = sides.reduce((product, side) => product * side, 1);
  if (pixels < 1 || pixels > MAX_PIXELS) {
    const size = `items at byte 8 are of ${sides.join(" x ")} pixels`;
    throw cannotRead("IDX", `${size}, need 1 to ${MAX_PIXELS}`);
  }
  return { shape, dataStart, byteLength: dataStart + items * pixels };
}

function needBytes(view: DataView, count: number, what: string): void {
  if (view.byteLength >= count) return;
  throw cannotRead("IDX", `file has ${view.byteLength} bytes, need ${count} for the ${what}`);
}
