// What another program recorded of one or two training steps: its quantities as matrices, the sizes
// of its network, and why it cannot be judged.
import { type NdArray, toFloat64 } from "../formats/nd_array.ts";
import type { RunTimeMatrix } from "../math/matrix.ts";
import { type ComputedSymbol, type InputSymbol, STEP, type StepSymbol } from "../network/step.ts";
import { describeValue, quote } from "../text/escape.ts";
import type { Text } from "../text/layout.ts";
import {
  assignAll,
  type Assigned,
  type Choice,
  findInputs,
  type Item,
  type KnownValues,
  multiplications,
  shapeOf,
  type StepSizes,
  toMatrix,
  valuesOf,
  waysRound,
} from "./assignment.ts";
import {
  CERTAIN,
  GIVEN,
  hintsOf,
  INPUTS,
  isParameter,
  layersOf,
  PARAMETERS,
  parse,
  POSSIBLE,
  SYMBOLS,
} from "./names.ts";
import { PROBLEMS } from "./words.ts";

export {
  isOfBytes,
  type KnownValues,
  multiplications,
  shapeOf,
  type StepSizes,
} from "./assignment.ts";
export { SYMBOLS, symbolsOf } from "./names.ts";

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

/** One way of reading an array as a matrix. */
export interface Reading {
  readonly matrix: RunTimeMatrix;
  /** Whether the array holds its transpose. */
  readonly transposed: boolean;
}

/** @internal An array of the file that stands for a quantity. */
export interface Source {
  readonly name: string;
  readonly shape: readonly number[];
  /** NumPy's dtype: `<i8` of parameters that were meant to be fractions. */
  readonly dtype: string;
  /** Whether it holds the transpose of the matrix in this project's layout. */
  readonly transposed: boolean;
}

/** A quantity that a program computed and recorded. */
export interface Recorded extends Source {
  readonly data: Float64Array<ArrayBuffer>;
  readonly precision: Precision;
  /** The matrices that it may stand for, the likeliest first; none if its shape does not fit. */
  readonly readings: readonly Reading[];
}

/** One way of reading a dump. Several are left only where the numbers do not decide. */
export interface DumpReading {
  readonly inputs: Readonly<KnownValues>;
  /** The arrays that these, and η, are read from, for words in the file's own names. */
  readonly sources: ReadonlyMap<InputSymbol, Source>;
  readonly recorded: ReadonlyMap<ComputedSymbol, Recorded>;
}

/** What a program recorded of a step. */
export interface StepDump {
  readonly sizes: StepSizes;
  readonly precision: Precision;
  readonly learningRate: number | undefined;
  readonly unused: readonly string[];
  /** The ways of reading it, the likeliest first; mostly one. */
  readonly readings: readonly DumpReading[];
  /** The step after this one, if the file has two; its parameters before are those after this. */
  readonly next: StepDump | undefined;
}

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

/** What cannot be judged, and why. */
export interface Unreadable {
  readonly problem: keyof typeof PROBLEMS;
  readonly reason: Text;
}

/** A problem of such a code. */
function unreadable<Code extends keyof typeof PROBLEMS>(
  problem: Code,
  ...given: Parameters<typeof PROBLEMS[Code]>
): Unreadable {
  return { problem, reason: (PROBLEMS[problem] as (...given: unknown[]) => Text)(...given) };
}

/** Reads a dump; returns the problem if it cannot be judged. */
export function readStepDump(
  file: ReadonlyMap<string, NdArray>,
  options: DiagnoseOptions = {},
): StepDump | Unreadable {
  const given = new Map(Object.entries(options.names ?? {}));
  const arrays = given.size > 0 ? file : withoutBiasColumns(file);
  for (const [name, symbol] of given) {
    if (!SYMBOLS.includes(symbol)) {
      throw new RangeError(
        `Cannot take ${quote(name)} for ${describeValue(symbol)}: need one of ${SYMBOLS.join(" ")}`,
      );
    }
    const names = [...arrays.keys()];
    if (!arrays.has(name)) return unreadable("no such array", name, names);
  }
  const nextNames = [...arrays.keys()].filter((name) => /^next_./.test(name) && !given.has(name));
  const firstNames = [...arrays.keys()].filter((name) => !nextNames.includes(name));
  const step = readStep(itemsOf(firstNames, arrays, given), arrays, options);
  if ("problem" in step || nextNames.length === 0) return step;
  // arrays of one name are the same quantity in both steps
  const { sources, recorded } = step.readings[0]!;
  const known = new Map<string, StepSymbol>();
  for (const [symbol, { name }] of [...sources, ...recorded]) {
    if (arrays.has(`next_${name}`)) known.set(`next_${name}`, symbol);
    else if (symbol.endsWith("'")) known.set(name, symbol.slice(0, 2) as StepSymbol);
  }
  const all = [...new Set([...nextNames, ...known.keys()])];
  const next = readStep(itemsOf(all, arrays, known), arrays, options);
  return "problem" in next ? step : { ...step, next };
}

