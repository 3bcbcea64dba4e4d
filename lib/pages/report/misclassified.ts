/**
 * Finds the mistakes of which a network is surest.
 *
 * @module
 */

import { argmax } from "../../training/classify.ts";
import type { Engine } from "../../training/engine.ts";
import { softmax } from "../../network/softmax_cross_entropy.ts";

/** An example that was taken for another class. */
export interface Mistake {
  /** Which example of the data set. */
  readonly example: number;
  /** Its class. */
  readonly label: number;
  /** The class that it was taken for. */
  readonly predicted: number;
  /** The probability of each class. */
  readonly probabilities: Float64Array;
}

/**
 * The mistakes whose wrong class has the greatest probability, the surest first; of equals the first in the data set.
 *
 * @param engine parameters, and the data set that they are tried on
 * @param most how many at most
 *
 * @example
 * ```ts
 * import { Dataset, Matrix, ReferenceEngine } from "@sanso/sanso";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * // whatever the image, class 1 gets the greater score
 * const data = Dataset.of({ width: 1, height: 1 }, Uint8Array.of(0, 9, 8), Uint8Array.of(1, 0, 0));
 * const parameters = {
 *   W1: Matrix.zeros(data.inputs, data.inputs),
 *   b1: Matrix.zeros(data.inputs, 1),
 *   W2: Matrix.zeros(data.classes, data.inputs),
 *   b2: Matrix.of(data.classes, 1, [0, 1]),
 * };
 * const mistakes = surestMistakes(new ReferenceEngine(parameters, data), 9);
 * deepStrictEqual(mistakes.map(({ example }) => example), [1, 2]);
 * ```
 */
export function surestMistakes<D extends number, M extends number, K extends number>(
  engine: Pick<Engine<D, M, K>, "data" | "scores">,
  most: number,
): Mistake[] {
  const { data } = engine;
  const mistakes: Mistake[] = [];
  for (const chunk of data.chunks()) {
    const A2 = engine.scores(chunk), P = softmax(A2);
    argmax(A2).forEach((predicted, i) => {
      const example = chunk.values[i]!, label = data.labels[example]!;
      if (predicted === label) return;
      const probabilities = Float64Array.from(
        { length: P.rows },
        (_, k) => P.data[k * P.columns + i]!,
      );
      mistakes.push({ example, label, predicted, probabilities });
    });
  }
  const sureness = ({ probabilities, predicted }: Mistake) => probabilities[predicted]!;
  return mistakes.sort((a, b) => sureness(b) - sureness(a)).slice(0, most);
}
