// Images on canvases, as the page shows them.
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { IndexedImage } from "../charts/encode_png.ts";
import { paint } from "./playground/browser/paint.ts";

/** A canvas with an image of its size; without a palette, its pixels are ink. */
export function Picture(
  { image, ...attributes }: { readonly image: IndexedImage } & JSX.IntrinsicElements["canvas"],
): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => paint(canvas.current!, image));
  const ink = image.palette === undefined ? "ink" : "";
  return <canvas ref={canvas} {...attributes} class={`${attributes.class ?? ""} ${ink}`.trim()} />;
}
