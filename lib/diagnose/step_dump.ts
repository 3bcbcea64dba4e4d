// What another program recorded of one training step: which array stands for which quantity, the
// sizes of its network, and its numbers as matrices.
import type { RunTimeMatrix } from "../math/matrix.ts";
import { type NdArray, toFloat64 } from "../formats/nd_array.ts";
import { Indices } from "../math/indices.ts";
import { type Dim, dim } from "../math/shape.ts";
import {
  type Axis,
  QUANTITIES,
  type RunTimeStep,
  STEP,
  STEP_INPUTS,
  type StepSymbol,
} from "../network/step.ts";
import { describeValue, quote } from "../text/escape.ts";
import type { Text } from "../text/layout.ts";
import { SYMBOLS, symbolsOf } from "./names.ts";
import { type Layouts, usualLayouts } from "./layouts.ts";
import { type Reading, readings, waysRound } from "./readings.ts";
import type { Factor } from "./cause.ts";
import { cannotJudge } from "./words.ts";

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

/** A quantity that a program recorded. */
export interface Recorded {
  /** The name of the array. */
  readonly name: string;
  /** Its shape. */
  readonly shape: readonly number[];
  /** Its numbers in C order. */
  readonly data: Float64Array<ArrayBuffer>;
  /** The precision of its numbers. */
  readonly precision: Precision;
  /** The matrices that it may stand for; none if its shape does not fit. */
  readonly readings: readonly Reading[];
  /** What the program's own definition of it is multiplied by; its matrices are divided by that. */
  readonly factor: Factor | undefined;
}

/** Quantities that are known, by their symbols. */
export type KnownValues = { -readonly [Symbol in StepSymbol]?: RunTimeStep[Symbol] };

/** One way of reading a dump: both ways round of a square input, or two meanings of a name. */
export interface DumpReading {
  /** X, labels, W1, b1, W2 and b2. */
  readonly inputs: Readonly<KnownValues>;
  /** The other quantities. */
  readonly recorded: ReadonlyMap<StepSymbol, Recorded>;
  /** Of the inputs that fit both ways round, whether they are read as transposed. */
  readonly layouts: Layouts;
}

/** What a program recorded of a step. */
export interface StepDump {
  /** The sizes of its network and batch. */
  readonly sizes: StepSizes;
  /** The precision of its arithmetic. */
  readonly precision: Precision;
  /** The learning rate, if it is known. */
  readonly learningRate: number | undefined;
  /** Arrays whose names say nothing. */
  readonly unused: readonly string[];
  /** Whether its arrays that are not square hold transposed matrices, by their kind. */
  readonly usual: Layouts;
  /** The ways of reading it; the numbers decide between them. */
  readonly readings: readonly DumpReading[];
}

/**
 * How to read what a program recorded.
 *
 * @category 7 Checks
 */
export interface DiagnoseOptions {
  /** What names stand for, by name: `{ mine: "dW1" }`. */
  readonly names?: Readonly<Record<string, StepSymbol>>;
  /** The learning rate, where the arrays do not have it. */
  readonly learningRate?: number;
}