/** Octave's Theta, (M, D + 1), as the weights `Theta1[:, 1:]` and the bias `Theta1[:, 0]`. */
function withoutBiasColumns(arrays: ReadonlyMap<string, NdArray>): ReadonlyMap<string, NdArray> {
  const kinds = [...arrays.keys()].map((name) => parse(name).parameter);
  const weights = [...arrays].filter((_, i) => kinds[i] === "W").map(([, { shape }]) => shape);
  const isAugmented = weights.some(([M]) => weights.some(([, columns]) => columns === M! + 1));
  if (kinds.includes("b") || !isAugmented) return arrays;
  return new Map([...arrays].flatMap(([name, array], i): [string, NdArray][] => {
    const [rows = 1, columns = 1] = array.shape, data = toFloat64(array);
    if (array.shape.length !== 2 || columns < 2) return [[name, array]];
    const first = data.filter((_, entry) => entry % columns === 0);
    const bias = { ...array, shape: [rows], data: first };
    const others = data.filter((_, entry) => entry % columns !== 0);
    const rest = { ...array, shape: [rows, columns - 1], data: others };
    if (kinds[i] === "W") return [[`${name}[:, 1:]`, rest], [`${name}[:, 0]`, bias]];
    // of activations, the column of ones goes
    return first.every((x) => x === 1) ? [[`${name}[:, 1:]`, rest]] : [[name, array]];
  }));
}

function itemsOf(
  names: readonly string[],
  arrays: ReadonlyMap<string, NdArray>,
  given: ReadonlyMap<string, StepSymbol>,
): Item[] {
  const plain = names.map((name) => name.replace(/^next_/, ""));
  const hints = hintsOf(plain), taken = new Set(given.values());
  return names.map((name, i) => {
    const array = arrays.get(name)!, symbol = given.get(name);
    const free = [...hints[i]!].filter(([symbol]) => !taken.has(symbol));
    let data: Float64Array<ArrayBuffer> | undefined;
    return {
      ...{ name, plain: plain[i]!, array, shape: array.shape.filter((size) => size !== 1) },
      hints: new Map(symbol === undefined ? free : [[symbol, GIVEN]]),
      matrices: new Map(),
      get data() {
        return data ??= toFloat64(array);
      },
    };
  });
}

