// Why a quantity is wrong, in one clause of English and Japanese.
import { formatShape } from "../formats/nd_array.ts";
import { type ComputedSymbol, QUANTITIES } from "../network/step.ts";
import type { Text } from "../text/layout.ts";
import { significantDigits } from "../text/numbers.ts";
import type { Axis, Cause, Factor, Term } from "./cause.ts";

/** Why a quantity is wrong, in one clause. */
export function causeWords(cause: Cause, symbol: ComputedSymbol): Text {
  switch (cause.kind) {
    case "mistakes":
      return mistakeWords(cause, symbol);
    case "factor": {
      const { en, ja } = factorWords(cause.factor), { norm } = cause;
      return norm === undefined ? { en, ja } : {
        en: `${en}; its norm is ${norm}`,
        ja: `${ja}（ノルムは ${norm}）`,
      };
    }
    case "other equation": {
      const { formula, factor } = cause, times = factor && factorName(factor);
      return {
        en: times === undefined ? `it is ${formula}` : `it is ${times} times ${formula}`,
        ja: times === undefined
          ? `${formula} になっている`
          : `${formula} の ${times} 倍になっている`,
      };
    }
    case "each":
      return eachWords(cause, axisWord(symbol, cause.axis));
    case "function of":
      return cause.quotient
        ? {
          en: `it is multiplied by a function of ${cause.symbol}`,
          ja: `${cause.symbol} の関数が余分に掛かっている`,
        }
        : {
          en: `it is another function of ${cause.symbol}`,
          ja: `${cause.symbol} の別の関数になっている`,
        };
    case "other quantity":
      return { en: `it is ${cause.symbol}`, ja: `${cause.symbol} になっている` };
    case "combination": {
      const sum = formatTerms(cause.terms);
      return { en: `it is ${sum}`, ja: `${sum} になっている` };
    }
    case "function":
      return {
        en: `each entry is ${cause.formula}, where x is the right one`,
        ja: `正しい要素を x とすると、各要素が ${cause.formula} になっている`,
      };
    case "weighted examples":
      return exampleWords(cause.weights);
    case "reshaped":
      return {
        en: "brought to its shape by reshape in place of a transpose",
        ja: "転置すべきところを reshape で変形している",
      };
    case "permuted":
      return permutationWords(cause.order, axisWord(symbol, cause.axis));
    case "row":
    case "column": {
      const word = axisWord(symbol, cause.kind === "row" ? "rows" : "columns");
      return {
        en: `only ${word.en} ${cause.index} differs (counted from 0)`,
        ja: `${word.ja} ${cause.index}（0 から数える）だけが異なる`,
      };
    }
    case "entry":
      return entryWords(
        symbol,
        cause.row,
        cause.column,
        (en) => `only the entry of ${en} differs`,
        "の要素だけが異なる",
      );
    case "some": {
      const word = axisWord(symbol, cause.axis), list = formatIndices(cause.indices);
      return {
        en: cause.zero
          ? `0 for ${plural(word.en)} ${list} (counted from 0)`
          : `only ${plural(word.en)} ${list} differ (counted from 0)`,
        ja: cause.zero
          ? `${word.ja} ${list}（0 から数える）が 0 になっている`
          : `${word.ja} ${list}（0 から数える）だけが異なる`,
      };
    }
    case "zeros": {
      const times = cause.factor && factorName(cause.factor);
      const [en, ja] = times === undefined
        ? ["right", "正しい"]
        : [`${times} times what they should be`, `正しい値の ${times} 倍になっている`];
      return {
        en: `${cause.count} of ${cause.of} entries are 0, the others are ${en}`,
        ja: `${cause.of} 個の要素のうち ${cause.count} 個が 0 で、ほかは${ja}`,
      };
    }
    case "alike": {
      const word = axisWord(symbol, cause.axis);
      return {
        en: `the numbers of all ${plural(word.en)} are the same`,
        ja: `どの${word.ja}の値も同じになっている`,
      };
    }
    case "shifted":
      return {
        en: `${significantDigits(cause.by, 6)} is added to every entry`,
        ja: `すべての要素に ${significantDigits(cause.by, 6)} が足されている`,
      };
    case "float32 rounding":
    case "float16 rounding": {
      const precision = cause.kind.split(" ")[0]!;
      return {
        en: `it has the rounding errors of ${precision}`,
        ja: `${precision} の丸め誤差がある`,
      };
    }
    case "shape": {
      const found = formatShape(cause.shape), need = cause.need.join("x");
      const equals = cause.equals;
      return {
        en: `its shape is ${found}, need ${need}${equals ? `; it equals ${equals}` : ""}`,
        ja: `形が ${found} である。${need} が必要${equals ? `（値は ${equals} と等しい）` : ""}`,
      };
    }
    case "not finite": {
      const holds = entryWords(
        symbol,
        cause.row,
        cause.column,
        (en) => `holds ${cause.value}, first for ${en}`,
        `が ${cause.value} になっている`,
      );
      const likely = NOT_FINITE[symbol];
      return {
        en: holds.en + (likely ? `: ${likely.en}?` : ""),
        ja: holds.ja + (likely ? `（${likely.ja}のおそれ）` : ""),
      };
    }
    case "unknown":
      return {
        en: "no known mistake explains it",
        ja: "既知の誤りのどれにも当てはまらない",
      };
  }
}

