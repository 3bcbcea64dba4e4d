/**
 * Mutants of the training loop, its data, the evaluation and the gradient check.
 *
 * @module
 */

import type { Chapter } from "../mutant.ts";

const TRAIN = "lib/training/train.ts";
const STEP = "lib/training/reference_engine.ts";
const MNIST = "lib/data/dataset.ts";
const EVALUATE = "lib/training/evaluate.ts";

const IS_ONE_STEP_AFTER_THE_OTHER = [
  "training/train_test.ts",
  "example: train() runs forward, backward and sgd on batches drawn with replacement",
] as const;
const YIELDS = [
  "training/train_test.ts",
  "example: train() yields the mean loss so far after each batch and each epoch",
] as const;
const STEP_RETURNS = [
  "training/train_test.ts",
  "example: ReferenceEngine.step() returns the mean loss and the correct predictions before the step",
] as const;
const BATCH = [
  "data/dataset_test.ts",
  "example: Dataset.batch() puts each image of the batch into a column, pixels divided by 255",
] as const;

/** The loop. */
export const training: Chapter = {
  title: "Training",
  mutants: [
    {
      title: "Stale activations: those of the first batch are reused",
      file: STEP,
      search: "const activations = forward(this.#parameters, X);",
      replace: "const activations = this.activations ??= forward(this.#parameters, X);",
      caughtBy: IS_ONE_STEP_AFTER_THE_OTHER,
    },
    {
      title: "Gradients accumulate from batch to batch, because they are not set to zero",
      file: STEP,
      search: "const { gradients } = backward(this.#parameters, activations, labels);",
      replace: `const { gradients } = backward(this.#parameters, activations, labels);
    gradients.W1.data.forEach((dw, i, all) => all[i] = dw + (this.last?.W1.data[i] ?? 0));
    this.last = gradients;`,
      caughtBy: IS_ONE_STEP_AFTER_THE_OTHER,
    },
    {
      title: "The loss is measured after the step, not before it",
      file: STEP,
      search: "meanLoss(losses)",
      replace: `meanLoss(
        crossEntropy(forward(this.#parameters, X).A2, oneHot(activations.A2, labels)),
      )`,
      caughtBy: STEP_RETURNS,
    },
    {
      title: "The sum of the batch's losses, not their mean",
      file: STEP,
      search: "meanLoss(losses).at(0, 0)",
      replace: "losses.rowSums.at(0, 0)",
      caughtBy: STEP_RETURNS,
    },
    {
      title: "Batches without replacement: the report draws with it",
      file: TRAIN,
      search: "random.randint(0, examples, B)",
      replace: "random.permutation(examples).slice(0, B)",
      caughtBy: IS_ONE_STEP_AFTER_THE_OTHER,
    },
    {
      title: "The last example is never drawn: NumPy's upper bound is exclusive already",
      file: TRAIN,
      search: "random.randint(0, examples, B)",
      replace: "random.randint(0, examples - 1, B)",
      caughtBy: IS_ONE_STEP_AFTER_THE_OTHER,
    },
    {
      title: "The epoch's sum is never reset, as in the listing",
      file: TRAIN,
      search: "[iteration, lossSum, correct] = [0, 0, 0];",
      replace: "iteration = 0;",
      caughtBy: YIELDS,
    },
    {
      title: "One batch too many an epoch: the quotient is rounded up",
      file: TRAIN,
      search: "Math.floor(examples / B)",
      replace: "Math.ceil(examples / B)",
      caughtBy: YIELDS,
    },
    {
      title: "A run that diverged goes on: NaN is not finite, but not infinite either",
      file: TRAIN,
      search: "!Number.isFinite(batch.crossEntropy)",
      replace: "Number.isNaN(batch.crossEntropy)",
      caughtBy: [
        "training/train_test.ts",
        "example: train() stops at the first loss that is not finite, and gives its position",
      ],
    },
  ],
};

/** Images and labels. */
export const data: Chapter = {
  title: "Data",
  mutants: [
    {
      title: "The pixels are not divided by 255",
      file: MNIST,
      search: "(_, byte) => byte / 255",
      replace: "(_, byte) => byte",
      caughtBy: BATCH,
    },
    {
      title: "The pixels are divided by 256",
      file: MNIST,
      search: "(_, byte) => byte / 255",
      replace: "(_, byte) => byte / 256",
      caughtBy: BATCH,
    },
    {
      title: "Images as rows, where columns are examples",
      file: MNIST,
      search: "X.data[i * B + j]",
      replace: "X.data[j * D + i]",
      caughtBy: BATCH,
    },
    {
      title: "The labels of the first images, not of those in the batch",
      file: MNIST,
      search: "(example) => this.labels[example]!",
      replace: "(_, j) => this.labels[j]!",
      caughtBy: BATCH,
    },
    {
      title: "The header of an IDX file taken for pixels",
      file: "lib/formats/idx.ts",
      search: "byteOffset + dataStart, byteLength - dataStart",
      replace: "byteOffset, byteLength - dataStart",
      caughtBy: ["formats/idx_test.ts", "example: readIdx() reads two images of 2 x 3"],
    },
  ],
};

/** Accuracy and the confusion matrix. */
export const evaluation: Chapter = {
  title: "Evaluation",
  mutants: [
    {
      title: "Of equal scores the last is taken; NumPy's argmax takes the first",
      file: "lib/training/classify.ts",
      search: "entry > max ||",
      replace: "entry >= max ||",
      caughtBy: [
        "training/evaluate_test.ts",
        "example: argmax() takes the first of equal greatest scores, as NumPy's argmax",
      ],
    },
    {
      title: "The confusion matrix with true and predicted classes interchanged",
      file: EVALUATE,
      search: "label * confusion.columns + predicted",
      replace: "predicted * confusion.columns + label",
      caughtBy: ["training/evaluate_test.ts", "example: evaluate() of scores known by hand"],
    },
    {
      title: "The last examples are left out where they fill no whole chunk",
      file: "lib/data/dataset.ts",
      search: "start < this.count;",
      replace: "start + CHUNK <= this.count;",
      caughtBy: [
        "training/evaluate_test.ts",
        "law: evaluate() counts every example once, however many there are",
      ],
    },
    {
      title: "Precision and recall confused",
      file: EVALUATE,
      search: "precision: ratio(correct, predicted[k]!)",
      replace: "precision: ratio(correct, count)",
      caughtBy: [
        "training/evaluate_test.ts",
        "example: classReports() divides by the predicted and by the true examples of a class",
      ],
    },
  ],
};

/** The check by finite differences, which finds most of these errors. */
export const gradientCheck: Chapter = {
  title: "Gradient check",
  mutants: [
    {
      title: "A one-sided difference, which errs by the step itself",
      file: "lib/checks/gradient_check.ts",
      search: "(at(x + step) - at(x - step)) / (2 * step)",
      replace: "(at(x + step) - at(x)) / step",
      caughtBy: [
        "checks/gradient_check_test.ts",
        "example: numericalGradient() errs by the fourth power of the step",
      ],
    },
    {
      title: "NaN accepted: it is not greater than any bound",
      file: "lib/checks/gradient_check.ts",
      search: "d > all[most]! || Number.isNaN(d) ? i : most",
      replace: "d > all[most]! ? i : most",
      caughtBy: [
        "checks/gradient_check_test.ts",
        "example: gradientError() does not pass over NaN",
      ],
    },
  ],
};
