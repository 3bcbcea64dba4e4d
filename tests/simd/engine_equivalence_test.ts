// SimdEngine is compared with the reference: every number must have the same bits.
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import {
  type AnyParameters,
  Dataset,
  type Dim,
  dim,
  evaluate,
  initialise,
  Matrix,
  RandomState,
  readNpz,
  toFloat64,
  train,
} from "../../mod.ts";
import { fixture } from "../helpers/fixtures.ts";
import {
  areFinite,
  assertEqualSteps,
  assertSameBits,
  assertSameParameters,
  batchOf,
  EnginePair,
  engineRuns,
} from "../helpers/engine_equivalence.ts";

Deno.test("law: SimdEngine takes steps equal to the reference's to the bit", () =>
  assertEqualSteps(30));

Deno.test("law: SimdEngine.scores() and evaluate() equal the reference's to the bit", () => {
  fc.assert(
    fc.property(engineRuns, ({ initial, data, batches }) => {
      const { fast, reference } = new EnginePair(initial, data);
      for (const batch of batches.map(batchOf)) {
        const wanted = reference.scores(batch);
        if (wanted.data.every(Number.isFinite)) {
          assertSameBits("scores", fast.scores(batch).data, wanted.data);
        }
      }
      deepStrictEqual(evaluate(fast), evaluate(reference));
    }),
    { numRuns: 40 },
  );
});

const points = toFloat64(readNpz(fixture("elementary.npz")).get("exp_x")!);

/** A network that gives an image of zeros these scores, if the sigmoid of its hidden sum is 1. */
function networkOfScores(scores: Float64Array, hiddenSum = 800): AnyParameters {
  const K = dim("classes", scores.length), M = dim("hidden", 1), D = dim("inputs", 1);
  return {
    W1: Matrix.zeros(M, D),
    b1: Matrix.of(M, 1, [hiddenSum]),
    W2: Matrix.of(K, M, scores),
    b2: Matrix.zeros(K, 1),
  };
}

/** An image of one pixel of value 0, and its label. */
function zeroImage(label: number): Dataset<Dim<"inputs">> {
  return Dataset.of({ width: 1, height: 1 }, Uint8Array.of(0), Uint8Array.of(label));
}

Deno.test("example: SimdEngine takes exp of scores as the reference does, over its whole range", () => {
  const below = points.filter((x) => x < 0 && x > -800);
  ok(below.length > 1000);
  let denormal = 0;
  for (let start = 0; start < below.length; start += 255) {
    // score 0 of the label's class is the largest, so the step makes b2 e to each other score,
    // over a sum near 1
    const scores = Float64Array.of(0, ...below.subarray(start, start + 255));
    const engines = new EnginePair(networkOfScores(scores), zeroImage(0));
    engines.step([0], 1);
    denormal += engines.fast.parameters.b2.data.filter((x) =>
      x !== 0 && Math.abs(x) < 2 ** -1022
    ).length;
  }
  ok(denormal > 0);
});

Deno.test("example: SimdEngine takes exp in the sigmoid as the reference does, over its whole range", () => {
  const M = dim("hidden", points.length), K = dim("classes", 2), D = dim("inputs", 1);
  const finite = points.map((x) => Number.isFinite(x) ? -x : 0);
  const engines = new EnginePair({
    W1: Matrix.zeros(M, D),
    b1: Matrix.of(M, 1, finite),
    W2: Matrix.zeros(K, M), // what it becomes is the hidden output, over two
    b2: Matrix.zeros(K, 1),
  }, zeroImage(1));
  engines.step([0], 1);
  const { data } = engines.fast.parameters.W2;
  ok(data.some((x) => x === 0.5) && data.some((x) => x !== 0 && Math.abs(x) < 1e-300));
});

