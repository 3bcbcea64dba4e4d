// Foregrounds of coloured images: MNIST's images are recovered from any colours.
import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { extractForeground, RandomState, type RgbaImage, ShapeError } from "../../mod.ts";
import { assertColoursKeepClasses, BLACK, painted, WHITE } from "../helpers/coloured_images.ts";

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

Deno.test("example: extractForeground() and normalizeDigit() of 50 coloured test images keep their classes and probabilities", () =>
  assertColoursKeepClasses(50));

/** The definition in extractForeground()'s documentation, pixel by pixel. */
function foregroundByDefinition({ width, height, data }: RgbaImage): number[] | undefined {
  const all = Array.from({ length: width * height }, (_, i) => i);
  const frame = all.filter((i) => {
    const x = i % width, y = Math.floor(i / width);
    return x === 0 || y === 0 || x === width - 1 || y === height - 1;
  });
  const median = (values: number[]) =>
    values.toSorted((a, b) => a - b)[Math.ceil(values.length / 2) - 1]!;
  const [onWhite, onBlack] = [255, 0].map((under) => {
    const colours = all.map((i) =>
      [0, 1, 2].map((c) => {
        const opacity = data[4 * i + 3]! / 255;
        return Math.round(opacity * data[4 * i + c]! + (1 - opacity) * under);
      })
    );
    const background = [0, 1, 2].map((c) => median(frame.map((i) => colours[i]![c]!)));
    const distances = colours.map((colour) =>
      Math.hypot(...colour.map((v, c) => v - background[c]!))
    );
    return { distances, strongest: Math.max(...distances) };
  });
  const { distances, strongest } = onBlack!.strongest > onWhite!.strongest ? onBlack! : onWhite!;
  if (strongest === 0) return undefined;
  const outside = frame.map((i) => distances[i]!);
  const isClean = outside.every((distance) => distance === 0);
  const least = isClean ? 0 : Math.min(Math.max(8 * median(outside), strongest / 8), strongest / 2);
  return distances.map((distance) => distance < least ? 0 : Math.round(255 * distance / strongest));
}

