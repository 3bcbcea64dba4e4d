/**
 * Reads PNG files.
 *
 * @module
 */

import { decodePng, MAX_PNG_BYTES } from "../formats/png_decode.ts";
import type { RgbaImage } from "../formats/rgba_image.ts";
import { withFileName } from "./errors.ts";
import { readFile } from "./files.ts";

/** Reads a PNG file. */
export function readPngFile(path: string): RgbaImage {
  const bytes = readFile(path, MAX_PNG_BYTES, "that a PNG file may have");
  return withFileName(path, () => decodePng(bytes));
}
