// What is known of a wrong quantity, and the kinds of explanations with their words.
import { formatShape } from "../formats/nd_array.ts";
import type { RunTimeMatrix } from "../math/matrix.ts";
import type { Mistake } from "../mistakes/mistake.ts";
import {
  type ComputedSymbol,
  QUANTITIES,
  type RunTimeReplacements,
  type RunTimeStep,
  type StepSymbol,
} from "../network/step.ts";
import { t, type Text } from "../text/layout.ts";
import { significantDigits } from "../text/numbers.ts";

/**
 * A factor, as B, 1/K, -1 or 0.37.
 *
 * @category 7 Checks
 */
export interface Factor {
  /** Its value. */
  readonly value: number;
  /** Its name, if it is one of the usual factors: `1/B`. */
  readonly name: string | undefined;
}

/**
 * One explanation of a wrong quantity.
 *
 * @category 7 Checks
 */
export interface Cause {
  /** What kind of explanation it is: known mistakes, a factor, another equation, … */
  readonly kind: string;
  /** The explanation in one clause; rows, columns and indices are counted from 0. */
  readonly words: Text;
  /** The known mistakes that give it, made together; none for other kinds. */
  readonly mistakes: readonly Mistake[];
  /** What the result is multiplied by, if anything. */
  readonly factor: Factor | undefined;
  /** The right-hand side that gives it, if there is one: `dA1 Xᵀ / B`. */
  readonly formula: string | undefined;
  /**
   * The greatest difference from what the explanation gives, relative to the largest entry, if it
   * gives numbers.
   */
  readonly error: number | undefined;
  /** The quantity whose equation is wrong, with what it is then, if that was not recorded. */
  readonly made: { readonly in: ComputedSymbol; readonly matrix: RunTimeMatrix } | undefined;
  /** The network in which this is no mistake, if it is found everywhere: `Adam`. */
  readonly network: Text | undefined;
}

/**
 * A wrong quantity.
 *
 * @internal
 */
export interface Suspect {
  readonly symbol: ComputedSymbol;
  /** The matrices that the recorded array may stand for; none if its shape does not fit. */
  readonly candidates: readonly RunTimeMatrix[];
  readonly shape: readonly number[];
  readonly data: Float64Array<ArrayBuffer>;
  /** What it should be: what the quantities before it give. */
  readonly right: RunTimeMatrix;
  /** The quantities of the program: recorded, or computed from those that are. */
  readonly own: RunTimeStep;
  /** The recorded ones before it, and the inputs. */
  readonly given: { readonly [Symbol in StepSymbol]?: RunTimeStep[Symbol] };
  /** Those that were recorded after it, as they may be read. */
  readonly later: readonly (readonly [ComputedSymbol, readonly RunTimeMatrix[]])[];
  /** The equations that are not the table's, in a program of another convention or network. */
  readonly changed: RunTimeReplacements;
  /** The quantities of the step before, if the file has two. */
  readonly previous: RunTimeStep | undefined;
  /** Whether the learning rate is known: if not, an update may have any. */
  readonly rateIsKnown: boolean;
  readonly sizes: Readonly<Record<"D" | "M" | "K" | "B", number>>;
  readonly precision: "float64" | "float32" | "float16";
  /** The greatest relative difference that rounding explains, and that of the right equation. */
  readonly tolerance: number;
  readonly error: number;
}

/** Rows or columns. */
export type Side = "rows" | "columns";

type Part = Partial<Omit<Cause, "kind" | "words">>;
type Found = Pick<Cause, "words"> & Part;

