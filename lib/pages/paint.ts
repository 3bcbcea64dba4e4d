// Images on canvases.
import type { IndexedImage } from "../charts/encode_png.ts";

/** Pixel values as opacity, so that the background may have any colour. */
const OPACITY = Array.from({ length: 256 }, (_, opacity) => [0, 0, 0, opacity] as const);

/** Paints an image on a canvas of its size; without a palette, pixels are opacity. */
export function paint(
  canvas: HTMLCanvasElement,
  { width, height, pixels, palette = OPACITY }: IndexedImage,
): void {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const image = new ImageData(width, height);
  // writes a pixel's four bytes as one word, since a drawing is painted at every frame
  const colours = new Uint32Array(Uint8Array.from(palette.flat()).buffer);
  const words = new Uint32Array(image.data.buffer);
  for (let i = 0; i < words.length; i++) words[i] = colours[pixels[i]!]!;
  canvas.getContext("2d")!.putImageData(image, 0, 0);
}
