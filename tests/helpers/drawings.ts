/** Drawings for tests, random or written as text, and the form of digits. */
import { Buffer } from "node:buffer";
import { deepStrictEqual, fail, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { normalizeDigit } from "../../lib/drawing/normalize_digit.ts";
import { blankImage, type GreyImage } from "../../lib/data/image.ts";
import { drawStroke } from "../../lib/drawing/pen.ts";
import type { Split } from "../../lib/system/data.ts";
import { mnist } from "./fixtures.ts";

const fraction = fc.double({ min: 0, max: 1, noNaN: true });

/** A drawing of a random stroke. */
export const drawing: fc.Arbitrary<GreyImage> = fc.record({
  width: fc.integer({ min: 1, max: 90 }),
  height: fc.integer({ min: 1, max: 90 }),
  points: fc.array(fc.record({ x: fraction, y: fraction }), { minLength: 1, maxLength: 4 }),
  penWidth: fc.double({ min: 1, max: 12, noNaN: true }),
}).map(({ width, height, points, penWidth }) => {
  const image = blankImage({ width, height });
  drawStroke(image, points.map(({ x, y }) => ({ x: width * x, y: height * y })), penWidth);
  return image;
});

/** An image whose rows are written as text: # is 255. */
export function image(...rows: string[]): GreyImage {
  const pixels = Uint8Array.from(rows.join(""), (c) => c === "#" ? 255 : 0);
  return { width: rows[0]!.length, height: rows.length, pixels };
}

/** Asserts that two images are equal; deepStrictEqual would print every pixel, for minutes. */
export function sameImage(found: GreyImage, wanted: GreyImage): void {
  deepStrictEqual([found.width, found.height], [wanted.width, wanted.height]);
  if (Buffer.compare(found.pixels, wanted.pixels) === 0) return;
  const at = found.pixels.findIndex((ink, i) => ink !== wanted.pixels[i]);
  fail(`pixel ${at} is ${found.pixels[at]}, need ${wanted.pixels[at]}`);
}

/** First and last nonzero pixel and centre of mass, along both axes. */
export function measure({ width, height, pixels }: GreyImage) {
  const along = (length: number, place: (i: number) => number) => {
    let first = length, last = 0, moment = 0, mass = 0;
    pixels.forEach((ink, i) => {
      if (ink === 0) return;
      first = Math.min(first, place(i));
      last = Math.max(last, place(i));
      mass += ink;
      moment += ink * place(i);
    });
    return { first, last, extent: last - first + 1, centre: moment / mass };
  };
  return {
    right: along(width, (i) => i % width),
    down: along(height, (i) => Math.floor(i / width)),
  };
}

/**
 * Asserts how many images of these, which are all by default, stay unchanged, and how many of the
 * others fill 20 pixels.
 */
export function assertUnchanged(
  split: Split,
  wanted: number,
  filling: number,
  count?: number,
): void {
  const all = mnist(split), data = all.first(count ?? all.count), others = [];
  for (let i = 0; i < data.count; i++) {
    const original = data.image(i), { pixels } = normalizeDigit(original, data.size)!;
    if (pixels.some((ink, p) => ink !== original.pixels[p])) others.push(measure(original));
  }
  strictEqual(data.count - others.length, wanted);
  // most of the others fill only 19 pixels, as their faintest edge was lost
  const whole = others.filter(({ right, down }) => Math.max(right.extent, down.extent) === 20);
  strictEqual(whole.length, filling);
}
