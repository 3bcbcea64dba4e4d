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
import type { HistoryRow } from "../storage/history.ts";
import {
  assertNotInput,
  checkFit,
  checkTarget,
  dataOption,
  describeSize,
  info,
  listFolder,
  loadDataset,
  type LoadedDataset,
  makeEngine,
  option,
  path,
  readFinishedRows,
  readNpzFile,
  saveOutput,
  sha256,
  UserError,
  wrapSystemError,
} from "../system/system.ts";
import { oneLine, quote } from "../text/escape.ts";
import { hex } from "../text/hex.ts";

/** Misclassified images on the page, at most. */
const MAX_MISCLASSIFIED = 24;

interface ReportOptions extends CurvesOptions {
  readonly out: string;
  readonly history?: string;
  readonly data?: string;
}

/** The files that a page is made from. */
interface Sources {
  readonly parameters: string;
  readonly history?: string | undefined;
}

/** The command, to be added to the program. */
export function reportCommand(): Command {
  return new Command("report")
    .description(
      "Write one page about saved parameters: curves, confusion matrix, hidden units, misclassified images.",
    )
    .argument(
      "<parameters>",
      "npz file, or a folder with parameter.npz and the history (history.csv, or the only .csv)",
      path,
    )
    .addOption(option("--out <file>", "where to save the page (HTML)", path).default("report.html"))
    .addOption(option("--history <file>", "history that train --history wrote", path))
    .addOption(dataOption())
    .option("--log", "logarithmic axis for the cross-entropy")
    .option("--log-epochs", "logarithmic axis for the epochs")
    .action(run);
}

async function run(
  given: string,
  { out, history, data: folder, ...curves }: ReportOptions,
): Promise<void> {
  const target = checkTarget(out);
  const sources = findSources(given, history);
  const loaded = loadDataset(folder, "test"), { data } = loaded;
  const inputs = [sources.parameters, sources.history, loaded.files.images, loaded.files.labels];
  assertNotInput("--out", target, inputs.filter((input) => input !== undefined));
  const { parameters, state, digest } = readNpzFile(sources.parameters, (bytes) => ({
    ...readParametersAndState(bytes, (line) => info(`${sources.parameters}: ${line}`)),
    digest: sha256(bytes),
  }));
  checkFit(sources.parameters, parameters, loaded);
  const rows = sources.history === undefined ? undefined : readFinishedRows(sources.history);
  if (!rows) info("no history: the page has no curves");

  // imported here and not above: the other commands do not need the drawing library
  const { reportPage } = await import("../pages/report/report_page.ts");
  const { misclassifiedExamples } = await import("../pages/report/misclassified.ts");
  const engine = makeEngine("simd", parameters, data);
  const page = reportPage({
    name: oneLine(basename(resolve(sources.parameters))),
    parameters,
    data,
    evaluation: evaluate(engine),
    misclassified: misclassifiedExamples(engine, MAX_MISCLASSIFIED),
    rows,
    curves,
    facts: [
      ...parameterFacts(sources.parameters, parameters, digest),
      ...(state ? trainingFacts(state) : []),
      ...(rows ? historyFacts(sources.history!, rows) : []),
      ...versionFacts(loaded),
    ].map(([name, value]) => [name, oneLine(value)] as const),
  });
  saveOutput(out, page);
}

/**
 * The files in a folder, or the file itself; a history that is named takes precedence over one that
 * is found.
 */
function findSources(given: string, history: string | undefined): Sources {
  if (!wrapSystemError(given, "read", () => Deno.statSync(given)).isDirectory) {
    return { parameters: given, history };
  }
  const names = listFolder(given);
  if (!names.includes("parameter.npz")) throw new UserError(`${given}: has no parameter.npz`);
  const parameters = join(given, "parameter.npz");
  if (history !== undefined) return { parameters, history };
  const tables = names.filter((name) => name.endsWith(".csv"));
  if (tables.includes("history.csv")) return { parameters, history: join(given, "history.csv") };
  if (tables.length > 1) {
    const some = tables.slice(0, 4).map(quote).join(", ");
    throw new UserError(`${given}: has no history.csv but ${some}: need --history`);
  }
  return { parameters, history: tables[0] === undefined ? undefined : join(given, tables[0]) };
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

function historyFacts(path: string, rows: readonly HistoryRow[]): Facts {
  const seconds = rows.reduce((sum, row) => sum + row.seconds, 0);
  const rates = [...new Set(rows.map((row) => row.learningRate))];
  const some = rates.slice(0, 4).join(", ") + (rates.length > 4 ? ", …" : "");
  return [
    ["history", `${basename(resolve(path))}: ${rows.length} epochs in ${seconds.toFixed(1)} s`],
    ["learning rate of the history", some],
  ];
}

function versionFacts({ source, data }: LoadedDataset): Facts {
  return [
    ["data", `${source}: ${data.count} test images of ${describeSize(data)}`],
    ["sanso", manifest.version],
    ["Deno", Deno.version.deno],
  ];
}
