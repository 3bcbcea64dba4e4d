/**
 * What the network makes of one image.
 *
 * @module
 */

import {
  type AnyParameters,
  Dataset,
  dim,
  forward,
  type GreyImage,
  Indices,
  predictions,
} from "../../../mod.ts";

/** What the network makes of an image. */
export interface Reading {
  /** The class with the greatest probability. */
  readonly answer: number;
  /** Of each class, from 0 to 1. */
  readonly probabilities: Float64Array;
  /** What each hidden unit puts out, from 0 to 1. */
  readonly activations: Float64Array;
}

/**
 * Forward propagation of one image.
 *
 * @throws {ShapeError} if the network takes images of another size
 */
export function read(parameters: AnyParameters, image: GreyImage): Reading {
  const data = Dataset.of(image, image.pixels, Uint8Array.of(0));
  const { X } = data.batch(Indices.of(dim("one", 1), [0]));
  const { Y1, P } = forward(parameters, X);
  return { answer: predictions(P)[0]!, probabilities: P.data, activations: Y1.data };
}
