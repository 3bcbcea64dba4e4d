// Classification and evaluation: loss, accuracy, confusion counts, the measures of each class.
import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { numpyTest, python } from "../helpers/numpy.ts";
import fc from "fast-check";
import { SimdEngine } from "../../lib/simd/simd_engine.ts";
import { ReferenceEngine } from "../../lib/training/reference_engine.ts";
import { RandomState } from "../../lib/random/random_state.ts";
import { Matrix } from "../../lib/math/matrix.ts";
import { Indices } from "../../lib/math/indices.ts";
import { forward, initialise } from "../../lib/network/network.ts";
import { type Dim, dim, ShapeError } from "../../lib/math/shape.ts";
import { Dataset } from "../../lib/data/dataset.ts";
import { crossEntropy, oneHot } from "../../lib/network/softmax_cross_entropy.ts";
import { classReports, evaluate } from "../../lib/training/evaluate.ts";
import { argmax, classify, countCorrect } from "../../lib/training/classify.ts";

/** Some images of 2x2 pixels and three classes, and a network for them. */
function engineOn(
  count: number,
  seed: number,
): ReferenceEngine<Dim<"inputs">, Dim<"hidden">, Dim<"classes">> {
  const random = new RandomState(seed);
  const pixels = Uint8Array.from(random.randint(0, 256, 4 * count));
  const labels = Uint8Array.from(random.randint(0, 3, count));
  labels[0] = 2;
  const data = Dataset.of({ width: 2, height: 2 }, pixels, labels);
  const parameters = initialise(data.inputs, dim("hidden", 3), data.classes, random);
  return new ReferenceEngine(parameters, data);
}

numpyTest(
  "reference: argmax() takes NumPy's rows, also of NaN and infinities",
  () => {
    const values = [NaN, Infinity, -Infinity, 0, 1, 2],
      rows = 4 as const,
      columns = 400 as const;
    const random = new RandomState(601);
    const data = Array.from(random.randint(0, values.length, rows * columns), (i) => values[i]!);
    const numpy = python(
      "import sys, numpy as np; a = np.array(sys.argv[1].split(), float).reshape(4, 400); " +
        "print(np.argmax(a, axis=0).tolist())",
      data.join(" "),
    );
    deepStrictEqual([...argmax(Matrix.of(rows, columns, data))], JSON.parse(numpy));
  },
);

Deno.test("example: evaluate() and Engine.step() count no example as right whose probabilities are NaN", () => {
  const data = Dataset.of({ width: 1, height: 1 }, new Uint8Array(3), Uint8Array.of(0, 1, 2));
  const M = dim("hidden", 1), all = Indices.of(3, [0, 1, 2]);
  for (const Engine of [ReferenceEngine, SimdEngine]) {
    for (
      const [scores, right] of [
        [[7, 0, 0], 1],
        [[0, Infinity, 0], 0],
        [[-Infinity, -Infinity, -Infinity], 0],
        [[-Infinity, 0, 0], 1],
        [[NaN, 0, 0], 0],
        [[0, NaN, 9], 0],
        [[0, 0, NaN], 0],
      ] as const
    ) {
      const engine = new Engine({
        W1: Matrix.zeros(M, data.inputs),
        b1: Matrix.zeros(M, 1),
        W2: Matrix.zeros(data.classes, M),
        b2: Matrix.of(data.classes, 1, scores), // the scores of any image
      }, data);
      const { correct, accuracy, confusion } = evaluate(engine);
      deepStrictEqual([correct, accuracy], [right, right / 3], `${scores}`);
      const predicted = confusion.data.reduce((sum, n) => sum + n, 0);
      strictEqual(predicted, 3 * right);
      strictEqual(engine.step(all, 0.1).correct, right, `${scores}`);
    }
  }
});

Deno.test("example: countCorrect() counts the columns whose greatest score is that of their label", () => {
  const scores = Matrix.of(2, 4, [1, 5, 2, 7, 3, 4, 1, 6]); // classes 1, 0, 0, 0
  strictEqual(countCorrect(scores, Indices.of(4, [1, 0, 0, 1])), 3);
  strictEqual(countCorrect(scores, Indices.of(4, [0, 1, 1, 0])), 1);
});

