// The option --engine, and the engines that it names.
import { ok, strictEqual, throws } from "node:assert/strict";
import {
  Dataset,
  dim,
  initialise,
  Matrix,
  RandomState,
  ReferenceEngine,
  SimdEngine,
} from "../../mod.ts";
import { defaultThreads, engineOption, makeEngine } from "../../lib/system/engines.ts";

const data = Dataset.of({ width: 1, height: 1 }, Uint8Array.of(9), Uint8Array.of(0));
const parameters = initialise(data.inputs, dim("hidden", 2), data.classes, new RandomState(1));

Deno.test("example: engineOption() is the fast engine by default", () => {
  strictEqual(engineOption().defaultValue, "simd");
});

Deno.test("example: makeEngine() makes the engine of that name", () => {
  ok(makeEngine("simd", parameters, data) instanceof SimdEngine);
  ok(makeEngine("reference", parameters, data) instanceof ReferenceEngine);
});

Deno.test("example: makeEngine() names the option if the engine cannot be made", () => {
  const wide = Dataset.of({ width: 65537, height: 1 }, new Uint8Array(65537), Uint8Array.of(0));
  const large = initialise(wide.inputs, dim("hidden", 1), wide.classes, new RandomState(1));
  throws(() => makeEngine("simd", large, wide), {
    name: "UserError",
    message: "--engine simd: Cannot train on images of 65537 pixels: need at most 65536",
  });
});

Deno.test("example: defaultThreads() is 1 for little data, else the number of processors up to 4", () => {
  strictEqual(defaultThreads(parameters, data), 1);
  const many = Dataset.of({ width: 1000, height: 500 }, new Uint8Array(5e5), Uint8Array.of(0));
  const wide = { ...parameters, W1: Matrix.zeros(dim("hidden", 2000), dim("inputs", 1)) };
  strictEqual(defaultThreads(wide, many), Math.min(navigator.hardwareConcurrency, 4));
});
