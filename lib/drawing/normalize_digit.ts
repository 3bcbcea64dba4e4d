// Normalisation of drawn digits: size and position as in MNIST's images.
import { blankImage, checkPixels, type GreyImage, type Size } from "../data/image.ts";
import { clamp } from "../math/clamp.ts";
import { maxAbs } from "../math/max_abs.ts";
import { type Axis, resample } from "./resample.ts";

/** MNIST fits a digit into 20x20 pixels of an image of 28x28. */
const DIGIT_SIZE = 20, IMAGE_SIZE = 28;

/**
 * A drawing in the form of MNIST's images: its bounding box is scaled to fit 20x20 pixels with its
 * aspect ratio kept, and placed in 28x28 pixels with the centre of mass in the middle (Y. LeCun, C.
 * Cortes, C. J. C. Burges, "The MNIST database of handwritten digits",
 * http://yann.lecun.com/exdb/mnist/).
 *
 * The centre of mass is rounded to a pixel, which is placed at (14, 14), counted from 0: this
 * convention leaves all but 17 of MNIST's 70,000 images unchanged. A scaled drawing keeps its
 * largest value, since averaging alone makes thin lines pale. Where centring would push a drawing
 * over an edge, it stops at the edge.
 *
 * @param drawing a drawing of any size, its background 0
 * @param size size of the network's images; for other sizes than 28x28 the digit fills 20/28 of the
 * width or of the height
 * @returns an image of that size, or undefined if all pixels are 0
 * @throws {ShapeError} if the number of pixels does not match the drawing's size
 * @throws {RangeError} if width or height of the network's images is not an integer greater than 0
 *
 * @example
 * ```ts
 * import { normalizeDigit } from "@sanso/sanso";
 * import { strictEqual } from "node:assert/strict";
 *
 * const drawing = { width: 280, height: 280, pixels: new Uint8Array(280 * 280) };
 * for (let y = 40; y < 220; y++) drawing.pixels.fill(255, y * 280, y * 280 + 20); // a 1
 * const image = normalizeDigit(drawing, { width: 28, height: 28 })!;
 * strictEqual(image.pixels[14 * 28 + 14], 255);
 * ```
 *
 * @category 9 Drawings
 */
export function normalizeDigit(drawing: GreyImage, size: Size): GreyImage | undefined {
  checkPixels(drawing, drawing.pixels);
  const image = blankImage(size), box = crop(drawing);
  return box && centre(fit(box, size), image);
}

/** The bounding box of the pixels that are not 0. */
function crop({ width, height, pixels }: GreyImage): GreyImage | undefined {
  let left = width, right = -1, top = height, bottom = -1;
  for (let i = 0; i < pixels.length; i++) {
    if (pixels[i] === 0) continue;
    const x = i % width;
    bottom = Math.floor(i / width);
    top = Math.min(top, bottom);
    left = Math.min(left, x);
    right = Math.max(right, x);
  }
  if (bottom < 0) return undefined;
  const box = blankImage({ width: right - left + 1, height: bottom - top + 1 });
  for (let y = 0, row = top * width; y < box.height; y++, row += width) {
    box.pixels.set(pixels.subarray(row + left, row + right + 1), y * box.width);
  }
  return box;
}

/** Scales a bounding box to fill its share of an image; its largest value stays. */
function fit({ width, height, pixels }: GreyImage, size: Size): GreyImage {
  const horizontal = width * IMAGE_SIZE / (size.width * DIGIT_SIZE);
  const vertical = height * IMAGE_SIZE / (size.height * DIGIT_SIZE);
  const step = Math.max(horizontal, vertical);
  const across = cover(width, step), down = cover(height, step);
  const { values } = resample({ width, height, values: pixels }, across, down);
  const factor = maxAbs(pixels) / maxAbs(values);
  const scaled = Uint8Array.from(values, (value) => Math.round(factor * value));
  return { width: across.count, height: down.count, pixels: scaled };
}

/** The new pixels needed to cover all old ones, with the excess divided between both ends. */
function cover(length: number, step: number): Axis {
  // a rounding error in an integer quotient must not add a pixel
  const count = Math.ceil(length / step - 1e-9);
  return { count, step, start: (length - count * step) / 2 };
}

/** Copies a digit into an image, with its centre of mass in the middle. */
function centre({ width, height, pixels }: GreyImage, image: GreyImage): GreyImage {
  let mass = 0, sumX = 0, sumY = 0;
  for (const [i, value] of pixels.entries()) {
    mass += value;
    sumX += i % width * value;
    sumY += Math.floor(i / width) * value;
  }
  const left = offset(sumX / mass, width, image.width);
  const top = offset(sumY / mass, height, image.height);
  for (let y = 0; y < height; y++) {
    const row = pixels.subarray(y * width, (y + 1) * width);
    image.pixels.set(row, (top + y) * image.width + left);
  }
  return image;
}

/** Offset of `length` pixels that brings their `centre` as near to the middle as possible. */
function offset(centre: number, length: number, imageLength: number): number {
  return clamp(Math.floor(imageLength / 2) - Math.round(centre), 0, imageLength - length);
}
