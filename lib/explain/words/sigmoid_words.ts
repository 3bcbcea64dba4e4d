// Explanations of the sigmoid layer (シグモイド関数), forward and backward.
import { t } from "../../text/layout.ts";
import { entry } from "../explained_step.ts";
import { type Explanation, line, working } from "../explanation.ts";
import { exp, minus, over, sum, times } from "../expression.ts";

/** Y1 = 1 / (1 + e^(-A1)). */
export const hiddenOutputs: Explanation = {
  title: t("Sigmoid: hidden outputs", "シグモイド関数: 隠れ層の出力"),
  meaning: t("hidden outputs, from 0 to 1", "隠れ層の出力。0 から 1 までの値をとる"),
  equations: ["sigmoid"],
  report: {
    equation: "y = 1 / (1 + e⁻ˣ)",
    where: t("entry by entry, with x = A1, y = Y1", "要素ごとの式。ここでは x = A1、y = Y1"),
  },
  derivation: [line("Y1[m,i] = 1 / (1 + e^(-A1[m,i]))")],
  remarks: [
    t(
      "Without the sigmoid the two affine layers would be one: W2 (W1 X + b1) + b2 is again a matrix times X plus a constant.",
      "シグモイド関数がなければ、W2 (W1 X + b1) + b2 も X に行列を掛けて定数を足したものなので、二つの全結合層は一つの全結合層と変わらない。",
    ),
  ],
  workings: (step) => {
    const { M: m, B: i } = step.focus, a = entry(step, "A1", m, i);
    const power = exp({ ...a, value: -a.value, as: `-A1[${m},${i}]` });
    return [working(step, "Y1", m, i, over(1, sum([1, power])))];
  },
};

/** dA1 = dY1 (1 - Y1) Y1. */
export const hiddenSumsGradient: Explanation = {
  title: t(
    "Sigmoid, backward: gradient of the hidden sums A1",
    "シグモイド関数の逆伝播: 重み付き和 A1 についての偏微分",
  ),
  meaning: t("∂E/∂A1", "∂E/∂A1"),
  equations: ["sigmoid"],
  report: {
    equation: "∂E/∂x = ∂y/∂x ∂E/∂y = ∂E/∂y (1 - y) y",
    where: t("entry by entry, with x = A1, y = Y1", "要素ごとの式。ここでは x = A1、y = Y1"),
  },
  derivation: [
    line("y = 1 / (1 + e^(-a))", "y = Y1[m,i], a = A1[m,i]", "y = Y1[m,i]、a = A1[m,i]"),
    line(
      "∂y/∂a = e^(-a) / (1 + e^(-a))²",
      "derivative of 1/u with u = 1 + e^(-a)",
      "u = 1 + e^(-a) として 1/u を微分する",
    ),
    line("      = e^(-a) / (1 + e^(-a)) · 1 / (1 + e^(-a))"),
    line(
      "      = (1 - y) y",
      "1 - y = e^(-a) / (1 + e^(-a))",
      "1 - y = e^(-a) / (1 + e^(-a)) を代入する",
    ),
    line(
      "∂E/∂a = ∂E/∂y ∂y/∂a",
      "chain rule: A1[m,i] acts on E through Y1[m,i] only",
      "連鎖律。A1[m,i] は Y1[m,i] だけを通して E に影響する",
    ),
    line("dA1 = dY1 (1 - Y1) Y1"),
  ],
  remarks: [
    t(
      "The derivative (1 - y) y needs the output only. It is at most 1/4, and close to 0 where y is close to 0 or to 1: the " +
        "weights of such a unit change little.",
      "微分 (1 - y) y は出力だけから計算できる。最大でも 1/4 で、y が 0 や 1 に近いと 0 に近くなり、" +
        "そのユニットの重みはほとんど変化しない。",
    ),
  ],
  workings: (step) => {
    const { M: m, B: i } = step.focus, y = entry(step, "Y1", m, i);
    return [working(step, "dA1", m, i, times(entry(step, "dY1", m, i), minus(1, y), y))];
  },
};
