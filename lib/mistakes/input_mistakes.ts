// Mistakes in the inputs X: how pixels become numbers, and images columns. X is D x B, its entries
// are pixels / 255.
import { t } from "../text/layout.ts";
import { type Mistake, mistakesOf } from "./mistake.ts";
import { reshapeTranspose, select, transposeIfSquare } from "./rearrange.ts";

export function inputMistakes(): Mistake[] {
  return mistakesOf("X", {
    "not-divided-by-255": {
      ...t("the pixels are not divided by 255", "画素値を 255 で割っていない"),
      equation: "pixels",
      compute: (_, right) => right().scale(255),
    },
    "divided-by-255-twice": {
      ...t("the pixels are divided by 255 twice", "画素値を 255 で 2 回割っている"),
      equation: "pixels / 255 / 255",
      compute: (_, right) => right().map((x) => x / 255),
    },
    "divided-by-256": {
      en: "the pixels are divided by 256 instead of 255",
      ja: "画素値を 255 ではなく 256 で割っている",
      equation: "pixels / 256",
      compute: (_, right) => right().map((x) => x * 255 / 256),
    },
    "divided-as-integers": {
      en: "the pixels are divided by 255 as integers, so that all below 255 become 0",
      ja: "画素値を 255 で整数除算しているため、255 未満の画素がすべて 0 になっている",
      equation: "⌊pixels / 255⌋",
      compute: (_, right) => right().map(Math.floor),
    },
    "signed-bytes": {
      en: "the pixels are read as signed bytes, so that all above 127 are negative",
      ja: "画素値を符号付きの 1 バイトとして読んでいるため、127 より大きい値が負になっている",
      equation: "(pixels - 256 [pixels > 127]) / 255",
      compute: (_, right) => right().map((x) => 255 * x > 127.5 ? x - 256 / 255 : x),
    },
    "standardised": {
      en: "the pixels are standardised with the mean 0.1307 and the deviation 0.3081 of MNIST",
      ja: "MNIST の平均 0.1307 と標準偏差 0.3081 で標準化している",
      equation: "(pixels / 255 - 0.1307) / 0.3081",
      compute: (_, right) => right().map((x) => (x - 0.1307) / 0.3081),
    },
    "from-minus-1-to-1": {
      en: "the pixels are scaled to the range from -1 to 1",
      ja: "画素値を 0〜1 ではなく -1〜1 に変換している",
      equation: "(pixels / 255 - 0.5) / 0.5",
      compute: (_, right) => right().map((x) => (x - 0.5) / 0.5),
    },
    "from-0.01-to-1": {
      en: "the pixels are scaled to the range from 0.01 to 1",
      ja: "画素値を 0〜1 ではなく 0.01〜1 に変換している",
      equation: "0.99 pixels / 255 + 0.01",
      compute: (_, right) => right().map((x) => 0.99 * x + 0.01),
    },
    "inverted": {
      ...t("the images are inverted: black on white", "画像の白黒が反転している（白地に黒）"),
      equation: "1 - pixels / 255",
      compute: (_, right) => right().map((x) => 1 - x),
    },
    "images-transposed": {
      ...t("each image has its rows for columns", "各画像の行と列が入れ替わっている"),
      equation: "imageᵀ / 255",
      compute: (_, right) => {
        const X = right(), side = Math.sqrt(X.rows);
        if (!Number.isInteger(side)) return undefined;
        return select(X, (row, image, at) => at(row % side * side + Math.floor(row / side), image));
      },
    },
    "reshaped": {
      en: "the batch is brought to D x B by reshape instead of a transpose, which mixes the images",
      ja: "転置すべきバッチを reshape で (D, B) にしているため、画像が混ざっている",
      equation: "batch.reshape(D, B) / 255",
      compute: (_, right) => reshapeTranspose(right()),
    },
    "transposed": {
      ...t("the rows are the examples, not the columns", "列ではなく行が画像になっている"),
      equation: "batch / 255",
      compute: (_, right) => transposeIfSquare(right()),
    },
  });
}