/** Reads a dump; returns the reason if it cannot be judged. */
export function readStepDump(
  arrays: ReadonlyMap<string, NdArray>,
  options: DiagnoseOptions = {},
): StepDump | { readonly reason: Text } {
  const assigned = assign(arrays, options.names ?? {});
  if ("reason" in assigned) return assigned;
  const { namings, unused } = assigned;
  const names = namings[0]!;
  const array = (symbol: StepSymbol) => arrays.get(names.get(symbol)!)!;

  const missing = STEP_INPUTS.filter(({ symbol }) =>
    symbol !== "η" && !names.has(symbol) && !(symbol === "labels" && names.has("onehot"))
  );
  if (missing.length > 0) return { reason: cannotJudge.missing(missing, unused) };
  if (STEP.every(({ symbol }) => !names.has(symbol))) return { reason: cannotJudge.nothingElse };

  const sizes = sizesOf(names, array);
  if ("reason" in sizes) return sizes;
  const usual = usualLayouts(names.keys(), (symbol) => {
    const [rows, columns] = shapeOf(symbol, sizes);
    return rows === 1 || columns === 1 ? [] : waysRound(array(symbol).shape, rows, columns);
  });
  const inputs = readInputs(names, array, sizes);
  if ("reason" in inputs) return inputs;

  const readings = namings.flatMap((naming) => {
    const recorded = readRecorded(naming, arrays, sizes, usual);
    return inputs.map((inputs) => ({ ...inputs, recorded }));
  });
  if (readings.length * multiplications(sizes) > MAX_MULTIPLICATIONS) {
    return { reason: cannotJudge.tooLarge(sizes) };
  }
  const rate = names.has("η") ? toFloat64(array("η"))[0] : options.learningRate;
  const learningRate = rate !== undefined && Number.isFinite(rate) && rate > 0 ? rate : undefined;
  const precision = precisionOf(names, array);
  return { sizes, precision, learningRate, unused, usual, readings };
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
): { readonly namings: Naming[]; readonly unused: string[] } | { readonly reason: Text } {
  for (const [name, symbol] of Object.entries(given)) {
    if (SYMBOLS.includes(symbol)) continue;
    throw new RangeError(
      `Cannot take ${quote(name)} for ${describeValue(symbol)}: need one of ${SYMBOLS.join(" ")}`,
    );
  }
  const unknown = Object.keys(given).find((name) => !arrays.has(name));
  if (unknown !== undefined) {
    return { reason: cannotJudge.noSuchArray(unknown, [...arrays.keys()]) };
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
        return { reason: cannotJudge.twoNames(symbol, other, name) };
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
): StepSizes | { readonly reason: Text } {
  const length = (symbol: StepSymbol) => array(symbol).data.length;
  const M = length("b1"), K = length("b2"), D = length("W1") / M, B = length("X") / D;
  const labels = names.has("labels") ? "labels" : "onehot";
  const wrong = (symbol: StepSymbol, need: Text) => ({
    reason: cannotJudge.wrongSize(symbol, names.get(symbol)!, array(symbol).shape, need),
  });
  if (M === 0) {
    return wrong("b1", { en: "one number for each hidden unit", ja: "隠れユニットごとに数が一つ" });
  }
  if (K === 0) return wrong("b2", { en: "one number for each class", ja: "クラスごとに数が一つ" });
  if (D === 0 || !Number.isInteger(D)) return wrong("W1", orTransposed(M, "D"));
  if (length("W2") !== K * M) return wrong("W2", orTransposed(K, M));
  if (B === 0 || !Number.isInteger(B)) return wrong("X", orTransposed(D, "B"));
  if (length(labels) !== B && length(labels) !== B * K) {
    return wrong(labels, {
      en: `${B} classes or ${K}x${B} one-hot`,
      ja: `${B} 個のクラスか ${K}x${B} の one-hot`,
    });
  }
  return { D, M, K, B };
}

function orTransposed(rows: number | string, columns: number | string): Text {
  return { en: `${rows}x${columns} or its transpose`, ja: `${rows}x${columns} かその転置` };
}

/** The rows and columns of a quantity: `M x B` of 3 hidden units and 10 examples is 3 and 10. */
export function shapeOf(symbol: StepSymbol, sizes: StepSizes): readonly [number, number] {
  const { axes: [rows, columns] } = QUANTITIES[symbol];
  const length = (axis: Axis) => axis === "1" ? 1 : sizes[axis];
  return [length(rows), length(columns)];
}

/** The inputs in one of their readings. */
type InputReading = Omit<DumpReading, "recorded">;

/** The inputs in every combination of the readings of those that are square. */
function readInputs(
  names: Naming,
  array: (symbol: StepSymbol) => NdArray,
  sizes: StepSizes,
): InputReading[] | { readonly reason: Text } {
  let combinations: InputReading[] = [{ inputs: {}, layouts: new Map() }];
  for (const symbol of ["X", "W1", "b1", "W2", "b2"] as const) {
    const { shape } = array(symbol), data = toFloat64(array(symbol));
    const name = names.get(symbol)!, [rows, columns] = shapeOf(symbol, sizes);
    const found = readings({ shape, data }, rows, columns);
    if (found.length === 0) {
      return { reason: cannotJudge.wrongSize(symbol, name, shape, orTransposed(rows, columns)) };
    }
    const at = data.findIndex((x) => !Number.isFinite(x));
    if (at >= 0) return { reason: cannotJudge.notFinite(symbol, name, data[at]!) };
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
  if ("reason" in labels) return labels;
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
): Indices<Dim<"any">>[] | { readonly reason: Text } {
  const symbol = names.has("labels") ? "labels" : "onehot", name = names.get(symbol)!;
  const { shape } = array(symbol), data = toFloat64(array(symbol)), { K, B } = sizes;
  const count = dim("any", B);
  // of one class, one-hot vectors have as many numbers as labels
  if (data.length === B && !(K === 1 && data.every((x) => x === 1))) {
    const wrong = data.find((label) => !(Number.isInteger(label) && label >= 0 && label < K));
    if (wrong !== undefined) return { reason: cannotJudge.wrongLabel(name, wrong, K) };
    return [Indices.of(count, Array.from(data))];
  }
  const found = readings({ shape, data }, K, B).flatMap(({ matrix }) => {
    const labels = rightClasses(matrix);
    return labels === undefined ? [] : [Indices.of(count, labels)];
  });
  return found.length > 0 ? found : { reason: cannotJudge.notOneHot(name, K) };
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

function readRecorded(
  naming: Naming,
  arrays: ReadonlyMap<string, NdArray>,
  sizes: StepSizes,
  usual: Layouts,
): Map<StepSymbol, Recorded> {
  const recorded = new Map<StepSymbol, Recorded>();
  for (const { symbol } of STEP) {
    const name = naming.get(symbol);
    // without labels, the one-hot matrix is an input
    if (name === undefined || symbol === "onehot" && !naming.has("labels")) continue;
    const array = arrays.get(name)!, { shape } = array, data = toFloat64(array);
    const [rows, columns] = shapeOf(symbol, sizes), layout = usual.get(symbol);
    recorded.set(symbol, {
      ...{ name, shape, data, factor: undefined },
      precision: PRECISIONS[array.dtype.slice(1)] ?? "float64",
      // the usual way round comes first: if none fits, it is the one that is explained
      readings: readings({ shape, data }, rows, columns).toSorted((a, b) =>
        +(b.transposed === layout) - +(a.transposed === layout)
      ),
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
