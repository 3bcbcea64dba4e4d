/** Repeats runs of the original program, whose numbers are NumPy's (fixtures/generate.py). */
import { ok, strictEqual } from "node:assert/strict";
import {
  type AnyParameters,
  dim,
  evaluate,
  initialise,
  RandomState,
  ReferenceEngine,
  SimdEngine,
  train,
} from "../../mod.ts";
import { mnist, type Run } from "./fixtures.ts";

/**
 * NumPy adds in another order and its exp differs in the last bit, so that both runs round
 * differently from the first step on; at learning rates up to 1 the difference stays near 4e-16. A
 * mistake in an equation makes a much larger difference.
 */
export const LOSS_BOUND = 1e-12;

/** Asserts that a loss is NumPy's. */
export function assertLoss(found: number, wanted: number, what = "loss"): void {
  ok(Math.abs(found - wanted) <= LOSS_BOUND * wanted, `${what}: ${found}, NumPy ${wanted}`);
}

type Engine = ReturnType<typeof prepareReplay>["engine"];

/** With the reference engine, or on all of MNIST with SimdEngine, which equals it to the bit. */
export function prepareReplay({ settings: { seed, hidden, limit } }: Run) {
  const training = mnist("train");
  const data = training.first(limit ?? training.count), random = new RandomState(seed);
  const M = dim("hidden", hidden);
  const parameters: AnyParameters = initialise(data.inputs, M, data.classes, random);
  const engine = limit === undefined
    ? new SimdEngine(parameters, data)
    : new ReferenceEngine(parameters, data);
  return { random, engine };
}

/** Trains with a run's settings, and compares the loss of each epoch with NumPy's. */
export function replay(run: Run, { random, engine } = prepareReplay(run)): Engine {
  const { batch: batchSize, ...settings } = run.settings, losses: number[] = [];
  for (const progress of train(engine, random, { ...settings, batchSize })) {
    if (progress.event === "epoch") losses.push(progress.crossEntropy);
  }
  strictEqual(losses.length, run.losses.length);
  losses.forEach((loss, i) => assertLoss(loss, run.losses[i]!, `epoch ${i + 1}`));
  return engine;
}

function assertEvaluation(engine: Engine, [loss, correct]: readonly [number, number]): void {
  const found = evaluate(engine);
  strictEqual(found.correct, correct);
  assertLoss(found.crossEntropy, loss);
}

/** A run's settings as text, for the name of its test. */
export function runName({ settings }: Run): string {
  const { seed, hidden, batch, learningRate, epochs, limit = 60000 } = settings;
  return `seed ${seed}, ${hidden} hidden, batches of ${batch}, learning rate ${learningRate}, ` +
    `${epochs} epochs of ${limit} images`;
}

/** Repeats a run, and compares its losses, and the final loss and accuracy, with NumPy's. */
export function assertRun(run: Run, prepared = prepareReplay(run)): void {
  const engine = replay(run, prepared);
  assertEvaluation(engine, run.train!);
  assertEvaluation(new SimdEngine(engine.parameters, mnist("test")), run.test!);
}
