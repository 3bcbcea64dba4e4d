// `evaluate`: accuracy and cross-entropy of saved parameters.
import type { Command } from "commander";
import { classReports, type Dim, evaluate, type Evaluation } from "../../mod.ts";
import { integer, oneOf, SansoCommand } from "../system/arguments.ts";
import {
  checkFit,
  type EngineKind,
  engineOption,
  limitTo,
  loadDataset,
  type LoadedDataset,
  makeEngine,
  type Split,
  threadsOption,
} from "../system/data.ts";
import { info, print, showExamples, showJob } from "../system/output.ts";
import { loadParameters } from "../system/runs.ts";
import { oneLine, toJson } from "../text/escape.ts";
import { counted, cutMiddle, fitName, fits, table } from "../text/layout.ts";
import { percent, pythonFloat } from "../text/numbers.ts";

/** Pairs of classes shown below a confusion matrix, and instead of one that is too wide. */
const MAX_WRONG = 5, MAX_WRONG_ALONE = 20;

interface EvaluateOptions {
  readonly split: Split;
  readonly data?: string;
  readonly limit?: number;
  readonly engine: EngineKind;
  readonly threads?: number;
  readonly json?: true;
}

type Result = Evaluation<Dim<"classes">>;

export function evaluateCommand(): Command {
  return new SansoCommand("evaluate")
    .description("Evaluate a saved network: cross-entropy, accuracy, confusion matrix.")
    .parameters()
    .option("--split <which>", "test or train", oneOf("test", "train"), "test")
    .data()
    .option("--limit <n>", "use only the first n images", integer(1))
    .addOption(engineOption())
    .addOption(threadsOption())
    .option("--json", "print one JSON object")
    .action(run)
    .examples("training.md", "evaluate", "evaluate parameter.npz --split train");
}

function run(
  file: string,
  { split, data: folder, limit, engine: kind, threads, json }: EvaluateOptions,
): void {
  const parameters = loadParameters(file);
  const loaded = limitTo(limit, loadDataset(folder, split));
  checkFit(file, parameters, loaded);
  const engine = makeEngine(kind, parameters, loaded.data, threads);
  using display = showJob(info);
  const result = evaluate(showExamples(engine, "evaluating", display));
  print(json ? describeAsJson(file, split, result) : toText(file, loaded, result));
}

function confusionRows({ confusion: { rows, columns, data } }: Result): number[][] {
  return Array.from({ length: rows }, (_, i) => [...data.subarray(i * columns, (i + 1) * columns)]);
}

function describeAsJson(parameters: string, split: Split, result: Result): string {
  const classes = classReports(result.confusion);
  return toJson({ parameters, split, ...result, confusion: confusionRows(result), classes });
}

function toText(file: string, { split, source }: LoadedDataset, result: Result): string {
  const share = (ratio: number | null) => ratio === null ? "-" : percent(ratio);
  const classes = classReports(result.confusion).map((
    { class: k, count, precision, recall },
  ) => [`${k}`, `${count}`, share(precision), share(recall)]);
  const images = counted(result.count, `${split} image`), from = cutMiddle(oneLine(source), 40);
  return [
    fitName(oneLine(file), (file) => `${file} on ${images} of ${from}`),
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
