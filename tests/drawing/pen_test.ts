// Strokes, compared with their definition pixel by pixel.
import { deepStrictEqual, ok } from "node:assert/strict";
import fc from "fast-check";
import { blankImage } from "../../lib/data/image.ts";
import { drawStroke, type Point } from "../../lib/drawing/pen.ts";
import type { GreyImage } from "../../mod.ts";

const SIZE = { width: 17, height: 13 };

/** Multiples of 1/8, so that mirroring is exact; some are far outside the image. */
const coordinate = fc.integer({ min: -160, max: 320 }).map((n) => n / 8);
const points = fc.array(fc.record({ x: coordinate, y: coordinate }), { maxLength: 5 });
const penWidth = fc.integer({ min: 1, max: 80 }).map((n) => n / 8);

function drawn(points: readonly Point[], penWidth: number): GreyImage {
  const image = blankImage(SIZE);
  drawStroke(image, points, penWidth);
  return image;
}

/** The distance to a segment, by ternary search along it: the distance falls, then rises. */
function distance(p: Point, a: Point, b: Point): number {
  const at = (t: number) => Math.hypot(a.x + t * (b.x - a.x) - p.x, a.y + t * (b.y - a.y) - p.y);
  let low = 0, high = 1;
  for (let i = 0; i < 100; i++) {
    const third = (high - low) / 3;
    if (at(low + third) < at(high - third)) high -= third;
    else low += third;
  }
  return at(low);
}

Deno.test("example: drawStroke() gives 255 half a pixel inside the pen's edge, 128 at the edge, 0 half a pixel outside", () => {
  const dot = (x: number) => {
    const image = blankImage({ width: 7, height: 1 });
    drawStroke(image, [{ x, y: 0.5 }], 4);
    return [...image.pixels];
  };
  deepStrictEqual(dot(3), [0, 255, 255, 255, 255, 0, 0]); // from 1 to 5
  deepStrictEqual(dot(3.5), [0, 128, 255, 255, 255, 128, 0]); // from 1.5 to 5.5
});

Deno.test("law: drawStroke() gives each pixel the value of its distance, for any points", () => {
  fc.assert(
    fc.property(points, penWidth, (points, penWidth) => {
      const { pixels, width } = drawn(points, penWidth);
      pixels.forEach((value, i) => {
        const p = { x: i % width + 0.5, y: Math.floor(i / width) + 0.5 };
        const nearest = points.reduce(
          (min, b, i) => Math.min(min, distance(p, points[i - 1] ?? b, b)),
          Infinity,
        );
        const wanted = 255 * Math.min(Math.max(penWidth / 2 + 0.5 - nearest, 0), 1);
        // 0.5 for rounding to bytes, 1e-6 for the search
        ok(Math.abs(value - wanted) <= 0.5 + 1e-6, `${value} at (${p.x}, ${p.y}), need ${wanted}`);
      });
    }),
  );
});

Deno.test("law: drawStroke() takes the maximum of old and new values, and is idempotent", () => {
  fc.assert(
    fc.property(points, points, penWidth, (first, second, penWidth) => {
      const image = drawn(first, penWidth), before = image.pixels.slice();
      drawStroke(image, second, penWidth);
      const alone = drawn(second, penWidth).pixels;
      const maxima = before.map((value, i) => Math.max(value, alone[i]!));
      deepStrictEqual(image.pixels, maxima);
      drawStroke(image, second, penWidth);
      deepStrictEqual(image.pixels, maxima);
    }),
  );
});

Deno.test("example: drawStroke() accepts coordinates from -1e9 to 1e9", () => {
  const far = 1e9;
  deepStrictEqual(
    drawn([{ x: -far, y: -far }, { x: far, y: far }], 3),
    drawn([{ x: -20, y: -20 }, { x: 40, y: 40 }], 3),
  );
  deepStrictEqual(
    drawn([{ x: far, y: 6.5 }, { x: 8.5, y: 6.5 }, { x: 8.5, y: -far }], 3),
    drawn([{ x: 40, y: 6.5 }, { x: 8.5, y: 6.5 }, { x: 8.5, y: -20 }], 3),
  );
});

Deno.test("example: drawStroke() draws nothing without a point", () => {
  const image = blankImage(SIZE);
  drawStroke(image, [], 3);
  deepStrictEqual(image, blankImage(SIZE));
});
