/**
 * Reads PNG images (ISO 15948): greyscale, RGB or palette, 1 to 16 bits per sample, transparent or
 * not.
 *
 * fast-png decodes them; it trusts the sizes in a file, so they are checked first.
 *
 * Limits: 16,777,216 pixels (4096x4096), 64 MiB, 65,536 chunks; interlaced only with 8 or 16 bits
 * per sample.
 *
 * @module
 */

import { quote } from "../text/escape.ts";
import { convertIndexedToRgb, decode, type DecodedPng, hasPngSignature } from "fast-png";
import type { RgbaImage } from "./rgba_image.ts";
import { cannotRead } from "./format_error.ts";
import { inflate } from "./inflate.ts";
import { hex } from "../text/hex.ts";
import { isPngSize, MAX_PNG_PIXELS, PNG_SIGNATURE } from "./png_format.ts";

/** The largest number of chunks: 64 MiB in chunks of 1 KiB. */
const MAX_CHUNKS = 65_536;
/** 256 colours of three bytes. */
const MAX_PALETTE_BYTES = 3 * 256;

/** The first bytes of files that are often mistaken for PNG files. */
const OTHERS: readonly (readonly [string, RegExp])[] = [
  ["JPEG", /^\xff\xd8\xff/],
  ["GIF", /^GIF8/],
  ["WebP", /^RIFF.{4}WEBP/s],
  ["HEIF or AVIF", /^.{4}ftyp(?:he[iv]|mif1|msf1|avi[fs])/s],
];

/** The critical chunks that exist: names of such chunks begin with a capital letter. */
const CRITICAL = ["IHDR", "PLTE", "IDAT", "IEND"];
/** Chunks that occur once at most: of several, fast-png would take the last, or mix them. */
const SINGLE = ["IHDR", "PLTE", "tRNS"];
/** A colour profile and text: fast-png would decompress them, and no pixel depends on them. */
const UNNEEDED = ["iCCP", "tEXt"];

const INDEXED = 3;
/** Samples per pixel, and the bits that a sample may have. */
const COLOUR_TYPES: Readonly<Record<number, { channels: number; depths: readonly number[] }>> = {
  0: { channels: 1, depths: [1, 2, 4, 8, 16] },
  2: { channels: 3, depths: [8, 16] },
  [INDEXED]: { channels: 1, depths: [1, 2, 4, 8] },
  4: { channels: 2, depths: [8, 16] },
  6: { channels: 4, depths: [8, 16] },
};

const WHOLE = [[0, 0, 1, 1]] as const;
/**
 * The passes of an interlaced image: each begins at (x, y) and takes every dx-th pixel of every
 * dy-th row.
 */
const ADAM7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

interface Chunk {
  readonly type: string;
  readonly data: Uint8Array;
  /** With its length, type and CRC-32. */
  readonly whole: Uint8Array;
}

/**
 * The image in a PNG file; samples of 16 bits are rounded to 8.
 *
 * @param bytes the whole file
 * @throws {FormatError} if it is no PNG file, damaged, cut short, beyond the limits above, or
 * interlaced with fewer than 8 bits per sample
 */
export function decodePng(bytes: Uint8Array): RgbaImage {
  checkSignature(bytes);
  const chunks = readChunks(bytes), header = chunks[0]!;
  const rows = chunks.filter(({ type }) => type === "IDAT").map(({ data }) => data);
  // without the 2 bytes before and the 4 after that zlib adds; fast-png would inflate a bomb, and
  // pad what is cut short
  inflate(concat(rows).subarray(2, -4), inflatedSize(header), "PNG");
  const needed = chunks.filter(({ type }) => !UNNEEDED.includes(type)).map(({ whole }) => whole);
  try {
    const image = decode(concat([PNG_SIGNATURE, ...needed]), { checkCrc: true });
    const { width, height } = image, isIndexed = header.data[9] === INDEXED;
    return { width, height, data: toRgba(isIndexed ? applyPalette(image) : unpackSamples(image)) };
  } catch (error) {
    const { message } = error as Error; // some end in a period or a colon
    throw cannotRead("PNG", message.replace(/[.:]$/, ""));
  }
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let end = 0;
  for (const part of parts) {
    whole.set(part, end);
    end += part.length;
  }
  return whole;
}

function checkSignature(bytes: Uint8Array): void {
  if (hasPngSignature(bytes)) return;
  const start = String.fromCharCode(...bytes.subarray(0, 16));
  const [kind] = OTHERS.find(([, pattern]) => pattern.test(start)) ?? [];
  const found = (hex(bytes.subarray(0, 8), " ") || "nothing") + (kind ? ` (${kind})` : "");
  throw cannotRead("PNG", `begins with ${found}, need ${hex(PNG_SIGNATURE, " ")}`);
}

