/**
 * Brings a drawing into the form of MNIST's images, so that a network trained on those can read it.
 *
 * @module
 */

import { blankImage, checkPixels, type GreyImage, type Size } from "../data/image.ts";
import { type Axis, type FloatImage, resample } from "./resample.ts";

/** The share of the frame that a digit fills with its longer side: MNIST fits digits into 20x20 of 28x28. */
const FILLED = 20, OF = 28;

/**
 * A drawing as MNIST would hold it: the ink's bounding box scaled to fit 20x20, proportions kept, and placed in 28x28 so that the
 * centre of mass lies in the middle (Y. LeCun, C. Cortes, C. J. C. Burges, "The MNIST database of handwritten digits",
 * http://yann.lecun.com/exdb/mnist/).
 *
 * The centre of mass is rounded to a pixel, which comes to (14, 14), counted from 0: of the obvious conventions this is the one that
 * leaves MNIST's own images as they are, all but 17 of 70,000. What has the right size is only shifted, by whole pixels. What is
 * scaled keeps its strongest ink: averaging alone would make thin lines of a large drawing pale, and MNIST's are not.
 *
 * Ink is never cut off: where centring would push it over the edge (an L of a long foot and a heavy stem), it stops there.
 *
 * @param ink a drawing of any size
 * @param size of the network's images; in other sizes than 28x28 the digit fills 20/28 of the width or of the height
 * @returns an image of that size, or nothing if there is no ink
 * @throws {ShapeError} if the drawing has not as many pixels as its size says
 * @throws {RangeError} if the size of the network's images is not of integers greater than 0
 *
 * @example
 * ```ts
 * import { blankImage, drawStroke, normalizeDigit } from "@sanso/sanso";
 * import { strictEqual } from "node:assert/strict";
 *
 * const drawing = blankImage({ width: 280, height: 280 });
 * drawStroke(drawing, [{ x: 30, y: 40 }, { x: 30, y: 220 }], 20); // a 1, at the left edge
 * const image = normalizeDigit(drawing, { width: 28, height: 28 })!;
 * strictEqual(image.pixels[14 * 28 + 14], 255);
 * strictEqual(normalizeDigit(blankImage(drawing), image), undefined);
 * ```
 *
 * @category 9 Drawings
 */
export function normalizeDigit(ink: GreyImage, size: Size): GreyImage | undefined {
  checkPixels(ink, ink.pixels);
  const frame = blankImage(size), box = crop(ink);
  return box && centre(fit(box, size), frame);
}

/** The smallest part of an image that holds all its ink. */
function crop({ width, height, pixels }: GreyImage): GreyImage | undefined {
  let left = width, right = -1, top = height, bottom = -1;
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      if (pixels[at] === 0) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = y;
    }
  }
  if (bottom < 0) return undefined;
  const box = blankImage({ width: right - left + 1, height: bottom - top + 1 });
  for (let y = 0; y < box.height; y++) {
    const row = (top + y) * width;
    box.pixels.set(pixels.subarray(row + left, row + right + 1), y * box.width);
  }
  return box;
}

/** Scales what fills its own frame so that it fills its share of the other. */
function fit({ width, height, pixels }: GreyImage, size: Size): GreyImage {
  const step = Math.max(width * OF / (size.width * FILLED), height * OF / (size.height * FILLED));
  const scaled = resample({ width, height, values: pixels }, over(width, step), over(height, step));
  return strengthen(scaled, greatest(pixels));
}

/** As many new pixels as cover all old ones, with what is left over shared by both ends. */
function over(length: number, step: number): Axis {
  // in a quotient that ought to be an integer the last bits may be wrong: they must not cost a pixel
  const count = Math.ceil(length / step - 1e-9);
  return { count, step, start: (length - count * step) / 2 };
}

/** In proportion, so that the strongest value is `strongest`. */
function strengthen({ width, height, values }: FloatImage, strongest: number): GreyImage {
  const factor = strongest / greatest(values);
  return { width, height, pixels: Uint8Array.from(values, (value) => Math.round(factor * value)) };
}

function greatest(values: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) most = Math.max(most, values[i]!);
  return most;
}

/** Places an image in a frame, with its centre of mass in the middle. */
function centre({ width, height, pixels }: GreyImage, frame: GreyImage): GreyImage {
  let mass = 0, right = 0, down = 0;
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      mass += pixels[at]!;
      right += x * pixels[at]!;
      down += y * pixels[at]!;
    }
  }
  const left = place(right / mass, width, frame.width);
  const top = place(down / mass, height, frame.height);
  for (let y = 0; y < height; y++) {
    const row = pixels.subarray(y * width, (y + 1) * width);
    frame.pixels.set(row, (top + y) * frame.width + left);
  }
  return frame;
}

/** Where `length` pixels must begin so that what is at `middle` of them comes to the frame's middle, or as near as there is room. */
function place(middle: number, length: number, frame: number): number {
  const wanted = Math.floor(frame / 2) - Math.round(middle);
  return Math.min(Math.max(wanted, 0), frame - length);
}
