/**
 * Tables with aligned columns, for a terminal.
 *
 * @module
 */

import { width } from "./width.ts";

/** Rows of words with their columns aligned: the first to the left, the others to the right. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => width(row[column]!))));
  const align = (word: string, column: number) => {
    const padding = " ".repeat(widths[column]! - width(word));
    return column === 0 ? word + padding : padding + word;
  };
  return rows.map((row) => row.map(align).join("  ").trimEnd()).join("\n");
}
