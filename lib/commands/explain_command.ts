// `explain`: the equations of a training step, with their derivations and real numbers.
import { type Command, InvalidArgumentError, Option } from "commander";
import { type AnyParameters, type Quantity, REPORT_SETTINGS, STEP } from "../../mod.ts";
import {
  batchStep,
  type ExplainedStep,
  focusOn,
  initialParameters,
  smallStep,
} from "../explain/explained_step.ts";
import { EXPLANATIONS } from "../explain/explanations.ts";
import { afterStep, layOut, overview } from "../explain/page.ts";
import { integer, oneOf, option, SansoCommand } from "../system/arguments.ts";
import {
  checkDataSample,
  checkFit,
  type DataSample,
  loadDataset,
  parseDataSample,
} from "../system/data.ts";
import { UsageError } from "../system/errors.ts";
import { print } from "../system/output.ts";
import { loadParametersOrPretrained } from "../system/runs.ts";
import { oneLine } from "../text/escape.ts";
import { type Language, t, type Text } from "../text/layout.ts";

/** The image that the page shows first. */
const FIRST_SAMPLE: DataSample = { name: "test:8", split: "test", index: 8 };

interface ExplainOptions {
  readonly quantity?: Quantity["symbol"];
  readonly equation?: number;
  readonly entry?: readonly [row: number, column: number];
  readonly sample?: DataSample;
  readonly data?: string;
  readonly seed?: number;
  readonly small?: true;
  readonly lang: Language;
}

export function explainCommand(): Command {
  const symbols = STEP.map(({ symbol }) => symbol);
  return new SansoCommand("explain")
    .description(
      "Explain the equations of one training step, with their derivations and with numbers.",
    )
    .anyParameters()
    .option("--quantity <symbol>", `show only: ${symbols.join(", ")}`, oneOf(...symbols))
    .addOption(
      option("--equation <n>", "show only what this equation of the report gives", integer(1, 3))
        .conflicts("quantity"),
    )
    .option(
      "--entry <row,column>",
      "the entry of the quantity to work out, counted from 0 (default: one with a large gradient)",
      rowAndColumn,
    )
    .option("--sample <image>", "an image of the data, such as train:7 (default: test:8)", sample)
    .data()
    .setting("seed", "draw the parameters with this seed")
    .addOption(
      new Option("--small", "two images of 2x2 pixels in a network with 3 hidden units")
        .conflicts(["sample", "data"]),
    )
    .language()
    .action(run)
    .examples("checks.md", "explain --quantity dW1", "explain --small --lang ja");
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

async function run(file: string | undefined, options: ExplainOptions): Promise<void> {
  const { quantity, equation, entry, seed, small, lang } = options;
  if (entry !== undefined && quantity === undefined) {
    throw new UsageError("--entry needs --quantity");
  }
  if (file !== undefined && (small || seed !== undefined)) {
    throw new UsageError(`--${small ? "small" : "seed"} takes no parameters`);
  }
  const shown = STEP.filter(({ symbol }) =>
    symbol === (quantity ?? symbol) &&
    (!equation || EXPLANATIONS[symbol].title.en.startsWith(`Equation (${equation})`))
  );
  const [taken, parameters] = await takeStep(file, options), step = atEntry(taken, options);
  const pages = shown.map((one, i) => layOut(one, step, lang, `${i + 1}/${shown.length}`));
  if (shown.some(({ pass }) => pass === "update")) pages.push(afterStep(step, lang));
  print([overview(step, parameters, lang), ...pages].join("\n\n\n"));
}

/** The step, and where its parameters are from. */
async function takeStep(
  file: string | undefined,
  { sample = FIRST_SAMPLE, data: folder, seed, small }: ExplainOptions,
): Promise<[step: ExplainedStep, parameters: Text]> {
  if (small) {
    const drawnWith = seed ?? REPORT_SETTINGS.seed;
    return [smallStep(drawnWith), describeSeed(drawnWith)];
  }
  const loaded = loadDataset(folder, sample.split), { data } = loaded;
  checkDataSample(sample, loaded);
  const step = (network: AnyParameters) => batchStep(data, [sample.index], network);
  if (seed !== undefined) {
    return [step(initialParameters(seed, data.inputs, data.classes)), describeSeed(seed)];
  }
  const { name, title, parameters } = await loadParametersOrPretrained(file);
  checkFit(name, parameters, loaded);
  const own = title && oneLine(name);
  const from = t(
    `Its parameters are ${own === undefined ? "the report's" : `those of ${own}`}.`,
    `パラメータには、${own === undefined ? "レポートの実験で学習した" : `${own} の`}値を使う。`,
  );
  return [step(parameters), from];
}

/** The step with the given entry in focus. */
function atEntry(step: ExplainedStep, { quantity, entry }: ExplainOptions): ExplainedStep {
  if (quantity === undefined || entry === undefined) return step;
  const { rows, columns } = step.values[quantity], [row, column] = entry;
  if (row >= rows || column >= columns) {
    throw new UsageError(
      `--entry ${row},${column}: ${quantity} is ${rows}x${columns}, rows and columns counted from 0`,
    );
  }
  return { ...step, focus: { ...step.focus, ...focusOn(quantity, row, column) } };
}

function describeSeed(seed: number): Text {
  return t(
    `Its parameters are drawn with seed ${seed}.`,
    `パラメータはシード ${seed} の乱数で初期化する。`,
  );
}
