// What another program recorded of one or two training steps: its quantities as matrices, the sizes
// of its network, or why that cannot be judged.
import { formatShape, type NdArray, toFloat64 } from "../formats/nd_array.ts";
import {
  type ComputedSymbol,
  type InputSymbol,
  QUANTITIES,
  type RunTimeStep,
  STEP,
  type StepSymbol,
} from "../network/step.ts";
import type { RunTimeMatrix } from "../math/matrix.ts";
import { maxAbs } from "../math/max_abs.ts";
import { describeValue, oneLine, quote } from "../text/escape.ts";
import { cutMiddle, t, type Text } from "../text/layout.ts";
import {
  assignAll,
  type Assigned,
  bestOf,
  type Choice,
  choicesOf,
  GIVEN,
  hintsOf,
  INPUTS,
  isParameter,
  type Item,
  type KnownValues,
  layersOf,
  multiplications,
  PARAMETERS,
  parse,
  shapeOf,
  SYMBOLS,
  toMatrix,
  valuesOf,
  waysRound,
} from "./assignment.ts";

export {
  type KnownValues,
  multiplications,
  shapeOf,
  type StepSizes,
  SYMBOLS,
} from "./assignment.ts";

/**
 * The kinds of floating-point numbers.
 *
 * @internal
 */
export type Precision = "float64" | "float32" | "float16";

/** The rounding error of each, relative. */
export const UNIT_ROUNDOFF: Readonly<Record<Precision, number>> = {
  float64: 2 ** -53,
  float32: 2 ** -24,
  float16: 2 ** -11,
};

/** @internal The name of an array, and whether it holds the transpose in this project's layout. */
export interface Source {
  readonly name: string;
  readonly transposed: boolean;
}

/** What a program recorded of a step, in the likeliest way to read it first; of two, both. */
type Step = Exclude<ReturnType<typeof readStep>, Undecided>;
export type StepDump = Step & { readonly next?: Step };
export type DumpReading = Step["readings"][number];
/** An array of a computed quantity, and the matrices that it may be; none if its shape differs. */
export type Recorded = NonNullable<ReturnType<DumpReading["recorded"]["get"]>>;

/**
 * How to read what a program recorded.
 *
 * @category 7 Checks
 */
export interface DiagnoseOptions {
  /** What names stand for, by name: `{ mine: "dW1" }`. */
  readonly names?: Readonly<Record<string, StepSymbol>>;
  /** The learning rate, instead of the one that the arrays have. */
  readonly learningRate?: number;
}

/**
 * A file that cannot be judged.
 *
 * @category 7 Checks
 */
export interface Undecided {
  /** `another network` if the names of the arrays say so: other layers, no biases. */
  readonly verdict: "undecided" | "another network";
  /** What is missing, or does not fit. */
  readonly reason: Text;
}

export const undecided = (reason: Text): Undecided => ({ verdict: "undecided", reason });

const RECORDER = t(
  "diagnose --recorder prints how to record them",
  "記録の方法は diagnose --recorder で表示される",
);

export const NOTHING_COMPUTED: Undecided = undecided(t(
  `needs one computed quantity at least; ${RECORDER.en}`,
  `計算した量が少なくとも一つ必要である。${RECORDER.ja}`,
));

type Arrays = ReadonlyMap<string, NdArray>;

