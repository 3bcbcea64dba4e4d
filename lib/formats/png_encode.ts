/**
 * Writes small images as PNG (ISO 15948): one byte per pixel, either a grey or a palette index.
 *
 * @module
 */

import { zlibSync } from "fflate";
import { toBase64 } from "./base64.ts";
import { crc32 } from "./crc32.ts";
import { isPngSize, MAX_PNG_PIXELS, PNG_SIGNATURE } from "./png_format.ts";

/** An image with one byte per pixel. */
export interface IndexedImage {
  /** Pixels of a row, at least 1. */
  readonly width: number;
  /** Rows, at least 1. */
  readonly height: number;
  /** Every pixel, row by row: a grey from 0 (black) to 255, or a palette index. */
  readonly pixels: Uint8Array;
  /**
   * 1 to 256 colours of red, green, blue and opacity, each an integer from 0 to 255; without it
   * pixels are greys.
   */
  readonly palette?: readonly (readonly [number, number, number, number])[];
}

const GREY = 0, INDEXED = 3;

/**
 * An image as a PNG file, which `decodePng` reads.
 *
 * @throws {RangeError} if there are not width · height pixels, from 1 to 16,777,216, the palette is
 * not as {@linkcode IndexedImage} says, or a pixel has no colour in it
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
  if (!isPngSize(width, height)) {
    throw new RangeError(
      `Cannot draw an image ${width} wide and ${height} high: need 1 to ${MAX_PNG_PIXELS} pixels`,
    );
  }
  if (pixels.length !== width * height) {
    throw new RangeError(
      `Cannot draw ${pixels.length} pixels as ${width}x${height}: need ${width * height}`,
    );
  }
  if (palette !== undefined) checkPalette(palette, pixels);
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

function checkPalette(palette: readonly (readonly number[])[], pixels: Uint8Array): void {
  if (palette.length < 1 || palette.length > 256) {
    throw new RangeError(`Cannot draw with ${palette.length} colours: need 1 to 256`);
  }
  const isColour = (colour: readonly number[]) =>
    colour.length === 4 && colour.every((x) => Number.isInteger(x) && x >= 0 && x <= 255);
  const wrong = palette.find((colour) => !isColour(colour));
  if (wrong !== undefined) {
    throw new RangeError(`Cannot draw with the colour [${wrong}]: need 4 integers from 0 to 255`);
  }
  const missing = pixels.find((pixel) => pixel >= palette.length);
  if (missing !== undefined) {
    throw new RangeError(`Cannot draw colour ${missing} of ${palette.length}, counted from 0`);
  }
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
