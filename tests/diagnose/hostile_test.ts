/** Arrays that are no step, and steps that cannot be judged. */
import { ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import {
  describeDiagnosis,
  diagnose,
  type NdArray,
  RandomState,
  type StepSymbol,
} from "../../mod.ts";
import { PROJECT, record, stepWith } from "./dumps.ts";

const SIZES = { D: 6, M: 4, K: 3, B: 5 };

function dump(): Map<string, NdArray> {
  return record(stepWith(SIZES, new RandomState(3), []), PROJECT);
}

function array(shape: readonly number[], entry: (i: number) => number = () => 0.5): NdArray {
  const length = shape.reduce((product, size) => product * size, 1);
  const data = Float64Array.from({ length }, (_, i) => entry(i));
  return { shape, dtype: "<f8", fortranOrder: false, data };
}

Deno.test("example: diagnose() of long thin matrices takes no time that grows with their square", () => {
  for (const [D, M, B] of [[40_000, 1, 1], [1, 40_000, 1], [1, 1, 40_000]] as const) {
    const junk = (shape: readonly number[]) => array(shape, (i) => Math.sin(i * i));
    const arrays = new Map<string, NdArray>([
      ["X", junk([D, B])],
      ["labels", array([B], () => 0)],
      ["W1", junk([M, D])],
      ["b1", junk([M])],
      ["W2", junk([2, M])],
      ["b2", junk([2])],
      ...(["A1", "Y1", "dY1", "dA1"] as const).map((name) => [name, junk([M, B])] as const),
      ...(["A2", "P", "dA2"] as const).map((name) => [name, junk([2, B])] as const),
      ["dW1", junk([M, D])],
      ["db1", junk([M])],
      ["W1'", junk([M, D])],
    ]);
    const found = diagnose(arrays);
    ok(found.verdict === "wrong", describeDiagnosis(found, "en"));
    ok(describeDiagnosis(found, "ja").length > 0);
  }
});

const numbers = fc.oneof(
  fc.double(),
  fc.constantFrom(0, 1, -1, NaN, Infinity, -Infinity, 1e308, 5e-324),
);

/** Arrays of any shape and numbers. */
const anyArray: fc.Arbitrary<NdArray> = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 })
  .chain((shape) => {
    const length = shape.reduce((product, size) => product * size, 1);
    return fc.record({
      numbers: fc.array(numbers, { minLength: length, maxLength: length }),
      dtype: fc.constantFrom("<f8", "<f4", "<f2", "|u1"),
    }).map(({ numbers, dtype }): NdArray => ({
      ...{ shape, dtype, fortranOrder: false },
      data: dtype === "<f4"
        ? Float32Array.from(numbers)
        : dtype === "|u1"
        ? Uint8Array.from(numbers)
        : Float64Array.from(numbers),
    }));
  });

const NAMES = [...dump().keys(), "x", "t", "delta_b", "da1", "dz1", "my", "__proto__", "toString"];

Deno.test("law: diagnose() of any arrays returns a diagnosis or a reason", () => {
  const arrays = fc.array(fc.tuple(fc.constantFrom(...NAMES), anyArray), { maxLength: 12 });
  const names = fc.dictionary(
    fc.constantFrom(...NAMES),
    fc.constantFrom<StepSymbol>("dW1", "X", "η", "labels"),
    { maxKeys: 2 },
  );
  fc.assert(fc.property(arrays, names, (arrays, names) => {
    const found = diagnose(new Map(arrays), { names });
    ok(describeDiagnosis(found, "en").length > 0 && describeDiagnosis(found, "ja").length > 0);
  }));
});

Deno.test("law: diagnose() of a step with any array instead of one returns a diagnosis", () => {
  const any = fc.tuple(fc.constantFrom(...dump().keys()), anyArray);
  fc.assert(fc.property(fc.array(any, { minLength: 1, maxLength: 2 }), (changed) => {
    const found = diagnose(new Map([...dump(), ...changed]));
    ok(describeDiagnosis(found, "en").length > 0 && describeDiagnosis(found, "ja").length > 0);
  }));
});

Deno.test("law: diagnose() of a step with any numbers in one quantity finds it wrong", () => {
  const computed = [...dump()].slice(6);
  const name = fc.constantFrom(...computed.map(([name]) => name));
  fc.assert(
    fc.property(name, fc.infiniteStream(numbers), (name, stream) => {
      const arrays = dump(), { shape, data } = arrays.get(name)!;
      const changed = Float64Array.from(data as Float64Array, () => stream.next().value!);
      arrays.set(name, { shape, dtype: "<f8", fortranOrder: false, data: changed });
      const found = diagnose(arrays);
      // where all that follows is right, the array may have been overwritten
      ok(["wrong", "right by another convention"].includes(found.verdict));
      if (found.verdict === "wrong") strictEqual(found.firstWrong?.name, name);
      ok(!describeDiagnosis(found, "en").includes("undefined"));
    }),
    { numRuns: 50 },
  );
});