/** Reads a dump, or says why it cannot be judged. */
export function readStepDump(file: Arrays, options: DiagnoseOptions = {}): StepDump | Undecided {
  const given = new Map(Object.entries(options.names ?? {}));
  const arrays = given.size > 0 ? file : withoutBiasColumns(withOneName(file));
  const names = [...arrays.keys()];
  for (const [name, symbol] of given) {
    if (!SYMBOLS.includes(symbol)) {
      throw new RangeError(
        `Cannot take ${quote(name)} for ${describeValue(symbol)}: need one of ${SYMBOLS.join(" ")}`,
      );
    }
    if (!arrays.has(name)) {
      return undecided(t(
        `has no array ${shorten(name)}, only ${listOf(names)}`,
        `配列 ${shorten(name)} がない。あるのは ${listOf(names)} である`,
      ));
    }
  }
  const nextNames = names.filter((name) => /^next_./.test(name) && !given.has(name));
  const firstNames = names.filter((name) => !nextNames.includes(name));
  const step = readStep(itemsOf(firstNames, arrays, given), arrays, options);
  if ("reason" in step || nextNames.length === 0) return step;
  // arrays of one name are the same quantity in both steps; a number may be equal in one
  const { sources, recorded } = step.readings[0]!, known = new Map<string, StepSymbol>();
  for (const [symbol, { name }] of [...sources, ...recorded]) {
    if (/^[LE]$/.test(symbol) && !hintsOf([name])[0]!.has(symbol)) continue;
    if (arrays.has(`next_${name}`)) known.set(`next_${name}`, symbol);
    else if (symbol.endsWith("'")) known.set(name, symbol.slice(0, 2) as StepSymbol);
  }
  const all = [...new Set([...nextNames, ...known.keys()])];
  const next = readStep(itemsOf(all, arrays, known), arrays, options);
  return "reason" in next ? step : { ...step, next };
}

/** What the recorder names `tot|gW1`, as both are that array, under the name that says most. */
function withOneName(arrays: Arrays): Arrays {
  const weightOf = (name: string) => Math.max(0, ...hintsOf([name])[0]!.values());
  return new Map([...arrays].map(([name, array]) => {
    const [, next, all] = /^(next_)?(.*)$/s.exec(name)!;
    const [best] = all!.split("|").toSorted((a, b) => weightOf(b) - weightOf(a));
    return [`${next ?? ""}${best}`, array];
  }));
}

/**
 * Octave's Theta, (M, D + 1), as the weights `Theta1[:, 1:]` and the bias `Theta1[:, 0]`; if it is
 * (D + 1, M), as `Theta1[1:, :]` and `Theta1[0, :]`. Where the ones of the inputs come last, so does
 * the bias: `Theta1[:, -1]`.
 */
function withoutBiasColumns(arrays: Arrays): Arrays {
  const kinds = [...arrays.keys()].map((name) => parse(name).parameter);
  const weights = [...arrays].filter((_, i) => kinds[i] === "W").map(([, { shape }]) => shape);
  const isFollowed = (axis: 0 | 1) =>
    weights.some((one) => weights.some((next) => next[axis] === one[1 - axis]! + 1));
  if (kinds.includes("b") || !isFollowed(0) && !isFollowed(1)) return arrays;
  const areOnes = ({ shape: [, columns = 0], data }: NdArray, place: number) =>
    data.every((x, at) => at % columns !== place || Number(x) === 1);
  const isLast = (length: number) =>
    [...arrays.values()].some((one) =>
      one.shape.length === 2 && one.shape[1] === length && areOnes(one, length - 1) &&
      !areOnes(one, 0)
    );
  return new Map([...arrays].flatMap(([name, array]): [string, NdArray][] => {
    const [rows = 1, columns = 1] = array.shape, data = toFloat64(array);
    if (array.shape.length !== 2 || columns < 2) return [[name, array]];
    // sums of gradients have the shape of weights, and other names
    const isWeight = weights.some((shape) => shape.join() === array.shape.join());
    const isRow = isWeight && !isFollowed(1), length = isRow ? rows : columns;
    const place = isLast(length) ? length - 1 : 0, others = place > 0 ? ":-1" : "1:";
    const isBias = (_: unknown, at: number) =>
      place === (isRow ? Math.floor(at / columns) : at % columns);
    const shape = isRow ? [rows - 1, columns] : [rows, columns - 1];
    const nameOf = (some: string | number) => `${name}[${isRow ? `${some}, :` : `:, ${some}`}]`;
    const bias = data.filter(isBias), rest = data.filter((x, at) => !isBias(x, at));
    const weight: [string, NdArray] = [nameOf(others), { ...array, shape, data: rest }];
    if (isWeight) {
      const end = nameOf(place > 0 ? -1 : 0);
      return [weight, [end, { ...array, shape: [bias.length], data: bias }]];
    }
    // of activations, the column of ones goes
    return bias.every((x) => x === 1) ? [weight] : [[name, array]];
  }));
}

