/** Which array of a file is which quantity of the step, by its numbers and by its name. */
import { ok, strictEqual } from "node:assert/strict";
import { readStepDump, type StepDump } from "../../lib/diagnose/dump.ts";
import { problemWords } from "../../lib/diagnose/words.ts";
import { type DiagnoseOptions, type NdArray, RandomState, type StepSymbol } from "../../mod.ts";
import { ARRAY_NAMES } from "./array_names.ts";
import { PROJECT, record, stepWith } from "./dumps.ts";

const SIZES = { D: 30, M: 8, K: 5, B: 12 };
const RIGHT = stepWith(SIZES, new RandomState(5), []);

function array(shape: readonly number[], entry: (i: number) => number = () => 0.5): NdArray {
  const length = shape.reduce((product, size) => product * size, 1);
  const data = Float64Array.from({ length }, (_, i) => entry(i));
  return { shape, dtype: "<f8", fortranOrder: false, data };
}

function read(arrays: ReadonlyMap<string, NdArray>, options?: DiagnoseOptions): StepDump {
  const dump = readStepDump(arrays, options);
  ok(!("problem" in dump), "problem" in dump ? problemWords(dump.problem).en : "");
  return dump;
}

/** The symbols by the names of the arrays that they are read from. */
function symbolsByName({ readings: [reading] }: StepDump): Record<string, StepSymbol> {
  const { sources, recorded } = reading!;
  return Object.fromEntries(
    [...sources, ...recorded].map(([symbol, { name }]) => [name, symbol]),
  );
}

/** The arrays under other names. */
function renamed(
  arrays: ReadonlyMap<string, NdArray>,
  rename: (name: string, i: number) => string,
): Map<string, NdArray> {
  return new Map([...arrays].map(([name, array], i) => [rename(name, i), array]));
}

Deno.test("law: readStepDump() reads 285 of 307 names that people give to one array", () => {
  const arrays = record(RIGHT, PROJECT);
  const wrong: string[] = [];
  for (const [symbol, names] of Object.entries(ARRAY_NAMES)) {
    for (const name of names!.split(" ")) {
      const one = new Map(
        symbol === "η"
          ? [...arrays, [name, array([])]]
          : renamed(arrays, (other) => other === symbol ? name : other),
      );
      const dump = readStepDump(one);
      if ("problem" in dump || symbolsByName(dump)[name] !== symbol) wrong.push(name);
    }
  }
  ok(wrong.length <= 307 - 285, wrong.join(" "));
});

Deno.test("example: readStepDump() reads z as sums and a as outputs where the numbers say so", () => {
  const names: Record<string, StepSymbol> = { z1: "A1", a1: "Y1", z2: "A2", a2: "P" };
  const gradients: Record<string, StepSymbol> = { dz2: "dA2", da1: "dY1", dz1: "dA1" };
  const all = new Map(Object.entries({ ...names, ...gradients }).map(([a, b]) => [b as string, a]));
  const found = symbolsByName(
    read(renamed(record(RIGHT, PROJECT), (name) => all.get(name) ?? name)),
  );
  for (const [symbol, name] of all) strictEqual(found[name], symbol);
});
