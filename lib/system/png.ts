// Reads PNG images (ISO 15948) of every kind: greyscale, RGB or palette, 1 to 16 bits per sample,
// interlaced or not, transparent or not.
import { Buffer } from "node:buffer";
import { inflateSync } from "node:zlib";
// @ts-types="npm:@types/pngjs@6.0.5"
import { PNG } from "pngjs";
import type { RgbaImage } from "../drawing/foreground.ts";
import { cannotRead, FormatError, isOutOfMemory } from "../formats/errors.ts";
import { crc32 } from "../formats/zip.ts";

/** The largest number of pixels: decoding takes some 30 bytes of memory per pixel, 0.5 GB. */
const MAX_PNG_PIXELS = 4096 * 4096;
/** The largest number of bytes, those of the decoded pixels: an uncompressed file has no more. */
export const MAX_PNG_BYTES: number = 4 * MAX_PNG_PIXELS;

/** Samples of a pixel, by colour type. */
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** The image in a PNG file; samples of 16 bits are rounded to 8, and bytes after it ignored. */
export function decodePng(bytes: Uint8Array): RgbaImage {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  try {
    return decode(file);
  } catch (error) {
    if (error instanceof FormatError || isOutOfMemory(error)) throw error;
    throw cannotRead("image", "is no PNG file, or is damaged");
  }
}

/** Checks what pngjs does not; both throw errors of any kind. */
function decode(file: Buffer): RgbaImage {
  const rows: Buffer[] = [];
  let end = 8;
  for (let type = ""; type !== "IEND";) {
    const at = end + 4, dataEnd = at + 4 + file.readUInt32BE(end);
    type = file.toString("latin1", at, at + 4);
    // also of chunks that pngjs passes over: the type of one that it needs may be damaged
    if (crc32(file.subarray(at, dataEnd)) !== file.readUInt32BE(dataEnd)) throw new Error("CRC-32");
    if ((type === "IHDR") !== (end === 8)) throw new Error("need the header first, and once");
    if (type === "IDAT") rows.push(file.subarray(at + 4, dataEnd));
    end = dataEnd + 4;
  }
  const width = file.readUInt32BE(16), height = file.readUInt32BE(20), pixels = width * height;
  if (pixels < 1 || pixels > MAX_PNG_PIXELS) {
    const found = `is ${width} wide and ${height} high`;
    throw cannotRead("image", `${found}, need 1 to ${MAX_PNG_PIXELS} pixels`);
  }
  // pngjs takes missing rows for black ones, and inflates a bomb if the image is interlaced: it has
  // at most 8 bytes for each pixel, and a byte before each row of 7 passes
  const { length } = inflateSync(Buffer.concat(rows), { maxOutputLength: 8 * pixels + 7 * height });
  const depth = file[24]!, channels = CHANNELS[file[25]!] ?? 1;
  if (length < height + pixels * channels * depth / 8) throw new Error("rows are missing");
  const { data } = PNG.sync.read(file.subarray(0, end), { checkCRC: false });
  return { width, height, data: new Uint8Array(data.buffer, data.byteOffset, data.length) };
}
