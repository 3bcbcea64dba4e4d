// The mistakes: each is found by the gradient check, or by NumPy's numbers, and no two are one.
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { numpyOf } from "../../lib/explain/numpy.ts";
import { select } from "../../lib/mistakes/rearrange.ts";
import {
  type AnyMatrix,
  dim,
  Indices,
  Matrix,
  type Mistake,
  MISTAKES,
  runStep,
  STEP,
  withMistakes,
} from "../../mod.ts";
import { matrices, runs } from "../helpers/fixtures.ts";
import { Folder } from "../helpers/folder.ts";
import { numpyTest, python } from "../helpers/numpy.ts";
import { prepareReplay } from "../helpers/replay.ts";
import {
  difference,
  differenceMade,
  find,
  isWrong,
  run,
  type SampleStep,
  sampleSteps,
  wrongGradients,
} from "./sample_steps.ts";

const samples = sampleSteps(601);
const findings = MISTAKES.map((mistake) => ({ ...mistake, finding: find(mistake, samples) }));

/**
 * The mistakes that the gradient check does not find: those in the inputs and in the update, which
 * are no gradients, and those that give another loss with its own correct gradients.
 */
const CONSISTENT = new Set([
  "Y1/step-function", // its derivative is 0, and so is (1 - Y1) Y1 where Y1 is 0 or 1
  ...["counted-from-1", "off-by-one", "labels-of-the-next-image", "labels-reversed"]
    .map((name) => `onehot/${name}`),
  ...["one-label-for-all", "smoothed"].map((name) => `onehot/${name}`),
]);

function isConsistent({ id, quantity }: { readonly id: string; readonly quantity: string }) {
  return quantity === "X" || quantity.endsWith("'") || CONSISTENT.has(id);
}

function mistake(id: string) {
  return MISTAKES.find((one) => one.id === id)!;
}

Deno.test("example: MISTAKES has mistakes of every quantity, in the order of the step, each with an id of its own, and one clause in two languages", () => {
  const order = ["X", ...STEP.map(({ symbol }) => symbol)];
  const places = MISTAKES.map(({ quantity }) => order.indexOf(quantity));
  deepStrictEqual(places, places.toSorted((a, b) => a - b));
  strictEqual(new Set(places).size, order.length);
  strictEqual(new Set(MISTAKES.map(({ id }) => id)).size, MISTAKES.length);
  for (const { id, words } of MISTAKES) {
    match(words.en, /^(?!.*\. )\S.*[^.\s]$/, id);
    match(words.ja, /^(?!.*[。\n]).*[ぁ-ん].*[^.\s]$/, id);
  }
});

Deno.test("example: the gradient check finds nothing wrong in the correct sample steps", () => {
  for (const sample of samples) deepStrictEqual([...wrongGradients(sample)], [], sample.name);
});

Deno.test("example: each mistake makes a difference in a sample step", () => {
  deepStrictEqual(findings.filter(({ finding }) => !finding).map(({ id }) => id), []);
});

Deno.test("example: the gradient check finds every mistake but those in X, in the update, and in a loss with its own gradients", () => {
  const missed = findings.filter(({ finding }) => !finding!.gradient).map(({ id }) => id);
  deepStrictEqual(missed, findings.filter(isConsistent).map(({ id }) => id));
});

Deno.test("example: the first gradient that the gradient check calls wrong is that with the mistake", () => {
  const gradients = findings.filter(({ quantity }) => quantity.startsWith("d"));
  ok(gradients.length > 70, `${gradients.length}`);
  for (const { id, quantity, finding } of gradients) {
    strictEqual(finding!.gradient!.name.split(" ")[1], quantity, id);
  }
});

/** Two steps of the original program: NumPy's numbers, and what they are computed from. */
const trace = matrices("trace_small.npz");
const original = runs().find(({ settings }) => settings.limit === 2000)!;
const { engine, random } = prepareReplay(original);
const batches = [0, 1].map(() => {
  const size = dim("batch", original.settings.batch);
  return engine.data.batch(Indices.of(size, random.randint(0, engine.data.count, size)));
});

