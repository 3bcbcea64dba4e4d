// PNG files that are written: header, palette and pixels.
import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { inflateSync } from "node:zlib";
import fc from "fast-check";
import { decodePng } from "../../lib/formats/png_decode.ts";
import { encodePng, type IndexedImage } from "../../lib/formats/png_encode.ts";
import { readChunks } from "../helpers/png.ts";

const image = fc.record({
  width: fc.integer({ min: 1, max: 40 }),
  height: fc.integer({ min: 1, max: 40 }),
  seed: fc.integer(),
}).map(({ width, height, seed }): IndexedImage => ({
  width,
  height,
  pixels: Uint8Array.from({ length: width * height }, (_, i) => Math.imul(seed, i + 1) >>> 13),
}));

Deno.test("law: encodePng() writes a header and every pixel", () => {
  fc.assert(fc.property(image, ({ width, height, pixels }) => {
    const found = readChunks(encodePng({ width, height, pixels }));
    deepStrictEqual([...found.keys()], ["IHDR", "IDAT", "IEND"]);
    deepStrictEqual([...found.get("IHDR")!], [0, 0, 0, width, 0, 0, 0, height, 8, 0, 0, 0, 0]);
    const rows = inflateSync(found.get("IDAT")!);
    strictEqual(rows.length, height * (width + 1));
    const unfiltered = pixels.map((_, i) => rows[i + Math.floor(i / width) + 1]!);
    deepStrictEqual(unfiltered, pixels);
    for (let y = 0; y < height; y++) strictEqual(rows[y * (width + 1)], 0);
  }));
});

Deno.test("example: encodePng() writes a palette's colours and opacities", () => {
  const palette = [[1, 2, 3, 4], [250, 251, 252, 253]] as const;
  const found = readChunks(
    encodePng({ width: 2, height: 1, pixels: Uint8Array.of(1, 0), palette }),
  );
  deepStrictEqual([...found.keys()], ["IHDR", "PLTE", "tRNS", "IDAT", "IEND"]);
  strictEqual(found.get("IHDR")![9], 3);
  deepStrictEqual([...found.get("PLTE")!], [1, 2, 3, 250, 251, 252]);
  deepStrictEqual([...found.get("tRNS")!], [4, 253]);
});

Deno.test("law: encodePng() refuses an image with a RangeError, or decodePng() gives it back", () => {
  const side = fc.oneof(
    { weight: 9, arbitrary: fc.integer({ min: 1, max: 5 }) },
    { weight: 1, arbitrary: fc.constantFrom(0, -1, 1.5, 2 ** 13, NaN) },
  );
  const byte = fc.oneof(
    { weight: 99, arbitrary: fc.nat(255) },
    { weight: 1, arbitrary: fc.constantFrom(-1, 256, 0.5, NaN) },
  );
  const palette = fc.array(fc.tuple(byte, byte, byte, byte), { maxLength: 6 });
  const colours = fc.nat(255).chain((max) => fc.array(fc.nat(max), { maxLength: 25 }));
  const images = fc.record({
    width: side,
    height: side,
    pixels: colours,
    palette: fc.option(palette, { nil: undefined }),
    fits: fc.boolean(),
  }).map(({ width, height, pixels, palette, fits }) => {
    const count = fits && width * height < 26 ? Math.max(0, width * height) : pixels.length;
    const highest = palette === undefined || !fits ? 256 : Math.max(1, palette.length);
    const data = Uint8Array.from({ length: count }, (_, i) => (pixels[i] ?? 0) % highest);
    return { width, height, pixels: data, ...(palette && { palette }) };
  });
  let refused = 0, readBack = 0;
  fc.assert(
    fc.property(images, (image) => {
      let file;
      try {
        file = encodePng(image);
      } catch (error) {
        strictEqual((error as Error).name, "RangeError");
        refused++;
        return;
      }
      const { width, height, pixels, palette } = image;
      const data = [...pixels].flatMap((pixel) => palette?.[pixel] ?? [pixel, pixel, pixel, 255]);
      deepStrictEqual(decodePng(file), { width, height, data: Uint8Array.from(data) });
      readBack++;
    }),
    { numRuns: 500 },
  );
  ok(refused >= 50 && readBack >= 50, `${refused} refused, ${readBack} read back`);
});

Deno.test("example: encodePng() refuses sizes that decodePng() refuses, and palettes without the colours", () => {
  const pixels = Uint8Array.of(0, 2), size = { width: 2, height: 1 };
  const colour = [0, 0, 0, 255] as const;
  const refused: [IndexedImage, string][] = [
    [
      { width: 0, height: 0, pixels: new Uint8Array(0) },
      "Cannot draw an image 0 wide and 0 high: need 1 to 16777216 pixels",
    ],
    [
      { width: 4096, height: 4097, pixels },
      "Cannot draw an image 4096 wide and 4097 high: need 1 to 16777216 pixels",
    ],
    [{ ...size, pixels, palette: [] }, "Cannot draw with 0 colours: need 1 to 256"],
    [
      { ...size, pixels, palette: Array(257).fill(colour) },
      "Cannot draw with 257 colours: need 1 to 256",
    ],
    [
      { ...size, pixels, palette: [colour, [0, 256, 0, 255]] },
      "Cannot draw with the colour [0,256,0,255]: need 4 integers from 0 to 255",
    ],
    [
      { ...size, pixels, palette: [colour, colour] },
      "Cannot draw colour 2 of 2, counted from 0",
    ],
  ];
  for (const [image, message] of refused) {
    throws(() => encodePng(image), { name: "RangeError", message });
  }
});

Deno.test("example: encodePng() refuses a number of pixels that does not match the size", () => {
  throws(() => encodePng({ width: 2, height: 2, pixels: new Uint8Array(3) }), {
    name: "RangeError",
    message: "Cannot draw 3 pixels as 2x2: need 4",
  });
});