/** The chunks up to the last one, IEND. */
function readChunks(bytes: Uint8Array): Chunk[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const chunks: Chunk[] = [], seen = new Set<string>();
  for (let at = PNG_SIGNATURE.length; !seen.has("IEND");) {
    const end = at + 12 + (at + 12 <= bytes.length ? view.getUint32(at) : 0);
    if (end > bytes.length) {
      throw cannotRead("PNG", `chunk at byte ${at} is cut short, the file ends at ${bytes.length}`);
    }
    const whole = bytes.subarray(at, end), data = whole.subarray(8, -4);
    const type = String.fromCharCode(...whole.subarray(4, 8));
    if (SINGLE.includes(type) && seen.has(type)) {
      throw cannotRead("PNG", `has a second ${type} chunk at byte ${at}, need one at most`);
    }
    if (/^[A-Z]/.test(type) && !CRITICAL.includes(type)) {
      const found = `has the unknown critical chunk ${quote(type)} at byte ${at}`;
      throw cannotRead("PNG", `${found}, need only ${CRITICAL.join(", ")}`);
    }
    if (["PLTE", "tRNS"].includes(type) && seen.has("IDAT")) {
      throw cannotRead("PNG", `has ${type} at byte ${at} after IDAT, need it before`);
    }
    if (type === "IDAT" && seen.has(type) && chunks.at(-1)!.type !== type) {
      const found = `has an IDAT chunk at byte ${at} apart from the others`;
      throw cannotRead("PNG", `${found}, need them one after the other`);
    }
    if (type === "PLTE" && (data.length === 0 || data.length > MAX_PALETTE_BYTES)) {
      throw cannotRead("PNG", `PLTE has ${data.length} bytes, need 3 to ${MAX_PALETTE_BYTES}`);
    }
    if (chunks.length === MAX_CHUNKS) {
      throw cannotRead("PNG", `has more than ${MAX_CHUNKS} chunks, need that many at most`);
    }
    chunks.push({ type, data, whole });
    seen.add(type);
    at = end;
  }
  return chunks;
}

/** Bytes of all rows by the header, each with one byte for its filter. */
function inflatedSize({ type, data }: Chunk): number {
  if (type !== "IHDR" || data.length !== 13) {
    const found = `first chunk is ${quote(type)} of ${data.length} bytes`;
    throw cannotRead("PNG", `${found}, need "IHDR" of 13`);
  }
  const view = new DataView(data.buffer, data.byteOffset);
  const width = view.getUint32(0), height = view.getUint32(4);
  if (!isPngSize(width, height)) {
    const found = `image is ${width} wide and ${height} high`;
    throw cannotRead("PNG", `${found}, need 1 to ${MAX_PNG_PIXELS} pixels`);
  }
  const depth = view.getUint8(8),
    colourType = view.getUint8(9),
    interlaced = view.getUint8(12) === 1;
  const { channels, depths } = COLOUR_TYPES[colourType] ?? { channels: 0, depths: [] };
  if (!depths.includes(depth)) {
    throw cannotRead("PNG", `there is no colour type ${colourType} of ${depth} bits`);
  }
  if (interlaced && depth < 8) { // fast-png would misread it
    const found = `image is interlaced with samples of ${depth} bits`;
    throw cannotRead("PNG", `${found}, need 8 or 16, or one not interlaced`);
  }
  return (interlaced ? ADAM7 : WHOLE).reduce((size, [x, y, dx, dy]) => {
    const columns = Math.ceil((width - x) / dx), rows = Math.ceil((height - y) / dy);
    return columns > 0 ? size + rows * (1 + Math.ceil(columns * channels * depth / 8)) : size;
  }, 0);
}

/** Palette indices replaced by their colours. */
function applyPalette(image: DecodedPng): DecodedPng {
  const data = convertIndexedToRgb(image);
  return { ...image, data, depth: 8, channels: image.palette![0]!.length };
}

/** Samples of fewer than 8 bits, each in its own byte. */
function unpackSamples(image: DecodedPng): DecodedPng {
  if (image.depth >= 8) return image;
  const palette = Array.from({ length: 2 ** image.depth }, (_, grey) => [grey]);
  return { ...image, data: convertIndexedToRgb({ ...image, palette }) };
}

function toRgba({ data, depth, channels, transparency }: DecodedPng): Uint8Array {
  const max = 2 ** depth - 1, hasOpacity = channels % 2 === 0;
  const green = channels < 3 ? 0 : 1, blue = 2 * green; // a grey has one sample for all three
  const clear = transparency?.map((sample) => sample & max) ?? [];
  const rgba = new Uint8Array(4 * data.length / channels);
  const toByte = (sample: number) => Math.round(sample / max * 255);
  for (let from = 0, to = 0; to < rgba.length; from += channels, to += 4) {
    const r = data[from]!, g = data[from + green]!, b = data[from + blue]!;
    const isClear = r === clear[0] && g === clear[green] && b === clear[blue];
    rgba[to] = toByte(r);
    rgba[to + 1] = toByte(g);
    rgba[to + 2] = toByte(b);
    rgba[to + 3] = toByte(hasOpacity ? data[from + channels - 1]! : isClear ? 0 : max);
  }
  return rgba;
}