function readStep(
  items: readonly Item[],
  arrays: ReadonlyMap<string, NdArray>,
  options: DiagnoseOptions,
): StepDump | Unreadable {
  // α is also the largest score
  const rates = items.filter(({ hints, data }) =>
    (hints.get("η") ?? 0) >= (data.length === 1 ? POSSIBLE : CERTAIN)
  )
    .toSorted((a, b) => b.hints.get("η")! - a.hints.get("η")!);
  const quantities = items.filter((item) => !rates.includes(item)), further = furtherLayers(items);
  if (further.length > 0) {
    return unreadable("another network", "further layers", further);
  }
  const choices = findInputs(quantities);
  if (choices.length === 0) return problemOf(quantities);
  const [{ sizes, inputs: used }] = choices as [Choice];
  for (const [symbol, { item }] of used) {
    const value = item.data.find((x) => !Number.isFinite(x));
    if (value !== undefined) return unreadable("not finite", symbol, item.name, value);
  }
  if (multiplications(sizes) > MAX_MULTIPLICATIONS) return unreadable("too large", sizes);
  const [rate] = rates, count = rate?.data.length ?? 0;
  if (options.learningRate === undefined && count > 1) {
    return unreadable("several rates", rate!.name, count);
  }
  const η = options.learningRate ?? rate?.data[0];
  const learningRate = η !== undefined && Number.isFinite(η) && η > 0 ? η : undefined;
  const rest = new Map(quantities.map((item) => [item.name, item]));
  for (const [symbol, { item: { name } }] of used) {
    rest.delete(name);
    // the parameters after the step, also as those before the next one, and PyTorch's gradients
    const own = [[`${name}_after`, `${symbol}'`], [`next_${name}`, `${symbol}'`], [
      `${name}.grad`,
      `d${symbol}`,
    ]];
    const known = new Map<string, StepSymbol>();
    for (const [other, quantity] of isParameter(symbol) ? own as [string, StepSymbol][] : []) {
      const isFree = ![...known.values()].includes(quantity) &&
        ![...rest.get(other)?.hints.values() ?? []].includes(GIVEN);
      if (arrays.has(other) && isFree) known.set(other, quantity);
    }
    for (const item of itemsOf([...known.keys()], arrays, known)) rest.set(item.name, item);
  }
  const readings: DumpReading[] = [];
  for (const choice of choices) {
    const inputs = valuesOf(choice);
    const { assigned, double } = assignAll([...rest.values()], choice, inputs);
    if (double !== undefined) return unreadable("two names", double.symbol, double.names);
    const sources = new Map<InputSymbol, Source>();
    for (const [symbol, { item, transposed }] of choice.inputs) {
      sources.set(symbol, sourceOf(item, transposed));
    }
    if (rate !== undefined) sources.set("η", sourceOf(rate, false));
    readings.push({ inputs, sources, recorded: recordedOf(assigned, choice) });
  }
  const { sources, recorded } = readings[0]!;
  if (recorded.size === 0) return unreadable("nothing computed");
  const named = new Set([...sources.values(), ...recorded.values()].map(({ name }) => name));
  const unused = items.map(({ name }) => name).filter((name) => !named.has(name));
  const precision = precisionOf(
    items.filter(({ name }) =>
      recorded.get("onehot")?.name !== name && named.has(name) &&
      !["X", "labels", "η"].some((symbol) => sources.get(symbol as InputSymbol)?.name === name)
    ),
    PARAMETERS.map((symbol) => sources.get(symbol)!),
  );
  return { sizes, precision, learningRate, unused, readings, next: undefined };
}

/** The most multiplications in W1 X and W2 Y1: 3072-512-10 with 1,000 examples has 1.6e9. */
const MAX_MULTIPLICATIONS = 2e9;

function sourceOf({ name, array: { shape, dtype } }: Item, transposed: boolean): Source {
  return { name, shape, dtype, transposed };
}

/** The quantities that were recorded, in the order of the step. */
function recordedOf(
  assigned: ReadonlyMap<ComputedSymbol, Assigned>,
  { sizes, inputs }: Choice,
): Map<ComputedSymbol, Recorded> {
  const recorded = new Map<ComputedSymbol, Recorded>();
  const votes = (kind: readonly ComputedSymbol[]) =>
    kind.flatMap((symbol) => {
      const item = assigned.get(symbol)?.item;
      const [rows, columns] = shapeOf(symbol, sizes);
      const ways = item && rows > 1 && columns > 1 ? waysRound(item.shape, rows, columns) : [];
      return ways.length === 1 ? ways : [];
    });
  for (const { symbol } of STEP) {
    const one = assigned.get(symbol);
    if (one === undefined) continue;
    const { item, transposed } = one, { name, array: { shape, dtype } } = item;
    const [rows, columns] = shapeOf(symbol, sizes), ways = waysRound(item.shape, rows, columns);
    const weights = inputs.get(/W\d/.exec(symbol)?.[0] as InputSymbol);
    const kind = KINDS.find((kind) => kind.includes(symbol)) ?? [], told = votes(kind);
    const usual = told.length > 0 ? 2 * told.filter((one) => one).length > told.length : transposed;
    // a gradient has the way round of its weights
    const sorted = ways.length < 2 ? ways : weights ? [weights.transposed] : [usual, !usual];
    let matrices: Reading[] | undefined;
    recorded.set(symbol, {
      ...{ name, shape, dtype, transposed: sorted[0] ?? false },
      precision: PRECISIONS[dtype.slice(1)] ?? "float64",
      get data() {
        return item.data;
      },
      get readings() {
        return matrices ??= sorted.map((transposed) => ({
          matrix: toMatrix(item, rows, columns, transposed),
          transposed,
        }));
      },
    });
  }
  return recorded;
}

/** Quantities that a program has in one layout: the listing's A1 is B x M, its dA1 M x B. */
const KINDS: readonly (readonly ComputedSymbol[])[] = [
  ["A1", "Y1", "A2", "P", "onehot"],
  ["dA2", "dY1", "dA1"],
];

