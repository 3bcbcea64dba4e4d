// The training loop: what it yields, what it rejects, and that it can stop and continue.
import { deepStrictEqual, notStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { countCorrect } from "../../lib/training/classify.ts";
import {
  backward,
  crossEntropy,
  Dataset,
  dim,
  DivergenceError,
  forward,
  Indices,
  INITIAL_POSITION,
  initialise,
  oneHot,
  RandomState,
  ReferenceEngine,
  sgd,
  train,
} from "../../mod.ts";

const data = Dataset.of(
  { width: 2, height: 1 },
  Uint8Array.of(255, 0, 0, 255, 200, 0, 0, 200, 90, 30),
  Uint8Array.of(0, 1, 0, 1, 2),
);

function createEngine(seed: number) {
  const random = new RandomState(seed);
  const parameters = initialise(data.inputs, dim("hidden", 3), data.classes, random);
  return { random, engine: new ReferenceEngine(parameters, data) };
}

const settings = { epochs: 3, batchSize: 2, learningRate: 0.5 };

Deno.test("example: train() yields the mean loss so far after each batch and each epoch", () => {
  const { random, engine } = createEngine(1);
  const losses: number[] = [], hits: number[] = [];
  const counted = {
    data,
    step: <B extends number>(batchIndices: Indices<B>, rate: number) => {
      const result = engine.step(batchIndices, rate);
      losses.push(result.crossEntropy);
      hits.push(result.correct);
      return result;
    },
  };
  const seen = [...train(counted, random, settings)];
  const steps = ["batch 1", "batch 2", "epoch 2"]; // 5 examples make two batches of 2
  deepStrictEqual(
    seen.map(({ event, epoch, iteration }) => `${epoch}: ${event} ${iteration}`),
    [1, 2, 3].flatMap((epoch) => steps.map((step) => `${epoch}: ${step}`)),
  );
  strictEqual(losses.length, 6);
  deepStrictEqual(
    seen.map(({ crossEntropy }) => crossEntropy),
    [0, 2, 4].flatMap((i) => {
      const mean = (losses[i]! + losses[i + 1]!) / 2;
      return [losses[i]!, mean, mean];
    }),
  );
  deepStrictEqual(
    seen.map(({ accuracy }) => accuracy),
    [0, 2, 4].flatMap((i) => {
      const share = (hits[i]! + hits[i + 1]!) / 4;
      return [hits[i]! / 2, share, share];
    }),
  );
  ok(seen.every(({ iterations }) => iterations === 2));
});

Deno.test("example: train() runs forward, backward and sgd on batches drawn with replacement", () => {
  const { random, engine } = createEngine(7), twin = createEngine(7);
  for (const _ of train(engine, random, settings));
  let parameters = twin.engine.parameters;
  for (let step = 0; step < 6; step++) {
    const B = dim("batch", 2);
    const { X, labels } = data.batch(Indices.of(B, twin.random.randint(0, 5, 2)));
    parameters = sgd(
      parameters,
      backward(parameters, forward(parameters, X), labels).gradients,
      0.5,
    );
  }
  deepStrictEqual(engine.parameters, parameters);
  deepStrictEqual(random.getState(), twin.random.getState());
});

Deno.test("example: ReferenceEngine.step() returns the mean loss and the correct predictions before the step", () => {
  const { engine } = createEngine(3);
  const B = dim("batch", 4), batchIndices = Indices.of(B, [0, 4, 4, 1]);
  const { X, labels } = data.batch(batchIndices);
  const scores = forward(engine.parameters, X).A2;
  const losses = crossEntropy(scores, oneHot(scores, labels)).data;
  // a step so large that the predictions after it differ
  deepStrictEqual(engine.step(batchIndices, 10), {
    crossEntropy: losses.reduce((sum, loss) => sum + loss, 0) / 4,
    correct: countCorrect(scores, labels),
  });
  notStrictEqual(countCorrect(engine.scores(batchIndices), labels), countCorrect(scores, labels));
});

Deno.test("example: train() gives the same bits when stopped between two batches and continued", () => {
  const { random, engine } = createEngine(5);
  const whole = [...train(engine, random, settings)];
  for (let stop = 0; stop < whole.length; stop++) {
    const { random, engine: stopped } = createEngine(5);
    const first = train(stopped, random, settings), seen = [];
    for (let i = 0; i <= stop; i++) seen.push(first.next().value!);
    // through copies, as through a file
    const goingOn = new ReferenceEngine(stopped.parameters, data);
    const stream = RandomState.fromState(random.getState());
    seen.push(...train(goingOn, stream, settings, { ...seen.at(-1)!.next }));
    deepStrictEqual(seen, whole);
    deepStrictEqual(goingOn.parameters, engine.parameters);
  }
});

Deno.test("example: train() stops at the first loss that is not finite, and gives its position", () => {
  for (
    const [losses, found] of [
      [[1, 1, 1, Infinity], "Infinity"],
      [[1, 1, 1, NaN], "NaN"],
      [[1e308, 5e307, 1e308, 1e308], "Infinity"],
    ] as const
  ) {
    let steps = 0;
    const step = () => ({ crossEntropy: losses[steps++]!, correct: 0 });
    throws(
      () => [...train({ data, step }, new RandomState(1), settings)],
      new DivergenceError(`the loss is ${found}`, "in iteration 2 of epoch 2", 0.5),
    );
    strictEqual(steps, 4);
  }
});

/** Fails if a step is taken. */
const unusedEngine = {
  data,
  step(): never {
    throw new Error("a step was taken");
  },
};

Deno.test("example: train() throws RangeError for a position that the run does not have", () => {
  const continued = (epoch: number, iteration: number) =>
    train(unusedEngine, new RandomState(1), settings, { ...INITIAL_POSITION, epoch, iteration });
  // 3 epochs of 2 iterations; all of an epoch's iterations, or all epochs, may be done
  continued(3, 2);
  deepStrictEqual([...continued(4, 0)], []);
  for (
    const [epoch, iteration] of [[0, 0], [5, 0], [1.5, 0], [NaN, 0], [1, -1], [1, 3], [1, 0.5], [
      4,
      1,
    ]] as const
  ) {
    const message = `Cannot continue after iteration ${iteration} of epoch ${epoch}: ` +
      "the run has 2 iterations in each of 3 epochs";
    throws(() => continued(epoch, iteration), new RangeError(message));
  }
});

Deno.test("example: train() throws RangeError for settings out of range, before the first step", () => {
  const run = (changed: Partial<typeof settings>) =>
    train(unusedEngine, new RandomState(1), { ...settings, ...changed });
  run({ batchSize: 5 }); // a batch of the whole data set is accepted
  throws(
    () => run({ batchSize: 6 }),
    new RangeError("Cannot draw batches of 6 from 5 examples: need at most 5"),
  );
  for (const bad of [0, -1, 1.5, NaN]) {
    throws(() => run({ batchSize: bad }), RangeError);
    throws(() => run({ epochs: bad }), RangeError);
  }
  for (const bad of [0, -0.1, NaN, Infinity]) {
    throws(
      () => run({ learningRate: bad }),
      new RangeError(`Cannot train at learning rate ${bad}: must be finite and > 0`),
    );
  }
});
