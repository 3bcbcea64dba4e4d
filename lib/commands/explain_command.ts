/**
 * `explain`: the equations of a training step, with their derivations and real numbers.
 *
 * @module
 */

import { Command, InvalidArgumentError } from "commander";
import { type Quantity, REPORT_SETTINGS, STEP } from "../../mod.ts";
import { type ExplainedStep, sampleStep, smallStep } from "../explain/explained_step.ts";
import { EQUATION_NAMES, type EquationName } from "../explain/explanation.ts";
import { EXPLANATIONS } from "../explain/explanations.ts";

import { afterStep, layOut, overview } from "../explain/page.ts";
import {
  checkDataSample,
  checkFit,
  dataOption,
  type DataSample,
  languageOption,
  loadDataset,
  loadParameters,
  oneOf,
  option,
  parametersOption,
  parseDataSample,
  print,
  seed,
  UsageError,
  UserError,
} from "../system/system.ts";
import { oneLine } from "../text/escape.ts";
import type { Language, Text } from "../text/layout.ts";
import { QUANTITIES } from "../network/step.ts";

interface ExplainOptions {
  readonly equation?: EquationName;
  readonly quantity?: Quantity["symbol"];
  readonly entry?: readonly [row: number, column: number];
  readonly sample?: DataSample;
  readonly parameters?: string;
  readonly data?: string;
  readonly seed?: number;
  readonly lang: Language;
}

/** The command, to be added to the program. */
export function explainCommand(): Command {
  const symbols = STEP.map(({ symbol }) => symbol);
  return new Command("explain")
    .description(
      "Explain the equations of one training step, with their derivations and with numbers.",
    )
    .addOption(
      option(
        "--equation <name>",
        `show only the quantities of this equation: ${EQUATION_NAMES.join(", ")}`,
        oneOf(...EQUATION_NAMES),
      ),
    )
    .addOption(
      option(
        "--quantity <symbol>",
        `show only this quantity: ${symbols.join(", ")}`,
        oneOf(...symbols),
      ),
    )
    .addOption(
      option(
        "--entry <row,column>",
        "the entry of the quantity to work out, counted from 0 (default: one with a large gradient)",
        rowAndColumn,
      ),
    )
    .addOption(
      option(
        "--sample <image>",
        "an image of the data set, such as test:42 or train:7 (default: two images of 2x2 pixels " +
          "in a network with 3 hidden units)",
        sample,
      ),
    )
    .addOption(parametersOption())
    .addOption(dataOption())
    .addOption(
      option("--seed <n>", `draws the parameters (default: ${REPORT_SETTINGS.seed})`, seed),
    )
    .addOption(languageOption())
    .action((options: ExplainOptions) => {
      checkCombination(options);
      run(options);
    });
}

function rowAndColumn(text: string): readonly [row: number, column: number] {
  const [, row, column] = /^(\d+),(\d+)$/.exec(text) ?? [];
  const entry = [Number(row), Number(column)] as const;
  if (!entry.every(Number.isSafeInteger)) {
    throw new InvalidArgumentError("Must be a row and a column, such as 3,400");
  }
  return entry;
}

function sample(text: string): DataSample {
  const sample = parseDataSample(text);
  if (sample === undefined) {
    throw new InvalidArgumentError("Must be test: or train: and a number, such as test:42");
  }
  return sample;
}

function checkCombination(options: ExplainOptions): void {
  const { equation, quantity, entry, sample, parameters, data, seed } = options;
  if (equation !== undefined && quantity !== undefined) {
    throw new UsageError("--equation and --quantity cannot be combined");
  }
  if (entry !== undefined && quantity === undefined) {
    throw new UsageError("--entry needs --quantity");
  }
  if (sample === undefined && (parameters ?? data) !== undefined) {
    throw new UsageError("--parameters and --data need --sample");
  }
  if (parameters !== undefined && seed !== undefined) {
    throw new UsageError("--parameters and --seed cannot be combined");
  }
}

function run(options: ExplainOptions): void {
  const { equation, quantity, lang } = options;
  const shown = STEP.filter(({ symbol }) =>
    (quantity === undefined || symbol === quantity) &&
    (equation === undefined || EXPLANATIONS[symbol].equations.includes(equation))
  );
  const step = atEntry(takeStep(options), options);
  const pages = shown.map((one, i) => layOut(one, step, lang, `${i + 1}/${shown.length}`));
  const updates = shown.some(({ pass }) => pass === "update");
  print(
    [
      overview(step, describeParameters(options), lang),
      ...pages,
      ...(updates ? [afterStep(step, lang)] : []),
    ].join("\n\n\n"),
  );
}

function takeStep({ sample, parameters: file, data: folder, seed }: ExplainOptions): ExplainedStep {
  const drawnWith = seed ?? REPORT_SETTINGS.seed;
  if (sample === undefined) return smallStep(drawnWith);
  const loaded = loadDataset(folder, sample.split);
  checkDataSample(sample, loaded);
  if (file === undefined) return sampleStep(loaded.data, sample.index, drawnWith);
  const parameters = loadParameters(file);
  checkFit(file, parameters, loaded);
  return sampleStep(loaded.data, sample.index, parameters);
}

/** The step with the given entry in focus. */
function atEntry(step: ExplainedStep, { quantity, entry }: ExplainOptions): ExplainedStep {
  if (quantity === undefined || entry === undefined) return step;
  const { rows, columns } = step.values[quantity], [row, column] = entry;
  if (row >= rows || column >= columns) {
    throw new UserError(
      `--entry ${row},${column}: ${quantity} is ${rows}x${columns}, rows and columns counted from 0`,
    );
  }
  const [rowAxis, columnAxis] = QUANTITIES[quantity].axes;
  return { ...step, focus: { ...step.focus, [rowAxis]: row, [columnAxis]: column } };
}

function describeParameters({ parameters, seed = REPORT_SETTINGS.seed }: ExplainOptions): Text {
  if (parameters === undefined) {
    return {
      en: `Its parameters are drawn with seed ${seed}.`,
      ja: `パラメータはシード ${seed} の乱数で初期化する。`,
    };
  }
  const name = oneLine(parameters);
  return {
    en: `Its parameters are those of ${name}.`,
    ja: `パラメータには ${name} の値を使う。`,
  };
}
