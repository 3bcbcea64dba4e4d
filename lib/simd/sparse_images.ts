/**
 * Images as sparse lists of their nonzero pixels: four fifths of MNIST's pixels are 0.
 *
 * The pixels are copied to WebAssembly memory some images at a time: the data set need not fit
 * there, and a piece stays in the processor's cache.
 *
 * @module
 */

import type { Dataset } from "../data/dataset.ts";
import type { SimdMemory } from "./memory.ts";

/** Pixels in a piece, at most: those of the largest image. */
const PIECE_PIXELS = 65536;

/** Arrays of {@linkcode countNonzero} and {@linkcode toSparse}, which read 16 pixels at once. */
export const PIECE_ARRAYS = { pixels: PIECE_PIXELS + 16, positions: 256 * 8 };

/** Entries that {@linkcode toSparse} may write after the last one. */
export const SPARE_ENTRIES = 8;

/** The number of pixels that are not 0. */
export function countNonzero<D extends number>(data: Dataset<D>, memory: SimdMemory): number {
  let count = 0;
  for (const { images } of pieces(data, memory)) count += memory.code.countNonzero(images);
  return count;
}

/**
 * Lists the nonzero pixels of all images, image after image (compressed sparse rows), in the arrays
 * of the data set in assembly/memory.ts.
 */
export function toSparse<D extends number>(data: Dataset<D>, memory: SimdMemory): void {
  memory.code.preparePositions();
  for (const { first, images } of pieces(data, memory)) memory.code.listNonzero(first, images);
}

/** Copies some images at a time to `pixels`. */
function* pieces<D extends number>(
  { count, inputs, pixels }: Dataset<D>,
  memory: SimdMemory,
): Generator<{ first: number; images: number }, void, void> {
  const most = Math.floor(PIECE_PIXELS / inputs);
  const piece = memory.view(Uint8Array, "pixels", PIECE_PIXELS);
  for (let first = 0; first < count; first += most) {
    const images = Math.min(most, count - first);
    piece.set(pixels.subarray(first * inputs, (first + images) * inputs));
    yield { first, images };
  }
}
