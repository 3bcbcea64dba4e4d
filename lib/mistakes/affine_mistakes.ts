// Mistakes in both affine layers: A = W X + b, and equations (1) to (3).
import { affineWeightGradient } from "../network/affine.ts";
import { descend } from "../network/sgd.ts";
import { t } from "../text/layout.ts";
import { factorMistakes, type Mistake, mistakesOf } from "./mistake.ts";
import {
  ifPossible,
  keepLastColumn,
  repeatLastColumn,
  reshapeTranspose,
  select,
  total,
  transposeIfSquare,
  withoutFirst,
  withoutLast,
} from "./rearrange.ts";

/** The quantities of a layer. */
const FIRST = { W: "W1", b: "b1", X: "X", dA: "dA1" } as const;
const SECOND = { W: "W2", b: "b2", X: "Y1", dA: "dA2" } as const;
type Layer = typeof FIRST | typeof SECOND;

/** Mistakes in A = W X + b. */
function sumMistakes(A: "A1" | "A2", { W, b, X }: Layer): Mistake[] {
  return mistakesOf(A, {
    "bias-left-out": {
      ...t("the bias is left out", "バイアスを足していない"),
      equation: `${W} ${X}`,
      compute: (values, right) => right({ [b]: values[b].scale(0) }),
    },
    "bias-subtracted": {
      ...t("the bias is subtracted", "バイアスを足さずに引いている"),
      equation: `${W} ${X} - ${b}`,
      compute: (values, right) => right({ [b]: values[b].scale(-1) }),
    },
    "bias-added-twice": {
      ...t("the bias is added twice", "バイアスを 2 回足している"),
      equation: `${W} ${X} + 2 ${b}`,
      compute: (values, right) => right({ [b]: values[b].scale(2) }),
    },
    "bias-along-the-batch": {
      en: "the bias is added along the batch instead of the units",
      ja: "バイアスをユニット方向ではなくバッチ方向に足している",
      equation: `${W} ${X} + ${b}ᵀ`,
      compute: (values, right) => {
        const transposed = transposeIfSquare(right({ [b]: values[b].scale(0) }));
        return transposed?.plusColumn(values[b] as never).transposed;
      },
    },
    "weights-transposed": {
      ...t("the weights are transposed", "重みが転置されている"),
      equation: `${W}ᵀ ${X} + ${b}`,
      compute: (values, right) =>
        ifPossible(transposeIfSquare(values[W]), (other) => right({ [W]: other })),
    },
    "weights-reshaped": {
      en: "the weights are brought to their shape by reshape instead of a transpose",
      ja: "転置すべき重みを reshape で変形している",
      equation: `${W}ᵀ.reshape(${W}.shape) ${X} + ${b}`,
      compute: (values, right) =>
        ifPossible(reshapeTranspose(values[W]), (other) => right({ [W]: other })),
    },
  });
}

/** Mistakes in equation (2), dW = dA Xᵀ. */
function weightGradientMistakes(dW: "dW1" | "dW2", { W, X, dA }: Layer): Mistake[] {
  return [
    ...factorMistakes(dW, `${dA} ${X}ᵀ`),
    ...mistakesOf(dW, {
      "transposed": {
        ...t("transposed", "転置されている"),
        equation: `${X} ${dA}ᵀ`,
        compute: (_, right) => transposeIfSquare(right()),
      },
      "reshaped": {
        en: "the factors are swapped, and the result is reshaped instead of transposed",
        ja: "積の順序が逆で、その結果を転置せずに reshape で変形している",
        equation: `(${X} ${dA}ᵀ).reshape(${W}.shape)`,
        compute: (_, right) => reshapeTranspose(right()),
      },
      "inputs-not-transposed": {
        ...t(`${X} instead of ${X}ᵀ`, `${X}ᵀ ではなく ${X} を掛けている`),
        equation: `${dA} ${X}`,
        compute: (values, right) =>
          ifPossible(transposeIfSquare(values[X]), (other) => right({ [X]: other })),
      },
      "inputs-reshaped": {
        ...t(`${X} is reshaped instead of transposed`, `${X} を転置せずに reshape で変形している`),
        equation: `${dA} ${X}.reshape(${X}.T.shape)`,
        compute: (values, right) =>
          ifPossible(
            reshapeTranspose(values[X].transposed),
            (other) => right({ [X]: other.transposed }),
          ),
      },
      "input-rows-reshaped": {
        en: `${X}, whose rows are the examples, is reshaped instead of transposed`,
        ja: `行がサンプルである ${X} を転置せずに reshape で変形している`,
        equation: `${dA} ${X}ᵀ.reshape(${X}.shape)ᵀ`,
        compute: (values, right) =>
          ifPossible(reshapeTranspose(values[X]), (other) => right({ [X]: other })),
      },
      "first-column-cut": {
        en: "the gradient of [W b] without its first column, not its last, which is the bias's",
        ja: "[W b] の勾配から、バイアスのある最後の列ではなく最初の列を除いている",
        equation: `(${dA} [${X}; 1]ᵀ)[:, 1:]`,
        compute: (values, right) => withoutFirst(right(), values[dA].rowSums),
      },
      "last-column-cut": {
        en: "the gradient of [b W] without its last column, not its first, which is the bias's",
        ja: "[b W] の勾配から、バイアスのある最初の列ではなく最後の列を除いている",
        equation: `(${dA} [1; ${X}]ᵀ)[:, :-1]`,
        compute: (values, right) => withoutLast(right(), values[dA].rowSums),
      },
      "last-example-only": {
        en: "the last example only, overwritten instead of added up",
        ja: "足し合わせずに上書きしているため、最後の画像の分だけになっている",
        equation: `${dA}[:, B - 1] ${X}[:, B - 1]ᵀ`,
        compute: (values, right) => right({ [dA]: keepLastColumn(values[dA]) }),
      },
      "stale-inputs": {
        en: `${X} of the last example for the whole batch: a layer keeps its latest inputs only`,
        ja: `層に最後の入力しか残っていないため、すべての画像に最後の画像の ${X} を使っている`,
        equation: `rowSum(${dA}) ${X}[:, B - 1]ᵀ`,
        compute: (values, right) => right({ [X]: repeatLastColumn(values[X]) }),
      },
      "averaged-before-the-product": {
        en: "the batch is averaged before the product instead of after it",
        ja: "積を計算する前にバッチ内で平均している",
        equation: `rowSum(${dA}) rowSum(${X})ᵀ / B`,
        compute: ({ [X]: inputs }, right) => {
          const { data } = inputs.rowSums;
          return right({ [X]: select(inputs, (row) => data[row]! / inputs.columns) });
        },
      },
    }),
  ];
}

