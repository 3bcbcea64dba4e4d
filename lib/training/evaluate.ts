// Evaluation on a data set: mean cross-entropy, accuracy, confusion matrix, precision and recall.
import { checkGiven, type Engine } from "./engine.ts";
import { Matrix } from "../math/matrix.ts";
import { ShapeError } from "../math/shape.ts";

/**
 * The result of {@linkcode evaluate}.
 *
 * @category 6 Training
 */
export interface Evaluation<K extends number> {
  /** Number of examples. */
  readonly count: number;
  /** Number of examples whose greatest score is finite and that of their label. */
  readonly correct: number;
  /** correct / count, from 0 to 1. */
  readonly accuracy: number;
  /** Mean cross-entropy of the examples, in nats. */
  readonly crossEntropy: number;
  /**
   * Confusion matrix, K x K: number of examples by true class (row) and predicted class (column).
   * An example whose greatest score is not finite has no predicted class and is left out.
   */
  readonly confusion: Matrix<K, K>;
}

/**
 * Evaluates an engine's parameters on its data set.
 *
 * @throws {RangeError} if a label is not less than K
 *
 * @example
 * ```ts
 * import { Dataset, dim, evaluate, initialise, RandomState, ReferenceEngine } from "@sanso/sanso";
 * import { strictEqual } from "node:assert/strict";
 *
 * const size = { width: 2, height: 1 };
 * const data = Dataset.of(size, Uint8Array.of(255, 0, 0, 255), Uint8Array.of(0, 1));
 * const parameters = initialise(data.inputs, dim("hidden", 3), data.classes, new RandomState(1));
 * const { accuracy, correct } = evaluate(new ReferenceEngine(parameters, data));
 * strictEqual(accuracy, correct / 2);
 * ```
 *
 * @category 6 Training
 */
export function evaluate<D extends number, M extends number, K extends number>(
  engine: Pick<Engine<D, M, K>, "data" | "classes" | "predictionsAndLosses">,
): Evaluation<K> {
  checkGiven("evaluate", { engine });
  const { data, classes } = engine;
  const confusion = Matrix.zeros(classes, classes);
  let loss = 0, correct = 0;
  for (const chunk of data.chunks()) {
    const { predictions, losses } = engine.predictionsAndLosses(chunk);
    for (const exampleLoss of losses.data) loss += exampleLoss;
    predictions.forEach((predicted, i) => {
      if (predicted === -1) return;
      const label = data.labels[chunk.values[i]!]!;
      confusion.data[label * classes + predicted]!++;
      if (predicted === label) correct++;
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
 * Precision and recall of one class.
 *
 * @category 6 Training
 */
export interface ClassReport {
  /** The class. */
  readonly class: number;
  /** Number of examples of this class. */
  readonly count: number;
  /** Number of these that are predicted correctly. */
  readonly correct: number;
  /** correct / number of examples predicted as this class; null if there are none. */
  readonly precision: number | null;
  /** correct / count; null if there are no examples of this class. */
  readonly recall: number | null;
}

/**
 * Precision and recall of every class.
 *
 * @param confusion confusion matrix as {@linkcode evaluate} returns it, true classes in rows, K x K
 * @throws {ShapeError} if it is not square
 *
 * @example
 * ```ts
 * import { classReports, Matrix } from "@sanso/sanso";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const [zero] = classReports(Matrix.fromRows([[6, 2], [4, 8]]));
 * deepStrictEqual(zero, { class: 0, count: 8, correct: 6, precision: 0.6, recall: 0.75 });
 * ```
 *
 * @category 6 Training
 */
export function classReports<K extends number>(confusion: Matrix<K, NoInfer<K>>): ClassReport[] {
  const { rows, columns } = confusion;
  if (rows !== columns) {
    throw new ShapeError(
      `Cannot report on the classes of a ${rows}x${columns} confusion matrix: must be square`,
    );
  }
  const counts = confusion.rowSums.data, predicted = confusion.columnSums.data;
  const ratio = (part: number, whole: number) => whole === 0 ? null : part / whole;
  return Array.from(counts, (count, k) => {
    const correct = confusion.at(k, k);
    return {
      class: k,
      count,
      correct,
      precision: ratio(correct, predicted[k]!),
      recall: ratio(correct, count),
    };
  });
}