/** The explanations by their kinds: what each needs, and what it says. */
const causes = {
  /** What a known mistake gives, and a factor besides. */
  mistakes: (symbol: ComputedSymbol, mistakes: readonly Mistake[], part: Part): Found => {
    const [{ quantity, words }] = mistakes as [Mistake], isOwn = quantity === symbol;
    // the images of the forward pass may be right
    const [place, ja] = quantity === "X" && symbol === "dW1"
      ? ["the X of this product", "この積の X"]
      : [quantity, quantity];
    const mistake = isOwn ? words : t(`in ${place}, ${words.en}`, `${ja} で、${words.ja}`);
    if (!part.factor) return { words: mistake, mistakes, ...part };
    // what is wrong in the quantity itself comes before what is in others
    const both = [mistake, factorWords(part.factor)], [a, b] = isOwn ? both : both.toReversed();
    return { words: t(`${a!.en}; and ${b!.en}`, `${a!.ja}。また、${b!.ja}`), mistakes, ...part };
  },
  /** A multiple of what it should be. */
  factor: (factor: Factor, norm: number | undefined, part: Part): Found => {
    const { en, ja } = factorWords(factor);
    return {
      words: norm === undefined
        ? t(en, ja)
        : t(`clipped to the norm ${norm} (${en})`, `ノルム ${norm} にクリップされている（${ja}）`),
      factor,
      ...part,
    };
  },
  /** Another equation in the same quantities, or in those of the step before. */
  equation: (formula: string, part: Part = {}, words?: Text): Found => ({
    words: words ?? t(`it is ${formula}`, `${formula} になっている`),
    formula,
    ...part,
  }),
  /** A function of what it should be. */
  function: ({ en, ja }: Text, error: number): Found => ({
    words: t(
      `it is ${en}, where x is what it should be`,
      `正しい値を x とすると、${ja}になっている`,
    ),
    error,
  }),
  /** A difference in some rows or columns only. */
  some: (symbol: ComputedSymbol, side: Side, indices: readonly number[], zero: boolean): Found => {
    const { en, ja } = sideWord(symbol, side), list = formatIndices(indices);
    const one = indices.length === 1, noun = one ? en : plural(en);
    return {
      words: zero
        ? t(
          `0 for ${noun} ${list} (counted from 0)`,
          `${ja} ${list}（0 から数える）が 0 になっている`,
        )
        : t(
          `only ${noun} ${list} ${one ? "differs" : "differ"} (counted from 0)`,
          `${ja} ${list}（0 から数える）だけが異なる`,
        ),
    };
  },
  /** The wrong number of entries, and what has that number and these values. */
  shape: (
    symbol: ComputedSymbol,
    shape: readonly number[],
    need: readonly number[],
    equals: string | undefined,
  ): Found => {
    const found = formatShape(shape), wanted = need.join("x");
    const hint = isBroadcast(symbol, shape)
      ? BROADCAST
      : equals
      ? t(`it equals ${equals}`, `値は ${equals} と等しい`)
      : undefined;
    return {
      words: t(
        `its shape is ${found}, need ${wanted}${hint ? `; ${hint.en}` : ""}`,
        `形が ${found} である。${wanted} が必要${hint ? `（${hint.ja}）` : ""}`,
      ),
      formula: equals,
    };
  },
  /** An entry that is not finite. */
  "not finite": (symbol: ComputedSymbol, value: number, row: number, column: number): Found => {
    const { en, ja } = placeWords(symbol, row, column), likely = NOT_FINITE[symbol];
    return {
      words: t(
        `holds ${value}, first for ${en}${likely ? `: ${likely.en}?` : ""}`,
        `${ja}が ${value} になっている${likely ? `（${likely.ja}のおそれ）` : ""}`,
      ),
    };
  },
  /** Nothing of this. */
  unknown: (): Found => ({
    words: t("no known mistake explains it", "既知の誤りのどれにも当てはまらない"),
  }),
};

/** An explanation of a kind. */
export function cause<Kind extends keyof typeof causes>(
  kind: Kind,
  ...given: Parameters<typeof causes[Kind]>
): Cause {
  const make = causes[kind] as (...given: unknown[]) => Found;
  const { words, mistakes = [], factor, formula, error, made, network } = make(...given);
  return { kind, words, mistakes, factor, formula, error, made, network };
}

/** How often what it should be. */
function factorWords({ value, name }: Factor): Text {
  if (value === 0) return t("all entries are 0", "すべての要素が 0 になっている");
  if (name === "-1") return t("the sign is wrong", "符号が逆になっている");
  if (name === "1/B") return t("divided by B once too often", "B で余分に割っている");
  if (name === "B") {
    return t("not divided by B: B times what it should be", "B で割っていない（正しい値の B 倍）");
  }
  const times = name ?? significantDigits(value, Math.abs(value - 1) < 1e-5 ? 13 : 6);
  return t(`${times} times what it should be`, `正しい値の ${times} 倍になっている`);
}

/** The name of a factor, or its digits. */
export function factorName({ value, name }: Factor): string {
  return name ?? significantDigits(value, 6);
}

/** What makes an entry infinite or NaN, by the quantity that is the first to hold one. */
const NOT_FINITE: Readonly<Partial<Record<ComputedSymbol, Text>>> = {
  Y1: t("does the exponential overflow", "指数関数のオーバーフロー"),
  P: t("does the exponential overflow", "指数関数のオーバーフロー"),
  L: t("is it the logarithm of 0", "0 の対数"),
  E: t("is it the logarithm of 0", "0 の対数"),
};

/** A bias of shape (K, K) comes of a row and a column that NumPy broadcasts. */
function isBroadcast(symbol: ComputedSymbol, shape: readonly number[]): boolean {
  return /^d?b[12]'?$/.test(symbol) && shape.length === 2 && shape[0] === shape[1];
}

const BROADCAST = t(
  "a row and a column were broadcast to a matrix: (n,) and (n, 1) give (n, n)",
  "行ベクトルと列ベクトルがブロードキャストされている。(n,) と (n, 1) から (n, n) ができる",
);

/** What a row or a column is, by the letter of its axis. */
const SIDE_WORDS: Readonly<Record<string, Text>> = {
  D: t("input", "入力"),
  M: t("hidden unit", "隠れユニット"),
  K: t("class", "クラス"),
  B: t("example", "サンプル"),
};

function sideWord(symbol: ComputedSymbol, side: Side): Text {
  const { axes: [rows, columns] } = QUANTITIES[symbol];
  return SIDE_WORDS[side === "rows" ? rows : columns] ??
    t(side.slice(0, -1), side === "rows" ? "行" : "列");
}

/** Where an entry is: `hidden unit 3, example 0 (counted from 0)`. */
function placeWords(symbol: ComputedSymbol, row: number, column: number): Text {
  const a = sideWord(symbol, "rows"), b = sideWord(symbol, "columns");
  return t(
    `${a.en} ${row}, ${b.en} ${column} (counted from 0)`,
    `${a.ja} ${row}、${b.ja} ${column}（0 から数える）`,
  );
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
