/**
 * Reads PNG pictures (ISO 15948): grey, colours or a palette, 1 to 16 bits, transparent or not.
 *
 * fast-png does it. It believes the sizes it reads, though, and so they are checked before.
 *
 * @module
 */

import { quote } from "../text/escape.ts";
import { convertIndexedToRgb, decode, type DecodedPng } from "fast-png";
import type { RgbaImage } from "./rgba_image.ts";
import { cannotRead } from "./format_error.ts";
import { inflate } from "./inflate.ts";
import { hex } from "../text/hex.ts";

/** The most pixels that a picture may have: each takes some 45 bytes of memory on its way, 0.8 GB in all. */
const MAX_PNG_PIXELS = 4096 * 4096;
/** The most bytes a file may have: what MOST_PIXELS of four bytes come to if they cannot be compressed. */
export const MAX_PNG_BYTES: number = 4 * MAX_PNG_PIXELS;
/** The most chunks that a file may have: 64 MiB in chunks of a kibibyte. */
const MAX_CHUNKS = 65_536;
/** Bytes of 256 colours. */
const MAX_PALETTE_BYTES = 3 * 256;

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
/** How files begin that are taken for PNG files. */
const OTHERS: readonly (readonly [string, RegExp])[] = [
  ["JPEG", /^\xff\xd8\xff/],
  ["GIF", /^GIF8/],
  ["WebP", /^RIFF.{4}WEBP/s],
  ["HEIF or AVIF", /^.{4}ftyp(?:he[iv]|mif1|msf1|avi[fs])/s],
];

/** Of these a picture has one at most: fast-png would take the last, or mix them. */
const SINGLE = ["IHDR", "PLTE", "tRNS"];
/** A colour profile and text, which fast-png would unpack and no pixel needs. */
const UNNEEDED = ["iCCP", "tEXt"];

const INDEXED = 3;
/** Samples of a pixel, and how many bits one may have. */
const COLOUR_TYPES: Readonly<Record<number, { channels: number; depths: readonly number[] }>> = {
  0: { channels: 1, depths: [1, 2, 4, 8, 16] },
  2: { channels: 3, depths: [8, 16] },
  [INDEXED]: { channels: 1, depths: [1, 2, 4, 8] },
  4: { channels: 2, depths: [8, 16] },
  6: { channels: 4, depths: [8, 16] },
};

const WHOLE = [[0, 0, 1, 1]] as const;
/** The passes of an interlaced picture: each begins at (x, y) and takes every dx-th pixel of every dy-th row. */
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
 * The picture in a PNG file's bytes; samples of 16 bits are rounded to 8.
 *
 * @throws {FormatError} if they are no PNG file, or damaged, cut short or too large, or interlaced below 8 bits a sample
 */
export function decodePng(bytes: Uint8Array): RgbaImage {
  checkSignature(bytes);
  const chunks = readChunks(bytes), header = chunks[0]!;
  const rows = chunks.filter(({ type }) => type === "IDAT").map(({ data }) => data);
  // without zlib's frame of 2 and 4 bytes; fast-png would inflate a bomb, and fill up what is cut
  inflate(concat(rows).subarray(2, -4), inflatedSize(header), "PNG");
  const needed = chunks.filter(({ type }) => !UNNEEDED.includes(type)).map(({ whole }) => whole);
  try {
    const picture = decode(concat([SIGNATURE, ...needed]), { checkCrc: true });
    const { width, height } = picture, isIndexed = header.data[9] === INDEXED;
    return { width, height, data: toRgba(isIndexed ? coloured(picture) : unpacked(picture)) };
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
  if (SIGNATURE.every((byte, i) => byte === bytes[i])) return;
  const start = String.fromCharCode(...bytes.subarray(0, 16));
  const [kind] = OTHERS.find(([, pattern]) => pattern.test(start)) ?? [];
  const found = (hex(bytes.subarray(0, 8), " ") || "nothing") + (kind ? ` (${kind})` : "");
  throw cannotRead("PNG", `begins with ${found}, need ${hex(SIGNATURE, " ")}`);
}

/** The chunks up to the last one, IEND. */
function readChunks(bytes: Uint8Array): Chunk[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const chunks: Chunk[] = [], seen = new Set<string>();
  for (let at = SIGNATURE.length; !seen.has("IEND");) {
    const end = at + 12 + (at + 12 <= bytes.length ? view.getUint32(at) : 0);
    if (end > bytes.length) {
      throw cannotRead("PNG", `chunk at byte ${at} is cut short, the file ends at ${bytes.length}`);
    }
    const whole = bytes.subarray(at, end), data = whole.subarray(8, -4);
    const type = String.fromCharCode(...whole.subarray(4, 8));
    if (SINGLE.includes(type) && seen.has(type)) {
      throw cannotRead("PNG", `has a second ${type} chunk at byte ${at}, need one at most`);
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

/** Bytes of all rows, each with the number of its filter before it, as the header announces them. */
function inflatedSize({ type, data }: Chunk): number {
  if (type !== "IHDR" || data.length !== 13) {
    const found = `first chunk is ${quote(type)} of ${data.length} bytes`;
    throw cannotRead("PNG", `${found}, need "IHDR" of 13`);
  }
  const view = new DataView(data.buffer, data.byteOffset);
  const width = view.getUint32(0), height = view.getUint32(4);
  if (width === 0 || height === 0 || width * height > MAX_PNG_PIXELS) {
    const found = `picture is ${width} wide and ${height} high`;
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
    const found = `picture is interlaced with samples of ${depth} bits`;
    throw cannotRead("PNG", `${found}, need 8 or 16, or one not interlaced`);
  }
  return (interlaced ? ADAM7 : WHOLE).reduce((size, [x, y, dx, dy]) => {
    const columns = Math.ceil((width - x) / dx), rows = Math.ceil((height - y) / dy);
    return columns > 0 ? size + rows * (1 + Math.ceil(columns * channels * depth / 8)) : size;
  }, 0);
}

/** A palette's colours in place of their numbers. */
function coloured(picture: DecodedPng): DecodedPng {
  const data = convertIndexedToRgb(picture);
  return { ...picture, data, depth: 8, channels: picture.palette![0]!.length };
}

/** Every sample in a byte or a word of its own: greys of less are numbers of themselves. */
function unpacked(picture: DecodedPng): DecodedPng {
  if (picture.depth >= 8) return picture;
  const palette = Array.from({ length: 2 ** picture.depth }, (_, grey) => [grey]);
  return { ...picture, data: convertIndexedToRgb({ ...picture, palette }) };
}

function toRgba({ data, depth, channels, transparency }: DecodedPng): Uint8Array {
  const greatest = 2 ** depth - 1, hasOpacity = channels % 2 === 0;
  const green = channels < 3 ? 0 : 1, blue = 2 * green; // the one sample of a grey is all three
  const clear = transparency?.map((sample) => sample & greatest) ?? [];
  const rgba = new Uint8Array(4 * data.length / channels);
  const toByte = (sample: number) => Math.round(sample / greatest * 255);
  for (let from = 0, to = 0; to < rgba.length; from += channels, to += 4) {
    const r = data[from]!, g = data[from + green]!, b = data[from + blue]!;
    const isClear = r === clear[0] && g === clear[green] && b === clear[blue];
    rgba[to] = toByte(r);
    rgba[to + 1] = toByte(g);
    rgba[to + 2] = toByte(b);
    rgba[to + 3] = toByte(hasOpacity ? data[from + channels - 1]! : isClear ? 0 : greatest);
  }
  return rgba;
}
