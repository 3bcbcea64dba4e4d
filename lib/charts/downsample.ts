// Downsampling of curves: a line of 10,000 epochs stays a line, and its range keeps every spike.
import type { Point } from "../drawing/pen.ts";

/** The mean of neighbouring points of a curve, in pixels, and the range of their y. */
export interface Mark extends Point {
  readonly min: number;
  readonly max: number;
}

/** Makes one mark of the points in an interval; the first and the last point stay alone. */
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
