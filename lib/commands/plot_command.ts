/**
 * `plot`: the curves of a training run as a picture.
 *
 * @module
 */

import { Command } from "commander";
import { type HistoryRow, readHistory } from "../storage/history.ts";
import type { CurvesOptions } from "../charts/curves.ts";
import { forbidRepeatedOptions, option, path } from "../system/arguments.ts";
import { checkTarget, readFile, replaceFile } from "../system/files.ts";
import { MAX_HISTORY_BYTES } from "../system/history_file.ts";
import { info } from "../system/output.ts";
import { assertNotInput } from "../system/assert_not_input.ts";
import { UserError, withFileName } from "../system/errors.ts";

interface PlotOptions extends CurvesOptions {
  readonly out: string;
}

/** The command, to be added to the program. */
export function plotCommand(): Command {
  const command = new Command("plot")
    .description("Draw the curves of a training run: cross-entropy and accuracy, train and test.")
    .argument("<history.csv>", "history, as train --history writes it", path)
    .addOption(
      option("--out <file>", "where to save the picture (SVG)", path).default("curves.svg"),
    )
    .option("--log", "logarithmic axis for the cross-entropy")
    .option("--log-epochs", "logarithmic axis for the epochs")
    .action(run);
  return forbidRepeatedOptions(command);
}

async function run(history: string, { out, ...options }: PlotOptions): Promise<void> {
  assertNotInput("--out", out, checkTarget(out), [history]);
  const rows = loadRows(history);
  // asked for here and not above: the other commands need not wait for the drawing library
  const { drawCurves } = await import("../charts/curves.ts");
  replaceFile(out, new TextEncoder().encode(drawCurves(rows, options)));
  info(`saved: ${out}`);
}

/** The rows of a history to be drawn: one at least; a line that a kill cut off is left out. */
export function loadRows(path: string): readonly HistoryRow[] {
  const bytes = readFile(path, MAX_HISTORY_BYTES, "that a history may have");
  const { rows } = withFileName(path, () => readHistory(new TextDecoder().decode(bytes)));
  if (rows.length === 0) throw new UserError(`${path}: has no whole row, need one at least`);
  return rows;
}
