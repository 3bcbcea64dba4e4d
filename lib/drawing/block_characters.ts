// Images as block characters, for terminals.
import type { GreyImage } from "../data/image.ts";
import { resample } from "./resample.ts";

/** Characters from intensity 0 to 255, and their height relative to their width. */
const SHADES = " ░▒▓█", ASPECT_RATIO = 2;

/** An image as lines of characters, each the mean of two pixels or, in a wide one, of more. */
export function blockCharacters(image: GreyImage, maxColumns: number): string[] {
  const { width, height, pixels: values } = image;
  const columns = Math.min(width, maxColumns), step = width / columns;
  const lines = Math.max(1, Math.round(height / (ASPECT_RATIO * step)));
  const resampled = resample(
    { width, height, values },
    { count: columns, step, start: 0 },
    { count: lines, step: height / lines, start: 0 },
  );
  const characters = Array.from(resampled.values, shade).join("");
  const starts = Array.from({ length: lines }, (_, line) => line * columns);
  return starts.map((start) => characters.slice(start, start + columns));
}

/** The character of an intensity from 0, a space, to 255, a full block. */
export function shade(intensity: number): string {
  return SHADES[Math.round(intensity / 255 * (SHADES.length - 1))]!;
}
