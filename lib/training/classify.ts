/**
 * What a network makes of one image.
 *
 * @module
 */

import type { AnyParameters } from "../network/network.ts";
import { argmax } from "./argmax.ts";
import type { GreyImage } from "../data/image.ts";
import { Indices } from "../math/indices.ts";
import { Dataset } from "../data/dataset.ts";
import { forward } from "../network/network.ts";

/** What a network makes of an image. */
export interface Classification {
  /** The class with the greatest probability. */
  readonly class: number;
  /** Of each class, from 0 to 1. */
  readonly probabilities: Float64Array;
  /** What each hidden unit puts out, from 0 to 1. */
  readonly activations: Float64Array;
}

/**
 * Forward propagation of one image, its pixels divided by 255.
 *
 * @throws {ShapeError} if the network takes images of another size
 */
export function classify(parameters: AnyParameters, image: GreyImage): Classification {
  const alone = Dataset.of(image, image.pixels, Uint8Array.of(0)); // its label is not asked for
  const { Y1, P } = forward(parameters, alone.batch(Indices.of(1, [0])).X);
  return { class: argmax(P)[0]!, probabilities: P.data, activations: Y1.data };
}
