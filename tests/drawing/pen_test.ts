// Strokes, compared with their definition pixel by pixel and with the area of a circle.
import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { blankImage } from "../../lib/data/image.ts";
import { drawStroke, type Point } from "../../lib/drawing/pen.ts";
import { type GreyImage, ShapeError } from "../../mod.ts";

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

function totalOf({ pixels }: GreyImage): number {
  return pixels.reduce((sum, value) => sum + value / 255, 0);
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
  const image = blankImage({ width: 7, height: 1 });
  drawStroke(image, [{ x: 3, y: 0.5 }], 4); // from 1 to 5
  deepStrictEqual([...image.pixels], [0, 255, 255, 255, 255, 0, 0]);
  const half = blankImage({ width: 7, height: 1 });
  drawStroke(half, [{ x: 3.5, y: 0.5 }], 4); // from 1.5 to 5.5
  deepStrictEqual([...half.pixels], [0, 128, 255, 255, 255, 128, 0]);
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

Deno.test("law: drawStroke() of mirrored points is the mirrored stroke", () => {
  fc.assert(
    fc.property(points, penWidth, (points, penWidth) => {
      const { width, height } = SIZE;
      const rotated = drawn(points.map(({ x, y }) => ({ x: width - x, y: height - y })), penWidth);
      deepStrictEqual(rotated.pixels.toReversed(), drawn(points, penWidth).pixels);
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

Deno.test("law: drawStroke() decreases no value when the pen is wider", () => {
  fc.assert(
    fc.property(points, penWidth, penWidth, (points, one, other) => {
      const thin = drawn(points, Math.min(one, other)), thick = drawn(points, Math.max(one, other));
      ok(thin.pixels.every((value, i) => value <= thick.pixels[i]!));
    }),
  );
});

Deno.test("example: drawStroke() of one point covers π r² pixels", () => {
  // values fall linearly from distance r - 1/2 to r + 1/2: in total π (r² + 1/12)
  const STEPS = 10;
  for (const radius of [0.5, 1, 2.5, 6]) {
    let sum = 0;
    for (let i = 0; i < STEPS; i++) {
      for (let j = 0; j < STEPS; j++) {
        const image = blankImage({ width: 20, height: 20 });
        drawStroke(image, [{ x: 10 + i / STEPS, y: 10 + j / STEPS }], 2 * radius);
        sum += totalOf(image);
      }
    }
    const mean = sum / STEPS ** 2, wanted = Math.PI * (radius ** 2 + 1 / 12);
    // positions sample the slope in squares of 1/10, each off by less than half a diagonal, over a
    // ring of 2 π r pixels; rounding to bytes is less
    ok(Math.abs(mean - wanted) < 2 * Math.PI * radius * Math.SQRT1_2 / STEPS, `${mean} ${wanted}`);
  }
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

Deno.test("example: drawStroke() of no points draws nothing", () => {
  strictEqual(totalOf(drawn([], 3)), 0);
});

Deno.test("example: drawStroke() refuses invalid widths, coordinates and images", () => {
  for (const penWidth of [0, -1, NaN, Infinity]) {
    throws(
      () => drawn([], penWidth),
      new RangeError(
        `Cannot draw with a pen of width ${penWidth}: need a finite number greater than 0`,
      ),
    );
  }
  const image = blankImage(SIZE);
  throws(
    () => drawStroke(image, [{ x: 1, y: 1 }, { x: NaN, y: 2 }], 1),
    new RangeError("Cannot draw to (NaN, 2): need coordinates from -1e9 to 1e9"),
  );
  for (const far of [1e9 + 1, -1e200, Infinity]) {
    throws(
      () => drawStroke(image, [{ x: 1, y: 1 }, { x: 2, y: far }], 1),
      new RangeError(`Cannot draw to (2, ${far}): need coordinates from -1e9 to 1e9`),
    );
  }
  strictEqual(totalOf(image), 0); // the first point is not drawn either
  throws(
    () => drawStroke({ ...SIZE, pixels: new Uint8Array(3) }, [], 1),
    new ShapeError("Cannot take 3 values as 13x17 pixels: need 221"),
  );
});
