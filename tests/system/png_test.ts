/** PNG files of every kind, and what can be wrong with one. */
import { deepStrictEqual, ok, throws } from "node:assert/strict";
import { constants, deflateSync } from "node:zlib";
import fc from "fast-check";
import { nativeZlib } from "../../lib/formats/zip.ts";
import { decodePng } from "../../lib/system/png.ts";
import { FormatError } from "../../mod.ts";
import { testIf } from "../helpers/conditional.ts";
import { concat } from "../helpers/zip_builder.ts";
import { chunk, file, filteredRows, header, png, type Samples } from "../helpers/png.ts";

const DEPTHS = { 0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16] };
const CHANNELS = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
type ColourType = keyof typeof DEPTHS;

/** Pictures of all kinds that are read, with a palette and transparency where there can be. */
const pictures: fc.Arbitrary<Samples> = fc.record({
  colourType: fc.constantFrom<ColourType>(0, 2, 3, 4, 6),
  width: fc.integer({ min: 1, max: 18 }),
  height: fc.integer({ min: 1, max: 18 }),
  interlaced: fc.boolean(),
  isTransparent: fc.boolean(),
}).chain(({ colourType, width, height, interlaced, isTransparent }) =>
  fc.constantFrom(...DEPTHS[colourType]).chain((depth) => {
    // few values, so that one of them is often the transparent one
    const value = fc.oneof(fc.constantFrom(0, 2 ** depth - 1), fc.nat(2 ** depth - 1));
    const channels = CHANNELS[colourType], colours = 2 ** depth;
    const list = (item: fc.Arbitrary<number>, length: number) =>
      fc.array(item, { minLength: length, maxLength: length });
    const pixel = list(value, channels), count = width * height;
    return fc.record({
      width: fc.constant(width),
      height: fc.constant(height),
      depth: fc.constant(depth),
      colourType: fc.constant(colourType),
      samples: fc.array(pixel, { minLength: count, maxLength: count }),
      interlaced: fc.constant(interlaced),
      filters: fc.array(fc.nat(4), { minLength: 1, maxLength: 5 }),
      ...(colourType === 3 ? { palette: list(fc.nat(255), 3 * colours) } : {}),
      ...(isTransparent && colourType < 4
        ? {
          transparency: colourType === 3
            ? fc.array(fc.nat(255), { minLength: 1, maxLength: colours })
            : pixel.map((samples) => samples.flatMap((value) => [value >> 8, value & 0xff])),
        }
        : {}),
    });
  })
);

/** Red, green, blue and opacity of each pixel, by the standard's words. */
function expected({ depth, colourType, samples, palette, transparency }: Samples): number[] {
  const byte = (value: number) => Math.round(value * 255 / (2 ** depth - 1));
  return samples.flatMap((pixel) => {
    if (colourType === 3) {
      return [
        ...palette!.slice(3 * pixel[0]!, 3 * pixel[0]! + 3),
        transparency?.[pixel[0]!] ?? 255,
      ];
    }
    const words = pixel.flatMap((value) => [value >> 8, value & 0xff]);
    const isClear = transparency?.every((byte, i) => byte === words[i]) ?? false;
    if (isClear) return [0, 0, 0, 0];
    const colours = pixel.map(byte);
    const opacity = colourType < 4 ? 255 : colours.pop()!;
    return [...(colours.length === 1 ? Array(3).fill(colours[0]) : colours), opacity];
  });
}

Deno.test("law: decodePng() reads every colour type, depth and filter, interlaced or not", () => {
  fc.assert(
    fc.property(pictures, (picture) => {
      const { width, height, data } = decodePng(png(picture));
      deepStrictEqual([width, height], [picture.width, picture.height]);
      deepStrictEqual([...data], expected(picture));
    }),
    { numRuns: 500 },
  );
});

const GREY: Samples = { width: 2, height: 1, depth: 8, colourType: 0, samples: [[10], [20]] };
const ROWS = deflateSync(Uint8Array.from(filteredRows(GREY)));
const IEND = chunk("IEND", []);
const GREYS = [10, 10, 10, 255, 20, 20, 20, 255];

