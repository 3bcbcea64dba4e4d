// Strokes, compared with their definition pixel by pixel; enlarged images; block characters.
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { blankImage } from "../../lib/data/image.ts";
import { drawStroke, type Point } from "../../lib/drawing/pen.ts";
import type { GreyImage } from "../../mod.ts";
import { upscale } from "../../lib/drawing/resample.ts";
import { drawing } from "../helpers/drawings.ts";
import { blockCharacters, shade } from "../../lib/drawing/block_characters.ts";

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

/** Bilinear interpolation between four neighbours; values outside are 0. */
function interpolate({ width, height, pixels }: GreyImage, x: number, y: number): number {
  const [left, top] = [Math.floor(x), Math.floor(y)], [right, down] = [x - left, y - top];
  const at = (x: number, y: number) =>
    x >= 0 && x < width && y >= 0 && y < height ? pixels[y * width + x]! : 0;
  return (1 - down) * ((1 - right) * at(left, top) + right * at(left + 1, top)) +
    down * ((1 - right) * at(left, top + 1) + right * at(left + 1, top + 1));
}

Deno.test("law: upscale() interpolates between the centres of pixels", () => {
  fc.assert(
    fc.property(drawing, fc.integer({ min: 1, max: 6 }), (image, factor) => {
      const large = upscale(image, factor);
      deepStrictEqual([large.width, large.height], [factor * image.width, factor * image.height]);
      large.pixels.forEach((value, i) => {
        const x = (i % large.width + 0.5) / factor - 0.5;
        const y = (Math.floor(i / large.width) + 0.5) / factor - 0.5;
        // 0.5 for rounding to bytes, 1e-9 for rounding errors before that
        const wanted = interpolate(image, x, y);
        ok(Math.abs(value - wanted) <= 0.5 + 1e-9, `${value} at (${x}, ${y}), need ${wanted}`);
      });
    }),
    { numRuns: 15 },
  );
});

Deno.test("example: blockCharacters() shows two pixels, one above the other, as one character", () => {
  const above = [0, 0, 255, 255], below = [0, 128, 128, 255];
  const image = { width: 4, height: 2, pixels: Uint8Array.from([...above, ...below]) };
  deepStrictEqual(blockCharacters(image, 40), [" ░▓█"]);
  // of three rows the middle one is shared: a third of each line
  const three = { width: 1, height: 3, pixels: Uint8Array.of(255, 0, 255) };
  deepStrictEqual(blockCharacters(three, 40), ["▓", "▓"]);
});

Deno.test("example: blockCharacters() shrinks a wide image, to at least one line", () => {
  const wide = { width: 200, height: 2, pixels: new Uint8Array(400).fill(255) };
  deepStrictEqual(blockCharacters(wide, 40), ["█".repeat(40)]);
  const square = { width: 100, height: 100, pixels: new Uint8Array(10_000) };
  deepStrictEqual(blockCharacters(square, 40), Array(20).fill(" ".repeat(40)));
});

Deno.test("example: shade() takes the nearest of five characters", () => {
  const edges = [0, 31, 32, 95, 96, 159, 160, 223, 224, 255];
  strictEqual(edges.map(shade).join(""), "  ░░▒▒▓▓██");
});
