/**
 * Images as block characters, for terminals.
 *
 * @module
 */

import type { GreyImage } from "../data/image.ts";
import { resample } from "./resample.ts";

/** Characters from intensity 0 to 255. */
const SHADES = " ░▒▓█";

/** Height of a character relative to its width. */
const ASPECT_RATIO = 2;

/**
 * An image as lines of characters. A character shows the mean of two pixels, one above the other,
 * or of more if the image is wider than `maxColumns`.
 *
 * @param image intensities from 0, a space, to 255, a full block
 * @param maxColumns largest number of characters in a line, greater than 0
 * @returns lines of equal length
 *
 * @example
 * ```ts
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const image = { width: 4, height: 2, pixels: Uint8Array.of(0, 255, 0, 255, 0, 0, 255, 255) };
 * deepStrictEqual(blockCharacters(image, 40), [" ▒▒█"]);
 * ```
 */
export function blockCharacters(image: GreyImage, maxColumns: number): string[] {
  const { width, height, pixels } = image;
  const columns = Math.min(width, maxColumns), step = width / columns;
  const lines = Math.max(1, Math.round(height / (ASPECT_RATIO * step)));
  const { values } = resample(
    { width, height, values: pixels },
    { count: columns, step, start: 0 },
    { count: lines, step: height / lines, start: 0 },
  );
  const characters = Array.from(values, shade);
  return Array.from(
    { length: lines },
    (_, line) => characters.slice(line * columns, (line + 1) * columns).join(""),
  );
}

/** The character of an intensity from 0, a space, to 255, a full block. */
export function shade(intensity: number): string {
  return SHADES[Math.round(intensity / 255 * (SHADES.length - 1))]!;
}
