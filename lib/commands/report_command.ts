/**
 * `report`: all about saved parameters on one page.
 *
 * @module
 */

import { oneLine } from "../text/escape.ts";
import type { AnyParameters } from "../network/network.ts";
import { quote } from "../text/escape.ts";
import { Command } from "commander";
import { createHash } from "node:crypto";
import { basename, join, resolve } from "node:path";
import manifest from "../../deno.json" with { type: "json" };
import { readCheckpoint } from "../storage/checkpoint_file.ts";
import { evaluate } from "../training/evaluate.ts";
import { readNpz } from "../formats/npz.ts";
import { MAX_ARCHIVE_BYTES } from "../formats/zip/zip.ts";
import type { HistoryRow } from "../storage/history.ts";
import type { CurvesOptions } from "../charts/curves.ts";
import { readParameters } from "../storage/parameters_file.ts";
import { dataOption, forbidRepeatedOptions, option, path } from "../system/arguments.ts";
import { loadDataset, type LoadedDataset } from "../system/data_files.ts";
import { makeEngine } from "../system/engines.ts";
import { checkTarget, readFile, replaceFile } from "../system/files.ts";
import { info } from "../system/output.ts";
import { checkFit, describeSize } from "../system/load_parameters.ts";
import { loadRows } from "./plot_command.ts";
import { assertNotInput } from "../system/assert_not_input.ts";
import { UserError, withFileName, wrapSystemError } from "../system/errors.ts";

/** Mistakes in the gallery. */
const MOST_MISTAKES = 24;

interface ReportOptions extends CurvesOptions {
  readonly out: string;
  readonly history?: string;
  readonly data?: string;
}

/** The files that a report is made of. */
interface Sources {
  readonly parameters: string;
  readonly history?: string | undefined;
}

/** The command, to be added to the program. */
export function reportCommand(): Command {
  const command = new Command("report")
    .description(
      "Write one page about saved parameters: curves, confusion matrix, hidden units, mistakes.",
    )
    .argument(
      "<parameters>",
      "npz file, or a folder with parameter.npz and the history (history.csv, or the only .csv)",
      path,
    )
    .addOption(option("--out <file>", "where to save the page (HTML)", path).default("report.html"))
    .addOption(option("--history <file>", "history, as train --history writes it", path))
    .addOption(dataOption())
    .option("--log", "logarithmic axis for the cross-entropy")
    .option("--log-epochs", "logarithmic axis for the epochs")
    .action(run);
  return forbidRepeatedOptions(command);
}

async function run(
  given: string,
  { out, history, data: folder, ...curves }: ReportOptions,
): Promise<void> {
  const target = checkTarget(out);
  const sources = findSources(given, history);
  const loaded = loadDataset(folder, "test"), { data } = loaded;
  const inputs = [sources.parameters, sources.history, loaded.files.images, loaded.files.labels];
  assertNotInput("--out", out, target, inputs.filter((input) => input !== undefined));
  const bytes = readFile(sources.parameters, MAX_ARCHIVE_BYTES, "that an npz file may have");
  const parameters = withFileName(sources.parameters, () => readParameters(bytes));
  checkFit(sources.parameters, parameters, loaded);
  const rows = sources.history === undefined ? undefined : loadRows(sources.history);
  if (!rows) info("no history: the page has no curves");

  // asked for here and not above: the other commands need not wait for the drawing library
  const { reportPage } = await import("../pages/report/report_page.ts");
  const { surestMistakes } = await import("../pages/report/misclassified.ts");
  const engine = makeEngine("simd", parameters, data);
  const page = reportPage({
    name: oneLine(basename(resolve(sources.parameters))),
    parameters,
    data,
    evaluation: evaluate(engine),
    mistakes: surestMistakes(engine, MOST_MISTAKES),
    rows,
    curves,
    facts: [
      ...parameterFacts(sources.parameters, parameters, bytes),
      ...withFileName(sources.parameters, () => trainingFacts(bytes)),
      ...(rows ? historyFacts(sources.history!, rows) : []),
      ...versionFacts(loaded),
    ].map(([name, value]) => [name, oneLine(value)] as const),
  });
  replaceFile(out, new TextEncoder().encode(page));
  info(`saved: ${out}`);
}

/** A folder's files, or the file itself; a history that is named goes before one that is found. */
function findSources(given: string, history: string | undefined): Sources {
  if (!wrapSystemError(given, "read", () => Deno.statSync(given)).isDirectory) {
    return { parameters: given, history };
  }
  const names = wrapSystemError(given, "read", () => [...Deno.readDirSync(given)])
    .map((entry) => entry.name).sort();
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

function parameterFacts(path: string, { W1, W2 }: AnyParameters, bytes: Uint8Array): Facts {
  const count = W1.data.length + W1.rows + W2.data.length + W2.rows;
  return [
    ["network", `${W1.columns}-${W1.rows}-${W2.rows}: ${count} parameters`],
    ["file", basename(resolve(path))],
    ["SHA-256 of the file", createHash("sha256").update(bytes).digest("hex")],
  ];
}

/** What the file itself says of its training. */
function trainingFacts(bytes: Uint8Array<ArrayBuffer>): Facts {
  if (!readNpz(bytes, { names: ["state_version"] }).has("state_version")) return [];
  const { settings, position, seed, data } = readCheckpoint(bytes).state;
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
