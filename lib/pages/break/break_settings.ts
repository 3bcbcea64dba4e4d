// The settings of the networks in the view Break, and the rule that is broken at first.

/**
 * The settings of both networks, and of the gradient check, which takes few images since it
 * computes hundreds of losses. All images are the first of a half of the data set.
 */
export const BREAK_SETTINGS = {
  seed: 601,
  hidden: 80,
  batchSize: 50,
  learningRate: 0.1,
  epochs: 20,
  trainImages: 5000,
  testImages: 1000,
  checkedImages: 5,
} as const;

/** The id of the rule that is broken at first: its network learns all the same. */
export const FIRST_RULE = "dA1/1-y-lost";
