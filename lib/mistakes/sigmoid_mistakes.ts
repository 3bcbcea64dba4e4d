// Mistakes in the sigmoid layer: Y1 = 1 / (1 + e^(-A1)) and dA1 = dY1 (1 - Y1) Y1.
import { exp } from "../math/exp.ts";
import type { RunTimeMatrix } from "../math/matrix.ts";
import { sigmoid } from "../network/sigmoid.ts";
import { t } from "../text/layout.ts";
import { factorMistakes, type Mistake, mistakesOf } from "./mistake.ts";

const outputs = () =>
  mistakesOf("Y1", {
    "sign-lost": {
      ...t("the sign in the exponent is lost", "指数のマイナスが抜けている"),
      equation: "1 / (1 + e^A1)",
      compute: ({ A1 }, right) => right({ A1: A1.scale(-1) }),
    },
    "parentheses-lost": {
      ...t("the parentheses of the denominator are lost", "分母の括弧が抜けている"),
      equation: "1 / 1 + e^(-A1)",
      compute: ({ A1 }) => A1.map((a) => 1 / 1 + exp(-a)),
    },
    "minus-in-denominator": {
      en: "the denominator has a minus instead of the plus",
      ja: "分母のプラスがマイナスになっている",
      equation: "1 / (1 - e^(-A1))",
      compute: ({ A1 }) => A1.map((a) => 1 / (1 - exp(-a))),
    },
    "left-out": {
      ...t("the sigmoid is left out", "シグモイド関数を通していない"),
      equation: "A1",
      compute: ({ A1 }) => A1,
    },
    "applied-twice": {
      ...t("the sigmoid is applied twice", "シグモイド関数を 2 回適用している"),
      equation: "sigmoid(sigmoid(A1))",
      compute: (_, right) => sigmoid(right()),
    },
    "tanh": {
      ...t("tanh instead of the sigmoid", "シグモイド関数ではなく tanh を使っている"),
      equation: "tanh(A1)",
      compute: ({ A1 }) => sigmoid(A1.scale(2)).map((y) => 2 * y - 1),
    },
    "relu": {
      ...t("ReLU instead of the sigmoid", "シグモイド関数ではなく ReLU を使っている"),
      equation: "max(0, A1)",
      compute: ({ A1 }) => A1.map((a) => Math.max(0, a)),
    },
    "step-function": {
      en: "a step function instead of the sigmoid",
      ja: "シグモイド関数ではなくステップ関数を使っている",
      equation: "[A1 > 0]",
      compute: ({ A1 }) => A1.map((a) => a > 0 ? 1 : 0),
    },
    "overflow": {
      en: "e^A1 / (1 + e^A1), which is NaN once e^A1 overflows",
      ja: "e^A1 / (1 + e^A1) の形で計算しているため、e^A1 がオーバーフローすると NaN になる",
      equation: "e^A1 / (1 + e^A1)",
      compute: ({ A1 }) => A1.map((a) => exp(a) / (1 + exp(a))),
    },
  });

/** The derivative by the output. */
const slope = (Y1: RunTimeMatrix) => Y1.map((y) => (1 - y) * y);

