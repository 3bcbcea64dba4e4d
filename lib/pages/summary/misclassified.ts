// The images that a network misclassifies, by the probability of the wrong class.
import { argmax, type Engine, softmax } from "../../../mod.ts";

/** A misclassified example. */
export interface MisclassifiedExample {
  /** The example's index in the data set. */
  readonly example: number;
  /** The example's class. */
  readonly label: number;
  /** The predicted class. */
  readonly predicted: number;
  /** The probability of each class. */
  readonly probabilities: Float64Array;
}

/**
 * The misclassified examples of a data set in descending order of the predicted class's
 * probability, equal ones in the order of the data set.
 *
 * @param engine the parameters and the data set
 * @param max the most examples to return
 *
 * @example
 * ```ts
 * import { Dataset, Matrix, ReferenceEngine } from "@sanso/sanso";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * // predicts class 1 for any image
 * const data = Dataset.of({ width: 1, height: 1 }, Uint8Array.of(0, 9, 8), Uint8Array.of(1, 0, 0));
 * const parameters = {
 *   W1: Matrix.zeros(data.inputs, data.inputs),
 *   b1: Matrix.zeros(data.inputs, 1),
 *   W2: Matrix.zeros(data.classes, data.inputs),
 *   b2: Matrix.of(data.classes, 1, [0, 1]),
 * };
 * const examples = misclassifiedExamples(new ReferenceEngine(parameters, data), 9);
 * deepStrictEqual(examples.map(({ example }) => example), [1, 2]);
 * ```
 */
export function misclassifiedExamples<D extends number, M extends number, K extends number>(
  engine: Pick<Engine<D, M, K>, "data" | "scores">,
  max: number,
): MisclassifiedExample[] {
  const { data } = engine;
  const found: MisclassifiedExample[] = [];
  for (const chunk of data.chunks()) {
    const A2 = engine.scores(chunk), P = softmax(A2);
    argmax(A2).forEach((predicted, i) => {
      const example = chunk.values[i]!, label = data.labels[example]!;
      // NaN is no prediction
      if (predicted === label || Number.isNaN(P.data[predicted * P.columns + i])) return;
      const probabilities = Float64Array.from(
        { length: P.rows },
        (_, k) => P.data[k * P.columns + i]!,
      );
      found.push({ example, label, predicted, probabilities });
    });
  }
  const confidence = (one: MisclassifiedExample) => one.probabilities[one.predicted]!;
  return found.sort((a, b) => confidence(b) - confidence(a)).slice(0, max);
}
