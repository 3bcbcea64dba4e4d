// The training loop, its settings, and what every engine refuses.
import { deepStrictEqual, notStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { SimdEngine } from "../../lib/simd/simd_engine.ts";
import { sgd } from "../../lib/network/sgd.ts";
import { ReferenceEngine } from "../../lib/training/reference_engine.ts";
import { RandomState } from "../../lib/random/random_state.ts";
import { Indices } from "../../lib/math/indices.ts";
import { evaluate } from "../../lib/training/evaluate.ts";
import type { Engine } from "../../lib/training/engine.ts";
import { DivergenceError, INITIAL_POSITION, train } from "../../lib/training/train.ts";
import { type Dim, dim, ShapeError } from "../../lib/math/shape.ts";
import { Dataset } from "../../lib/data/dataset.ts";
import { crossEntropy, oneHot } from "../../lib/network/softmax_cross_entropy.ts";
import { type AnyParameters, backward, forward, initialise } from "../../lib/network/network.ts";
import { countCorrect } from "../../lib/training/classify.ts";
import { integers, parseNumber, POSITIVE, SETTINGS } from "../../lib/training/settings.ts";
import { assertSameParameters, batchOf } from "../helpers/engine_equivalence.ts";
import { tables } from "../helpers/markdown.ts";

for (
  const [language, name] of [["en", "docs/training.md"], ["ja", "docs/ja/training.md"]] as const
) {
  Deno.test(`example: ${name} has a row for each setting`, () => {
    const page = Deno.readTextFileSync(new URL(`../../${name}`, import.meta.url));
    const rows = SETTINGS.map(({ flags, words, default: value, range: { needed }, member }) => [
      `\`${flags}\``,
      words[language],
      `${value}`,
      needed[language],
      member === undefined ? "" : `\`state_${member}\``,
    ]);
    deepStrictEqual(tables(page)[0], rows);
  });
}

Deno.test("law: parseNumber() reads back what a number of the range is written as, and no other", () => {
  for (const { range } of SETTINGS) {
    fc.assert(fc.property(fc.oneof(fc.double(), fc.integer(), fc.maxSafeNat()), (x) => {
      const isInRange = x >= range.min && x <= range.max && Number.isInteger(x) >= range.isInteger;
      // an integer is written without an exponent
      const isWritten = !range.isInteger || /^\d+$/.test(`${x}`);
      strictEqual(parseNumber(`${x}`, range), isInRange && isWritten ? x + 0 : undefined);
    }));
  }
});

Deno.test("example: parseNumber() takes no other spelling of a number", () => {
  const taken = ["007", "2.", ".5", "1E-3", "5e-324"].map((text) => parseNumber(text, POSITIVE));
  deepStrictEqual(taken, [7, 2, 0.5, 0.001, 5e-324]);
  const wrong = ["", " ", " 1", "+1", "-1", "NaN", "Infinity", "1e999", "1e-999", "0.0", "0x10"];
  for (const text of [...wrong, "1_0", "1,5", ".", "1e", "ten", "१"]) {
    strictEqual(parseNumber(text, POSITIVE), undefined, text);
    strictEqual(parseNumber(text, integers(1)), undefined, text);
  }
  for (const text of ["1.0", "1e2", "9007199254740992"]) {
    strictEqual(parseNumber(text, integers(1)), undefined, text);
  }
});

/** Three images of 3x2 pixels in three classes. */
function images() {
  const pixels = Uint8Array.of(0, 9, 255, 0, 0, 1, 0, 0, 0, 0, 0, 0, 7, 7, 7, 7, 7, 7);
  const labels = Uint8Array.of(2, 0, 1);
  return { pixels, labels, data: Dataset.of({ width: 3, height: 2 }, pixels, labels) };
}

/** Parameters for images of 3x2 pixels. */
function draw(hidden = 5, classes = 3, inputs = 6): AnyParameters {
  const sizes = [dim("inputs", inputs), dim("hidden", hidden), dim("classes", classes)] as const;
  return initialise(...sizes, new RandomState(1));
}

const ENGINES = [ReferenceEngine, SimdEngine];

type AnyEngine = Engine<Dim<"inputs">, Dim<"hidden">, Dim<"classes">>;

const NO_EXAMPLE = "Cannot use 3 as index 1: there are 3 examples, counted from 0";
const NO_CLASS = "Cannot use 2 as index 1: there are 2 classes, counted from 0";

/** Of an engine of a 6-5-2 network on these images, of which image 0 is of class 2. */
const REFUSALS: readonly (readonly [use: (engine: AnyEngine) => unknown, line: string])[] = [
  [(engine) => engine.step(batchOf([2, 3]), 0.1), NO_EXAMPLE],
  [(engine) => engine.scores(batchOf([2, 3])), NO_EXAMPLE],
  [(engine) => engine.predictionsAndLosses(batchOf([2, 3])), NO_EXAMPLE],
  [(engine) => engine.step(batchOf([1, 0]), 0.1), NO_CLASS],
  [(engine) => engine.predictionsAndLosses(batchOf([1, 0])), NO_CLASS],
  ...[0, -1, Infinity, NaN].map((rate) =>
    [
      (engine: AnyEngine) => engine.step(batchOf([1, 2]), rate),
      `Cannot step at learning rate ${rate}: must be finite and > 0`,
    ] as const
  ),
  [
    (engine) => engine.parameters = draw(6, 2),
    "Cannot use 6x6 as W1 of a 6-5-2 network: need 5x6",
  ],
];

Deno.test("example: Engine throws RangeError or ShapeError for what it cannot use, and changes nothing", () => {
  for (const Engine of ENGINES) {
    const initial = draw(5, 2), engine = new Engine(initial, images().data);
    for (const [use, line] of REFUSALS) {
      const isShape = line.includes("network");
      throws(() => use(engine), isShape ? new ShapeError(line) : new RangeError(line));
    }
    assertSameParameters(engine.parameters, initial);
  }
});

Deno.test("example: ReferenceEngine and SimdEngine throw ShapeError if parameters do not match the data or each other", () => {
  const { data } = images(), { W1, b1, W2, b2 } = draw();
  for (
    const [parameters, line] of [
      [draw(5, 3, 7), "Cannot use 5x7 as W1 of a 6-5-3 network: need 5x6"],
      [{ W1, b1: draw(4).b1, W2, b2 }, "Cannot use 4x1 as b1 of a 6-5-3 network: need 5x1"],
      [{ W1, b1, W2: draw(4).W2, b2 }, "Cannot use 3x4 as W2 of a 6-5-3 network: need 3x5"],
      [{ W1, b1, W2, b2: draw(5, 4).b2 }, "Cannot use 4x1 as b2 of a 6-5-3 network: need 3x1"],
    ] as const
  ) {
    for (const Engine of ENGINES) throws(() => new Engine(parameters, data), new ShapeError(line));
  }
});

Deno.test("example: SimdEngine reads labels when it is made, and the pixels of an image when it first uses it", () => {
  const all = batchOf([0, 1, 2]), { data } = images(), engine = new SimdEngine(draw(), data);
  const { data: same } = images();
  data.labels.fill(200);
  deepStrictEqual(engine.step(all, 0.5), new SimdEngine(draw(), same).step(all, 0.5));
  const noClass = new RangeError("Cannot use 200 as index 0: there are 3 classes, counted from 0");
  throws(() => new SimdEngine(draw(), data).step(all, 0.5), noClass);
  const late = new SimdEngine(draw(), same), reference = new ReferenceEngine(draw(), same);
  same.pixels.fill(9);
  deepStrictEqual(late.step(all, 0.5), reference.step(all, 0.5));
  same.pixels.fill(0);
  const { losses } = late.predictionsAndLosses(all);
  same.pixels.fill(9);
  deepStrictEqual(losses, reference.predictionsAndLosses(all).losses);
});

Deno.test("example: Engine.parameters copies on construction, on reading and on setting", () => {
  for (const Engine of ENGINES) {
    const initial = draw(), first = initial.W1.at(0, 0);
    const engine = new Engine(initial, images().data);
    for (const { data } of Object.values(initial)) data.fill(7);
    for (const { data } of Object.values(engine.parameters)) data.fill(8);
    assertSameParameters(engine.parameters, draw());
    const other = draw();
    other.W1.data[0] = 9;
    engine.parameters = other;
    other.W1.data[0] = first;
    strictEqual(engine.parameters.W1.at(0, 0), 9);
  }
});

Deno.test("example: engines, train() and evaluate() throw one TypeError where an argument is missing", () => {
  const missing = undefined as never, engine = new ReferenceEngine(draw(), images().data);
  const refused: [() => unknown, string][] = [
    ...ENGINES.flatMap((Engine): [() => unknown, string][] => [
      [() => new Engine(missing, missing), "make an engine: parameters is undefined"],
      [() => new Engine(draw(), missing), "make an engine: data is undefined"],
    ]),
    [() => train(missing, missing, missing), "train: engine is undefined"],
    [() => train(engine, new RandomState(1), missing), "train: settings is undefined"],
    [() => evaluate(missing), "evaluate: engine is undefined"],
  ];
  for (const [call, message] of refused) {
    throws(call, new TypeError(`Cannot ${message}, need an object`));
  }
});

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
