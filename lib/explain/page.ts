// What `explain` prints on a terminal of 80 columns: the start, a page for each quantity, the end.
import { shade } from "../drawing/block_characters.ts";
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
import type { DerivationLine, Explanation } from "./explanation.ts";
import { EXPLANATIONS, meaningOf } from "./explanations.ts";
import { entriesIn, formatWorking, over, sum } from "./expression.ts";
import { workingsOf } from "./workings.ts";

/** The layers between X, A1, Y1, A2 and P. */
const AFFINE = t(" affine ", "全結合");
const LAYERS = [AFFINE, t(" sigmoid ", "シグモイド"), AFFINE, t(" softmax ", "ソフトマックス")];

/** The start: sizes, the source of the parameters (a sentence), images, and the layers. */
export function overview(step: ExplainedStep, parameters: Text, language: Language): string {
  const { D, M, K, B } = step.sizes;
  const text = t(
    `One training step of a network with D = ${D} inputs, M = ${M} hidden units, K = ${K} classes, on a batch ` +
      `of B = ${B}. ${parameters.en} Rows, columns and classes are counted from 0.`,
    `入力 D = ${D}、隠れ層 M = ${M} ユニット、クラス K = ${K} のネットワークが、B = ${B} のバッチで ` +
      `1 ステップ学習する様子を示す。${parameters.ja}行・列・クラスの番号は 0 から始まる。`,
  );
  const pictures = range(B).map((i) => picture(step, i, language));
  return [wrap(text[language], 0), beside(pictures), flow(step, language)].join("\n\n");
}

/** The way of the numbers through the layers: symbols, and their sizes below. */
function flow({ values }: ExplainedStep, language: Language): string {
  const symbols = ["X", "A1", "Y1", "A2", "P"] as const;
  const sizes = symbols.map((symbol) => `${values[symbol].rows}x${values[symbol].columns}`);
  const arrows = LAYERS.map((layer) => `─${layer[language]}→`);
  const line = (words: readonly string[], between: readonly string[]) =>
    words.map((word, i) => word.padEnd(Math.max(2, sizes[i]!.length)) + ` ${between[i] ?? ""} `)
      .join("").trimEnd();
  const gaps = arrows.map((arrow) => " ".repeat(width(arrow)));
  return `  ${line(symbols, arrows)}\n  ${line(sizes, gaps)}`;
}

/** An image in blocks, without its dark border; its title alone if it is too wide. */
function picture({ data, batchIndices, values }: ExplainedStep, i: number, language: Language) {
  const of = batchIndices.values[i]!, label = values.labels.values[i]!;
  const { width: columns, height, pixels } = data.image(of);
  const lines = range(height).map((y) => pixels.subarray(y * columns, (y + 1) * columns));
  const isDrawn = (line: Uint8Array) => line.some((pixel) => pixel > 0);
  const title = t(`image ${of}: class ${label}`, `画像 ${of}: クラス ${label}`)[language];
  const first = lines.findIndex(isDrawn), last = lines.findLastIndex(isDrawn);
  if (2 * columns + 4 > COLUMNS || last < 0) return title;
  // two characters per pixel: together they are about as high as wide
  const drawn = lines.slice(first, last + 1)
    .map((line) => Array.from(line, (pixel) => shade(pixel).repeat(2)).join(""));
  return [title, ...drawn].join("\n");
}

/** The end: the loss of the batch before and after the update. */
export function afterStep({ values, after, sizes }: ExplainedStep, language: Language): string {
  const mean = (losses: AnyMatrix) => over(sum([...losses.data]), sizes.B);
  const workings = [
    { name: "E ", expression: mean(values.L), result: values.E.at(0, 0) },
    { name: "E'", expression: mean(after.L), result: after.E },
  ];
  const title = t(
    "After the step: the loss of the same batch with the new parameters",
    "更新後: 新しいパラメータで求めた、同じバッチの損失",
  )[language];
  const lines = workings.map((working) => wrap(formatWorking(working, language)));
  return [`${title}\n${"─".repeat(COLUMNS)}`, ...lines].join("\n\n");
}

/** The page of a quantity; `place` is its position among the pages shown: `3/18`. */
export function layOut(
  quantity: Quantity,
  step: ExplainedStep,
  language: Language,
  place: string,
): string {
  const explanation = EXPLANATIONS[quantity.symbol], title = explanation.title[language];
  const workings = workingsOf(step, quantity.symbol);
  const used = workings.flatMap(({ expression }) => entriesIn(expression));
  const shown = symbolsOf(quantity, used.map(({ symbol }) => symbol));
  const heading = title + " ".repeat(Math.max(1, COLUMNS - width(title) - width(place))) + place;
  const matrices = shown.filter((symbol) => symbol !== "labels" && symbol !== "η");
  const { by, file } = quantity;
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

/** The quantities on a page: those that its quantity and worked lines use, and itself. */
function symbolsOf({ symbol, from, equation }: Quantity, used: readonly StepSymbol[]) {
  const place = (one: StepSymbol) => equation.indexOf(one, `${symbol} = `.length);
  const inOrder = from.toSorted((a, b) => place(a) - place(b));
  return [...new Set([...inOrder, ...used].filter((one) => one !== symbol)), symbol];
}

/** The equation as the report writes it, and here. */
function equations(
  { equation }: Quantity,
  { report: { equation: theirs, where } }: Explanation,
  language: Language,
): string {
  const label = ({ [language]: text }: Text) => text + " ".repeat(10 - width(text));
  const short = where && 12 + width(theirs) + 3 + width(where[language]) <= COLUMNS;
  const note = where ? short ? `   ${where[language]}` : `\n${wrap(where[language], 12)}` : "";
  return `  ${label(t("report", "レポート"))}${theirs}${note}\n` +
    `  ${label(t("here", "本実装"))}${equation}`;
}

/** Symbols, their shapes in letters and numbers, their names in the listing, and what they are. */
function symbolTable(symbols: readonly StepSymbol[], sizes: PerAxis, language: Language): string {
  const rows = symbols.map((symbol) => {
    const { shape, listing = "" } = QUANTITIES[symbol];
    const numbers = shape.replaceAll(/[DMKB]/g, (letter) => `${sizes[letter as keyof PerAxis]}`);
    return [symbol, shape, numbers.replaceAll(" ", ""), listing, meaningOf(symbol)[language]];
  });
  const headings = t("symbol|shape||listing|meaning", "記号|形||リスト|意味")[language];
  const all = [headings.split("|"), ...rows];
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
      : `${line}\n${wrap(t(`(${why.en})`, `（${why.ja}）`)[language], 8)}`;
  });
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
  const cells = rows.map((row) => [
    ...(someRows ? [`${row}:`] : []),
    ...columns.map((column) => number(row, column).toFixed(decimals)),
    ...(someColumns ? ["…"] : []),
  ]);
  if (someColumns) {
    cells.unshift([...(someRows ? [""] : []), ...columns.map((column) => `${column}:`), ""]);
  }
  const title = `${name} (${matrix.rows}x${matrix.columns})`;
  return `${title}\n${table(cells, 0)}${someRows ? "\n⋮" : ""}`;
}

/** All positions of an axis, or some around one of them. */
function window(size: number, focus: number, whole: number): number[] {
  if (size <= whole) return range(size);
  const first = clamp(focus - Math.floor(WINDOW / 2), 0, size - WINDOW);
  return range(WINDOW).map((i) => first + i);
}