/** The largest difference from NumPy's numbers in these steps. */
function differenceFromNumPy(...mistakes: readonly Mistake[]): number {
  let { parameters } = engine;
  const differences = batches.flatMap((batch, number) => {
    const { learningRate } = original.settings;
    const step = runStep(parameters, batch, learningRate, withMistakes(...mistakes));
    parameters = { W1: step["W1'"], b1: step["b1'"], W2: step["W2'"], b2: step["b2'"] };
    return STEP.flatMap(({ symbol }) => {
      const wanted = trace.get(`step${number}_${symbol}`);
      return wanted ? [difference(step[symbol], wanted)] : [];
    });
  });
  strictEqual(differences.length, 22);
  return Math.max(...differences);
}

Deno.test("reference: mistakes that the gradient check does not find give other numbers than NumPy's", () => {
  ok(!isWrong(differenceFromNumPy()));
  for (const one of findings.filter(isConsistent)) {
    if (one.finding!.sample.name === "square") continue; // the traced network is not
    ok(differenceFromNumPy(one) > 1e-5, `${one.id}: ${differenceFromNumPy(one)}`);
  }
});

/** Whether two matrices differ by rounding only, beside `right`, and have the same NaN. */
function isSame(a: AnyMatrix, b: AnyMatrix, right: AnyMatrix): boolean {
  const scale = Math.max(...right.data.map(Math.abs));
  return a.data.every((x, i) =>
    Object.is(x, b.data[i]) || !isWrong(Math.abs(x - b.data[i]!) / scale)
  );
}

Deno.test("example: two mistakes of one quantity never give the same numbers in all steps that show both", () => {
  const quantities = Map.groupBy(MISTAKES, ({ quantity }) => quantity);
  for (const [quantity, mistakes] of quantities) {
    const shown = mistakes.map((one) =>
      samples.map((sample) => {
        const right = run(sample)[quantity], wrong = run(sample, one)[quantity];
        return isWrong(difference(wrong, right)) ? { wrong, right } : undefined;
      })
    );
    for (const [i, these] of shown.entries()) {
      for (const [j, those] of shown.slice(0, i).entries()) {
        const both = these.flatMap((a, k) => a && those[k] ? [{ a, b: those[k] }] : []);
        const same = both.every(({ a, b }) => isSame(a.wrong, b.wrong, a.right));
        ok(both.length === 0 || !same, `${mistakes[i]!.id} is ${mistakes[j]!.id}`);
      }
    }
  }
});

Deno.test("example: withMistakes() makes mistakes of one quantity in one another, the last outermost", () => {
  const [sample] = samples, { dA1, X } = run(sample!);
  const [twice, sign] = [mistake("dW1/divided-by-B-twice"), mistake("dW1/wrong-sign")];
  const wrong = run(sample!, mistake("dW1/stale-inputs"), twice, sign);
  const last = select(X, (d, _, at) => at(d, 4)); // 5 images
  deepStrictEqual(wrong.dW1, dA1.multiply(last.transposed).map((x) => -(x / 5)));
});

Deno.test("example: withMistakes() makes mistakes of several quantities, and leaves out those that cannot be made with the shapes", () => {
  const [sample] = samples, right = run(sample!);
  const wrong = run(sample!, mistake("dA2/not-divided-by-B"), mistake("dW2/divided-by-B-twice"));
  deepStrictEqual(wrong.dA2, right.dA2.scale(5));
  deepStrictEqual(wrong.dW2, wrong.dA2.multiply(right.Y1.transposed).map((x) => x / 5));
  const sign = mistake("dW1/wrong-sign"), square = mistake("dW1/transposed");
  strictEqual(square.compute(right), undefined);
  deepStrictEqual(run(sample!, square), right);
  deepStrictEqual(run(sample!, sign, square), run(sample!, sign));
  deepStrictEqual(run(sample!, square, sign), run(sample!, sign));
});

Deno.test("law: compute() of a mistake changes none of the quantities that it is given", () => {
  const which = fc.constantFrom(...MISTAKES), where = fc.nat(samples.length - 1);
  fc.assert(fc.property(which, where, fc.nat(), ({ compute }, i, seed) => {
    const sample = sampleSteps(seed)[i]!, values = run(sample);
    compute(values);
    deepStrictEqual(values, run(sample));
  }));
});

/** NumPy adds in another order, and its exp and log differ from these in the last bit. */
const BOUND = 1e-10;

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
