/** Images painted in two colours, and the digits found in them. */
import { deepStrictEqual, ok } from "node:assert/strict";
import { loadParametersOrPretrained } from "../../lib/system/runs.ts";
import {
  argmax,
  Dataset,
  dim,
  extractForeground,
  forward,
  type GreyImage,
  Indices,
  normalizeDigit,
  type RgbaImage,
} from "../../mod.ts";
import { mnist } from "./fixtures.ts";

/** Red, green and blue, 0 to 255. */
export type Colour = readonly [red: number, green: number, blue: number];

export const BLACK: Colour = [0, 0, 0], WHITE: Colour = [255, 255, 255];

/** An image painted in two colours: 255 in one, 0 in the other, values between as mixtures. */
export function painted(
  { width, height, pixels }: GreyImage,
  ink: Colour,
  paper: Colour,
): RgbaImage {
  const data = [...pixels].flatMap((value) => [
    ...paper.map((channel, i) => Math.round(channel + (ink[i]! - channel) * value / 255)),
    255,
  ]);
  return { width, height, data: Uint8Array.from(data) };
}

/**
 * Asserts that the first so many test images, painted in three pairs of colours, keep their classes
 * and probabilities.
 */
export async function assertColoursKeepClasses(count: number): Promise<void> {
  const { parameters } = await loadParametersOrPretrained(undefined);
  const data = mnist("test").first(count), { size } = data;
  for (
    const [ink, paper] of [[WHITE, BLACK], [BLACK, WHITE], [[40, 50, 120], [
      250,
      240,
      210,
    ]]] as const
  ) {
    const pixels = data.pixels.slice();
    for (let i = 0; i < data.count; i++) {
      const picture = painted(data.image(i), ink, paper);
      pixels.set(normalizeDigit(extractForeground(picture)!, size)!.pixels, 784 * i);
    }
    const probabilities = (pixels: Uint8Array) => {
      const all = Indices.of(
        dim("all", data.count),
        Array.from({ length: data.count }, (_, i) => i),
      );
      return forward(parameters, Dataset.of(size, pixels, data.labels).batch(all).X).P;
    };
    const before = probabilities(data.pixels), after = probabilities(pixels);
    deepStrictEqual(argmax(after), argmax(before));
    // the largest value becomes 255, which in one image of nine was 254, and colours are rounded:
    // each pixel by 1 or 2 of 255; measured: 0.0041
    const largest = before.zip(after, (p, q) => Math.abs(p - q)).data.reduce((a, b) =>
      Math.max(a, b)
    );
    ok(largest < 0.01, `${largest}`);
  }
}
