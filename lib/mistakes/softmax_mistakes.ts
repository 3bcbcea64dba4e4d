// Mistakes in the softmax layer and the loss: P, onehot, L, E and dA2 = (P - onehot) / B.
import { exp } from "../math/exp.ts";
import { log } from "../math/log.ts";
import type { RunTimeMatrix } from "../math/matrix.ts";
import { sigmoid } from "../network/sigmoid.ts";
import { crossEntropy, softmax } from "../network/softmax_cross_entropy.ts";
import { t } from "../text/layout.ts";
import { type Mistake, mistakesOf, type MistakeTable } from "./mistake.ts";
import {
  repeatLastColumn,
  reshapeTranspose,
  select,
  total,
  transposeIfSquare,
} from "./rearrange.ts";

const probabilities = () =>
  mistakesOf("P", {
    "maximum-not-subtracted": {
      en: "the largest score α is not subtracted, so that e^A2 can overflow",
      ja: "最大値 α を引いていないため、e^A2 がオーバーフローすることがある",
      equation: "e^A2 / Σ_k e^A2",
      compute: ({ A2 }) => overColumnSums(A2.map(exp)),
    },
    "maximum-of-the-batch": {
      en:
        "α is the largest score of the whole batch, so that the sum of a column can underflow to 0",
      ja:
        "α が列ごとではなくバッチ全体の最大値なので、列の和がアンダーフローして 0 になることがある",
      equation: "e^(A2 - max A2) / Σ_k e^(A2 - max A2)",
      compute: ({ A2 }) => overColumnSums(powersBelow(A2)),
    },
    "maximum-over-the-batch": {
      en: "the largest score is taken over the batch, of each class, instead of the classes",
      ja: "最大値をクラス方向ではなくバッチ方向にとっている",
      equation: "e^(A2 - max_i A2) / Σ_k e^(A2 - max_i A2)",
      compute: ({ A2 }) => overColumnSums(powers(A2.transposed).transposed),
    },
    "maximum-subtracted-above-only": {
      en: "the largest score α is subtracted in the numerator only",
      ja: "最大値 α を分子でしか引いていない",
      equation: "e^(A2 - α) / Σ_k e^A2",
      compute: ({ A2 }, right) => right().zipRow(A2.columnMaxima, (p, max) => p * exp(-max)),
    },
    "over-the-batch": {
      en: "the softmax is taken over the batch instead of the classes",
      ja: "ソフトマックス関数をクラス方向ではなくバッチ方向に計算している",
      equation: "e^A2 / Σ_i e^A2",
      compute: ({ A2 }) => softmax(A2.transposed).transposed,
    },
    "sum-over-the-batch": {
      en: "the sum runs over the batch instead of the classes, though α is right",
      ja: "最大値 α は正しいが、和をクラス方向ではなくバッチ方向にとっている",
      equation: "e^(A2 - α) / Σ_i e^(A2 - α)",
      compute: ({ A2 }) => overColumnSums(powers(A2).transposed).transposed,
    },
    "keepdims-left-out": {
      en: "keepdims=True is left out: class k has the maximum and the sum of example k",
      ja: "keepdims=True がないため、クラス k でサンプル k の最大値を引き、その和で割っている",
      equation: "np.exp(A2 - A2.max(axis=1)) / np.exp(A2 - A2.max(axis=1)).sum(axis=1)",
      compute: ({ A2 }) => {
        const powers = transposeIfSquare(A2)?.zipRow(A2.columnMaxima, (a, max) => exp(a - max));
        return powers && overSumsByRow(powers.transposed);
      },
    },
    "keepdims-left-out-of-the-sum": {
      en: "keepdims=True is left out of the sum: class k is divided by that of example k",
      ja: "和に keepdims=True がないため、クラス k をサンプル k の和で割っている",
      equation: "np.exp(A2 - α) / np.exp(A2 - α).sum(axis=1)",
      compute: ({ A2 }) => overSumsByRow(powers(A2)),
    },
    "keepdims-left-out-without-maximum": {
      en: "keepdims=True is left out of the sum, and α is not subtracted",
      ja: "和に keepdims=True がなく、最大値 α も引いていない",
      equation: "np.exp(A2) / np.exp(A2).sum(axis=1)",
      compute: ({ A2 }) => overSumsByRow(A2.map(exp)),
    },
    "over-everything": {
      ...t("the sum runs over the classes and the batch", "和をクラスとバッチの両方向にとっている"),
      equation: "e^(A2 - α) / Σ_k Σ_i e^(A2 - α)",
      compute: ({ A2 }) => overTotal(powers(A2)),
    },
    "without-axis": {
      en: "the maximum and the sum are those of the whole batch: axis is not given",
      ja: "axis を指定していないため、最大値と和がバッチ全体のものになっている",
      equation: "e^(A2 - max A2) / Σ_k Σ_i e^(A2 - max A2)",
      compute: ({ A2 }) => overTotal(powersBelow(A2)),
    },
    "denominator-lost": {
      ...t("not divided by the sum", "和で割っていない"),
      equation: "e^(A2 - α)",
      compute: ({ A2 }) => powers(A2),
    },
    "exponential-lost": {
      ...t("the exponential is left out", "指数関数を適用せずに和で割っている"),
      equation: "A2 / Σ_k A2",
      compute: ({ A2 }) => overColumnSums(A2),
    },
    "left-out": {
      ...t("the softmax is left out", "ソフトマックス関数を通していない"),
      equation: "A2",
      compute: ({ A2 }) => A2,
    },
    "of-the-sigmoid": {
      en: "the softmax of the sigmoid of the scores",
      ja: "スコアをシグモイド関数に通してからソフトマックス関数に通している",
      equation: "softmax(sigmoid(A2))",
      compute: ({ A2 }, right) => right({ A2: sigmoid(A2) }),
    },
    "of-relu": {
      en: "the softmax of the ReLU of the scores",
      ja: "スコアを ReLU に通してからソフトマックス関数に通している",
      equation: "softmax(max(0, A2))",
      compute: ({ A2 }, right) => right({ A2: A2.map((a) => Math.max(0, a)) }),
    },
    "applied-twice": {
      ...t("the softmax is applied twice", "ソフトマックス関数を 2 回適用している"),
      equation: "softmax(softmax(A2))",
      compute: (_, right) => softmax(right()),
    },
    "log-softmax": {
      en: "the logarithm of the probabilities (log_softmax)",
      ja: "確率ではなく確率の対数 (log_softmax) になっている",
      equation: "ln softmax(A2)",
      compute: (_, right) => right().map(log),
    },
    "log-softmax-over-the-batch": {
      en: "the logarithm of a softmax over the batch (log_softmax with the wrong axis)",
      ja: "バッチ方向に計算したソフトマックス関数の対数になっている（log_softmax の軸が違う）",
      equation: "A2 - ln Σ_i e^A2",
      compute: ({ A2 }) => softmax(A2.transposed).map(log).transposed,
    },
    "sigmoid": {
      en: "the sigmoid instead of the softmax",
      ja: "ソフトマックス関数ではなくシグモイド関数を使っている",
      equation: "1 / (1 + e^(-A2))",
      compute: ({ A2 }) => sigmoid(A2),
    },
  });

