// `plot`: the curves of a training run as SVG, or the report's figures.
import { Command, Option } from "commander";
import { join } from "node:path";
import { type CurvesOptions, drawCurvesFile } from "../charts/curves.ts";
import { drawFigure, FIGURE_NUMBERS, SHORT_EPOCHS } from "../charts/figures.ts";
import {
  addExamples,
  languageOption,
  openOption,
  overwriteOption,
  parametersArgument,
  path,
} from "../system/arguments.ts";
import { info } from "../system/output.ts";
import { readStoredHistory, type StoredHistory } from "../system/runs.ts";
import { OutputFile } from "../system/save.ts";
import { openFile } from "../system/server.ts";

interface PlotOptions extends Pick<CurvesOptions, "lang" | "log"> {
  readonly out?: string;
  readonly overwrite?: true;
  readonly figures?: true;
  readonly open?: true;
}

export function plotCommand(): Command {
  const command = new Command("plot")
    .description("Draw the curves of a training run: cross-entropy and accuracy, train and test.")
    .addArgument(parametersArgument("run", "npz file that train saved, or CSV of --history"))
    .option(
      "--out <path>",
      "where to save the chart (default: curves.svg), or the folder for the figures (default: .)",
      path,
    )
    .addOption(overwriteOption())
    .addOption(openOption("chart"))
    .option("--log", "logarithmic axis for the cross-entropy")
    .addOption(
      new Option(
        "--figures",
        "draw the report's figures: figure1.svg and figure2.svg, of the first " +
          `${SHORT_EPOCHS} epochs, and figure3.svg and figure4.svg, of a longer run`,
      ).conflicts(["log", "open"]),
    )
    .addOption(languageOption())
    .action(run);
  return addExamples(command, "training.md", "plot --open", "plot history.csv --out run.svg --log");
}

async function run(
  file: string,
  { out, overwrite, figures, open, ...options }: PlotOptions,
): Promise<void> {
  if (figures) return drawFigures(file, out ?? ".", overwrite, options);
  const path = out ?? "curves.svg", output = new OutputFile("--out", path, "plot", overwrite);
  output.check([file]);
  const { rows, settings } = readStoredHistory(file);
  output.save(drawCurvesFile(rows, { ...options, settings }));
  if (open) await openFile(path);
}

function drawFigures(
  file: string,
  folder: string,
  overwrite: true | undefined,
  { lang }: Pick<CurvesOptions, "lang">,
): void {
  const { rows, settings } = readStoredHistory(file);
  const figures = FIGURE_NUMBERS.flatMap((number) => {
    const svg = drawFigure(number, rows, { lang, settings });
    if (svg === undefined) return [];
    const path = join(folder, `figure${number}.svg`);
    return [{ output: new OutputFile("--out", path, "plot", overwrite), svg }];
  });
  // all before the first is written
  for (const { output } of figures) output.check([file]);
  for (const { output, svg } of figures) output.save(svg);
  if (figures.length < FIGURE_NUMBERS.length) info(missingFigures(file, rows));
}

function missingFigures(file: string, rows: StoredHistory["rows"]): string {
  const first = rows[0]!.epoch, last = rows.at(-1)!.epoch;
  const needed = `need more than ${SHORT_EPOCHS} (the report: 10,000)`;
  return last <= SHORT_EPOCHS
    ? `${file}: ends with epoch ${last}; figures 3 and 4 ${needed}`
    : `${file}: begins with epoch ${first}; figures 1 and 2 need an epoch up to ${SHORT_EPOCHS}`;
}
