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
import { reportTexts, type Say } from "../pages/report/report_texts.ts";
import { readParametersAndState } from "../storage/checkpoint_file.ts";
import {
  checkFit,
  dataOption,
  describeSize,
  info,
  languageOption,
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
import { hex } from "../text/numbers.ts";
import type { Language } from "../text/layout.ts";

/** Misclassified images on the page, at most. */
const MAX_MISCLASSIFIED = 24;

/** Of the pages that `reportPage` makes. */
const PAGE: OutputKind = {
  command: "report",
  mark: /^<!DOCTYPE html>.*<meta name="generator" content="sanso report">/s,
};

interface ReportOptions extends Pick<CurvesOptions, "log" | "logEpochs"> {
  readonly out: string;
  readonly overwrite?: true;
  readonly history?: string;
  readonly data?: string;
  readonly lang: Language;
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
    .addOption(languageOption())
    .action(run);
}

async function run(
  given: string,
  { out, overwrite, history, data: folder, lang, ...curves }: ReportOptions,
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
  const say = reportTexts(lang);
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
      ...parameterFacts(file, parameters, digest, say),
      ...(state ? trainingFacts(state, say) : []),
      ...(rows ? historyFacts(table ?? file, named ?? { rows, settings: {} }, say) : []),
      ...versionFacts(loaded, say),
    ].map(([name, value]) => [name, oneLine(value)] as const),
    lang,
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

function parameterFacts(
  path: string,
  { W1, W2 }: AnyParameters,
  digest: Uint8Array,
  say: Say,
): Facts {
  const count = W1.data.length + W1.rows + W2.data.length + W2.rows;
  const sizes = `${W1.columns}-${W1.rows}-${W2.rows}`;
  return [
    [say("fact.network"), say("fact.network.value", { sizes, count })],
    [say("fact.file"), basename(resolve(path))],
    [say("fact.digest"), hex(digest)],
  ];
}

/** The training state that the file holds. */
function trainingFacts({ settings, position, seed, data }: TrainingState, say: Say): Facts {
  const { epochs, batchSize, learningRate } = settings;
  return [
    [say("fact.epochs"), say("fact.epochs.value", { done: position.epoch - 1, all: epochs })],
    [say("fact.batch"), say("fact.batch.value", { batchSize, count: data.trainCount })],
    [say("fact.learningRate"), `${learningRate}`],
    [say("fact.seed"), `${seed}`],
  ];
}

/** Where the epochs are from; a history that is named has settings of its own. */
function historyFacts(
  path: string,
  { rows, settings: { learningRate }, seconds }: StoredHistory,
  say: Say,
): Facts {
  const file = basename(resolve(path)), first = rows[0]!.epoch, last = rows.at(-1)!.epoch;
  const history = first === 1
    ? say("fact.history.whole", { file, count: rows.length })
    : say("fact.history.part", { file, first, last });
  const value = seconds === undefined
    ? history
    : say("fact.history.seconds", { history, seconds: seconds.toFixed(1) });
  const facts: Facts = [[say("fact.history"), value]];
  return learningRate === undefined
    ? facts
    : [...facts, [say("fact.historyRate"), `${learningRate}`]];
}

function versionFacts({ source, data }: LoadedDataset, say: Say): Facts {
  const values = { source, count: data.count, size: describeSize(data) };
  return [
    [say("fact.data"), say("fact.data.value", values)],
    ["sanso", manifest.version],
    ["Deno", Deno.version.deno],
  ];
}
