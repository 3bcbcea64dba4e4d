/**
 * The equations of forward propagation, explained.
 *
 * @module
 */

import { fourDigits, parenthesize } from "./derivation.ts";
import { ENTRY_BY_ENTRY, type Page } from "./page.ts";
import { entry, range } from "./explained_step.ts";

const AFFINE = { name: "affine", file: "lib/network/affine.ts" } as const;

/** From the pixels to the loss. */
export const FORWARD_PAGES: readonly Page[] = [
  {
    names: ["affine"],
    title: {
      en: "Affine layer: from the pixels to the hidden sums",
      ja: "全結合層: 入力から隠れ層へ",
    },
    formulas: [["Y  = W X + b"], ["A1 = W1 X + b1"], ["A1[m,i] = Σ_d W1[m,d] X[d,i] + b1[m]"]],
    symbols: [
      ["X", "D x B", {
        en: "pixels divided by 255; a column is an image",
        ja: "入力。画素値を 255 で割ったもの。1 列が 1 枚の画像",
      }],
      ["W1", "M x D", {
        en: "weights; a row for each hidden unit",
        ja: "重み。1 行が隠れ層の 1 ユニット",
      }],
      ["b1", "M x 1", {
        en: "biases, added to every column",
        ja: "バイアス。どの列にも同じものを足す",
      }],
      ["A1", "M x B", {
        en: "hidden sums, which the sigmoid takes",
        ja: "重み付き和。シグモイド関数への入力",
      }],
    ],
    code: AFFINE,
    remarks: [
      {
        en:
          "The report's program holds a batch as (B, D, 1) going forward and as (D, B) going back. " +
          "Here a column is an image in every matrix, as in the report's equations (1) to (3).",
        ja:
          "レポートのプログラムでは、バッチの形が伝播層では (B, D, 1)、逆伝播層では (D, B) と異なる。" +
          "ここでは式 (1)〜(3) に合わせて、どの行列でも 1 列が 1 枚の画像である。",
      },
      {
        en:
          "Listing 1 does not show that the pixels are divided by 255; the losses that the report prints do.",
        ja: "リスト 1 には画素値を 255 で割る処理が書かれていないが、" +
          "レポートに載っている損失の値は、割らなければ得られない。",
      },
    ],
    matrices: ["W1", "X", "b1", "A1"],
    derivations: (step) => {
      const { M: m, B: i } = step.focus;
      return [{
        entry: `A1[${m},${i}]`,
        steps: [{
          terms: range(step.sizes.D).map((d) => [entry(step, "W1", m, d), entry(step, "X", d, i)]),
          plus: entry(step, "b1", m, 0),
        }],
        result: entry(step, "A1", m, i),
      }];
    },
  },
  {
    names: ["sigmoid"],
    title: { en: "Sigmoid: the hidden outputs", ja: "シグモイド関数: 隠れ層の出力" },
    formulas: [["y  = 1 / (1 + e⁻ˣ)"], ["Y1 = 1 / (1 + e^(-A1))", ENTRY_BY_ENTRY]],
    symbols: [
      ["A1", "M x B", { en: "hidden sums", ja: "全結合層の出力" }],
      ["Y1", "M x B", {
        en: "hidden outputs, from 0 to 1",
        ja: "隠れ層の出力。0 から 1 までの値をとる",
      }],
    ],
    code: { name: "sigmoid", file: "lib/network/sigmoid.ts" },
    remarks: [{
      en:
        "Without it the two affine layers would be no more than one: W2 (W1 X + b1) + b2 is affine again.",
      ja:
        "この関数がなければ、W2 (W1 X + b1) + b2 もまた一つの全結合層で表せるので、層を重ねる意味がない。",
    }],
    matrices: ["A1", "Y1"],
    derivations: (step) => {
      const { M: m, B: i } = step.focus;
      return [{
        entry: `Y1[${m},${i}]`,
        steps: [`1 / (1 + e^${parenthesize(-entry(step, "A1", m, i))})`],
        result: entry(step, "Y1", m, i),
      }];
    },
  },
  {
    names: ["affine"],
    title: {
      en: "Affine layer again: from the hidden outputs to the scores",
      ja: "二つ目の全結合層: 隠れ層から出力層へ",
    },
    formulas: [["Y  = W X + b"], ["A2 = W2 Y1 + b2"], ["A2[k,i] = Σ_m W2[k,m] Y1[m,i] + b2[k]"]],
    symbols: [
      ["Y1", "M x B", {
        en: "hidden outputs, this layer's X",
        ja: "隠れ層の出力。この層の入力 X にあたる",
      }],
      ["W2", "K x M", {
        en: "weights; a row for each class",
        ja: "重み。1 行が一つのクラス（数字）",
      }],
      ["b2", "K x 1", { en: "biases", ja: "バイアス" }],
      ["A2", "K x B", {
        en: "scores: the greatest wins",
        ja: "各クラスの得点。最大のものが予測になる",
      }],
    ],
    code: AFFINE,
    remarks: [{
      en:
        "The same function as before, with other letters. The report writes C for the number of classes.",
      ja:
        "先ほどと同じ関数を、別の文字で使うだけである。レポートではクラスの数 K を C と書いている。",
    }],
    matrices: ["W2", "Y1", "b2", "A2"],
    derivations: (step) => {
      const { M, K: k, B: i } = { ...step.focus, M: step.sizes.M };
      return [{
        entry: `A2[${k},${i}]`,
        steps: [{
          terms: range(M).map((m) => [entry(step, "W2", k, m), entry(step, "Y1", m, i)]),
          plus: entry(step, "b2", k, 0),
        }],
        result: entry(step, "A2", k, i),
      }];
    },
  },
  {
    names: ["softmax"],
    title: { en: "Softmax: scores become probabilities", ja: "ソフトマックス層: 得点を確率にする" },
    formulas: [["p = e^(a - α) / Σ e^(a - α),  α = max a", {
      en: "over each column",
      ja: "列ごとに",
    }]],
    symbols: [
      ["A2", "K x B", { en: "scores, a", ja: "得点 a" }],
      ["P", "K x B", {
        en: "probabilities, p: each column sums to 1",
        ja: "確率 p。各列の和は 1 になる",
      }],
    ],
    code: { name: "softmax", file: "lib/network/softmax_cross_entropy.ts" },
    remarks: [{
      en:
        "α, the greatest score of the column, changes nothing in the quotient; it keeps e^a from overflowing.",
      ja: "列の最大値 α を引いても商は変わらない。e^a がオーバーフローするのを防ぐためである。",
    }],
    matrices: ["A2", "P"],
    derivations: (step) => {
      const { K: k, B: i } = step.focus;
      const column = range(step.sizes.K).map((row) => entry(step, "A2", row, i));
      const greatest = Math.max(...column),
        power = (a: number) => `e^${parenthesize(a - greatest)}`;
      const all = column.length <= 3
        ? column.map(power)
        : [power(column[0]!), "…", power(column.at(-1)!)];
      return [{
        entry: `P[${k},${i}]`,
        steps: [`${power(column[k]!)} / (${all.join(" + ")})`],
        result: entry(step, "P", k, i),
      }];
    },
  },
  {
    names: ["cross-entropy"],
    title: {
      en: "Cross-entropy: how wrong the probabilities are",
      ja: "クロスエントロピー誤差: 損失",
    },
    formulas: [
      ["E = -1/B Σ_i Σ_k y[k,i] ln p[k,i]", {
        en: "the report's program",
        ja: "レポートのプログラム",
      }],
      ["E = 1/B Σ_i (ln Σ_k e^(a[k,i] - α) - (a[r,i] - α))", {
        en: "as computed here",
        ja: "ここでの計算式",
      }],
    ],
    symbols: [
      ["P", "K x B", { en: "probabilities, p", ja: "確率 p" }],
      ["onehot", "K x B", {
        en: "y: 1 at the right class of each image, 0 elsewhere",
        ja: "y。正解のクラスだけが 1 で、ほかは 0（one-hot vector）",
      }],
      ["a[r,i]", "1 x 1", { en: "score of the right class, r", ja: "正解のクラス r の得点" }],
      ["L", "1 x B", { en: "the loss of each image, in nats", ja: "画像ごとの損失" }],
      ["E", "1 x 1", { en: "their mean: what is made small", ja: "その平均。これを小さくする" }],
    ],
    code: { name: "crossEntropy", file: "lib/network/softmax_cross_entropy.ts" },
    remarks: [{
      en:
        "Erratum: as the program has it, E turns NaN as soon as a probability underflows to 0, for " +
        "0 · ln 0 is NaN. The second form is the same number and stays finite.",
      ja:
        "正誤: プログラムの式のままでは、確率がアンダーフローして 0 になると 0 · ln 0 が NaN になり、損失も NaN になる。" +
        "二つ目の式は値が同じで、常に有限である。",
    }],
    matrices: ["P", "onehot", "L"],
    derivations: (step) => {
      const { B: i } = step.focus, r = step.labels[i]!;
      const losses = step.labels.map((_, j) => fourDigits(entry(step, "L", 0, j)));
      return [
        {
          entry: `L[0,${i}]`,
          steps: [`-ln P[${r},${i}]`, `-ln ${parenthesize(entry(step, "P", r, i))}`],
          result: entry(step, "L", 0, i),
        },
        {
          entry: "E",
          steps: [`(${losses.join(" + ")}) / ${losses.length}`],
          result: step.loss.before,
        },
      ];
    },
  },
];