const rightClasses = () =>
  mistakesOf("onehot", {
    "counted-from-1": {
      en: "the classes are counted from 1: each 1 is one row too high",
      ja: "クラスを 1 から数えているため、1 の位置が 1 行上にずれている",
      equation: "[k = labels - 1]",
      compute: (_, right) => select(right(), (k, i, at, { rows }) => at((k + 1) % rows, i)),
    },
    "off-by-one": {
      ...t("each 1 is one row too low", "1 の位置が 1 行下にずれている"),
      equation: "[k = labels + 1]",
      compute: (_, right) => select(right(), (k, i, at, { rows }) => at((k + rows - 1) % rows, i)),
    },
    "labels-of-the-next-image": {
      en: "the labels are shifted against the images: each image has the label of the next",
      ja: "画像とラベルの対応がずれ、各画像に次の画像のラベルが付いている",
      equation: "[k = labels[i + 1]]",
      compute: (_, right) => select(right(), (k, i, at, { columns }) => at(k, (i + 1) % columns)),
    },
    "labels-reversed": {
      en: "the labels are in the reverse order of the images",
      ja: "ラベルの順序が画像と逆になっている",
      equation: "[k = labels[B - 1 - i]]",
      compute: (_, right) => select(right(), (k, i, at, { columns }) => at(k, columns - 1 - i)),
    },
    "one-label-for-all": {
      ...t("every image has the label of the last", "すべての画像に最後の画像のラベルが付いている"),
      equation: "[k = labels[B - 1]]",
      compute: (_, right) => repeatLastColumn(right()),
    },
    "every-label-of-the-batch": {
      en: "every image has the labels of the whole batch, by onehot[:, answer] = 1",
      ja: "onehot[:, answer] = 1 により、すべての画像にバッチ内の全ラベルが付いている",
      equation: "[k ∈ labels]",
      compute: (_, right) => {
        const Y = right(), { data } = Y.rowSums;
        return select(Y, (k) => data[k]! > 0 ? 1 : 0);
      },
    },
    "class-numbers": {
      en: "the class numbers themselves, for every class",
      ja: "one-hot 表現ではなくクラスの番号そのものになっている",
      equation: "labels",
      compute: ({ labels }, right) => select(right(), (_, i) => labels.values[i]!),
    },
    "class-numbers-by-row": {
      en: "the class numbers themselves, for class k that of example k: (B, K) with (B,) in NumPy",
      ja: "クラスの番号そのもので、クラス k にサンプル k の番号を使っている",
      equation: "labels[k]",
      compute: ({ labels }, right) => {
        const Y = right();
        return Y.rows === Y.columns ? select(Y, (k) => labels.values[k]!) : undefined;
      },
    },
    "never-set": {
      ...t("all entries are 0", "すべての要素が 0 のままになっている"),
      equation: "0",
      compute: (_, right) => right().scale(0),
    },
    "inverted": {
      en: "the right class has 0 and the others have 1",
      ja: "正解のクラスが 0、ほかが 1 になっている",
      equation: "[k ≠ labels]",
      compute: (_, right) => right().map((y) => 1 - y),
    },
    "smoothed": {
      ...t("the labels are smoothed by 0.1", "0.1 のラベルスムージングをしている"),
      equation: "0.9 [k = labels] + 0.1 / K",
      compute: (_, right) => select(right(), (k, i, at, { rows }) => 0.9 * at(k, i) + 0.1 / rows),
    },
    "0.01-and-0.99": {
      en: "the targets are 0.99 and 0.01 instead of 1 and 0",
      ja: "1 と 0 ではなく 0.99 と 0.01 になっている",
      equation: "0.98 [k = labels] + 0.01",
      compute: (_, right) => right().map((y) => 0.98 * y + 0.01),
    },
    "reshaped": {
      en: "brought to K x B by reshape instead of a transpose",
      ja: "転置すべき行列を reshape で (K, B) にしている",
      equation: "onehot.reshape(K, B)",
      compute: (_, right) => reshapeTranspose(right()),
    },
    "transposed": {
      ...t("the rows are the examples, not the columns", "列ではなく行が画像になっている"),
      equation: "onehotᵀ",
      compute: (_, right) => transposeIfSquare(right()),
    },
  });

