/**
 * The inspect command: every kind of array, escaped names, and what it rejects.
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { cli } from "../helpers/cli.ts";

const FIXTURES = fileURLToPath(new URL("../../fixtures/", import.meta.url));

/** What NumPy found in an array: fixtures/odd_npz.py. */
interface Expected {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly fortranOrder: boolean;
  /** each number as Python prints it */
  readonly values: readonly string[];
}

Deno.test("reference: inspect lists what NumPy reads in unusual files of every kind", async () => {
  const odd: Record<string, Record<string, Expected>> = JSON.parse(
    Deno.readTextFileSync(`${FIXTURES}odd/expected.json`),
  );
  await Promise.all(
    Object.entries(odd).map(async ([file, arrays]) => {
      const run = await cli(["inspect", `${FIXTURES}odd/${file}.npz`]);
      deepStrictEqual([run.code, run.stderr], [0, ""]);
      // columns are separated by at least two spaces; names have single spaces only
      const [head, ...rows] = run.stdout.trimEnd().split("\n").map((line) => line.split(/ {2,}/));
      deepStrictEqual(head, ["name", "dtype", "shape", "order", "min", "mean", "max"]);
      const expected = Object.entries(arrays).map(
        ([name, { shape, dtype, fortranOrder, values }]) => {
          const [min, max] = extremes(values);
          const order = fortranOrder ? "Fortran" : "C";
          return [name, dtype, pythonTuple(shape), order, min, max];
        },
      );
      deepStrictEqual(rows.map((row) => row.toSpliced(5, 1)), expected, file);
      rows.forEach((row, i) => checkMean(row[5]!, Object.values(arrays)[i]!.values));
    }),
  );
});

/** Minimum and maximum, as they are written; NaN is both where there is one. */
function extremes(values: readonly string[]): [string, string] {
  if (values.length === 0) return ["-", "-"];
  if (values.includes("nan")) return ["nan", "nan"];
  const integers = values.every((value) => /^-?\d+$/.test(value));
  const number = (text: string) =>
    integers ? BigInt(text) : Number(text.replace("inf", "Infinity"));
  const sorted = values.toSorted((a, b) => number(a) < number(b) ? -1 : 1);
  return [sorted[0]!, sorted.at(-1)!];
}

function checkMean(shown: string, values: readonly string[]): void {
  const numbers = values.map((value) => Number(value.replace("inf", "Infinity")));
  const [sum, size] = numbers.reduce(([sum, size], x) => [sum + x, size + Math.abs(x)], [0, 0]);
  if (values.length === 0) strictEqual(shown, "-");
  else if (Number.isNaN(sum)) strictEqual(shown, "nan");
  // an addition rounds by 1.1e-16 of the sum so far, which is no more than that of all sizes
  else ok(Math.abs(Number(shown) - sum / values.length) <= 1.2e-16 * size, shown);
}

function pythonTuple(shape: readonly number[]): string {
  return `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;
}
