/**
 * Images as sparse lists of their nonzero pixels: four fifths of MNIST's pixels are 0.
 *
 * @module
 */

import type { Dataset } from "../data/dataset.ts";

/** The number of bytes that are not 0. */
export function countNonzero(pixels: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < pixels.length; i++) count += isNonzero(pixels[i]!);
  return count;
}

/**
 * Lists the nonzero pixels of all images, image after image (compressed sparse rows).
 *
 * `starts` needs one element more than there are images, `indices` and `bytes` one more than there
 * are nonzero pixels.
 *
 * @param starts receives the position of each image's first entry in the other two, then their end
 * @param indices receives each pixel's index in its image, ascending
 * @param bytes receives each pixel's value, 1 to 255
 */
export function toSparse<D extends number>(
  { count, inputs, pixels }: Dataset<D>,
  starts: Uint32Array,
  indices: Uint16Array,
  bytes: Uint8Array,
): void {
  let end = 0;
  for (let image = 0, p = 0; image < count; image++) {
    starts[image] = end;
    for (let i = 0; i < inputs; i++, p++) {
      // writes every pixel, and the next one over a zero: cheaper than an unpredictable branch
      indices[end] = i;
      bytes[end] = pixels[p]!;
      end += isNonzero(pixels[p]!);
    }
  }
  starts[count] = end;
}

/** 1 for a byte that is not 0, else 0. */
function isNonzero(byte: number): number {
  return (byte + 255) >> 8;
}
