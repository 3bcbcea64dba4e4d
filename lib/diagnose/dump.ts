// What another program recorded of one or two training steps: which array stands for which quantity,
// the sizes of its network, and its numbers as matrices. It returns codes; words.ts has the words.
import { Matrix, type RunTimeMatrix } from "../math/matrix.ts";
import { type NdArray, toFloat64 } from "../formats/nd_array.ts";
import { Indices } from "../math/indices.ts";
import { dim } from "../math/shape.ts";
import {
  type Axis,
  type ComputedSymbol,
  type InputSymbol,
  lazyStep,
  QUANTITIES,
  type RunTimeStep,
  STEP,
  STEP_INPUTS,
  type StepSymbol,
} from "../network/step.ts";
import { describeValue, quote } from "../text/escape.ts";
import type { Factor } from "./cause.ts";

/**
 * The sizes of a step: D inputs, M hidden units, K classes, B examples.
 *
 * @internal
 */
export type StepSizes = Readonly<Record<"D" | "M" | "K" | "B", number>>;

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
  /** The matrix. */
  readonly matrix: RunTimeMatrix;
  /** Whether the array holds its transpose. */
  readonly transposed: boolean;
}

/** @internal An array of the file that stands for a quantity. */
export interface Source {
  /** Its name. */
  readonly name: string;
  /** Its shape. */
  readonly shape: readonly number[];
  /** NumPy's dtype: `<i8` of parameters that were meant to be fractions. */
  readonly dtype: string;
  /** Whether it holds the transpose of the matrix in this project's layout. */
  readonly transposed: boolean;
}

/** A quantity that a program computed and recorded. */
export interface Recorded extends Source {
  /** Its numbers in C order. */
  readonly data: Float64Array<ArrayBuffer>;
  /** The precision of its numbers. */
  readonly precision: Precision;
  /** The matrices that it may stand for, the likeliest first; none if its shape does not fit. */
  readonly readings: readonly Reading[];
  /** What the program's own definition of it is multiplied by; its matrices are divided by that. */
  readonly factor?: Factor | undefined;
}

/** Quantities that are known, by their symbols. */
export type KnownValues = { -readonly [Symbol in StepSymbol]?: RunTimeStep[Symbol] };

/** One way of reading a dump. Several are left only where the numbers do not decide. */
export interface DumpReading {
  /** X, labels, W1, b1, W2 and b2. */
  readonly inputs: Readonly<KnownValues>;
  /** The arrays that these, and η, are read from, for words in the file's own names. */
  readonly sources: ReadonlyMap<InputSymbol, Source>;
  /** The other quantities. */
  readonly recorded: ReadonlyMap<ComputedSymbol, Recorded>;
  /**
   * The right step from the inputs, without η: A1 to db1, each computed once, when it is first
   * asked for. Reading a dump has asked for some, so that to take them from here saves time.
   */
  readonly right: RunTimeStep;
}

/** What a program recorded of a step. */
export interface StepDump {
  /** The sizes of its network and batch. */
  readonly sizes: StepSizes;
  /** The precision of its arithmetic. */
  readonly precision: Precision;
  /** The learning rate, if it is known. */
  readonly learningRate: number | undefined;
  /** Names of arrays that stand for no quantity. */
  readonly unused: readonly string[];
  /** The ways of reading it, the likeliest first; mostly one. */
  readonly readings: readonly DumpReading[];
  /** The step after this one, if the file has two; its parameters before are those after this. */
  readonly next: StepDump | undefined;
}

/** Why a dump cannot be judged, as data. */
export type DumpProblem =
  /** Inputs are not among the arrays; `unknown` are those that stand for nothing. */
  | {
    readonly code: "missing";
    readonly symbols: readonly InputSymbol[];
    readonly unknown: readonly string[];
  }
  /** There are inputs only. */
  | { readonly code: "nothing computed" }
  /** Two arrays have names of one quantity, and other numbers. */
  | { readonly code: "two names"; readonly symbol: StepSymbol; readonly names: readonly string[] }
  /** `--names` names an array that the file has not. */
  | { readonly code: "no such array"; readonly name: string; readonly names: readonly string[] }
  /** The shape of an input does not fit; each size is a number, or a letter if it may be any. */
  | {
    readonly code: "wrong size";
    readonly symbol: StepSymbol;
    readonly name: string;
    readonly shape: readonly number[];
    readonly need: readonly [rows: number | string, columns: number | string];
  }
  /** A bias is the square that NumPy makes of a row plus a column: (K, K). */
  | {
    readonly code: "broadcast bias";
    readonly symbol: "b1" | "b2";
    readonly name: string;
    readonly shape: readonly number[];
  }
  /** An input is NaN or infinite. */
  | {
    readonly code: "not finite";
    readonly symbol: StepSymbol;
    readonly name: string;
    readonly value: number;
  }
  /** A label is none of the classes. */
  | {
    readonly code: "wrong label";
    readonly name: string;
    readonly label: number;
    readonly classes: number;
  }
  | { readonly code: "not one-hot"; readonly name: string; readonly classes: number }
  /** The array of the learning rate has several numbers. */
  | { readonly code: "several rates"; readonly name: string; readonly count: number }
  /** An array holds Python objects, as a dictionary of parameters. */
  | { readonly code: "objects"; readonly name: string }
  /** The arrays are those of another network; `names` are those that show it. */
  | {
    readonly code: "another network";
    readonly network: "further layers" | "no hidden layer" | "no bias" | "one output";
    readonly names: readonly string[];
  }
  /** The products take too long. */
  | { readonly code: "too large"; readonly sizes: StepSizes };

/**
 * How to read what a program recorded.
 *
 * @category 7 Checks
 */
export interface DiagnoseOptions {
  /** What names stand for, by name: `{ mine: "dW1" }`. */
  readonly names?: Readonly<Record<string, StepSymbol>>;
  /** The learning rate, in place of the one that the arrays have. */
  readonly learningRate?: number;
}

/** What cannot be judged, and why. */
interface Unreadable {
  readonly problem: DumpProblem;
}

/** An array of the file. */
interface Item {
  /** Its name in the file, and without the prefix of a second step. */
  readonly name: string;
  readonly plain: string;
  readonly array: NdArray;
  /** Its shape without axes of length 1. */
  readonly shape: readonly number[];
  readonly data: Float64Array<ArrayBuffer>;
  /** Its numbers as matrices, made once. */
  readonly matrices: Map<string, RunTimeMatrix>;
  /** What it may be by its name. */
  readonly hints: Hints;
}

