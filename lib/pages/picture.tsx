/** @jsxImportSource preact */
// Images on canvases, as the page shows them.
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { IndexedImage } from "../charts/encode_png.ts";

/**
 * A canvas with an image of its size; without a palette, its pixels are ink. An image that changes
 * has another `version` then.
 */
export function Picture({ image, version, ...attributes }: JSX.IntrinsicElements["canvas"] & {
  readonly image: IndexedImage;
  readonly version?: number;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => paint(canvas.current!, image), [image, version]);
  const ink = image.palette === undefined ? "ink" : "";
  return <canvas ref={canvas} {...attributes} class={`${attributes.class ?? ""} ${ink}`.trim()} />;
}

/** Pixel values as opacity, so that the background may have any colour. */
const OPACITY = Array.from({ length: 256 }, (_, opacity) => [0, 0, 0, opacity] as const);

/** The bytes of each palette's colours, as words. */
const words = new WeakMap<object, Uint32Array>();

/** Paints an image on a canvas of its size; without a palette, pixels are opacity. */
export function paint(
  canvas: HTMLCanvasElement,
  { width, height, pixels, palette = OPACITY }: IndexedImage,
): void {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const image = new ImageData(width, height);
  // writes a pixel's four bytes as one word, since a drawing is painted at every frame
  const colours = words.get(palette) ?? new Uint32Array(Uint8Array.from(palette.flat()).buffer);
  words.set(palette, colours);
  const painted = new Uint32Array(image.data.buffer);
  for (let i = 0; i < painted.length; i++) painted[i] = colours[pixels[i]!]!;
  canvas.getContext("2d")!.putImageData(image, 0, 0);
}
