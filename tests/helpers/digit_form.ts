/** Checks of normalizeDigit() on MNIST's own images. */
import { strictEqual } from "node:assert/strict";
import type { Split } from "../../lib/system/data.ts";
import { type GreyImage, normalizeDigit } from "../../mod.ts";
import { mnist } from "./fixtures.ts";

/** First and last nonzero pixel and centre of mass, along both axes. */
export function measure({ width, height, pixels }: GreyImage) {
  let mass = 0;
  const axes = [[width, (i: number) => i % width], [
    height,
    (i: number) => Math.floor(i / width),
  ]] as const;
  const [right, down] = axes.map(([length, place]) => {
    let first = length, last = 0, moment = 0;
    mass = 0;
    pixels.forEach((ink, i) => {
      if (ink === 0) return;
      first = Math.min(first, place(i));
      last = Math.max(last, place(i));
      mass += ink;
      moment += ink * place(i);
    });
    return { first, last, extent: last - first + 1, centre: moment / mass };
  });
  return { right: right!, down: down! };
}

/**
 * Asserts how many images of these, which are all by default, stay unchanged, and how many of the
 * others fill 20 pixels.
 */
export function assertUnchanged(
  split: Split,
  wanted: number,
  filling: number,
  count?: number,
): void {
  const all = mnist(split), data = all.first(count ?? all.count), others = [];
  for (let i = 0; i < data.count; i++) {
    const original = data.image(i), { pixels } = normalizeDigit(original, data.size)!;
    if (pixels.some((ink, p) => ink !== original.pixels[p])) others.push(measure(original));
  }
  strictEqual(data.count - others.length, wanted);
  // most of the others fill only 19 pixels, as their faintest edge was lost
  const whole = others.filter(({ right, down }) => Math.max(right.extent, down.extent) === 20);
  strictEqual(whole.length, filling);
}
