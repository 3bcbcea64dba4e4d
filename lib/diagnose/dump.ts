// What another program recorded of one or two training steps: which array stands for which quantity,
// the sizes of its network, and its numbers as matrices. It returns codes; words.ts has the words.
import { Matrix, type RunTimeMatrix } from "../math/matrix.ts";
import { type NdArray, toFloat64 } from "../formats/nd_array.ts";
import { Indices } from "../math/indices.ts";
import { type Dim, dim } from "../math/shape.ts";
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
  const assigned = assign(arrays, options.names ?? {});
  if ("problem" in assigned) return assigned;
  const { namings, unused } = assigned;
  const names = namings[0]!;
  const array = (symbol: StepSymbol) => arrays.get(names.get(symbol)!)!;

  const missing = STEP_INPUTS.filter(({ symbol }) =>
    symbol !== "η" && !names.has(symbol) && !(symbol === "labels" && names.has("onehot"))
  );
  if (missing.length > 0) {
    if (objects.length > 0) return { problem: { code: "objects", name: objects[0]! } };
    const symbols = missing.map(({ symbol }) => symbol);
    return { problem: { code: "missing", symbols, unknown: unused } };
  }
  if (STEP.every(({ symbol }) => !names.has(symbol))) {
    return { problem: { code: "nothing computed" } };
  }

  const sizes = sizesOf(names, array);
  if ("problem" in sizes) return sizes;
  const usual = usualLayouts(names.keys(), (symbol) => {
    const [rows, columns] = shapeOf(symbol, sizes);
    return rows === 1 || columns === 1 ? [] : waysRound(array(symbol).shape, rows, columns);
  });
  const inputs = readInputs(names, array, sizes);
  if ("problem" in inputs) return inputs;

  const inputSources = sourcesOf(STEP_INPUTS, names, arrays) as DumpReading["sources"];
  const readings = namings.flatMap((naming) => {
    const recorded = readRecorded(naming, arrays, sizes, usual);
    return inputs.map(({ inputs, layouts }) => {
      const sources = new Map(
        [...inputSources].map(([symbol, source]) =>
          [symbol, { ...source, transposed: layouts.get(symbol) ?? source.transposed }] as const
        ),
      );
      const right = lazyStep(inputs);
      return { inputs, sources, recorded, right, unusual: countUnusual(layouts, usual) };
    });
  }).toSorted((a, b) => a.unusual - b.unusual).map(({ unusual: _, ...reading }) => reading);
  if (readings.length * multiplications(sizes) > MAX_MULTIPLICATIONS) {
    return { problem: { code: "too large", sizes } };
  }
  const rates = names.has("η") ? toFloat64(array("η")) : [];
  if (options.learningRate === undefined && rates.length > 1) {
    return { problem: { code: "several rates", name: names.get("η")!, count: rates.length } };
  }
  const rate = options.learningRate ?? rates[0];
  const learningRate = rate !== undefined && Number.isFinite(rate) && rate > 0 ? rate : undefined;
  const precision = precisionOf(names, array);
  return { sizes, precision, learningRate, unused, readings, next: undefined };
}

/**
 * The greatest number of multiplications in W1 X and W2 Y1, in all readings together: that many
 * take half a second, and a diagnosis computes them ten to fifty times. The report's step has 6e6.
 */
const MAX_MULTIPLICATIONS = 3e8;

/** The number of multiplications in W1 X and W2 Y1. */
export function multiplications({ D, M, K, B }: StepSizes): number {
  return (D + K) * M * B;
}

type Naming = ReadonlyMap<StepSymbol, string>;

