// Normalisation of digits: MNIST's test and training images, and enlarged test images.
import { ok } from "node:assert/strict";
import { loadParametersOrPretrained } from "../../lib/system/runs.ts";
import { upscale } from "../../lib/drawing/resample.ts";
import { Dataset, type Dim, evaluate, normalizeDigit, SimdEngine } from "../../mod.ts";
import { assertUnchanged } from "../helpers/drawings.ts";
import { mnist } from "../helpers/fixtures.ts";

Deno.test("example: normalizeDigit() leaves 9997 of MNIST's 10000 test images unchanged", () => {
  assertUnchanged("test", 9_997, 0);
});

Deno.test("example: normalizeDigit() leaves 59986 of MNIST's 60000 training images unchanged", () => {
  assertUnchanged("train", 59_986, 1); // one of the others is off by a pixel
});

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
