/**
 * How good parameters are on a data set: mean cross-entropy, accuracy, confusion counts.
 *
 * @module
 */

import type { Engine } from "./engine/engine.ts";
import { Indices } from "./indices.ts";
import { crossEntropy } from "./layers/softmax_cross_entropy.ts";
import { type AnyMatrix, Matrix } from "./matrix.ts";
import { dim, type Exact } from "./shape.ts";

/** What {@linkcode evaluate} found. */
export interface Evaluation<K extends number> {
  /** How many examples there were. */
  readonly count: number;
  /** How many of them have their greatest score at their label. */
  readonly correct: number;
  /** correct / count, from 0 to 1. */
  readonly accuracy: number;
  /** Mean over the examples, in nats. */
  readonly crossEntropy: number;
  /** How many examples of each class (row) were taken for each class (column), K x K. */
  readonly confusion: Matrix<K, K>;
}

/** Scores are asked for so many examples at a time, which bounds the memory. */
const CHUNK = 500;

/**
 * Evaluates an engine's parameters on its data set, example after example.
 *
 * @throws {RangeError} if a label is not below K
 *
 * @example
 * ```ts
 * import { Dataset, evaluate, Matrix, ReferenceEngine } from "@sanso/sanso";
 * import { strictEqual } from "node:assert/strict";
 *
 * const data = Dataset.of({ width: 1, height: 1 }, Uint8Array.of(255, 0, 255), Uint8Array.of(1, 0, 0));
 * const one = Matrix.of(data.inputs, data.inputs, [1]); // a single weight: the pixel itself
 * const W2 = Matrix.of(data.classes, data.inputs, [-9, 9]), b2 = Matrix.of(data.classes, 1, [6, -6]);
 * const parameters = { W1: one, b1: Matrix.zeros(data.inputs, 1), W2, b2 };
 * strictEqual(evaluate(new ReferenceEngine(parameters, data)).correct, 2);
 * ```
 */
export function evaluate<D extends number, M extends number, K extends number>(
  engine: Pick<Engine<D, M, K>, "data" | "scores" | "parameters">,
): Evaluation<K> {
  const { data } = engine;
  const K = engine.parameters.b2.rows as Exact<K>;
  const confusion = Matrix.zeros<K, K>(K, K);
  let loss = 0, correct = 0;
  for (let start = 0; start < data.count; start += CHUNK) {
    const count = dim("chunk", Math.min(CHUNK, data.count - start));
    const labels = Indices.of(count, data.labels.subarray(start, start + count));
    const A2 = engine.scores(
      Indices.of(count, Uint32Array.from(labels.values, (_, i) => start + i)),
    );
    for (const ofOne of crossEntropy(A2, labels).data) loss += ofOne;
    predictions(A2).forEach((predicted, i) => {
      const right = labels.values[i]!;
      confusion.data[right * confusion.columns + predicted]!++;
      if (predicted === right) correct++;
    });
  }
  return {
    count: data.count,
    correct,
    accuracy: correct / data.count,
    crossEntropy: loss / data.count,
    confusion,
  };
}

/**
 * The class with the greatest score in each column; the first of equals, as NumPy's argmax.
 *
 * @param scores K x B, scores or probabilities
 * @returns B classes
 */
export function predictions(scores: AnyMatrix): Uint32Array<ArrayBuffer> {
  const { rows, columns, data } = scores;
  return Uint32Array.from({ length: columns }, (_, j) => {
    let best = 0;
    for (let i = 1; i < rows; i++) if (data[i * columns + j]! > data[best * columns + j]!) best = i;
    return best;
  });
}