/** `theta[0]` … `theta[3]` as `W1`, `b1`, `W2`, `b2`, if every second one is a vector. */
function inOneList(name: string, arrays: Arrays): string {
  const [, list, place, rest] = /^(.*)\[([0-3])\](.*)$/s.exec(name) ?? [];
  const all = [0, 1, 2, 3, 4].map((i) => arrays.get(`${list}[${i}]${rest}`)?.shape);
  const axes = all.map((shape) => shape?.filter((size) => size !== 1).length ?? 0);
  if (axes.join() !== "2,1,2,1,0") return name;
  return `${parse(name).isGradient ? "d" : ""}${PARAMETERS[Number(place)]}${rest}`;
}

function itemsOf(
  names: readonly string[],
  arrays: Arrays,
  given: ReadonlyMap<string, StepSymbol>,
): Item[] {
  const plain = names.map((name) => {
    const { isGradient, parameter } = parse(name), { shape } = arrays.get(name)!;
    // a number is no parameter: w and h are those of an image
    const isSize = parameter !== undefined && !isGradient && shape.length === 0;
    return isSize ? "" : inOneList(name, arrays).replace(/^next_/, "");
  });
  const hints = hintsOf(plain), taken = new Set(given.values());
  return names.map((name, i) => {
    const array = arrays.get(name)!, symbol = given.get(name);
    // a whole number is no loss: J is one, j counts
    const isCounter = array.shape.length === 0 && !/f\d$/.test(array.dtype);
    const free = [...hints[i]!].filter(([symbol]) =>
      !taken.has(symbol) && !(isCounter && symbol === "E")
    );
    const other = arrays.get(/^next_/.test(name) ? name.slice(5) : `next_${name}`);
    const isPast = !free.some(([symbol]) => isParameter(symbol)) && isOfStepBefore(name, arrays);
    return {
      ...{ name, plain: plain[i]!, array, data: toFloat64(array) },
      shape: array.shape.filter((size) => size !== 1),
      hints: new Map(symbol !== undefined ? [[symbol, GIVEN]] : isPast ? [] : free),
      isUpdated: arrays.has(`${name}_after`) || arrays.has(`next_${name}_after`),
      isChanged: other !== undefined && !areEqual(array, other),
      matrices: new Map(),
    };
  });
}

function areEqual({ data }: NdArray, other: NdArray | undefined): boolean {
  return data.length === other?.data.length && data.every((x, i) => x === other.data[i]);
}

/** Whether an array has what another has a step later: `last_loss` of `loss`. */
function isOfStepBefore(name: string, arrays: Arrays): boolean {
  const next = arrays.get(`next_${name}`);
  return !areEqual(arrays.get(name)!, next) &&
    [...arrays].some(([other, array]) => !other.startsWith("next_") && areEqual(array, next));
}

/** The most multiplications in W1 X and W2 Y1: 3072-512-10 with 1,000 examples has 1.6e9. */
const MAX_MULTIPLICATIONS = 2e9;