function mistakeWords(
  { mistakes, factor }: Extract<Cause, { readonly kind: "mistakes" }>,
  symbol: ComputedSymbol,
): Text {
  const words = mistakes.map(({ quantity, words: { en, ja } }): Text =>
    quantity === symbol ? { en, ja } : { en: `in ${quantity}, ${en}`, ja: `${quantity} で、${ja}` }
  );
  // what is wrong in the quantity itself comes before what is in others
  const isOfOthers = mistakes.every(({ quantity }) => quantity !== symbol);
  if (factor !== undefined) words[isOfOthers ? "unshift" : "push"](factorWords(factor));
  return {
    en: words.map(({ en }) => en).join("; and "),
    ja: words.map(({ ja }) => ja).join("。また、"),
  };
}

/** How often what it should be. */
function factorWords({ value, name }: Factor): Text {
  if (value === 0) return { en: "all entries are 0", ja: "すべての要素が 0 になっている" };
  if (name === "-1") return { en: "the sign is wrong", ja: "符号が逆になっている" };
  const short = factorName({ value, name });
  const times = short === "1" ? significantDigits(value, 13) : short;
  return { en: `${times} times what it should be`, ja: `正しい値の ${times} 倍になっている` };
}

/** The name of a factor, or its digits. */
export function factorName({ value, name }: Factor): string {
  return name ?? significantDigits(value, 6);
}

function eachWords(
  { factors, shifts }: Extract<Cause, { readonly kind: "each" }>,
  word: Text,
): Text {
  const list = (numbers: readonly number[]) =>
    numbers.slice(0, 3).map((x) => significantDigits(x, 3)).join(", ") +
    (numbers.length > 3 ? ", …" : "");
  const parts: Text[] = [
    ...factors
      ? [{
        en: `multiplied by a factor of its own (${list(factors)})`,
        ja: `別々の係数 (${list(factors)}) が掛かっている`,
      }]
      : [],
    ...shifts
      ? [{
        en: `shifted by a number of its own (${list(shifts)})`,
        ja: `別々の数 (${list(shifts)}) が足されている`,
      }]
      : [],
  ];
  return {
    en: `each ${word.en} is ${parts.map(({ en }) => en).join(" and ")}`,
    ja: `${word.ja}ごとに${parts.map(({ ja }) => ja).join("。また、")}`,
  };
}

/** `dW1 + 0.0001 W1`. */
export function formatTerms(terms: readonly Term[]): string {
  return terms.map(({ coefficient, symbol }, i) => {
    const size = significantDigits(Math.abs(coefficient), 6);
    const product = symbol === "1" ? size : size === "1" ? symbol : `${size} ${symbol}`;
    return i === 0
      ? `${coefficient < 0 ? "-" : ""}${product}`
      : `${coefficient < 0 ? "-" : "+"} ${product}`;
  }).join(" ");
}

