/**
 * Lays out the explanation of one quantity on a terminal of 80 columns.
 *
 * @module
 */

import {
  type MatrixSymbol,
  type Quantity,
  STEP,
  STEP_INPUTS,
  type StepSymbol,
} from "../network/step.ts";
import { beside, COLUMNS, type Language, type Text, width, wrap } from "../text/layout.ts";
import type { ExplainedStep, PerAxis } from "./explained_step.ts";
import type { DerivationLine, Explanation } from "./explanation_types.ts";
import { EXPLANATIONS, INPUT_MEANINGS } from "./explanations.ts";
import { entriesIn, formatWorking, type Working } from "./expression.ts";
import { showMatrix } from "./show_matrix.ts";

const CODE: Text = { en: "In the code: {name}() in {file}", ja: "コード: {file} の {name}()" };
const DERIVATION: Text = { en: "Derivation:", ja: "導出:" };
const BRACKETS: Text = { en: "(…)", ja: "（…）" };
const REPORT: Text = { en: "report", ja: "レポート" };
const HERE: Text = { en: "here", ja: "本実装" };
const HEADINGS: Text = {
  en: "symbol|shape||listing|meaning",
  ja: "記号|形||リスト|意味",
};

/** Shapes, names and meanings of all quantities, those that the step starts from included. */
const SYMBOLS = new Map<StepSymbol, { shape: string; listing: string | undefined; meaning: Text }>([
  ...STEP_INPUTS.map((input) =>
    [input.symbol, { ...input, meaning: INPUT_MEANINGS[input.symbol] }] as const
  ),
  ...STEP.map((quantity) =>
    [quantity.symbol, { ...quantity, meaning: EXPLANATIONS[quantity.symbol].meaning }] as const
  ),
]);

/**
 * Lays a page out.
 *
 * @param place its position among the pages shown: `3/18`
 */
export function layOut(
  quantity: Quantity,
  step: ExplainedStep,
  language: Language,
  place: string,
): string {
  const explanation = EXPLANATIONS[quantity.symbol], title = explanation.title[language];
  const workings = explanation.workings(step), shown = symbolsOf(quantity, workings);
  const heading = title + " ".repeat(Math.max(1, COLUMNS - width(title) - width(place))) + place;
  const matrices = shown.filter((symbol) => symbol !== "labels" && symbol !== "η");
  return [
    `${heading}\n${"─".repeat(COLUMNS)}`,
    equations(quantity, explanation, language),
    symbolTable(shown, step.sizes, language),
    derivation(explanation.derivation, language),
    ...explanation.remarks.map((remark) => wrap(remark[language])),
    wrap(CODE[language].replace("{name}", quantity.by).replace("{file}", quantity.file)),
    beside(matrices.map((symbol) => showMatrix(step, symbol as MatrixSymbol))),
    ...workings.flatMap((working) => [
      ...working.note ? [wrap(working.note[language])] : [],
      wrap(formatWorking(working, language)),
    ]),
  ].filter((block) => block !== "").join("\n\n");
}

/** The quantities on a page: those that its quantity and worked lines use, and itself. */
function symbolsOf(
  { symbol, from, equation }: Quantity,
  workings: readonly Working[],
): StepSymbol[] {
  const place = (one: StepSymbol) => equation.indexOf(one, `${symbol} = `.length);
  const inOrder = from.toSorted((a, b) => place(a) - place(b));
  const used = workings.flatMap(({ expression }) =>
    entriesIn(expression).map(({ symbol }) => symbol)
  );
  return [...new Set([...inOrder, ...used].filter((one) => one !== symbol)), symbol];
}

/** The equation as the report writes it, and here. */
function equations(
  { equation }: Quantity,
  { report: { equation: theirs, where } }: Explanation,
  language: Language,
): string {
  const label = (text: Text) => text[language] + " ".repeat(10 - width(text[language]));
  const short = where && 12 + width(theirs) + 3 + width(where[language]) <= COLUMNS;
  const note = where ? short ? `   ${where[language]}` : `\n${wrap(where[language], 12)}` : "";
  return `  ${label(REPORT)}${theirs}${note}\n  ${label(HERE)}${equation}`;
}

/**
 * Symbols with their shapes, in letters and numbers, their names in the listing, and what they are.
 */
function symbolTable(
  symbols: readonly StepSymbol[],
  sizes: PerAxis,
  language: Language,
): string {
  const rows = symbols.map((symbol) => {
    const { shape, listing = "", meaning } = SYMBOLS.get(symbol)!;
    const numbers = shape.replaceAll(/[DMKB]/g, (letter) => `${sizes[letter as keyof PerAxis]}`);
    return [symbol, shape, numbers.replaceAll(" ", ""), listing, meaning[language]];
  });
  const all = [HEADINGS[language].split("|"), ...rows];
  const widths = [0, 1, 2, 3].map((c) => Math.max(...all.map((row) => width(row[c]!))));
  const indent = 2 + widths.reduce((sum, wide) => sum + wide + 2, 0);
  return all.map((row) => {
    const cells = widths.map((wide, c) => row[c]! + " ".repeat(wide - width(row[c]!) + 2));
    return `  ${cells.join("")}${wrap(row[4]!, indent).trimStart()}`;
  }).join("\n");
}

/** The lines of a derivation, and their reasons beside them, or below if there is no room. */
function derivation(lines: readonly DerivationLine[], language: Language): string {
  if (lines.length === 1) return `  ${lines[0]!.equation}`;
  const column = 4 + Math.max(...lines.map(({ equation }) => width(equation))) + 3;
  const beside = lines.every(({ why }) => !why || column + width(why[language]) <= COLUMNS);
  const written = lines.map(({ equation, why }) => {
    const line = `    ${equation}`;
    if (!why) return line;
    return beside
      ? line + " ".repeat(column - width(line)) + why[language]
      : `${line}\n${wrap(BRACKETS[language].replace("…", () => why[language]), 8)}`;
  });
  return [`  ${DERIVATION[language]}`, ...written].join("\n");
}
