// MNIST's form: the training images have it already, and enlarged test images come back to it.
import { ok } from "node:assert/strict";
import { loadParametersOrPretrained } from "../../lib/system/npz_files.ts";
import { Dataset, type Dim, evaluate, normalizeDigit, SimdEngine, upscale } from "../../mod.ts";
import { assertUnchanged } from "../helpers/digit_form.ts";
import { mnist } from "../helpers/fixtures.ts";

Deno.test("example: normalizeDigit() leaves 59986 of MNIST's 60000 train images as they are", () => {
  assertUnchanged("train", 59_986, 1); // the one lies a pixel beside
});

Deno.test("example: normalizeDigit() of enlarged test images: as many of 200 are recognised as of themselves, but for 4 at most", async () => {
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
  // more than one in fifty lost would be felt
  ok(before > 190 && after >= before - 4, `${after} of 200, ${before} before`);
});