function readStep(items: readonly Item[], arrays: Arrays, options: DiagnoseOptions) {
  const rateOf = ({ hints, data }: Item) => data.length === 1 ? hints.get("η") ?? 0 : 0;
  const [rate] = items.filter((item) => rateOf(item) > 0)
    .toSorted((a, b) => rateOf(b) - rateOf(a));
  const further = furtherLayers(items), quantities = items.filter((item) => item !== rate);
  if (further.length > 0) return anotherNetwork("of further layers", "層がもっと多い", further);
  const isFree = (name: string) => arrays.has(name) && !Object.hasOwn(options.names ?? {}, name);
  /** The others, of which some are the parameters after the step or before the next, or `.grad`. */
  const restOf = ({ inputs }: Pick<Choice, "inputs">) => {
    const known = new Map<string, StepSymbol>();
    for (const [symbol, { item: { name } }] of inputs) {
      if (!isParameter(symbol)) continue;
      const after = [`${name}_after`, `next_${name}`].find(isFree);
      if (after !== undefined) known.set(after, `${symbol}'` as StepSymbol);
      if (isFree(`${name}.grad`)) known.set(`${name}.grad`, `d${symbol}` as StepSymbol);
    }
    const used = [...inputs.values()].map(({ item }) => item);
    const others = quantities.filter((item) => !used.includes(item) && !known.has(item.name));
    return [...others, ...itemsOf([...known.keys()], arrays, known)];
  };
  const choices = bestOf(choicesOf(quantities).choices, restOf);
  const [first] = choices;
  if (first === undefined) return problemOf(quantities);
  const { sizes } = first;
  for (const [symbol, { item }] of first.inputs) {
    if (Number.isFinite(maxAbs(item.data))) continue;
    const value = item.data.find((x) => !Number.isFinite(x));
    const array = quantityName(symbol, item.name);
    return undecided(t(
      `${array} holds ${value} before the step; record an earlier step`,
      `更新前の ${array} に ${value} がある。もっと前のステップを記録する`,
    ));
  }
  if (multiplications(sizes) > MAX_MULTIPLICATIONS) {
    const { D, M, B } = sizes;
    return undecided(t(
      `is too large: ${D}x${M} weights and ${B} examples; record a step of fewer examples`,
      `大きすぎる（重み ${D}x${M}、サンプル ${B} 個）。サンプルの少ないステップを記録する`,
    ));
  }
  const readings = [];
  let precision: Precision | undefined;
  for (const choice of choices) {
    const inputs = valuesOf(choice);
    const assigned = assignAll(restOf(choice), choice, inputs);
    // for words in the file's own names
    const sources = new Map<InputSymbol, Source>();
    for (const [symbol, { item: { name }, transposed }] of choice.inputs) {
      sources.set(symbol, { name, transposed });
    }
    if (rate !== undefined) sources.set("η", { name: rate.name, transposed: false });
    readings.push({ inputs, sources, recorded: recordedOf(assigned, choice) });
    precision ??= precisionOf(choice, assigned);
  }
  const { sources, recorded } = readings[0]!, η = options.learningRate ?? rate?.data[0];
  if (recorded.size === 0) return NOTHING_COMPUTED;
  const used = new Set([...sources, ...recorded].map(([, { name }]) => name));
  return {
    sizes,
    precision: precision!,
    learningRate: η !== undefined && Number.isFinite(η) && η > 0 ? η : undefined,
    unused: items.map(({ name }) => name).filter((name) => !used.has(name)),
    readings,
  };
}

/** Quantities that a program has in one layout: the listing's A1 is B x M, its dA1 M x B. */
const KINDS: readonly (readonly ComputedSymbol[])[] = [
  ["A1", "Y1", "A2", "P", "onehot"],
  ["dA2", "dY1", "dA1"],
];

/** The quantities that were recorded, in the order of the step. */
function recordedOf(
  assigned: ReadonlyMap<ComputedSymbol, Assigned>,
  { sizes, inputs }: Choice,
) {
  const waysOf = (symbol: ComputedSymbol) => {
    const one = assigned.get(symbol);
    return one === undefined ? [] : waysRound(one.item, symbol, sizes);
  };
  /** The way round of a square: that of its weights, or of most of its kind. */
  const usualWay = (symbol: ComputedSymbol) => {
    const weights = inputs.get(/W\d/.exec(symbol)?.[0] as InputSymbol);
    if (weights !== undefined) return weights.transposed;
    const told = (KINDS.find((kind) => kind.includes(symbol)) ?? [])
      .filter((one) => Math.min(...shapeOf(one, sizes)) > 1).map(waysOf)
      .filter(({ length }) => length === 1).flat();
    if (told.length === 0) return assigned.get(symbol)!.transposed;
    return 2 * told.filter((transposed) => transposed).length > told.length;
  };
  return new Map(STEP.flatMap(({ symbol }) => {
    const one = assigned.get(symbol);
    if (one === undefined) return [];
    const { item } = one, { name, data, array: { shape, dtype } } = item;
    const ways = waysOf(symbol), usual = usualWay(symbol);
    const both = symbol.includes("W") ? [usual] : [usual, !usual];
    const sorted = ways.length < 2 ? ways : both;
    return [
      [symbol, {
        ...{ name, shape, data, transposed: sorted[0] ?? false },
        precision: PRECISIONS[dtype.slice(1)] ?? "float64",
        readings: sorted.map((transposed) => {
          return { matrix: toMatrix(item, symbol, sizes, transposed), transposed };
        }),
      }] as const,
    ];
  }));
}

