/// <reference lib="dom" />
/**
 * Puts pictures on canvases.
 *
 * @module
 */

import type { IndexedImage } from "../../../formats/png_encode.ts";

/** Ink as opacity, from none to full: the paper may have any colour. */
const INK = Array.from({ length: 256 }, (_, ink) => [0, 0, 0, ink] as const);

/** Puts a picture on a canvas, which becomes as large; what has no palette is ink. */
export function paint(
  canvas: HTMLCanvasElement,
  { width, height, pixels, palette = INK }: IndexedImage,
): void {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const image = new ImageData(width, height);
  // a pixel's four bytes as one word: a whole drawing is painted again with every frame
  const colours = new Uint32Array(Uint8Array.from(palette.flat()).buffer);
  const words = new Uint32Array(image.data.buffer);
  for (let i = 0; i < words.length; i++) words[i] = colours[pixels[i]!]!;
  canvas.getContext("2d")!.putImageData(image, 0, 0);
}