Deno.test("example: evaluate() of scores known by hand", () => {
  const data = Dataset.of(
    { width: 1, height: 1 },
    Uint8Array.of(255, 0, 255, 0),
    Uint8Array.of(1, 0, 0, 0),
  );
  const K = data.classes, D = data.inputs;
  // the hidden unit is about 1 for a white pixel and about 0 for a black one
  const parameters = {
    W1: Matrix.of(D, D, [80]),
    b1: Matrix.of(D, 1, [-40]),
    W2: Matrix.of(K, D, [0, 10]),
    b2: Matrix.of(K, 1, [5, 0]),
  };
  const result = evaluate(new ReferenceEngine(parameters, data));
  deepStrictEqual([result.count, result.correct, result.accuracy], [4, 3, 0.75]);
  deepStrictEqual([...result.confusion.data], [2, 1, 0, 1]);
  // three examples lose ln(1 + e⁻⁵), one is sure of the wrong class: ln(1 + e⁵)
  const wanted = (3 * Math.log1p(Math.exp(-5)) + Math.log1p(Math.exp(5))) / 4;
  ok(Math.abs(result.crossEntropy - wanted) < 1e-13);
});

Deno.test("law: evaluate() counts every example once, however many there are", () => {
  // scores are asked for 500 at a time
  fc.assert(
    fc.property(fc.constantFrom(1, 2, 499, 500, 501, 1000, 1203), fc.nat(1000), (count, seed) => {
      const engine = engineOn(count, seed);
      const result = evaluate(engine);
      const all = Indices.of(dim("all", count), Array.from({ length: count }, (_, i) => i));
      const scores = engine.scores(all), right = engine.data.batch(all).labels;
      const losses = crossEntropy(scores, oneHot(scores, right)).data;
      strictEqual(result.crossEntropy, losses.reduce((sum, loss) => sum + loss, 0) / count);
      strictEqual(result.count, count);
      strictEqual(result.confusion.data.reduce((sum, n) => sum + n, 0), count);
      const classes = [0, 1, 2].map((k) => right.values.filter((label) => label === k).length);
      deepStrictEqual([...result.confusion.rowSums.data], classes);
      const diagonal = [0, 1, 2].reduce((sum, k) => sum + result.confusion.at(k, k), 0);
      strictEqual(result.correct, diagonal);
      strictEqual(result.accuracy, diagonal / count);
      const taken = argmax(scores);
      strictEqual(taken.filter((k, i) => k === right.values[i]).length, diagonal);
    }),
    { numRuns: 20 },
  );
});

Deno.test("example: classReports() divides by the predicted and by the true examples of a class", () => {
  // of class 2 there is none, and none is taken for class 1
  const reports = classReports(Matrix.of(3, 3, [6, 0, 2, 4, 0, 1, 0, 0, 0]));
  deepStrictEqual(reports, [
    { class: 0, count: 8, correct: 6, precision: 0.6, recall: 0.75 },
    { class: 1, count: 5, correct: 0, precision: null, recall: 0 },
    { class: 2, count: 0, correct: 0, precision: 0, recall: null },
  ]);
});

const parameters = initialise(
  dim("inputs", 4),
  dim("hidden", 3),
  dim("classes", 2),
  new RandomState(601),
);

Deno.test("example: classify() is forward() of the pixels divided by 255", () => {
  const image = { width: 2, height: 2, pixels: Uint8Array.of(0, 51, 102, 255) };
  const { Y1, P } = forward(parameters, Matrix.of(dim("inputs", 4), 1, [0, 0.2, 0.4, 1]));
  const reading = classify(parameters, image);
  deepStrictEqual([reading.activations, reading.probabilities], [Y1.data, P.data]);
  strictEqual(P.data[reading.class], Math.max(...P.data));
});

Deno.test("example: classify() throws ShapeError for an image of another size", () => {
  const image = { width: 3, height: 2, pixels: new Uint8Array(6) };
  throws(
    () => classify(parameters, image),
    new ShapeError("Cannot classify an image of 2x3: need 4 pixels, as many as W1 has columns"),
  );
});
