// Every number here is the original program's own, under NumPy: fixtures/generate.py.
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import {
  type AnyMatrix,
  dim,
  Indices,
  initialise,
  RandomState,
  readParameters,
  runStep,
  STEP,
} from "../../mod.ts";
import { fixture, matrices, type Run, runs } from "../helpers/fixtures.ts";
import { assertRun, LOSS_BOUND, prepareReplay, replay, runName } from "../helpers/replay.ts";

const PARAMETER_BOUND = LOSS_BOUND;

const traced = runs().find(({ settings }) => settings.limit === 2000)!;

// numpy_reference_proof.ts repeats the others
for (const run of runs().filter(({ settings }) => settings.limit! <= 500)) {
  Deno.test(`reference: train() has NumPy's losses and accuracy: ${runName(run)}`, () =>
    assertRun(run));
}

function assertClose(what: string, found: AnyMatrix, wanted: AnyMatrix, bound: number) {
  deepStrictEqual([found.rows, found.columns], [wanted.rows, wanted.columns], what);
  const at = found.data.findIndex((x, i) => !(Math.abs(x - wanted.data[i]!) <= bound));
  ok(at < 0, `${what}: number ${at} is ${found.data[at]}, NumPy ${wanted.data[at]}`);
}

Deno.test("reference: train() ends with NumPy's parameters", () => {
  const found = replay(traced).parameters, wanted = readParameters(fixture("parameter.npz"));
  for (const name of ["W1", "b1", "W2", "b2"] as const) {
    assertClose(name, found[name], wanted[name], PARAMETER_BOUND);
  }
});

Deno.test("reference: initialise() draws all 63,610 of the report's parameters", () => {
  const wanted = matrices("initial_601.npz");
  const found = initialise(784, 80, 10, new RandomState(601));
  for (const name of ["W1", "b1", "W2", "b2"] as const) {
    deepStrictEqual(found[name].data, wanted.get(name)!.data);
  }
});

/** Replays a run up to a step, and compares everything in it with NumPy's. */
function assertStep(run: Run, trace: Map<string, AnyMatrix>, step: number) {
  const { random, engine } = prepareReplay(run);
  const { batch, learningRate } = run.settings, B = dim("batch", batch);
  const draw = () => Indices.of(B, random.randint(0, engine.data.count, batch));
  for (let before = 0; before < step; before++) engine.step(draw(), learningRate);
  const picked = draw();
  deepStrictEqual([...picked.values], [...trace.get(`step${step}_picked`)!.data]);
  const values = runStep(engine.parameters, engine.data.batch(picked), learningRate);
  const compared = STEP.filter(({ symbol }) => trace.has(`step${step}_${symbol}`));
  for (const { symbol } of compared) {
    const wanted = trace.get(`step${step}_${symbol}`)!;
    const largest = wanted.data.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    assertClose(`step ${step}: ${symbol}`, values[symbol], wanted, PARAMETER_BOUND * largest);
  }
  return compared.length;
}

Deno.test("reference: runStep() has NumPy's numbers in every quantity, first, second and last step", () => {
  const trace = matrices("trace_small.npz");
  for (const step of [0, 1, 299]) strictEqual(assertStep(traced, trace, step), 11);
});

Deno.test("reference: the report's own first two steps have NumPy's numbers", () => {
  const trace = matrices("trace_601.npz"), run = runs()[0]!;
  strictEqual(assertStep(run, trace, 0), 11);
  strictEqual(assertStep(run, trace, 1), 6); // the trace lacks the large ones of later steps
});
