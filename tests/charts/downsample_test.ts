// Downsampling of curves.
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { downsample } from "../../lib/charts/downsample.ts";
import type { Point } from "../../lib/drawing/pen.ts";

const points = fc.array(
  fc.record({
    x: fc.double({ min: 0, max: 500, noNaN: true }),
    y: fc.integer({ min: 0, max: 300 }),
  }),
  { minLength: 1, maxLength: 2000 },
).map((points): Point[] => points.sort((a, b) => a.x - b.x));

Deno.test("law: downsample() keeps the range and both ends, with one mark an interval at most", () => {
  fc.assert(fc.property(points, fc.constantFrom(1, 7, 100), (points, step) => {
    const marks = downsample(points, step);
    const ys = points.map(({ y }) => y);
    strictEqual(Math.min(...marks.map(({ min }) => min)), Math.min(...ys));
    strictEqual(Math.max(...marks.map(({ max }) => max)), Math.max(...ys));
    ok(marks.length <= Math.floor(500 / step) + 1 + 2); // intervals, and both ends
    for (const [mark, point] of [[marks[0], points[0]], [marks.at(-1), points.at(-1)]] as const) {
      deepStrictEqual([mark?.x, mark?.y], [point?.x, point?.y]);
    }
  }));
});

Deno.test("example: downsample() puts a mark at the mean of the points in an interval", () => {
  const points = [{ x: 0, y: 9 }, { x: 2, y: 1 }, { x: 3, y: 5 }, { x: 4, y: 2 }];
  deepStrictEqual(downsample(points, 2), [
    { x: 0, y: 9, min: 9, max: 9 },
    { x: 2.5, y: 3, min: 1, max: 5 },
    { x: 4, y: 2, min: 2, max: 2 },
  ]);
});
