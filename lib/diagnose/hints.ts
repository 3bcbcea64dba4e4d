// What is unusual about the inputs of a step, though every equation is right.
import { maxAbs } from "../math/max_abs.ts";
import type { RunTimeMatrix } from "../math/matrix.ts";
import { t, type Text } from "../text/layout.ts";
import type { Judgement } from "./judge.ts";

/** The hints that a step gives. */
export function hintsAbout({ own, learningRate, quantities }: Judgement): Text[] {
  const { X, W2, Y1, labels } = own, { data, rows: D, columns: B } = X, K = W2.rows;
  const max = maxAbs(data), layers = ["W1", "W2"] as const;
  const classes = new Set(labels.values), [label] = labels.values;
  const missing = Array.from({ length: K }, (_, k) => k).filter((k) => !classes.has(k));
  const isConstant = ({ data }: RunTimeMatrix) =>
    data.length > 1 && data.every((w) => w === data[0]);
  const saturated = Y1.data.filter((y) => y < 0.01 || y > 0.99).length / Y1.data.length;
  const share = `${Math.round(100 * saturated)} %`;
  const isMoved = (W: typeof layers[number]) => {
    const after = quantities.find(({ symbol }) => symbol === `${W}'`)?.yours as RunTimeMatrix;
    return after && maxAbs(after.zip(own[W], (a, b) => a - b).data) > maxAbs(own[W].data);
  };
  const [s, verb] = missing.length > 1 ? ["es", "occur"] : ["", "occurs"];
  const hints: readonly (readonly [boolean | undefined, string, string])[] = [
    [max === 0, "all pixels are 0", "画素値がすべて 0 である"],
    [
      max > 0 && max <= 0.00393,
      `X is at most ${max.toPrecision(2)}: are the pixels divided by 255 twice?`,
      `X の最大値が ${max.toPrecision(2)} である（画素値を 255 で 2 回割ったか）`,
    ],
    [
      max > 1 && max <= 255 && data.every((x) => x >= 0 && Number.isInteger(x)),
      "X holds pixels up to 255, which the report divides by 255",
      "X の画素値が 255 で割られていない（レポートでは 255 で割る）",
    ],
    [
      max === 1 && D >= 50 && data.every((x) => x === 0 || x === 1),
      "X holds only 0 and 1: are the pixels divided as integers?",
      "X が 0 と 1 だけである（画素値を整数で割ったか）",
    ],
    ...layers.map((W) => {
      const w = own[W].data[0];
      return [
        isConstant(own[W]),
        `all entries of ${W} are ${w}: units that start equal stay equal`,
        `${W} の要素がすべて ${w} である（同じ値で始めたユニットは同じまま変わらない）`,
      ] as const;
    }),
    [
      saturated > 0.9,
      `${share} of Y1 are near 0 or 1, where the sigmoid hardly learns: ` +
      "are the weights or the pixels too large?",
      `Y1 の ${share} が 0 か 1 に近く、ほとんど学習しない（重みか画素値が大きすぎるか）`,
    ],
    [
      B >= 8 && classes.size === 1 && K > 1,
      `there is only one class: all ${B} examples have the label ${label}`,
      `クラスが一つしかない（${B} 個のサンプルのラベルがすべて ${label}）`,
    ],
    [
      B >= 10 * K && classes.size > 1 && missing.length > 0,
      `the class${s} ${missing.join(", ")} ${verb} in none of ${B} labels`,
      `${B} 個のラベルにクラス ${missing.join("、")} が一度も現れない`,
    ],
    [
      B > 1 && data.every((x, i) => x === data[i - i % B]),
      "all examples are the same image",
      "バッチ内の画像がすべて同じである",
    ],
    ...layers.map((W) =>
      [
        isMoved(W),
        `the step is larger than ${W} itself: is the learning rate ${
          learningRate?.value ?? ""
        } too large?`,
        `更新量が ${W} 自身より大きい（学習率が大きすぎるか）`,
      ] as const
    ),
    [
      isScrambled(X),
      "neighbouring pixels have nothing to do with each other: are the images reshaped wrongly?",
      "隣り合う画素に関係がない（画像を誤って reshape したか）",
    ],
  ];
  return hints.filter(([applies]) => applies).map(([, en, ja]) => t(en, ja));
}

/** The correlation of neighbouring pixels, which is 0.8 in MNIST, below which they are scrambled. */
const MIN_CORRELATION = 0.25;

/** Whether images of at least 12x12 pixels are noise: as a batch that is reshaped, not transposed. */
function isScrambled({ rows, columns, data }: RunTimeMatrix): boolean {
  const side = Math.sqrt(rows);
  if (!Number.isInteger(side) || side < 12 || maxAbs(data) === 0) return false;
  const at = [...data.keys()].filter((i) => Math.floor(i / columns) % side < side - 1);
  const mean = (of: (i: number) => number) => at.reduce((sum, i) => sum + of(i), 0) / at.length;
  const pixel = (i: number) => data[i]!, next = (i: number) => data[i + columns]!;
  const covariance = (a: typeof pixel, b: typeof pixel) =>
    mean((i) => a(i) * b(i)) - mean(a) * mean(b);
  const variances = covariance(pixel, pixel) * covariance(next, next);
  return covariance(pixel, next) / Math.sqrt(variances) < MIN_CORRELATION;
}
