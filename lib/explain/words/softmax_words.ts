/**
 * Explanations of the softmax layer (ソフトマックス層) and the loss, forward and backward.
 *
 * @module
 */

import { entry, range } from "../explained_step.ts";
import type { Explanation } from "../explanation_types.ts";
import { exp, minus, negativeLog, over, sum } from "../expression.ts";

/** P = softmax(A2). */
export const probabilities: Explanation = {
  title: { en: "Softmax: probabilities", ja: "ソフトマックス層: 確率" },
  meaning: {
    en: "probabilities; each column sums to 1",
    ja: "確率。各列の和は 1 になる",
  },
  equations: ["softmax"],
  report: {
    equation: "p = e^(a - α) / Σ e^(a - α)",
    where: {
      en: "α = max a; sum and maximum over each column",
      ja: "α = max a。和と最大値は列ごとにとる",
    },
  },
  derivation: [
    { equation: "P[k,i] = e^A2[k,i] / Σ_j e^A2[j,i]" },
    {
      equation: "       = e^(A2[k,i] - α) / Σ_j e^(A2[j,i] - α)",
      why: {
        en: "e^(-α) cancels: numerator and denominator are both multiplied by it",
        ja: "分子と分母に同じ e^(-α) を掛けても、商は変わらない",
      },
    },
  ],
  remarks: [{
    en: "α, the largest score of the column, keeps e^(a - α) from overflowing.",
    ja: "列の最大値 α を引いても商は変わらない。引くのは、e^a のオーバーフローを防ぐためである。",
  }],
  workings: (step) => {
    const { K: k, B: i } = step.focus;
    const scores = range(step.sizes.K).map((row) => entry(step, "A2", row, i));
    const largest = Math.max(...scores.map(({ value }) => value));
    const powers = scores.map((a) =>
      exp({ ...a, value: a.value - largest, as: `A2[${a.row},${i}] - α` })
    );
    const { value: result } = entry(step, "P", k, i);
    return [{ name: `P[${k},${i}]`, expression: over(powers[k]!, sum(powers)), result }];
  },
};

/** onehot, from the labels. */
export const rightClasses: Explanation = {
  title: { en: "One-hot labels", ja: "正解ラベルの one-hot 表現" },
  meaning: {
    en: "1 at the right class of each image, 0 elsewhere",
    ja: "各画像の正解のクラスだけが 1 で、ほかは 0",
  },
  equations: ["cross-entropy"],
  report: {
    equation: "onehot[np.arange(answer.size), answer] = 1",
    isCode: true,
    where: { en: "a line of listing 3", ja: "リスト 3 の 1 行" },
  },
  derivation: [
    { equation: "onehot[k,i] = 1,  k = labels[i]" },
    { equation: "            = 0,  k ≠ labels[i]" },
  ],
  remarks: [{
    en: "Of A2 only the shape is used.",
    ja: "A2 は形だけが使われる。",
  }],
  workings: () => [],
};

/** L, the losses. */
export const losses: Explanation = {
  title: { en: "Cross-entropy: losses", ja: "クロスエントロピー誤差: 画像ごとの損失" },
  meaning: {
    en: "loss of each image: its cross-entropy, in nats",
    ja: "画像ごとのクロスエントロピー誤差（nat）",
  },
  equations: ["cross-entropy"],
  report: {
    equation: "L[i] = -Σ_k y[k,i] ln p[k,i]",
    where: { en: "with y = onehot, p = P", ja: "ここでは y = onehot、p = P" },
  },
  derivation: [
    { equation: "L[i] = -Σ_k onehot[k,i] ln P[k,i]" },
    {
      equation: "     = -ln P[r,i]",
      why: {
        en: "onehot[k,i] is 1 for the right class r only",
        ja: "onehot[k,i] は正解のクラス r だけで 1 になる",
      },
    },
    {
      equation: "     = -ln (e^(a[r] - α) / Σ_k e^(a[k] - α))",
      why: { en: "softmax; a is column i of A2", ja: "ソフトマックス層の式。a は A2 の第 i 列" },
    },
    {
      equation: "     = ln Σ_k e^(a[k] - α) - (a[r] - α)",
      why: { en: "what is computed here", ja: "本実装の計算式" },
    },
  ],
  remarks: [{
    en:
      "Erratum: a probability may underflow to 0. The report's form is then Infinity if it is that of the right class, and " +
      "NaN if it is that of another one (0 · ln 0). The last line needs no probabilities. It is Infinity only if a[r] - α overflows.",
    ja:
      "訂正: 確率はアンダーフローして 0 になることがある。そのときレポートの式の値は、正解のクラスの確率が 0 なら無限大、" +
      "ほかのクラスの確率が 0 なら 0 · ln 0 のため NaN になる。最後の行の式は確率を使わない。その値が無限大になるのは、a[r] - α がオーバーフローするときだけである。",
  }],
  workings: (step) => {
    const { B: i } = step.focus, r = step.values.labels.values[i]!;
    const { value: result } = entry(step, "L", 0, i);
    const expression = negativeLog(entry(step, "P", r, i));
    return [{ name: `L[0,${i}]`, symbols: `-ln P[${r},${i}]`, expression, result }];
  },
};