Deno.test("example: SimdEngine.step() overflows where the reference does, and to the same", () => {
  const loss = (...scores: [number, number]) => {
    return new EnginePair(networkOfScores(Float64Array.from(scores)), zeroImage(1)).step([0], 0.1)
      .crossEntropy;
  };
  strictEqual(loss(1e308, 0), 1e308);
  strictEqual(loss(1e308, -1e308), Infinity); // the right score is -Infinity below the other
  strictEqual(loss(-1e308, 1e308), 0); // the other is
  strictEqual(loss(-Infinity, 0), 0);
  strictEqual(loss(0, -Infinity), Infinity);
  strictEqual(loss(Infinity, 0), NaN);
  const lost = new EnginePair(networkOfScores(Float64Array.of(1, 2), NaN), zeroImage(1));
  strictEqual(lost.step([0], 0.1).crossEntropy, NaN);
});

Deno.test("example: SimdEngine.step() counts the first of equal scores as the answer, as the reference does", () => {
  const scores = Float64Array.of(1, 2, 2);
  const correct = (label: number) =>
    new EnginePair(networkOfScores(scores), zeroImage(label)).step([0], 0.1).correct;
  deepStrictEqual([0, 1, 2].map(correct), [0, 1, 0]);
});

Deno.test("law: SimdEngine.predictionsAndLosses() of any scores, infinite or NaN too, are the reference's", () => {
  const extreme = fc.constantFrom(0, -0, Number.MAX_VALUE, -Number.MAX_VALUE, Infinity, -Infinity);
  const examples = fc.array(fc.oneof(extreme, fc.double()), { minLength: 1, maxLength: 40 }).chain(
    (scores) => fc.record({ scores: fc.constant(scores), label: fc.nat(scores.length - 1) }),
  );
  fc.assert(fc.property(examples, ({ scores, label }) => {
    const network = networkOfScores(Float64Array.from(scores));
    const { fast, reference } = new EnginePair(network, zeroImage(label));
    deepStrictEqual(
      fast.predictionsAndLosses(batchOf([0])),
      reference.predictionsAndLosses(batchOf([0])),
    );
  }));
});

Deno.test("example: SimdEngine equals the reference on images of several tiles of pixels", () => {
  // a tile of lists has 1024 pixels, a tile without lists 64
  for (const width of [1023, 1024, 1025, 3000]) {
    for (const share of [0.3, 0.97]) { // with lists, and without
      const random = new RandomState(width), count = 7;
      const pixels = Uint8Array.from(
        random.randomSample(count * width),
        (u, i) => u < share ? 1 + i % 255 : 0,
      );
      const data = Dataset.of({ width, height: 1 }, pixels, Uint8Array.of(0, 1, 2, 0, 1, 2, 0));
      const initial = initialise(data.inputs, dim("hidden", 18), data.classes, random);
      const engines = new EnginePair(initial, data);
      for (const batch of [[3], [0, 1, 2, 6, 5, 4, 3], [2, 2], [6, 1, 6]]) engines.step(batch, 0.1);
    }
  }
});

Deno.test("law: train() yields the same with either engine while parameters are finite, and stops with the same words", () => {
  let diverged = 0, runs = 0;
  const batches = fc.record({ seed: fc.nat(), share: fc.double({ min: 0, max: 1, noNaN: true }) });
  fc.assert(
    fc.property(engineRuns, batches, ({ initial, data, learningRate }, { seed, share }) => {
      const settings = { epochs: 3, batchSize: Math.ceil(data.count * share) || 1, learningRate };
      const { fast, reference } = new EnginePair(initial, data);
      const both = [fast, reference].map((engine) =>
        train(engine, new RandomState(seed), settings)
      );
      const next = (run: typeof both[number]) => {
        try {
          return run.next().value;
        } catch (error) {
          return `${error}`;
        }
      };
      for (let isOver = false; !isOver;) {
        const [found, wanted] = both.map(next);
        deepStrictEqual(found, wanted);
        if (areFinite(reference.parameters)) {
          assertSameParameters(fast.parameters, reference.parameters);
        } else isOver = true;
        if (typeof wanted === "string") diverged++;
        isOver ||= typeof wanted !== "object";
      }
      runs++;
    }),
    { numRuns: 60 },
  );
  ok(diverged > 0 && diverged < runs / 2, `${diverged} of ${runs} runs diverged`);
});
