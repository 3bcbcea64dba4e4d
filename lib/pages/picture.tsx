/** @jsxImportSource preact */
// Images on canvases, as the page shows them.
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { IndexedImage } from "../charts/encode_png.ts";
import { paint } from "./paint.ts";

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
