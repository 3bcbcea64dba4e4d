/**
 * `evaluate`: accuracy and cross-entropy of saved parameters.
 *
 * @module
 */

import { Command } from "commander";
import { classReports, type Dim, evaluate, type Evaluation } from "../../mod.ts";
import {
  type AnyEngine,
  checkFit,
  dataOption,
  type EngineKind,
  engineOption,
  info,
  integer,
  limitTo,
  loadDataset,
  type LoadedDataset,
  loadParameters,
  makeEngine,
  oneOf,
  option,
  path,
  print,
  showExamples,
  showJob,
  type Split,
  threadsOption,
} from "../system/system.ts";
import { oneLine, toJson } from "../text/escape.ts";
import { fitNames, fits, table } from "../text/layout.ts";
import { percent, pythonFloat } from "../text/numbers.ts";

/** Pairs of classes shown below a confusion matrix, and in place of one that is too wide. */
const MAX_WRONG = 5, MAX_WRONG_ALONE = 20;

interface EvaluateOptions {
  readonly split: Split;
  readonly data?: string;
  readonly limit?: number;
  readonly engine: EngineKind;
  readonly threads?: number;
  readonly json?: true;
}

/** The command, to be added to the program. */
export function evaluateCommand(): Command {
  return new Command("evaluate")
    .description("Evaluate saved parameters: cross-entropy, accuracy, confusion matrix.")
    .argument("<parameters>", "npz file of train or the report's program", path)
    .addOption(option("--split <which>", "test or train", oneOf("test", "train")).default("test"))
    .addOption(dataOption())
    .addOption(option("--limit <n>", "use only the first n images", integer(1)))
    .addOption(engineOption())
    .addOption(threadsOption())
    .option("--json", "print one JSON object")
    .action(run);
}

function run(file: string, options: EvaluateOptions): void {
  const { split, data: folder, limit, engine, threads, json } = options;
  const parameters = loadParameters(file);
  const loaded = limitTo(limit, loadDataset(folder, split));
  checkFit(file, parameters, loaded);
  const result = evaluateWithDisplay(makeEngine(engine, parameters, loaded.data, threads));
  print(json ? describeAsJson(file, split, result) : toText(file, loaded, result));
}

function evaluateWithDisplay(engine: AnyEngine): Evaluation<Dim<"classes">> {
  using display = showJob(info);
  return evaluate(showExamples(engine, "evaluating", display));
}

function confusionRows(
  { confusion: { rows, columns, data } }: Evaluation<Dim<"classes">>,
): number[][] {
  return Array.from({ length: rows }, (_, i) => [...data.subarray(i * columns, (i + 1) * columns)]);
}

function describeAsJson(
  parameters: string,
  split: Split,
  result: Evaluation<Dim<"classes">>,
): string {
  const { count, correct, accuracy, crossEntropy } = result;
  const confusion = confusionRows(result), classes = classReports(result.confusion);
  return toJson({
    parameters,
    split,
    count,
    correct,
    accuracy,
    crossEntropy,
    confusion,
    classes,
  });
}

function toText(
  file: string,
  { split, source }: LoadedDataset,
  result: Evaluation<Dim<"classes">>,
): string {
  const share = (ratio: number | null) => ratio === null ? "-" : percent(ratio);
  const classes = classReports(result.confusion).map((
    { class: k, count, precision, recall },
  ) => [`${k}`, `${count}`, share(precision), share(recall)]);
  const heading = (file: string, source: string) =>
    `${file} on ${result.count} ${split} images of ${source}`;
  return [
    fitNames([file, source].map(oneLine), heading),
    "",
    `cross-entropy  ${pythonFloat(result.crossEntropy)}`,
    `accuracy       ${percent(result.accuracy)} (${result.correct} of ${result.count})`,
    "",
    ...describeConfusion(confusionRows(result)),
    table([["class", "images", "precision", "recall"], ...classes]),
  ].join("\n");
}

/** The confusion matrix if it fits into the terminal, and the most frequent wrong answers. */
function describeConfusion(confusion: readonly (readonly number[])[]): string[] {
  const counts = confusion.map((row, k) => [`${k}`, ...row.map(String)]);
  const matrix = table([["", ...counts.map((row) => row[0]!)], ...counts]), isShown = fits(matrix);
  const wrong = confusion
    .flatMap((row, label) => row.map((count, answer) => ({ count, label, answer })))
    .filter(({ count, label, answer }) => count > 0 && label !== answer)
    .sort((a, b) => b.count - a.count);
  const most = wrong.slice(0, isShown ? MAX_WRONG : MAX_WRONG_ALONE);
  const rows = most.map(({ count, label, answer }) => [`${answer}, is ${label}`, `${count}`]);
  return [
    ...isShown ? ["confusion (rows: true class; columns: predicted class)", matrix, ""] : [],
    ...rows.length > 0
      ? ["most frequent wrong answers", table([["answer", "images"], ...rows]), ""]
      : [],
  ];
}
