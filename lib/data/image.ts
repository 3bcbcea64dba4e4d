/**
 * Images of ink: one byte a pixel, as MNIST holds its digits.
 *
 * @module
 */

import { ShapeError } from "../math/shape.ts";

/** As many bytes as an array may hold on every engine. */
const MAX_PIXELS = 2 ** 31 - 1;

/**
 * Width and height in pixels.
 *
 * @category 4 Data sets
 */
export interface Size {
  /** Pixels of a row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
}

/**
 * An image of ink.
 *
 * @category 4 Data sets
 */
export interface GreyImage extends Size {
  /** Every pixel, row by row: 0 is no ink, 255 is full ink. */
  readonly pixels: Uint8Array;
}

/**
 * An image without ink, to draw into.
 *
 * @param size integers greater than 0
 * @throws {RangeError} if width or height is not such an integer, or there would be more than 2³¹ - 1 pixels
 *
 * @example
 * ```ts
 * import { blankImage } from "@sanso/sanso";
 * import { strictEqual } from "node:assert/strict";
 *
 * strictEqual(blankImage({ width: 28, height: 28 }).pixels.length, 784);
 * ```
 *
 * @category 4 Data sets
 */
export function blankImage({ width, height }: Size): GreyImage {
  for (const side of [width, height]) {
    if (!Number.isInteger(side) || side < 1 || width * height > MAX_PIXELS) {
      throw new RangeError(
        `Cannot make an image ${width} wide and ${height} high: ` +
          `need integers greater than 0, and at most ${MAX_PIXELS} pixels`,
      );
    }
  }
  return { width, height, pixels: new Uint8Array(width * height) };
}

/**
 * Refuses an image whose pixels are more or fewer than its size says.
 *
 * @param perPixel values that a pixel has
 * @throws {ShapeError} if their number differs
 */
export function checkPixels(
  { width, height }: Size,
  values: ArrayLike<number>,
  perPixel = 1,
): void {
  const wanted = width * height * perPixel;
  if (values.length !== wanted) {
    const per = perPixel === 1 ? "" : ` of ${perPixel} values`;
    throw new ShapeError(
      `Cannot take ${values.length} values as ${height}x${width} pixels${per}: need ${wanted}`,
    );
  }
}
