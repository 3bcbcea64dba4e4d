// The settings of the report's experiment, from which the defaults of training are made.

/**
 * The settings of the report's program; {@linkcode train} accepts them.
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
