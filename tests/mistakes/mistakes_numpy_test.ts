/** The mistakes against their equations in NumPy, and against what people type in mistakes.py. */
import { deepStrictEqual, ok } from "node:assert/strict";
import { numpyOf } from "../../lib/explain/numpy.ts";
import { type AnyMatrix, dim, Indices, Matrix, MISTAKES, STEP } from "../../mod.ts";
import { Folder } from "../helpers/folder.ts";
import { numpyTest, python } from "../helpers/numpy.ts";
import { differenceMade, isWrong, run, type SampleStep, sampleSteps } from "./sample_steps.ts";

/** NumPy adds in another order, and its exp and log differ from these in the last bit. */
const BOUND = 1e-10;

const samples = sampleSteps(601);
const script = new URL("mistakes.py", import.meta.url);

/** A matrix's rows as lists. */
function rows({ columns, data }: AnyMatrix): number[][] {
  return Array.from({ length: data.length / columns }, (_, row) => [
    ...data.subarray(row * columns, (row + 1) * columns),
  ]);
}

/** A quantity for JSON. */
function toLists(value: unknown): unknown {
  if (value instanceof Indices) return [...value.values];
  return value instanceof Matrix ? rows(value) : value;
}

/** The matrix of rows that Python printed, in which numbers that are not finite are texts. */
function fromRows(printed: readonly (readonly (number | string)[])[]): AnyMatrix {
  const numbers = printed.flat().map(Number);
  return Matrix.of(dim("any", printed.length), dim("any", printed[0]!.length), numbers);
}

/** What NumPy is to compute from a sample step, and what it should be. */
function formsOf(sample: SampleStep) {
  const step = run(sample), isLarge = sample.name === "large scores";
  // the equations do not say how to avoid an overflow; that of onehot has no form
  const right = STEP.filter(({ symbol }) => !isLarge && symbol !== "onehot")
    .map(({ symbol, equation }) => ({
      id: symbol,
      quantity: symbol,
      equation,
      found: step[symbol] as AnyMatrix | undefined,
    }));
  // with large scores the losses that people compute from P are all NaN: 0 · ln 0
  const shown = MISTAKES.filter((one) => !isLarge || !isWrong(differenceMade(one, samples[0]!)))
    .map(({ compute, ...mistake }) => ({ ...mistake, found: compute(step) }));
  return [...right, ...shown].flatMap(({ id, quantity, equation, found }) =>
    [false, true].flatMap((rowsAreExamples) => {
      const form = numpyOf(equation, { rowsAreExamples, nameOf: (symbol) => symbol });
      if (found === undefined || (form === undefined && rowsAreExamples)) return [];
      return [{ id, quantity, form, rowsAreExamples, found, right: step[quantity] }];
    })
  );
}

numpyTest(
  "reference: MISTAKES have the numbers of their equations in NumPy, or of what people type, as the right quantities have, in each sample step that shows them",
  () => {
    const forms = samples.map(formsOf);
    const steps = samples.map((sample, i) => ({
      values: Object.fromEntries(
        Object.entries(run(sample)).map(([name, value]) => [name, toLists(value)]),
      ),
      forms: forms[i]!.map(({ found: _, right: _right, ...form }) => form),
    }));
    using folder = new Folder({ "steps.json": JSON.stringify(steps) });
    const printed = python(Deno.readTextFileSync(script), folder.file("steps.json"));
    const { ids, results } = JSON.parse(printed.replaceAll(/-?(?:NaN|Infinity)/g, '"$&"'));
    const typed = forms.flat().filter(({ form }) => form === undefined).map(({ id }) => id);
    deepStrictEqual(ids.toSorted(), [...new Set(typed)].toSorted());
    forms.forEach((forms, i) =>
      forms.forEach(({ id, form, found, right }, k) => {
        const wanted = fromRows(results[i][k]), what = `${id}, ${samples[i]!.name}: ${form}`;
        deepStrictEqual([found.rows, found.columns], [wanted.rows, wanted.columns], what);
        // the correct quantity too, since the sum of all entries of dA2 is nothing but rounding
        const scale = Math.max(...finite(wanted), ...finite(right));
        const wrong = found.data.findIndex((x, k) => {
          const y = wanted.data[k]!;
          return Number.isFinite(y) ? !(Math.abs(x - y) <= BOUND * scale) : !Object.is(x, y);
        });
        ok(wrong < 0, `${what}: ${found.data[wrong]}, NumPy ${wanted.data[wrong]}`);
      })
    );
  },
);

/** The absolute values of the entries that are finite. */
function finite({ data }: AnyMatrix): Float64Array {
  return data.filter(Number.isFinite).map(Math.abs);
}
