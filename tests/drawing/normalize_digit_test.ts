// Normalisation of digits: MNIST's own images stay as they are.
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { blankImage } from "../../lib/data/image.ts";
import { type GreyImage, normalizeDigit } from "../../mod.ts";
import { assertUnchanged, drawing, image, measure } from "../helpers/drawings.ts";

const MNIST = { width: 28, height: 28 };

const size = fc.record({
  width: fc.integer({ min: 1, max: 40 }),
  height: fc.integer({ min: 1, max: 40 }),
});

Deno.test("example: normalizeDigit() leaves MNIST's first 1000 test images unchanged", () => {
  assertUnchanged("test", 1000, 0, 1000);
});

Deno.test("example: normalizeDigit() shrinks by averaging areas, and centres", () => {
  const whole = Array(10).fill("#".repeat(40)), sides = "#".repeat(10);
  const hollow = Array(20).fill(sides + ".".repeat(20) + sides);
  const ring = image(...whole, ...hollow, ...whole); // fills 10x10 of 14x14
  const { pixels } = normalizeDigit(ring, { width: 14, height: 14 })!;
  // 40 into 10: each new pixel is 4x4 old ones; the walls are two and a half of them wide
  const row = (y: number) => [...pixels.subarray(14 * y, 14 * y + 14)];
  const wall = [0, 0, 255, 255, 128, 0, 0, 0, 0, 128, 255, 255, 0, 0];
  deepStrictEqual(row(1), new Array(14).fill(0));
  deepStrictEqual(row(2), [0, 0, ...new Array(10).fill(255), 0, 0]);
  deepStrictEqual(row(5), wall);
  deepStrictEqual(row(8), wall);
});

Deno.test("example: normalizeDigit() enlarges by interpolation", () => {
  const { pixels } = normalizeDigit(image("#...#"), { width: 14, height: 14 })!; // twice as large
  // the first two new pixels are a quarter of an old one from its centre, the third three quarters
  const row = [0, 0, 255, 255, 85, 0, 0, 0, 0, 85, 255, 255, 0, 0];
  const rows = Array.from({ length: 14 }, (_, y) => [...pixels.subarray(14 * y, 14 * y + 14)]);
  deepStrictEqual([rows[6], rows[7]], [row, row]);
  strictEqual(rows.flat().filter((ink) => ink > 0).length, 12);
});

Deno.test("law: normalizeDigit() does not depend on margins", () => {
  const margin = fc.nat(20);
  fc.assert(
    fc.property(drawing, size, margin, margin, margin, (ink, size, left, top, more) => {
      const paper = blankImage({ width: left + ink.width + more, height: top + ink.height + more });
      for (let y = 0; y < ink.height; y++) {
        const row = ink.pixels.subarray(y * ink.width, (y + 1) * ink.width);
        paper.pixels.set(row, (top + y) * paper.width + left);
      }
      deepStrictEqual(normalizeDigit(paper, size), normalizeDigit(ink, size));
    }),
  );
});

Deno.test("law: normalizeDigit() fills at most 20/28 of the image, keeps the largest value, and centres the mass unless an edge is in the way", () => {
  fc.assert(
    fc.property(drawing, size, (ink, size) => {
      fc.pre(ink.pixels.some((value) => value > 0));
      const form = normalizeDigit(ink, size)!;
      deepStrictEqual([form.width, form.height], [size.width, size.height]);
      const strongest = ({ pixels }: GreyImage) => pixels.reduce((a, b) => Math.max(a, b));
      strictEqual(strongest(form), strongest(ink));
      const { right, down } = measure(form);
      for (const [extents, side] of [[right, size.width], [down, size.height]] as const) {
        const { first, last, extent, centre } = extents;
        ok(extent <= Math.ceil(20 * side / 28));
        const atEdge = first === 0 || last === side - 1;
        ok(Math.round(centre) === Math.floor(side / 2) || atEdge, `centre ${centre} of ${side}`);
      }
    }),
  );
});

Deno.test("law: normalizeDigit() keeps the aspect ratio of a box", () => {
  const side = fc.integer({ min: 20, max: 200 });
  fc.assert(
    fc.property(side, side, (width, height) => {
      const box = { width, height, pixels: new Uint8Array(width * height).fill(255) };
      const form = normalizeDigit(box, MNIST)!;
      const { right, down } = measure(form);
      strictEqual(Math.max(right.extent, down.extent), 20);
      const ink = form.pixels.reduce((sum, value) => sum + value / 255, 0);
      const wanted = width * height * (20 / Math.max(width, height)) ** 2;
      // only the rows or columns at both ends of the shorter side are rounded: 40 pixels, by 0.5
      // each
      ok(Math.abs(ink - wanted) <= 40 * 0.5 / 255 + 1e-9, `${ink} of ${wanted}`);
    }),
  );
});

Deno.test("example: normalizeDigit() scales a box of 21x28 to 15x20, despite the rounding error of 21 / (28 / 20)", () => {
  const box = { width: 21, height: 28, pixels: new Uint8Array(588).fill(255) };
  const { pixels } = normalizeDigit(box, MNIST)!;
  for (const least of [1, 255]) strictEqual(pixels.filter((ink) => ink >= least).length, 15 * 20);
});

Deno.test("example: normalizeDigit() stops at the edge where centring would cut the drawing", () => {
  // an L with a heavy stem and a foot of one pixel: the centre of mass is in the stem
  const L = blankImage({ width: 20, height: 20 });
  for (let y = 0; y < 20; y++) {
    for (let x = 0; x < (y === 19 ? 20 : 2); x++) L.pixels[20 * y + x] = 255;
  }
  const { right } = measure(L);
  ok(14 - Math.round(right.centre) + 20 > 28, `centring at ${right.centre} would cut it`);
  const form = measure(normalizeDigit(L, MNIST)!);
  deepStrictEqual([form.right.first, form.right.last], [8, 27]);
});
