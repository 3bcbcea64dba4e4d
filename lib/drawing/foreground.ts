/**
 * Finds the ink of a picture, whatever its colours are.
 *
 * @module
 */

import { blankImage, checkPixels, type GreyImage, type Size } from "../data/image.ts";
import type { RgbaImage } from "../formats/rgba_image.ts";

/**
 * Normal noise of grey has its median at 0.67 σ, so that only one pixel of ten million lies eight times as far off, at 5.4 σ.
 * Colours, which vary in three ways, are safer still.
 */
const ABOVE_NOISE = 8;
/**
 * Shares of the strongest ink. The lesser: the median is 0 where noise ends at white, or is but a speck here and there. The
 * greater: noise alone would let a shadow over the paper hide all ink.
 */
const AT_LEAST = 1 / 8, AT_MOST = 1 / 2;

/** What transparent pictures may lie on. */
const WHITE = 255, BLACK = 0;

/**
 * The ink of a picture, dark on light, light on dark or in colours.
 *
 * The background is the median colour of the picture's outermost pixels, and ink is what differs from it: the distance between
 * the colours (red, green and blue as coordinates), scaled so that the strongest is 255. If the outermost pixels are all of one
 * colour, the faintest difference is ink. If not, by specks, noise or shadow as in a scan or a photograph, ink must lie eight
 * times as far from the background as the median of them, but no less than an eighth and no more than half as far as the strongest
 * ink. A transparent picture is put on white or on black, whichever shows more.
 *
 * @returns an image of the same size, or nothing if the picture has no ink (it is of one colour)
 * @throws {ShapeError} if the picture has not four values for each of its pixels
 *
 * @example
 * ```ts
 * import { extractForeground } from "@sanso/sanso";
 * import { deepStrictEqual, strictEqual } from "node:assert/strict";
 *
 * const paper = [255, 255, 240, 255], pencil = [55, 55, 40, 255], blur = [155, 155, 140, 255];
 * const data = Uint8Array.from([paper, blur, pencil, paper, paper].flat());
 * deepStrictEqual([...extractForeground({ width: 5, height: 1, data })!.pixels], [0, 128, 255, 0, 0]);
 * strictEqual(extractForeground({ width: 1, height: 1, data: Uint8Array.from(paper) }), undefined);
 * ```
 *
 * @category 9 Drawings
 */
export function extractForeground(picture: RgbaImage): GreyImage | undefined {
  checkPixels(picture, picture.data, 4);
  const onWhite = measure(picture, WHITE);
  const onBlack = isOpaque(picture) ? onWhite : measure(picture, BLACK);
  const { distances, strongest } = onBlack.strongest > onWhite.strongest ? onBlack : onWhite;
  if (strongest === 0) return undefined;
  const ink = blankImage(picture);
  for (let i = 0; i < distances.length; i++) {
    ink.pixels[i] = Math.round(255 * distances[i]! / strongest);
  }
  return ink;
}

/** How far each pixel is from the background; 0 for what counts as background. */
interface Measured {
  readonly distances: Float64Array;
  readonly strongest: number;
}

function measure(picture: RgbaImage, under: number): Measured {
  const colours = flatten(picture, under), frame = outermost(picture);
  const background = [0, 1, 2].map((channel) =>
    median(Uint8Array.from(frame, (i) => colours[3 * i + channel]!))
  );
  const distances = new Float64Array(colours.length / 3);
  for (let i = 0; i < distances.length; i++) {
    distances[i] = Math.hypot(
      colours[3 * i]! - background[0]!,
      colours[3 * i + 1]! - background[1]!,
      colours[3 * i + 2]! - background[2]!,
    );
  }
  const strongest = distances.reduce((most, distance) => Math.max(most, distance), 0);
  const around = Float64Array.from(frame, (i) => distances[i]!);
  const isClean = around.every((distance) => distance === 0);
  const least = isClean
    ? 0
    : clamp(ABOVE_NOISE * median(around), AT_LEAST * strongest, AT_MOST * strongest);
  for (let i = 0; i < distances.length; i++) if (distances[i]! < least) distances[i] = 0;
  return { distances, strongest };
}

function isOpaque({ data }: RgbaImage): boolean {
  for (let i = 3; i < data.length; i += 4) if (data[i] !== 255) return false;
  return true;
}

/** Red, green and blue of every pixel, with a grey under what is transparent. */
function flatten({ data }: RgbaImage, under: number): Uint8Array {
  const colours = new Uint8Array(data.length / 4 * 3);
  for (let from = 0, to = 0; from < data.length; from += 4) {
    const opacity = data[from + 3]! / 255;
    for (let channel = 0; channel < 3; channel++, to++) {
      colours[to] = Math.round(opacity * data[from + channel]! + (1 - opacity) * under);
    }
  }
  return colours;
}

/** Which pixels lie at the picture's edge. */
function outermost({ width, height }: Size): Uint32Array {
  const inside = Math.max(width - 2, 0) * Math.max(height - 2, 0);
  const frame = new Uint32Array(width * height - inside);
  for (let y = 0, at = 0; y < height; y++) {
    const isEnd = y === 0 || y === height - 1;
    for (let x = 0; x < width; x += isEnd || x > 0 || width === 1 ? 1 : width - 1) {
      frame[at++] = y * width + x;
    }
  }
  return frame;
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}

/** The middle one of some values, which it sorts; the lower of two, so that it is one of them. */
function median(values: Uint8Array | Float64Array): number {
  return values.sort()[(values.length - 1) >> 1]!;
}
