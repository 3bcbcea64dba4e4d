/**
 * Explanations of the sigmoid layer (シグモイド関数), forward and backward.
 *
 * @module
 */

import { entry } from "../explained_step.ts";
import type { Explanation } from "../explanation_types.ts";
import { exp, minus, over, sum, times } from "../expression.ts";

/** Y1 = 1 / (1 + e^(-A1)). */
export const hiddenOutputs: Explanation = {
  title: { en: "Sigmoid: hidden outputs", ja: "シグモイド関数: 隠れ層の出力" },
  meaning: { en: "hidden outputs, from 0 to 1", ja: "隠れ層の出力。0 から 1 までの値をとる" },
  equations: ["sigmoid"],
  report: {
    equation: "y = 1 / (1 + e⁻ˣ)",
    where: {
      en: "entry by entry, with x = A1, y = Y1",
      ja: "要素ごとの式。ここでは x = A1、y = Y1",
    },
  },
  derivation: [{ equation: "Y1[m,i] = 1 / (1 + e^(-A1[m,i]))" }],
  remarks: [{
    en:
      "Without the sigmoid the two affine layers would be one: W2 (W1 X + b1) + b2 is again a matrix times X plus a constant.",
    ja:
      "シグモイド関数がなければ、W2 (W1 X + b1) + b2 も X に行列を掛けて定数を足したものなので、二つの全結合層は一つの全結合層と変わらない。",
  }],
  workings: (step) => {
    const { M: m, B: i } = step.focus, a = entry(step, "A1", m, i);
    const { value: result } = entry(step, "Y1", m, i);
    const expression = over(1, sum([1, exp({ ...a, value: -a.value, as: `-A1[${m},${i}]` })]));
    return [{ name: `Y1[${m},${i}]`, expression, result }];
  },
};

/** dA1 = dY1 (1 - Y1) Y1. */
export const hiddenSumsGradient: Explanation = {
  title: {
    en: "Sigmoid, backward: gradient of the hidden sums A1",
    ja: "シグモイド関数の逆伝播: 重み付き和 A1 についての偏微分",
  },
  meaning: { en: "∂E/∂A1", ja: "∂E/∂A1" },
  equations: ["sigmoid"],
  report: {
    equation: "∂E/∂x = ∂y/∂x ∂E/∂y = ∂E/∂y (1 - y) y",
    where: {
      en: "entry by entry, with x = A1, y = Y1",
      ja: "要素ごとの式。ここでは x = A1、y = Y1",
    },
  },
  derivation: [
    {
      equation: "y = 1 / (1 + e^(-a))",
      why: { en: "y = Y1[m,i], a = A1[m,i]", ja: "y = Y1[m,i]、a = A1[m,i]" },
    },
    {
      equation: "∂y/∂a = e^(-a) / (1 + e^(-a))²",
      why: {
        en: "derivative of 1/u with u = 1 + e^(-a)",
        ja: "u = 1 + e^(-a) として 1/u を微分する",
      },
    },
    { equation: "      = e^(-a) / (1 + e^(-a)) · 1 / (1 + e^(-a))" },
    {
      equation: "      = (1 - y) y",
      why: {
        en: "1 - y = e^(-a) / (1 + e^(-a))",
        ja: "1 - y = e^(-a) / (1 + e^(-a)) を代入する",
      },
    },
    {
      equation: "∂E/∂a = ∂E/∂y ∂y/∂a",
      why: {
        en: "chain rule: A1[m,i] acts on E through Y1[m,i] only",
        ja: "連鎖律。A1[m,i] は Y1[m,i] だけを通して E に影響する",
      },
    },
    { equation: "dA1 = dY1 (1 - Y1) Y1" },
  ],
  remarks: [{
    en:
      "The derivative (1 - y) y needs the output only. It is at most 1/4, and close to 0 where y is close to 0 or to 1: the " +
      "weights of such a unit change little.",
    ja:
      "微分 (1 - y) y は出力だけから計算できる。最大でも 1/4 で、y が 0 や 1 に近いと 0 に近くなり、" +
      "そのユニットの重みはほとんど変化しない。",
  }],
  workings: (step) => {
    const { M: m, B: i } = step.focus, y = entry(step, "Y1", m, i);
    const { value: result } = entry(step, "dA1", m, i);
    const expression = times(entry(step, "dY1", m, i), minus(1, y), y);
    return [{ name: `dA1[${m},${i}]`, expression, result }];
  },
};