const losses = () =>
  mistakesOf("L", {
    "log-base-10": {
      ...t("the logarithm is to base 10", "自然対数ではなく常用対数を使っている"),
      equation: "-Σ_k onehot log10 P",
      compute: (_, right) => right().map((l) => l / log(10)),
    },
    "log-base-2": {
      ...t("the logarithm is to base 2", "自然対数ではなく底が 2 の対数を使っている"),
      equation: "-Σ_k onehot log2 P",
      compute: (_, right) => right().map((l) => l / log(2)),
    },
    "wrong-sign": {
      ...t("the minus is lost", "マイナスが抜けている"),
      equation: "Σ_k onehot ln P",
      compute: (_, right) => right().scale(-1),
    },
    "logarithm-lost": {
      ...t("the logarithm is left out", "対数をとっていない"),
      equation: "-Σ_k onehot P",
      compute: ({ P, onehot }) => P.zip(onehot, (p, y) => -y * p).columnSums,
    },
    "epsilon-in-logarithm": {
      ...t("1e-7 is added inside the logarithm", "対数の中で 1e-7 を足している"),
      equation: "-Σ_k onehot ln(P + 1e-7)",
      compute: ({ P, onehot }) => P.zip(onehot, (p, y) => -y * log(p + 1e-7)).columnSums,
    },
    "1-in-logarithm": {
      ...t("1 is added inside the logarithm", "対数の中で 1 を足している"),
      equation: "-Σ_k onehot ln(P + 1)",
      compute: ({ P, onehot }) => P.zip(onehot, (p, y) => -y * log(p + 1)).columnSums,
    },
    "logarithm-squared": {
      ...t("the logarithm is squared", "対数を 2 乗している"),
      equation: "-Σ_k onehot (ln P)²",
      compute: (_, right) => right().map((l) => -l * l),
    },
    "softmax-over-the-batch": {
      en: "the softmax over the batch, not that over the classes",
      ja: "クラス方向ではなくバッチ方向のソフトマックス関数から損失を求めている",
      equation: "-Σ_k onehot (A2 - ln Σ_i e^A2)",
      compute: ({ A2, onehot }) =>
        onehot.zip(softmax(A2.transposed).transposed, (y, p) => -y * log(p)).columnSums,
    },
    "probabilities-of-all-labels": {
      en: "the probabilities of all labels of the batch: P[:, t], not P[np.arange(B), t]",
      ja:
        "バッチ内の全ラベルの確率を使っている（P[np.arange(B), t] ではなく P[:, t] になっている）",
      equation: "-Σ_j ln P[labels[j]]",
      compute: ({ onehot }, right) => {
        const ofClass = (label: number) => select(onehot, (k) => k === label ? 1 : 0);
        // of the right loss, because programs also add something inside the logarithm
        const losses = Array.from(
          onehot.rowSums.data,
          (count, label) => right({ onehot: ofClass(label) }).scale(count),
        );
        return losses.reduce((sum, loss) => sum.plus(loss));
      },
    },
    "unsigned-minus": {
      en: "the minus is taken of onehot as unsigned bytes, in which -1 is 255",
      ja: "符号なしの 1 バイトである onehot にマイナスを付けたため、-1 が 255 になっている",
      equation: "Σ_k 255 onehot ln P",
      compute: (_, right) => right().scale(-255),
    },
    "underflow": {
      en: "computed from P, so that it is not finite once P underflows to 0",
      ja: "P から計算しているため、P がアンダーフローして 0 になると有限の値にならない",
      equation: "-Σ_k onehot ln P",
      compute: ({ P, onehot }) => P.zip(onehot, (p, y) => -y * log(p)).columnSums,
    },
    "all-classes": {
      en: "the logarithms of all classes are summed, not that of the right one",
      ja: "正解のクラスだけでなく全クラスの対数を足している",
      equation: "-Σ_k ln P",
      compute: ({ P }) => P.map((p) => -log(p)).columnSums,
    },
    "largest-probability": {
      en: "the largest probability is taken, not that of the label",
      ja: "正解のクラスの確率ではなく、最大の確率を使っている",
      equation: "-ln(max_k P)",
      compute: ({ P }) => P.columnMaxima.map((p) => -log(p)),
    },
    "mean-over-classes": {
      en: "the mean over the classes instead of the sum",
      ja: "クラス方向の和ではなく平均をとっている",
      equation: "-Σ_k onehot ln P / K",
      compute: ({ P }, right) => right().map((l) => l / P.rows),
    },
    "binary-cross-entropy": {
      en: "the binary cross-entropy, which also counts the other classes",
      ja: "2 値のクロスエントロピー誤差を使い、正解以外のクラスの項も足している",
      equation: "-Σ_k (onehot ln P + (1 - onehot) ln(1 - P))",
      compute: ({ P, onehot }, right) => {
        const others = P.zip(onehot, (p, y) => y === 1 ? 0 : -(1 - y) * log(1 - p)).columnSums;
        return right().plus(others as never);
      },
    },
    "squared-error": {
      en: "the squared error instead of the cross-entropy",
      ja: "クロスエントロピー誤差ではなく二乗和誤差になっている",
      equation: "Σ_k (P - onehot)² / 2",
      compute: ({ P, onehot }) => P.zip(onehot, (p, y) => (p - y) ** 2 / 2).columnSums,
    },
    "softmax-twice": {
      en: "a function that contains the softmax is given P instead of the scores A2",
      ja: "ソフトマックス関数を含む関数に、スコア A2 ではなく P を渡している",
      equation: "ln Σ_k e^P - Σ_k onehot P",
      compute: ({ P, onehot }) => crossEntropy(P, onehot),
    },
    "arguments-swapped": {
      en: "P and onehot are swapped, with 1e-7 inside the logarithm",
      ja: "P と onehot を取り違えている（対数の中で 1e-7 を足している）",
      equation: "-Σ_k P ln(onehot + 1e-7)",
      compute: ({ P, onehot }) => P.zip(onehot, (p, y) => -p * log(y + 1e-7)).columnSums,
    },
  });

