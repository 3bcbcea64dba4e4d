// The class that a network assigns to an example: the one with the greatest score.
import type { GreyImage } from "../data/image.ts";
import { Dataset } from "../data/dataset.ts";
import { Indices } from "../math/indices.ts";
import { ShapeError } from "../math/shape.ts";
import type { AnyMatrix, Matrix } from "../math/matrix.ts";
import { forward, type Parameters } from "../network/network.ts";

/**
 * The row of the greatest entry in each column, as NumPy's argmax: of equal entries the first, and
 * NaN is greater than any number.
 *
 * @param scores scores or probabilities, K x B
 *
 * @example
 * ```ts
 * import { argmax, Matrix } from "@sanso/sanso";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const scores = Matrix.fromRows([[1, 5, 2], [3, 4, 2]]);
 * deepStrictEqual(argmax(scores), Uint32Array.of(1, 0, 0));
 * ```
 *
 * @category 6 Training
 */
export function argmax(scores: AnyMatrix): Uint32Array<ArrayBuffer> {
  const { rows, columns, data } = scores;
  return Uint32Array.from({ length: columns }, (_, j) => {
    let best = 0, max = data[j]!;
    for (let i = 1; i < rows && !Number.isNaN(max); i++) {
      const entry = data[i * columns + j]!;
      if (entry > max || Number.isNaN(entry)) [best, max] = [i, entry];
    }
    return best;
  });
}

/** {@linkcode argmax}, but -1 where that score is not finite: there are no probabilities then. */
export function predictedClasses(scores: AnyMatrix): Int32Array<ArrayBuffer> {
  return Int32Array.from(argmax(scores), (k, j) => {
    return Number.isFinite(scores.data[k * scores.columns + j]) ? k : -1;
  });
}

/** Counts the examples whose greatest score is that of their label, and finite. */
export function countCorrect<K extends number, B extends number>(
  scores: Matrix<K, B>,
  labels: NoInfer<Indices<B>>,
): number {
  return predictedClasses(scores).filter((k, j) => k === labels.values[j]).length;
}

/**
 * The output of a network for one image.
 *
 * @category 6 Training
 */
export interface Classification {
  /** The class with the greatest probability. */
  readonly class: number;
  /** The probability of each class, from 0 to 1. */
  readonly probabilities: Float64Array;
  /** The output of each hidden unit, from 0 to 1. */
  readonly activations: Float64Array;
}

/**
 * Classifies one image; its pixels are divided by 255. Probabilities of scores that overflow are
 * NaN.
 *
 * @throws {ShapeError} if width · height is not D, or not the number of pixels
 * @throws {TypeError} if the pixels are not bytes
 *
 * @example
 * ```ts
 * import { classify, initialise, RandomState } from "@sanso/sanso";
 * import { strictEqual } from "node:assert/strict";
 *
 * const parameters = initialise(784, 80, 10, new RandomState(601));
 * const image = { width: 28, height: 28, pixels: new Uint8Array(784) };
 * strictEqual(classify(parameters, image).probabilities.length, 10);
 * ```
 *
 * @category 6 Training
 */
export function classify<D extends number, M extends number, K extends number>(
  parameters: Parameters<D, M, K>,
  image: GreyImage,
): Classification {
  const { W1: { columns } } = parameters, { width, height } = image;
  if (width * height !== columns) {
    throw new ShapeError(
      `Cannot classify an image of ${height}x${width}: need ${columns} pixels, ` +
        "as many as W1 has columns",
    );
  }
  // the label is not used
  const single = Dataset.of(image, image.pixels, Uint8Array.of(0)).withInputs<D>(columns);
  const { Y1, P } = forward(parameters, single.batch(Indices.of(1, [0])).X);
  return { class: argmax(P)[0]!, probabilities: P.data, activations: Y1.data };
}