/**
 * Reads a dump; returns the problem if it cannot be judged.
 *
 * @param objects names of arrays of Python objects, which cannot be read
 */
export function readStepDump(
  arrays: ReadonlyMap<string, NdArray>,
  options: DiagnoseOptions = {},
  objects: readonly string[] = [],
): StepDump | Unreadable {
  const given = new Map(Object.entries(options.names ?? {}));
  for (const [name, symbol] of given) {
    if (!SYMBOLS.includes(symbol)) {
      throw new RangeError(
        `Cannot take ${quote(name)} for ${describeValue(symbol)}: need one of ${SYMBOLS.join(" ")}`,
      );
    }
    const names = [...arrays.keys()];
    if (!arrays.has(name)) return { problem: { code: "no such array", name, names } };
  }
  const nextNames = [...arrays.keys()].filter((name) => /^next_./.test(name) && !given.has(name));
  const firstNames = [...arrays.keys()].filter((name) => !nextNames.includes(name));
  const step = readStep(itemsOf(firstNames, arrays, given), arrays, options, objects);
  if ("problem" in step || nextNames.length === 0) return step;
  // arrays of one name are the same quantity in both steps
  const { sources, recorded } = step.readings[0]!;
  const known = new Map<string, StepSymbol>();
  for (const [symbol, { name }] of [...sources, ...recorded]) {
    if (arrays.has(`next_${name}`)) known.set(`next_${name}`, symbol);
    else if (symbol.endsWith("'")) known.set(name, symbol.slice(0, 2) as StepSymbol);
  }
  const all = [...new Set([...nextNames, ...known.keys()])];
  const next = readStep(itemsOf(all, arrays, known), arrays, options, []);
  return "problem" in next ? step : { ...step, next };
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
  objects: readonly string[],
): StepDump | Unreadable {
  // α is also the largest score
  const rates = items.filter(({ hints, data }) =>
    (hints.get("η") ?? 0) >= (data.length === 1 ? POSSIBLE : CERTAIN)
  )
    .toSorted((a, b) => b.hints.get("η")! - a.hints.get("η")!);
  const quantities = items.filter((item) => !rates.includes(item)), further = furtherLayers(items);
  if (further.length > 0) {
    return { problem: { code: "another network", network: "further layers", names: further } };
  }
  const choices = findInputs(quantities);
  if (choices.length === 0) return { problem: problemOf(quantities, objects) };
  const [{ sizes, inputs: used }] = choices as [Choice];
  for (const [symbol, { item }] of used) {
    const value = item.data.find((x) => !Number.isFinite(x)), { name } = item;
    if (value !== undefined) return { problem: { code: "not finite", symbol, name, value } };
  }
  if (multiplications(sizes) > MAX_MULTIPLICATIONS) {
    return { problem: { code: "too large", sizes } };
  }
  const [rate] = rates, count = rate?.data.length ?? 0;
  if (options.learningRate === undefined && count > 1) {
    return { problem: { code: "several rates", name: rate!.name, count } };
  }
  const η = options.learningRate ?? rate?.data[0];
  const learningRate = η !== undefined && Number.isFinite(η) && η > 0 ? η : undefined;
  const rest = new Map(quantities.map((item) => [item.name, item]));
  for (const [symbol, { item: { name } }] of used) {
    rest.delete(name);
    // the parameters after the step, also as those before the next one, and PyTorch's gradients
    const own = isParameter(symbol)
      ? [[`${name}_after`, `${symbol}'`], [`next_${name}`, `${symbol}'`], [
        `${name}.grad`,
        `d${symbol}`,
      ]]
      : [];
    const known = new Map<string, StepSymbol>();
    for (const [other, quantity] of own as [string, StepSymbol][]) {
      if (arrays.has(other) && ![...known.values()].includes(quantity)) known.set(other, quantity);
    }
    for (const item of itemsOf([...known.keys()], arrays, known)) rest.set(item.name, item);
  }
  const readings: DumpReading[] = [];
  for (const choice of choices) {
    const inputs = valuesOf(choice), right = lazyStep(inputs);
    const { assigned, double } = assignAll([...rest.values()], choice, inputs, right);
    if (double !== undefined) return { problem: { code: "two names", ...double } };
    const sources = new Map<InputSymbol, Source>();
    for (const [symbol, { item, transposed }] of choice.inputs) {
      sources.set(symbol, sourceOf(item, transposed));
    }
    if (rate !== undefined) sources.set("η", sourceOf(rate, false));
    readings.push({ inputs, sources, right, recorded: recordedOf(assigned, choice) });
  }
  const { sources, recorded } = readings[0]!;
  if (recorded.size === 0) return { problem: { code: "nothing computed" } };
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

/**
 * The greatest number of multiplications in W1 X and W2 Y1: 3072-512-10 with 1,000 examples has
 * 1.6e9. The report's step has 6e6.
 */
const MAX_MULTIPLICATIONS = 2e9;

/** The number of multiplications in W1 X and W2 Y1. */
export function multiplications({ D, M, K, B }: StepSizes): number {
  return (D + K) * M * B;
}

/** The rows and columns of a quantity: `M x B` of 3 hidden units and 10 examples is 3 and 10. */
export function shapeOf(symbol: StepSymbol, sizes: StepSizes): readonly [number, number] {
  const { axes: [rows, columns] } = QUANTITIES[symbol];
  const length = (axis: Axis) => axis === "1" ? 1 : sizes[axis];
  return [length(rows), length(columns)];
}

/** Whether pixels are bytes, which a program may divide by 255 after they are recorded. */
export function isOfBytes(data: Float64Array): boolean {
  return data.some((x) => x > 1) && data.every((x) => Number.isInteger(x) && x >= 0 && x <= 255);
}

/** The ways in which a shape can be read: `false` upright, `true` as the transpose. */
function waysRound(shape: readonly number[], rows: number, columns: number): boolean[] {
  if (shape.reduce((product, size) => product * size, 1) !== rows * columns) return [];
  if (rows === 1 || columns === 1) return [false];
  // axes are joined where they are adjacent: (B, 28, 28) is B x 784
  const splits = (rows: number) => {
    let length = 1;
    return shape.some((size) => (length *= size) === rows);
  };
  return [...splits(rows) ? [false] : [], ...splits(columns) ? [true] : []];
}

/** An array as a matrix of so many rows and columns. */
function toMatrix({ data, matrices }: Item, rows: number, columns: number, transposed: boolean) {
  const R = dim("any", rows), C = dim("any", columns), key = `${rows} ${columns} ${transposed}`;
  const matrix = matrices.get(key) ??
    (transposed ? Matrix.of(C, R, data).transposed : Matrix.of(R, C, data));
  matrices.set(key, matrix);
  return matrix;
}

function sourceOf({ name, array: { shape, dtype } }: Item, transposed: boolean): Source {
  return { name, shape, dtype, transposed };
}

// Which array is which input.

/** An array that is read as an input. */
interface InputItem {
  readonly item: Item;
  readonly transposed: boolean;
  /** The classes, of labels. */
  readonly labels?: readonly number[];
  /** What X is multiplied by: 1/255 for pixels that are divided after they are recorded. */
  readonly scale?: number;
}

/** Arrays that may be X, labels, W1, b1, W2 and b2. */
interface Choice {
  readonly sizes: StepSizes;
  readonly inputs: ReadonlyMap<InputSymbol, InputItem>;
  /** How well the names and the order say so. */
  readonly prior: number;
}

/** The inputs by which the other arrays are understood best; several if they cannot be told apart. */
function findInputs(items: readonly Item[]): Choice[] {
  const named = enumerate(items, ({ hints }, symbol) => hints.has(symbol));
  const isCertain = ({ inputs }: Choice) =>
    PARAMETERS.every((symbol) => isCertainly(inputs.get(symbol)!.item, symbol));
  if (named.some(isCertain)) return named.length === 1 ? named : bestOf(named, items, 0);
  // a row or column is taken for weights only if its name says so
  const any = enumerate(items, ({ hints, shape }, symbol) =>
    hints.has(symbol) ||
    (symbol[0] !== "W" || shape.length > 1) &&
      [...hints.values()].every((weight) => weight < CERTAIN));
  const isNamed = PARAMETERS.every((symbol) => items.some((item) => isCertainly(item, symbol)));
  return bestOf(any, items, named.length > 0 ? 0 : isNamed ? MIN_AGREEMENT / 2 : MIN_AGREEMENT);
}

function isCertainly({ hints }: Item, symbol: StepSymbol): boolean {
  return (hints.get(symbol) ?? 0) >= CERTAIN;
}

/** The choices whose shapes fit, the likeliest by their names first. */
function enumerate(
  items: readonly Item[],
  accepts: (item: Item, symbol: StepSymbol) => boolean,
): Choice[] {
  const candidates = INPUTS.map((symbol) => {
    const certain = items.filter((item) => isCertainly(item, symbol));
    if (certain.length > 0) return certain;
    const weight = ({ hints }: Item) => hints.get(symbol) ?? 0;
    const found = items.filter((item) => accepts(item, symbol));
    // without labels, the one-hot matrix is an input
    const isNamed = symbol !== "labels" || found.some((item) => weight(item) > 0);
    const others = isNamed ? [] : items.filter(({ hints }) => hints.has("onehot"));
    return [...new Set([...found, ...others])].toSorted((a, b) => weight(b) - weight(a));
  });
  const sizes = new Map<string, StepSizes>(), [Xs, , W1s, , W2s] = candidates;
  for (const W1 of W1s!) {
    for (const [M, D] of splitsOf(W1.shape)) {
      for (const X of Xs!) {
        for (const W2 of W2s!) {
          const B = X.data.length / D, K = W2.data.length / M, all = { D, M, K, B };
          if (Object.values(all).every((size) => Number.isInteger(size) && size > 0) && K > 1) {
            sizes.set(Object.values(all).join(), all);
          }
        }
      }
    }
  }
  const choices = [...sizes.values()].flatMap((sizes) => {
    const lists = INPUTS.map((symbol, i) =>
      candidates[i]!.flatMap((item) => waysOf(item, symbol, sizes))
    );
    const count = () => lists.reduce((product, { length }) => product * length, 1);
    while (count() > MAX_CHOICES) {
      const most = Math.max(...lists.map(({ length }) => length));
      lists.find(({ length }) => length === most)!.pop();
    }
    return product(lists).filter((ways) => new Set(ways.map(({ item }) => item)).size === 6)
      .map((ways): Choice => {
        const inputs = new Map(INPUTS.map((symbol, i) => [symbol, ways[i]!] as const));
        const prior = ways.map(({ item: { hints } }, i) => hints.get(INPUTS[i]!) ?? 0)
          .reduce((a, b) => a + b);
        const order = ways.map(({ item }) => items.indexOf(item)).reduce((a, b) => a + b);
        return { sizes, inputs, prior: prior - 3 * order / items.length };
      }).filter(isOfOneLayout);
  });
  return choices.toSorted((a, b) => b.prior - a.prior);
}

/** One of each list, in every combination. */
function product<T>(lists: readonly (readonly T[])[]): T[][] {
  return lists.reduce<T[][]>(
    (combined, list) => combined.flatMap((some) => list.map((one) => [...some, one])),
    [[]],
  );
}

/** The rows and columns of which an array may be a matrix. */
function splitsOf(shape: readonly number[]): (readonly [number, number])[] {
  const size = shape.reduce((product, size) => product * size, 1);
  if (shape.length === 0) return [[1, 1]];
  const rows = shape.map((_, i) => shape.slice(0, i + 1).reduce((a, b) => a * b));
  // an array of one axis may be a row
  return rows.filter((n) => n < size || shape.length === 1)
    .flatMap((n) => [[n, size / n] as const, [size / n, n] as const]);
}

/** The ways in which an array can be an input of a step of such sizes. */
function waysOf(item: Item, symbol: InputSymbol, sizes: StepSizes): InputItem[] {
  const { shape, data } = item, [rows, columns] = shapeOf(symbol, sizes);
  if (symbol === "labels") {
    const { K, B } = sizes, isClass = (x: number) => Number.isInteger(x) && x >= 0 && x < K;
    if (data.length === B) {
      return data.every(isClass) ? [{ item, transposed: false, labels: [...data] }] : [];
    }
    return waysRound(shape, K, B).flatMap((transposed) => {
      const labels = rightClasses(data, sizes, transposed);
      return labels === undefined ? [] : [{ item, transposed, labels }];
    });
  }
  const scales = symbol === "X" && isOfBytes(data) ? [1, 1 / 255] : [1];
  return waysRound(shape, rows, columns).flatMap((transposed) =>
    scales.map((scale) => ({ item, transposed, scale }))
  );
}

/** The class of the 1 of each example; undefined if one has anything but a 1 and zeros. */
function rightClasses(
  data: Float64Array,
  { K, B }: StepSizes,
  transposed: boolean,
): number[] | undefined {
  const classes = new Array<number>(B).fill(-1);
  for (let i = 0; i < data.length; i++) {
    if (data[i] === 0) continue;
    const example = transposed ? Math.floor(i / K) : i % B;
    if (data[i] !== 1 || classes[example] !== -1) return undefined;
    classes[example] = transposed ? i % K : Math.floor(i / B);
  }
  return classes.includes(-1) ? undefined : classes;
}

/** Whether both weights have one way round; a square one has that of the other. */
function isOfOneLayout({ sizes: { D, M, K }, inputs }: Choice): boolean {
  const isTold = D > 1 && M > 1 && (D === M) !== (M === K);
  return !isTold || inputs.get("W1")!.transposed === inputs.get("W2")!.transposed;
}

/** Those of some choices by which the other arrays agree best. */
function bestOf(choices: readonly Choice[], items: readonly Item[], least: number): Choice[] {
  const cache = new Map<string, RunTimeMatrix>();
  const scored = choices.slice(0, MAX_CHOICES).map((choice) => {
    const { sizes, inputs, prior } = choice, used = [...inputs.values()].map(({ item }) => item);
    const rest = items.filter((item) => !used.includes(item));
    const { M, K, B } = sizes,
      areSums = [M * B, K * B].every((size) => rest.every(({ data }) => data.length !== size));
    // without an array of the examples, sums over all of them tell
    const isEnough = B > SAMPLE_EXAMPLES && !(areSums && multiplications(sizes) < 1e7);
    const examples = isEnough ? spread(B, SAMPLE_EXAMPLES) : undefined;
    const step = lazyStep(valuesOf(choice, examples, cache));
    const { assigned, score } = assign(rest, new Predictions(step, sizes, 256, examples));
    const agreement = [...assigned.values()].reduce((sum, { digits }) => sum + digits, 0);
    return { choice, score: prior + score, mean: agreement / Math.max(1, assigned.size) };
  }).filter(({ mean }) => mean >= least).toSorted((a, b) => b.score - a.score);
  const [first] = scored;
  if (first === undefined) return [];
  const itemsOf = ({ inputs }: Choice) => [...inputs.values()].map(({ item }) => item.name).join();
  return scored.filter(({ choice, score }) =>
    itemsOf(choice) === itemsOf(first.choice) && score > first.score - 0.5
  ).map(({ choice }) => choice);
}

/** The mean digits of agreement from which inputs are believed whose names say nothing. */
const MIN_AGREEMENT = 2;
/** The choices that are tried. */
const MAX_CHOICES = 400;
/** The examples in which they are tried. */
const SAMPLE_EXAMPLES = 16;

/** The values of the inputs, of all examples or of some. */
function valuesOf(
  { sizes, inputs }: Choice,
  examples?: readonly number[],
  cache = new Map<string, RunTimeMatrix>(),
): KnownValues {
  const { B } = sizes, labels = inputs.get("labels")!.labels!;
  const some = examples?.map((i) => labels[i]!) ?? labels;
  const values: KnownValues = { labels: Indices.of(dim("any", some.length), some) };
  for (const symbol of ["X", ...PARAMETERS] as const) {
    const { item, transposed, scale } = inputs.get(symbol)!;
    const [rows, columns] = shapeOf(symbol, sizes);
    if (symbol !== "X" || examples === undefined && scale === 1) {
      values[symbol] = toMatrix(item, rows, columns, transposed);
      continue;
    }
    const key = [examples?.length, item.name, rows, columns, transposed, scale].join("\n");
    let matrix = cache.get(key);
    if (matrix === undefined) {
      matrix = examples !== undefined
        ? Matrix.of(
          dim("any", rows),
          dim("any", examples.length),
          Array.from({ length: rows }, (_, row) =>
            examples.map((i) => item.data[transposed ? i * rows + row : row * B + i]!)).flat(),
        )
        : toMatrix(item, rows, columns, transposed);
      if (scale !== 1) matrix = matrix.map((x) => x / 255);
      cache.set(key, matrix);
    }
    values[symbol] = matrix;
  }
  return values;
}

// Which array is which computed quantity.

/** A quantity of an array, and in how many digits it agrees with what is right. */
interface Agreement {
  readonly digits: number;
  readonly transposed: boolean;
}

/** Some entries of the quantities of a step, with which arrays are compared. */
class Predictions {
  readonly #samples = new Map<string, Sample | undefined>();

  constructor(
    readonly right: RunTimeStep,
    readonly sizes: StepSizes,
    readonly limit = 4096,
    /** The examples that the step has, of all B. */
    readonly examples?: readonly number[],
    /** The program's own step: of what it has recorded. */
    readonly own?: RunTimeStep,
  ) {}

  /** How well an array agrees with a quantity; undefined if its shape does not fit. */
  agreement(item: Item, symbol: ComputedSymbol): Agreement | undefined {
    const [rows, columns] = shapeOf(symbol, this.sizes);
    const ways = waysRound(item.shape, rows, columns);
    if (ways.length === 0) return undefined;
    let best: Agreement = { digits: 0, transposed: ways[0]! };
    for (const step of [this.right, this.own]) {
      if (step === undefined || best.digits >= MAX_DIGITS.proportional) break;
      const key = `${symbol} ${step === this.own}`;
      if (!this.#samples.has(key)) this.#samples.set(key, this.#draw(symbol, step));
      const sample = this.#samples.get(key);
      if (sample === undefined) continue;
      for (const transposed of ways) {
        const recorded = sample.places.map(([row, column]) =>
          item.data[transposed ? column * rows + row : row * columns + column]!
        );
        const digits = digitsOf(recorded, sample, symbol);
        if (digits > best.digits) best = { digits, transposed };
      }
    }
    return best;
  }

  /** Entries of a quantity as those before it give it; of an update also the gradient's. */
  #draw(symbol: ComputedSymbol, step: RunTimeStep): Sample | undefined {
    const { sizes, limit, own } = this, { pass, axes } = QUANTITIES[symbol];
    const examples = step === own ? undefined : this.examples;
    // the own A1 is computed from the inputs, as the right one is
    if (step === own && symbol === "A1") return undefined;
    const parameter = pass === "update" ? symbol.slice(0, 2) as "A1" : undefined;
    if (examples !== undefined && parameter === undefined && !axes.includes("B")) return undefined;
    const [rows, all] = shapeOf(symbol, sizes);
    const columns = examples !== undefined && axes[1] === "B" ? examples.length : all;
    const size = rows * columns, count = Math.min(size, limit);
    const entries = Array.from({ length: count }, (_, k) =>
      // one in each of equal parts, at another place in each
      count === size ? k : Math.floor((k + k * 0.618 % 1) * size / count));
    const entriesOf = (symbol: ComputedSymbol, step: RunTimeStep, isGiven: boolean) => {
      if (symbol === "dW1" || symbol === "dW2") {
        // products with more entries than are looked at
        const [d, x] = symbol === "dW1" ? [step.dA1, step.X] : [step.dA2, step.Y1];
        const B = d.columns;
        return entries.map((entry) => {
          const row = Math.floor(entry / columns) * B, column = entry % columns * B;
          let sum = 0;
          for (let i = 0; i < B; i++) sum += d.data[row + i]! * x.data[column + i]!;
          return sum;
        });
      }
      const { data } = isGiven ? step[symbol] : QUANTITIES[symbol].compute(step);
      return entries.map((entry) => data[entry]!);
    };
    const values = entriesOf(parameter ?? symbol, step, parameter !== undefined || step !== own);
    const gradient = parameter !== undefined && examples === undefined
      ? entriesOf(`d${parameter}` as "dA1", step, true)
      : undefined;
    const places = entries.map((entry) => {
      const column = entry % columns, row = Math.floor(entry / columns);
      return [row, columns === all ? column : examples![column]!] as const;
    });
    return { places, values, gradient };
  }
}

interface Sample {
  readonly places: readonly (readonly [row: number, column: number])[];
  readonly values: readonly number[];
  readonly gradient: readonly number[] | undefined;
}

/** The digits in which numbers agree that may differ by nothing, and by a factor. */
const MAX_DIGITS = { equal: 12, proportional: 10 };

/** Quantities that have one sign. */
const POSITIVE: readonly StepSymbol[] = ["Y1", "P", "onehot", "L", "E"];

/** The digits of the squared difference of numbers from what is right, also up to a factor. */
function digitsOf(
  recorded: readonly number[],
  { values, gradient }: Sample,
  symbol: ComputedSymbol,
): number {
  let uu = 0, uv = 0, vv = 0, difference = 0, along = 0, square = 0;
  recorded.forEach((u, i) => {
    const v = values[i]!, d = gradient?.[i] ?? 0;
    if (!Number.isFinite(u) || !Number.isFinite(v)) return;
    uu += u * u;
    uv += u * v;
    vv += v * v;
    difference += (u - v) * (u - v);
    along += (v - u) * d;
    square += d * d;
  });
  const digits = (error: number, max: number) =>
    Math.min(max, Math.max(0, -Math.log10(Math.max(error, 1e-99))));
  if (gradient !== undefined || symbol.endsWith("'")) {
    // W' differs from W by some multiple of dW
    const residual = Math.max(0, difference - (square > 0 ? along * along / square : 0));
    return uu === 0 && vv === 0 ? MAX_DIGITS.proportional : digits(residual / uu, MAX_DIGITS.equal);
  }
  if (vv === 0 || uu === 0) return uu === vv ? MAX_DIGITS.equal : 0;
  const equal = digits(difference / vv, MAX_DIGITS.equal), n = recorded.length;
  if (uv < 0 && POSITIVE.includes(symbol)) return equal;
  // few numbers are soon proportional
  const proportional = digits(1 - uv * uv / uu / vv, MAX_DIGITS.proportional) *
    Math.max(0, 1 - 2 / n);
  return Math.max(equal, proportional);
}

/** An array that stands for a quantity. */
interface Assigned extends Agreement {
  readonly item: Item;
}

/** Assigns arrays by the right step, then by what the program's own earlier quantities give. */
function assignAll(
  items: readonly Item[],
  choice: Choice,
  inputs: KnownValues,
  right: RunTimeStep,
) {
  const { sizes } = choice, isLarge = multiplications(sizes) > 5e7;
  // of a large step, the right one is computed for some examples only
  const examples = isLarge ? spread(sizes.B, 4 * SAMPLE_EXAMPLES) : undefined;
  const some = isLarge ? lazyStep(valuesOf(choice, examples)) : right;
  const given: KnownValues = isLarge ? inputs : { ...inputs, A1: right.A1 };
  let found = assign(items, new Predictions(some, sizes, 4096, examples));
  const isClear = () =>
    items.every((item) =>
      [...found.assigned.values()].some((one) =>
        one.item === item && one.digits >= MAX_DIGITS.proportional
      )
    );
  for (let round = 0; round < 2 && !isClear(); round++) {
    const own = { ...given };
    for (const [symbol, { item, digits, transposed }] of found.assigned) {
      const [rows, columns] = shapeOf(symbol, sizes), hint = item.hints.get(symbol) ?? 0;
      if (item.data.length !== rows * columns || symbol.endsWith("'")) continue;
      if (digits < MAX_DIGITS.proportional && hint < (round === 0 ? USUAL : POSSIBLE)) continue;
      own[symbol as "A1"] = toMatrix(item, rows, columns, transposed);
    }
    found = assign(items, new Predictions(some, sizes, 4096, examples, lazyStep(own)));
  }
  return found;
}

/** Some indices below n, in equal distances; all of few. */
function spread(n: number, count: number): number[] {
  const all = Math.min(n, count);
  return Array.from({ length: all }, (_, i) => Math.floor(i * n / all));
}

/** Gives each array the quantity by which all together agree best, names being worth digits. */
function assign(items: readonly Item[], predictions: Predictions): {
  readonly assigned: ReadonlyMap<ComputedSymbol, Assigned>;
  readonly score: number;
  readonly double: { readonly symbol: StepSymbol; readonly names: readonly string[] } | undefined;
} {
  const isNamed = items.some(({ hints }) => hints.size > 0);
  const rows = items.map((item, i) =>
    STEP.map(({ symbol }, j) => {
      const found = predictions.agreement(item, symbol), hint = item.hints.get(symbol) ?? 0;
      const isLikely = found !== undefined &&
        (hint > 0 || found.digits >= (isNamed ? MIN_DIGITS : 0));
      // of equal quantities the order decides
      const order = 1 - Math.abs(i / items.length - j / STEP.length);
      return { found, score: isLikely ? found.digits + hint + order / 100 : 0 };
    })
  );
  const columns = assignment(rows.map((row) => row.map(({ score }) => score)));
  const assigned = new Map<ComputedSymbol, Assigned>();
  let total = 0;
  columns.forEach((j, i) => {
    const { found, score } = rows[i]![j] ?? { found: undefined, score: 0 };
    if (score > 0) assigned.set(STEP[j]!.symbol, { item: items[i]!, ...found! });
    total += score;
  });
  let double: { symbol: StepSymbol; names: string[] } | undefined;
  const taken = new Set([...assigned.values()].map(({ item }) => item));
  for (const item of items.filter((item) => !taken.has(item))) {
    // an array of the wrong shape, if its name says what it is
    const symbol = STEP.map(({ symbol }) => symbol).find((one) => item.hints.get(one)! >= USUAL);
    if (symbol === undefined) continue;
    const other = assigned.get(symbol);
    if (other === undefined) assigned.set(symbol, { item, digits: 0, transposed: false });
    else if (
      isCertainly(item, symbol) && isCertainly(other.item, symbol) &&
      other.item.hints.get(symbol) !== GIVEN
    ) {
      const isEqual = item.data.length === other.item.data.length &&
        item.data.every((x, i) => Object.is(x, other.item.data[i]));
      if (!isEqual) double ??= { symbol, names: [other.item.name, item.name] };
    }
  }
  return { assigned, score: total, double };
}

/** The digits from which an array is a quantity though its name says nothing, where others' do. */
const MIN_DIGITS = 5;

/** The column of each row so that the sum of their scores is greatest (the Hungarian method). */
function assignment(scores: readonly (readonly number[])[]): number[] {
  const n = Math.max(scores.length, scores[0]?.length ?? 0);
  const cost = (i: number, j: number) => -(scores[i - 1]?.[j - 1] ?? 0);
  const u = new Float64Array(n + 1), v = new Float64Array(n + 1);
  const rowOf = new Int32Array(n + 1), way = new Int32Array(n + 1);
  for (let i = 1; i <= n; i++) {
    const least = new Float64Array(n + 1).fill(Infinity), used = new Uint8Array(n + 1);
    let column = 0;
    rowOf[0] = i;
    do {
      used[column] = 1;
      const row = rowOf[column]!;
      let delta = Infinity, next = 0;
      for (let j = 1; j <= n; j++) {
        if (used[j]) continue;
        const reduced = cost(row, j) - u[row]! - v[j]!;
        if (reduced < least[j]!) [least[j], way[j]] = [reduced, column];
        if (least[j]! < delta) [delta, next] = [least[j]!, j];
      }
      for (let j = 0; j <= n; j++) {
        if (used[j]) {
          u[rowOf[j]!]! += delta;
          v[j]! -= delta;
        } else least[j]! -= delta;
      }
      column = next;
    } while (rowOf[column] !== 0);
    for (; column !== 0; column = way[column]!) rowOf[column] = rowOf[way[column]!]!;
  }
  const columns = new Array<number>(scores.length).fill(-1);
  for (let j = 1; j <= n; j++) if (rowOf[j]! <= scores.length) columns[rowOf[j]! - 1] = j - 1;
  return columns;
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

/**
 * The precision of the program's arithmetic: that of the least precise of the parameters and
 * results. Results of float16 are taken for float64 that were recorded so. Doubles that are all
 * float32 have been converted.
 */
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

// What the names say.

/** What an array may be by its name, and how many digits of agreement that is worth. */
type Hints = ReadonlyMap<StepSymbol, number>;

/** A name that `--names` gives, one that has one meaning, a usual one, and a possible one. */
const GIVEN = 1000, CERTAIN = 16, USUAL = 4, POSSIBLE = 1;

/** The symbols in the order of the step. */
export const SYMBOLS: readonly StepSymbol[] = [...STEP_INPUTS, ...STEP].map(({ symbol }) => symbol);
const PARAMETERS = ["W1", "b1", "W2", "b2"] as const;
const isParameter = (symbol: StepSymbol | undefined) =>
  PARAMETERS.some((parameter) => parameter === symbol);
const INPUTS = ["X", "labels", ...PARAMETERS] as const;

// sets of words, as text between spaces
const GRADIENT = words("d g delta deltas grad grads gradient gradients nabla");
const AFTER = words("after new next updated post prime");
const OTHER_WORDS = words(
  "before old prev self model net network nn cache batch mb train layers last cur current",
);
const WEIGHT = words("w weight weights kernel theta syn coef coefs wih who wh wo wxh why wx wy");
const BIAS = words("b bias biases intercept intercepts bh bo by");
const HIDDEN = words("h hidden ih xh wih wxh wh wx bh in input");
const OUTPUT = words("o out output ho hy who why wo wy bo by y head classifier final");
const LAYERED_SUM = words(
  "z u v s a net pre preact preactivation affine affineout linear zs input",
);
const LAYERED_OUT = words("z a h y o l act activation activations hidden output out layer sigmoid");

/** Words without a layer, by what they may stand for. */
const FORWARD: readonly (readonly [StepSymbol, string])[] = [
  ["X", "x xb xs image images img imgs input inputs inputdata inp data feature features pixels"],
  ["X", "inputlayer"],
  ["labels", "t ts y ys yb label labels target targets ytrue truth groundtruth gt answer"],
  ["labels", "digits digit class classes"],
  ["η", "lr learningrate learningrateinit rate eta stepsize alpha"],
  ["A1", "a z net hiddeninput hiddeninputs hin pre preact preactivation hiddenpre neth affine"],
  ["Y1", "h hs hidden hiddenout hiddenoutput hiddenoutputs hiddenlayer act sigmoid sigmoidout"],
  ["A2", "logit logits score scores finalinput finalinputs neto output outputs out o"],
  ["P", "p q y o prob probs probability probabilities softmax softmaxout yhat ypred pred preds"],
  ["P", "prediction predictions output outputs out finaloutput finaloutputs al h"],
  ["onehot", "onehot onehots tonehot yonehot labelsonehot onehotlabels targetsonehot t y"],
  ["L", "losses samplelosses samplelogprobs correctlogprobs corectlogprobs persampleloss nll l ce"],
  ["E", "loss losses cost j e err error crosse meanloss dataloss totalloss l nll ce trainloss"],
  ["E", "crossentropy lossvalue avgloss"],
  ["dY1", "hiddenerror back backprop"],
];
const BACKWARD: readonly (readonly [StepSymbol, string])[] = [
  ["dA2", "y scores logits out output outputs o x error outputerror b outputerrors erroroutput"],
  ["dY1", "h hidden hiddenout hiddenerror herror a y back"],
  ["dA1", "hidden h hiddeninput preact pre z a hraw sigmoid sigmoidx"],
];

/** Names of the listing that have no other meaning. */
const LISTING = words(
  "img answer my input1 output1 input2 output_last crossE delta_b delta_y1 delta_a",
);

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(" "));
}