/** E, their mean. */
export const loss: Explanation = {
  title: { en: "Loss of the batch", ja: "バッチの損失" },
  meaning: {
    en: "mean loss of the batch: what training reduces",
    ja: "損失のバッチ内での平均。学習によって小さくする",
  },
  equations: ["cross-entropy"],
  report: {
    equation: "E = -1/B Σ_i Σ_k y[k,i] ln p[k,i]",
    where: { en: "with y = onehot, p = P", ja: "ここでは y = onehot、p = P" },
  },
  derivation: [{ equation: "E = 1/B Σ_i L[i]" }],
  remarks: [],
  workings: (step) => {
    const terms = range(step.sizes.B).map((i) => entry(step, "L", 0, i));
    const { value: result } = entry(step, "E", 0, 0);
    return [{ name: "E", expression: over(sum(terms), step.sizes.B), result }];
  },
};

/** dA2 = (P - onehot) / B. */
export const scoresGradient: Explanation = {
  title: {
    en: "Softmax and cross-entropy, backward: gradient of the scores A2",
    ja: "ソフトマックス層の逆伝播: スコア A2 についての偏微分",
  },
  meaning: { en: "∂E/∂A2", ja: "∂E/∂A2" },
  equations: ["softmax", "cross-entropy"],
  report: {
    equation: "∂E/∂a = (y⁽²⁾ - y) / B",
    where: { en: "with y⁽²⁾ = P, y = onehot", ja: "ここでは y⁽²⁾ = P、y = onehot" },
  },
  derivation: [
    {
      equation: "L[i] = ln Σ_j e^a[j] - a[r]",
      why: {
        en: "a is column i of A2, r the right class; α cancels",
        ja: "a は A2 の第 i 列、r は正解のクラス。α は打ち消し合う",
      },
    },
    {
      equation: "∂L[i]/∂a[k] = e^a[k] / Σ_j e^a[j] - ∂a[r]/∂a[k]",
      why: {
        en: "derivative of ln u, with u = Σ_j e^a[j]",
        ja: "u = Σ_j e^a[j] として ln u を微分する",
      },
    },
    {
      equation: "            = P[k,i] - onehot[k,i]",
      why: {
        en: "softmax; ∂a[r]/∂a[k] is 1 if k = r, else 0",
        ja: "ソフトマックス層の式。∂a[r]/∂a[k] は k = r なら 1、ほかは 0",
      },
    },
    {
      equation: "∂E/∂A2[k,i] = 1/B ∂L[i]/∂a[k]",
      why: {
        en: "E = 1/B Σ_i L[i], and only L[i] depends on column i",
        ja: "E = 1/B Σ_i L[i] のうち、第 i 列によるのは L[i] だけである",
      },
    },
    { equation: "dA2 = (P - onehot) / B" },
  ],
  remarks: [
    {
      en: "Each column sums to 0, since those of P and onehot both sum to 1.",
      ja: "P の列も onehot の列も和が 1 なので、dA2 の各列の和は 0 である。",
    },
    {
      en:
        "1/B comes from the mean in E. All other gradients are computed from dA2, so none of them is divided by B again.",
      ja:
        "1/B は E がバッチ内での平均であることによる。ほかの偏微分はすべて dA2 から求めるので、再び B で割ることはない。",
    },
  ],
  workings: (step) => {
    const { K: k, B: i } = step.focus, { value: result } = entry(step, "dA2", k, i);
    const difference = minus(entry(step, "P", k, i), entry(step, "onehot", k, i));
    return [{ name: `dA2[${k},${i}]`, expression: over(difference, step.sizes.B), result }];
  },
};
