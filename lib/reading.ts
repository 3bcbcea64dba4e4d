/**
 * What a network makes of one image.
 *
 * @module
 */

import { predictions } from "./accuracy.ts";
import type { GreyImage } from "./drawing/grey_image.ts";
import { Indices } from "./indices.ts";
import { Dataset } from "./mnist.ts";
import { forward } from "./network.ts";
import type { AnyParameters } from "./parameters_file.ts";

/** What a network makes of an image. */
export interface Reading {
  /** The class with the greatest probability. */
  readonly answer: number;
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
export function read(parameters: AnyParameters, image: GreyImage): Reading {
  const alone = Dataset.of(image, image.pixels, Uint8Array.of(0)); // its label is not asked for
  const { Y1, P } = forward(parameters, alone.batch(Indices.of(1, [0])).X);
  return { answer: predictions(P)[0]!, probabilities: P.data, activations: Y1.data };
}
