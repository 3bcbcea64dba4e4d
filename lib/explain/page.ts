/**
 * What a page of `explain` is made of, and how it is laid out.
 *
 * @module
 */

import { width } from "../text/width.ts";
import { type Derivation, formatDerivation } from "./derivation.ts";
import { showMatrix } from "./show_matrix.ts";
import type { MatrixName, Step } from "./explained_step.ts";
import { beside, COLUMNS, type Language, type Text, wrap } from "../text/layout.ts";

/** What `--equation` takes, in the order of the report and of the step. */
export const EQUATION_NAMES = [
  ...["1", "2", "3", "affine", "sigmoid", "softmax", "cross-entropy", "sgd"] as const,
] as const;

/** One of these names. */
export type EquationName = typeof EQUATION_NAMES[number];

/** One equation, at one place of the step. */
export interface Page {
  /** Which names ask for it. */
  readonly names: readonly EquationName[];
  /** What it is about. */
  readonly title: Text;
  /** The equation: as the report writes it, and with the letters of this place. */
  readonly formulas: readonly (readonly [formula: string, note?: Text])[];
  /** Its symbols: letter, shape by the letters of the sizes, meaning. */
  readonly symbols: readonly (readonly [symbol: string, shape: string, meaning: Text])[];
  /** The function that is this equation. */
  readonly code: { readonly name: string; readonly file: string };
  /** Why it is so, and what the report has otherwise. */
  readonly remarks: readonly Text[];
  /** Matrices to show, what goes in before what comes out. */
  readonly matrices: readonly MatrixName[];
  /** Entries worked out. */
  readonly derivations: (step: Step) => readonly Derivation[];
}

/** A note on equations that hold for each entry of a matrix. */
export const ENTRY_BY_ENTRY: Text = { en: "entry by entry", ja: "要素ごとに" };

const CODE: Text = { en: "In the code: {name}() in {file}", ja: "コード: {file} の {name}()" };

/**
 * Lays a page out.
 *
 * @param place where it stands among those that are shown: `3/13`
 */
export function layOut(page: Page, step: Step, language: Language, place: string): string {
  const { name, file } = page.code;
  const title = page.title[language];
  const heading = title + " ".repeat(COLUMNS - width(title) - width(place)) + place;
  return [
    `${heading}\n${"─".repeat(COLUMNS)}`,
    formulaLines(page, language),
    symbolTable(page, step, language),
    ...page.remarks.map((remark) => wrap(remark[language])),
    wrap(CODE[language].replace("{name}", name).replace("{file}", file)),
    beside(page.matrices.map((matrix) => showMatrix(step, matrix))),
    ...page.derivations(step).map((working) => wrap(formatDerivation(working, language))),
  ].filter((block) => block !== "").join("\n\n");
}

/** Equations below each other, their notes in a column of its own. */
function formulaLines({ formulas }: Page, language: Language): string {
  const widest = Math.max(...formulas.map(([formula]) => width(formula)));
  return formulas.map(([formula, note]) =>
    `    ${formula}${note ? " ".repeat(widest - width(formula) + 3) + note[language] : ""}`
  ).join("\n");
}

function symbolTable({ symbols }: Page, { sizes }: Step, language: Language): string {
  const rows = symbols.map(([symbol, shape, meaning]) => {
    const numbers = shape.replaceAll(
      /[DMKB]/g,
      (letter) => `${sizes[letter as keyof typeof sizes]}`,
    );
    return [symbol, shape, numbers.replaceAll(" ", ""), meaning[language]];
  });
  const widest = (column: number) => Math.max(...rows.map((row) => width(row[column]!)));
  const pad = (word: string, column: number) => word + " ".repeat(widest(column) - width(word));
  const indent = 2 + widest(0) + widest(1) + widest(2) + 3 * 2;
  return rows.map((row) => {
    const start = `  ${pad(row[0]!, 0)}  ${pad(row[1]!, 1)}  ${pad(row[2]!, 2)}  `;
    return start + wrap(row[3]!, indent).trimStart();
  }).join("\n");
}
