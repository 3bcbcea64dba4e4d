// Explanations of the softmax layer (ソフトマックス層) and the loss, forward and backward.
import { t } from "../../text/layout.ts";
import { entry, range } from "../explained_step.ts";
import { type Explanation, line, working } from "../explanation.ts";
import { exp, minus, negativeLog, over, sum } from "../expression.ts";

/** P = softmax(A2). */
export const probabilities: Explanation = {
  title: t("Softmax: probabilities", "ソフトマックス層: 確率"),
  meaning: t("probabilities; each column sums to 1", "確率。各列の和は 1 になる"),
  equations: ["softmax"],
  report: {
    equation: "p = e^(a - α) / Σ e^(a - α)",
    where: t("α = max a; sum and maximum over each column", "α = max a。和と最大値は列ごとにとる"),
  },
  derivation: [
    line("P[k,i] = e^A2[k,i] / Σ_j e^A2[j,i]"),
    line(
      "       = e^(A2[k,i] - α) / Σ_j e^(A2[j,i] - α)",
      "e^(-α) cancels: numerator and denominator are both multiplied by it",
      "分子と分母に同じ e^(-α) を掛けても、商は変わらない",
    ),
  ],
  remarks: [
    t(
      "α, the largest score of the column, keeps e^(a - α) from overflowing.",
      "列の最大値 α を引いても商は変わらない。引くのは、e^a のオーバーフローを防ぐためである。",
    ),
  ],
  workings: (step) => {
    const { K: k, B: i } = step.focus;
    const scores = range(step.sizes.K).map((row) => entry(step, "A2", row, i));
    const largest = Math.max(...scores.map(({ value }) => value));
    const powers = scores.map((a) =>
      exp({ ...a, value: a.value - largest, as: `A2[${a.row},${i}] - α` })
    );
    return [working(step, "P", k, i, over(powers[k]!, sum(powers)))];
  },
};

/** onehot, from the labels. */
export const rightClasses: Explanation = {
  title: t("One-hot labels", "正解ラベルの one-hot 表現"),
  meaning: t(
    "1 at the right class of each image, 0 elsewhere",
    "各画像の正解のクラスだけが 1 で、ほかは 0",
  ),
  equations: ["cross-entropy"],
  report: {
    equation: "onehot[np.arange(answer.size), answer] = 1",
    isCode: true,
    where: t("a line of listing 3", "リスト 3 の 1 行"),
  },
  derivation: [line("onehot[k,i] = 1,  k = labels[i]"), line("            = 0,  k ≠ labels[i]")],
  remarks: [t("Of A2 only the shape is used.", "A2 は形だけが使われる。")],
  workings: () => [],
};

/** L, the losses. */
export const losses: Explanation = {
  title: t("Cross-entropy: losses", "クロスエントロピー誤差: 画像ごとの損失"),
  meaning: t(
    "loss of each image: its cross-entropy, in nats",
    "画像ごとのクロスエントロピー誤差（nat）",
  ),
  equations: ["cross-entropy"],
  report: {
    equation: "L[i] = -Σ_k y[k,i] ln p[k,i]",
    where: t("with y = onehot, p = P", "ここでは y = onehot、p = P"),
  },
  derivation: [
    line("L[i] = -Σ_k onehot[k,i] ln P[k,i]"),
    line(
      "     = -ln P[r,i]",
      "onehot[k,i] is 1 for the right class r only",
      "onehot[k,i] は正解のクラス r だけで 1 になる",
    ),
    line(
      "     = -ln (e^(a[r] - α) / Σ_k e^(a[k] - α))",
      "softmax; a is column i of A2",
      "ソフトマックス層の式。a は A2 の第 i 列",
    ),
    line("     = ln Σ_k e^(a[k] - α) - (a[r] - α)", "what is computed here", "本実装の計算式"),
  ],
  remarks: [
    t(
      "Erratum: a probability may underflow to 0. The report's form is then Infinity if it is that of the right class, and " +
        "NaN if it is that of another one (0 · ln 0). The last line needs no probabilities. It is Infinity only if a[r] - α overflows.",
      "訂正: 確率はアンダーフローして 0 になることがある。そのときレポートの式の値は、正解のクラスの確率が 0 なら無限大、" +
        "ほかのクラスの確率が 0 なら 0 · ln 0 のため NaN になる。最後の行の式は確率を使わない。その値が無限大になるのは、a[r] - α がオーバーフローするときだけである。",
    ),
  ],
  workings: (step) => {
    const { B: i } = step.focus, r = step.values.labels.values[i]!;
    const ofP = working(step, "L", 0, i, negativeLog(entry(step, "P", r, i)));
    return [{ ...ofP, symbols: `-ln P[${r},${i}]` }];
  },
};

