// The explanation of every quantity of the training step, in English and Japanese, by its symbol.
import { t, type Text } from "../text/layout.ts";
import type { ComputedSymbol, InputSymbol } from "../network/step.ts";
import { entry, range } from "./explained_step.ts";
import type { Explanation } from "./explanation.ts";
import { sum, valueOf } from "./expression.ts";
import {
  affineWords,
  biasGradientWords,
  FIRST,
  inputGradientWords,
  SECOND,
  weightGradientWords,
} from "./words/affine_words.ts";
import { updateWords } from "./words/sgd_words.ts";
import { hiddenOutputs, hiddenSumsGradient } from "./words/sigmoid_words.ts";
import {
  loss,
  losses,
  probabilities,
  rightClasses,
  scoresGradient,
} from "./words/softmax_words.ts";

/** The inputs of the step, in one line each. */
export const INPUT_MEANINGS: Readonly<Record<InputSymbol, Text>> = {
  X: t(
    "pixels divided by 255; a column is an image",
    "入力。画素値を 255 で割った値。1 列が画像 1 枚",
  ),
  labels: t("the right class of each image", "各画像の正解のクラス"),
  W1: t("weights; a row for each hidden unit", "重み。1 行が隠れ層の 1 ユニット"),
  b1: t("biases, added to every column", "バイアス。すべての列に足す"),
  W2: t("weights; a row for each class", "重み。1 行が 1 クラス"),
  b2: t("biases, added to every column", "バイアス。すべての列に足す"),
  η: t("learning rate", "学習率"),
};

const biasesOfSecondLayer = biasGradientWords(
  SECOND,
  "Erratum: the report's Xᵀ is an error that its program does not make. The shape would be the same, K x 1, so only " +
    "numbers distinguish rowSum(dA2 Y1ᵀ) from db2.",
  "訂正: レポートの式の Xᵀ は誤りである（プログラムは正しい）。Xᵀ があっても形は同じ (K, 1) なので、" +
    "rowSum(dA2 Y1ᵀ) と db2 の違いは数値でしか分からない。",
);

/** Words, derivation and numbers of every quantity that a step computes. */
export const EXPLANATIONS: Readonly<Record<ComputedSymbol, Explanation>> = {
  A1: affineWords(FIRST, {
    title: t("First affine layer: hidden sums", "第 1 層（全結合層）: 隠れ層の重み付き和"),
    meaning: t("hidden sums", "隠れ層の重み付き和"),
    remarks: [
      t(
        "The report's program holds a batch as (B, D, 1) going forward and as (D, B) going back. Here it is (D, B) both " +
          "ways, as in the report's equations (1) to (3).",
        "レポートのプログラムでは、バッチの形が伝播層では (B, D, 1)、逆伝播層では (D, B) と異なる。" +
          "ここでは式 (1)〜(3) に合わせて、どちらも (D, B) とする。",
      ),
      t(
        "Erratum: the listings do not show that the pixels are divided by 255, but the printed losses are those of divided " +
          "pixels.",
        "訂正: リストには画素値を 255 で割る処理が書かれていないが、レポートに載っている損失は、割ったときの値である。",
      ),
    ],
  }),
  Y1: hiddenOutputs,
  A2: affineWords(SECOND, {
    title: t("Second affine layer: scores", "第 2 層（全結合層）: クラスごとのスコア"),
    meaning: t(
      "scores; the largest one of a column is the prediction",
      "スコア。各列で最大のものが予測になる",
    ),
    remarks: [
      t(
        "The same function as in the first layer. The report writes C for the number of classes, K.",
        "第 1 層と同じ関数である。レポートではクラスの数 K を C と書いている。",
      ),
    ],
  }),
  P: probabilities,
  onehot: rightClasses,
  L: losses,
  E: loss,
  dA2: scoresGradient,
  dW2: weightGradientWords(
    SECOND,
    "Erratum: the report prints this equation twice.",
    "訂正: レポートではこの式が二度書かれている。",
  ),
  db2: {
    ...biasesOfSecondLayer,
    workings: (step) => {
      const k = step.focus.K, row = range(step.sizes.M).map((m) => entry(step, "dW2", k, m));
      const expression = sum(row), result = valueOf(expression);
      const note = t(
        "Not db2, but what the report prints for it, which is wrong:",
        "db2 ではなく、レポートに印刷されている（誤った）式の値:",
      );
      const printed = { name: `rowSum(dA2 Y1ᵀ)[${k},0]`, expression, result, note };
      return [...biasesOfSecondLayer.workings(step), printed];
    },
  },
  dY1: inputGradientWords(SECOND, {
    title: t(
      "Equation (1): gradient of the hidden outputs Y1",
      "式 (1): 隠れ層の出力 Y1 についての偏微分",
    ),
    meaning: t("∂E/∂Y1, passed on to the sigmoid", "∂E/∂Y1。シグモイド関数の逆伝播に渡す"),
    remarks: [
      t(
        "The same equation gives the gradient of the images, W1ᵀ dA1, the listing's delta_x. It is unused, so it is not computed " +
          "here.",
        "第 1 層でも同じ式で入力（画像）についての偏微分（リストの delta_x）が求められるが、使われないので、" +
          "ここでは計算しない。",
      ),
    ],
  }),
  dA1: hiddenSumsGradient,
  dW1: weightGradientWords(
    FIRST,
    "Where a pixel is 0 in every image of the batch, the gradients of its weights are 0 and they do not change, as " +
      "in the dark border of MNIST's images.",
    "バッチのどの画像でも値が 0 の画素では、その重みの偏微分も 0 になり、重みは変化しない。MNIST の画像では、周囲の黒い部分がそうである。",
  ),
  db1: biasGradientWords(FIRST),
  "W1'": updateWords("W1", "M", "D"),
  "b1'": updateWords("b1", "M"),
  "W2'": updateWords("W2", "K", "M"),
  "b2'": updateWords("b2", "K"),
};
