/**
 * How good parameters are on a data set: mean cross-entropy, accuracy, confusion counts.
 *
 * @module
 */

import { argmax } from "./argmax.ts";
import type { Engine } from "./engine.ts";
import { Matrix } from "../math/matrix.ts";

/**
 * What {@linkcode evaluate} found.
 *
 * @category 6 Training
 */
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
 *
 * @category 6 Training
 */
export function evaluate<D extends number, M extends number, K extends number>(
  engine: Pick<Engine<D, M, K>, "data" | "scoresAndLosses" | "parameters">,
): Evaluation<K> {
  const { data } = engine;
  const K = engine.parameters.b2.rows;
  const confusion = Matrix.zeros<K, K>(K, K);
  let loss = 0, correct = 0;
  for (const chunk of data.chunks()) {
    const { scores, losses } = engine.scoresAndLosses(chunk);
    for (const exampleLoss of losses.data) loss += exampleLoss;
    argmax(scores).forEach((predicted, i) => {
      const right = data.labels[chunk.values[i]!]!;
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
 * What the confusion counts say of one class.
 *
 * @category 6 Training
 */
export interface ClassReport {
  /** Which class. */
  readonly class: number;
  /** How many examples are of this class. */
  readonly count: number;
  /** How many of them were taken for it. */
  readonly correct: number;
  /** The share of right ones among those that were taken for this class; null if none was. */
  readonly precision: number | null;
  /** The share of those of this class that were taken for it; null if there is none. */
  readonly recall: number | null;
}

/**
 * Precision and recall of every class.
 *
 * @param confusion as {@linkcode evaluate} counts it: right classes in rows, K x K
 *
 * @example
 * ```ts
 * import { classReports, Matrix } from "@sanso/sanso";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const [zero] = classReports(Matrix.of(2, 2, [6, 2, 4, 8]));
 * deepStrictEqual(zero, { class: 0, count: 8, correct: 6, precision: 0.6, recall: 0.75 });
 * ```
 *
 * @category 6 Training
 */
export function classReports<K extends number>(confusion: Matrix<K, K>): ClassReport[] {
  const counts = confusion.rowSums.data, taken = confusion.columnSums.data;
  const ratio = (part: number, whole: number) => whole === 0 ? null : part / whole;
  return Array.from(counts, (count, k) => {
    const correct = confusion.at(k, k);
    return {
      class: k,
      count,
      correct,
      precision: ratio(correct, taken[k]!),
      recall: ratio(correct, count),
    };
  });
}
