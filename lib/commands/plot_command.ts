/**
 * `plot`: the curves of a training run as SVG.
 *
 * @module
 */

import { Command } from "commander";
import type { CurvesOptions } from "../charts/curves.ts";
import {
  assertNotInput,
  checkTarget,
  option,
  path,
  readFinishedRows,
  saveOutput,
} from "../system/system.ts";

interface PlotOptions extends CurvesOptions {
  readonly out: string;
}

/** The command, to be added to the program. */
export function plotCommand(): Command {
  return new Command("plot")
    .description("Draw the curves of a training run: cross-entropy and accuracy, train and test.")
    .argument("<history.csv>", "history that train --history wrote", path)
    .addOption(
      option("--out <file>", "where to save the chart (SVG)", path).default("curves.svg"),
    )
    .option("--log", "logarithmic axis for the cross-entropy")
    .option("--log-epochs", "logarithmic axis for the epochs")
    .action(run);
}

async function run(history: string, { out, ...options }: PlotOptions): Promise<void> {
  assertNotInput("--out", checkTarget(out), [history]);
  const { rows, settings } = readFinishedRows(history);
  // imported here and not above: the other commands do not need the drawing library
  const { drawCurves } = await import("../charts/curves.ts");
  saveOutput(out, drawCurves(rows, { ...options, settings }));
}