/** Another divisor than B, of the sum that makes E or dA2. */
const dividedBy = (sum: string): MistakeTable => ({
  "divided-by-K": {
    ...t("divided by the number of classes instead of B", "B ではなくクラスの数で割っている"),
    equation: `${sum} / K`,
    compute: ({ P }, right) => right().scale(P.columns / P.rows),
  },
  "divided-by-D": {
    en: "divided by the number of inputs instead of B: by X.shape[0], not X.shape[1]",
    ja: "B (X.shape[1]) ではなく入力の数 (X.shape[0]) で割っている",
    equation: `${sum} / D`,
    compute: ({ X }, right) => right().scale(X.columns / X.rows),
  },
  "divided-by-100": {
    en: "divided by a fixed batch size of 100, though the batch is not of this size",
    ja: "実際のサンプル数ではなく、固定のバッチサイズ 100 で割っている",
    equation: `${sum} / 100`,
    compute: ({ X }, right) => right().scale(X.columns / 100),
  },
  "divided-as-integers": {
    ...t("multiplied by 1 // B, which is 0", "1 // B を掛けているため 0 になっている"),
    equation: `${sum} ⌊1 / B⌋`,
    compute: ({ X }, right) => X.columns === 1 ? right() : right().scale(0),
  },
});

const meanLosses = () =>
  mistakesOf("E", {
    "summed": {
      ...t("the sum instead of the mean", "平均ではなく和になっている"),
      equation: "Σ_i L",
      compute: ({ L }) => L.rowSums,
    },
    ...dividedBy("Σ_i L"),
    "divided-by-B-twice": {
      ...t("divided by B a second time", "B で 2 回割っている"),
      equation: "Σ_i L / B²",
      compute: ({ L }, right) => right().map((e) => e / L.columns),
    },
    "mean-over-everything": {
      en: "the mean over the classes as well as the batch",
      ja: "バッチだけでなくクラス方向にも平均している",
      equation: "Σ_i L / (B K)",
      compute: ({ P }, right) => right().map((e) => e / P.rows),
    },
    "last-example-only": {
      en: "the loss of the last example only, overwritten instead of added up",
      ja: "足し合わせずに上書きしているため、最後の画像の損失だけになっている",
      equation: "L[B - 1]",
      compute: ({ L }, right) => right({ L: repeatLastColumn(L) }),
    },
  });

