/**
 * Explanations of the update (確率的勾配降下法), for each parameter.
 *
 * @module
 */

import { entry } from "../explained_step.ts";
import type { Explanation } from "../explanation_types.ts";
import { type Entry, minus, times } from "../expression.ts";

/**
 * W' = W - η dW, for one parameter.
 *
 * @param rows the axis of its rows
 * @param columns that of its columns, unless there is only one
 */
export function updateWords(
  symbol: "W1" | "b1" | "W2" | "b2",
  rows: "M" | "K",
  columns?: "D" | "M",
): Explanation {
  const gradient = `d${symbol}` as const;
  return {
    title: { en: `Gradient descent: update of ${symbol}`, ja: `勾配降下法: ${symbol} の更新` },
    meaning: { en: `${symbol} after the step`, ja: `更新後の ${symbol}` },
    equations: ["sgd"],
    report: {
      equation: "W = W - my * delta_W",
      isCode: true,
      where: {
        en: `listing 3, with W = ${symbol}`,
        ja: `リスト 3。ここでは W = ${symbol}`,
      },
    },
    derivation: [
      {
        equation: `E(${symbol} + Δ) ≈ E(${symbol}) + Σ ${gradient} Δ`,
        why: {
          en: "first-order approximation for small Δ; the sum is over all entries",
          ja: "Δ が小さいときの 1 次近似。和はすべての要素についてとる",
        },
      },
      {
        equation: `Δ = -η ${gradient}`,
        why: { en: "against the gradient", ja: "勾配の逆方向に進む" },
      },
      {
        equation: `E(${symbol}') ≈ E(${symbol}) - η Σ ${gradient}²`,
        why: { en: "smaller, if η is small enough", ja: "η が十分小さければ、損失は減る" },
      },
    ],
    remarks: symbol === "W2"
      ? [{
        en:
          "All gradients are computed before the first parameter changes: equation (1) needs the old W2.",
        ja:
          "パラメータの更新は、すべての偏微分を求めた後に行う。式 (1) に更新前の W2 が必要だからである。",
      }]
      : [],
    workings: (step) => {
      const row = step.focus[rows], column = columns === undefined ? 0 : step.focus[columns];
      const updated = `${symbol}'` as const, { value: result } = entry(step, updated, row, column);
      const learningRate: Entry = { symbol: "η", row: 0, column: 0, value: step.values.η, as: "η" };
      const change = times(learningRate, entry(step, gradient, row, column));
      const expression = minus(entry(step, symbol, row, column), change);
      return [{ name: `${updated}[${row},${column}]`, expression, result }];
    },
  };
}
