// What `diagnose` says, in English and Japanese.
import { formatShape } from "../formats/nd_array.ts";
import type { StepInput, StepSymbol } from "../network/step.ts";
import { quote } from "../text/escape.ts";
import type { Text } from "../text/layout.ts";
import type { StepSizes } from "./step_dump.ts";

/** Why a dump cannot be judged. */
export const cannotJudge = {
  missing: (missing: readonly StepInput[], unknown: readonly string[]): Text => {
    const names = missing.map(({ symbol, listing }) =>
      symbol === listing ? symbol : `${symbol} (${listing})`
    ).join(", ");
    const { en, ja } = unknown.length === 0 ? { en: "", ja: "" } : {
      en: ` (unknown: ${list(unknown).en}; --names gives their symbols)`,
      ja: `（不明な配列は ${list(unknown).ja}。--names で記号を指定できる）`,
    };
    return {
      en: `needs ${names}, before the step${en}; diagnose --recorder prints how to record them`,
      ja: `更新前の ${names} が必要である${ja}。記録の方法は diagnose --recorder で表示される`,
    };
  },
  nothingElse: {
    en: "needs one computed quantity at least; diagnose --recorder prints how to record them",
    ja: "計算した量が少なくとも一つ必要である。記録の方法は diagnose --recorder で表示される",
  } satisfies Text,
  twoNames: (symbol: StepSymbol, one: string, other: string): Text => ({
    en: `${shorten(one)} and ${shorten(other)} both name ${symbol}; choose one with --names`,
    ja: `${shorten(one)} と ${
      shorten(other)
    } がどちらも ${symbol} の名前である。--names で一方を指定する`,
  }),
  noSuchArray: (name: string, names: readonly string[]): Text => ({
    en: `has no array ${shorten(name)}, only ${list(names).en}`,
    ja: `配列 ${shorten(name)} がない。あるのは ${list(names).ja} である`,
  }),
  wrongSize: (symbol: StepSymbol, name: string, shape: readonly number[], need: Text): Text => ({
    en: `${both(symbol, name)} has the shape ${formatShape(shape)}, need ${need.en}`,
    ja: `${both(symbol, name)} の形が ${formatShape(shape)} である（必要なもの: ${need.ja}）`,
  }),
  notFinite: (symbol: StepSymbol, name: string, value: number): Text => ({
    en: `${both(symbol, name)} holds ${value} before the step; record an earlier step`,
    ja: `更新前の ${both(symbol, name)} に ${value} がある。もっと早いステップを記録する`,
  }),
  afterStep: {
    en:
      "holds W1, b1, W2, b2 after the step: all fits if they are W - η dW; record copies before it",
    ja:
      "W1、b1、W2、b2 が更新後の値である（W - η dW とすればすべて一致する）。更新前にコピーして記録する",
  } satisfies Text,
  tooLarge: ({ D, M, B }: StepSizes): Text => ({
    en: `is too large: ${D}x${M} weights and ${B} examples; record a step of fewer examples`,
    ja: `大きすぎる（重み ${D}x${M}、例 ${B} 個）。例の少ないステップを記録する`,
  }),
  wrongLabel: (name: string, label: number, classes: number): Text => ({
    en: `${shorten(name)} holds ${label}, need classes from 0 to ${classes - 1}`,
    ja: `${shorten(name)} に ${label} がある。0〜${classes - 1} のクラスが必要である`,
  }),
  notOneHot: (name: string, classes: number): Text => ({
    en: `${
      shorten(name)
    } is not one-hot: need a single 1 among ${classes} classes for each example`,
    ja: `${
      shorten(name)
    } が one-hot でない。例ごとに ${classes} クラスのうち一つだけが 1 でなければならない`,
  }),
};

/** The names of arrays, the first eight of them. */
function list(names: readonly string[]): Text {
  const shown = [...names.slice(0, 8).map(shorten), ...names.length > 8 ? ["…"] : []];
  return { en: shown.join(", "), ja: shown.join("、") };
}

/** A name from a file, escaped and cut for one line. */
function shorten(name: string): string {
  return quote(name).slice(1, -1);
}

/** The project's symbol, and the name in the file where it is another. */
export function both(symbol: StepSymbol, name: string): string {
  return symbol === name ? symbol : `${symbol} (${shorten(name)})`;
}
