/**
 * Downsampling of curves: a line of 10,000 epochs stays a line, and its range keeps every spike.
 *
 * @module
 */

import type { Point } from "../drawing/pen.ts";

/** A point of a curve, in pixels, that represents one or several neighbouring points. */
export interface Mark extends Point {
  /** The smallest y of these. */
  readonly min: number;
  /** The largest y of these. */
  readonly max: number;
}

/**
 * Replaces all points whose x is in the same interval by one mark, at the mean of their coordinates
 * and with the range of their y. The first and the last point keep marks of their own.
 *
 * @param points points in ascending order of x
 * @param width width of an interval, greater than 0
 *
 * @example
 * ```ts
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const points = [{ x: 0, y: 9 }, { x: 2, y: 1 }, { x: 3, y: 5 }, { x: 4, y: 2 }];
 * deepStrictEqual(downsample(points, 2), [
 *   { x: 0, y: 9, min: 9, max: 9 },
 *   { x: 2.5, y: 3, min: 1, max: 5 },
 *   { x: 4, y: 2, min: 2, max: 2 },
 * ]);
 * ```
 */
export function downsample(points: readonly Point[], width: number): Mark[] {
  const marks: Mark[] = [], last = points.length - 1;
  const interval = (i: number) =>
    i === 0 || i === last ? undefined : Math.floor(points[i]!.x / width);
  for (let start = 0, end: number; start <= last; start = end) {
    end = start + 1;
    while (interval(start) !== undefined && interval(end) === interval(start)) end++;
    marks.push(summarise(points.slice(start, end)));
  }
  return marks;
}

function summarise(points: readonly Point[]): Mark {
  let x = 0, y = 0, min = Infinity, max = -Infinity;
  for (const point of points) {
    x += point.x / points.length;
    y += point.y / points.length;
    min = Math.min(min, point.y);
    max = Math.max(max, point.y);
  }
  return { x, y, min, max };
}
