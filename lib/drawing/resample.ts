// Resampling of images: enlarged for display, and as block characters for terminals.
import type { GreyImage, Size } from "../data/image.ts";

/** An image of real values, row by row. */
export interface FloatImage extends Size {
  readonly values: ArrayLike<number>;
}

/** The new pixels along one axis: their number, and, in old pixels, their width and their start. */
export interface Axis {
  readonly count: number;
  readonly step: number;
  readonly start: number;
}

/** Shrinking averages by area, growing interpolates; all outside the image is 0. */
export function resample(image: FloatImage, horizontal: Axis, vertical: Axis): FloatImage {
  return resampleRows(resampleRows(image, horizontal), vertical);
}

/** The transpose of an image with its rows resampled. */
function resampleRows({ width, height, values }: FloatImage, axis: Axis): FloatImage {
  const { count, step, start } = axis, result = new Float64Array(count * height);
  const wide = Math.max(step, 1);
  for (let to = 0; to < count; to++) {
    const middle = start + (to + 0.5) * step;
    const begin = middle - wide / 2, end = middle + wide / 2;
    const last = Math.min(width, Math.ceil(end));
    for (let from = Math.max(0, Math.floor(begin)); from < last; from++) {
      const weight = (Math.min(from + 1, end) - Math.max(from, begin)) / wide;
      for (let y = 0; y < height; y++) {
        result[to * height + y]! += weight * values[y * width + from]!;
      }
    }
  }
  return { width: height, height: count, values: result };
}

/** An image `factor` times as wide and high, interpolated between the centres of pixels. */
export function upscale(image: GreyImage, factor: number): GreyImage {
  const { width, height, pixels } = image;
  const axis = (length: number): Axis => ({ count: factor * length, step: 1 / factor, start: 0 });
  const { values } = resample({ width, height, values: pixels }, axis(width), axis(height));
  const rounded = Uint8Array.from(values, Math.round);
  return { width: factor * width, height: factor * height, pixels: rounded };
}

/** Characters from intensity 0 to 255, and their height relative to their width. */
const SHADES = " ░▒▓█", ASPECT_RATIO = 2;

/** An image as lines of characters, each the mean of two pixels or, in a wide one, of more. */
export function blockCharacters(image: GreyImage, maxColumns: number): string[] {
  const { width, height, pixels: values } = image;
  const columns = Math.min(width, maxColumns), step = width / columns;
  const lines = Math.max(1, Math.round(height / (ASPECT_RATIO * step)));
  const resampled = resample(
    { width, height, values },
    { count: columns, step, start: 0 },
    { count: lines, step: height / lines, start: 0 },
  );
  const characters = Array.from(resampled.values, shade).join("");
  const starts = Array.from({ length: lines }, (_, line) => line * columns);
  return starts.map((start) => characters.slice(start, start + columns));
}

/** The character of an intensity from 0, a space, to 255, a full block. */
export function shade(intensity: number): string {
  return SHADES[Math.round(intensity / 255 * (SHADES.length - 1))]!;
}
