/** The diagnosis of right steps, of steps with mistakes, and of arrays that are no step. */
import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import type { RunTimeStep } from "../../lib/network/step.ts";
import {
  describeDiagnosis,
  diagnose,
  MISTAKES,
  type NdArray,
  RandomState,
  type RunTimeMatrix,
  type StepSymbol,
} from "../../mod.ts";
import { PROJECT, record, stepWith } from "./dumps.ts";

const SIZES = { D: 30, M: 8, K: 5, B: 12 };

Deno.test("example: diagnose() of a right step finds every quantity right", () => {
  const found = diagnose(record(stepWith(SIZES, new RandomState(1), []), PROJECT));
  ok(found.verdict === "right");
  strictEqual(found.firstWrong, undefined);
  deepStrictEqual([...new Set(found.quantities.map(({ status }) => status))], ["ok"]);
  strictEqual(found.quantities.length, PROJECT.recorded.length);
  strictEqual(found.learningRate?.inferred, true);
  strictEqual(found.learningRate.value, 0.01);
});

Deno.test("example: diagnose() names a mistake and what follows from it", () => {
  const mistake = MISTAKES.find(({ id }) => id === "dW1/divided-by-B-twice")!;
  const found = diagnose(record(stepWith(SIZES, new RandomState(1), [mistake]), PROJECT));
  ok(found.verdict === "wrong");
  strictEqual(found.firstWrong?.symbol, "dW1");
  deepStrictEqual(found.firstWrong.causes[0]?.mistakes, [mistake]);
  const statuses = found.quantities.filter(({ status }) => status !== "ok");
  deepStrictEqual(statuses.map(({ symbol, status }) => `${symbol} ${status}`), [
    "dW1 wrong",
    "W1' follows",
  ]);
});

Deno.test("example: describeDiagnosis() answers a student in English and Japanese", () => {
  const mistake = MISTAKES.find(({ id }) => id === "dA1/1-y-lost")!;
  const step = stepWith(SIZES, new RandomState(1), [mistake]);
  const found = diagnose(record(step, { ...PROJECT, program: "listing" }));
  const [en, ja] = (["en", "ja"] as const).map((language) =>
    describeDiagnosis(found, language, false).split("\n").map((line) =>
      line.replace(/-?\d+\.\d+(e-\d+)?/g, "N").replaceAll(/ +N/g, " N")
    )
  );
  strictEqual(en![0], "First wrong: dA1 (delta_a): the factor (1 - Y1) is lost.");
  strictEqual(en![1], "  yours  delta_a = delta_y1 * output1");
  strictEqual(en![2], "  right  delta_a = delta_y1 * (1 - output1) * output1");
  ok(/^ {2}delta_a\[\d, \d+\] +yours N +should be N$/.test(en![3]!), en![3]);
  deepStrictEqual(en!.slice(6), [
    "  Right before it: A1, Y1, A2, P, onehot, L, E, dA2, dW2, db2, dY1.",
    "  dW1, db1, W1', b1' follow from it.",
    "  --all shows every quantity",
  ]);
  deepStrictEqual(ja!.slice(0, 3), [
    "最初の誤り: dA1 (delta_a): (1 - Y1) を掛けていない。",
    "  あなたの式  delta_a = delta_y1 * output1",
    "  正しい式    delta_a = delta_y1 * (1 - output1) * output1",
  ]);
  deepStrictEqual(ja!.slice(6), [
    "  ここまでで正しいもの: A1、Y1、A2、P、onehot、L、E、dA2、dW2、db2、dY1。",
    "  dW1、db1、W1'、b1' はこの誤りによる。",
    "  --all ですべての量を表示する",
  ]);
});

/** Mistakes, and what the answers say of them. */
const SAID: readonly (readonly [id: string, en: RegExp, ja: RegExp])[] = [
  ["L/wrong-sign", /\n {2}E follows from it\./, /\n {2}E はこの誤りによる。/],
  ["dA1/1-y-lost", /dW1, db1, W1', b1' follow from it\./, /あなたの値 +\S+ {2}正しくは/],
  ["X/inverted", /dW1: in X, the images are/, /dW1: X で、/],
];

