/** Writes and reads PNG files, by the standard (ISO 15948). */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { crc32, deflateSync } from "node:zlib";

export interface Samples {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly colourType: number;
  /** The samples of each pixel, row by row. */
  readonly samples: readonly (readonly number[])[];
  readonly interlaced?: boolean;
  /** The filter of each row, in turn. */
  readonly filters?: readonly number[];
  readonly palette?: readonly number[];
  readonly transparency?: readonly number[];
}

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** Which pass a pixel of each 8x8 belongs to, as the standard draws it. */
const PASSES = "16462646 77777777 56565656 77777777 36463646 77777777 56565656 77777777".split(" ");

/** A chunk with its length and its CRC-32. */
export function chunk(type: string, data: ArrayLike<number>): Uint8Array {
  const body = Uint8Array.from([...new TextEncoder().encode(type), ...Array.from(data)]);
  return Uint8Array.from([...word(data.length), ...body, ...word(crc32(body))]);
}

export function file(...chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([SIGNATURE, ...chunks].flatMap((part) => [...part]));
}

export function header(
  { width, height, depth, colourType, interlaced = false }: Omit<Samples, "samples">,
): Uint8Array {
  const kind = [depth, colourType, 0, 0, interlaced ? 1 : 0];
  return chunk("IHDR", [...word(width), ...word(height), ...kind]);
}

export function png(picture: Samples): Uint8Array<ArrayBuffer> {
  const { palette, transparency } = picture;
  return file(
    header(picture),
    ...(palette ? [chunk("PLTE", palette)] : []),
    ...(transparency ? [chunk("tRNS", transparency)] : []),
    chunk("IDAT", deflateSync(Uint8Array.from(filteredRows(picture)))),
    chunk("IEND", []),
  );
}

/** An opaque picture of 8 bits, of greys or of colours. */
export function plain(
  width: number,
  height: number,
  pixel: (x: number, y: number) => number | readonly number[],
): Uint8Array<ArrayBuffer> {
  const samples = Array.from({ length: width * height }, (_, i) => {
    const value = pixel(i % width, Math.floor(i / width));
    return typeof value === "number" ? [value] : value;
  });
  return png({ width, height, depth: 8, colourType: samples[0]!.length === 1 ? 0 : 2, samples });
}

/** The rows of the picture or of each of its passes, each with its filter's number before it. */
export function filteredRows(picture: Samples): number[] {
  const { width, height, samples, depth, interlaced = false, filters = [0] } = picture;
  const bytesBetween = Math.max(1, samples[0]!.length * depth / 8);
  let count = 0;
  return (interlaced ? "1234567" : " ").split("").flatMap((pass) => {
    let above: number[] = [];
    return Array.from({ length: height }, (_, y) => {
      const row = Array.from({ length: width }, (_, x) => x)
        .filter((x) => !interlaced || PASSES[y % 8]![x % 8] === pass)
        .flatMap((x) => samples[y * width + x]!);
      if (row.length === 0) return [];
      const bytes = pack(row, depth), filter = filters[count++ % filters.length]!;
      const filtered = bytes.map((byte, i) => {
        const at = i - bytesBetween;
        const [left = 0, up = 0, corner = 0] = [bytes[at], above[i], above[at]];
        const guess = [0, left, up, Math.floor((left + up) / 2), paeth(left, up, corner)][filter]!;
        return (byte - guess) & 0xff;
      });
      above = bytes;
      return [filter, ...filtered];
    }).flat();
  });
}

/** The one of three that is nearest to left + up - corner, the first of equals. */
function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const off = (value: number) => Math.abs(value - guess);
  return [left, up, corner].reduce((best, value) => off(value) < off(best) ? value : best);
}

/** Samples as bytes, the first in the highest bits. */
function pack(row: readonly number[], depth: number): number[] {
  const bits = row.map((sample) => sample.toString(2).padStart(depth, "0")).join("");
  return (bits.match(/.{1,8}/g) ?? []).map((byte) => parseInt(byte.padEnd(8, "0"), 2));
}

function word(value: number): number[] {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff);
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
