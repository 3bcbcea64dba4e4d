/**
 * Shows images in plain characters.
 *
 * @module
 */

import type { GreyImage } from "../data/image.ts";
import { resample } from "./resample.ts";

/** From no ink to full ink. */
const SHADES = " ░▒▓█";

/** A character is twice as high as it is wide. */
const HEIGHT = 2;

/**
 * An image as lines of characters, each the mean of two pixels, one below the other, or of more.
 *
 * @param most columns at most, greater than 0: a wider image is shown smaller
 * @returns lines of as many characters each
 *
 * @example
 * ```ts
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const image = { width: 4, height: 2, pixels: Uint8Array.of(0, 255, 0, 255, 0, 0, 255, 255) };
 * deepStrictEqual(blockCharacters(image, 40), [" ▒▒█"]);
 * ```
 */
export function blockCharacters({ width, height, pixels }: GreyImage, most: number): string[] {
  const columns = Math.min(width, most), step = width / columns;
  const lines = Math.max(1, Math.round(height / (HEIGHT * step)));
  const { values } = resample(
    { width, height, values: pixels },
    { count: columns, step, start: 0 },
    { count: lines, step: height / lines, start: 0 },
  );
  return Array.from(
    { length: lines },
    (_, line) =>
      Array.from({ length: columns }, (_, column) => shade(values[line * columns + column]!)).join(
        "",
      ),
  );
}

function shade(ink: number): string {
  return SHADES[Math.round(ink / 255 * (SHADES.length - 1))]!;
}
