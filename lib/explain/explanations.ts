// The explanation of every quantity of the training step, in English and Japanese, by its symbol:
// for the terminal, the page and docs/equations.md.
import {
  type ComputedSymbol,
  type InputSymbol,
  QUANTITIES,
  type StepSymbol,
} from "../network/step.ts";
import { t, type Text } from "../text/layout.ts";

/** Words and derivation of one quantity. Its equation is in the table of the step. */
export type Explanation = ReturnType<typeof explain>;

/** The columns of a key in what {@linkcode explain} reads, with its indent. */
const KEY_COLUMNS = 10;

/**
 * Reads an explanation: lines of a key and `English | 日本語`. After `report` (an equation or a line
 * of the program) and `line` (of the derivation) an equation comes first, and words may follow. A
 * line without a key continues another.
 */
function explain(strings: TemplateStringsArray, ...parts: readonly string[]) {
  const entries = String.raw({ raw: strings }, ...parts).split(/\n(?= {2}\S)/).slice(1);
  const all = (key: string) =>
    entries.filter((entry) => entry.slice(0, KEY_COLUMNS).trim() === key).map((entry) =>
      // Japanese has no spaces; the indent of an equation aligns it with the one above
      entry.slice(KEY_COLUMNS).replaceAll(/(?<=[、。])\n */g, "").replaceAll(/\n */g, " ")
        .split(/ +\| */)
    );
  const words = ([en, ja]: readonly string[]): Text => t(en!, ja!);
  const equations = (key: string) =>
    all(key).map(([equation, ...why]) => ({
      equation: equation!,
      why: why.length > 0 ? words(why) : undefined,
    }));
  return {
    title: words(all("title")[0]!),
    meaning: words(all("meaning")[0]!),
    report: equations("report")[0]!,
    derivation: equations("line"),
    remarks: all("remark").map(words),
  };
}

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

/**
 * The letters of both affine layers: their matrices, the indices of outputs and inputs, and what
 * the report's Y, W and X are.
 */
const FIRST = { W: "W1", b: "b1", X: "X", A: "A1", o: "m", j: "d", report: "Y = A1, W = W1" };
const SECOND = {
  ...{ W: "W2", b: "b2", X: "Y1", A: "A2", o: "k", j: "m", report: "Y = A2, W = W2, X = Y1" },
};

/** The layer in indices: what every derivation starts from. */
const inIndices = ({ W, b, X, A, o, j }: typeof FIRST) =>
  `${A}[${o},i] = Σ_${j} ${W}[${o},${j}] ${X}[${j},i] + ${b}[${o}]`;

/** Why a gradient is a sum over the batch. */
const everyImage = (of: string, a: string) =>
  `chain rule: ${of} acts on E through ${a} of every image i` +
  ` | 連鎖律。${of} はすべての画像 i の ${a} を通して E に影響する`;

/** That letters of the report stand for others. */
const letters = (report: string) => `with ${report} | ここでは ${report.replaceAll(", ", "、")}`;

/** A = W X + b. */
function affine(layer: typeof FIRST): string {
  return `
  report  Y = W X + b | ${letters(`${layer.report}, b = ${layer.b}`)}
  line    ${inIndices(layer)}`;
}

/** Equation (2): dW = dA Xᵀ. */
function weightGradient(layer: typeof FIRST): string {
  const { W, X, A, o, j } = layer, a = `${A}[${o},i]`, x = `${X}[${j},i]`, w = `${W}[${o},${j}]`;
  const gap = " ".repeat(`∂E/∂${w} `.length);
  return `
  title   Equation (2): gradient of the weights ${W} | 式 (2): 重み ${W} についての偏微分
  meaning ∂E/∂${W}, of the shape of ${W} | ∂E/∂${W}。${W} と同じ形状になる
  report  ∂E/∂W = ∂E/∂Y Xᵀ | ${letters(layer.report)}
  line    ${inIndices(layer)}
  line    ∂${a}/∂${w} = ${x} | the factor of ${w}; other rows of ${A} do not depend on it
          | ${w} の係数。${A} のほかの行は ${w} に依存しない
  line    ∂E/∂${w} = Σ_i ∂E/∂${a} ∂${a}/∂${w} | ${everyImage(w, a)}
  line    ${gap}= Σ_i d${a} ${x}
  line    ${gap}= Σ_i d${a} ${X}ᵀ[i,${j}]
  line    d${W} = d${A} ${X}ᵀ`;
}

