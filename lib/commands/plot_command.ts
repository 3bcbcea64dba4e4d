// `plot`: the curves of a training run as SVG, or the report's figures.
import { type Command, Option } from "commander";
import { join } from "node:path";
import { type CurvesOptions, drawCurvesFile } from "../charts/curves.ts";
import { drawFigure, FIGURE_NUMBERS, SHORT_EPOCHS } from "../charts/figures.ts";
import { path, SansoCommand } from "../system/arguments.ts";
import { info } from "../system/output.ts";
import { readStoredHistory } from "../system/runs.ts";
import { OutputFile } from "../system/save.ts";
import { openFile } from "../system/server.ts";

interface PlotOptions extends Pick<CurvesOptions, "lang" | "log"> {
  readonly out?: string;
  readonly overwrite?: true;
  readonly figures?: true;
  readonly open?: true;
}

export function plotCommand(): Command {
  return new SansoCommand("plot")
    .description("Draw the curves of a training run: cross-entropy and accuracy, train and test.")
    .parameters("run", "npz file that train saved, or CSV of --history")
    .option(
      "--out <path>",
      "where to save the chart (default: curves.svg), or the folder for the figures (default: .)",
      path,
    )
    .overwrite()
    .option("--open", "open the chart in the browser")
    .option("--log", "logarithmic axis for the cross-entropy")
    .addOption(
      new Option(
        "--figures",
        "draw the report's figures: figure1.svg and figure2.svg, of the first " +
          `${SHORT_EPOCHS} epochs, and figure3.svg and figure4.svg, of a longer run`,
      ).conflicts(["log", "open"]),
    )
    .language()
    .action(run)
    .examples("training.md", "plot --open", "plot history.csv --out run.svg --log");
}

async function run(
  file: string,
  { out, overwrite, figures, open, ...options }: PlotOptions,
): Promise<void> {
  const { rows, settings } = readStoredHistory(file);
  const drawn = figures
    ? FIGURE_NUMBERS.flatMap((number) => {
      const svg = drawFigure(number, rows, { ...options, settings });
      return svg === undefined ? [] : [{ path: join(out ?? ".", `figure${number}.svg`), svg }];
    })
    : [{ path: out ?? "curves.svg", svg: drawCurvesFile(rows, { ...options, settings }) }];
  const files = drawn.map(({ path, svg }) => (
    { output: new OutputFile("--out", path, "plot", overwrite), path, svg }
  ));
  // all before the first is written
  for (const { output } of files) output.check([file]);
  for (const { output, svg } of files) output.save(svg);
  if (figures && files.length < FIGURE_NUMBERS.length) {
    info(
      `${file}: epochs ${rows[0]!.epoch} to ${
        rows.at(-1)!.epoch
      }; figures 1 and 2 need one up to ` +
        `${SHORT_EPOCHS}, figures 3 and 4 one after it (the report: 10,000)`,
    );
  }
  if (open) await openFile(files[0]!.path);
}
