// Mistakes in the update of each parameter: W' = W - η dW.
import type { AnyMatrix } from "../math/matrix.ts";
import { t } from "../text/layout.ts";
import { type Mistake, mistakesOf } from "./mistake.ts";
import { ifPossible, transposeIfSquare } from "./rearrange.ts";

function updateMistakes(W: "W1" | "b1" | "W2" | "b2"): Mistake[] {
  const dW = `d${W}` as const, other = W === "b1" ? "db2" : "db1";
  return mistakesOf(`${W}'`, {
    "not-updated": {
      ...t("not updated", "更新していない"),
      equation: W,
      compute: (values) => values[W],
    },
    "wrong-sign": {
      en: "the step is added instead of subtracted, and goes uphill",
      ja: "更新量を引かずに足しているため、損失が増える向きに動く",
      equation: `${W} + η ${dW}`,
      compute: (values, right) => right({ [dW]: values[dW].scale(-1) }),
    },
    "rate-lost": {
      ...t("the learning rate is lost", "学習率を掛けていない"),
      equation: `${W} - ${dW}`,
      compute: (_, right) => right({ η: 1 }),
    },
    "rate-twice": {
      ...t("the learning rate is taken twice", "学習率を 2 回掛けている"),
      equation: `${W} - η² ${dW}`,
      compute: ({ η }, right) => right({ η: η * η }),
    },
    "divided-by-the-rate": {
      en: "divided by the learning rate instead of multiplied",
      ja: "学習率を掛けずに、学習率で割っている",
      equation: `${W} - ${dW} / η`,
      compute: ({ η }, right) => right({ η: 1 / η }),
    },
    "step-taken-twice": {
      ...t("the step is taken twice", "更新を 2 回している"),
      equation: `${W} - 2 η ${dW}`,
      compute: (values, right) => right({ [dW]: values[dW].scale(2) }),
    },
    "divided-by-B-twice": {
      ...t("the gradient is divided by B a second time", "勾配を B で 2 回割っている"),
      equation: `${W} - η ${dW} / B`,
      compute: ({ [dW]: gradient, X }, right) =>
        right({ [dW]: gradient.map((x) => x / X.columns) }),
    },
    "not-divided-by-B": {
      en: "the gradient is multiplied by B, so that its 1/B is lost",
      ja: "勾配に B を掛けているため、1/B が失われている",
      equation: `${W} - η B ${dW}`,
      compute: (values, right) => right({ [dW]: values[dW].scale(values.X.columns) }),
    },
    "overwritten": {
      en: "replaced by the step instead of moved by it",
      ja: "元の値から引かずに、更新量で上書きしている",
      equation: `-η ${dW}`,
      compute: (values, right) => right({ [W]: values[W].scale(0) }),
    },
    "scaled-to-norm": {
      en: "the gradient is scaled to the norm 1, as clipping does above it",
      ja: "勾配のノルムが 1 になるようにしている（クリッピング）",
      equation: `${W} - η ${dW} / ‖${dW}‖`,
      compute: ({ [dW]: gradient }, right) => right({ [dW]: gradient.scale(1 / norm(gradient)) }),
    },
    "scaled-to-common-norm": {
      en: "the gradients are scaled to the norm 1 of all together, as clipping does above it",
      ja: "すべての勾配を合わせたノルムが 1 になるようにしている（クリッピング）",
      equation: `${W} - η ${dW} / ‖dW1, db1, dW2, db2‖`,
      compute: ({ [dW]: gradient, dW1, db1, dW2, db2 }, right) =>
        right({ [dW]: gradient.scale(1 / norm(dW1, db1, dW2, db2)) }),
    },
    "adam": {
      en: "the first step of Adam instead of SGD",
      ja: "SGD ではなく Adam の 1 回目の更新になっている",
      equation: `${W} - η ${dW} / (√(${dW}²) + 1e-8)`,
      compute: (values, right) => right({ [dW]: values[dW].map((x) => x / (Math.abs(x) + 1e-8)) }),
    },
    ...(W === "W1" || W === "W2") && {
      "gradient-transposed": {
        ...t("the gradient is transposed", "勾配が転置されている"),
        equation: `${W} - η ${dW}ᵀ`,
        compute: (values, right) =>
          ifPossible(transposeIfSquare(values[dW]), (other) => right({ [dW]: other })),
      },
    },
    ...(W === "b1" || W === "b2") && {
      "gradient-of-the-other-layer": {
        ...t("the gradient of the other layer's bias", "もう一方の層のバイアスの勾配を使っている"),
        equation: `${W} - η ${other}`,
        compute: ({ db1, db2, [other]: gradient }, right) =>
          db1.rows === db2.rows ? right({ [dW]: gradient }) : undefined,
      },
    },
  });
}

/** The norm of all entries of some matrices. */
function norm(...matrices: readonly AnyMatrix[]): number {
  const squares = matrices.map(({ data }) => data.reduce((sum, x) => sum + x * x, 0));
  return Math.sqrt(squares.reduce((sum, x) => sum + x));
}

export function sgdMistakes(): Mistake[] {
  return (["W1", "b1", "W2", "b2"] as const).flatMap(updateMistakes);
}
