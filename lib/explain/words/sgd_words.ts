// Explanations of the update (確率的勾配降下法), for each parameter.
import { t } from "../../text/layout.ts";
import { entry } from "../explained_step.ts";
import { type Explanation, line, working } from "../explanation.ts";
import { type Entry, minus, times } from "../expression.ts";

const AFTER_ALL_GRADIENTS = t(
  "All gradients are computed before the first parameter changes: equation (1) needs the old W2.",
  "パラメータの更新は、すべての偏微分を求めた後に行う。式 (1) に更新前の W2 が必要だからである。",
);

/** W' = W - η dW, for one parameter, by the axes of its rows and its columns, if it has several. */
export function updateWords(
  symbol: "W1" | "b1" | "W2" | "b2",
  rows: "M" | "K",
  columns?: "D" | "M",
): Explanation {
  const gradient = `d${symbol}` as const;
  return {
    title: t(`Gradient descent: update of ${symbol}`, `勾配降下法: ${symbol} の更新`),
    meaning: t(`${symbol} after the step`, `更新後の ${symbol}`),
    equations: ["sgd"],
    report: {
      equation: "W = W - my * delta_W",
      isCode: true,
      where: t(`listing 3, with W = ${symbol}`, `リスト 3。ここでは W = ${symbol}`),
    },
    derivation: [
      line(
        `E(${symbol} + Δ) ≈ E(${symbol}) + Σ ${gradient} Δ`,
        "first-order approximation for small Δ; the sum is over all entries",
        "Δ が小さいときの 1 次近似。和はすべての要素についてとる",
      ),
      line(`Δ = -η ${gradient}`, "against the gradient", "勾配の逆方向に進む"),
      line(
        `E(${symbol}') ≈ E(${symbol}) - η Σ ${gradient}²`,
        "smaller, if η is small enough",
        "η が十分小さければ、損失は減る",
      ),
    ],
    remarks: symbol === "W2" ? [AFTER_ALL_GRADIENTS] : [],
    workings: (step) => {
      const row = step.focus[rows], column = columns === undefined ? 0 : step.focus[columns];
      const learningRate: Entry = { symbol: "η", row: 0, column: 0, value: step.values.η, as: "η" };
      const change = times(learningRate, entry(step, gradient, row, column));
      const expression = minus(entry(step, symbol, row, column), change);
      return [working(step, `${symbol}'`, row, column, expression)];
    },
  };
}
