/**
 * Images as lists of their lit pixels, those that are not 0: in MNIST four of five are dark.
 *
 * @module
 */

import type { Dataset } from "../data/dataset.ts";

/** How many bytes are not 0. */
export function countNonzero(pixels: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < pixels.length; i++) count += isLit(pixels[i]!);
  return count;
}

/**
 * Lists the lit pixels of every image, image after image.
 *
 * @param starts where each image's pixels begin in the other two, and at last where all end; one more than images
 * @param lit which of the image's pixels, ascending; one more than lit pixels, as is `bytes`
 * @param bytes how bright, 1 to 255
 */
export function toSparse<D extends number>(
  { count, inputs, pixels }: Dataset<D>,
  starts: Uint32Array,
  lit: Uint16Array,
  bytes: Uint8Array,
): void {
  let end = 0;
  for (let image = 0, p = 0; image < count; image++) {
    starts[image] = end;
    for (let i = 0; i < inputs; i++, p++) {
      // every pixel is written, and a dark one written over by the next: that costs less than a branch which nobody can predict
      lit[end] = i;
      bytes[end] = pixels[p]!;
      end += isLit(pixels[p]!);
    }
  }
  starts[count] = end;
}

/** 1 for a byte that is not 0. */
function isLit(byte: number): number {
  return (byte + 255) >> 8;
}