const scoresGradient = () =>
  mistakesOf("dA2", {
    "not-divided-by-B": {
      en: "1/B is lost: the sum over the batch instead of the mean",
      ja: "1/B が抜け、平均ではなく和の勾配になっている",
      equation: "P - onehot",
      compute: ({ P }, right) => right().scale(P.columns),
    },
    "divided-by-B-twice": {
      ...t("divided by B a second time", "B で 2 回割っている"),
      equation: "(P - onehot) / B²",
      compute: ({ P }, right) => right().map((x) => x / P.columns),
    },
    ...dividedBy("(P - onehot)"),
    "mean-squared-error": {
      en: "2/K as of a mean of squares over the classes",
      ja: "クラス方向の二乗の平均を微分したときのように 2/K が掛かっている",
      equation: "2 (P - onehot) / (B K)",
      compute: ({ P }, right) => right().map((x) => 2 * x / P.rows),
    },
    "rows-of-the-labels": {
      en: "1 is subtracted in the examples that the labels number: dx[t] -= 1",
      ja: "dx[t] -= 1 により、ラベルの番号のサンプルから 1 を引いている",
      equation: "(P - [i ∈ labels]) / B",
      compute: ({ P, labels: { values } }, right) =>
        values.some((label) => label >= P.columns)
          ? undefined
          : right({ onehot: select(P, (_, i) => values.includes(i) ? 1 : 0) }),
    },
    "unsigned-minus": {
      en: "the minus is taken of onehot as unsigned bytes, in which -1 is 255",
      ja: "符号なしの 1 バイトである onehot にマイナスを付けたため、-1 が 255 になっている",
      equation: "(255 onehot + P) / B",
      compute: ({ onehot }, right) => right({ onehot: onehot.scale(-255) }),
    },
    "mean-over-everything": {
      en: "the mean over the classes as well as the batch",
      ja: "バッチだけでなくクラス方向にも平均している",
      equation: "(P - onehot) / (B K)",
      compute: ({ P }, right) => right().map((x) => x / P.rows),
    },
    "wrong-sign": {
      ...t("the sign is wrong", "符号が逆になっている"),
      equation: "(onehot - P) / B",
      compute: (_, right) => right().scale(-1),
    },
    "doubled": {
      en: "a factor 2, as from a square without its 1/2",
      ja: "1/2 のない二乗を微分したときのように、余分な 2 が掛かっている",
      equation: "2 (P - onehot) / B",
      compute: (_, right) => right().scale(2),
    },
    "onehot-lost": {
      ...t("onehot is not subtracted", "onehot を引いていない"),
      equation: "P / B",
      compute: ({ onehot }, right) => right({ onehot: onehot.scale(0) }),
    },
    "right-class-only": {
      en: "the right class only: the gradients of the other scores are 0",
      ja: "正解のクラスだけを計算し、ほかのスコアの勾配が 0 になっている",
      equation: "onehot (P - onehot) / B",
      compute: ({ onehot }, right) => right().zip(onehot, (x, y) => x * y),
    },
    "softmax-skipped": {
      en: "the derivative with respect to P instead of A2: the softmax is left out",
      ja: "A2 ではなく P についての勾配で、ソフトマックス関数の微分が抜けている",
      equation: "-onehot / P / B",
      compute: ({ P, onehot }) => P.zip(onehot, (p, y) => -y / p / P.columns),
    },
    "softmax-skipped-1e-7": {
      en: "the derivative with respect to P instead of A2, with 1e-7 in the denominator",
      ja:
        "A2 ではなく P についての勾配で、ソフトマックス関数の微分が抜けている（分母に 1e-7 がある）",
      equation: "-onehot / (P + 1e-7) / B",
      compute: ({ P, onehot }) => P.zip(onehot, (p, y) => -y / (p + 1e-7) / P.columns),
    },
    "sigmoid-derivative": {
      en: "multiplied by the derivative of a sigmoid of the scores",
      ja: "スコアに対するシグモイド関数の微分を掛けている",
      equation: "(P - onehot) sigmoid(A2) (1 - sigmoid(A2)) / B",
      compute: ({ A2 }, right) => right().zip(sigmoid(A2), (x, y) => x * y * (1 - y)),
    },
    "derivative-again": {
      en: "multiplied by P (1 - P), though the softmax is differentiated already",
      ja: "ソフトマックス関数の微分は済んでいるのに、さらに P (1 - P) を掛けている",
      equation: "(P - onehot) P (1 - P) / B",
      compute: ({ P }, right) => right().zip(P, (x, p) => x * p * (1 - p)),
    },
    "squared-error": {
      en: "the gradient of the squared error instead of the cross-entropy",
      ja: "クロスエントロピー誤差ではなく二乗和誤差の勾配になっている",
      equation: "P (G - Σ_k G P), G = (P - onehot) / B",
      compute: ({ P }, right) => throughSoftmax(P, right()),
    },
    "softmax-twice": {
      en: "the gradient of a loss that applies the softmax to P again",
      ja: "P にもう一度ソフトマックス関数を適用した損失の勾配になっている",
      equation: "P (G - Σ_k G P), G = (softmax(P) - onehot) / B",
      compute: ({ P }, right) => throughSoftmax(P, right({ P: softmax(P) })),
    },
    "scores": {
      en: "the scores A2 instead of the probabilities P",
      ja: "確率 P ではなくスコア A2 を使っている",
      equation: "(A2 - onehot) / B",
      compute: ({ A2 }, right) => right({ P: A2 }),
    },
    "predicted-class": {
      en: "the predicted class instead of the probabilities P",
      ja: "確率 P ではなく、予測したクラスの one-hot 表現を使っている",
      equation: "([P = max P] - onehot) / B",
      compute: ({ P }, right) =>
        right({ P: P.zipRow(P.columnMaxima, (p, max) => p === max ? 1 : 0) }),
    },
  });

