/**
 * Tables with aligned columns, for a terminal.
 *
 * @module
 */

import { COLUMNS, cutMiddle, narrow, width } from "./layout.ts";

/** Spaces between two columns. */
const GAP = "  ";

/**
 * Rows of words as a table with aligned columns.
 *
 * @param left number of columns, from the first, that are aligned to the left; the others are
 * aligned to the right
 * @param cut the columns whose words are cut in the middle if the table does not fit into the
 * terminal
 */
export function table(
  rows: readonly (readonly string[])[],
  left = 1,
  cut: readonly number[] = [],
): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => width(row[column]!))));
  const sum = widths.reduce((sum, one) => sum + one, GAP.length * (widths.length - 1));
  const wide = cut.map((column) => widths[column]!);
  narrow(wide, COLUMNS - sum + wide.reduce((sum, one) => sum + one, 0))
    .forEach((narrowed, i) => widths[cut[i]!] = narrowed);
  const align = (word: string, column: number) => {
    const shown = cutMiddle(word, widths[column]!);
    const padding = " ".repeat(widths[column]! - width(shown));
    return column < left ? shown + padding : padding + shown;
  };
  return rows.map((row) => row.map(align).join(GAP).trimEnd()).join("\n");
}

/** Whether every line of a text fits into the terminal. */
export function fits(text: string): boolean {
  return text.split("\n").every((line) => width(line) <= COLUMNS);
}