/** Equation (3): db = rowSum(dA). */
function biasGradient(layer: typeof FIRST): string {
  const { b, A, o } = layer, a = `${A}[${o},i]`, entry = `${b}[${o}]`;
  return `
  title   Equation (3): gradient of the biases ${b} | 式 (3): バイアス ${b} についての偏微分
  meaning ∂E/∂${b}: the sum of each row of d${A} | ∂E/∂${b}。d${A} の各行の和
  report  ∂E/∂b = rowSum(∂E/∂Y)
          | corrected; the report prints rowSum(∂E/∂Y Xᵀ). With Y = ${A}, b = ${b}
          | 訂正後の式。レポートでは rowSum(∂E/∂Y Xᵀ)。ここでは Y = ${A}、b = ${b}
  line    ${inIndices(layer)}
  line    ∂${a}/∂${entry} = 1 | ${entry} is added once; other rows of ${A} do not depend on it
          | ${entry} は一度だけ足される。${A} のほかの行は ${entry} に依存しない
  line    ∂E/∂${entry} = Σ_i ∂E/∂${a} ∂${a}/∂${entry} | ${everyImage(entry, a)}
  line    ${" ".repeat(`∂E/∂${entry} `.length)}= Σ_i d${a}
  line    d${b} = rowSum(d${A})`;
}

/** W' = W - η dW. */
function update(W: string): string {
  return `
  title   Gradient descent: update of ${W} | 勾配降下法: ${W} の更新
  meaning ${W} after the step | 更新後の ${W}
  report  W = W - my * delta_W | listing 3, with W = ${W} | リスト 3。ここでは W = ${W}
  line    E(${W} + Δ) ≈ E(${W}) + Σ d${W} Δ
          | first-order approximation for small Δ; the sum is over all entries
          | Δ が小さいときの 1 次近似。和はすべての要素についてとる
  line    Δ = -η d${W} | against the gradient | 勾配の逆方向に進む
  line    E(${W}') ≈ E(${W}) - η Σ d${W}² | smaller, if η is small enough
          | η が十分小さければ、損失は減る`;
}