/** The precisions by the dtypes of NumPy, without the byte order. */
const PRECISIONS: Readonly<Record<string, Precision>> = { f2: "float16", f4: "float32" };

/** The precision of the program: the least of its arrays, of which float16 may be a copy. */
function precisionOf(used: readonly Item[], parameters: readonly Source[]): Precision {
  const kinds = (dtypes: readonly string[]) => dtypes.map((dtype) => dtype.slice(1));
  if (kinds(parameters.map(({ dtype }) => dtype)).includes("f2")) return "float16";
  if (kinds(used.map(({ array }) => array.dtype)).includes("f4")) return "float32";
  // numbers of a few bits, as 0 or 0.25, do not tell
  const fractions = used.filter(({ data }) => !data.every((x) => Number.isInteger(4096 * x)));
  const isFloat32 = fractions.length > 0 &&
    fractions.every(({ data }) => data.every((x) => Object.is(Math.fround(x), x)));
  return isFloat32 ? "float32" : "float64";
}

/** Names of arrays of a third layer, or of a layer that this network has not. */
function furtherLayers(items: readonly Item[]): string[] {
  const parsed = items.map(({ plain }) => parse(plain)), layerOf = layersOf(parsed);
  return items.filter(({ plain }, i) => {
    const one = parsed[i]!, layer = one.parameter && !one.isGradient ? layerOf(one) : undefined;
    return layer !== undefined && layer > 2 || /(^|[._[])(bn|batch_?norm|conv)\d*d?\b/i.test(plain);
  }).map(({ name }) => name);
}

/** Why no arrays can be the inputs. */
function problemOf(items: readonly Item[]): Unreadable {
  const found = new Map<InputSymbol, Item>();
  for (const symbol of INPUTS) {
    const weight = ({ hints }: Item) =>
      hints.get(symbol) ?? (symbol === "labels" && hints.has("onehot") ? 0.5 : 0);
    const [item] = items.filter((item) => weight(item) > 0 && ![...found.values()].includes(item))
      .toSorted((a, b) => weight(b) - weight(a));
    if (item !== undefined) found.set(symbol, item);
  }
  const symbols = INPUTS.filter((symbol) => !found.has(symbol));
  const names = [...found.values()].map(({ name }) => name);
  if (symbols.join() === "W2,b2") return unreadable("another network", "no hidden layer", names);
  if (symbols.length > 0) {
    const unknown = items.filter(({ name, hints }) => !names.includes(name) && hints.size === 0);
    return unreadable("missing", symbols, unknown.map(({ name }) => name));
  }
  const item = (symbol: InputSymbol) => found.get(symbol)!;
  const length = (symbol: InputSymbol) => item(symbol).data.length;
  const M = length("b1"), K = length("b2"), D = length("W1") / M, B = length("X") / D;
  const wrong = (symbol: InputSymbol, ...need: (number | string)[]) =>
    unreadable("wrong size", symbol, item(symbol).name, item(symbol).array.shape, need);
  for (const symbol of ["b1", "b2"] as const) {
    const { name, array: { shape } } = item(symbol);
    if (shape.length === 2 && shape[0]! > 1 && shape[0] === shape[1]) {
      return unreadable("broadcast bias", symbol, name, shape);
    }
  }
  if (M === 0) return wrong("b1", "M", 1);
  if (K === 0) return wrong("b2", "K", 1);
  if (D === 0 || !Number.isInteger(D)) return wrong("W1", M, "D");
  if (length("W2") !== K * M) return wrong("W2", K, M);
  if (B === 0 || !Number.isInteger(B)) return wrong("X", D, "B");
  if (K === 1) return unreadable("another network", "one output", [item("b2").name]);
  const { name, data: labels } = item("labels");
  const label = labels.find((x) => !(Number.isInteger(x) && x >= 0 && x < K));
  if (labels.length === B && label !== undefined) return unreadable("wrong label", name, label, K);
  if (labels.length !== B * K) return wrong("labels", K, B);
  for (const [symbol, rows, columns] of [["X", D, B], ["W1", M, D], ["W2", K, M]] as const) {
    if (waysRound(item(symbol).shape, rows, columns).length === 0) {
      return wrong(symbol, rows, columns);
    }
  }
  return unreadable("not one-hot", name, K);
}