/** The precisions by the dtypes of NumPy, without the byte order. */
const PRECISIONS: Readonly<Record<string, Precision>> = { f2: "float16", f4: "float32" };

/** The precision of the program: the least of its arrays, of which float16 may be a copy. */
function precisionOf(
  { inputs }: Choice,
  assigned: Iterable<readonly [StepSymbol, Assigned]>,
): Precision {
  const parameters = PARAMETERS.map((symbol) => inputs.get(symbol)!.item);
  const computed = [...assigned].filter(([symbol]) => symbol !== "onehot").map(([, one]) =>
    one.item
  );
  const has = (items: readonly Item[], kind: string) =>
    items.some(({ array: { dtype } }) => dtype.endsWith(kind));
  if (has(parameters, "f2")) return "float16";
  const all = [...parameters, ...computed];
  // numbers of a few bits, as 0 or 0.25, do not tell
  const fractions = all.filter(({ data }) => !data.every((x) => Number.isInteger(4096 * x)));
  const isFloat32 = ({ data }: Item) => data.every((x) => Object.is(Math.fround(x), x));
  const areFloat32 = fractions.length > 0 && fractions.every(isFloat32);
  return has(all, "f4") || areFloat32 ? "float32" : "float64";
}

/** A network that shows in the arrays alone to be another. */
function anotherNetwork(en: string, ja: string, names: readonly string[]): Undecided {
  const reason = t(
    `is another network, ${en} (${listOf(names)}): not judged`,
    `${ja}、別のネットワークである（${listOf(names)}）。判定しない`,
  );
  return { verdict: "another network", reason };
}