function exampleWords(weights: readonly number[]): Text {
  const kept = [...weights.keys()].filter((i) => weights[i] !== 0);
  const left = [...weights.keys()].filter((i) => weights[i] === 0);
  const values = [...new Set(kept.map((i) => weights[i]!))];
  if (values.length === 1) {
    const [value] = values, list = formatIndices(kept), without = formatIndices(left);
    const times = value === 1 ? "" : significantDigits(value!, 6);
    const few = kept.length > left.length;
    return {
      en: (few
        ? `the sum leaves out ${noun(left)} ${without}`
        : `the sum has ${noun(kept)} ${list} only`) +
        (times ? `, and is multiplied by ${times}` : "") + " (counted from 0)",
      ja: (few ? `例 ${without} が和から抜けている` : `例 ${list} だけの和になっている`) +
        (times ? `。また、${times} 倍されている` : "") + "（0 から数える）",
    };
  }
  const list = weights.slice(0, 8).map((weight) => significantDigits(weight, 3)).join(", ");
  const more = weights.length > 8 ? ", …" : "";
  return {
    en: `the examples are summed with the weights ${list}${more}`,
    ja: `例が重み ${list}${more} で足されている`,
  };
}

/** `example` or `examples`. */
function noun(indices: readonly number[]): string {
  return indices.length === 1 ? "example" : "examples";
}

function permutationWords(order: readonly number[], word: Text): Text {
  const moved = order.flatMap((from, to) => from === to ? [] : [to]);
  const n = order.length;
  if (moved.length === 2) {
    return {
      en: `${plural(word.en)} ${moved.join(" and ")} are swapped (counted from 0)`,
      ja: `${word.ja} ${moved.join(" と ")}（0 から数える）が入れ替わっている`,
    };
  }
  if (order.every((from, to) => from === n - 1 - to)) {
    return {
      en: `the ${plural(word.en)} are in reverse order`,
      ja: `${word.ja}の順序が逆になっている`,
    };
  }
  const by = (n - order[0]!) % n;
  if (order.every((from, to) => (from + by) % n === to)) {
    const steps = by <= n / 2 ? by : by - n;
    return {
      en: `the ${plural(word.en)} are shifted by ${steps}`,
      ja: `${word.ja}が ${steps} だけずれている`,
    };
  }
  return {
    en: `the ${plural(word.en)} are in another order`,
    ja: `${word.ja}の順序が異なる`,
  };
}

/** What makes an entry infinite or NaN, by the quantity that is the first to hold one. */
const NOT_FINITE: Readonly<Partial<Record<ComputedSymbol, Text>>> = {
  Y1: { en: "does the exponential overflow", ja: "指数関数のオーバーフロー" },
  P: { en: "does the exponential overflow", ja: "指数関数のオーバーフロー" },
  L: { en: "is it the logarithm of 0", ja: "0 の対数" },
  E: { en: "is it the logarithm of 0", ja: "0 の対数" },
};

/** What a row or a column is, by the letter of its axis. */
const AXIS_WORDS: Readonly<Record<string, Text>> = {
  D: { en: "input", ja: "入力" },
  M: { en: "hidden unit", ja: "隠れユニット" },
  K: { en: "class", ja: "クラス" },
  B: { en: "example", ja: "例" },
};

/** What a row or a column of a quantity is; undefined if there is one only. */
function axisWordOf(symbol: ComputedSymbol, axis: Axis): Text | undefined {
  const { axes: [rows, columns] } = QUANTITIES[symbol];
  return AXIS_WORDS[axis === "rows" ? rows : columns];
}

function axisWord(symbol: ComputedSymbol, axis: Axis): Text {
  return axisWordOf(symbol, axis) ?? { en: axis.slice(0, -1), ja: axis === "rows" ? "行" : "列" };
}

function entryWords(
  symbol: ComputedSymbol,
  row: number,
  column: number,
  en: (place: string) => string,
  ja: string,
): Text {
  const places = ([["rows", row], ["columns", column]] as const).flatMap(([axis, index]) => {
    const word = axisWordOf(symbol, axis);
    return word === undefined ? [] : [{ en: `${word.en} ${index}`, ja: `${word.ja} ${index}` }];
  });
  if (places.length === 0) return { en: en("the only entry"), ja: `唯一の要素${ja}` };
  return {
    en: `${en(places.map(({ en }) => en).join(", "))} (counted from 0)`,
    ja: `${places.map(({ ja }) => ja).join("、")}（0 から数える）${ja}`,
  };
}

function plural(word: string): string {
  return word === "class" ? "classes" : `${word}s`;
}

/** `0-4, 7`; at most four ranges. */
function formatIndices(indices: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const i of indices) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === i - 1) last[1] = i;
    else ranges.push([i, i]);
  }
  const shown = ranges.slice(0, 4).map(([a, b]) => a === b ? `${a}` : `${a}-${b}`);
  return [...shown, ...ranges.length > 4 ? ["…"] : []].join(", ");
}