export function softmaxMistakes(): Mistake[] {
  return [probabilities(), rightClasses(), losses(), meanLosses(), scoresGradient()].flat();
}

/** e^(A - α), with α the largest entry of each column, or of all. */
const powers = (A: RunTimeMatrix) => A.zipRow(A.columnMaxima, (a, max) => exp(a - max));
const powersBelow = (A: RunTimeMatrix) => {
  const max = A.data.reduce((a, b) => Math.max(a, b));
  return A.map((a) => exp(a - max));
};

/** Each entry over the sum of its column, or of all. */
const overColumnSums = (A: RunTimeMatrix) => A.zipRow(A.columnSums, (a, sum) => a / sum);
const overTotal = (A: RunTimeMatrix) => A.scale(1 / total(A));

/** Row k over the sum of column k, if B = K: (B, K) with (B,) in NumPy. */
const overSumsByRow = (A: RunTimeMatrix) =>
  transposeIfSquare(A)?.zipRow(A.columnSums, (a, sum) => a / sum).transposed;

/** ∂E/∂A of P = softmax(A), where G is ∂E/∂P. */
export function throughSoftmax(P: RunTimeMatrix, G: RunTimeMatrix): RunTimeMatrix {
  const inner = P.zip(G, (p, g) => p * g);
  return inner.zip(P.zipRow(inner.columnSums, (p, sum) => p * sum), (pg, psum) => pg - psum);
}
