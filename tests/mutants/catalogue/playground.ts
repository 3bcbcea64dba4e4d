/**
 * Mutants of the page that trains.
 *
 * @module
 */

import type { Chapter } from "../mutant.ts";

const RUN = "lib/pages/playground/train/training_run.ts";
const RUN_TEST = "pages/playground/training_run_test.ts";
const SETTINGS_TEST = "pages/playground/training_settings_test.ts";

/** A training in the page: its tests, its file, its settings. */
export const playground: Chapter = {
  title: "Training in the page",
  mutants: [
    {
      title: "The page saves a run of as many epochs as it may have, not of the report's 30",
      file: RUN,
      search: "Math.max(REPORT_SETTINGS.epochs, begun)",
      replace: "Math.max(MAX_EPOCHS, begun)",
      caughtBy: [
        RUN_TEST,
        "reference: after 30 epochs TrainingRun saves the bytes that `train` saves",
      ],
    },
    {
      title: "The page shows an earlier test as that of the present network",
      file: RUN,
      search: "if (this.#tested.batches !== this.#batches) {",
      replace: "if (this.#tested.batches > this.#batches) {",
      caughtBy: [
        RUN_TEST,
        "example: TrainingRun tests after each epoch and when asked, once for each network",
      ],
    },
    {
      title: "A batch of all images is too large for the page",
      file: "lib/pages/playground/train/training_settings.ts",
      search: "return batchSize > images",
      replace: "return batchSize >= images",
      caughtBy: [
        SETTINGS_TEST,
        "reference: the page refuses a batch larger than the training set, as `train` does",
      ],
    },
    {
      title: "What is right by chance counts as learned",
      file: "lib/pages/playground/train/guessing.ts",
      search: "accuracy > guessing.chance",
      replace: "accuracy > guessing.accuracy",
      caughtBy: [
        SETTINGS_TEST,
        "example: noBetterThan() tells wrong answers from wrong probabilities, and both from chance",
      ],
    },
    {
      title: "The address of the page without the seed of a trained network",
      file: "lib/pages/playground/page_state.ts",
      search: "...SETTING_NAMES.map((name) => {\n      const value",
      replace: "...SETTING_NAMES.slice(0, 3).map((name) => {\n      const value",
      caughtBy: [
        "pages/playground/page_state_test.ts",
        "law: parseState() reads every state that formatState() writes",
      ],
    },
  ],
};
