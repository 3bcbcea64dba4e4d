/**
 * Enlarging of images for display.
 *
 * @module
 */

import { checkPixels, type GreyImage } from "../data/image.ts";
import { type Axis, resample } from "./resample.ts";

/**
 * An image `factor` times as wide and high, interpolated bilinearly between the centres of pixels;
 * outside the image all values are 0.
 *
 * @param image the image to enlarge
 * @param factor an integer greater than 0
 * @throws {ShapeError} if the number of pixels does not match the image's size
 * @throws {RangeError} if the factor is not an integer greater than 0
 */
export function upscale(image: GreyImage, factor: number): GreyImage {
  checkPixels(image, image.pixels);
  if (!Number.isInteger(factor) || factor < 1) {
    throw new RangeError(`Cannot enlarge an image ${factor} times: need an integer greater than 0`);
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
