/**
 * Exported models in ONNX Runtime: `deno task onnx`.
 *
 * These tests have a configuration and a lock file of their own, as ONNX Runtime is 301 MB large
 * (114 MB to download).
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { InferenceSession, Tensor } from "onnxruntime-node";
import main from "../../deno.json" with { type: "json" };
import { writeOnnx } from "../../lib/storage/onnx_file.ts";
import {
  type AnyParameters,
  argmax,
  dim,
  forward,
  initialise,
  Matrix,
  RandomState,
  readParameters,
  REPORT_SETTINGS,
  SimdEngine,
  train,
} from "../../mod.ts";
import { matrix, parameters, sizes } from "../helpers/arbitraries.ts";
import { mnist } from "../helpers/fixtures.ts";
import own from "./deno.json" with { type: "json" };

/**
 * How much a probability may differ from the library's: ONNX Runtime adds in another order and has
 * another exp.
 *
 * Measured on the networks below: at most 2.6e-6 and 4.9e-15. Fully trained networks differ most,
 * as their weights are the largest. Four times as much is allowed, as ONNX Runtime has different
 * code for different processors.
 */
const BOUNDS = { float32: 1e-5, float64: 2e-14 };

/** The variants of a model. */
const FORMS = (["float32", "float64"] as const).flatMap((type) =>
  [false, true].map((raw) => ({ type, raw }))
);
type Form = typeof FORMS[number];

/** Runs a model on N x D bytes: its N x K probabilities, transposed, and its metadata. */
async function runOnnx(parameters: AnyParameters, form: Form, bytes: Uint8Array, N: number) {
  const session = await InferenceSession.create(writeOnnx(parameters, form));
  const shape = [N, parameters.W1.columns];
  const scaled = form.type === "float32"
    ? Float32Array.from(bytes, (byte) => byte / 255)
    : Float64Array.from(bytes, (byte) => byte / 255);
  const pixels = form.raw
    ? new Tensor("uint8", bytes, shape)
    : new Tensor(form.type, scaled, shape);
  const { probabilities } = await session.run({ pixels });
  const { inputMetadata, outputMetadata } = session;
  await session.release();
  const rows = dim("images", N), classes = dim("classes", parameters.W2.rows);
  deepStrictEqual([...probabilities!.dims], [rows, classes]);
  return {
    P: Matrix.of(rows, classes, probabilities!.data as Float32Array | Float64Array).transposed,
    metadata: [...inputMetadata, ...outputMetadata],
  };
}

function largestDifference(left: ArrayLike<number>, right: ArrayLike<number>): number {
  strictEqual(left.length, right.length);
  let largest = 0; // NaN if a difference is NaN, which fails every bound
  for (let i = 0; i < left.length; i++) {
    largest = Math.max(largest, Math.abs(left[i]! - right[i]!));
  }
  return largest;
}

/** A network of the report's sizes after two epochs of its training. */
function shortTrained(): AnyParameters {
  const { seed, hidden } = REPORT_SETTINGS;
  const data = mnist("train"), random = new RandomState(seed);
  const initial = initialise(data.inputs, dim("hidden", hidden), data.classes, random);
  const engine = new SimdEngine(initial, data);
  for (const _ of train(engine, random, { ...REPORT_SETTINGS, epochs: 2 }));
  return engine.parameters;
}

/** The parameters at the end of the report's experiment. */
function fullyTrained(): AnyParameters {
  const file = new URL("../../docs/reproduction/parameter_10000.npz", import.meta.url);
  return readParameters(Deno.readFileSync(file));
}

// In float32 a class could change if two probabilities of an image are nearly equal. The closest
// two are 7.2e-6 apart in the network after two epochs, 29 times the difference measured for it,
// and 8.8e-4 apart in the fully trained one.
for (
  const [name, network] of [["two epochs", shortTrained], ["fully trained", fullyTrained]] as const
) {
  Deno.test(`reference: ONNX Runtime has the library's classes and probabilities for all test images: ${name}`, async () => {
    const test = mnist("test"), parameters = network();
    const all = [...test.chunks()].map((chunk) => forward(parameters, test.batch(chunk).X).P);
    const expected = all.flatMap((P) => [...P.transposed.data]);
    const classes = all.flatMap((P) => [...argmax(P)]);
    strictEqual(classes.length, 10_000);
    for (const form of FORMS) {
      const { P } = await runOnnx(parameters, form, test.pixels, test.count);
      const difference = largestDifference(P.transposed.data, expected);
      ok(difference <= BOUNDS[form.type], `${JSON.stringify(form)}: ${difference}`);
      deepStrictEqual([...argmax(P)], classes, JSON.stringify(form));
    }
  });
}

Deno.test("law: ONNX Runtime has the library's probabilities, for networks and batches of any shape", async () => {
  const cases = sizes.chain((size) =>
    fc.record({
      network: parameters(size),
      bytes: matrix(size.B, size.D, fc.integer({ min: 0, max: 255 })),
      form: fc.constantFrom(...FORMS),
    })
  );
  await fc.assert(fc.asyncProperty(cases, async ({ network, bytes, form }) => {
    const expected = forward(network, bytes.transposed.map((byte) => byte / 255)).P;
    const { P } = await runOnnx(network, form, Uint8Array.from(bytes.data), bytes.rows);
    const difference = largestDifference(P.data, expected.data);
    ok(difference <= BOUNDS[form.type], `${difference}`);
  }));
});

Deno.test("reference: ONNX Runtime reads the names, types and shapes of inputs and outputs", async () => {
  const network = initialise(
    dim("inputs", 6),
    dim("hidden", 4),
    dim("classes", 3),
    new RandomState(1),
  );
  for (const form of FORMS) {
    const { metadata } = await runOnnx(network, form, new Uint8Array(12), 2);
    const values = metadata.map((value) => value.isTensor && [value.name, value.type, value.shape]);
    deepStrictEqual(values, [
      ["pixels", form.raw ? "uint8" : form.type, ["N", 6]],
      ["probabilities", form.type, ["N", 3]],
    ]);
  }
});

Deno.test("example: these tests use the packages of the program and ONNX Runtime", () => {
  const { "onnxruntime-node": onnxRuntime, ...shared } = own.imports;
  ok(onnxRuntime.startsWith("npm:onnxruntime-node@"));
  deepStrictEqual({ ...main.imports, ...shared }, main.imports);
});
