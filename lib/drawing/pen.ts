// Strokes of a round pen, with antialiased edges.
import type { GreyImage } from "../data/image.ts";
import { clamp } from "../math/clamp.ts";

/** A point of an image, in pixels: (0, 0) is its upper left corner, (0.5, 0.5) a pixel's centre. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Draws a stroke: 255 clamp(penWidth/2 + 1/2 - distance, 0, 1), where a pixel is less. */
export function drawStroke(image: GreyImage, points: readonly Point[], penWidth: number): void {
  const [first] = points;
  if (points.length === 1) drawSegment(image, first!, first!, penWidth);
  for (let i = 1; i < points.length; i++) drawSegment(image, points[i - 1]!, points[i]!, penWidth);
}

/** Draws a line segment; visits only the pixels near it. */
function drawSegment({ width, height, pixels }: GreyImage, a: Point, b: Point, pen: number): void {
  const radius = pen / 2 + 0.5;
  const dx = b.x - a.x, dy = b.y - a.y, squared = dx * dx + dy * dy;
  const left = Math.max(0, Math.floor(Math.min(a.x, b.x) - radius));
  const right = Math.min(width, Math.ceil(Math.max(a.x, b.x) + radius));
  const top = Math.max(0, Math.floor(Math.min(a.y, b.y) - radius));
  const bottom = Math.min(height, Math.ceil(Math.max(a.y, b.y) + radius));
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const px = x + 0.5 - a.x, py = y + 0.5 - a.y;
      // the nearest point of the segment, as a fraction of its length
      const along = squared === 0 ? 0 : clamp((px * dx + py * dy) / squared, 0, 1);
      const ex = px - along * dx, ey = py - along * dy, square = ex * ex + ey * ey;
      if (square >= radius * radius) continue;
      // Math.hypot would make drawing take three times as long
      const value = Math.round(255 * clamp(radius - Math.sqrt(square), 0, 1));
      const i = y * width + x;
      if (value > pixels[i]!) pixels[i] = value;
    }
  }
}
