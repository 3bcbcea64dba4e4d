/**
 * Writes small images as PNG (ISO 15948): one byte per pixel, either a grey or a palette index.
 *
 * @module
 */

import { zlibSync } from "fflate";
import { toBase64 } from "./base64.ts";
import { crc32 } from "./crc32.ts";

/** An image with one byte per pixel. */
export interface IndexedImage {
  /** Pixels of a row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** Every pixel, row by row: a grey from 0 (black) to 255, or a palette index. */
  readonly pixels: Uint8Array;
  /**
   * Up to 256 colours of red, green, blue and opacity, each from 0 to 255; without it pixels are
   * greys.
   */
  readonly palette?: readonly (readonly [number, number, number, number])[];
}

/** The first bytes of every PNG file. */
export const PNG_SIGNATURE: Uint8Array = Uint8Array.of(
  ...[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
);
const GREY = 0, INDEXED = 3;

/**
 * An image as a PNG file.
 *
 * @throws {RangeError} if there are not width · height pixels
 *
 * @example
 * ```ts
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const png = encodePng({ width: 2, height: 1, pixels: Uint8Array.of(0, 255) });
 * deepStrictEqual(png.subarray(1, 4), new TextEncoder().encode("PNG"));
 * ```
 */
export function encodePng({ width, height, pixels, palette }: IndexedImage): Uint8Array {
  if (pixels.length !== width * height) {
    throw new RangeError(
      `Cannot draw ${pixels.length} pixels as ${width}x${height}: need ${width * height}`,
    );
  }
  // the first byte of each row is its filter type: 0, none
  const rows = new Uint8Array(height * (width + 1));
  for (let y = 0; y < height; y++) {
    rows.set(pixels.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  }
  const header = [...word(width), ...word(height), 8, palette ? INDEXED : GREY, 0, 0, 0];
  const colours = palette === undefined ? [] : [
    ...chunk("PLTE", palette.flatMap(([red, green, blue]) => [red, green, blue])),
    ...chunk("tRNS", palette.map(([, , , opacity]) => opacity)),
  ];
  return Uint8Array.from([
    ...PNG_SIGNATURE,
    ...chunk("IHDR", header),
    ...colours,
    ...chunk("IDAT", [...zlibSync(rows, { level: 9 })]),
    ...chunk("IEND", []),
  ]);
}

/** An image as a data URL. */
export function imageUrl(image: IndexedImage): string {
  return `data:image/png;base64,${toBase64(encodePng(image))}`;
}

function chunk(type: string, data: readonly number[]): number[] {
  const body = [...new TextEncoder().encode(type), ...data];
  return [...word(data.length), ...body, ...word(crc32(Uint8Array.from(body)))];
}

/** A 32-bit word, its highest byte first. */
function word(value: number): number[] {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff);
}
