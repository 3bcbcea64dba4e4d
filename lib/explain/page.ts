// What `explain` prints on a terminal of 80 columns: the start, a page for each quantity, the end.
import { shade } from "../drawing/resample.ts";
import { clamp } from "../math/clamp.ts";
import type { AnyMatrix } from "../math/matrix.ts";
import { type MatrixSymbol, QUANTITIES, type Quantity, type StepSymbol } from "../network/step.ts";
import {
  beside,
  COLUMNS,
  type Language,
  t,
  table,
  type Text,
  width,
  wrap,
} from "../text/layout.ts";
import { type ExplainedStep, type PerAxis, placeOf, range } from "./explained_step.ts";
import { type Explanation, explanationOf, EXPLANATIONS } from "./explanations.ts";
import { constant, formatWorking, term, workingsOf } from "./workings.ts";

/** The start: sizes, the source of the parameters (a sentence), and the images. */
export function overview(step: ExplainedStep, parameters: Text, language: Language): string {
  const { D, M, K, B } = step.sizes;
  const text = t(
    `One training step of a network with D = ${D} inputs, M = ${M} hidden units, K = ${K} classes, on a batch ` +
      `of B = ${B}. ${parameters.en} Rows, columns and classes are counted from 0.`,
    `入力 D = ${D}、隠れ層 M = ${M} ユニット、クラス K = ${K} のネットワークが、B = ${B} のバッチで ` +
      `1 ステップ学習する様子を示す。${parameters.ja}行・列・クラスの番号は 0 から始まる。`,
  );
  const pictures = range(B).map((i) => picture(step, i, language));
  return [wrap(text[language], 0), beside(pictures)].join("\n\n");
}

/** An image in blocks, without its dark border; its title alone if it is too wide. */
function picture({ data, batchIndices, values }: ExplainedStep, i: number, language: Language) {
  const of = batchIndices.values[i]!, label = values.labels.values[i]!;
  const { width: columns, height, pixels } = data.image(of);
  const lines = range(height).map((y) => pixels.subarray(y * columns, (y + 1) * columns));
  const isDrawn = (line: Uint8Array) => line.some((pixel) => pixel > 0);
  const title = t(`image ${of}: class ${label}`, `画像 ${of}: クラス ${label}`)[language];
  const first = lines.findIndex(isDrawn), last = lines.findLastIndex(isDrawn);
  if (2 * columns + 4 > COLUMNS) return title;
  // two characters per pixel: together they are about as high as wide
  const drawn = lines.slice(first, last + 1)
    .map((line) => Array.from(line, (pixel) => shade(pixel).repeat(2)).join(""));
  return [title, ...drawn].join("\n");
}

/** The end: the loss of the batch before and after the update. */
export function afterStep({ values, after, sizes }: ExplainedStep, language: Language): string {
  const mean = (name: string, { data }: AnyMatrix, result: number) => {
    const terms = Array.from(data, (loss) => term(constant(loss)));
    return wrap(formatWorking({ name, terms, divisor: sizes.B, result }, language));
  };
  const title = t(
    "After the step: the loss of the same batch with the new parameters",
    "更新後: 新しいパラメータで求めた、同じバッチの損失",
  )[language];
  const lines = [mean("E ", values.L, values.E.at(0, 0)), mean("E'", after.L, after.E)];
  return [`${title}\n${"─".repeat(COLUMNS)}`, ...lines].join("\n\n");
}

/** The page of a quantity; `place` is its position among the pages shown: `3/18`. */
export function layOut(
  quantity: Quantity,
  step: ExplainedStep,
  language: Language,
  place: string,
): string {
  const { symbol, from, by, file } = quantity, explanation = EXPLANATIONS[symbol];
  const title = explanation.title[language], workings = workingsOf(step, symbol);
  const used = workings.flatMap(({ terms: [first] }) => first!.factors);
  const symbols = used.flatMap(({ entry }) => entry?.symbol ?? []);
  const shown = [...new Set([...from, ...symbols, symbol])];
  const heading = title + " ".repeat(Math.max(1, COLUMNS - width(title) - width(place))) + place;
  const matrices = shown.filter((symbol) => symbol !== "labels" && symbol !== "η");
  return [
    `${heading}\n${"─".repeat(COLUMNS)}`,
    equations(quantity, explanation, language),
    symbolTable(shown, step.sizes, language),
    derivation(explanation.derivation, language),
    ...explanation.remarks.map((remark) => wrap(remark[language])),
    wrap(t(`In the code: ${by}() in ${file}`, `コード: ${file} の ${by}()`)[language]),
    beside(matrices.map((symbol) => showMatrix(step, symbol as MatrixSymbol))),
    ...workings.flatMap((working) => [
      ...working.note ? [wrap(working.note[language])] : [],
      wrap(formatWorking(working, language)),
    ]),
  ].filter((block) => block !== "").join("\n\n");
}