/** Which array stands for which symbol; several assignments if a name has two meanings. */
function assign(
  arrays: ReadonlyMap<string, NdArray>,
  given: Readonly<Record<string, StepSymbol>>,
): { readonly namings: Naming[]; readonly unused: string[] } | Unreadable {
  for (const [name, symbol] of Object.entries(given)) {
    if (SYMBOLS.includes(symbol)) continue;
    throw new RangeError(
      `Cannot take ${quote(name)} for ${describeValue(symbol)}: need one of ${SYMBOLS.join(" ")}`,
    );
  }
  const unknown = Object.keys(given).find((name) => !arrays.has(name));
  if (unknown !== undefined) {
    return { problem: { code: "no such array", name: unknown, names: [...arrays.keys()] } };
  }
  const unused: string[] = [];
  const taken = new Map<StepSymbol, string>();
  const open: { readonly name: string; readonly symbols: readonly StepSymbol[] }[] = [];
  // names that were given come first: they free the others from meaning the same
  for (const name of [...arrays.keys()].toSorted((a, b) => +(b in given) - +(a in given))) {
    const symbols = Object.hasOwn(given, name) ? [given[name]!] : symbolsOf(name);
    const [symbol] = symbols;
    if (symbol === undefined) unused.push(name);
    else if (symbols.length > 1) open.push({ name, symbols });
    else {
      const other = taken.get(symbol);
      if (other !== undefined && !Object.hasOwn(given, other)) {
        return { problem: { code: "two names", symbol, names: [other, name] } };
      }
      if (other === undefined) taken.set(symbol, name);
      else unused.push(name);
    }
  }
  const namings = open.reduce<Map<StepSymbol, string>[]>(
    (namings, { name, symbols }) =>
      namings.flatMap((naming) => {
        const left = symbols.filter((symbol) => !naming.has(symbol));
        return left.length > 0
          ? left.map((symbol) => new Map([...naming, [symbol, name] as const]))
          : [naming];
      }),
    [taken],
  );
  const named = new Set(namings[0]!.values());
  unused.push(...open.map(({ name }) => name).filter((name) => !named.has(name)));
  return { namings, unused };
}

function sizesOf(
  names: Naming,
  array: (symbol: StepSymbol) => NdArray,
): StepSizes | Unreadable {
  const length = (symbol: StepSymbol) => array(symbol).data.length;
  const M = length("b1"), K = length("b2"), D = length("W1") / M, B = length("X") / D;
  const labels = names.has("labels") ? "labels" : "onehot";
  const wrong = (symbol: StepSymbol, ...need: [number | string, number | string]): Unreadable => {
    const name = names.get(symbol)!, { shape } = array(symbol);
    return { problem: { code: "wrong size", symbol, name, shape, need } };
  };
  if (M === 0) return wrong("b1", "M", 1);
  if (K === 0) return wrong("b2", "K", 1);
  if (D === 0 || !Number.isInteger(D)) return wrong("W1", M, "D");
  if (length("W2") !== K * M) return wrong("W2", K, M);
  if (B === 0 || !Number.isInteger(B)) return wrong("X", D, "B");
  if (length(labels) !== B && length(labels) !== B * K) return wrong(labels, K, B);
  return { D, M, K, B };
}

/** The rows and columns of a quantity: `M x B` of 3 hidden units and 10 examples is 3 and 10. */
export function shapeOf(symbol: StepSymbol, sizes: StepSizes): readonly [number, number] {
  const { axes: [rows, columns] } = QUANTITIES[symbol];
  const length = (axis: Axis) => axis === "1" ? 1 : sizes[axis];
  return [length(rows), length(columns)];
}

/** The inputs in one of their readings. */
interface InputReading {
  readonly inputs: DumpReading["inputs"];
  readonly layouts: Layouts;
}

/** The inputs in every combination of the readings of those that are square. */
function readInputs(
  names: Naming,
  array: (symbol: StepSymbol) => NdArray,
  sizes: StepSizes,
): InputReading[] | Unreadable {
  let combinations: InputReading[] = [{ inputs: {}, layouts: new Map() }];
  for (const symbol of ["X", "W1", "b1", "W2", "b2"] as const) {
    const { shape } = array(symbol), data = toFloat64(array(symbol));
    const name = names.get(symbol)!, [rows, columns] = shapeOf(symbol, sizes);
    const found = readings({ shape, data }, rows, columns);
    if (found.length === 0) {
      const need = [rows, columns] as const;
      return { problem: { code: "wrong size", symbol, name, shape, need } };
    }
    const at = data.findIndex((x) => !Number.isFinite(x));
    if (at >= 0) return { problem: { code: "not finite", symbol, name, value: data[at]! } };
    combinations = combinations.flatMap(({ inputs, layouts }) =>
      found.flatMap(({ matrix, transposed }) => {
        const scales = symbol === "X" && isOfBytes(data) ? [1, 1 / 255] : [1];
        return scales.map((scale) => ({
          inputs: { ...inputs, [symbol]: scale === 1 ? matrix : matrix.map((x) => x / 255) },
          layouts: found.length > 1
            ? new Map([...layouts, [symbol, transposed] as const])
            : layouts,
        }));
      })
    );
  }
  const labels = readLabels(names, array, sizes);
  if ("problem" in labels) return labels;
  return combinations.flatMap(({ inputs, layouts }) =>
    labels.map((labels) => ({ inputs: { ...inputs, labels }, layouts }))
  );
}

