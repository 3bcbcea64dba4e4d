/**
 * `report`: a page about saved parameters.
 *
 * @module
 */

import { Command } from "commander";
import { basename, join, resolve } from "node:path";
import manifest from "../../deno.json" with { type: "json" };
import { type AnyParameters, evaluate, type TrainingState } from "../../mod.ts";
import type { CurvesOptions } from "../charts/curves.ts";
import { readParametersAndState } from "../storage/checkpoint_file.ts";
import { countEpochs } from "../storage/history.ts";
import {
  checkFit,
  dataOption,
  describeSize,
  info,
  listFolder,
  loadDataset,
  type LoadedDataset,
  makeEngine,
  option,
  OutputFile,
  type OutputKind,
  overwriteOption,
  path,
  readNpzFile,
  readStoredHistory,
  sha256,
  showExamples,
  showJob,
  type StoredHistory,
  UserError,
  wrapSystemError,
} from "../system/system.ts";
import { oneLine, quote } from "../text/escape.ts";
import { hex } from "../text/hex.ts";

/** Misclassified images on the page, at most. */
const MAX_MISCLASSIFIED = 24;

/** Of the pages that `reportPage` makes. */
const PAGE: OutputKind = {
  command: "report",
  mark: /^<!DOCTYPE html>.*<meta name="generator" content="sanso report">/s,
};

interface ReportOptions extends CurvesOptions {
  readonly out: string;
  readonly overwrite?: true;
  readonly history?: string;
  readonly data?: string;
}

/** The command, to be added to the program. */
export function reportCommand(): Command {
  return new Command("report")
    .description(
      "Write one page about saved parameters: curves, confusion matrix, hidden units, misclassified images.",
    )
    .argument(
      "<parameters>",
      "npz file, or a folder with parameter.npz and, if that has no history, history.csv or the only .csv",
      path,
    )
    .addOption(option("--out <file>", "where to save the page (HTML)", path).default("report.html"))
    .addOption(overwriteOption())
    .addOption(
      option(
        "--history <file>",
        "history that train --history wrote (default: the one in the npz file)",
        path,
      ),
    )
    .addOption(dataOption())
    .option("--log", "logarithmic axis for the cross-entropy")
    .option("--log-epochs", "logarithmic axis for the epochs")
    .action(run);
}

async function run(
  given: string,
  { out, overwrite, history, data: folder, ...curves }: ReportOptions,
): Promise<void> {
  const output = new OutputFile("--out", out, PAGE, overwrite);
  const names = wrapSystemError(given, "read", () => Deno.statSync(given)).isDirectory
    ? listFolder(given)
    : undefined;
  const file = names === undefined ? given : findParameters(given, names);
  const loaded = loadDataset(folder, "test"), { data } = loaded;
  const { parameters, state, history: own, digest } = readNpzFile(file, (bytes) => ({
    ...readParametersAndState(bytes, (line) => info(`${file}: ${line}`)),
    digest: sha256(bytes),
  }));
  checkFit(file, parameters, loaded);
  const hasOwn = own !== undefined && own.rows.length > 0;
  const table = history ?? (hasOwn || !names ? undefined : findTable(given, names));
  output.check([file, table, loaded.files.images, loaded.files.labels]);
  // a history that is named must be that of the run in the file, if this has its history too
  const ofRun = state !== undefined && hasOwn
    ? {
      finished: state.position.epoch - 1,
      rows: own.rows,
      learningRate: state.settings.learningRate,
    }
    : undefined;
  const named = table === undefined ? undefined : readStoredHistory(table, ofRun);
  const rows = named?.rows ?? (hasOwn ? own.rows : undefined);
  if (!rows) info("no history: the page has no curves");

  // imported here and not above: the other commands do not need the drawing library
  const { reportPage } = await import("../pages/report/report_page.ts");
  const { misclassifiedExamples } = await import("../pages/report/misclassified.ts");
  const engine = makeEngine("simd", parameters, data);
  using display = showJob(info);
  const page = reportPage({
    name: oneLine(basename(resolve(file))),
    parameters,
    data,
    evaluation: evaluate(showExamples(engine, "evaluating", display)),
    misclassified: misclassifiedExamples(
      showExamples(engine, "misclassified images", display),
      MAX_MISCLASSIFIED,
    ),
    rows,
    curves,
    facts: [
      ...parameterFacts(file, parameters, digest),
      ...(state ? trainingFacts(state) : []),
      ...(rows ? historyFacts(table ?? file, named ?? { rows, settings: {} }) : []),
      ...versionFacts(loaded),
    ].map(([name, value]) => [name, oneLine(value)] as const),
  });
  display.clear(Deno.stderr);
  output.save(page);
}

/** The parameters in a folder with these files. */
function findParameters(folder: string, names: readonly string[]): string {
  if (!names.includes("parameter.npz")) throw new UserError(`${folder}: has no parameter.npz`);
  return join(folder, "parameter.npz");
}

/** The history in a folder with these files, for parameters that have none of their own. */
function findTable(folder: string, names: readonly string[]): string | undefined {
  const tables = names.filter((name) => name.endsWith(".csv"));
  if (tables.includes("history.csv")) return join(folder, "history.csv");
  if (tables.length > 1) {
    const some = tables.slice(0, 4).map(quote).join(", ");
    throw new UserError(`${folder}: has no history.csv but ${some}: need --history`);
  }
  return tables[0] === undefined ? undefined : join(folder, tables[0]);
}

type Facts = readonly (readonly [string, string])[];

function parameterFacts(path: string, { W1, W2 }: AnyParameters, digest: Uint8Array): Facts {
  const count = W1.data.length + W1.rows + W2.data.length + W2.rows;
  return [
    ["network", `${W1.columns}-${W1.rows}-${W2.rows}: ${count} parameters`],
    ["file", basename(resolve(path))],
    ["SHA-256 of the file", hex(digest)],
  ];
}

/** The training state that the file holds. */
function trainingFacts({ settings, position, seed, data }: TrainingState): Facts {
  return [
    ["epochs", `${position.epoch - 1} of ${settings.epochs} done`],
    ["batch", `${settings.batchSize} of ${data.trainCount} training images`],
    ["learning rate", `${settings.learningRate}`],
    ["seed", `${seed}`],
  ];
}

/** Where the epochs are from; a history that is named has settings of its own. */
function historyFacts(
  path: string,
  { rows, settings: { learningRate }, seconds }: StoredHistory,
): Facts {
  const first = rows[0]!.epoch;
  const epochs = first === 1
    ? countEpochs(rows.length)
    : `epochs ${first} to ${rows.at(-1)!.epoch}`;
  const time = seconds === undefined ? "" : ` in ${seconds.toFixed(1)} s`;
  const facts: Facts = [["history", `${basename(resolve(path))}: ${epochs}${time}`]];
  return learningRate === undefined
    ? facts
    : [...facts, ["learning rate of the history", `${learningRate}`]];
}

function versionFacts({ source, data }: LoadedDataset): Facts {
  return [
    ["data", `${source}: ${data.count} test images of ${describeSize(data)}`],
    ["sanso", manifest.version],
    ["Deno", Deno.version.deno],
  ];
}
