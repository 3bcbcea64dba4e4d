/**
 * A round pen: draws strokes with smooth edges.
 *
 * @module
 */

import { checkPixels, type GreyImage } from "../data/image.ts";

/**
 * A point of an image, in pixels: (0, 0) is the upper left corner, and the first pixel's centre is (0.5, 0.5).
 *
 * @category 9 Drawings
 */
export interface Point {
  /** To the right. */
  readonly x: number;
  /** Downwards. */
  readonly y: number;
}

/** To here distances are right to a millionth of a pixel; ever farther out they lose their digits, and overflow at last. */
const FARTHEST = 1e9;

/**
 * Draws a stroke from point to point. One point makes a dot, none nothing.
 *
 * ink = 255 · clamp(penWidth/2 + 1/2 - distance, 0, 1), the distance from a pixel's centre to the nearest point of the stroke
 *
 * The pen adds ink and takes none away: where there is more already it stays, so that crossing strokes leave no seam.
 *
 * @param image is changed
 * @param points may lie outside the image; only what falls inside is drawn
 * @param penWidth in pixels
 * @throws {ShapeError} if the image has not as many pixels as its size says
 * @throws {RangeError} if a coordinate is not from -1e9 to 1e9, or the width is not a number greater than 0
 *
 * @example
 * ```ts
 * import { blankImage, drawStroke } from "@sanso/sanso";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const image = blankImage({ width: 5, height: 3 });
 * drawStroke(image, [{ x: 1.5, y: 1.5 }, { x: 3.5, y: 1.5 }], 1);
 * deepStrictEqual([...image.pixels.subarray(5, 10)], [0, 255, 255, 255, 0]);
 * ```
 *
 * @category 9 Drawings
 */
export function drawStroke(image: GreyImage, points: readonly Point[], penWidth: number): void {
  checkPixels(image, image.pixels);
  if (!(penWidth > 0 && penWidth < Infinity)) {
    throw new RangeError(`Cannot draw with a pen ${penWidth} wide: need a number greater than 0`);
  }
  for (const { x, y } of points) {
    if (!(Math.abs(x) <= FARTHEST && Math.abs(y) <= FARTHEST)) {
      throw new RangeError(`Cannot draw to (${x}, ${y}): need coordinates from -1e9 to 1e9`);
    }
  }
  if (points.length === 1) drawSegment(image, points[0]!, points[0]!, penWidth);
  for (let i = 1; i < points.length; i++) {
    drawSegment(image, points[i - 1]!, points[i]!, penWidth);
  }
}

/** Draws a straight piece of a stroke; visits only the pixels that it may reach. */
function drawSegment({ width, height, pixels }: GreyImage, a: Point, b: Point, pen: number): void {
  const reach = pen / 2 + 0.5;
  const dx = b.x - a.x, dy = b.y - a.y, squared = dx * dx + dy * dy;
  const left = Math.max(0, Math.floor(Math.min(a.x, b.x) - reach));
  const right = Math.min(width, Math.ceil(Math.max(a.x, b.x) + reach));
  const top = Math.max(0, Math.floor(Math.min(a.y, b.y) - reach));
  const bottom = Math.min(height, Math.ceil(Math.max(a.y, b.y) + reach));
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const px = x + 0.5 - a.x, py = y + 0.5 - a.y;
      // how far along the segment its nearest point lies, from 0 to 1; anywhere if it has no length
      const along = squared === 0 ? 0 : clamp((px * dx + py * dy) / squared);
      const ex = px - along * dx, ey = py - along * dy, square = ex * ex + ey * ey;
      if (square >= reach * reach) continue;
      // not Math.hypot: drawing would take three times as long
      const ink = Math.round(255 * clamp(reach - Math.sqrt(square)));
      const at = y * width + x;
      if (ink > pixels[at]!) pixels[at] = ink;
    }
  }
}

function clamp(value: number): number {
  return Math.min(Math.max(value, 0), 1);
}
