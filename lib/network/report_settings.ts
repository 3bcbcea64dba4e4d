// The settings of the report's experiment: the defaults of training are made from them.

/**
 * The settings of the report's program; {@linkcode train} accepts them.
 *
 * @example
 * ```ts
 * import { initialise, RandomState, REPORT_SETTINGS } from "@sanso/sanso";
 * import { strictEqual } from "node:assert/strict";
 *
 * const { seed, hidden } = REPORT_SETTINGS;
 * const { W1 } = initialise(784, hidden, 10, new RandomState(seed));
 * strictEqual(W1.at(0, 0), 0.011855564916458014);
 * ```
 *
 * @category 3 Network
 */
export const REPORT_SETTINGS = {
  /** Seed of NumPy's random numbers (the listing's `np.random.seed`). */
  seed: 601,
  /** M, hidden units. */
  hidden: 80,
  /** B, examples in a mini-batch. */
  batchSize: 100,
  /** η, the learning rate (the listing's `my`). */
  learningRate: 0.01,
  /** Epochs (the listing's `num`). */
  epochs: 30,
} as const;
Object.freeze(REPORT_SETTINGS);
