// The foreground of an image, in any colours.
import { blankImage, checkPixels, type GreyImage, type Size } from "../data/image.ts";
import { clamp } from "../math/clamp.ts";
import { maxAbs } from "../math/max_abs.ts";

/** Threshold by the median noise, 0.67 σ: one grey pixel in ten million is beyond it. */
const NOISE_FACTOR = 8;
/** Bounds of the threshold by the largest distance: for pure white, and for shadows. */
const MIN_THRESHOLD = 1 / 8, MAX_THRESHOLD = 1 / 2;

/**
 * An image in colours, such as the `ImageData` of a canvas.
 *
 * @category 9 Drawings
 */
export interface RgbaImage {
  /** Pixels of a row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** Red, green, blue and opacity of every pixel, row by row, from 0 to 255. */
  readonly data: Uint8Array | Uint8ClampedArray;
}

/**
 * The foreground of an image: dark on light, light on dark, or in colours.
 *
 * The background is the median colour of the border pixels. A pixel's value is the distance of its
 * colour from the background (red, green and blue as coordinates), scaled so that the largest is
 * 255. If the border has a single colour, every other colour is foreground. Otherwise (noise,
 * specks or shadow, as in a scan or a photograph) distances below a threshold become 0. The
 * threshold is eight times the median distance of the border pixels, but at least an eighth and at
 * most half of the largest distance. A transparent image is put on white or on black, whichever
 * gives the larger distance.
 *
 * @param image the image
 * @returns an image of the same size, or undefined if all pixels have the same colour
 * @throws {ShapeError} if the image does not have four values per pixel
 *
 * @example
 * ```ts
 * import { extractForeground } from "@sanso/sanso";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const paper = [255, 255, 240, 255], pencil = [55, 55, 40, 255], blur = [155, 155, 140, 255];
 * const data = Uint8Array.from([paper, blur, pencil, paper, paper].flat());
 * const { pixels } = extractForeground({ width: 5, height: 1, data })!;
 * deepStrictEqual([...pixels], [0, 128, 255, 0, 0]);
 * ```
 *
 * @category 9 Drawings
 */
export function extractForeground(image: RgbaImage): GreyImage | undefined {
  checkPixels(image, image.data, 4);
  const onWhite = measureDistances(image, 255);
  const onBlack = isOpaque(image) ? onWhite : measureDistances(image, 0);
  const { distances, largest } = onBlack.largest > onWhite.largest ? onBlack : onWhite;
  if (largest === 0) return undefined;
  const foreground = blankImage(image);
  for (let i = 0; i < distances.length; i++) {
    foreground.pixels[i] = Math.round(255 * distances[i]! / largest);
  }
  return foreground;
}

/** Distances of the pixels from the background, 0 below the threshold, and the largest of them. */
function measureDistances(image: RgbaImage, backdrop: number) {
  const colours = flatten(image, backdrop), border = borderIndices(image);
  const [red, green, blue] = [0, 1, 2].map((channel) =>
    median(Uint8Array.from(border, (i) => colours[3 * i + channel]!))
  ) as [number, number, number];
  const distances = new Float64Array(colours.length / 3);
  for (let i = 0, at = 0; i < distances.length; i++, at += 3) {
    const r = colours[at]! - red, g = colours[at + 1]! - green, b = colours[at + 2]! - blue;
    distances[i] = Math.hypot(r, g, b);
  }
  const largest = maxAbs(distances), noise = Float64Array.from(border, (i) => distances[i]!);
  const threshold = maxAbs(noise) === 0
    ? 0
    : clamp(NOISE_FACTOR * median(noise), MIN_THRESHOLD * largest, MAX_THRESHOLD * largest);
  for (let i = 0; i < distances.length; i++) if (distances[i]! < threshold) distances[i] = 0;
  return { distances, largest };
}

function isOpaque({ data }: RgbaImage): boolean {
  for (let i = 3; i < data.length; i += 4) if (data[i] !== 255) return false;
  return true;
}

/** Red, green and blue of every pixel, on a grey backdrop. */
function flatten({ data }: RgbaImage, backdrop: number): Uint8Array {
  const colours = new Uint8Array(data.length / 4 * 3);
  for (let from = 0, to = 0; from < data.length; from += 4) {
    const opacity = data[from + 3]! / 255;
    for (let channel = 0; channel < 3; channel++, to++) {
      colours[to] = Math.round(opacity * data[from + channel]! + (1 - opacity) * backdrop);
    }
  }
  return colours;
}

/** Indices of the pixels at the image's edges, each once. */
function borderIndices({ width, height }: Size): Uint32Array {
  const border = new Set<number>(), last = width * (height - 1);
  for (let x = 0; x < width; x++) border.add(x).add(last + x);
  for (let y = 1; y < height; y++) border.add(y * width).add(y * width + width - 1);
  return Uint32Array.from(border);
}

/** The median of the values, which it sorts; of an even number the lower of the middle two. */
function median(values: Uint8Array | Float64Array): number {
  return values.sort()[(values.length - 1) >> 1]!;
}
