// What both engines refuse alike, and whose memory they use.
import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import {
  type AnyParameters,
  Dataset,
  type Dim,
  dim,
  type Engine,
  evaluate,
  initialise,
  RandomState,
  ReferenceEngine,
  ShapeError,
  SimdEngine,
  train,
} from "../../mod.ts";
import { assertSameParameters, batchOf } from "../helpers/engine_equivalence.ts";

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

Deno.test("example: SimdEngine refuses pixels and labels that were changed, or does not read them again", () => {
  const all = batchOf([0, 1, 2]), { data } = images(), engine = new SimdEngine(draw(), data);
  const { data: same } = images();
  data.labels.fill(200);
  deepStrictEqual(engine.step(all, 0.5), new SimdEngine(draw(), same).step(all, 0.5));
  const noClass = new RangeError("Cannot use 200 as index 0: there are 3 classes, counted from 0");
  throws(() => new SimdEngine(draw(), data).step(all, 0.5), noClass);
  const late = new SimdEngine(draw(), same);
  same.pixels.fill(9);
  const changed = "Cannot use example 1: pixels have changed since the engine was made";
  throws(() => late.step(all, 0.5), new RangeError(changed));
  assertSameParameters(late.parameters, draw());
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
