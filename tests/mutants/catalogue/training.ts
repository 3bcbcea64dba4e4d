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
const HANDS_OUT_BATCHES = [
  "training/train_test.ts",
  "example: train() hands each batch to the engine in the order drawn, and yields the accuracy so far",
] as const;
const YIELDS = [
  "training/train_test.ts",
  "example: train() yields the mean loss so far after each batch and each epoch",
] as const;
const STEP_RETURNS = [
  "training/train_test.ts",
  "example: ReferenceEngine.step() returns the mean loss and the correct predictions before the step",
] as const;
const LEAVES_LARGE_PARAMETER = [
  "training/train_test.ts",
  "example: train() stops after the step that leaves a parameter not below 1e280, and gives its position",
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
      title: "The examples of a batch sorted: sums are added in another order",
      file: TRAIN,
      search: "random.randint(0, examples, B)",
      replace: "Array.from(random.randint(0, examples, B)).sort((a, b) => a - b)",
      caughtBy: HANDS_OUT_BATCHES,
    },
    {
      title: "The accuracy so far divided by all of the epoch's examples",
      file: TRAIN,
      search: "correct / (iteration * B)",
      replace: "correct / (iterations * B)",
      caughtBy: HANDS_OUT_BATCHES,
    },
    {
      title: "The correct predictions are counted after the step, not before it",
      file: STEP,
      search: "correct: countCorrect(activations.A2, labels)",
      replace: "correct: countCorrect(forward(this.parameters, X).A2, labels)",
      caughtBy: STEP_RETURNS,
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
      title: "Parameters that are NaN are not noticed: they are not greater than any limit",
      file: TRAIN,
      search: "if (!(bound < MAX_PARAMETER)) {",
      replace: "if (bound >= MAX_PARAMETER) {",
      caughtBy: LEAVES_LARGE_PARAMETER,
    },
    {
      title: "Parameters are looked at before the step: what the last one does is not noticed",
      file: TRAIN,
      search: `      const batch = engine.step(batchIndices, learningRate);
      iteration++;`,
      replace: `      iteration++;
      if (!(engine.maxAbsParameter < MAX_PARAMETER)) throw diverged("");
      const batch = engine.step(batchIndices, learningRate);
      bound = 0;`,
      caughtBy: LEAVES_LARGE_PARAMETER,
    },
    {
      title: "The step's bound without the first layer, whose gradient grows with W2",
      file: TRAIN,
      search: "learningRate * Math.max(1, bound / 2)",
      replace: "learningRate",
      caughtBy: [
        "training/train_test.ts",
        "example: train() measures the parameters once, until steps can have made them large",
      ],
    },
    {
      title: "The engine hands out its own parameters, not a copy",
      file: STEP,
      search: "return copy(this.#parameters);",
      replace: "return this.#parameters;",
      caughtBy: [
        "training/engine_checks_test.ts",
        "example: Engine.parameters copies on construction, on reading and on setting",
      ],
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
      title:
        "The caller's pixels and labels are kept, not copied: who reuses them changes the data",
      file: MNIST,
      search: "? [new Uint8Array(pixels), new Uint8Array(labels)]",
      replace: "? [pixels, labels]",
      caughtBy: ["data/dataset_test.ts", "example: Dataset.of() copies pixels, labels and size"],
    },
    {
      title: "An array of any type is taken for bytes: 0.5 becomes 0",
      file: MNIST,
      search: 'if (dtype === "|u1") continue;',
      replace: "continue;",
      caughtBy: [
        "data/dataset_test.ts",
        "example: datasetFromIdx() throws FormatError for arrays that are not of uint8, and names their dtype",
      ],
    },
    {
      title: "A number between two bytes is rounded unasked",
      file: MNIST,
      search: "if (!quantize && ",
      replace: "if (false && ",
      caughtBy: [
        "data/dataset_test.ts",
        "example: Dataset.ofNumbers() throws RangeError for other numbers, with index and value",
      ],
    },
    {
      title: "Images of one data set with the labels of another",
      file: "lib/system/data_files.ts",
      search: "setOf(images) !== setOf(labels)",
      replace: "false",
      caughtBy: [
        "system/data_files_test.ts",
        "example: loadDataset() refuses images of one data set with labels of another",
      ],
    },
    {
      title: "The classes of the first images alone: the network of a part has fewer",
      file: MNIST,
      search: "pixels, labels, this.classes)",
      replace: "pixels, labels, dim('classes', Math.max(...labels) + 1))",
      caughtBy: ["data/dataset_test.ts", "example: Dataset.first() keeps the number of classes"],
    },
    {
      title: "An image begins after as many rows as images before it",
      file: MNIST,
      search: "start = index * this.inputs",
      replace: "start = index * width",
      caughtBy: ["data/dataset_test.ts", "example: Dataset.image() is one image, not copied"],
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
      title: "NaN is skipped; NumPy's argmax takes the first NaN",
      file: "lib/training/classify.ts",
      search: "entry > max || Number.isNaN(entry)",
      replace: "entry > max",
      caughtBy: [
        "training/evaluate_test.ts",
        "example: argmax() takes the first NaN of a column for its greatest entry, as NumPy's argmax",
      ],
    },
    {
      title: "The confusion matrix with true and predicted classes interchanged",
      file: EVALUATE,
      search: "label * classes + predicted",
      replace: "predicted * classes + label",
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
      title: "JSON's null, which it has for NaN, is taken for a pixel",
      file: "lib/data/dataset.ts",
      search: 'typeof value === "number" && value >= -PIXEL_TOLERANCE',
      replace: "value >= -PIXEL_TOLERANCE",
      caughtBy: [
        "data/dataset_test.ts",
        "example: Dataset.ofNumbers() throws RangeError for what is no number, and says what it is",
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

const CUBES = [
  "checks/gradient_check_test.ts",
  "law: numericalGradient() of a weighted sum of cubes is 3 x² times the weights",
] as const;

/** The check by finite differences, which finds most of these errors. */
export const gradientCheck: Chapter = {
  title: "Gradient check",
  mutants: [
    {
      title: "A one-sided difference, which errs by the step itself",
      file: "lib/checks/gradient_check.ts",
      search: "(f(t) - f(-t)) / (2 * t)",
      replace: "(f(t) - f(0)) / t",
      caughtBy: [
        "checks/gradient_check_test.ts",
        "example: numericalGradient() errs by the fourth power of the step",
      ],
    },
    {
      title: "The difference of the wrong sign: from x + h to x - h",
      file: "lib/checks/gradient_check.ts",
      search: "(f(t) - f(-t)) / (2 * t)",
      replace: "(f(-t) - f(t)) / (2 * t)",
      caughtBy: CUBES,
    },
    {
      title: "Richardson's weights of a difference that errs by h itself: 2 D(h/2) - D(h)",
      file: "lib/checks/gradient_check.ts",
      search: "(4 * difference(h / 2) - difference(h)) / 3",
      replace: "2 * difference(h / 2) - difference(h)",
      caughtBy: CUBES,
    },
    {
      title: "Entries stay moved: later differences are taken at another point",
      file: "lib/checks/gradient_check.ts",
      search: "    moved.data[entry] = x;\n",
      replace: "",
      caughtBy: [
        "checks/gradient_check_test.ts",
        "example: numericalGradient() leaves X as it is, and moves one entry at a time",
      ],
    },
    {
      title: "The error relative to the analytic gradient alone: all zeros would pass",
      file: "lib/checks/gradient_check.ts",
      search: "Math.max(maxAbs(analytic.data), maxAbs(numerical.data))",
      replace: "maxAbs(analytic.data)",
      caughtBy: [
        "checks/gradient_check_test.ts",
        "example: gradientError() is 1 if either gradient is all zeros and the other is not",
      ],
    },
    {
      title: "The place of the worst entry among those compared, not in the gradient",
      file: "lib/checks/layer_checks.ts",
      search: "row: Math.floor(entry / columns),\n    column: entry % columns,",
      replace: "row: found.row,\n    column: found.column,",
      caughtBy: [
        "checks/layer_checks_test.ts",
        "example: layerChecks() gives the place of an entry in its gradient, whichever entries are compared",
      ],
    },
    {
      title: "Differences of the network's own functions, whichever are checked",
      file: "lib/checks/layer_checks.ts",
      search: "replaced[quantity.symbol]?.(values as typeof step) ?? quantity.compute(values)",
      replace: "quantity.compute(values)",
      caughtBy: [
        "checks/layer_checks_test.ts",
        "example: layerChecks() of replaced functions compares these with each other",
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
    {
      title: "The direction passes by one layer: b1 is not in the inner product",
      file: "lib/checks/directional_check.ts",
      search: "innerProduct(a.b1, b.b1)",
      replace: "0",
      caughtBy: [
        "checks/directional_check_test.ts",
        "example: directionalError() of the report's network is right, with less rounding than the bound",
      ],
    },
    {
      title: "The direction does not move one layer: W2",
      file: "lib/checks/directional_check.ts",
      search: "W2: W2.map(draw)",
      replace: "W2: W2.map(() => 0)",
      caughtBy: [
        "checks/directional_check_test.ts",
        "example: randomDirection() has length 1, in the shapes of the parameters, and leaves them",
      ],
    },
    {
      title: "The direction's numbers are 1 and -1: only corners are drawn",
      file: "lib/checks/directional_check.ts",
      search: "random.normal(0, 1)",
      replace: "random.normal(0, 1) > 0 ? 1 : -1",
      caughtBy: [
        "checks/directional_check_test.ts",
        "example: randomDirection() has length 1, in the shapes of the parameters, and leaves them",
      ],
    },
    {
      title:
        "The directional error relative to the derivative, which is nearly 0 in most directions",
      file: "lib/checks/directional_check.ts",
      search: "Math.max(size, Math.abs(compared.numerical))",
      replace: "Math.abs(compared.numerical)",
      caughtBy: [
        "checks/directional_check_test.ts",
        "example: directionalError() is relative to |gradient| |direction|, not to the derivative itself",
      ],
    },
    {
      title: "The squares of a large gradient overflow: a right one is called wrong",
      file: "lib/checks/directional_check.ts",
      search: "entry / largest);\n  return largest * Math.sqrt(",
      replace: "entry);\n  return Math.sqrt(",
      caughtBy: [
        "checks/directional_check_test.ts",
        "example: directionalError() of gradients whose squares overflow is right, and finds a wrong one",
      ],
    },
    {
      title:
        "The directional error relative to the analytic gradient alone: all zeros would have none",
      file: "lib/checks/directional_check.ts",
      search: "Math.max(size, Math.abs(compared.numerical))",
      replace: "size",
      caughtBy: [
        "checks/directional_check_test.ts",
        "example: directionalError() finds a gradient that is left out, even all of them",
      ],
    },
    {
      title: "The rounding of the differences forgotten: saturated networks are called wrong",
      file: "lib/checks/verdict.ts",
      search: "allowed + uncertainty",
      replace: "allowed",
      caughtBy: [
        "checks/verdict_test.ts",
        "example: compareWithDifferences() decides by the bound where rounding is within it",
      ],
    },
    {
      title: "Undecided counts as right",
      file: "lib/checks/verdict.ts",
      search: 'uncertainty <= allowed ? "right" : "undecided"',
      replace: '"right"',
      caughtBy: [
        "checks/verdict_test.ts",
        "example: compareWithDifferences() decides nothing by differences that rounding moves beyond the bound",
      ],
    },
    {
      title: "Only the widest step is tried",
      file: "lib/checks/verdict.ts",
      search: "of STEPS)",
      replace: "of STEPS.slice(0, 1))",
      caughtBy: [
        "checks/verdict_test.ts",
        "example: compareWithDifferences() takes narrower steps until they agree",
      ],
    },
    {
      title: "The rounding of a logarithm near 0 taken as relative to it",
      file: "lib/checks/rounding.ts",
      search: "(1 + loss) / L.columns",
      replace: "loss / L.columns",
      caughtBy: [
        "checks/rounding_test.ts",
        "example: lossRounding() is not below that of a logarithm near 0, however small the loss",
      ],
    },
    {
      title: "Terms cancel in the estimate of rounding",
      file: "lib/checks/rounding.ts",
      search: "Math.abs(x) + WIDEST_STEP",
      replace: "x + WIDEST_STEP",
      caughtBy: [
        "checks/rounding_test.ts",
        "example: outputRounding() adds up the terms of each sum without their signs",
      ],
    },
    {
      title: "Inner products summed plainly: a long sum rounds its small differences away",
      file: "lib/checks/inner_product.ts",
      search: "return sum + lost;",
      replace: "return sum;",
      caughtBy: [
        "checks/inner_product_test.ts",
        "example: innerProduct() keeps what a plain sum loses",
      ],
    },
  ],
};
