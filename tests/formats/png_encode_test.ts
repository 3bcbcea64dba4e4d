// PNG files that are written: header, palette and pixels.
import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { inflateSync } from "node:zlib";
import fc from "fast-check";
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

Deno.test("example: encodePng() refuses a number of pixels that does not match the size", () => {
  throws(() => encodePng({ width: 2, height: 2, pixels: new Uint8Array(3) }), {
    name: "RangeError",
    message: "Cannot draw 3 pixels as 2x2: need 4",
  });
});
