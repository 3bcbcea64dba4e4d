/** Writes and reads PNG files, by the standard (ISO 15948). */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { crc32, deflateSync } from "node:zlib";
import { concat } from "./zip_builder.ts";

interface Header {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly colourType: number;
  readonly interlaced?: boolean;
}

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** A chunk with its length and its CRC-32. */
export function chunk(type: string, data: ArrayLike<number>): Uint8Array {
  const body = concat([new TextEncoder().encode(type), Uint8Array.from(data)]);
  return concat([word(data.length), body, word(crc32(body))]);
}

export function file(...chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return concat([Uint8Array.from(SIGNATURE), ...chunks]);
}

export function header(
  { width, height, depth, colourType, interlaced = false }: Header,
): Uint8Array {
  const kind = [depth, colourType, 0, 0, interlaced ? 1 : 0];
  return chunk("IHDR", [...word(width), ...word(height), ...kind]);
}

/** An opaque picture of 8 bits, of greys or of colours. */
export function plain(
  width: number,
  height: number,
  pixel: (x: number, y: number) => number | readonly number[],
): Uint8Array<ArrayBuffer> {
  const rows = Array.from({ length: height }, (_, y) => [
    0,
    ...Array.from({ length: width }, (_, x) => pixel(x, y)).flat(),
  ]);
  return file(
    header({ width, height, depth: 8, colourType: typeof pixel(0, 0) === "number" ? 0 : 2 }),
    chunk("IDAT", deflateSync(Uint8Array.from(rows.flat()))),
    chunk("IEND", []),
  );
}

function word(value: number): Uint8Array {
  return Uint8Array.from([24, 16, 8, 0], (shift) => value >>> shift);
}

/** The chunks of a PNG by type; asserts the CRC-32 of each. */
export function readChunks(png: Uint8Array): Map<string, Uint8Array> {
  deepStrictEqual([...png.subarray(0, 8)], SIGNATURE);
  const view = new DataView(png.buffer, png.byteOffset), found = new Map<string, Uint8Array>();
  let at = 8;
  while (at < png.length) {
    const length = view.getUint32(at), body = png.subarray(at + 4, at + 8 + length);
    strictEqual(view.getUint32(at + 8 + length), crc32(body));
    found.set(new TextDecoder().decode(body.subarray(0, 4)), body.subarray(4));
    at += 12 + length;
  }
  strictEqual(at, png.length);
  return found;
}
