/** PNG files that are written. */
import { deepStrictEqual } from "node:assert/strict";
import fc from "fast-check";
import { encodePng, type IndexedImage } from "../../lib/charts/encode_png.ts";
import { decodePng } from "../../lib/system/png.ts";
import { readChunks } from "../helpers/png.ts";

const byte = fc.nat(255), side = fc.integer({ min: 1, max: 40 });
const palettes = fc.array(fc.tuple(byte, byte, byte, byte), { minLength: 1, maxLength: 256 });
const images = fc.tuple(side, side, fc.integer(), fc.option(palettes)).map(
  ([width, height, seed, palette]): IndexedImage => {
    const colours = palette?.length ?? 256;
    const pixels = Uint8Array.from({ length: width * height }, (_, i) => {
      return (Math.imul(seed, i + 1) >>> 13) % colours;
    });
    return { width, height, pixels, ...(palette && { palette }) };
  },
);

Deno.test("law: decodePng() gives back what encodePng() wrote, with a palette and in greys", () => {
  fc.assert(fc.property(images, (image) => {
    const { width, height, pixels, palette } = image;
    const data = [...pixels].flatMap((pixel) => palette?.[pixel] ?? [pixel, pixel, pixel, 255]);
    deepStrictEqual(decodePng(encodePng(image)), { width, height, data: Uint8Array.from(data) });
  }));
});

Deno.test("example: encodePng() writes a header, colours, opacities, rows and an end", () => {
  const palette = [[1, 2, 3, 4], [250, 251, 252, 253]] as const;
  const found = readChunks(
    encodePng({ width: 2, height: 1, pixels: Uint8Array.of(1, 0), palette }),
  );
  deepStrictEqual([...found.keys()], ["IHDR", "PLTE", "tRNS", "IDAT", "IEND"]);
  deepStrictEqual([...found.get("IHDR")!], [0, 0, 0, 2, 0, 0, 0, 1, 8, 3, 0, 0, 0]);
  deepStrictEqual([...found.get("PLTE")!], [1, 2, 3, 250, 251, 252]);
  deepStrictEqual([...found.get("tRNS")!], [4, 253]);
});
