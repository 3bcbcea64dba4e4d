/**
 * Makes images larger or smaller.
 *
 * @module
 */

import type { Size } from "../data/image.ts";

/** An image whose values are not rounded, row by row. */
export interface FloatImage extends Size {
  readonly values: ArrayLike<number>;
}

/** How the new pixels of one side lie over the old ones. */
export interface Axis {
  /** How many new pixels there are. */
  readonly count: number;
  /** Old pixels that a new one is wide. */
  readonly step: number;
  /** Where the first new pixel begins, in old pixels. */
  readonly start: number;
}

/**
 * Resamples both sides of an image.
 *
 * A new pixel is the mean over the piece of the old image that it covers, as wide and high as one old pixel at least. Where the image
 * shrinks this is averaging by area, where it grows bilinear interpolation, and where it stays the image itself. Outside the
 * old image all is 0.
 */
export function resample(image: FloatImage, horizontal: Axis, vertical: Axis): FloatImage {
  return alongColumns(alongRows(image, horizontal), vertical);
}

function alongRows({ width, height, values }: FloatImage, axis: Axis): FloatImage {
  const result = new Float64Array(axis.count * height);
  weigh(axis, width, (from, to, weight) => {
    for (let y = 0; y < height; y++) {
      result[y * axis.count + to]! += weight * values[y * width + from]!;
    }
  });
  return { width: axis.count, height, values: result };
}

function alongColumns({ width, height, values }: FloatImage, axis: Axis): FloatImage {
  const result = new Float64Array(width * axis.count);
  weigh(axis, height, (from, to, weight) => {
    for (let x = 0; x < width; x++) {
      result[to * width + x]! += weight * values[from * width + x]!;
    }
  });
  return { width, height: axis.count, values: result };
}

/** Calls `add` for each old pixel that counts for a new one. */
function weigh(
  { count, step, start }: Axis,
  length: number,
  add: (from: number, to: number, weight: number) => void,
): void {
  const reach = Math.max(step, 1);
  for (let to = 0; to < count; to++) {
    const middle = start + (to + 0.5) * step;
    const begin = middle - reach / 2, end = middle + reach / 2;
    const last = Math.min(length, Math.ceil(end));
    for (let from = Math.max(0, Math.floor(begin)); from < last; from++) {
      const overlap = Math.min(from + 1, end) - Math.max(from, begin);
      add(from, to, overlap / reach);
    }
  }
}