/** Whether pixels are bytes, which a program may divide by 255 after they are recorded. */
export function isOfBytes(data: Float64Array): boolean {
  return data.some((x) => x > 1) && data.every((x) => Number.isInteger(x) && x >= 0 && x <= 255);
}

function readLabels(
  names: Naming,
  array: (symbol: StepSymbol) => NdArray,
  sizes: StepSizes,
): Indices<Dim<"any">>[] | Unreadable {
  const symbol = names.has("labels") ? "labels" : "onehot", name = names.get(symbol)!;
  const { shape } = array(symbol), data = toFloat64(array(symbol)), { K, B } = sizes;
  const count = dim("any", B);
  // of one class, one-hot vectors have as many numbers as labels
  if (data.length === B && !(K === 1 && data.every((x) => x === 1))) {
    const wrong = data.find((label) => !(Number.isInteger(label) && label >= 0 && label < K));
    if (wrong !== undefined) {
      return { problem: { code: "wrong label", name, label: wrong, classes: K } };
    }
    return [Indices.of(count, Array.from(data))];
  }
  const found = readings({ shape, data }, K, B).flatMap(({ matrix }) => {
    const labels = rightClasses(matrix);
    return labels === undefined ? [] : [Indices.of(count, labels)];
  });
  return found.length > 0 ? found : { problem: { code: "not one-hot", name, classes: K } };
}

/** The row of the 1 in each column; undefined if a column has anything but a 1 and zeros. */
function rightClasses({ rows, columns, data }: RunTimeMatrix): number[] | undefined {
  const classes = new Array<number>(columns).fill(-1);
  for (let i = 0, entry = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++, entry++) {
      if (data[entry] === 0) continue;
      if (data[entry] !== 1 || classes[j] !== -1) return undefined;
      classes[j] = i;
    }
  }
  return classes.includes(-1) ? undefined : classes;
}

/** The arrays of some symbols; of a square one it is not known whether it is transposed. */
function sourcesOf(
  symbols: readonly { readonly symbol: StepSymbol }[],
  naming: Naming,
  arrays: ReadonlyMap<string, NdArray>,
): ReadonlyMap<StepSymbol, Source> {
  return new Map(symbols.flatMap(({ symbol }) => {
    const name = naming.get(symbol);
    if (name === undefined) return [];
    const { shape, dtype } = arrays.get(name)!;
    return [[symbol, { name, shape, dtype, transposed: false }] as const];
  }));
}

function readRecorded(
  naming: Naming,
  arrays: ReadonlyMap<string, NdArray>,
  sizes: StepSizes,
  usual: Layouts,
): Map<ComputedSymbol, Recorded> {
  const recorded = new Map<ComputedSymbol, Recorded>();
  for (const { symbol } of STEP) {
    const name = naming.get(symbol);
    // without labels, the one-hot matrix is an input
    if (name === undefined || symbol === "onehot" && !naming.has("labels")) continue;
    const array = arrays.get(name)!, { shape } = array, data = toFloat64(array);
    const [rows, columns] = shapeOf(symbol, sizes), layout = usual.get(symbol);
    const found = readings({ shape, data }, rows, columns).toSorted((a, b) =>
      +(b.transposed === layout) - +(a.transposed === layout)
    );
    recorded.set(symbol, {
      ...{ name, shape, data, dtype: array.dtype, transposed: found[0]?.transposed ?? false },
      precision: PRECISIONS[array.dtype.slice(1)] ?? "float64",
      // the usual way round comes first: if none fits, it is the one that is explained
      readings: found,
    });
  }
  return recorded;
}

/** The precisions by the dtypes of NumPy, without the byte order. */
const PRECISIONS: Readonly<Record<string, Precision>> = { f2: "float16", f4: "float32" };

/**
 * The precision of the program's arithmetic: that of the least precise of the parameters and
 * results. Results of float16 are taken for float64 that were recorded so. Doubles that are all
 * float32 have been converted.
 */
