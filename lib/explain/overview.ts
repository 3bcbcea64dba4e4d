/**
 * The first and last lines of `explain`: the images and the way through the network, and the loss
 * after the step.
 *
 * @module
 */

import { shade } from "../drawing/block_characters.ts";
import type { AnyMatrix } from "../math/matrix.ts";
import { type ExplainedStep, range } from "./explained_step.ts";
import { formatWorking, over, sum } from "./expression.ts";
import { beside, COLUMNS, type Language, type Text, width, wrap } from "../text/layout.ts";

const INTRODUCTION: Text = {
  en:
    "One training step of a network with D = {D} inputs, M = {M} hidden units, K = {K} classes, on a batch " +
    "of B = {B}. {parameters} Rows, columns and classes are counted from 0.",
  ja:
    "入力 D = {D}、隠れ層 M = {M} ユニット、クラス K = {K} のネットワークが、B = {B} のバッチで " +
    "1 ステップ学習する様子を示す。{parameters}行・列・クラスの番号は 0 から始まる。",
};

/** The layers between X, A1, Y1, A2 and P. */
const LAYERS: readonly Text[] = [
  { en: " affine ", ja: "全結合" },
  { en: " sigmoid ", ja: "シグモイド" },
  { en: " affine ", ja: "全結合" },
  { en: " softmax ", ja: "ソフトマックス" },
];

const AFTER: Text = {
  en: "After the step: the loss of the same batch with the new parameters",
  ja: "更新後: 新しいパラメータで求めた、同じバッチの損失",
};

/**
 * The start of the output: sizes, images, and the way through the network.
 *
 * @param parameters the source of the parameters, as a sentence
 */
export function overview(step: ExplainedStep, parameters: Text, language: Language): string {
  const text = INTRODUCTION[language].replaceAll(
    /\{(\w)\}/g,
    (_, letter) => `${step.sizes[letter as keyof typeof step.sizes]}`,
  ).replace("{parameters}", () => parameters[language]);
  const pictures = [...step.values.labels.values].map((label, i) =>
    picture(step, i, label, language)
  );
  return [wrap(text, 0), beside(pictures), flow(step, language)].join("\n\n");
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

/** The loss of the batch after the update, and before it. */
export function afterStep({ values, after, sizes }: ExplainedStep, language: Language): string {
  const mean = (losses: AnyMatrix) => over(sum([...losses.data]), sizes.B);
  const workings = [
    { name: "E ", expression: mean(values.L), result: values.E.at(0, 0) },
    { name: "E'", expression: mean(after.L), result: after.E },
  ];
  return [
    `${AFTER[language]}\n${"─".repeat(COLUMNS)}`,
    ...workings.map((working) => wrap(formatWorking(working, language))),
  ].join("\n\n");
}

/** An image in blocks, without its dark border; its title alone if it is too wide. */
function picture(step: ExplainedStep, i: number, label: number, language: Language): string {
  const { width: columns, height } = step.data.size;
  const of = step.batchIndices.values[i]!;
  const image = step.data.pixels.subarray(of * columns * height, (of + 1) * columns * height);
  const isDrawn = (row: number) =>
    image.subarray(row * columns, (row + 1) * columns).some((p) => p > 0);
  const rows = range(height).filter((row) => isDrawn(row));
  const title = language === "en" ? `image ${of}: class ${label}` : `画像 ${of}: クラス ${label}`;
  if (2 * columns + 4 > COLUMNS || rows.length === 0) return title;
  // two characters per pixel: together they are about as high as wide
  const drawn = range(rows.at(-1)! - rows[0]! + 1).map((r) => {
    const start = (rows[0]! + r) * columns;
    return Array.from(image.subarray(start, start + columns), (p) => shade(p).repeat(2)).join("");
  });
  return [title, ...drawn].join("\n");
}