/** Names of parameters of a third layer, or of a layer that this network has not. */
function furtherLayers(items: readonly Item[]): string[] {
  const parsed = items.map(({ plain }) => parse(plain)), layerOf = layersOf(parsed);
  const isRecorded = items.some(({ isUpdated }) => isUpdated);
  return items.filter(({ plain, isUpdated }, i) => {
    const one = parsed[i]!, isNamed = one.parameter !== undefined && !one.isGradient;
    if (isRecorded ? !isUpdated : !isNamed) return false;
    return isNamed && layerOf(one)! > 2 || /(^|[._[])(bn|batch_?norm|conv)\d*d?\b/i.test(plain);
  }).map(({ name }) => name);
}

/** Why no arrays can be the inputs: what names say is missing, or what does not fit. */
function problemOf(items: readonly Item[]): Undecided {
  const found = new Map<InputSymbol, Item>();
  for (const symbol of INPUTS) {
    const weight = ({ hints }: Item) =>
      hints.get(symbol) ?? (symbol === "labels" && hints.has("onehot") ? 0.5 : 0);
    const [item] = items.filter((item) => weight(item) > 0 && ![...found.values()].includes(item))
      .toSorted((a, b) => weight(b) - weight(a));
    if (item !== undefined) found.set(symbol, item);
  }
  const missing = INPUTS.filter((symbol) => !found.has(symbol));
  const names = [...found.values()].map(({ name }) => name);
  if (missing.join() === "W2,b2") {
    return anotherNetwork("without a hidden layer", "隠れ層のない", names);
  }
  if (missing.length > 0) {
    const unknown = items.filter(({ name, hints }) => !names.includes(name) && hints.size === 0);
    const needed = missing.map((one) => quantityName(one, QUANTITIES[one].listing)).join(", ");
    const { en, ja } = unknown.length === 0 ? t("", "") : t(
      ` (unknown: ${listOf(unknown.map(({ name }) => name))}; --names gives their symbols)`,
      `（不明な配列は ${listOf(unknown.map(({ name }) => name))}。--names で記号を指定できる）`,
    );
    return undecided(t(
      `needs ${needed}, before the step${en}; ${RECORDER.en}`,
      `更新前の ${needed} が必要である${ja}。${RECORDER.ja}`,
    ));
  }
  // of the arrays that names give, one does not fit
  const { choices, obstacle } = choicesOf([...found.values()]);
  const { symbol, sizes } = obstacle ?? { symbol: "labels", sizes: choices[0]!.sizes } as const;
  const item = found.get(symbol)!, { name, shape, array, data } = item, { K, B } = sizes;
  if (symbol === "b2" && data.length === 1) {
    return anotherNetwork("of one output", "出力が一つの", [name]);
  }
  if (symbol === "labels" && (data.length === B || waysRound(item, "onehot", sizes).length > 0)) {
    const label = data.find((x) => !(Number.isInteger(x) && x >= 0 && x < K));
    return undecided(
      data.length === B && label !== undefined
        ? t(
          `${shorten(name)} holds ${label}, need classes from 0 to ${K - 1}`,
          `${shorten(name)} に ${label} がある。0〜${K - 1} のクラスが必要である`,
        )
        : t(
          `${shorten(name)} is not one-hot: need a single 1 among ${K} classes for each example`,
          `${
            shorten(name)
          } が one-hot でない。サンプルごとに ${K} クラスのうち一つだけが 1 でなければならない`,
        ),
    );
  }
  const axes = symbol === "labels" ? ["K", "B"] as const : QUANTITIES[symbol].axes;
  // a letter stands for any size
  const need = axes.map((axis) => axis !== "1" && sizes[axis] || axis).join("x");
  const has = t(
    `${quantityName(symbol, name)} has the shape ${formatShape(array.shape)}`,
    `${quantityName(symbol, name)} の形が ${formatShape(array.shape)} である`,
  );
  const isBroadcast = symbol[0] === "b" && shape.length === 2 && shape[0] === shape[1];
  return undecided(
    isBroadcast
      ? t(
        `${has.en}: NumPy adds a row to a column so; keep one shape`,
        `${has.ja}。行と列を足すとこうなる。形をどちらかにそろえる`,
      )
      : t(
        `${has.en}, need ${need} or its transpose`,
        `${has.ja}（必要なもの: ${need} かその転置）`,
      ),
  );
}

/** What is unusual about the inputs of a step, though every equation is right. */
export function hintsAbout({ own, given, learningRate }: {
  readonly own: RunTimeStep;
  readonly given: KnownValues;
  readonly learningRate: { readonly value: number } | undefined;
}): Text[] {
  const { X, W2, Y1, labels } = own, { data, rows: D, columns: B } = X, K = W2.rows;
  const max = maxAbs(data), classes = new Set(labels.values), [label] = classes;
  const missing = Array.from({ length: K }, (_, k) => k).filter((k) => !classes.has(k));
  const [s, verb] = missing.length > 1 ? ["es", "occur"] : ["", "occurs"];
  const saturated = Y1.data.filter((y) => y < 0.01 || y > 0.99).length / Y1.data.length;
  const share = `${Math.round(100 * saturated)} %`;
  const ofWeights = (["W1", "W2"] as const).flatMap((W) => {
    const { data } = own[W];
    const after = given[`${W}'`]?.data;
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
  let n = 0, x = 0, y = 0, xx = 0, yy = 0, xy = 0;
  for (let i = 0; i < data.length; i++) {
    if (Math.floor(i / columns) % side === side - 1) continue;
    const a = data[i]!, b = data[i + columns]!;
    [n, x, y] = [n + 1, x + a, y + b];
    [xx, yy, xy] = [xx + a * a, yy + b * b, xy + a * b];
  }
  return xy - x * y / n < 0.25 * Math.sqrt((xx - x * x / n) * (yy - y * y / n));
}

/** The names of arrays, the first eight of them. */
export function listOf(names: readonly string[]): string {
  return [...names.slice(0, 8).map(shorten), ...names.length > 8 ? ["…"] : []].join(", ");
}

/** A name from a file, escaped and cut. */
export const shorten = (name: string) => cutMiddle(oneLine(name), 24);

/** The project's symbol, and the name in the file where it is another: `dW1 (delta_W1)`. */
export function quantityName(symbol: StepSymbol, name: string): string {
  return symbol === name || name === "" ? symbol : `${symbol} (${shorten(name)})`;
}