/** Words and derivation of every quantity that a step computes. */
export const EXPLANATIONS: Readonly<Record<ComputedSymbol, Explanation>> = {
  A1: explain`
  title   First affine layer: hidden sums | 第 1 層（全結合層）: 隠れ層の重み付き和
  meaning hidden sums | 隠れ層の重み付き和
  remark  The report's program holds a batch as (B, D, 1) going forward and as (D, B) going back.
          Here it is (D, B) both ways, as in the report's equations (1) to (3).
          | レポートのプログラムでは、バッチの形が伝播層では (B, D, 1)、逆伝播層では (D, B) と異なる。ここでは式 (1)〜(3) に合わせて、どちらも (D, B) とする。
  remark  Erratum: the listings do not show that the pixels are divided by 255, but the printed
          losses are those of divided pixels.
          | 訂正: リストには画素値を 255 で割る処理が書かれていないが、レポートに載っている損失は、割ったときの値である。${
    affine(FIRST)
  }`,
  Y1: explain`
  title   Sigmoid: hidden outputs | シグモイド関数: 隠れ層の出力
  meaning hidden outputs, from 0 to 1 | 隠れ層の出力。0 から 1 までの値をとる
  report  y = 1 / (1 + e^(-x))
          | entry by entry, with x = A1, y = Y1 | 要素ごとの式。ここでは x = A1、y = Y1
  line    Y1[m,i] = 1 / (1 + e^(-A1[m,i]))
  remark  Without the sigmoid the two affine layers would be one: W2 (W1 X + b1) + b2 is again a
          matrix times X plus a constant.
          | シグモイド関数がなければ、W2 (W1 X + b1) + b2 も X に行列を掛けて定数を足したものなので、二つの全結合層は一つの全結合層と変わらない。`,
  A2: explain`
  title   Second affine layer: scores | 第 2 層（全結合層）: クラスごとのスコア
  meaning scores; a column's largest is the prediction | スコア。各列で最大のものが予測になる
  remark  The same function as in the first layer. The report writes C for the number of classes, K.
          | 第 1 層と同じ関数である。レポートではクラスの数 K を C と書いている。${affine(SECOND)}`,
  P: explain`
  title   Softmax: probabilities | ソフトマックス層: 確率
  meaning probabilities; each column sums to 1 | 確率。各列の和は 1 になる
  report  p = e^(a - α) / Σ e^(a - α) | α = max a; sum and maximum over each column
          | α = max a。和と最大値は列ごとにとる
  line    P[k,i] = e^A2[k,i] / Σ_j e^A2[j,i]
  line           = e^(A2[k,i] - α) / Σ_j e^(A2[j,i] - α)
          | e^(-α) cancels: numerator and denominator are both multiplied by it
          | 分子と分母に同じ e^(-α) を掛けても、商は変わらない
  remark  α, the largest score of the column, keeps e^(a - α) from overflowing.
          | 列の最大値 α を引いても商は変わらない。引くのは、e^a のオーバーフローを防ぐためである。`,
  onehot: explain`
  title   One-hot labels | 正解ラベルの one-hot 表現
  meaning 1 for each image's right class, 0 elsewhere | 各画像の正解のクラスだけが 1 で、ほかは 0
  report  onehot[np.arange(answer.size), answer] = 1 | a line of listing 3 | リスト 3 の 1 行
  line    onehot[k,i] = 1,  k = labels[i]
  line                = 0,  k ≠ labels[i]
  remark  Of A2 only the shape is used. | A2 は形だけが使われる。`,
  L: explain`
  title   Cross-entropy: losses | クロスエントロピー誤差: 画像ごとの損失
  meaning loss of each image: cross-entropy, in nats | 画像ごとのクロスエントロピー誤差（nat）
  report  L[i] = -Σ_k y[k,i] ln p[k,i] | ${letters("y = onehot, p = P")}
  line    L[i] = -Σ_k onehot[k,i] ln P[k,i]
  line         = -ln P[r,i]
          | onehot[k,i] is 1 for the right class r only | onehot[k,i] は正解のクラス r だけで 1 になる
  line         = -ln (e^(a[r] - α) / Σ_k e^(a[k] - α))
          | softmax; a is column i of A2 | ソフトマックス層の式。a は A2 の第 i 列
  line         = ln Σ_k e^(a[k] - α) - (a[r] - α) | what is computed here | 本実装の計算式
  remark  Erratum: a probability may underflow to 0. The report's form is then Infinity if it is
          that of the right class, and NaN if it is that of another one (0 · ln 0). The last line
          needs no probabilities. It is Infinity only if a[r] - α overflows.
          | 訂正: 確率はアンダーフローして 0 になることがある。そのときレポートの式の値は、正解のクラスの確率が 0 なら無限大、
          ほかのクラスの確率が 0 なら 0 · ln 0 のため NaN になる。最後の行の式は確率を使わない。その値が無限大になるのは、a[r] - α がオーバーフローするときだけである。`,
  E: explain`
  title   Loss of the batch | バッチの損失
  meaning mean loss of the batch: what training reduces
          | 損失のバッチ内での平均。学習によって小さくする
  report  E = -1/B Σ_i Σ_k y[k,i] ln p[k,i] | ${letters("y = onehot, p = P")}
  line    E = 1/B Σ_i L[i]`,
  dA2: explain`
  title   Softmax and cross-entropy, backward: gradient of the scores A2
          | ソフトマックス層の逆伝播: スコア A2 についての偏微分
  meaning ∂E/∂A2 | ∂E/∂A2
  report  ∂E/∂a = (y⁽²⁾ - y) / B | ${letters("y⁽²⁾ = P, y = onehot")}
  line    L[i] = ln Σ_j e^a[j] - a[r]
          | a is column i of A2, r the right class; α cancels
          | a は A2 の第 i 列、r は正解のクラス。α は打ち消し合う
  line    ∂L[i]/∂a[k] = e^a[k] / Σ_j e^a[j] - ∂a[r]/∂a[k]
          | derivative of ln u, with u = Σ_j e^a[j] | u = Σ_j e^a[j] として ln u を微分する
  line                = P[k,i] - onehot[k,i]
          | softmax; ∂a[r]/∂a[k] is 1 if k = r, else 0
          | ソフトマックス層の式。∂a[r]/∂a[k] は k = r なら 1、ほかは 0
  line    ∂E/∂A2[k,i] = 1/B ∂L[i]/∂a[k]
          | E = 1/B Σ_i L[i], and only L[i] depends on column i
          | E = 1/B Σ_i L[i] のうち、第 i 列によるのは L[i] だけである
  line    dA2 = (P - onehot) / B
  remark  Each column sums to 0, since those of P and onehot both sum to 1.
          | P の列も onehot の列も和が 1 なので、dA2 の各列の和は 0 である。
  remark  1/B comes from the mean in E. All other gradients are computed from dA2, so none of them
          is divided by B again.
          | 1/B は E がバッチ内での平均であることによる。ほかの偏微分はすべて dA2 から求めるので、再び B で割ることはない。`,
  dW2: explain`${weightGradient(SECOND)}
  remark  Erratum: the report prints this equation twice. | 訂正: レポートではこの式が二度書かれている。`,
  db2: explain`${biasGradient(SECOND)}
  remark  Erratum: the report's Xᵀ is an error that its program does not make. The shape would be
          the same, K x 1, so only numbers distinguish rowSum(dA2 Y1ᵀ) from db2.
          | 訂正: レポートの式の Xᵀ は誤りである（プログラムは正しい）。Xᵀ があっても形は同じ (K, 1) なので、rowSum(dA2 Y1ᵀ) と db2 の違いは数値でしか分からない。`,
  dY1: explain`
  title   Equation (1): gradient of the hidden outputs Y1 | 式 (1): 隠れ層の出力 Y1 についての偏微分
  meaning ∂E/∂Y1, passed on to the sigmoid | ∂E/∂Y1。シグモイド関数の逆伝播に渡す
  report  ∂E/∂X = Wᵀ ∂E/∂Y | ${letters(SECOND.report)}
  line    ${inIndices(SECOND)}
  line    ∂A2[k,i]/∂Y1[m,i] = W2[k,m]
          | the factor of Y1[m,i]; other columns of A2 do not depend on it
          | Y1[m,i] の係数。A2 のほかの列は Y1[m,i] に依存しない
  line    ∂E/∂Y1[m,i] = Σ_k ∂E/∂A2[k,i] ∂A2[k,i]/∂Y1[m,i]
          | chain rule: Y1[m,i] acts on E through every A2[k,i]
          | 連鎖律。Y1[m,i] はすべての A2[k,i] を通して E に影響する
  line                = Σ_k W2[k,m] dA2[k,i]
  line                = Σ_k W2ᵀ[m,k] dA2[k,i]
  line    dY1 = W2ᵀ dA2
  remark  The same equation gives the gradient of the images, W1ᵀ dA1, the listing's delta_x. It is
          unused, so it is not computed here.
          | 第 1 層でも同じ式で入力（画像）についての偏微分（リストの delta_x）が求められるが、使われないので、ここでは計算しない。`,
  dA1: explain`
  title   Sigmoid, backward: gradient of the hidden sums A1
          | シグモイド関数の逆伝播: 重み付き和 A1 についての偏微分
  meaning ∂E/∂A1 | ∂E/∂A1
  report  ∂E/∂x = ∂y/∂x ∂E/∂y = ∂E/∂y (1 - y) y
          | entry by entry, with x = A1, y = Y1 | 要素ごとの式。ここでは x = A1、y = Y1
  line    y = 1 / (1 + e^(-a)) | y = Y1[m,i], a = A1[m,i] | y = Y1[m,i]、a = A1[m,i]
  line    ∂y/∂a = e^(-a) / (1 + e^(-a))²
          | derivative of 1/u with u = 1 + e^(-a) | u = 1 + e^(-a) として 1/u を微分する
  line          = e^(-a) / (1 + e^(-a)) · 1 / (1 + e^(-a))
  line          = (1 - y) y
          | 1 - y = e^(-a) / (1 + e^(-a)) | 1 - y = e^(-a) / (1 + e^(-a)) を代入する
  line    ∂E/∂a = ∂E/∂y ∂y/∂a | chain rule: A1[m,i] acts on E through Y1[m,i] only
          | 連鎖律。A1[m,i] は Y1[m,i] だけを通して E に影響する
  line    dA1 = dY1 (1 - Y1) Y1
  remark  The derivative (1 - y) y needs the output only. It is at most 1/4, and close to 0 where y
          is close to 0 or to 1: the weights of such a unit change little.
          | 微分 (1 - y) y は出力だけから計算できる。最大でも 1/4 で、y が 0 や 1 に近いと 0 に近くなり、そのユニットの重みはほとんど変化しない。`,
  dW1: explain`${weightGradient(FIRST)}
  remark  Where a pixel is 0 in every image of the batch, the gradients of its weights are 0 and
          they do not change, as in the dark border of MNIST's images.
          | バッチのどの画像でも値が 0 の画素では、その重みの偏微分も 0 になり、重みは変化しない。MNIST の画像では、何も書かれていない縁がそうである。`,
  db1: explain`${biasGradient(FIRST)}`,
  "W1'": explain`${update("W1")}`,
  "b1'": explain`${update("b1")}`,
  "W2'": explain`${update("W2")}
  remark  All gradients are computed before the first parameter changes: equation (1) needs the old
          W2. | パラメータの更新は、すべての偏微分を求めた後に行う。式 (1) に更新前の W2 が必要だからである。`,
  "b2'": explain`${update("b2")}`,
};

/** The explanation of a quantity, or of an input of the step, of which it is the meaning. */
export function explanationOf(symbol: StepSymbol): Partial<Explanation> & { meaning: Text } {
  const quantity = QUANTITIES[symbol];
  return quantity.pass === "input"
    ? { meaning: INPUT_MEANINGS[quantity.symbol] }
    : EXPLANATIONS[quantity.symbol];
}
