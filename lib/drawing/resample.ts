/**
 * Resampling of images.
 *
 * @module
 */

import type { Size } from "../data/image.ts";

/** An image of real values, row by row. */
export interface FloatImage extends Size {
  readonly values: ArrayLike<number>;
}

/** Positions of the new pixels along one axis, relative to the old ones. */
export interface Axis {
  /** The number of new pixels. */
  readonly count: number;
  /** Width of a new pixel, in old pixels. */
  readonly step: number;
  /** Position at which the first new pixel begins, in old pixels. */
  readonly start: number;
}

/**
 * Resamples an image along both axes.
 *
 * A new pixel is the mean over the area of the old image that it covers, taken at least as wide and
 * high as an old pixel. Shrinking thus averages by area, and growing interpolates bilinearly. All
 * values outside the old image are 0.
 */
export function resample(image: FloatImage, horizontal: Axis, vertical: Axis): FloatImage {
  return alongColumns(alongRows(image, horizontal), vertical);
}

function alongRows({ width, height, values }: FloatImage, axis: Axis): FloatImage {
  const result = new Float64Array(axis.count * height);
  forEachWeight(axis, width, (from, to, weight) => {
    for (let y = 0; y < height; y++) {
      result[y * axis.count + to]! += weight * values[y * width + from]!;
    }
  });
  return { width: axis.count, height, values: result };
}

function alongColumns({ width, height, values }: FloatImage, axis: Axis): FloatImage {
  const result = new Float64Array(width * axis.count);
  forEachWeight(axis, height, (from, to, weight) => {
    for (let x = 0; x < width; x++) {
      result[to * width + x]! += weight * values[from * width + x]!;
    }
  });
  return { width, height: axis.count, values: result };
}

/** Calls `add` with each old pixel that contributes to a new one, and its weight. */
function forEachWeight(
  { count, step, start }: Axis,
  length: number,
  add: (from: number, to: number, weight: number) => void,
): void {
  const width = Math.max(step, 1);
  for (let to = 0; to < count; to++) {
    const middle = start + (to + 0.5) * step;
    const begin = middle - width / 2, end = middle + width / 2;
    const last = Math.min(length, Math.ceil(end));
    for (let from = Math.max(0, Math.floor(begin)); from < last; from++) {
      const overlap = Math.min(from + 1, end) - Math.max(from, begin);
      add(from, to, overlap / width);
    }
  }
}