/** E, their mean. */
export const loss: Explanation = {
  title: t("Loss of the batch", "バッチの損失"),
  meaning: t(
    "mean loss of the batch: what training reduces",
    "損失のバッチ内での平均。学習によって小さくする",
  ),
  equations: ["cross-entropy"],
  report: {
    equation: "E = -1/B Σ_i Σ_k y[k,i] ln p[k,i]",
    where: t("with y = onehot, p = P", "ここでは y = onehot、p = P"),
  },
  derivation: [line("E = 1/B Σ_i L[i]")],
  remarks: [],
  workings: (step) => {
    const terms = range(step.sizes.B).map((i) => entry(step, "L", 0, i));
    return [{ ...working(step, "E", 0, 0, over(sum(terms), step.sizes.B)), name: "E" }];
  },
};

/** dA2 = (P - onehot) / B. */
export const scoresGradient: Explanation = {
  title: t(
    "Softmax and cross-entropy, backward: gradient of the scores A2",
    "ソフトマックス層の逆伝播: スコア A2 についての偏微分",
  ),
  meaning: t("∂E/∂A2", "∂E/∂A2"),
  equations: ["softmax", "cross-entropy"],
  report: {
    equation: "∂E/∂a = (y⁽²⁾ - y) / B",
    where: t("with y⁽²⁾ = P, y = onehot", "ここでは y⁽²⁾ = P、y = onehot"),
  },
  derivation: [
    line(
      "L[i] = ln Σ_j e^a[j] - a[r]",
      "a is column i of A2, r the right class; α cancels",
      "a は A2 の第 i 列、r は正解のクラス。α は打ち消し合う",
    ),
    line(
      "∂L[i]/∂a[k] = e^a[k] / Σ_j e^a[j] - ∂a[r]/∂a[k]",
      "derivative of ln u, with u = Σ_j e^a[j]",
      "u = Σ_j e^a[j] として ln u を微分する",
    ),
    line(
      "            = P[k,i] - onehot[k,i]",
      "softmax; ∂a[r]/∂a[k] is 1 if k = r, else 0",
      "ソフトマックス層の式。∂a[r]/∂a[k] は k = r なら 1、ほかは 0",
    ),
    line(
      "∂E/∂A2[k,i] = 1/B ∂L[i]/∂a[k]",
      "E = 1/B Σ_i L[i], and only L[i] depends on column i",
      "E = 1/B Σ_i L[i] のうち、第 i 列によるのは L[i] だけである",
    ),
    line("dA2 = (P - onehot) / B"),
  ],
  remarks: [
    t(
      "Each column sums to 0, since those of P and onehot both sum to 1.",
      "P の列も onehot の列も和が 1 なので、dA2 の各列の和は 0 である。",
    ),
    t(
      "1/B comes from the mean in E. All other gradients are computed from dA2, so none of them is divided by B again.",
      "1/B は E がバッチ内での平均であることによる。ほかの偏微分はすべて dA2 から求めるので、再び B で割ることはない。",
    ),
  ],
  workings: (step) => {
    const { K: k, B: i } = step.focus;
    const difference = minus(entry(step, "P", k, i), entry(step, "onehot", k, i));
    return [working(step, "dA2", k, i, over(difference, step.sizes.B))];
  },
};
