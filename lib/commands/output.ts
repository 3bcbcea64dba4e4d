/**
 * Standard output for results, standard error for everything else.
 *
 * @module
 */

import { attempt, oneLine } from "./user_error.ts";

const encoder = new TextEncoder();

/** Writes a result: it has left the program when this returns. */
export function print(text: string): void {
  const bytes = encoder.encode(`${text}\n`);
  attempt("standard output", "written", () => {
    for (let written = 0; written < bytes.length;) {
      written += Deno.stdout.writeSync(bytes.subarray(written));
    }
  });
}

/** Writes one line for the person who waits; where it cannot be written, nothing is lost but the line. */
export function tell(line: string): void {
  try {
    console.error(oneLine(line));
  } catch {
    // a full disk under a log must not stop a training run
  }
}

/** Rows of words with their columns aligned: the first to the left, the others to the right. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => width(row[column]!))));
  const align = (word: string, column: number) => {
    const padding = " ".repeat(widths[column]! - width(word));
    return column === 0 ? word + padding : padding + word;
  };
  return rows.map((row) => row.map(align).join("  ").trimEnd()).join("\n");
}

/** How many columns of a terminal a word takes: East Asian characters take two, accents of their own none. */
export function width(word: string): number {
  const wide =
    /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303e\u30fb\u30fc\uff01-\uff60]/u;
  return [...word].reduce((sum, c) => sum + (/\p{Mn}/u.test(c) ? 0 : wide.test(c) ? 2 : 1), 0);
}
