/**
 * `evaluate`: accuracy and cross-entropy of saved parameters.
 *
 * @module
 */

import { Command } from "commander";
import { classReports, type Dim, evaluate, type Evaluation } from "../../mod.ts";
import {
  checkFit,
  dataOption,
  type EngineKind,
  engineOption,
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
  type Split,
} from "../system/system.ts";
import { oneLine } from "../text/escape.ts";
import { percent } from "../text/percent.ts";
import { pythonFloat } from "../text/python_float.ts";
import { table } from "../text/table.ts";

interface EvaluateOptions {
  readonly split: Split;
  readonly data?: string;
  readonly limit?: number;
  readonly engine: EngineKind;
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
    .option("--json", "print one JSON object")
    .action(run);
}

function run(file: string, options: EvaluateOptions): void {
  const { split, data: folder, limit, engine, json } = options;
  const parameters = loadParameters(file);
  const loaded = limitTo(limit, loadDataset(folder, split));
  checkFit(file, parameters, loaded);
  const result = evaluate(makeEngine(engine, parameters, loaded.data));
  print(json ? toJson(file, split, result) : toText(file, loaded, result));
}

function confusionRows(
  { confusion: { rows, columns, data } }: Evaluation<Dim<"classes">>,
): number[][] {
  return Array.from({ length: rows }, (_, i) => [...data.subarray(i * columns, (i + 1) * columns)]);
}

function toJson(parameters: string, split: Split, result: Evaluation<Dim<"classes">>): string {
  const { count, correct, accuracy, crossEntropy } = result;
  const confusion = confusionRows(result), classes = classReports(result.confusion);
  return JSON.stringify({
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
  const counts = confusionRows(result).map((row, k) => [`${k}`, ...row.map(String)]);
  const classes = classReports(result.confusion).map((
    { class: k, count, precision, recall },
  ) => [`${k}`, `${count}`, share(precision), share(recall)]);
  return [
    oneLine(`${file} on ${result.count} ${split} images of ${source}`),
    "",
    `cross-entropy  ${pythonFloat(result.crossEntropy)}`,
    `accuracy       ${percent(result.accuracy)} (${result.correct} of ${result.count})`,
    "",
    "confusion (rows: true class; columns: predicted class)",
    table([["", ...counts.map((row) => row[0]!)], ...counts]),
    "",
    table([["class", "images", "precision", "recall"], ...classes]),
  ].join("\n");
}
