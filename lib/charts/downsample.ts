/**
 * Makes a few marks of many points, so that a line of 10,000 epochs stays a line and no spike of it is lost.
 *
 * @module
 */

/** A point of a curve, in pixels. */
export interface Point {
  /** To the right. */
  readonly x: number;
  /** Downwards. */
  readonly y: number;
}

/** What stands for one point, or for several neighbours. */
export interface Mark extends Point {
  /** The least y of those it stands for. */
  readonly least: number;
  /** The greatest y of those it stands for. */
  readonly greatest: number;
}

/**
 * One mark for all points whose x lie in the same interval of `step`: at the mean of both coordinates, and with the range of y. The
 * first point and the last keep marks of their own, so that a curve begins and ends where it does.
 *
 * @param points in ascending order of x
 * @param step greater than 0
 *
 * @example
 * ```ts
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const points = [{ x: 0, y: 9 }, { x: 2, y: 1 }, { x: 3, y: 5 }, { x: 4, y: 2 }];
 * deepStrictEqual(thin(points, 2), [
 *   { x: 0, y: 9, least: 9, greatest: 9 },
 *   { x: 2.5, y: 3, least: 1, greatest: 5 },
 *   { x: 4, y: 2, least: 2, greatest: 2 },
 * ]);
 * ```
 */
export function thin(points: readonly Point[], step: number): Mark[] {
  const marks: Mark[] = [], last = points.length - 1;
  const interval = (i: number) =>
    i === 0 || i === last ? undefined : Math.floor(points[i]!.x / step);
  for (let start = 0, end: number; start <= last; start = end) {
    end = start + 1;
    while (interval(start) !== undefined && interval(end) === interval(start)) end++;
    marks.push(summarise(points.slice(start, end)));
  }
  return marks;
}

function summarise(points: readonly Point[]): Mark {
  let x = 0, y = 0, least = Infinity, greatest = -Infinity;
  for (const point of points) {
    x += point.x / points.length;
    y += point.y / points.length;
    least = Math.min(least, point.y);
    greatest = Math.max(greatest, point.y);
  }
  return { x, y, least, greatest };
}
