// Normalisation of digits: MNIST's test and training images, and enlarged test images.
import { ok, strictEqual } from "node:assert/strict";
import { loadParametersOrPretrained } from "../../lib/system/runs.ts";
import { upscale } from "../../lib/drawing/resample.ts";
import { Dataset, type Dim, evaluate, normalizeDigit, SimdEngine } from "../../mod.ts";
import { measure } from "../helpers/drawings.ts";
import { mnist } from "../helpers/fixtures.ts";

for (const [split, unchanged, filling] of [["test", 9_997, 0], ["train", 59_986, 1]] as const) {
  Deno.test(`example: normalizeDigit() leaves ${unchanged} of MNIST's ${split} images unchanged`, () => {
    const data = mnist(split), others = [];
    for (let i = 0; i < data.count; i++) {
      const original = data.image(i), { pixels } = normalizeDigit(original, data.size)!;
      if (pixels.some((ink, p) => ink !== original.pixels[p])) others.push(measure(original));
    }
    strictEqual(data.count - others.length, unchanged);
    // most of the others fill only 19 pixels, as their faintest edge was lost; one is off by a pixel
    const whole = others.filter(({ right, down }) => Math.max(right.extent, down.extent) === 20);
    strictEqual(whole.length, filling);
  });
}

Deno.test("example: normalizeDigit() of 200 enlarged test images loses at most 4 correct classifications", async () => {
  const { parameters } = await loadParametersOrPretrained(undefined);
  const direct = mnist("test").first(200);
  const pixels = direct.pixels.slice();
  for (let i = 0; i < direct.count; i++) {
    const again = normalizeDigit(upscale(direct.image(i), 10), direct.size)!;
    pixels.set(again.pixels, i * direct.inputs);
  }
  const correct = (data: Dataset<Dim<"inputs">>) =>
    evaluate(new SimdEngine(parameters, data)).correct;
  const [before, after] = [
    correct(direct),
    correct(Dataset.of(direct.size, pixels, direct.labels)),
  ];
  // a user would notice one in fifty lost
  ok(before > 190 && after >= before - 4, `${after} of 200, ${before} before`);
});
