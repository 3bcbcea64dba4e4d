// Drawing: strokes, foregrounds of coloured images, and MNIST's form.
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { RandomState } from "../../lib/random/random_state.ts";
import { normalizeDigit } from "../../lib/drawing/normalize_digit.ts";
import { blankImage, type GreyImage } from "../../lib/data/image.ts";
import { extractForeground, type RgbaImage } from "../../lib/drawing/foreground.ts";
import { drawStroke, type Point } from "../../lib/drawing/pen.ts";
import { blockCharacters, shade, upscale } from "../../lib/drawing/resample.ts";
import { drawing, image as digit, measure } from "../helpers/drawings.ts";

const SIZE = { width: 17, height: 13 };

/** Multiples of 1/8, so that mirroring is exact; some are far outside the image. */
const coordinate = fc.integer({ min: -160, max: 320 }).map((n) => n / 8);
const points = fc.array(fc.record({ x: coordinate, y: coordinate }), { maxLength: 5 });
const penWidth = fc.integer({ min: 1, max: 80 }).map((n) => n / 8);

function stroked(points: readonly Point[], penWidth: number): GreyImage {
  const image = blankImage(SIZE);
  drawStroke(image, points, penWidth);
  return image;
}

/** The distance to a segment, by ternary search along it: the distance falls, then rises. */
function distance(p: Point, a: Point, b: Point): number {
  const at = (t: number) => Math.hypot(a.x + t * (b.x - a.x) - p.x, a.y + t * (b.y - a.y) - p.y);
  let low = 0, high = 1;
  for (let i = 0; i < 60; i++) { // (2/3)⁶⁰ is 3e-11
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
      const { pixels, width } = stroked(points, penWidth);
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
      const image = stroked(first, penWidth), before = image.pixels.slice();
      drawStroke(image, second, penWidth);
      const alone = stroked(second, penWidth).pixels;
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
    stroked([{ x: -far, y: -far }, { x: far, y: far }], 3),
    stroked([{ x: -20, y: -20 }, { x: 40, y: 40 }], 3),
  );
  deepStrictEqual(
    stroked([{ x: far, y: 6.5 }, { x: 8.5, y: 6.5 }, { x: 8.5, y: -far }], 3),
    stroked([{ x: 40, y: 6.5 }, { x: 8.5, y: 6.5 }, { x: 8.5, y: -20 }], 3),
  );
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
  const framed = digit("......", ".####.", ".####.", ".####.", ".####.", "......");
  // a T: more than a tenth and less than half of the border is foreground
  const touching = digit("#####", "..#..", "..#..", "..#..", "..#..", "..#..");
  const narrow = digit(".", "#", ".", ".");
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

const MNIST = { width: 28, height: 28 };

const size = fc.record({
  width: fc.integer({ min: 1, max: 40 }),
  height: fc.integer({ min: 1, max: 40 }),
});

Deno.test("example: normalizeDigit() shrinks by averaging areas, and centres", () => {
  const whole = Array(10).fill("#".repeat(40)), sides = "#".repeat(10);
  const hollow = Array(20).fill(sides + ".".repeat(20) + sides);
  const ring = digit(...whole, ...hollow, ...whole); // fills 10x10 of 14x14
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
  const { pixels } = normalizeDigit(digit("#...#"), { width: 14, height: 14 })!; // twice as large
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