function precisionOf(names: Naming, array: (symbol: StepSymbol) => NdArray): Precision {
  const used = SYMBOLS.filter((symbol) =>
    names.has(symbol) && !["X", "labels", "onehot", "η"].includes(symbol)
  );
  const dtypes = used.map((symbol) => [symbol, array(symbol).dtype.slice(1)] as const);
  if (dtypes.some(([symbol, dtype]) => dtype === "f2" && PARAMETERS.includes(symbol))) {
    return "float16";
  }
  if (dtypes.some(([, dtype]) => dtype === "f4")) return "float32";
  // numbers of a few bits, as 0 or 0.25, do not tell
  const fractions = used.map((symbol) => toFloat64(array(symbol)))
    .filter((data) => !data.every((x) => Number.isInteger(4096 * x)));
  const isFloat32 = fractions.length > 0 &&
    fractions.every((data) => data.every((x) => Object.is(Math.fround(x), x)));
  return isFloat32 ? "float32" : "float64";
}

const PARAMETERS: readonly StepSymbol[] = ["W1", "b1", "W2", "b2"];

/**
 * Other names of the quantities, besides the project's own symbols and the names of the listing:
 * those of the textbook ("Deep Learning from Scratch"), of PyTorch, and what people make of them.
 * In the form of {@linkcode plain}.
 */
const OTHER_NAMES: Readonly<Partial<Record<StepSymbol, string>>> = {
  X: "x images image input inputs xbatch batchx imgs pixels",
  labels: "label targets target t tbatch y0 ytrue digits",
  onehot: "onehotlabels onehotanswer tonehot",
  W1: "w1before fc1weight paramsw1",
  b1: "b1before fc1bias paramsb1",
  W2: "w2before fc2weight paramsw2",
  b2: "b2before fc2bias paramsb2",
  η: "lr learningrate rate eta",
  Y1: "h h1 hidden",
  A2: "z2 logits scores",
  P: "y probabilities probs softmax yhat ypred prediction output",
  L: "losses",
  E: "loss crossentropy meanloss",
  dA2: "dy da2 dz2 dlogits dscores delta2",
  dA1: "delta1",
  dW2: "gradsw2 gradw2 w2grad fc2weightgrad",
  db2: "gradsb2 gradb2 b2grad fc2biasgrad",
  dW1: "gradsw1 gradw1 w1grad fc1weightgrad",
  db1: "gradsb1 gradb1 b1grad fc1biasgrad",
  "W1'": "w1after w1new neww1 w1next w1updated fc1weightafter",
  "b1'": "b1after b1new newb1 b1next b1updated fc1biasafter",
  "W2'": "w2after w2new neww2 w2next w2updated fc2weightafter",
  "b2'": "b2after b2new newb2 b2next b2updated fc2biasafter",
};

/**
 * Names of two meanings, the textbook's first. The first edition of the textbook calls ∂E/∂Y1 `da1`
 * and ∂E/∂A1 `dz1`, its program the other way round; and for others `z` is the sum of a layer and
 * `a` its output.
 */
const EITHER: readonly (readonly [name: string, symbols: readonly StepSymbol[]])[] = [
  ["a1", ["A1", "Y1"]],
  ["z1", ["Y1", "A1"]],
  ["a2", ["A2", "P"]],
  ["da1", ["dA1", "dY1"]],
  ["dz1", ["dA1", "dY1"]],
];

/** The symbols in the order of the step. */
export const SYMBOLS: readonly StepSymbol[] = [...STEP_INPUTS, ...STEP].map(({ symbol }) => symbol);

/** The symbols by their names: the project's own, then those of the listing, then the others. */
const BY_NAME: ReadonlyMap<string, readonly StepSymbol[]> = /* @__PURE__ */ byName();

/** A function, so that bundlers leave the names out of programs that do not use them. */
function byName(): Map<string, readonly StepSymbol[]> {
  const names = new Map(EITHER);
  for (const { symbol, listing } of [...STEP_INPUTS, ...STEP]) {
    // the listing updates W1 in place: its name is that of the value before the step
    const all = [symbol, listing ?? symbol, ...OTHER_NAMES[symbol]?.split(" ") ?? []];
    for (const name of all.map(plain)) if (!names.has(name)) names.set(name, [symbol]);
  }
  return names;
}