/** The equation as the report writes it, and here. */
function equations(
  { equation }: Quantity,
  { report: { equation: theirs, why } }: Explanation,
  language: Language,
): string {
  const label = ({ [language]: text }: Text) => text + " ".repeat(10 - width(text));
  return [
    `  ${label(t("report", "レポート"))}${theirs}`,
    ...why ? [wrap(why[language], 12)] : [],
    `  ${label(t("here", "本実装"))}${equation}`,
  ].join("\n");
}

/** Symbols, their shapes in letters and numbers, their names in the listing, and what they are. */
function symbolTable(symbols: readonly StepSymbol[], sizes: PerAxis, language: Language): string {
  const rows = symbols.map((symbol) => {
    const { shape, listing = "" } = QUANTITIES[symbol];
    const numbers = shape.replaceAll(/[DMKB]/g, (letter) => `${sizes[letter as keyof PerAxis]}`);
    const { meaning } = explanationOf(symbol);
    return [symbol, shape, numbers.replaceAll(" ", ""), listing, meaning[language]];
  });
  const headings = t("symbol|shape||listing|meaning", "記号|形||リスト|意味")[language].split("|");
  return beside([table([headings, ...rows], headings.length)]);
}

/** The lines of a derivation, with their reasons below. */
function derivation(lines: Explanation["derivation"], language: Language): string {
  if (lines.length === 1) return `  ${lines[0]!.equation}`;
  const written = lines.flatMap(({ equation, why }) => [
    `    ${equation}`,
    ...why ? [wrap(t(`(${why.en})`, `（${why.ja}）`)[language], 8)] : [],
  ]);
  return [`  ${t("Derivation:", "導出:")[language]}`, ...written].join("\n");
}

/** An axis is shown whole up to so many rows or columns, else so many of it. */
const WHOLE = { rows: 10, columns: 5 }, WINDOW = 5;

/** Name, shape and numbers of a matrix: a small one whole, else around the entry in focus. */
export function showMatrix({ values, focus }: ExplainedStep, name: MatrixSymbol): string {
  const matrix: AnyMatrix = values[name], [row, column] = placeOf(focus, name);
  const rows = window(matrix.rows, row, WHOLE.rows);
  const columns = window(matrix.columns, column, WHOLE.columns);
  const someRows = rows.length < matrix.rows, someColumns = columns.length < matrix.columns;
  const number = (row: number, column: number) => matrix.data[row * matrix.columns + column]!;
  const shown = rows.flatMap((row) => columns.map((column) => number(row, column)));
  // the largest number has four digits
  const size = Math.floor(Math.log10(Math.max(...shown.map(Math.abs))));
  const decimals = shown.every(Number.isInteger) ? 0 : clamp(3 - size, 0, 9);
  const written = (row: number) => columns.map((column) => number(row, column).toFixed(decimals));
  const lines = rows.map((row) => [`${row}:`, ...written(row), "…"]);
  if (someColumns) lines.unshift(["", ...columns.map((column) => `${column}:`), ""]);
  const cells = lines.map((line) => line.slice(someRows ? 0 : 1, someColumns ? undefined : -1));
  const title = `${name} (${matrix.rows}x${matrix.columns})`;
  return `${title}\n${table(cells, 0)}${someRows ? "\n⋮" : ""}`;
}

/** All positions of an axis, or some around one of them. */
function window(size: number, focus: number, whole: number): number[] {
  if (size <= whole) return range(size);
  const first = clamp(focus - Math.floor(WINDOW / 2), 0, size - WINDOW);
  return range(WINDOW).map((i) => first + i);
}
