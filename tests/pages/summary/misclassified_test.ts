// The misclassified images of a report.
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { misclassifiedExamples } from "../../../lib/pages/summary/summary_page.tsx";
import { Dataset, dim, forward, Indices, Matrix, ReferenceEngine } from "../../../mod.ts";
import { samplePage } from "./sample_page.ts";

Deno.test("example: misclassifiedExamples() returns the errors that evaluate() counts, with their probabilities", () => {
  const { parameters, data, evaluation } = samplePage({ count: 1200 }); // more than one chunk
  const engine = new ReferenceEngine(parameters, data);
  const all = misclassifiedExamples(engine, Infinity);
  strictEqual(all.length, evaluation.count - evaluation.correct);
  ok(all.length > 100);
  const confidence = all.map(({ probabilities, predicted }) => probabilities[predicted]!);
  deepStrictEqual(confidence, confidence.toSorted((a, b) => b - a));
  deepStrictEqual(misclassifiedExamples(engine, 3), all.slice(0, 3));
  for (const { example, label, predicted, probabilities } of all) {
    const one = Indices.of(dim("one", 1), [example]);
    const { P } = forward(parameters, data.batch(one).X);
    deepStrictEqual(probabilities, P.data);
    strictEqual(label, data.labels[example]);
    strictEqual(Math.max(...probabilities), probabilities[predicted]);
    ok(predicted !== label);
  }
});

Deno.test("example: misclassifiedExamples() leaves out images whose probabilities are NaN", () => {
  const data = Dataset.of({ width: 1, height: 1 }, Uint8Array.of(0, 0), Uint8Array.of(0, 1));
  const M = dim("hidden", 1);
  const engine = new ReferenceEngine({
    W1: Matrix.zeros(M, data.inputs),
    b1: Matrix.zeros(M, 1),
    W2: Matrix.zeros(data.classes, M),
    b2: Matrix.of(data.classes, 1, [Infinity, 0]),
  }, data);
  deepStrictEqual(misclassifiedExamples(engine, 9), []);
});