Deno.test("example: decodePng() ignores what no pixel depends on: text, profiles, other palettes, bytes after the end", () => {
  const profile = chunk("iCCP", [65, 0, 0, 1, 2, 3]); // compressed data that is none
  const picture = file(
    header(GREY),
    profile,
    chunk("tEXt", []),
    chunk("IDAT", ROWS.subarray(0, 3)),
    chunk("IDAT", []),
    chunk("IDAT", ROWS.subarray(3)),
    chunk("IEND", []),
    Uint8Array.of(1, 2, 3),
  );
  deepStrictEqual([...decodePng(picture).data], GREYS);
  const suggested: Samples = {
    ...GREY,
    width: 1,
    colourType: 2,
    samples: [[1, 2, 3]],
    palette: [9, 9, 9],
  };
  deepStrictEqual([...decodePng(png(suggested)).data], [1, 2, 3, 255]);
});

/**
 * A picture whose header, of width, height, depth, colour type, is another's; by default its rows
 * are those of GREY.
 */
function withHeader(
  [width, height, depth, colourType]: readonly [number, number, number, number],
  ...more: readonly Uint8Array[]
): Uint8Array {
  const start = header({ width, height, depth, colourType });
  return file(start, ...more, chunk("IDAT", ROWS), chunk("IEND", []));
}

Deno.test("example: decodePng() refuses what is no PNG file, damaged or too large", () => {
  const whole = png(GREY), rows = chunk("IDAT", ROWS);
  const rowsOf = (data: Uint8Array, height = 1) =>
    file(header({ ...GREY, height }), chunk("IDAT", data), IEND);
  const damaged = [
    new TextEncoder().encode("GIF89a, or anything else"),
    ...[0, 8, 30, 44, whole.length - 1].map((length) => whole.subarray(0, length)),
    file(rows, IEND),
    file(header(GREY), header(GREY), rows, IEND),
    file(header(GREY), chunk("ABCD", []), rows, IEND),
    file(header(GREY), IEND),
    withHeader([2, 1, 8, 5]),
    withHeader([2, 1, 8, 3]),
    withHeader([2, 1, 8, 3], chunk("PLTE", new Uint8Array(60))),
    withHeader([2, 2, 8, 0]),
    rowsOf(deflateSync(new Uint8Array(5)), 2), // the last byte of the second row is missing
    rowsOf(ROWS.subarray(0, 5)),
    rowsOf(deflateSync(Uint8Array.of(5, 1, 2))), // there is no filter 5
  ];
  const cases: [bytes: Uint8Array, reason: string][] = [
    ...damaged.map((bytes): typeof cases[0] => [bytes, "is no PNG file, or is damaged"]),
    [withHeader([0, 1, 8, 0]), "is 0 wide and 1 high, need 1 to 16777216 pixels"],
    [withHeader([4097, 4096, 8, 0]), "is 4097 wide and 4096 high, need 1 to 16777216 pixels"],
  ];
  for (const [bytes, reason] of cases) {
    const message = `Cannot read image: ${reason}`;
    throws(() => decodePng(bytes), { name: "FormatError", message });
  }
});

testIf(
  nativeZlib !== null,
  "maxOutputLength in node:zlib",
  "example: decodePng() gives up a bomb of 4 GB where its header's size ends",
  () => {
    const piece = deflateSync(new Uint8Array(1 << 20), { finishFlush: constants.Z_FULL_FLUSH });
    const more = new Array<Uint8Array>(4096).fill(piece.subarray(2)); // without zlib's header
    const rows = chunk("IDAT", concat([piece, ...more]));
    const bombs = [false, true].map((interlaced) =>
      concat([file(header({ ...GREY, interlaced })), rows, IEND])
    );
    const start = performance.now();
    // pngjs takes the first rows of a picture that is not interlaced
    for (const bomb of bombs) throws(() => decodePng(bomb), FormatError);
    // to inflate it takes several seconds
    ok(performance.now() - start < 2000);
  },
);

Deno.test("law: decodePng() notices one wrong byte, wherever it is, and throws FormatError and nothing else", () => {
  const change = fc.integer({ min: 1, max: 255 });
  fc.assert(
    fc.property(pictures, fc.nat(), change, (picture, at, change) => {
      const bytes = png(picture);
      bytes[at % bytes.length]! ^= change;
      throws(() => decodePng(bytes), FormatError);
    }),
    { numRuns: 500 },
  );
});
