// What one sees of a mistake at the end of a training.

/**
 * - `better`: the broken network has a higher accuracy than the right one;
 * - `same`: about the same;
 * - `learns`: at least half of the images are right;
 * - `slow`: fewer, but more than twice as many as by guessing;
 * - `guessing`: about as many as by guessing;
 * - `below`: less than half of that.
 */
export type Outcome = "better" | "same" | "learns" | "slow" | "guessing" | "below";

/** Accuracies that differ by less are about the same: of 1,000 images, by 10. */
const SAME = 0.01;

/**
 * Compares the accuracies of both networks.
 *
 * @param right the right network's, from 0 to 1
 * @param broken the broken network's
 * @param classes the number of classes, of which guessing finds one in so many
 *
 * @example
 * ```ts
 * import { strictEqual } from "node:assert/strict";
 *
 * strictEqual(outcomeOf(0.889, 0.792, 10), "learns");
 * strictEqual(outcomeOf(0.889, 0.126, 10), "guessing");
 * ```
 */
export function outcomeOf(right: number, broken: number, classes: number): Outcome {
  const chance = 1 / classes;
  if (Math.abs(broken - right) <= SAME) return "same";
  if (broken > right) return "better";
  if (broken < chance / 2) return "below";
  if (broken < 2 * chance) return "guessing";
  return broken < 0.5 ? "slow" : "learns";
}
