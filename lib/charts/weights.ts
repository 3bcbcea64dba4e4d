// Images of the hidden units' weights.
import type { Size } from "../data/image.ts";
import type { AnyMatrix } from "../math/matrix.ts";
import type { IndexedImage } from "./encode_png.ts";

/** Negative weights are blue, positive ones orange; opacity grows with the absolute value. */
const NEGATIVE = [31, 119, 200] as const, POSITIVE = [226, 88, 16] as const;

/** Levels of opacity of each colour, besides 0. */
const LEVELS = 40;

const PALETTE = Array.from({ length: 2 * LEVELS + 1 }, (_, i) => {
  const level = i - LEVELS, opacity = Math.round(255 * Math.abs(level) / LEVELS);
  return [...(level < 0 ? NEGATIVE : POSITIVE), opacity] as const;
});

/** Quantile that gets full opacity: a few large weights would leave all others pale. */
const QUANTILE = 0.995;

/** The absolute value that gets full opacity: the 99.5 % quantile of the first `units` rows. */
export function weightScale({ data, columns }: AnyMatrix, units: number): number {
  const magnitudes = data.slice(0, units * columns).map(Math.abs).sort();
  return magnitudes[Math.floor(QUANTILE * magnitudes.length)]!;
}

/** An image of the weights of one hidden unit, a row of W1; `scale` gets full opacity. */
export function drawUnit(
  { data, columns }: AnyMatrix,
  unit: number,
  size: Size,
  scale: number,
): IndexedImage {
  return drawSigned(data.subarray(unit * columns, (unit + 1) * columns), size, scale);
}

/** An image of any numbers, row by row, in the colours of weights. */
export function drawSigned(
  values: Float64Array,
  { width, height }: Size,
  scale: number,
): IndexedImage {
  const colour = (x: number) =>
    LEVELS + Math.round(LEVELS * Math.sign(x) * Math.min(Math.abs(x) / (scale || 1), 1));
  return { width, height, pixels: Uint8Array.from(values, colour), palette: PALETTE };
}

/** All colours in a row, from the most negative to the most positive. */
export function drawScale(): IndexedImage {
  const pixels = Uint8Array.from(PALETTE.keys());
  return { width: pixels.length, height: 1, pixels, palette: PALETTE };
}