Deno.test("law: extractForeground() equals its definition, for images of any size and opacity", () => {
  const side = fc.integer({ min: 1, max: 6 });
  // few values, some as near to each other as noise; most pixels have the background's colour
  const value = fc.constantFrom(0, 1, 2, 60, 61, 250, 254, 255);
  const pixel = fc.tuple(value, value, value, fc.constantFrom(255, 255, 255, 0, 100));
  const picture = fc.tuple(side, side, pixel).chain(([width, height, paper]) =>
    fc.array(
      fc.oneof({ weight: 3, arbitrary: fc.constant(paper) }, { weight: 1, arbitrary: pixel }),
      { minLength: width * height, maxLength: width * height },
    ).map((pixels) => ({ width, height, data: Uint8Array.from(pixels.flat()) }))
  );
  fc.assert(
    fc.property(picture, (picture) => {
      const ink = extractForeground(picture);
      deepStrictEqual(ink && [...ink.pixels], foregroundByDefinition(picture));
    }),
    { numRuns: 500 },
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

Deno.test("example: extractForeground() of transparent black returns its opacity", () => {
  const opacities = Array.from({ length: 256 }, (_, opacity) => opacity);
  const frame = Array(258).fill(CLEAR), ink = opacities.map((opacity) => [0, 0, 0, opacity]);
  const { data } = row(...frame, CLEAR, ...ink, CLEAR, ...frame);
  const { pixels } = extractForeground({ width: 258, height: 3, data })!;
  deepStrictEqual([...pixels.subarray(259, 259 + 256)], opacities);
});

Deno.test("example: extractForeground() takes the background from the border alone", () => {
  const rows = ["......", ".####.", ".####.", ".####.", ".####.", "......"].join("");
  const image = { width: 6, height: 6, pixels: Uint8Array.from(rows, (c) => c === "#" ? 255 : 0) };
  const more = { width: 12, height: 12, pixels: new Uint8Array(144).fill(255) };
  for (let i = 0; i < 12; i++) {
    for (const at of [i, 132 + i, 12 * i, 12 * i + 11]) more.pixels[at] = 0;
  }
  for (const picture of [image, more]) {
    deepStrictEqual(extractForeground(painted(picture, BLACK, WHITE)), picture);
  }
});

Deno.test("example: extractForeground() finds a digit that touches the edge", () => {
  // a T: more than a tenth and less than half of the border is foreground
  const rows = ["#####", "..#..", "..#..", "..#..", "..#..", "..#.."].join("");
  const pixels = Uint8Array.from(rows, (c) => c === "#" ? 255 : 0);
  const image = { width: 5, height: 6, pixels };
  deepStrictEqual(extractForeground(painted(image, BLACK, WHITE)), image);
});

/** A dark bar on a background of these greys, and the pixels that it covers. */
function bar(paper: (x: number) => number) {
  const width = 60, height = 60;
  const isDrawn = (i: number) =>
    i % width >= 25 && i % width < 35 && i >= 10 * width && i < 50 * width;
  const data = Array.from({ length: width * height }, (_, i) => {
    const grey = Math.round(paper(i % width) - (isDrawn(i) ? 130 : 0));
    return [grey, grey, grey, 255];
  });
  return { picture: { width, height, data: Uint8Array.from(data.flat()) }, isDrawn };
}

Deno.test("example: extractForeground() treats a photograph's noise and shadow as background", () => {
  const random = new RandomState(601);
  const papers = [() => 190 + random.normal(0, 4), (x: number) => 150 + x];
  for (const { picture, isDrawn } of papers.map(bar)) {
    extractForeground(picture)!.pixels.forEach((ink, i) =>
      strictEqual(ink > 0, isDrawn(i), `pixel ${i}`)
    );
  }
});

Deno.test("example: extractForeground() treats specks and noise of bright paper as background", () => {
  const random = new RandomState(601);
  const papers = {
    "a speck in a hundred": () => random.randomSample() < 0.01 ? 254 : 255,
    "noise that ends at white": () => Math.min(255, 255 + random.normal(0, 4)),
    "two greys": () => random.randomSample() < 0.5 ? 253 : 254,
  };
  for (const [name, paper] of Object.entries(papers)) {
    const { picture, isDrawn } = bar(paper);
    extractForeground(picture)!.pixels.forEach((ink, i) => strictEqual(ink > 0, isDrawn(i), name));
  }
});

/** A dark row in a border of noise: grey 200, its median, and 4 more or less. */
function amidNoise(...darker: readonly [number, number, number]): RgbaImage {
  const greys = [
    [196, 200, 204, 196, 200],
    [204, ...darker.map((by) => 200 - by), 196],
    [200, 204, 196, 200, 204],
  ];
  const data = Uint8Array.from(greys.flat().flatMap((grey) => [grey, grey, grey, 255]));
  return { width: 5, height: 3, data };
}

Deno.test("example: extractForeground() has a threshold of eight times the noise, from an eighth to half of the largest distance", () => {
  const inside = (...darker: readonly [number, number, number]) => {
    const { pixels } = extractForeground(amidNoise(...darker))!;
    ok(pixels.every((ink, i) => ink === 0 || i > 5 && i < 9), "no noise remains");
    return [...pixels.subarray(6, 9)];
  };
  // 8 · 4 = 32, less than 150 / 2; 54 is 255 · 32 / 150
  deepStrictEqual(inside(150, 32, 31), [255, 54, 0]);
  deepStrictEqual(inside(40, 20, 19), [255, 128, 0]); // 40 / 2 = 20, less than 32
  const speck = [200, 200, 199, 200, 200, 200, 40, 180, 181, 200, 200, 200, 200, 200, 200];
  const data = Uint8Array.from(speck.flatMap((grey) => [grey, grey, grey, 255]));
  const { pixels } = extractForeground({ width: 5, height: 3, data })!;
  deepStrictEqual([...pixels.subarray(2, 9)], [0, 0, 0, 0, 255, 32, 0]); // 160 / 8 = 20
});

Deno.test("example: extractForeground() returns undefined for an image of one colour, opaque or not", () => {
  for (const opacity of [0, 1, 77, 255]) {
    const pixel = [255, 255, 255, opacity];
    strictEqual(extractForeground(row(pixel, pixel, pixel)), undefined);
  }
  // fully transparent colours
  strictEqual(extractForeground(row([255, 0, 0, 0], [0, 0, 255, 0])), undefined);
});

Deno.test("example: extractForeground() refuses an image without four values per pixel", () => {
  throws(
    () => extractForeground({ width: 2, height: 3, data: new Uint8Array(6) }),
    new ShapeError("Cannot take 6 values as 3x2 pixels of 4 values: need 24"),
  );
});
