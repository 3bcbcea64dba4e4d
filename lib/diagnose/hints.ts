// What is unusual about the inputs of a step, though every equation is right.
import { maxAbs } from "../math/max_abs.ts";
import type { RunTimeMatrix } from "../math/matrix.ts";
import { t, type Text } from "../text/layout.ts";
import { dot } from "./agreement.ts";
import type { Judgement } from "./judge.ts";

/** The hints that a step gives. */
export function hintsAbout({ own, learningRate, quantities }: Judgement): Text[] {
  const { X, W2, Y1, labels } = own, { data, rows: D, columns: B } = X, K = W2.rows;
  const max = maxAbs(data), classes = new Set(labels.values), [label] = classes;
  const missing = Array.from({ length: K }, (_, k) => k).filter((k) => !classes.has(k));
  const [s, verb] = missing.length > 1 ? ["es", "occur"] : ["", "occurs"];
  const saturated = Y1.data.filter((y) => y < 0.01 || y > 0.99).length / Y1.data.length;
  const share = `${Math.round(100 * saturated)} %`;
  const ofWeights = (["W1", "W2"] as const).flatMap((W) => {
    const { data } = own[W];
    const after = quantities.find(({ symbol }) => symbol === `${W}'`)?.yours?.data;
    return [
      data.length > 1 && data.every((w) => w === data[0]) && t(
        `all entries of ${W} are ${data[0]}: units that start equal stay equal`,
        `${W} の要素がすべて ${data[0]} である（同じ値で始めたユニットは同じまま変わらない）`,
      ),
      after && maxAbs(after.map((w, i) => w - data[i]!)) > maxAbs(data) && t(
        `the step is larger than ${W} itself: is the learning rate ${learningRate?.value} too large?`,
        `更新量が ${W} 自身より大きい（学習率が大きすぎるか）`,
      ),
    ];
  });
  return [
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
    saturated > 0.9 && t(
      `${share} of Y1 are near 0 or 1, where the sigmoid hardly learns: ` +
        "are the weights or the pixels too large?",
      `Y1 の ${share} が 0 か 1 に近く、ほとんど学習しない（重みか画素値が大きすぎるか）`,
    ),
    B >= 8 && classes.size === 1 && K > 1 && t(
      `there is only one class: all ${B} examples have the label ${label}`,
      `クラスが一つしかない（${B} 個のサンプルのラベルがすべて ${label}）`,
    ),
    B >= 10 * K && classes.size > 1 && missing.length > 0 && t(
      `the class${s} ${missing.join(", ")} ${verb} in none of ${B} labels`,
      `${B} 個のラベルにクラス ${missing.join("、")} が一度も現れない`,
    ),
    B > 1 && data.every((x, i) => x === data[i - i % B]) && t(
      "all examples are the same image",
      "バッチ内の画像がすべて同じである",
    ),
    ...ofWeights,
    isScrambled(X) && t(
      "neighbouring pixels have nothing to do with each other: are the images reshaped wrongly?",
      "隣り合う画素に関係がない（画像を誤って reshape したか）",
    ),
  ].filter((hint) => typeof hint === "object");
}

/** Whether neighbouring pixels of images hardly correlate, as they do by 0.8 in MNIST. */
function isScrambled({ rows, columns, data }: RunTimeMatrix): boolean {
  const side = Math.sqrt(rows);
  if (!Number.isInteger(side) || side < 12) return false;
  const at = [...data.keys()].filter((i) => Math.floor(i / columns) % side < side - 1);
  const centred = (pixels: Float64Array) => {
    const mean = pixels.reduce((sum, x) => sum + x, 0) / pixels.length;
    return pixels.map((x) => x - mean);
  };
  const pixels = centred(Float64Array.from(at, (i) => data[i]!));
  const next = centred(Float64Array.from(at, (i) => data[i + columns]!));
  return dot(pixels, next) < 0.25 * Math.sqrt(dot(pixels, pixels) * dot(next, next));
}
