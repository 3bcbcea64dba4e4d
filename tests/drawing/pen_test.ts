// The pen, held to its definition pixel by pixel, and to the area of a circle.
import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { blankImage, drawStroke, type GreyImage, type Point, ShapeError } from "../../mod.ts";

const SIZE = { width: 17, height: 13 };

/** Eighths of pixels, so that mirroring rounds nothing; some lie far outside the image. */
const coordinate = fc.integer({ min: -160, max: 320 }).map((n) => n / 8);
const points = fc.array(fc.record({ x: coordinate, y: coordinate }), { maxLength: 5 });
const penWidth = fc.integer({ min: 1, max: 80 }).map((n) => n / 8);

function drawn(points: readonly Point[], penWidth: number): GreyImage {
  const image = blankImage(SIZE);
  drawStroke(image, points, penWidth);
  return image;
}

function inkOf({ pixels }: GreyImage): number {
  return pixels.reduce((sum, ink) => sum + ink / 255, 0);
}

/** The distance to a segment, looked for along it: by thirds, as it falls and then rises. */
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

Deno.test("example: drawStroke() gives a pixel half a pixel from the pen's edge full ink or none, and half at the edge", () => {
  const image = blankImage({ width: 7, height: 1 });
  drawStroke(image, [{ x: 3, y: 0.5 }], 4); // from 1 to 5
  deepStrictEqual([...image.pixels], [0, 255, 255, 255, 255, 0, 0]);
  const half = blankImage({ width: 7, height: 1 });
  drawStroke(half, [{ x: 3.5, y: 0.5 }], 4); // from 1.5 to 5.5
  deepStrictEqual([...half.pixels], [0, 128, 255, 255, 255, 128, 0]);
});

Deno.test("law: drawStroke() gives each pixel the ink of its distance, wherever the points lie", () => {
  fc.assert(
    fc.property(points, penWidth, (points, penWidth) => {
      const { pixels, width } = drawn(points, penWidth);
      pixels.forEach((ink, i) => {
        const p = { x: i % width + 0.5, y: Math.floor(i / width) + 0.5 };
        const nearest = points.reduce(
          (least, b, i) => Math.min(least, distance(p, points[i - 1] ?? b, b)),
          Infinity,
        );
        const wanted = 255 * Math.min(Math.max(penWidth / 2 + 0.5 - nearest, 0), 1);
        // half for rounding to bytes; the search finds where a flat minimum lies to half the digits, its height to nearly all
        ok(Math.abs(ink - wanted) <= 0.5 + 1e-6, `${ink} at (${p.x}, ${p.y}), need ${wanted}`);
      });
    }),
  );
});

Deno.test("law: drawStroke() of mirrored points is the mirrored stroke", () => {
  fc.assert(
    fc.property(points, penWidth, (points, penWidth) => {
      const { width, height } = SIZE;
      const turned = drawn(points.map(({ x, y }) => ({ x: width - x, y: height - y })), penWidth);
      deepStrictEqual(turned.pixels.toReversed(), drawn(points, penWidth).pixels);
    }),
  );
});

Deno.test("law: drawStroke() adds ink and takes none away, and a second time adds none", () => {
  fc.assert(
    fc.property(points, points, penWidth, (first, second, penWidth) => {
      const image = drawn(first, penWidth), before = image.pixels.slice();
      drawStroke(image, second, penWidth);
      const alone = drawn(second, penWidth).pixels;
      const darker = before.map((ink, i) => Math.max(ink, alone[i]!));
      deepStrictEqual(image.pixels, darker);
      drawStroke(image, second, penWidth);
      deepStrictEqual(image.pixels, darker);
    }),
  );
});

Deno.test("law: drawStroke() with a wider pen leaves no pixel lighter", () => {
  fc.assert(
    fc.property(points, penWidth, penWidth, (points, one, other) => {
      const thin = drawn(points, Math.min(one, other)), thick = drawn(points, Math.max(one, other));
      ok(thin.pixels.every((ink, i) => ink <= thick.pixels[i]!));
    }),
  );
});

Deno.test("example: drawStroke() of one point is a dot of π r² pixels", () => {
  // the ink at distance d is a slope from r - 1/2 to r + 1/2, which turned about its axis holds π (r² + 1/12)
  const STEPS = 10;
  for (const radius of [0.5, 1, 2.5, 6]) {
    let sum = 0;
    for (let i = 0; i < STEPS; i++) {
      for (let j = 0; j < STEPS; j++) {
        const image = blankImage({ width: 20, height: 20 });
        drawStroke(image, [{ x: 10 + i / STEPS, y: 10 + j / STEPS }], 2 * radius);
        sum += inkOf(image);
      }
    }
    const mean = sum / STEPS ** 2, wanted = Math.PI * (radius ** 2 + 1 / 12);
    // all places together sample the slope in squares of 1/10; in one of them its mean is off by less than half a diagonal,
    // and the slope covers a ring of 2 π r pixels; rounding to bytes is less
    ok(Math.abs(mean - wanted) < 2 * Math.PI * radius * Math.SQRT1_2 / STEPS, `${mean} ${wanted}`);
  }
});

Deno.test("example: drawStroke() comes from as far out, and goes as far, as it may", () => {
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
  strictEqual(inkOf(drawn([], 3)), 0);
});

Deno.test("example: drawStroke() refuses a pen without width, points that are nowhere and an image of another size", () => {
  for (const penWidth of [0, -1, NaN, Infinity]) {
    throws(
      () => drawn([], penWidth),
      new RangeError(`Cannot draw with a pen ${penWidth} wide: need a number greater than 0`),
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
  strictEqual(inkOf(image), 0); // nor was the first point drawn
  throws(
    () => drawStroke({ ...SIZE, pixels: new Uint8Array(3) }, [], 1),
    new ShapeError("Cannot take 3 values as 13x17 pixels: need 221"),
  );
});
