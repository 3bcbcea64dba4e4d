/**
 * Reads IDX, the format of MNIST: a big-endian header, then one unsigned byte a pixel or label.
 *
 *     00 00 08 dd   magic number: unsigned bytes, dd dimensions
 *     nn nn nn nn   the size of each dimension, the number of items first
 *     …             the bytes, the last index running fastest
 *
 * @module
 */
import { hex32 } from "../text/hex.ts";
import { cannotRead } from "./format_error.ts";
import type { NdArray } from "./nd_array.ts";

const MAGIC = 0x0800;
const MOST_ITEMS = 1_000_000;
const MOST_PIXELS = 65_536;

const KINDS: Readonly<Record<number, string>> = { 1: "labels", 3: "images" };

/**
 * What the caller of {@linkcode readIdx} and {@linkcode idxByteLength} needs the file to be.
 *
 * @category 2 File formats
 */
export interface IdxOptions {
  /** 1 for labels, 3 for images; without it any from 1 to 3. */
  readonly dimensions?: 1 | 2 | 3;
}

/**
 * Reads a raw IDX file (not a gzipped one) of unsigned bytes.
 *
 * The data is a view on the bytes given, not a copy: 60,000 images are 47 MB.
 *
 * @param bytes the whole file
 * @throws {FormatError} if the magic number is not the one needed, there is no item or more than 1,000,000, an item has
 * no pixel or more than 65,536, or the length is not exactly what the header announces
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
export function readIdx(
  bytes: Uint8Array<ArrayBuffer>,
  options: IdxOptions = {},
): NdArray<Uint8Array<ArrayBuffer>> {
  const { shape, start, length } = header(bytes, options);
  if (bytes.length !== length) {
    const announced = `header announces ${start} + ${shape.join(" x ")} = ${length} bytes`;
    throw cannotRead("IDX", `file has ${bytes.length} bytes, ${announced}`);
  }
  // not subarray(): of a Node.js Buffer that would be a Buffer again
  const data = new Uint8Array(bytes.buffer, bytes.byteOffset + start, length - start);
  return { shape, dtype: "|u1", fortranOrder: false, data };
}

/**
 * How many bytes an IDX file has in all, by its header alone: what to stop at when a compressed file is unpacked.
 *
 * @param start the beginning of the file; 16 bytes are enough for any header
 * @throws {FormatError} for any header that {@linkcode readIdx} refuses
 *
 * @example
 * ```ts
 * import { idxByteLength } from "@sanso/sanso";
 * import { strictEqual } from "node:assert/strict";
 *
 * strictEqual(idxByteLength(Uint8Array.of(0, 0, 8, 1, 0, 0, 0xea, 0x60)), 60_008);
 * ```
 *
 * @category 2 File formats
 */
export function idxByteLength(start: Uint8Array, options: IdxOptions = {}): number {
  return header(start, options).length;
}

function header(bytes: Uint8Array, { dimensions }: IdxOptions) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  needBytes(view, 4, "magic number");
  const magic = view.getUint32(0);
  const count = magic - MAGIC;
  if (dimensions === undefined ? count < 1 || count > 3 : count !== dimensions) {
    const needed = dimensions === undefined
      ? `one of ${describeMagic(1)}, ${describeMagic(2)}, ${describeMagic(3)}`
      : describeMagic(dimensions);
    throw cannotRead("IDX", `magic number at byte 0 is ${hex32(magic)}, need ${needed}`, 0);
  }
  const start = 4 + 4 * count;
  needBytes(view, start, `header of ${count} dimensions`);
  const shape = Array.from({ length: count }, (_, i) => view.getUint32(4 + 4 * i));
  const [items, ...sides] = shape as [number, ...number[]];
  if (items < 1 || items > MOST_ITEMS) {
    throw cannotRead("IDX", `number of items at byte 4 is ${items}, need 1 to ${MOST_ITEMS}`, 4);
  }
  // at most (2³²-1)², which as a double may be rounded, but never down to the limit; and 0 stays 0
  const pixels = sides.reduce((product, side) => product * side, 1);
  if (pixels < 1 || pixels > MOST_PIXELS) {
    const size = `items at byte 8 are of ${sides.join(" x ")} pixels`;
    throw cannotRead("IDX", `${size}, need 1 to ${MOST_PIXELS}`, 8);
  }
  return { shape, start, length: start + items * pixels };
}

function needBytes(view: DataView, count: number, what: string): void {
  if (view.byteLength >= count) return;
  throw cannotRead("IDX", `file has ${view.byteLength} bytes, need ${count} for the ${what}`);
}

function describeMagic(dimensions: number): string {
  const kind = KINDS[dimensions];
  return hex32(MAGIC + dimensions) + (kind === undefined ? "" : ` (${kind})`);
}