/** Mistakes in equation (3), db = rowSum(dA). */
function biasGradientMistakes(db: "db1" | "db2", { X, dA }: Layer): Mistake[] {
  return [
    ...factorMistakes(db, `rowSum(${dA})`),
    ...mistakesOf(db, {
      "as-printed": {
        en: "multiplied by Xᵀ, as the report prints equation (3)",
        ja: "レポートに印刷された式 (3) のとおり Xᵀ を掛けている",
        equation: `rowSum(${dA} ${X}ᵀ)`,
        compute: (values) => affineWeightGradient(values[X], values[dA]).rowSums,
      },
      "first-column": {
        en: "the first column of the gradient of [W b], not its last",
        ja: "[W b] の勾配の、最後の列ではなく最初の列を使っている",
        equation: `(${dA} [${X}; 1]ᵀ)[:, 0]`,
        compute: (values, right) =>
          right({ [dA]: select(values[dA], (o, i, at) => at(o, i) * values[X].at(0, i)) }),
      },
      "last-column": {
        en: "the last column of the gradient of [b W], not its first",
        ja: "[b W] の勾配の、最初の列ではなく最後の列を使っている",
        equation: `(${dA} [1; ${X}]ᵀ)[:, -1]`,
        compute: (values, right) =>
          right({
            [dA]: select(values[dA], (o, i, at) => at(o, i) * values[X].at(values[X].rows - 1, i)),
          }),
      },
      "summed-over-everything": {
        en: "summed over the units as well as the batch: all entries are equal",
        ja: "バッチ方向だけでなくユニット方向にも和をとり、すべての要素が等しくなっている",
        equation: `sum(${dA})`,
        compute: (_, right) => {
          const db = right(), sum = total(db);
          return db.map(() => sum);
        },
      },
      "last-example-only": {
        en: "the last example only, overwritten instead of added up",
        ja: "足し合わせずに上書きしているため、最後の画像の分だけになっている",
        equation: `${dA}[:, B - 1]`,
        compute: (values, right) => right({ [dA]: keepLastColumn(values[dA]) }),
      },
    }),
  ];
}

/** Mistakes in db1 that would all make db2 zero, as each column of dA2 sums to 0. */
const wrongSumsOfFirstLayer = () =>
  mistakesOf("db1", {
    "wrong-axis": {
      en: "summed over the units instead of the batch",
      ja: "バッチ方向ではなくユニット方向に和をとっている",
      equation: "columnSum(dA1)",
      compute: ({ dA1 }, right) => ifPossible(transposeIfSquare(dA1), (dA1) => right({ dA1 })),
    },
    "mean-over-everything": {
      en: "the mean over the units and the batch: all entries are equal",
      ja: "バッチとユニットの両方向に平均し、すべての要素が等しくなっている",
      equation: "mean(dA1)",
      compute: ({ dA1 }, right) => {
        const db1 = right(), mean = total(db1) / dA1.data.length;
        return db1.map(() => mean);
      },
    },
  });

