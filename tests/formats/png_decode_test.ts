// PNG files of every kind, and everything that can be wrong with one.
import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { deflateSync } from "node:zlib";
import fc from "fast-check";
import { decodePng } from "../../lib/formats/png_decode.ts";
import { FormatError } from "../../mod.ts";
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
      interlaced: fc.constant(interlaced && depth >= 8),
      filters: fc.array(fc.nat(4), { minLength: 1, maxLength: 5 }),
      ...(colourType === 3 ? { palette: list(fc.nat(255), 3 * colours) } : {}),
      // fast-png wants no fewer pixels than the transparent colour has samples
      ...(isTransparent && colourType < 4 && (colourType === 3 || count >= channels)
        ? {
          transparency: colourType === 3
            ? fc.array(fc.nat(255), { maxLength: colours })
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
    const colours = pixel.map(byte);
    const opacity = colourType < 4 ? (isClear ? 0 : 255) : colours.pop()!;
    return [...(colours.length === 1 ? Array(3).fill(colours[0]) : colours), opacity];
  });
}

Deno.test("law: decodePng() reads every colour type, depth and filter, and of 8 bits and more the interlaced", () => {
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

Deno.test("example: decodePng() reads a file that begins in the middle of its buffer", () => {
  const samples = { width: 2, height: 1, depth: 8, colourType: 0 as const, samples: [[9], [200]] };
  const bytes = png({ ...samples, interlaced: false, filters: [0] });
  const shifted = new Uint8Array(5 + bytes.length);
  shifted.set(bytes, 5);
  deepStrictEqual(decodePng(shifted.subarray(5)), decodePng(bytes));
});

Deno.test("example: decodePng() compares with a transparent colour only the bits that samples have", () => {
  const picture = png({ ...GREY, transparency: [1, 20] });
  deepStrictEqual([...decodePng(picture).data], [10, 10, 10, 255, 20, 20, 20, 0]);
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

Deno.test("example: decodePng() refuses each kind of damage, and names it", () => {
  const whole = png(GREY), end = chunk("IEND", []), rows = chunk("IDAT", ROWS);
  const damaged = whole.slice();
  damaged[28] = damaged[28]! ^ 2;
  const badInterlace = chunk("IHDR", [0, 0, 0, 2, 0, 0, 0, 1, 8, 0, 0, 0, 2]);
  const pixels = (...data: number[]) => file(header(GREY), chunk("IDAT", data), end);
  const bits: Samples = { ...GREY, depth: 4, samples: [[1], [2]], interlaced: true };
  const palette = (colours: number) => chunk("PLTE", new Uint8Array(3 * colours));
  const text = (start: string) => new TextEncoder().encode(start);
  const signature = "need 89 50 4e 47 0d 0a 1a 0a", limit = "need 1 to 16777216 pixels";
  const cases: [bytes: Uint8Array, reason: string][] = [
    [new Uint8Array(0), `begins with nothing, ${signature}`],
    [Uint8Array.of(0x89, 0x50), `begins with 89 50, ${signature}`],
    [
      Uint8Array.of(255, 216, 255, 224, 0, 16, 74, 70),
      `begins with ff d8 ff e0 00 10 4a 46 (JPEG), ${signature}`,
    ],
    [text("GIF89a.."), `begins with 47 49 46 38 39 61 2e 2e (GIF), ${signature}`],
    [text("RIFF....WEBPVP8"), `begins with 52 49 46 46 2e 2e 2e 2e (WebP), ${signature}`],
    [text("....ftypheic"), `begins with 2e 2e 2e 2e 66 74 79 70 (HEIF or AVIF), ${signature}`],
    [text("....ftypisom"), `begins with 2e 2e 2e 2e 66 74 79 70, ${signature}`], // MP4
    [whole.subarray(0, 8), "chunk at byte 8 is cut short, the file ends at 8"],
    [whole.subarray(0, 44), "chunk at byte 33 is cut short, the file ends at 44"],
    [whole.subarray(0, -1), "chunk at byte 56 is cut short, the file ends at 67"],
    [damaged, "CRC mismatch for chunk IHDR. Expected 3511230550, found 1061634426"],
    [file(rows, end), 'first chunk is "IDAT" of 11 bytes, need "IHDR" of 13'],
    [file(chunk("IHDR", [0]), rows, end), 'first chunk is "IHDR" of 1 bytes, need "IHDR" of 13'],
    [
      file(header(GREY), header(GREY), rows, end),
      "has a second IHDR chunk at byte 33, need one at most",
    ],
    [
      file(header(GREY), chunk("ABCD", []), rows, end),
      'has the unknown critical chunk "ABCD" at byte 33, need only IHDR, PLTE, IDAT, IEND',
    ],
    [
      file(header(GREY), rows, chunk("tEXt", []), chunk("IDAT", []), end),
      "has an IDAT chunk at byte 68 apart from the others, need them one after the other",
    ],
    [file(header(GREY), rows, palette(1), end), "has PLTE at byte 56 after IDAT, need it before"],
    [
      file(header(GREY), rows, chunk("tRNS", [0, 1]), end),
      "has tRNS at byte 56 after IDAT, need it before",
    ],
    [file(header(GREY), end), "0 compressed bytes cannot hold the declared 3"],
    [withHeader([0, 1, 8, 0]), `image is 0 wide and 1 high, ${limit}`],
    [withHeader([4097, 4096, 8, 0]), `image is 4097 wide and 4096 high, ${limit}`],
    [withHeader([2, 1, 4, 2]), "there is no colour type 2 of 4 bits"],
    [withHeader([2, 1, 8, 5]), "there is no colour type 5 of 8 bits"],
    [
      png(bits),
      "image is interlaced with samples of 4 bits, need 8 or 16, or one not interlaced",
    ],
    [file(badInterlace, rows, end), "Interlace method 2 not supported"],
    [withHeader([2, 1, 8, 3]), "Color palette is undefined"],
    [withHeader([2, 1, 8, 3], palette(0)), "PLTE has 0 bytes, need 3 to 768"],
    [withHeader([2, 1, 8, 3], palette(257)), "PLTE has 771 bytes, need 3 to 768"],
    [withHeader([2, 1, 8, 3], palette(20)), "Incorrect index of palette color"],
    [
      withHeader([2, 1, 8, 3], palette(21), chunk("tRNS", [1]), chunk("tRNS", [2])),
      "has a second tRNS chunk at byte 121, need one at most",
    ],
    [
      withHeader([2, 1, 8, 3], palette(1), chunk("tRNS", [0, 0])),
      "tRNS chunk contains more alpha values than there are palette colors (2 vs 1)",
    ],
    [withHeader([1, 1, 8, 0]), "compressed data inflates to more than the declared 2 bytes"],
    [withHeader([2, 2, 8, 0]), "compressed data inflates to 3 bytes, 6 are declared"],
    [pixels(...ROWS.subarray(0, -1)), "compressed data is damaged or cut short"],
    [pixels(...ROWS, 0), "bytes follow the end of the compressed data"],
    [pixels(0x78, 0x9d, ...ROWS.subarray(2)), "Error while decompressing the data"],
    [pixels(...deflateSync(Uint8Array.of(5, 1, 2))), "Unsupported filter: 5"],
  ];
  for (const [bytes, reason] of cases) {
    throws(() => decodePng(bytes), { name: "FormatError", message: `Cannot read PNG: ${reason}` });
  }
});

Deno.test("example: decodePng() reads rows in several IDAT chunks, and passes over unknown chunks", () => {
  const more = [
    chunk("IDAT", ROWS.subarray(0, 4)),
    chunk("IDAT", []),
    chunk("IDAT", ROWS.subarray(4)),
  ];
  const unknown = chunk("abCd", [1, 2, 3]), end = chunk("IEND", []);
  const bytes = file(header(GREY), unknown, ...more, unknown, end);
  deepStrictEqual(decodePng(bytes), decodePng(png(GREY)));
});

Deno.test("example: decodePng() gives up a file of empty chunks", () => {
  const empty = chunk("tEXt", []), many = new Uint8Array(65_536 * empty.length);
  for (let at = 0; at < many.length; at += empty.length) many.set(empty, at);
  const bytes = Uint8Array.from([...file(header(GREY)), ...many]);
  throws(
    () => decodePng(bytes),
    new FormatError("Cannot read PNG: has more than 65536 chunks, need that many at most"),
  );
});

Deno.test("example: decodePng() gives up a bomb where its header's size ends", () => {
  const zeros = deflateSync(new Uint8Array(50_000_000)); // 49 kB
  const bomb = file(header(GREY), chunk("IDAT", zeros), chunk("IEND", []));
  throws(
    () => decodePng(bomb),
    new FormatError(
      "Cannot read PNG: compressed data inflates to more than the declared 3 bytes",
    ),
  );
});

Deno.test("law: decodePng() notices one wrong byte, wherever it is but in text or a profile, and throws FormatError and nothing else", () => {
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

Deno.test("law: decodePng() of a header that is another's throws FormatError and nothing else, or gives as many pixels as it says", () => {
  const byte = fc.constantFrom(0, 1, 2, 3, 4, 6, 8, 16);
  fc.assert(
    fc.property(pictures, byte, byte, byte, byte, (picture, width, height, depth, colourType) => {
      const bytes = png(picture);
      bytes.set(header({ width, height, depth, colourType }), 8);
      try {
        strictEqual(decodePng(bytes).data.length, 4 * width * height);
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
      }
    }),
    { numRuns: 500 },
  );
});