const sumsGradient = () => [
  ...mistakesOf("dA1", {
    "1-y-lost": {
      ...t("the factor (1 - Y1) is lost", "(1 - Y1) を掛けていない"),
      equation: "dY1 Y1",
      compute: ({ dY1, Y1 }) => dY1.zip(Y1, (dy, y) => dy * y),
    },
    "y-lost": {
      ...t("the factor Y1 is lost", "Y1 を掛けていない"),
      equation: "dY1 (1 - Y1)",
      compute: ({ dY1, Y1 }) => dY1.zip(Y1, (dy, y) => dy * (1 - y)),
    },
    "1+y": {
      ...t("the factor (1 + Y1) instead of (1 - Y1)", "(1 - Y1) ではなく (1 + Y1) を掛けている"),
      equation: "dY1 (1 + Y1) Y1",
      compute: ({ dY1, Y1 }) => dY1.zip(Y1, (dy, y) => dy * (1 + y) * y),
    },
    "parentheses-lost": {
      ...t("the parentheses of (1 - Y1) are lost", "(1 - Y1) の括弧が抜けている"),
      equation: "dY1 1 - Y1 Y1",
      compute: ({ dY1, Y1 }) => dY1.zip(Y1, (dy, y) => dy * 1 - y * y),
    },
    "parentheses-lost-at-the-end": {
      ...t("the parentheses of (1 - Y1) at the end are lost", "末尾の (1 - Y1) の括弧が抜けている"),
      equation: "dY1 Y1 1 - Y1",
      compute: ({ dY1, Y1 }) => dY1.zip(Y1, (dy, y) => dy * y * 1 - y),
    },
    "matrix-product": {
      en: "multiplied as matrices, instead of entry by entry",
      ja: "要素ごとの積ではなく行列の積を計算している",
      equation: "dY1 @ ((1 - Y1) Y1)",
      compute: ({ dY1, Y1 }) => Y1.rows === Y1.columns ? dY1.multiply(slope(Y1)) : undefined,
    },
    "matrix-product-of-rows": {
      en: "multiplied as matrices whose rows are the examples, instead of entry by entry",
      ja: "要素ごとの積ではなく、行がサンプルである行列の積を計算している",
      equation: "((1 - Y1) Y1) @ dY1",
      compute: ({ dY1, Y1 }) => Y1.rows === Y1.columns ? slope(Y1).multiply(dY1) : undefined,
    },
    "derivative-averaged": {
      en: "the derivative is averaged over the hidden units",
      ja: "シグモイド関数の微分を隠れユニットの方向に平均している",
      equation: "dY1 Σ_m (1 - Y1) Y1 / M",
      compute: ({ dY1, Y1 }) => dY1.zipRow(slope(Y1).columnSums, (dy, sum) => dy * sum / Y1.rows),
    },
    "at-the-sum": {
      en: "the derivative is taken at the sum A1 instead of the output Y1",
      ja: "微分の式に出力 Y1 ではなく入力 A1 を代入している",
      equation: "dY1 (1 - A1) A1",
      compute: ({ A1 }, right) => right({ Y1: A1 }),
    },
    "sigmoid-again": {
      en: "the sigmoid is applied to its output again before the derivative",
      ja: "シグモイド関数の出力をもう一度シグモイド関数に通してから微分している",
      equation: "dY1 (1 - sigmoid(Y1)) sigmoid(Y1)",
      compute: ({ Y1 }, right) => right({ Y1: sigmoid(Y1) }),
    },
    "sigmoid-skipped": {
      ...t("the derivative of the sigmoid is left out", "シグモイド関数の微分を掛けていない"),
      equation: "dY1",
      compute: ({ dY1 }) => dY1,
    },
    "derivative-twice": {
      en: "the derivative of the sigmoid is applied twice",
      ja: "シグモイド関数の微分を 2 回掛けている",
      equation: "dY1 (1 - Y1)² Y1²",
      compute: ({ Y1 }, right) => right().zip(Y1, (da, y) => da * (1 - y) * y),
    },
    "chain-rule-lost": {
      ...t("the derivative alone, not multiplied by dY1", "微分だけを計算し、dY1 を掛けていない"),
      equation: "(1 - Y1) Y1",
      compute: ({ dY1 }, right) => right({ dY1: dY1.map(() => 1) }),
    },
    "tanh": {
      ...t("the derivative of tanh", "tanh の微分を使っている"),
      equation: "dY1 (1 - Y1²)",
      compute: ({ dY1, Y1 }) => dY1.zip(Y1, (dy, y) => dy * (1 - y * y)),
    },
    "relu": {
      ...t("the derivative of ReLU", "ReLU の微分を使っている"),
      equation: "dY1 [A1 > 0]",
      compute: ({ dY1, A1 }) => dY1.zip(A1, (dy, a) => a > 0 ? dy : 0),
    },
  }),
  ...factorMistakes("dA1", "dY1 (1 - Y1) Y1"),
];

export function sigmoidMistakes(): Mistake[] {
  return [...outputs(), ...sumsGradient()];
}
