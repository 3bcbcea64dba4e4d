// What `diagnose` says, in English and Japanese.
import { formatShape } from "../formats/nd_array.ts";
import { QUANTITIES, type StepSymbol } from "../network/step.ts";
import { quote } from "../text/escape.ts";
import type { Text } from "../text/layout.ts";
import type { DumpProblem, OtherNetwork } from "./dump.ts";

/** Why a dump cannot be judged, in words. */
export function problemWords(problem: DumpProblem): Text {
  switch (problem.code) {
    case "missing": {
      const { symbols, unknown } = problem;
      const names = symbols.map((symbol) => {
        const { listing } = QUANTITIES[symbol];
        return symbol === listing ? symbol : `${symbol} (${listing})`;
      }).join(", ");
      const { en, ja } = unknown.length === 0 ? { en: "", ja: "" } : {
        en: ` (unknown: ${list(unknown).en}; --names gives their symbols)`,
        ja: `（不明な配列は ${list(unknown).ja}。--names で記号を指定できる）`,
      };
      return {
        en: `needs ${names}, before the step${en}; diagnose --recorder prints how to record them`,
        ja: `更新前の ${names} が必要である${ja}。記録の方法は diagnose --recorder で表示される`,
      };
    }
    case "nothing computed":
      return {
        en: "needs one computed quantity at least; diagnose --recorder prints how to record them",
        ja: "計算した量が少なくとも一つ必要である。記録の方法は diagnose --recorder で表示される",
      };
    case "two names": {
      const { en, ja } = list(problem.names, { en: " and ", ja: " と " });
      return {
        en: `${en} both name ${problem.symbol}; choose one with --names`,
        ja: `${ja} がどちらも ${problem.symbol} の名前である。--names で一方を指定する`,
      };
    }
    case "no such array": {
      const name = shorten(problem.name), { en, ja } = list(problem.names);
      return {
        en: `has no array ${name}, only ${en}`,
        ja: `配列 ${name} がない。あるのは ${ja} である`,
      };
    }
    case "wrong size": {
      const name = both(problem.symbol, problem.name), shape = formatShape(problem.shape);
      const [rows, columns] = problem.need;
      return {
        en: `${name} has the shape ${shape}, need ${rows}x${columns} or its transpose`,
        ja: `${name} の形が ${shape} である（必要なもの: ${rows}x${columns} かその転置）`,
      };
    }
    case "broadcast bias": {
      const name = both(problem.symbol, problem.name), shape = formatShape(problem.shape);
      return {
        en: `${name} has the shape ${shape}: NumPy adds a row to a column so; keep one shape`,
        ja: `${name} の形が ${shape} である。行と列を足すとこうなる。形をどちらかにそろえる`,
      };
    }
    case "not finite": {
      const name = both(problem.symbol, problem.name), { value } = problem;
      return {
        en: `${name} holds ${value} before the step; record an earlier step`,
        ja: `更新前の ${name} に ${value} がある。もっと早いステップを記録する`,
      };
    }
    case "wrong label": {
      const { label, classes } = problem, name = shorten(problem.name);
      return {
        en: `${name} holds ${label}, need classes from 0 to ${classes - 1}`,
        ja: `${name} に ${label} がある。0〜${classes - 1} のクラスが必要である`,
      };
    }
    case "not one-hot": {
      const { classes } = problem, name = shorten(problem.name);
      return {
        en: `${name} is not one-hot: need a single 1 among ${classes} classes for each example`,
        ja:
          `${name} が one-hot でない。例ごとに ${classes} クラスのうち一つだけが 1 でなければならない`,
      };
    }
    case "several rates": {
      const { count } = problem, name = shorten(problem.name);
      return {
        en: `${name} holds ${count} numbers; choose one with --learning-rate`,
        ja: `${name} に数が ${count} 個ある。--learning-rate で一つを指定する`,
      };
    }
    case "objects": {
      const name = shorten(problem.name);
      return {
        en: `${name} holds Python objects; save a dictionary as np.savez("step.npz", **dictionary)`,
        ja:
          `${name} は Python のオブジェクトである。辞書は np.savez("step.npz", **dictionary) で保存する`,
      };
    }
    case "another network": {
      const { en, ja } = list(problem.names), network = NETWORKS[problem.network];
      return {
        en: `is another network, ${network.en} (${en}): not judged`,
        ja: `${network.ja}別のネットワークである（${ja}）。判定しない`,
      };
    }
    case "too large": {
      const { D, M, B } = problem.sizes;
      return {
        en: `is too large: ${D}x${M} weights and ${B} examples; record a step of fewer examples`,
        ja: `大きすぎる（重み ${D}x${M}、例 ${B} 個）。例の少ないステップを記録する`,
      };
    }
  }
}

/** The networks that are not this project's. */
const NETWORKS: Readonly<Record<OtherNetwork, Text>> = {
  "further layers": { en: "of further layers", ja: "層がもっと多い、" },
  "no hidden layer": { en: "without a hidden layer", ja: "隠れ層のない、" },
  "no bias": { en: "without biases", ja: "バイアスのない、" },
  "one output": { en: "of one output", ja: "出力が一つの、" },
};

/** The names of arrays, the first eight of them. */
function list(names: readonly string[], between: Text = { en: ", ", ja: "、" }): Text {
  const shown = [...names.slice(0, 8).map(shorten), ...names.length > 8 ? ["…"] : []];
  return { en: shown.join(between.en), ja: shown.join(between.ja) };
}

/** A name from a file, escaped and cut for one line. */
function shorten(name: string): string {
  return quote(name).slice(1, -1);
}

/** The project's symbol, and the name in the file where it is another. */
export function both(symbol: StepSymbol, name: string): string {
  return symbol === name ? symbol : `${symbol} (${shorten(name)})`;
}
