// Whether a network does better than one that has learned nothing.
import type { Quality } from "../../storage/history.ts";

/** Standard errors that chance exceeds once in some hundred tests. */
const STANDARD_ERRORS = 3;

/** What somebody reaches who knows nothing of the images. */
export interface Guessing {
  /** The cross-entropy of equal probabilities for all classes, ln K, in nats. */
  readonly crossEntropy: number;
  /** The accuracy of one answer to all images: the share of the most frequent class. */
  readonly accuracy: number;
  /** An accuracy that other answers hardly exceed by chance: three standard errors more. */
  readonly chance: number;
}

/**
 * How good guessing is on a data set.
 *
 * @param classes K, the number of classes
 * @param labels the labels of the data set
 *
 * @example
 * ```ts
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const guessing = guessingOn(2, Uint8Array.of(0, 1, 1, 1));
 * deepStrictEqual(guessing, { crossEntropy: Math.LN2, accuracy: 0.75, chance: 1 });
 * ```
 */
export function guessingOn(classes: number, labels: Uint8Array): Guessing {
  const counts = new Uint32Array(256);
  for (const label of labels) counts[label]!++;
  const most = counts.reduce((a, b) => Math.max(a, b));
  const accuracy = most / labels.length;
  const error = Math.sqrt(accuracy * (1 - accuracy) / labels.length);
  const chance = Math.min(1, accuracy + STANDARD_ERRORS * error);
  return { crossEntropy: Math.log(classes), accuracy, chance };
}

/**
 * Compares a network with guessing.
 *
 * @returns `"answers"` if its answers are no better, but for chance; `"probabilities"` if only its
 * cross-entropy is no lower: it is often wrong with great confidence; undefined if it does better
 */
export function noBetterThan(
  guessing: Guessing,
  { crossEntropy, accuracy }: Quality,
): "answers" | "probabilities" | undefined {
  if (!(accuracy > guessing.chance)) return "answers";
  return crossEntropy < guessing.crossEntropy ? undefined : "probabilities";
}
