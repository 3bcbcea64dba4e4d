/**
 * Draws what hidden units look for: the weights of each one's inputs, as a picture of an image's size.
 *
 * @module
 */

import type { Size } from "../data/image.ts";
import type { AnyMatrix } from "../math/matrix.ts";
import type { IndexedImage } from "../formats/png_encode.ts";

/** Negative weights are blue, positive ones orange, and the nearer to 0 the more the paper shines through. */
const NEGATIVE = [31, 119, 200] as const, POSITIVE = [226, 88, 16] as const;

/** Shades of each colour. */
const SHADES = 40;

const PALETTE = Array.from({ length: 2 * SHADES + 1 }, (_, i) => {
  const shade = i - SHADES;
  const opacity = Math.round(255 * Math.abs(shade) / SHADES);
  return [...(shade < 0 ? NEGATIVE : POSITIVE), opacity] as const;
});

/** The share of weights that do not get the full colour: a few great ones would leave all others pale. */
const BELOW_FULL = 0.995;

/**
 * The absolute value from which on weights get the full colour: few of the first `units` rows' are greater.
 *
 * @example
 * ```ts
 * import { Matrix } from "@sanso/sanso";
 * import { strictEqual } from "node:assert/strict";
 *
 * strictEqual(fullColour(Matrix.of(2, 2, [1, -3, 9, 0]), 1), 3);
 * ```
 */
export function fullColour({ data, columns }: AnyMatrix, units: number): number {
  const sizes = data.slice(0, units * columns).map(Math.abs).sort();
  return sizes[Math.floor(BELOW_FULL * sizes.length)]!;
}

/**
 * The weights of one hidden unit.
 *
 * @param W1 weights of the first layer, M x D
 * @param unit which row
 * @param size of an image: width · height is D
 * @param full what {@linkcode fullColour} gave; the same for all units, so that they can be compared
 *
 * @example
 * ```ts
 * import { Matrix } from "@sanso/sanso";
 * import { ok } from "node:assert/strict";
 *
 * const { pixels } = drawUnit(Matrix.of(1, 3, [-1, 0, 0.5]), 0, { width: 3, height: 1 }, 1);
 * ok(pixels[0]! < pixels[1]! && pixels[1]! < pixels[2]!);
 * ```
 */
export function drawUnit(
  { data, columns }: AnyMatrix,
  unit: number,
  { width, height }: Size,
  full: number,
): IndexedImage {
  const weights = data.subarray(unit * columns, (unit + 1) * columns);
  const shade = (w: number) =>
    SHADES + Math.round(SHADES * Math.sign(w) * Math.min(Math.abs(w) / (full || 1), 1));
  return { width, height, pixels: Uint8Array.from(weights, shade), palette: PALETTE };
}

/** All the colours in a row, from the most negative to the most positive. */
export function drawScale(): IndexedImage {
  const pixels = Uint8Array.from(PALETTE.keys());
  return { width: pixels.length, height: 1, pixels, palette: PALETTE };
}
