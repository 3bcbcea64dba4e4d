// What is unusual about the inputs of a step, though every equation is right.
import { maxAbs } from "../math/max_abs.ts";
import type { RunTimeMatrix } from "../math/matrix.ts";
import { t, type Text } from "../text/layout.ts";
import type { Judgement } from "./judge.ts";

/** The hints that a step gives. */
export function hintsAbout({ own, learningRate, quantities }: Judgement): Text[] {
  const { X, W2, Y1, labels } = own, { data } = X, [D, B] = [X.rows, X.columns];
  const max = maxAbs(data), K = W2.rows;
  const isConstant = ({ data }: RunTimeMatrix) =>
    data.length > 1 && data.every((w) => w === data[0]);
  const classes = new Set(labels.values), missing = [];
  for (let k = 0; k < K; k++) if (!classes.has(k)) missing.push(k);
  const saturated = Y1.data.filter((y) => y < 0.01 || y > 0.99).length / Y1.data.length;
  const steps = (["W1", "W2"] as const).flatMap((W) => {
    const after = quantities.find(({ symbol }) => symbol === `${W}'`)?.yours;
    if (after === undefined) return [];
    const moved = after.data.reduce(
      (most, w, i) => Math.max(most, Math.abs(w - own[W].data[i]!)),
      0,
    );
    return moved > maxAbs(own[W].data) ? [W] : [];
  });
  const hints: (Text | false)[] = [
    max === 0 && t("all pixels are 0", "画素値がすべて 0 である"),
    max > 0 && max <= 0.00393 && t(
      `X is at most ${max.toPrecision(2)}: are the pixels divided by 255 twice?`,
      `X の最大値が ${max.toPrecision(2)} である（画素値を 255 で 2 回割ったか）`,
    ),
    max > 1 && max <= 255 && data.every((x) => x >= 0 && Number.isInteger(x)) && t(
      "X holds pixels up to 255, which the report divides by 255",
      "X の画素値が 255 で割られていない（レポートでは 255 で割る）",
    ),
    max === 1 && D >= 50 && data.every((x) => x === 0 || x === 1) && t(
      "X holds only 0 and 1: are the pixels divided as integers?",
      "X が 0 と 1 だけである（画素値を整数で割ったか）",
    ),
    ...(["W1", "W2"] as const).map((W) =>
      isConstant(own[W]) && t(
        `all entries of ${W} are ${own[W].data[0]}: units that start equal stay equal`,
        `${W} の要素がすべて ${
          own[W].data[0]
        } である（同じ値で始めたユニットは同じまま変わらない）`,
      )
    ),
    saturated > 0.9 && t(
      `${percent(saturated)} of Y1 are near 0 or 1, where the sigmoid hardly learns: ` +
        "are the weights or the pixels too large?",
      `Y1 の ${
        percent(saturated)
      } が 0 か 1 に近く、ほとんど学習しない（重みか画素値が大きすぎるか）`,
    ),
    B >= 8 && classes.size === 1 && K > 1 && t(
      `there is only one class: all ${B} examples have the label ${labels.values[0]}`,
      `クラスが一つしかない（${B} 個のサンプルのラベルがすべて ${labels.values[0]}）`,
    ),
    B >= 10 * K && classes.size > 1 && missing.length > 0 && t(
      `the class${missing.length > 1 ? "es" : ""} ${missing.join(", ")} ` +
        `occur${missing.length > 1 ? "" : "s"} in none of ${B} labels`,
      `${B} 個のラベルにクラス ${missing.join("、")} が一度も現れない`,
    ),
    B > 1 && equalExamples(X) && t(
      "all examples are the same image",
      "バッチ内の画像がすべて同じである",
    ),
    ...steps.map((W) =>
      t(
        `the step is larger than ${W} itself: is the learning rate ${
          learningRate?.value ?? ""
        } too large?`,
        `更新量が ${W} 自身より大きい（学習率が大きすぎるか）`,
      )
    ),
    isScrambled(X) && t(
      "neighbouring pixels have nothing to do with each other: are the images reshaped wrongly?",
      "隣り合う画素に関係がない（画像を誤って reshape したか）",
    ),
  ];
  return hints.filter((hint) => hint !== false);
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

function equalExamples({ columns, data }: RunTimeMatrix): boolean {
  return data.every((x, i) => x === data[i - i % columns]);
}

/** The correlation of neighbouring pixels, which is 0.8 in MNIST, below which they are scrambled. */
const MIN_CORRELATION = 0.25;

/** Whether images of at least 12x12 pixels are noise: as a batch that is reshaped, not transposed. */
function isScrambled({ rows, columns, data }: RunTimeMatrix): boolean {
  const side = Math.sqrt(rows);
  if (!Number.isInteger(side) || side < 12 || maxAbs(data) === 0) return false;
  let [n, x, y, xx, yy, xy] = [0, 0, 0, 0, 0, 0];
  for (let pixel = 0; pixel < rows; pixel++) {
    if (pixel % side === side - 1) continue;
    for (let i = 0; i < columns; i++) {
      const a = data[pixel * columns + i]!, b = data[(pixel + 1) * columns + i]!;
      [n, x, y, xx, yy, xy] = [n + 1, x + a, y + b, xx + a * a, yy + b * b, xy + a * b];
    }
  }
  const covariance = xy / n - x * y / n / n;
  const deviation = Math.sqrt((xx / n - (x / n) ** 2) * (yy / n - (y / n) ** 2));
  return covariance / deviation < MIN_CORRELATION;
}
