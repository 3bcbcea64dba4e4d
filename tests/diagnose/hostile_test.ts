/** Arrays that are no step, and steps that cannot be judged. */
import { deepStrictEqual, doesNotMatch, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import {
  describeDiagnosis,
  diagnose,
  type DiagnoseOptions,
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

/** Why a step cannot be judged. */
function reason(changes: Record<string, NdArray | undefined>, options?: DiagnoseOptions): string {
  const arrays = dump();
  for (const [name, array] of Object.entries(changes)) {
    if (array === undefined) arrays.delete(name);
    else arrays.set(name, array);
  }
  const found = diagnose(arrays, options);
  ok(found.verdict === "undecided", found.verdict);
  // both languages name the same numbers
  const numbers = (text: string) => text.match(/\d+/g)?.toSorted();
  deepStrictEqual(numbers(found.reason.en), numbers(found.reason.ja));
  doesNotMatch(found.reason.ja, / (or|one|for|its) /);
  return found.reason.en;
}

Deno.test("example: diagnose() says what is missing and how to record it", () => {
  strictEqual(
    reason({ labels: undefined, onehot: undefined, b1: undefined }),
    "needs labels (answer), b1, before the step; " +
      "diagnose --recorder prints how to record them",
  );
  const inputs = ["X", "labels", "W1", "b1", "W2", "b2"];
  const others = [...dump().keys()].filter((name) => !inputs.includes(name));
  strictEqual(
    reason(Object.fromEntries(others.map((name) => [name, undefined]))),
    "needs one computed quantity at least; diagnose --recorder prints how to record them",
  );
});

Deno.test("example: diagnose() says which sizes do not fit", () => {
  strictEqual(
    reason({ W1: array([4, 7]) }),
    "X has the shape (6, 5), need 7xB or its transpose",
  );
  strictEqual(
    reason({ W2: array([3, 5]) }),
    "W2 has the shape (3, 5), need 3x4 or its transpose",
  );
  strictEqual(
    reason({ b1: array([0]) }),
    "b1 has the shape (0,), need Mx1 or its transpose",
  );
  strictEqual(
    reason({ labels: array([4]) }),
    "labels has the shape (4,), need 3x5 or its transpose",
  );
});

Deno.test("example: diagnose() says which inputs are no numbers and no classes", () => {
  strictEqual(
    reason({ W1: array([4, 6], (i) => i === 3 ? NaN : 1) }),
    "W1 holds NaN before the step; record an earlier step",
  );
  strictEqual(
    reason({ labels: array([5], (i) => i) }),
    "labels holds 3, need classes from 0 to 2",
  );
  strictEqual(
    reason({ labels: array([3, 5]) }),
    "labels is not one-hot: need a single 1 among 3 classes for each example",
  );
});

Deno.test("example: diagnose() says which names are ambiguous or unknown", () => {
  strictEqual(
    reason({ delta_W1: array([4, 6]) }),
    "dW1 and delta_W1 both name dW1; choose one with --names",
  );
  const names = { mine: "dW1" } as const;
  ok(reason({}, { names }).startsWith("has no array mine, only X, labels, W1, "));
  throws(
    () => diagnose(dump(), { names: { dW1: "dW9" as "dW1" } }),
    new RangeError(
      'Cannot take "dW1" for the string "dW9": need one of X labels W1 b1 W2 b2 η ' +
        "A1 Y1 A2 P onehot L E dA2 dW2 db2 dY1 dA1 dW1 db1 W1' b1' W2' b2'",
    ),
  );
});

Deno.test("example: diagnose() takes names that are given before the usual ones", () => {
  const arrays = dump();
  arrays.set("mine", arrays.get("dW1")!);
  arrays.set("dW1", array([4, 6]));
  const found = diagnose(arrays, { names: { mine: "dW1" } });
  ok(found.verdict === "right", describeDiagnosis(found, "en"));
  strictEqual(found.quantities.find(({ symbol }) => symbol === "dW1")?.name, "mine");
  deepStrictEqual(found.unused, ["dW1"]);
});

Deno.test("example: diagnose() refuses a step that would take minutes", () => {
  const zeros = (shape: readonly number[], dtype: string, data: NdArray["data"]): NdArray => ({
    ...{ shape, dtype, fortranOrder: false, data },
  });
  const arrays = new Map<string, NdArray>([
    ["X", zeros([2000, 2000], "|u1", new Uint8Array(4e6))],
    ["labels", zeros([2000], "|u1", new Uint8Array(2000))],
    ["W1", zeros([1000, 2000], "<f4", new Float32Array(2e6))],
    ["b1", zeros([1000], "<f4", new Float32Array(1000))],
    ["W2", zeros([2, 1000], "<f4", new Float32Array(2000))],
    ["b2", zeros([2], "<f4", new Float32Array(2))],
    ["E", array([])],
  ]);
  const found = diagnose(arrays);
  ok(found.verdict === "undecided");
  strictEqual(
    found.reason.en,
    "is too large: 2000x1000 weights and 2000 examples; record a step of fewer examples",
  );
});

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

Deno.test("law: diagnose() of a step with any array in place of one returns a diagnosis", () => {
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
