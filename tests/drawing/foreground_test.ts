// Foregrounds of coloured images: MNIST's images are recovered from any colours.
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { extractForeground, type GreyImage, RandomState, type RgbaImage } from "../../mod.ts";
import { image as drawn } from "../helpers/drawings.ts";

/** Red, green and blue, 0 to 255. */
type Colour = readonly [red: number, green: number, blue: number];

const BLACK: Colour = [0, 0, 0], WHITE: Colour = [255, 255, 255];

/** An image painted in two colours: 255 in one, 0 in the other, values between as mixtures. */
function painted({ width, height, pixels }: GreyImage, ink: Colour, paper: Colour): RgbaImage {
  const mixture = (value: number) =>
    paper.map((channel, i) => Math.round(channel + (ink[i]! - channel) * value / 255));
  const data = [...pixels].flatMap((value) => [...mixture(value), 255]);
  return { width, height, data: Uint8Array.from(data) };
}

/** An opaque image of these greys. */
function grey(width: number, height: number, greys: readonly number[]): RgbaImage {
  const data = Uint8Array.from(greys.flatMap((grey) => [grey, grey, grey, 255]));
  return { width, height, data };
}

/** An image of one row of pixels. */
function row(...pixels: readonly (readonly number[])[]): RgbaImage {
  return { width: pixels.length, height: 1, data: Uint8ClampedArray.from(pixels.flat()) };
}

/** An image whose border is 0 and whose largest value is 255. */
const image = fc.array(fc.nat(255), { minLength: 12, maxLength: 12 }).map((inside) => {
  const pixels = new Uint8Array(36);
  inside.forEach((ink, i) => pixels[7 + 6 * Math.floor(i / 4) + i % 4] = ink);
  pixels[14] = 255;
  return { width: 6, height: 6, pixels };
});

const colour = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255));

Deno.test("law: extractForeground() recovers an image painted in any two colours", () => {
  fc.assert(
    fc.property(image, colour, colour, (image, ink, paper) => {
      const contrast = Math.hypot(...ink.map((channel, i) => channel - paper[i]!));
      fc.pre(contrast > 0);
      const found = extractForeground(painted(image, ink, paper))!;
      // each channel is rounded by 0.5 at most, so the distance by √3 / 2, scaled by 255 /
      // contrast; then the result is rounded
      const tolerance = 255 * Math.sqrt(3) / 2 / contrast + 0.5;
      found.pixels.forEach((value, i) => {
        const wanted = image.pixels[i]!;
        ok(Math.abs(value - wanted) <= tolerance, `pixel ${i}: ${value}, wanted ${wanted}`);
      });
    }),
  );
});

Deno.test("law: extractForeground() recovers black on white and white on black exactly", () => {
  fc.assert(
    fc.property(image, (image) => {
      deepStrictEqual(extractForeground(painted(image, BLACK, WHITE)), image);
      deepStrictEqual(extractForeground(painted(image, WHITE, BLACK)), image);
    }),
  );
});

const CLEAR = [200, 100, 0, 0];

Deno.test("example: extractForeground() puts a transparent image on white or black, whichever gives more contrast", () => {
  const black = row(CLEAR, [0, 0, 0, 255], [0, 0, 0, 51], CLEAR, CLEAR);
  const white = row(CLEAR, [255, 255, 255, 255], [255, 255, 255, 51], CLEAR, CLEAR);
  for (const picture of [black, white]) {
    deepStrictEqual([...extractForeground(picture)!.pixels], [0, 255, 51, 0, 0]);
  }
  // on white the white pixel would be invisible
  const yellow = row(CLEAR, [255, 255, 0, 255], [255, 255, 255, 255], CLEAR, CLEAR);
  deepStrictEqual([...extractForeground(yellow)!.pixels], [0, 208, 255, 0, 0]); // 255 √(2/3)
});

Deno.test("example: extractForeground() takes the background from the border alone, which a digit may touch", () => {
  const framed = drawn("......", ".####.", ".####.", ".####.", ".####.", "......");
  // a T: more than a tenth and less than half of the border is foreground
  const touching = drawn("#####", "..#..", "..#..", "..#..", "..#..", "..#..");
  const narrow = drawn(".", "#", ".", ".");
  for (const image of [framed, touching, narrow]) {
    deepStrictEqual(extractForeground(painted(image, BLACK, WHITE)), image);
  }
});

/** A dark bar on a background of these greys, and the pixels that it covers. */
function bar(paper: (x: number) => number) {
  const width = 60, height = 60;
  const isDrawn = (i: number) =>
    i % width >= 25 && i % width < 35 && i >= 10 * width && i < 50 * width;
  const greys = Array.from(
    { length: width * height },
    (_, i) => Math.round(paper(i % width) - (isDrawn(i) ? 130 : 0)),
  );
  return { picture: grey(width, height, greys), isDrawn };
}

Deno.test("example: extractForeground() treats noise, shadow and specks of paper as background", () => {
  const random = new RandomState(601);
  const papers = {
    "a photograph's noise": () => 190 + random.normal(0, 4),
    "shadow": (x: number) => 150 + x,
    "a speck in a hundred": () => random.randomSample() < 0.01 ? 254 : 255,
    "noise that ends at white": () => Math.min(255, 255 + random.normal(0, 4)),
    "two greys": () => random.randomSample() < 0.5 ? 253 : 254,
  };
  for (const [name, paper] of Object.entries(papers)) {
    const { picture, isDrawn } = bar(paper);
    extractForeground(picture)!.pixels.forEach((ink, i) => strictEqual(ink > 0, isDrawn(i), name));
  }
});

Deno.test("example: extractForeground() has a threshold of eight times the noise, from an eighth to half of the largest distance", () => {
  // a dark row in a border of noise: grey 200, its median, and 4 more or less
  const inside = (...darker: readonly number[]) => {
    const row = [204, ...darker.map((by) => 200 - by), 196];
    const greys = [196, 200, 204, 196, 200, ...row, 200, 204, 196, 200, 204];
    const { pixels } = extractForeground(grey(5, 3, greys))!;
    ok(pixels.every((ink, i) => ink === 0 || i > 5 && i < 9), "no noise remains");
    return [...pixels.subarray(6, 9)];
  };
  // 8 · 4 = 32, less than 150 / 2; 54 is 255 · 32 / 150
  deepStrictEqual(inside(150, 32, 31), [255, 54, 0]);
  deepStrictEqual(inside(40, 20, 19), [255, 128, 0]); // 40 / 2 = 20, less than 32
  const speck = [200, 200, 199, 200, 200, 200, 40, 180, 181, 200, 200, 200, 200, 200, 200];
  const { pixels } = extractForeground(grey(5, 3, speck))!;
  deepStrictEqual([...pixels.subarray(2, 9)], [0, 0, 0, 0, 255, 32, 0]); // 160 / 8 = 20
  // the lower of the middle two is the median
  deepStrictEqual([...extractForeground(grey(2, 1, [200, 100]))!.pixels], [255, 0]);
});

Deno.test("example: extractForeground() returns undefined for an image of one colour, opaque or not", () => {
  for (const opacity of [0, 1, 77, 255]) {
    const pixel = [255, 255, 255, opacity];
    strictEqual(extractForeground(row(pixel, pixel, pixel)), undefined);
  }
  // fully transparent colours
  strictEqual(extractForeground(row([255, 0, 0, 0], [0, 0, 255, 0])), undefined);
});
