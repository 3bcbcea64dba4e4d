// Why a file cannot be judged, in English and Japanese, and how arrays are named.
import { formatShape } from "../formats/nd_array.ts";
import { type InputSymbol, QUANTITIES, type StepSymbol } from "../network/step.ts";
import { oneLine } from "../text/escape.ts";
import { t } from "../text/layout.ts";

const RECORDER = t(
  "diagnose --recorder prints how to record them",
  "記録の方法は diagnose --recorder で表示される",
);

type Shape = readonly (number | string)[];

/** Why a file cannot be judged, by code; `name` and `names` are those of arrays. */
export const PROBLEMS = {
  /** Inputs are not among the arrays; `unknown` are those whose names say nothing. */
  missing: (symbols: readonly InputSymbol[], unknown: readonly string[]) => {
    const needed = symbols.map((symbol) => {
      const { listing } = QUANTITIES[symbol];
      return symbol === listing ? symbol : `${symbol} (${listing})`;
    }).join(", ");
    const { en, ja } = unknown.length === 0 ? t("", "") : t(
      ` (unknown: ${listOf(unknown)}; --names gives their symbols)`,
      `（不明な配列は ${listOf(unknown)}。--names で記号を指定できる）`,
    );
    return t(
      `needs ${needed}, before the step${en}; ${RECORDER.en}`,
      `更新前の ${needed} が必要である${ja}。${RECORDER.ja}`,
    );
  },
  "nothing computed": () =>
    t(
      `needs one computed quantity at least; ${RECORDER.en}`,
      `計算した量が少なくとも一つ必要である。${RECORDER.ja}`,
    ),
  "two names": (symbol: StepSymbol, names: readonly string[]) =>
    t(
      `${names.map(shorten).join(" and ")} both name ${symbol}; choose one with --names`,
      `${listOf(names)} がどちらも ${symbol} の名前である。--names で一方を指定する`,
    ),
  "no such array": (name: string, names: readonly string[]) =>
    t(
      `has no array ${shorten(name)}, only ${listOf(names)}`,
      `配列 ${shorten(name)} がない。あるのは ${listOf(names)} である`,
    ),
  /** A letter stands for any size. */
  "wrong size": (symbol: StepSymbol, name: string, shape: readonly number[], need: Shape) => {
    const array = quantityName(symbol, name), needed = need.join("x"), found = formatShape(shape);
    return t(
      `${array} has the shape ${found}, need ${needed} or its transpose`,
      `${array} の形が ${found} である（必要なもの: ${needed} かその転置）`,
    );
  },
  "broadcast bias": (symbol: StepSymbol, name: string, shape: readonly number[]) => {
    const array = quantityName(symbol, name), found = formatShape(shape);
    return t(
      `${array} has the shape ${found}: NumPy adds a row to a column so; keep one shape`,
      `${array} の形が ${found} である。行と列を足すとこうなる。形をどちらかにそろえる`,
    );
  },
  "not finite": (symbol: StepSymbol, name: string, value: number) => {
    const array = quantityName(symbol, name);
    return t(
      `${array} holds ${value} before the step; record an earlier step`,
      `更新前の ${array} に ${value} がある。もっと早いステップを記録する`,
    );
  },
  "wrong label": (name: string, label: number, K: number) =>
    t(
      `${shorten(name)} holds ${label}, need classes from 0 to ${K - 1}`,
      `${shorten(name)} に ${label} がある。0〜${K - 1} のクラスが必要である`,
    ),
  "not one-hot": (name: string, K: number) =>
    t(
      `${shorten(name)} is not one-hot: need a single 1 among ${K} classes for each example`,
      `${
        shorten(name)
      } が one-hot でない。例ごとに ${K} クラスのうち一つだけが 1 でなければならない`,
    ),
  "several rates": (name: string, count: number) =>
    t(
      `${shorten(name)} holds ${count} numbers; choose one with --learning-rate`,
      `${shorten(name)} に数が ${count} 個ある。--learning-rate で一つを指定する`,
    ),
  "another network": (network: keyof typeof NETWORKS, names: readonly string[]) =>
    t(
      `is another network, ${NETWORKS[network].en} (${listOf(names)}): not judged`,
      `${NETWORKS[network].ja}別のネットワークである（${listOf(names)}）。判定しない`,
    ),
  "too large": ({ D, M, B }: Readonly<Record<"D" | "M" | "B", number>>) =>
    t(
      `is too large: ${D}x${M} weights and ${B} examples; record a step of fewer examples`,
      `大きすぎる（重み ${D}x${M}、例 ${B} 個）。例の少ないステップを記録する`,
    ),
};

/** What shows in the arrays alone that a network is another. */
const NETWORKS = {
  "further layers": t("of further layers", "層がもっと多い、"),
  "no hidden layer": t("without a hidden layer", "隠れ層のない、"),
  "one output": t("of one output", "出力が一つの、"),
};

/** The names of arrays, the first eight of them. */
export function listOf(names: readonly string[]): string {
  return [...names.slice(0, 8).map(shorten), ...names.length > 8 ? ["…"] : []].join(", ");
}

/** Columns of a name. */
const MAX_NAME = 24;

/** A name from a file, escaped and cut. */
export function shorten(name: string): string {
  const characters = [...oneLine(name)];
  if (characters.length <= MAX_NAME) return characters.join("");
  return [...characters.slice(0, MAX_NAME - 1), "…"].join("");
}

/** The project's symbol, and the name in the file where it is another: `dW1 (delta_W1)`. */
export function quantityName(symbol: StepSymbol, name: string): string {
  return symbol === name || name === "" ? symbol : `${symbol} (${shorten(name)})`;
}
