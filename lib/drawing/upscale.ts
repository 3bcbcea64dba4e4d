/**
 * Enlarges images, for the eye.
 *
 * @module
 */

import { checkPixels, type GreyImage } from "../data/image.ts";
import { type Axis, resample } from "./resample.ts";

/**
 * An image `factor` times as wide and high: bilinear interpolation between the centres of its pixels, with no ink beyond its edge.
 *
 * @param factor an integer greater than 0
 * @throws {ShapeError} if the image has not as many pixels as its size says
 * @throws {RangeError} if the factor is no integer greater than 0
 *
 * @example
 * ```ts
 * import { upscale } from "@sanso/sanso";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const dot = { width: 3, height: 1, pixels: Uint8Array.of(0, 200, 0) };
 * const { pixels } = upscale(dot, 2);
 * deepStrictEqual([...pixels.subarray(0, 6)], [0, 38, 113, 113, 38, 0]); // 3/4 of 1/4, and of 3/4
 * ```
 *
 * @category 9 Drawings
 */
export function upscale(image: GreyImage, factor: number): GreyImage {
  checkPixels(image, image.pixels);
  if (!Number.isInteger(factor) || factor < 1) {
    throw new RangeError(`Cannot enlarge ${factor} times: need an integer greater than 0`);
  }
  const axis = (length: number): Axis => ({ count: factor * length, step: 1 / factor, start: 0 });
  const { width, height, pixels } = image;
  const large = resample({ width, height, values: pixels }, axis(width), axis(height));
  return {
    width: large.width,
    height: large.height,
    pixels: Uint8Array.from(large.values, (value) => Math.round(value)),
  };
}