/** A name without case and punctuation: `grads['W1']` is `gradsw1`, and `W1'` is `w1after`. */
function plain(name: string): string {
  return name.replace(/['′]$/u, "after").replaceAll(/[^\p{L}\p{N}]/gu, "").toLowerCase();
}

/**
 * The quantities that a name may stand for: none, one, or two of which the numbers decide.
 *
 * @param name of an array, as `dW1`, `delta_W1`, `grads['W1']`
 */
export function symbolsOf(name: string): readonly StepSymbol[] {
  // the project's own symbols are exact: dA1 is not the textbook's da1
  const own = SYMBOLS.find((symbol) => symbol === name);
  return own === undefined ? BY_NAME.get(plain(name)) ?? [] : [own];
}

/** Whether arrays hold transposed matrices. */
export type Layouts = ReadonlyMap<StepSymbol, boolean>;

/**
 * The kinds of arrays of which a program has each in one layout: the listing's matrices of the
 * forward pass are B x D x 1, those of the backward pass M x B.
 */
const KINDS: readonly (readonly StepSymbol[])[] = [
  ["X", "A1", "Y1", "A2", "P", "onehot"],
  ["dA2", "dY1", "dA1"],
  ["W1", "W2", "dW1", "dW2", "W1'", "W2'"],
];

/**
 * The layout of most arrays of each kind, for all symbols of it; none where all arrays are square.
 *
 * @param symbols those that are recorded
 * @param waysRound the ways round that fit, `true` for a transposed matrix
 */
export function usualLayouts(
  symbols: Iterable<StepSymbol>,
  waysRound: (symbol: StepSymbol) => readonly boolean[],
): Layouts {
  const recorded = new Set(symbols);
  return new Map(KINDS.flatMap((kind) => {
    const votes = kind.filter((symbol) => recorded.has(symbol)).map(waysRound)
      .flatMap((ways) => ways.length === 1 ? ways : []);
    const transposed = votes.filter((vote) => vote).length;
    return votes.length === 0
      ? []
      : kind.map((symbol) => [symbol, 2 * transposed > votes.length] as const);
  }));
}

/**
 * The number of square arrays that are read the other way round than is usual, or than most square
 * ones of their kind.
 */
export function countUnusual(layouts: Layouts, usual: Layouts): number {
  return KINDS.map((kind) => {
    const read = kind.flatMap((symbol) => layouts.get(symbol) ?? []);
    const transposed = read.filter((one) => one).length, upright = read.length - transposed;
    const layout = usual.get(kind[0]!);
    return layout === undefined ? Math.min(transposed, upright) : layout ? upright : transposed;
  }).reduce((a, b) => a + b);
}

/** One way of reading an array as a matrix. */
export interface Reading {
  /** The matrix. */
  readonly matrix: RunTimeMatrix;
  /** Whether the array holds its transpose. */
  readonly transposed: boolean;
}

/**
 * The ways in which an array can be read as a matrix of so many rows and columns: none, one, or
 * two if both ways round fit. Axes are joined where they are adjacent, so that (B, 28, 28) and (B,
 * 784, 1) are B x 784.
 *
 * @param shape of the array
 * @param data its numbers in C order
 */
export function readings(
  { shape, data }: { readonly shape: readonly number[]; readonly data: Float64Array },
  rows: number,
  columns: number,
): Reading[] {
  if (data.length !== rows * columns) return [];
  const R = dim("any", rows), C = dim("any", columns);
  return waysRound(shape, rows, columns).map((transposed) => ({
    matrix: transposed ? Matrix.of(C, R, data).transposed : Matrix.of(R, C, data),
    transposed,
  }));
}

/** The ways in which a shape can be read: `false` upright, `true` as the transpose. */
export function waysRound(shape: readonly number[], rows: number, columns: number): boolean[] {
  if (shape.reduce((product, size) => product * size, 1) !== rows * columns) return [];
  if (rows === 1 || columns === 1) return [false];
  return [...splits(shape, rows) ? [false] : [], ...splits(shape, columns) ? [true] : []];
}

/** Whether the first axes together have such a length, so that the others are the columns. */
function splits(shape: readonly number[], rows: number): boolean {
  let length = 1;
  return rows === 1 || shape.some((size) => (length *= size) === rows);
}
