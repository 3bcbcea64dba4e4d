/**
 * The inspect command against NumPy: every kind of array.
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
      const run = await cli(["inspect", `${FIXTURES}odd/${file}.npz`, "--json"]);
      deepStrictEqual([run.code, run.stderr], [0, ""]);
      const found = JSON.parse(run.stdout.replaceAll(/(?<="m..":)[-\d]\d*(?=[,}])/g, '"$&n"'))
        .arrays as Record<string, unknown>[];
      deepStrictEqual(
        found.map(({ mean: _, ...array }) => array),
        Object.entries(arrays).map(([name, { shape, dtype, fortranOrder, values }]) => {
          const order = fortranOrder ? "Fortran" : "C";
          return { name, dtype, shape, order, ...extremes(values, dtype) };
        }),
        file,
      );
      found.forEach(({ mean }, i) => checkMean(mean, Object.values(arrays)[i]!.values));
    }),
  );
});

/** Minimum and maximum as in JSON, integers here as texts; what is not finite is null there. */
function extremes(values: readonly string[], dtype: string) {
  if (values.length === 0 || values.includes("nan")) return { min: null, max: null };
  const isFloat = dtype.includes("f");
  const number = (text: string) => isFloat ? toNumber(text) : BigInt(text);
  const sorted = values.map(number).sort((a, b) => a < b ? -1 : 1);
  const written = (x: number | bigint) =>
    Number.isInteger(x) || typeof x === "bigint" ? `${x}n` : Number.isFinite(x) ? x : null;
  return { min: written(sorted[0]!), max: written(sorted.at(-1)!) };
}

function checkMean(mean: unknown, values: readonly string[]): void {
  const numbers = values.map(toNumber);
  const [sum, size] = numbers.reduce(([sum, size], x) => [sum + x, size + Math.abs(x)], [0, 0]);
  if (values.length === 0 || !Number.isFinite(sum)) strictEqual(mean, null);
  // an addition rounds by 1.1e-16 of the sum so far, which is no more than that of all sizes
  else ok(Math.abs(mean as number - sum / values.length) <= 1.2e-16 * size, `${mean}`);
}

function toNumber(text: string): number {
  return Number(text.replace("inf", "Infinity"));
}