/** Mistakes of one layer: the sigmoid before or after it, and the other layer's bias. */
const oneLayerOnly = () => [
  ...mistakesOf("A2", {
    "bias-of-the-first-layer": {
      ...t("the bias of the first layer", "1 層目のバイアスを足している"),
      equation: "W2 Y1 + b1",
      compute: ({ b1, b2 }, right) => b1.rows === b2.rows ? right({ b2: b1 }) : undefined,
    },
    "sigmoid-skipped": {
      en: "A1 instead of Y1: the sigmoid is passed over",
      ja: "Y1 ではなく A1 を使い、シグモイド関数を通していない",
      equation: "W2 A1 + b2",
      compute: ({ A1 }, right) => right({ Y1: A1 }),
    },
  }),
  ...mistakesOf("dW2", {
    "sigmoid-skipped": {
      en: "A1 instead of Y1: the inputs of the sigmoid, not its outputs",
      ja: "Y1 ではなく A1、つまりシグモイド関数の出力ではなく入力を使っている",
      equation: "dA2 A1ᵀ",
      compute: ({ A1 }, right) => right({ Y1: A1 }),
    },
  }),
  ...mistakesOf("dW1", {
    "y-again": {
      en: "multiplied by Y1 once more, though dA1 has this factor",
      ja: "dA1 に含まれている Y1 をもう一度掛けている",
      equation: "(dA1 Y1) Xᵀ",
      compute: ({ dA1, Y1 }, right) => right({ dA1: dA1.zip(Y1, (da, y) => da * y) }),
    },
    "sigmoid-skipped": {
      en: "dY1 instead of dA1: the sigmoid is passed over",
      ja: "dA1 ではなく dY1 を使い、シグモイド関数の逆伝播を飛ばしている",
      equation: "dY1 Xᵀ",
      compute: ({ dY1 }, right) => right({ dA1: dY1 }),
    },
  }),
  ...mistakesOf("db1", {
    "sigmoid-skipped": {
      en: "dY1 instead of dA1: the sigmoid is passed over",
      ja: "dA1 ではなく dY1 を使い、シグモイド関数の逆伝播を飛ばしている",
      equation: "rowSum(dY1)",
      compute: ({ dY1 }, right) => right({ dA1: dY1 }),
    },
  }),
];

/** Mistakes in equation (1), dY1 = W2ᵀ dA2. */
const inputGradientMistakes = () => [
  ...factorMistakes("dY1", "W2ᵀ dA2"),
  ...mistakesOf("dY1", {
    "weights-not-transposed": {
      ...t("W2 instead of W2ᵀ", "W2ᵀ ではなく W2 を掛けている"),
      equation: "W2 dA2",
      compute: ({ W2 }, right) => ifPossible(transposeIfSquare(W2), (W2) => right({ W2 })),
    },
    "weights-reshaped": {
      ...t("W2 is reshaped instead of transposed", "W2 を転置せずに reshape で変形している"),
      equation: "W2.reshape(M, K) dA2",
      compute: ({ W2 }, right) =>
        ifPossible(reshapeTranspose(W2.transposed), (W2) => right({ W2: W2.transposed })),
    },
    "weight-rows-reshaped": {
      en: "W2, whose rows are the hidden units, is reshaped instead of transposed",
      ja: "行が隠れユニットである W2 を転置せずに reshape で変形している",
      equation: "W2ᵀ.reshape(K, M)ᵀ dA2",
      compute: ({ W2 }, right) => ifPossible(reshapeTranspose(W2), (W2) => right({ W2 })),
    },
    "first-row-cut": {
      en: "[W2 b2]ᵀ dA2 without its first row, not its last, which is the bias's",
      ja: "[W2 b2]ᵀ dA2 から、バイアスの行である最後の行ではなく最初の行を除いている",
      equation: "([W2 b2]ᵀ dA2)[1:]",
      compute: ({ W2, b2 }, right) => right({ W2: withoutFirst(W2, b2) }),
    },
    "last-row-cut": {
      en: "[b2 W2]ᵀ dA2 without its last row, not its first, which is the bias's",
      ja: "[b2 W2]ᵀ dA2 から、バイアスの行である最初の行ではなく最後の行を除いている",
      equation: "([b2 W2]ᵀ dA2)[:-1]",
      compute: ({ W2, b2 }, right) => right({ W2: withoutLast(W2, b2) }),
    },
    "weights-updated-first": {
      en: "W2 is updated before this gradient is computed",
      ja: "この勾配を求める前に W2 を更新している",
      equation: "(W2 - η dW2)ᵀ dA2",
      compute: ({ W2, dW2, η }, right) => right({ W2: descend(W2, dW2, η) }),
    },
  }),
];

export function affineMistakes(): Mistake[] {
  return [
    ...sumMistakes("A1", FIRST),
    ...sumMistakes("A2", SECOND),
    ...weightGradientMistakes("dW2", SECOND),
    ...biasGradientMistakes("db2", SECOND),
    ...inputGradientMistakes(),
    ...weightGradientMistakes("dW1", FIRST),
    ...biasGradientMistakes("db1", FIRST),
    ...wrongSumsOfFirstLayer(),
    ...oneLayerOnly(),
  ];
}