for (const [id, en, ja] of SAID) {
  Deno.test(`example: describeDiagnosis() of ${id} says what is right and what follows`, () => {
    const [mistake, right] = [[MISTAKES.find((one) => one.id === id)!], []].map((mistakes) =>
      stepWith(SIZES, new RandomState(1), mistakes)
    );
    // of mistakes in X, that in the backward pass
    const { dA1, X } = right! as unknown as RunTimeStep, { transposed } = X.map((x) => 1 - x);
    const step = id.startsWith("X") ? { ...right, dW1: dA1.multiply(transposed) } : mistake!;
    const found = diagnose(record(step, PROJECT));
    match(describeDiagnosis(found, "en", false), en);
    match(describeDiagnosis(found, "ja", false), ja);
  });
}

Deno.test("example: describeDiagnosis() writes factors of more than 1e21", () => {
  const { dA1, ...step } = stepWith(SIZES, new RandomState(1), []);
  const wrong = { ...step, dA1: (dA1 as RunTimeMatrix).scale(1.5e30) };
  const text = describeDiagnosis(diagnose(record(wrong, { ...PROJECT, recorded: ["dA1"] })), "en");
  match(text, /^ {2}yours {2}dA1 = 1\.5e\+30 \* /m);
});

Deno.test("example: describeDiagnosis() leaves out lines of yours and right that are equal", () => {
  const mistake = MISTAKES.find(({ id }) => id === "dA1/1-y-lost")!;
  const found = diagnose(record(stepWith(SIZES, new RandomState(1), [mistake]), PROJECT));
  ok(found.verdict === "wrong");
  const { firstWrong: wrong } = found,
    causes = [{ ...wrong!.causes[0]!, formula: "dY1 (1 - Y1) Y1" }];
  const text = describeDiagnosis({ ...found, firstWrong: { ...wrong!, causes } }, "en", false);
  doesNotMatch(text, /^ {2}(yours|right) /m);
  match(text, /^ {2}equation: dA1 = dY1 \(1 - Y1\) Y1$/m);
});

/** The arrays of a small right step. */
const small = () => record(stepWith({ D: 6, M: 4, K: 3, B: 5 }, new RandomState(3), []), PROJECT);

const numbers = fc.oneof(
  fc.double(),
  fc.constantFrom(0, 1, -1, NaN, Infinity, -Infinity, 1e308, 5e-324),
);

const ARRAYS = { "<f8": Float64Array, "<f4": Float32Array, "<f2": Float64Array, "|u1": Uint8Array };

/** Arrays of any shape and numbers. */
const anyArray: fc.Arbitrary<NdArray> = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 })
  .chain((shape) => {
    const length = shape.reduce((product, size) => product * size, 1);
    return fc.record({
      data: fc.array(numbers, { minLength: length, maxLength: length }),
      dtype: fc.constantFrom("<f8", "<f4", "<f2", "|u1"),
    }).map(({ data, dtype }): NdArray => {
      return { shape, dtype, fortranOrder: false, data: ARRAYS[dtype].from(data) };
    });
  });

Deno.test("law: diagnose() of any arrays, alone or in a step, returns a diagnosis or a reason", () => {
  const more = ["x", "t", "delta_b", "da1", "dz1", "my", "__proto__", "toString"];
  const name = fc.constantFrom(...small().keys(), ...more);
  const arrays = fc.array(fc.tuple(name, anyArray), { minLength: 1, maxLength: 12 });
  const symbols = fc.constantFrom<StepSymbol>("dW1", "X", "η", "labels");
  const names = fc.dictionary(name, symbols, { maxKeys: 2 });
  fc.assert(fc.property(arrays, names, (arrays, names) => {
    for (
      const found of [
        diagnose(new Map(arrays), { names }),
        diagnose(new Map([...small(), ...arrays.slice(0, 2)])),
      ]
    ) for (const language of ["en", "ja"] as const) ok(describeDiagnosis(found, language) !== "");
  }));
});

Deno.test("law: diagnose() of a step with any numbers in one quantity finds it wrong", () => {
  const name = fc.constantFrom(...[...small().keys()].slice(6));
  const property = fc.property(name, fc.infiniteStream(numbers), (name, stream) => {
    const arrays = small(), { data, ...array } = arrays.get(name)!;
    const changed = Float64Array.from(data as Float64Array, () => stream.next().value!);
    const found = diagnose(arrays.set(name, { ...array, data: changed }));
    // where all that follows is right, the array may have been overwritten; a loss may be another
    const isLoss = found.verdict === "undecided" && /^all is right but [LE]/.test(found.reason.en);
    ok(isLoss || ["wrong", "right by another convention"].includes(found.verdict));
    if (found.verdict === "wrong") strictEqual(found.firstWrong?.name, name);
    ok(!describeDiagnosis(found, "en").includes("undefined"));
  });
  fc.assert(property, { numRuns: 50 });
});
