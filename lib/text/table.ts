/**
 * Tables with aligned columns, for a terminal.
 *
 * @module
 */

import { width } from "./layout.ts";

/**
 * Rows of words as a table with aligned columns.
 *
 * @param left number of columns, from the first, that are aligned to the left; the others are
 * aligned to the right
 */
export function table(rows: readonly (readonly string[])[], left = 1): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => width(row[column]!))));
  const align = (word: string, column: number) => {
    const padding = " ".repeat(widths[column]! - width(word));
    return column < left ? word + padding : padding + word;
  };
  return rows.map((row) => row.map(align).join("  ").trimEnd()).join("\n");
}
