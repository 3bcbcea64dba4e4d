// Writes small images as PNG (ISO 15948): one byte per pixel, either a grey or a palette index.
import { zlibSync } from "fflate";
import { toBase64 } from "../formats/base64.ts";
import { crc32 } from "../formats/zip.ts";

/** An image with one byte per pixel, of at least one. */
export interface IndexedImage {
  readonly width: number;
  readonly height: number;
  /** Every pixel, row by row: a grey from 0 (black) to 255, or a palette index. */
  readonly pixels: Uint8Array;
  /** Up to 256 colours of red, green, blue and opacity, 0 to 255; without it pixels are greys. */
  readonly palette?: readonly (readonly [number, number, number, number])[];
}

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const GREY = 0, INDEXED = 3;

/** An image as a PNG file; its pixels must fill the size, and be indices of the palette. */
export function encodePng({ width, height, pixels, palette }: IndexedImage): Uint8Array {
  // the first byte of each row is its filter type: 0, none
  const rows = new Uint8Array(height * (width + 1));
  for (let y = 0; y < height; y++) {
    rows.set(pixels.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  }
  const header = [...word(width), ...word(height), 8, palette ? INDEXED : GREY, 0, 0, 0];
  const colours = palette === undefined ? [] : [
    ...chunk("PLTE", palette.flatMap(([red, green, blue]) => [red, green, blue])),
    ...chunk("tRNS", palette.map(([, , , opacity]) => opacity)),
  ];
  return Uint8Array.from([
    ...SIGNATURE,
    ...chunk("IHDR", header),
    ...colours,
    ...chunk("IDAT", [...zlibSync(rows, { level: 9 })]),
    ...chunk("IEND", []),
  ]);
}

export function imageUrl(image: IndexedImage): string {
  return `data:image/png;base64,${toBase64(encodePng(image))}`;
}

function chunk(type: string, data: readonly number[]): number[] {
  const body = [...new TextEncoder().encode(type), ...data];
  return [...word(data.length), ...body, ...word(crc32(Uint8Array.from(body)))];
}

/** A 32-bit word, its highest byte first. */
function word(value: number): number[] {
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff);
}
