/**
 * The equations of back-propagation and of the descent, explained.
 *
 * @module
 */

import { type Derivation, fourDigits, parenthesize } from "./derivation.ts";
import { ENTRY_BY_ENTRY, type Page } from "./page.ts";
import { asPrinted, entry, type MatrixName, range, type Step } from "./explained_step.ts";
import { REPORT_SETTINGS } from "../network/report_settings.ts";
import type { Text } from "../text/layout.ts";

const affine = (name: string) => ({ name, file: "lib/network/affine.ts" });

const HIDDEN_OUTPUTS: Text = {
  en: "hidden outputs: this layer's inputs, the report's X",
  ja: "隠れ層の出力。この層の入力、式の X にあたる",
};

const GIVEN: Text = {
  en: "∂E/∂A2, which the softmax layer handed back: the report's ∂E/∂Y",
  ja: "∂E/∂A2。ソフトマックス層から与えられる。式の ∂E/∂Y にあたる",
};

const GIVEN_FIRST: Text = {
  en: "∂E/∂A1, which the sigmoid handed back: the report's ∂E/∂Y",
  ja: "∂E/∂A1。シグモイド関数から与えられる。式の ∂E/∂Y にあたる",
};

/** From the loss back to the weights, and the step that makes it smaller. */
export const BACKWARD_PAGES: readonly Page[] = [
  {
    names: ["softmax", "cross-entropy"],
    title: { en: "Softmax and cross-entropy, backward", ja: "ソフトマックス層の逆伝播" },
    formulas: [["∂E/∂a = (p - y) / B"], ["dA2   = (P - onehot) / B"]],
    symbols: [
      ["P", "K x B", {
        en: "probabilities: the report's y⁽²⁾",
        ja: "確率。レポートの y⁽²⁾ にあたる",
      }],
      ["onehot", "K x B", {
        en: "what they should have been: the report's y",
        ja: "正解。レポートの y にあたる",
      }],
      ["dA2", "K x B", { en: "∂E/∂A2, the listing's delta_b", ja: "∂E/∂A2。リストの delta_b" }],
    ],
    code: { name: "softmaxCrossEntropyBackward", file: "lib/network/softmax_cross_entropy.ts" },
    remarks: [
      {
        en: "Softmax and logarithm together have this simple derivative. Each column sums to 0.",
        ja:
          "ソフトマックス関数とクロスエントロピー誤差を合わせて微分すると、このように簡単な式になる。各列の和は 0 である。",
      },
      {
        en: "The mean over the batch is taken here, by the division by B, and nowhere else.",
        ja: "バッチについて平均をとる（B で割る）のは、ここだけである。",
      },
    ],
    matrices: ["P", "onehot", "dA2"],
    derivations: (step) => {
      const { K: k, B: i } = step.focus;
      return [{
        entry: `dA2[${k},${i}]`,
        steps: [
          `(${fourDigits(entry(step, "P", k, i))} - ${
            entry(step, "onehot", k, i)
          }) / ${step.sizes.B}`,
        ],
        result: entry(step, "dA2", k, i),
      }];
    },
  },
  {
    names: ["1", "affine"],
    title: {
      en: "Equation (1): affine layer, backward to its inputs",
      ja: "式 (1): 全結合層、入力についての偏微分",
    },
    formulas: [["∂E/∂X = Wᵀ ∂E/∂Y"], ["dY1   = W2ᵀ dA2"]],
    symbols: [
      ["dA2", "K x B", GIVEN],
      ["W2", "K x M", { en: "weights", ja: "重み" }],
      ["dY1", "M x B", {
        en: "∂E/∂Y1, the listing's delta_y1; handed on to the sigmoid",
        ja: "∂E/∂Y1。リストの delta_y1。シグモイド関数へ渡す",
      }],
    ],
    code: affine("affineInputGradient"),
    remarks: [{
      en:
        "The first layer has such a gradient too, with respect to the images: the listing's delta_x. " +
        "Nobody uses it, and it would cost a third of the time, so it is not computed.",
      ja:
        "一つ目の全結合層でも同じように入力（画像）についての偏微分、リストの delta_x が求められるが、" +
        "どこにも使われず、計算時間の 3 分の 1 を占めるので、ここでは計算しない。",
    }],
    matrices: ["W2", "dA2", "dY1"],
    derivations: (step) => {
      const { M: m, B: i } = step.focus;
      const terms = range(step.sizes.K).map((k) =>
        [entry(step, "W2", k, m), entry(step, "dA2", k, i)] as const
      );
      return [{ entry: `dY1[${m},${i}]`, steps: [{ terms }], result: entry(step, "dY1", m, i) }];
    },
  },
  {
    names: ["2", "affine"],
    title: {
      en: "Equation (2): affine layer, backward to its weights",
      ja: "式 (2): 全結合層、重みについての偏微分",
    },
    formulas: [["∂E/∂W = ∂E/∂Y Xᵀ"], ["dW2   = dA2 Y1ᵀ"]],
    symbols: [
      ["dA2", "K x B", GIVEN],
      ["Y1", "M x B", HIDDEN_OUTPUTS],
      ["dW2", "K x M", { en: "∂E/∂W2, of the shape of W2", ja: "∂E/∂W2。W2 と同じ形になる" }],
    ],
    code: affine("affineWeightGradient"),
    remarks: [
      {
        en: "The product sums over the images of the batch.",
        ja: "行列の積によって、バッチ内の画像についての和がとられる。",
      },
      {
        en: "Erratum: the report prints this equation twice.",
        ja: "正誤: レポートではこの式が二度書かれている。",
      },
    ],
    matrices: ["dA2", "Y1", "dW2"],
    derivations: (step) => [weightWorking(step, "dW2", "dA2", "Y1", step.focus.K, step.focus.M)],
  },
  {
    names: ["3", "affine"],
    title: {
      en: "Equation (3): affine layer, backward to its biases",
      ja: "式 (3): 全結合層、バイアスについての偏微分",
    },
    formulas: [
      ["∂E/∂b = rowSum(∂E/∂Y)", {
        en: "the report prints rowSum(∂E/∂Y Xᵀ)",
        ja: "レポートでは rowSum(∂E/∂Y Xᵀ)",
      }],
      ["db2   = rowSum(dA2)"],
    ],
    symbols: [
      ["dA2", "K x B", GIVEN],
      ["db2", "K x 1", { en: "∂E/∂b2: each row of dA2, summed", ja: "∂E/∂b2。dA2 の各行の和" }],
    ],
    code: affine("affineBiasGradient"),
    remarks: [
      {
        en:
          "Erratum: the Xᵀ is a slip, which the report's own program does not make. The shape would be the " +
          "same, K x 1, so only numbers tell the two apart: below, as it is and as it is printed.",
        ja:
          "正誤: レポートの式には余分な Xᵀ がある（プログラムは正しい）。Xᵀ があっても形は同じ (K, 1) なので、" +
          "数値を比べなければ誤りに気付かない。下に、正しい値と、レポートの式どおりの値を並べる。",
      },
    ],
    matrices: ["dA2", "db2"],
    derivations: (step) => {
      const k = step.focus.K;
      const printed = asPrinted(step);
      return [
        biasWorking(step, "db2", "dA2", k),
        { entry: `rowSum(dA2 Y1ᵀ)[${k},0]`, steps: [], result: printed.data[k]! },
      ];
    },
  },
  {
    names: ["sigmoid"],
    title: { en: "Sigmoid, backward", ja: "シグモイド関数の逆伝播" },
    formulas: [
      ["∂E/∂x = ∂y/∂x ∂E/∂y = ∂E/∂y (1 - y) y"],
      ["dA1   = dY1 (1 - Y1) Y1", ENTRY_BY_ENTRY],
    ],
    symbols: [
      ["dY1", "M x B", {
        en: "∂E/∂Y1, which equation (1) gave",
        ja: "∂E/∂Y1。式 (1) で求めたもの",
      }],
      ["Y1", "M x B", { en: "hidden outputs", ja: "シグモイド関数の出力" }],
      ["dA1", "M x B", { en: "∂E/∂A1, the listing's delta_a", ja: "∂E/∂A1。リストの delta_a" }],
    ],
    code: { name: "sigmoidBackward", file: "lib/network/sigmoid.ts" },
    remarks: [{
      en:
        "The derivative needs the output y only. It is 1/4 at the most, and next to 0 where y is close to 0 " +
        "or to 1: such units hardly learn.",
      ja: "微分は出力 y だけで表せる。最大でも 1/4 で、y が 0 や 1 に近いとほとんど 0 になり、" +
        "そのユニットの学習は進みにくい。",
    }],
    matrices: ["dY1", "Y1", "dA1"],
    derivations: (step) => {
      const { M: m, B: i } = step.focus, y = fourDigits(entry(step, "Y1", m, i));
      return [{
        entry: `dA1[${m},${i}]`,
        steps: [`${parenthesize(entry(step, "dY1", m, i))}·(1 - ${y})·${y}`],
        result: entry(step, "dA1", m, i),
      }];
    },
  },
  {
    names: ["2", "affine"],
    title: {
      en: "Equation (2) again: the first layer's weights",
      ja: "再び式 (2): 一つ目の全結合層の重み",
    },
    formulas: [["∂E/∂W = ∂E/∂Y Xᵀ"], ["dW1   = dA1 Xᵀ"]],
    symbols: [
      ["dA1", "M x B", GIVEN_FIRST],
      ["X", "D x B", { en: "pixels", ja: "入力（画素値）" }],
      ["dW1", "M x D", { en: "∂E/∂W1, of the shape of W1", ja: "∂E/∂W1。W1 と同じ形になる" }],
    ],
    code: affine("affineWeightGradient"),
    remarks: [{
      en:
        "Where a pixel is 0 in every image, its weights have gradient 0: the dark border never learns.",
      ja:
        "どの画像でも値が 0 の画素では、その重みの偏微分も 0 になる。画像の暗い縁の重みは学習されない。",
    }],
    matrices: ["dA1", "X", "dW1"],
    derivations: (step) => [weightWorking(step, "dW1", "dA1", "X", step.focus.M, step.focus.D)],
  },
  {
    names: ["3", "affine"],
    title: {
      en: "Equation (3) again: the first layer's biases",
      ja: "再び式 (3): 一つ目の全結合層のバイアス",
    },
    formulas: [["∂E/∂b = rowSum(∂E/∂Y)"], ["db1   = rowSum(dA1)"]],
    symbols: [
      ["dA1", "M x B", GIVEN_FIRST],
      ["db1", "M x 1", { en: "∂E/∂b1: each row of dA1, summed", ja: "∂E/∂b1。dA1 の各行の和" }],
    ],
    code: affine("affineBiasGradient"),
    remarks: [],
    matrices: ["dA1", "db1"],
    derivations: (step) => [biasWorking(step, "db1", "dA1", step.focus.M)],
  },
  {
    names: ["sgd"],
    title: { en: "Gradient descent: the step", ja: "パラメータの更新: 確率的勾配降下法 (SGD)" },
    formulas: [["W ← W - η ∂E/∂W", {
      en: "for W1, b1, W2 and b2",
      ja: "W1、b1、W2、b2 のそれぞれについて",
    }]],
    symbols: [
      ["η", "1 x 1", {
        en: `learning rate, the listing's my: ${REPORT_SETTINGS.learningRate}`,
        ja: `学習率。リストの my、${REPORT_SETTINGS.learningRate}`,
      }],
      ["W2", "K x M", { en: "weights, before and after (new)", ja: "重み。new が更新後" }],
      ["dW2", "K x M", { en: "∂E/∂W2", ja: "∂E/∂W2" }],
      ["E", "1 x 1", {
        en: "loss of this batch, before and after (new)",
        ja: "このバッチの損失。new が更新後",
      }],
    ],
    code: { name: "sgd", file: "lib/network/sgd.ts" },
    remarks: [{
      en:
        "All gradients are computed before the first parameter changes: equation (1) needs the old W2.",
      ja:
        "すべての偏微分を求めてから、パラメータを更新する。式 (1) には更新前の W2 が必要だからである。",
    }],
    matrices: ["W2", "dW2", "newW2"],
    derivations: (step) => {
      const { K: k, M: m } = step.focus;
      const W = entry(step, "W2", k, m), dW = entry(step, "dW2", k, m);
      return [
        {
          entry: `new W2[${k},${m}]`,
          steps: [`${fourDigits(W)} - ${REPORT_SETTINGS.learningRate}·${parenthesize(dW)}`],
          result: entry(step, "newW2", k, m),
        },
        { entry: "E", steps: [], result: step.loss.before },
        { entry: "new E", steps: [], result: step.loss.after },
      ];
    },
  },
];

/** dW = dY Xᵀ, one entry. */
function weightWorking(
  step: Step,
  dW: MatrixName,
  dY: MatrixName,
  X: MatrixName,
  row: number,
  column: number,
): Derivation {
  const terms = range(step.sizes.B).map((i) =>
    [entry(step, dY, row, i), entry(step, X, column, i)] as const
  );
  return {
    entry: `${dW}[${row},${column}]`,
    steps: [{ terms }],
    result: entry(step, dW, row, column),
  };
}

/** db = rowSum(dY), one entry. */
function biasWorking(step: Step, db: MatrixName, dY: MatrixName, row: number): Derivation {
  const summands = range(step.sizes.B).map((i) => parenthesize(entry(step, dY, row, i)));
  return {
    entry: `${db}[${row},0]`,
    steps: summands.length === 1 ? [] : [summands.join(" + ")], // of one image: the same number
    result: entry(step, db, row, 0),
  };
}
