/**
 * The first lines of `explain`: the images, and the way of the numbers through the network.
 *
 * @module
 */

import type { Step } from "./explained_step.ts";
import { range } from "./explained_step.ts";
import { beside, COLUMNS, type Language, type Text, wrap } from "../text/layout.ts";

/** Two characters a pixel, from dark to bright: about as high as wide. */
const SHADES = ["  ", "░░", "▒▒", "▓▓", "██"];

const INTRODUCTION: Text = {
  en:
    "One training step of a network with D = {D} inputs, M = {M} hidden units, K = {K} classes, on a batch " +
    "of B = {B}. Its parameters are drawn at random; rows, columns and classes are counted from 0.",
  ja:
    "入力 D = {D}、隠れ層 M = {M} ユニット、クラス K = {K} のネットワークで、B = {B} のミニバッチを " +
    "1 回学習する様子を示す。パラメータは乱数で初期化する。行・列・クラスの番号は 0 から始まる。",
};

/** What is shown: sizes, images, and the way through the network. */
export function overview(step: Step, language: Language): string {
  const { D, M, K, B } = step.sizes;
  const text = INTRODUCTION[language].replaceAll(
    /\{(\w)\}/g,
    (_, letter) => `${step.sizes[letter as keyof typeof step.sizes]}`,
  );
  const pictures = step.labels.map((label, i) => picture(step, i, label, language));
  const shapes = [`${D}x${B}`, `${M}x${B}`, `${M}x${B}`, `${K}x${B}`, `${K}x${B}`];
  const letters = ["X", "A1", "Y1", "A2", "P"];
  const layers = [" affine ", " sigmoid ", " affine ", " softmax "];
  const line = (words: string[], between: (i: number) => string) =>
    "  " + words.map((word, i) => word.padEnd(6) + (i < 4 ? between(i) : "")).join(" ").trimEnd();
  const flow = [
    line(letters, (i) => `─${layers[i]!}→`),
    line(shapes, (i) => " ".repeat(layers[i]!.length + 2)),
  ].join("\n");
  return [wrap(text, 0), beside(pictures.filter((p) => p !== "")), flow].join("\n\n");
}

/** An image in blocks, without its dark border; nothing if it is too wide. */
function picture(step: Step, i: number, label: number, language: Language): string {
  const { width, height } = step.data.size;
  const of = step.picked.values[i]!;
  const image = step.data.pixels.subarray(of * width * height, (of + 1) * width * height);
  const lit = (row: number) => image.subarray(row * width, (row + 1) * width).some((p) => p > 0);
  const rows = range(height).filter((row) => lit(row));
  const title = language === "en" ? `image ${of}: class ${label}` : `画像 ${of}: クラス ${label}`;
  if (2 * width + 4 > COLUMNS || rows.length === 0) return title;
  const drawn = range(rows.at(-1)! - rows[0]! + 1).map((r) =>
    range(width).map((c) => SHADES[Math.ceil(image[(rows[0]! + r) * width + c]! / 64)]!).join("")
  );
  return [title, ...drawn].join("\n");
}
