/** What normalizeDigit() leaves of MNIST's own images. */
import { strictEqual } from "node:assert/strict";
import type { Split } from "../../lib/system/data_files.ts";
import { type GreyImage, normalizeDigit } from "../../mod.ts";
import { mnist } from "./fixtures.ts";

/** Pixels from the first with ink to the last, and where the centre of mass lies, to the right and downwards. */
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

/** Asserts that so many images are their own normal form; of the others `filling` fill their 20 pixels. */
export function assertUnchanged(split: Split, wanted: number, filling: number): void {
  const data = mnist(split), others = [];
  for (let i = 0; i < data.count; i++) {
    const original = data.image(i), { pixels } = normalizeDigit(original, data.size)!;
    if (pixels.some((ink, p) => ink !== original.pixels[p])) others.push(measure(original));
  }
  strictEqual(data.count - others.length, wanted);
  // most of the others fill 19 pixels and not 20, their faintest edge having been lost
  const whole = others.filter(({ right, down }) => Math.max(right.extent, down.extent) === 20);
  strictEqual(whole.length, filling);
}
