/** The mistakes against mistakes.py, which has each of them as people type it in NumPy. */
import { deepStrictEqual, ok } from "node:assert/strict";
import { type AnyMatrix, dim, Indices, Matrix, MISTAKES, STEP } from "../../mod.ts";
import { Folder } from "../helpers/folder.ts";
import { numpyTest, python } from "../helpers/numpy.ts";
import { numpyOf } from "../../lib/explain/numpy.ts";
import { differenceMade, isWrong, run, sampleSteps } from "./sample_steps.ts";

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

type Printed = readonly (readonly (number | string)[])[];

/** The matrix of rows that Python printed, in which numbers that are not finite are texts. */
function fromRows(printed: Printed): AnyMatrix {
  const numbers = printed.flat().map(Number);
  return Matrix.of(dim("any", printed.length), dim("any", printed[0]!.length), numbers);
}

/** The equations that have a form in NumPy, in both layouts, and what they should give. */
function writtenEquations(step: ReturnType<typeof run>) {
  const nameOf = (symbol: string) => symbol;
  const mistakes = MISTAKES.map(({ compute, ...rest }) => ({ ...rest, found: compute(step) }));
  const right = STEP.map(({ symbol, equation }) => ({
    id: symbol,
    quantity: symbol,
    equation,
    found: step[symbol],
  }));
  return [...right, ...mistakes].flatMap(({ id, quantity, equation, found }) => {
    const forms = [false, true].map((rowsAreExamples) =>
      numpyOf(equation, { rowsAreExamples, nameOf })
    );
    return found === undefined || forms.includes(undefined) ? [] : [{ id, quantity, forms, found }];
  });
}

/** Whether NumPy gives the same numbers, but for rounding beside the right quantity. */
function assertSame(found: AnyMatrix, printed: Printed, right: AnyMatrix, what: string): void {
  const wanted = fromRows(printed);
  deepStrictEqual([found.rows, found.columns], [wanted.rows, wanted.columns], what);
  // the correct quantity too, since the sum of all entries of dA2 is nothing but rounding
  const scale = Math.max(...finite(wanted), ...finite(right));
  const wrong = found.data.findIndex((x, k) => {
    const y = wanted.data[k]!;
    return Number.isFinite(y) ? !(Math.abs(x - y) <= BOUND * scale) : !Object.is(x, y);
  });
  ok(wrong < 0, `${what}: ${found.data[wrong]}, NumPy ${wanted.data[wrong]}`);
}

numpyTest(
  "reference: MISTAKES have the numbers of the same mistakes in NumPy, in each sample step that shows them, and so have their equations as numpyOf() writes them",
  () => {
    const steps = samples.map((sample) => {
      const step = run(sample);
      const values = Object.entries(step).map(([name, value]) => [name, toLists(value)]);
      const possible = MISTAKES.filter((mistake) => mistake.compute(step) !== undefined);
      // with large scores the losses that people compute from P are all NaN: 0 · ln 0
      const shown = sample.name !== "large scores"
        ? possible
        : possible.filter((mistake) => !isWrong(differenceMade(mistake, samples[0]!)));
      // nor do the equations say how to avoid an overflow
      const written = sample.name === "large scores" ? [] : writtenEquations(step);
      return {
        values: Object.fromEntries(values),
        ids: shown.map(({ id }) => id),
        written: written.map(({ quantity, forms }) => [quantity, ...forms]),
      };
    });
    using folder = new Folder({ "steps.json": JSON.stringify(steps) });
    const printed = python(Deno.readTextFileSync(script), folder.file("steps.json"));
    const { ids, results, evaluated } = JSON.parse(
      printed.replaceAll(/-?(?:NaN|Infinity)/g, '"$&"'),
    );
    // biases are never square, and only theirs have the same shape in both layers
    const others = ["b1'/gradient-transposed", "b2'/gradient-transposed"]
      .concat(["W1'/gradient-of-the-other-layer", "W2'/gradient-of-the-other-layer"]);
    const all = [...MISTAKES.map(({ id }) => id), ...others];
    deepStrictEqual(all.toSorted(), ids.toSorted());
    samples.forEach((sample, i) => {
      const step = run(sample);
      for (const [id, printed] of Object.entries(results[i])) {
        const { quantity, compute } = MISTAKES.find((mistake) => mistake.id === id)!;
        assertSame(compute(step)!, printed as Printed, step[quantity], `${id}, ${sample.name}`);
      }
      if (sample.name === "large scores") return;
      const written = writtenEquations(step);
      ok(written.length > 150, `${written.length}`);
      written.forEach(({ id, quantity, forms, found }, k) =>
        forms.forEach((form, side) =>
          assertSame(found, evaluated[i][k][side], step[quantity], `${id}, ${sample.name}: ${form}`)
        )
      );
    });
  },
);

/** The absolute values of the entries that are finite. */
function finite({ data }: AnyMatrix): Float64Array {
  return data.filter(Number.isFinite).map(Math.abs);
}
