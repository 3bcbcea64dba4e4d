/**
 * The measured part of docs/performance.md, made of the measurements: `deno task performance`
 * writes it and its chart anew from bench/measured.jsonl, `deno task bench` measures first.
 *
 * @module
 */

import { formatMarkdown, table } from "../scripts/generated_markdown.ts";
import { writeGenerated } from "../scripts/generated_file.ts";
import { drawChart } from "./chart.ts";
import { allThreads, shapeRow, STEPS, timesAsFast } from "./comparisons.ts";
import { Measurements, type Row, type Statistic } from "./measurements.ts";
import {
  NUMPY,
  NUMPY_MATRICES,
  PYTORCH,
  rowsOf,
  SANSO,
  SKLEARN,
  TEST_HISTORY,
} from "./programs.ts";
import { describeNonzero, isHalfNonzero, network, SHAPES } from "./shapes.ts";

/** What was measured last. */
export const MEASURED: URL = new URL("measured.jsonl", import.meta.url);

const DOCUMENT = new URL("../docs/performance.md", import.meta.url);
const CHART = new URL("../docs/performance.svg", import.meta.url);

/** Writes chart and tables. */
export async function writeDocument(measurements: Measurements): Promise<void> {
  writeGenerated(CHART, drawChart(measurements));
  const markdown = fillIn(Deno.readTextFileSync(DOCUMENT), measurements);
  writeGenerated(DOCUMENT, await formatMarkdown(markdown));
}

/** The document with the tables between its two comments. */
export function fillIn(markdown: string, measurements: Measurements): string {
  const [before, after] = ["<!-- measured -->", "<!-- end of what was measured -->"];
  const start = markdown.indexOf(before), end = markdown.indexOf(after);
  if (start < 0 || end < start) throw new Error(`The document needs "${before}" and "${after}"`);
  const [head, tail] = [markdown.slice(0, start), markdown.slice(end)];
  return `${head}${before}\n\n${describe(measurements)}\n\n${tail}`;
}

/** All tables. */
export function describe(measurements: Measurements): string {
  return [
    conditions(measurements),
    "![Seconds per epoch, and other networks against NumPy](performance.svg)",
    "## An epoch",
    epochs(measurements, "quiet"),
    "## An epoch while another process runs on each processor",
    epochs(measurements, "busy"),
    "## From the start of the process to the first loss",
    starts(measurements),
    "## Other networks and data",
    shapes(measurements),
  ].join("\n\n");
}

function conditions(measurements: Measurements): string {
  const { date, processor, processors, load, versions, kernel } = measurements.machine;
  const rounds = measurements.rounds("quiet"), some = measurements.rounds("shapes");
  const trial = rounds < 3 ? " **This was only a trial: fewer than three rounds.**" : "";
  return `Measured on ${date} by \`deno task bench\`: ${processor}, ${processors} processors, ${
    versions.join(", ")
  }; OpenBLAS chose its kernel ${kernel} by itself. The load average was ${
    load.toFixed(1)
  } before. Each round runs all programs in turn. Figures are medians, with the least and the \
greatest in parentheses; a ratio is the median of the rounds' ratios. A time is relative to that of \
sanso with all threads in the same table. Number of rounds: ${rounds}; of the busy machine and of \
other networks: ${some}.${trial}`;
}

/** The program and its threads, as the first cells of a line. */
function cells({ program, threads }: Row): string[] {
  return [program === SANSO ? `**${program}**` : program, `${threads}`];
}

function epochs(measurements: Measurements, part: "quiet" | "busy"): string {
  const rows = rowsOf(part, measurements.machine.processors);
  const all = allThreads(measurements, part, SANSO);
  return table([
    ["program", "threads", "relative time", "seconds per epoch", "peak memory, MB"],
    ...rows.map((row) => [
      ...cells(row),
      withRange(measurements.ratio(row, all)),
      withRange(measurements.of(row, ({ seconds }) => seconds * STEPS)),
      measurements.of(row, ({ peakMB }) => peakMB).max.toFixed(0),
    ]),
  ]);
}

function starts(measurements: Measurements): string {
  const line = (name: string, row: Row, hasSteps = true) => [
    name,
    hasSteps ? withRange(measurements.of(row, ({ firstStep }) => firstStep), 0) : "",
    withRange(measurements.of(row, ({ firstLoss }) => firstLoss! / 1000)),
  ];
  const quiet = (program: string) => allThreads(measurements, "quiet", program);
  return table([
    ["program", "ms to the loss of the first batch", "seconds to that of the first epoch"],
    line("**sanso**, `train`", allThreads(measurements, "train", TEST_HISTORY)),
    line(NUMPY, quiet(NUMPY)),
    line(PYTORCH, quiet(PYTORCH)),
    line(SKLEARN, quiet(SKLEARN), false),
  ]);
}

function shapes(measurements: Measurements): string {
  const { processors } = measurements.machine;
  const head = [
    "network",
    "batch",
    "nonzero pixels",
    "times as fast, all threads",
    "one thread each",
  ];
  const networks = table([
    [...head, "sanso, ms a step", "NumPy, ms a step"],
    ...SHAPES.map((shape) => [
      network(shape),
      shape.batch.toLocaleString("en"),
      describeNonzero(shape),
      withRange(timesAsFast(measurements, shape, "all")),
      withRange(timesAsFast(measurements, shape, "one")),
      ...[SANSO, NUMPY_MATRICES].map((program) =>
        [...new Set([1, processors])].map((threads) =>
          significant(1000 * measurements.of(shapeRow(shape, program, threads)).median)
        ).join(" · ")
      ),
    ]),
  ]);
  const half = timesAsFast(measurements, SHAPES.find(isHalfNonzero)!, "all", NUMPY);
  return `${networks}\n\nThat is compared with NumPy with one product per batch. Where half of the \
pixels are not zero, sanso is ${withRange(half)} times as fast as ${NUMPY}.`;
}

/** Median and range: `2.41 (2.30 to 2.55)`. */
function withRange({ median, min, max }: Statistic, digits = 2): string {
  const [a, b, c] = [median, min, max].map((number) => number.toFixed(digits));
  return b === c ? a! : `${a} (${b} to ${c})`;
}

/** Three digits, at least those before the point. */
function significant(number: number): string {
  return number.toFixed(Math.max(0, 2 - Math.floor(Math.log10(number))));
}

if (import.meta.main) {
  await writeDocument(Measurements.parse(Deno.readTextFileSync(MEASURED)));
}
