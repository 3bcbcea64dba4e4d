// Every number here is the original program's own, under NumPy: fixtures/generate.py.
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import {
  affineBiasGradient,
  affineInputGradient,
  affineWeightGradient,
  type AnyMatrix,
  type AnyParameters,
  dim,
  evaluate,
  forward,
  Indices,
  initialise,
  RandomState,
  readParameters,
  ReferenceEngine,
  sigmoidBackward,
  SimdEngine,
  softmaxCrossEntropyBackward,
  train,
} from "../../mod.ts";
import { fixture, matrices, mnist, type Run, runs } from "../helpers/fixtures.ts";

/**
 * NumPy adds in another order and its exp differs in the last bit, so that both runs round differently from the first step on;
 * at learning rates up to 1 the difference stays near 4e-16. A slip in an equation is off by far more.
 */
const LOSS_BOUND = 1e-12, PARAMETER_BOUND = 1e-12;

const training = mnist("train"), test = mnist("test");
const traced = runs().find(({ settings }) => settings.limit === 2000)!;

/** By the reference itself where a run is short; the whole data set goes to the engine that equals it to the bit (twins_test.ts). */
function begin({ settings: { seed, hidden, limit } }: Run) {
  const data = training.first(limit ?? training.count), random = new RandomState(seed);
  const parameters: AnyParameters = initialise(
    data.inputs,
    dim("hidden", hidden),
    data.classes,
    random,
  );
  const engine = limit === undefined
    ? new SimdEngine(parameters, data)
    : new ReferenceEngine(parameters, data);
  return { random, engine };
}

/** Trains as a run's settings say, and holds every epoch's loss to NumPy's. */
function replay(run: Run, { random, engine } = begin(run)): ReturnType<typeof begin>["engine"] {
  const { epochs, batch: batchSize, learningRate } = run.settings;
  const losses: number[] = [];
  for (const progress of train(engine, random, { epochs, batchSize, learningRate })) {
    if (progress.event === "epoch") losses.push(progress.crossEntropy);
  }
  strictEqual(losses.length, run.losses.length);
  losses.forEach((loss, i) => {
    const wanted = run.losses[i]!;
    ok(Math.abs(loss - wanted) <= LOSS_BOUND * wanted, `epoch ${i + 1}: ${loss}, NumPy ${wanted}`);
  });
  return engine;
}

function assertEvaluation(
  engine: ReturnType<typeof replay>,
  [loss, correct]: readonly [number, number],
) {
  const found = evaluate(engine);
  strictEqual(found.correct, correct);
  ok(
    Math.abs(found.crossEntropy - loss) <= LOSS_BOUND * loss,
    `${found.crossEntropy}, NumPy ${loss}`,
  );
}

function assertClose(what: string, found: AnyMatrix, wanted: AnyMatrix, bound: number) {
  deepStrictEqual([found.rows, found.columns], [wanted.rows, wanted.columns], what);
  const at = found.data.findIndex((x, i) => !(Math.abs(x - wanted.data[i]!) <= bound));
  ok(at < 0, `${what}: number ${at} is ${found.data[at]}, NumPy ${wanted.data[at]}`);
}

for (const run of runs().filter(({ settings }) => !settings.loadsItself)) {
  const { seed, hidden, batch, learningRate, epochs, limit = 60000 } = run.settings;
  const name =
    `seed ${seed}, ${hidden} hidden, batches of ${batch}, learning rate ${learningRate}, ` +
    `${epochs} epochs of ${limit} images`;
  Deno.test(`reference: train() has NumPy's losses and accuracy: ${name}`, () => {
    const engine = replay(run);
    assertEvaluation(engine, run.train!);
    assertEvaluation(new SimdEngine(engine.parameters, test), run.test!);
  });
}

Deno.test("reference: train() has NumPy's losses when the listing loads what it saved", () => {
  const [run, loaded] = runs().filter(({ settings }) => settings.seed === 5) as [Run, Run];
  // drawn again with the same seed and then replaced: the same batches, from other parameters
  const again = begin(loaded);
  again.engine.parameters = replay(run).parameters;
  replay(loaded, again);
});

Deno.test("reference: train() ends with NumPy's parameters", () => {
  const found = replay(traced).parameters, wanted = readParameters(fixture("parameter.npz"));
  for (const name of ["W1", "b1", "W2", "b2"] as const) {
    assertClose(name, found[name], wanted[name], PARAMETER_BOUND);
  }
});

Deno.test("reference: initialise() draws all 63,610 of the report's parameters within 4 ulp, at most 0.1 % of them different", () => {
  const wanted = matrices("initial_601.npz");
  const found = initialise(784, 80, 10, new RandomState(601));
  let different = 0;
  for (const name of ["W1", "b1", "W2", "b2"] as const) {
    const there = wanted.get(name)!.data;
    strictEqual(found[name].data.length, there.length);
    found[name].data.forEach((x, i) => {
      if (x === there[i]) return;
      different++;
      // 2⁻⁵² x is at most two ulp of x and at least one
      ok(Math.abs(x - there[i]!) <= 4 * 2 ** -53 * Math.abs(x), `${name}: ${x}, NumPy ${there[i]}`);
    });
  }
  ok(different <= 63, `${different} are different`);
});

/** Replays a run up to a step, and compares everything in it with NumPy's. */
function assertStep(run: Run, trace: Map<string, AnyMatrix>, step: number) {
  const { random, engine } = begin(run);
  const { batch, learningRate } = run.settings, B = dim("batch", batch);
  const draw = () => Indices.of(B, random.randint(0, engine.data.count, batch));
  for (let before = 0; before < step; before++) engine.step(draw(), learningRate);
  const picked = draw();
  deepStrictEqual([...picked.values], [...trace.get(`step${step}_picked`)!.data]);
  const { W2 } = engine.parameters, { X, labels } = engine.data.batch(picked);
  const { A1, Y1, A2, P } = forward(engine.parameters, X);
  const dA2 = softmaxCrossEntropyBackward(P, labels);
  const dY1 = affineInputGradient(W2, dA2);
  const dA1 = sigmoidBackward(Y1, dY1);
  const dW2 = affineWeightGradient(Y1, dA2), db2 = affineBiasGradient(dA2);
  const dW1 = affineWeightGradient(X, dA1), db1 = affineBiasGradient(dA1);
  const all: Record<string, AnyMatrix> = { A1, Y1, A2, P, dA2, dY1, dA1, dW1, db1, dW2, db2 };
  const compared = Object.entries(all).filter(([name]) => trace.has(`step${step}_${name}`));
  for (const [name, matrix] of compared) {
    const wanted = trace.get(`step${step}_${name}`)!;
    const largest = wanted.data.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    assertClose(`step ${step}: ${name}`, matrix, wanted, PARAMETER_BOUND * largest);
  }
  return compared.length;
}

Deno.test("reference: forward() and the gradients of each layer have NumPy's numbers, first, second and last step", () => {
  const trace = matrices("trace_small.npz");
  for (const step of [0, 1, 299]) strictEqual(assertStep(traced, trace, step), 11);
});

Deno.test("reference: the report's own first two steps have NumPy's numbers", () => {
  const trace = matrices("trace_601.npz"), run = runs()[0]!;
  strictEqual(assertStep(run, trace, 0), 11);
  strictEqual(assertStep(run, trace, 1), 6); // the large ones are not kept of later steps
});