/** The parts of a name. */
interface Parsed {
  readonly isGradient: boolean;
  readonly isAfter: boolean;
  readonly parameter: "W" | "b" | undefined;
  /** Its number; -1 if it has none. */
  readonly digit: number;
  /** The layer that a word names. */
  readonly layer: 1 | 2 | undefined;
  /** The other words, joined. */
  readonly word: string;
}

/** Takes a name apart: `dL_dW1`, `fc1.weight.grad`, `grads['W1']` and `gw_hidden` are gradients. */
function parse(name: string): Parsed {
  const tokens = name.replace(/['′]$/u, " after").replace(/:0$/, "")
    .replaceAll(/(\p{Ll})(\p{Lu})/gu, "$1 $2").toLowerCase().match(/\p{L}+|\d+/gu) ?? [];
  const split = tokens.flatMap((token) => {
    const part = /^[dg](.+)$/.exec(token)?.[1];
    return part !== undefined && SPLIT.has(part) ? [token[0]!, part] : [token];
  });
  // dL_dW is d W
  if (split[0] === "d" && split[2] === "d" && /^(l|e|j|c|loss|cost)$/.test(split[1]!)) {
    split.splice(0, 2);
  }
  // a letter alone counts at the beginning, and before another word: affine1.dW
  const first = split.findIndex((token) => !OTHER_WORDS.has(token));
  const isMark = (token: string, i: number) =>
    GRADIENT.has(token) && (token.length > 1 || i === first || i < split.length - 1);
  const isGradient = split.some(isMark);
  const rest = split.filter((token, i) => !isMark(token, i) && !AFTER.has(token));
  const letters = rest.filter((token) => !/\d/.test(token));
  const has = (set: ReadonlySet<string>) => letters.some((token) => set.has(token));
  const digit = Number(rest.find((token) => /\d/.test(token)) ?? -1);
  return {
    ...{ isGradient, isAfter: split.some((token) => AFTER.has(token)), digit },
    parameter: LISTING.has(name) || name === "B"
      ? undefined
      : has(WEIGHT)
      ? "W"
      : has(BIAS)
      ? "b"
      : undefined,
    layer: has(OUTPUT) ? 2 : has(HIDDEN) ? 1 : undefined,
    word: letters.filter((token) => !OTHER_WORDS.has(token)).join("") || letters.join("") ||
      split.find(isMark) || "",
  };
}

/** What follows a d or g in one word. */
const SPLIT = words(
  "w b z a h y x o u s v l e j c scores logits hidden out output pre preact act theta weights bias",
);

/** What arrays may be by their names, of which each is read in the light of the others. */
function hintsOf(names: readonly string[]): Hints[] {
  const parsed = names.map(parse);
  const isOwn = ["Y1", "dY1"].some((symbol) => names.includes(symbol));
  const layerOf = layersOf(parsed);
  const hints = names.map((name, i): Map<StepSymbol, number> => {
    const one = parsed[i]!, { isGradient, isAfter, parameter, word, digit } = one;
    const own = SYMBOLS.find((symbol) => symbol === name);
    if (
      own !== undefined && (isOwn || /'|^[dηo]|^[XWb]\d?$|^labels/.test(own) && !/A\d/.test(own))
    ) {
      return new Map([[own, CERTAIN]]);
    }
    const listed = LISTING.has(name) &&
      [...STEP_INPUTS, ...STEP].find(({ listing }) => listing === name)?.symbol;
    if (listed) return new Map([[listed, CERTAIN]]);
    if (parameter !== undefined) {
      const layer = layerOf(one), weight = layer === undefined ? USUAL : CERTAIN;
      const symbols = (layer === undefined ? [1, 2] : layer > 2 ? [] : [layer]).map((layer) =>
        `${isGradient ? "d" : ""}${parameter}${layer}${isAfter && !isGradient ? "'" : ""}`
      );
      return new Map(symbols.map((symbol) => [symbol as StepSymbol, weight]));
    }
    const found = digit < 0
      ? (isGradient ? BACKWARD : FORWARD).filter(([, text]) => words(text).has(word))
        .map(([symbol]) => symbol)
      : layered(one, parsed);
    const weight = found.length === 1 ? USUAL : POSSIBLE;
    const symbols = found.map((symbol) =>
      [symbol, symbol === "η" && word !== "alpha" ? CERTAIN : weight] as const
    );
    return new Map(symbols);
  });
  // the one gradient of the hidden layer is that of the sum
  const hidden = hints.filter((one) => one.has("dA1") || one.has("dY1"));
  if (hidden.length === 1 && hidden[0]!.get("dA1") === USUAL) hidden[0]!.set("dA1", CERTAIN);
  // the textbook has z for the output
  parsed.forEach(({ word }, i) => {
    if (word === "z" && hints[i]!.has("dA1")) hints[i]!.set("dY1", POSSIBLE);
  });
  return hints;
}

/** The quantities of a layer that a letter and a number may stand for. */
function layered({ word, digit, isGradient }: Parsed, all: readonly Parsed[]): StepSymbol[] {
  const digits = all.filter((one) => one.word === word && one.isGradient === isGradient)
    .map(({ digit }) => digit);
  // layers are counted from 0, 1 or 2, the inputs being the first
  const layer = digit +
    (digits.includes(3) ? -1 : digits.includes(0) && !digits.includes(2) ? 1 : 0);
  if (layer === 0) return isGradient ? [] : ["X"];
  if (layer > 2) return [];
  const isSum = LAYERED_SUM.has(word) || isGradient && GRADIENT.has(word),
    isOut = LAYERED_OUT.has(word);
  if (isGradient) {
    const isOfOutput = isOut && word !== "z" || /^g/.test(word);
    return layer === 2
      ? ["dA2"]
      : [...isOfOutput ? ["dY1" as const] : [], ...isSum ? ["dA1" as const] : []];
  }
  const sums = isSum ? [`A${layer}` as const] : [],
    outs = isOut ? [layer === 1 ? "Y1" as const : "P" as const] : [];
  return [...sums, ...outs] as StepSymbol[];
}

/** The layer of a parameter: by its word, or by its number among those of the same word. */
function layersOf(all: readonly Parsed[]): (one: Parsed) => number | undefined {
  return ({ layer, digit, word }) => {
    if (digit < 0 && layer !== undefined) return layer;
    const family = all.filter((one) => one.parameter !== undefined && one.word === word);
    const own = family.filter(({ isGradient, isAfter }) => !isGradient && !isAfter);
    const numbers = [...new Set((own.length > 0 ? own : family).map(({ digit }) => digit))]
      .sort((a, b) => a - b);
    if (numbers.length === 1 && digit < 0) return undefined;
    // W1 and W2, or 0.weight and 2.weight, or W and W2
    const isCounted = numbers.every((number) => number === 1 || number === 2);
    return isCounted || !numbers.includes(digit) ? Math.max(digit, 1) : numbers.indexOf(digit) + 1;
  };
}

/**
 * The quantities that a name may stand for by itself.
 *
 * @param name of an array, as `dW1`, `delta_W1`, `grads['W1']`
 */
export function symbolsOf(name: string): readonly StepSymbol[] {
  return [...hintsOf([name])[0]!.keys()];
}

// What keeps a file from being judged.

/** Names of arrays of a third layer, or of a layer that this network has not. */
function furtherLayers(items: readonly Item[]): string[] {
  const parsed = items.map(({ plain }) => parse(plain)), layerOf = layersOf(parsed);
  return items.filter(({ plain }, i) => {
    const one = parsed[i]!, layer = one.parameter && !one.isGradient ? layerOf(one) : undefined;
    return layer !== undefined && layer > 2 || /(^|[._[])(bn|batch_?norm|conv)\d*d?\b/i.test(plain);
  }).map(({ name }) => name);
}

/** Why no arrays can be the inputs. */
function problemOf(items: readonly Item[], objects: readonly string[]): DumpProblem {
  const found = new Map<InputSymbol, Item>();
  for (const symbol of INPUTS) {
    const weight = ({ hints }: Item) =>
      hints.get(symbol) ?? (symbol === "labels" && hints.has("onehot") ? 0.5 : 0);
    const [item] = items.filter((item) => weight(item) > 0 && ![...found.values()].includes(item))
      .toSorted((a, b) => weight(b) - weight(a));
    if (item !== undefined) found.set(symbol, item);
  }
  const symbols = INPUTS.filter((symbol) => !found.has(symbol));
  const name = (symbol: InputSymbol) => found.get(symbol)!.name;
  if (symbols.length > 0) {
    if (objects.length > 0) return { code: "objects", name: objects[0]! };
    const network = symbols.join() === "W2,b2"
      ? "no hidden layer"
      : symbols.join() === "b1,b2" && isWithoutBias(items)
      ? "no bias"
      : undefined;
    if (network !== undefined) {
      return {
        code: "another network",
        network,
        names: [...found.values()].map(({ name }) => name),
      };
    }
    const known = new Set([...found.values()].map(({ name }) => name));
    const unknown = items.filter(({ name, hints }) => !known.has(name) && hints.size === 0);
    return { code: "missing", symbols, unknown: unknown.map(({ name }) => name) };
  }
  const length = (symbol: InputSymbol) => found.get(symbol)!.data.length;
  const M = length("b1"), K = length("b2"), D = length("W1") / M, B = length("X") / D;
  const wrong = (symbol: InputSymbol, ...need: [number | string, number | string]): DumpProblem => {
    const { shape } = found.get(symbol)!.array;
    return { code: "wrong size", symbol, name: name(symbol), shape, need };
  };
  for (const symbol of ["b1", "b2"] as const) {
    const { shape } = found.get(symbol)!.array;
    if (shape.length === 2 && shape[0]! > 1 && shape[0] === shape[1]) {
      return { code: "broadcast bias", symbol, name: name(symbol), shape };
    }
  }
  if (M === 0) return wrong("b1", "M", 1);
  if (K === 0) return wrong("b2", "K", 1);
  if (D === 0 || !Number.isInteger(D)) return wrong("W1", M, "D");
  if (length("W2") !== K * M) return wrong("W2", K, M);
  if (B === 0 || !Number.isInteger(B)) return wrong("X", D, "B");
  if (K === 1) return { code: "another network", network: "one output", names: [name("b2")] };
  const labels = found.get("labels")!.data;
  if (labels.length === B) {
    const label = labels.find((x) => !(Number.isInteger(x) && x >= 0 && x < K));
    if (label !== undefined) {
      return { code: "wrong label", name: name("labels"), label, classes: K };
    }
  }
  if (labels.length !== B * K) return wrong("labels", K, B);
  for (const [symbol, rows, columns] of [["X", D, B], ["W1", M, D], ["W2", K, M]] as const) {
    if (waysRound(found.get(symbol)!.shape, rows, columns).length === 0) {
      return wrong(symbol, rows, columns);
    }
  }
  return { code: "not one-hot", name: name("labels"), classes: K };
}

/** Whether A1 or Y1 is right without biases. */
function isWithoutBias(items: readonly Item[]): boolean {
  const W1 = items.find((item) => isCertainly(item, "W1"))!;
  const W2 = items.find((item) => isCertainly(item, "W2"))!;
  return splitsOf(W1.shape).some(([M]) => {
    const zeros = ([["b1", M], ["b2", W2.data.length / M]] as const).map(([name, size]): Item => {
      const data = new Float64Array(Number.isInteger(size) ? size : 0), shape = [data.length];
      const array = { shape, dtype: "<f8", fortranOrder: false, data };
      const hints = new Map([[name, CERTAIN]]);
      return { name, plain: name, array, shape, data, matrices: new Map(), hints };
    });
    const all = [...items, ...zeros];
    return bestOf(enumerate(all, ({ hints }, symbol) => hints.has(symbol)), all, 6).length > 0;
  });
}
