/**
 * Finds the mistakes of which a network is surest.
 *
 * @module
 */

import { predictions } from "../accuracy.ts";
import type { Engine } from "../engine/engine.ts";
import { Indices } from "../indices.ts";
import { softmax } from "../layers/softmax_cross_entropy.ts";
import { dim } from "../shape.ts";

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

/** Scores are asked for so many examples at a time, which bounds the memory. */
const CHUNK = 500;

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
  for (let start = 0; start < data.count; start += CHUNK) {
    const count = dim("chunk", Math.min(CHUNK, data.count - start));
    const A2 = engine.scores(Indices.of(count, Array.from({ length: count }, (_, i) => start + i)));
    const P = softmax(A2);
    predictions(A2).forEach((predicted, i) => {
      const label = data.labels[start + i]!;
      if (predicted === label) return;
      const probabilities = Float64Array.from(
        { length: P.rows },
        (_, k) => P.data[k * P.columns + i]!,
      );
      mistakes.push({ example: start + i, label, predicted, probabilities });
    });
  }
  const sureness = ({ probabilities, predicted }: Mistake) => probabilities[predicted]!;
  return mistakes.sort((a, b) => sureness(b) - sureness(a)).slice(0, most);
}
