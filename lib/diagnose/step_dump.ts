/**
 * What another program recorded of one training step: which array stands for which quantity, the
 * sizes of its network, and its numbers as matrices.
 *
 * @module
 */

import { type NdArray, toFloat64 } from "../formats/nd_array.ts";
import { Indices } from "../math/indices.ts";
import { type Dim, dim } from "../math/shape.ts";
import {
  type AnyStepValues,
  type RunTimeMatrix,
  STEP,
  STEP_INPUTS,
  type StepSymbol,
} from "../network/step.ts";
import type { Text } from "../text/layout.ts";
import { SYMBOLS, symbolsOf } from "./names.ts";
import { type Reading, readings } from "./readings.ts";
import { cannotJudge } from "./words.ts";

/**
 * The sizes of a step: D inputs, M hidden units, K classes, B examples.
 *
 * @category 7 Checks
 */
export type StepSizes = Readonly<Record<"D" | "M" | "K" | "B", number>>;

/**
 * The kinds of floating-point numbers.
 *
 * @category 7 Checks
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
  /** The matrices that it may stand for; none if its shape does not fit. */
  readonly readings: readonly Reading[];
}

/** One way of reading a dump: both ways round of a square input, or two meanings of a name. */
export interface DumpReading {
  /** X, labels, W1, b1, W2 and b2. */
  readonly inputs: AnyStepValues;
  /** The other quantities. */
  readonly recorded: ReadonlyMap<StepSymbol, Recorded>;
}

/** What a program recorded of a step. */
export interface StepDump {
  /** The sizes of its network and batch. */
  readonly sizes: StepSizes;
  /** The precision of its least precise array of parameters or results. */
  readonly precision: Precision;
  /** The learning rate, if it is known. */
  readonly learningRate: number | undefined;
  /** The names of the arrays by the symbols that they stand for. */
  readonly names: ReadonlyMap<StepSymbol, string>;
  /** Arrays whose names say nothing. */
  readonly unused: readonly string[];
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
  if (missing.length > 0) return { reason: cannotJudge.missing(missing) };
  if (STEP.every(({ symbol }) => !names.has(symbol))) return { reason: cannotJudge.nothingElse };

  const sizes = sizesOf(names, array);
  if ("reason" in sizes) return sizes;
  const inputs = readInputs(names, array, sizes);
  if ("reason" in inputs) return inputs;

  const rate = names.has("η") ? toFloat64(array("η"))[0] : options.learningRate;
  return {
    sizes,
    precision: precisionOf(names, array),
    learningRate: rate,
    names,
    unused,
    readings: namings.flatMap((naming) => {
      const recorded = readRecorded(naming, arrays, sizes);
      return inputs.map((inputs) => ({ inputs, recorded }));
    }),
  };
}

type Naming = ReadonlyMap<StepSymbol, string>;

/** Which array stands for which symbol; several assignments if a name has two meanings. */
function assign(
  arrays: ReadonlyMap<string, NdArray>,
  given: Readonly<Record<string, StepSymbol>>,
): { readonly namings: Naming[]; readonly unused: string[] } | { readonly reason: Text } {
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
      namings.flatMap((naming) =>
        symbols.filter((symbol) => !naming.has(symbol)).map((symbol) =>
          new Map([...naming, [symbol, name] as const])
        )
      ),
    [taken],
  );
  return { namings: namings.length > 0 ? namings : [taken], unused };
}

function sizesOf(
  names: Naming,
  array: (symbol: StepSymbol) => NdArray,
): StepSizes | { readonly reason: Text } {
  const length = (symbol: StepSymbol) => array(symbol).data.length;
  const M = length("b1"), K = length("b2"), D = length("W1") / M, B = length("X") / D;
  const labels = names.has("labels") ? "labels" : "onehot";
  const wrong = (symbol: StepSymbol, need: string) => ({
    reason: cannotJudge.wrongSize(symbol, names.get(symbol)!, array(symbol).shape, need),
  });
  if (M === 0) return wrong("b1", "M > 0");
  if (K === 0) return wrong("b2", "K > 0");
  if (D === 0 || !Number.isInteger(D)) return wrong("W1", `${M}xD`);
  if (length("W2") !== K * M) return wrong("W2", `${K}x${M}`);
  if (B === 0 || !Number.isInteger(B)) return wrong("X", `${D}xB`);
  if (length(labels) !== B && length(labels) !== B * K) return wrong(labels, `${B}, ${K}x${B}`);
  return { D, M, K, B };
}

/** The rows and columns of a quantity: `M x B` of 3 hidden units and 10 examples is 3 and 10. */
export function shapeOf(symbol: StepSymbol, sizes: StepSizes): readonly [number, number] {
  const { shape } = [...STEP_INPUTS, ...STEP].find((one) => one.symbol === symbol)!;
  const [rows, columns = 1] = shape.split(" x ").map((letter) =>
    letter === "1" ? 1 : sizes[letter as keyof StepSizes]
  );
  return [rows!, columns];
}

/** The inputs in every combination of the readings of those that are square. */
function readInputs(
  names: Naming,
  array: (symbol: StepSymbol) => NdArray,
  sizes: StepSizes,
): AnyStepValues[] | { readonly reason: Text } {
  let combinations: AnyStepValues[] = [{}];
  for (const symbol of ["X", "W1", "b1", "W2", "b2"] as const) {
    const { shape } = array(symbol), data = toFloat64(array(symbol));
    const name = names.get(symbol)!, [rows, columns] = shapeOf(symbol, sizes);
    const found = readings({ shape, data }, rows, columns);
    if (found.length === 0) {
      return { reason: cannotJudge.wrongSize(symbol, name, shape, `${rows}x${columns}`) };
    }
    const at = data.findIndex((x) => !Number.isFinite(x));
    if (at >= 0) return { reason: cannotJudge.notFinite(symbol, name, data[at]!) };
    combinations = combinations.flatMap((values) =>
      found.map(({ matrix }) => ({ ...values, [symbol]: matrix }))
    );
  }
  const labels = readLabels(names, array, sizes);
  if ("reason" in labels) return labels;
  return combinations.flatMap((values) => labels.map((labels) => ({ ...values, labels })));
}

function readLabels(
  names: Naming,
  array: (symbol: StepSymbol) => NdArray,
  sizes: StepSizes,
): Indices<Dim<"B">>[] | { readonly reason: Text } {
  const symbol = names.has("labels") ? "labels" : "onehot", name = names.get(symbol)!;
  const { shape } = array(symbol), data = toFloat64(array(symbol)), { K, B } = sizes;
  const count = dim("B", B);
  if (data.length === B) {
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
): Map<StepSymbol, Recorded> {
  const recorded = new Map<StepSymbol, Recorded>();
  for (const { symbol } of STEP) {
    const name = naming.get(symbol);
    // without labels, the one-hot matrix is an input
    if (name === undefined || symbol === "onehot" && !naming.has("labels")) continue;
    const { shape } = arrays.get(name)!, data = toFloat64(arrays.get(name)!);
    const [rows, columns] = shapeOf(symbol, sizes);
    recorded.set(symbol, { name, shape, readings: readings({ shape, data }, rows, columns) });
  }
  return recorded;
}

/** The precision of the least precise of the parameters and results; images may be anything. */
function precisionOf(names: Naming, array: (symbol: StepSymbol) => NdArray): Precision {
  const dtypes = SYMBOLS.filter((symbol) =>
    names.has(symbol) && !["X", "labels", "onehot", "η"].includes(symbol)
  ).map((symbol) => array(symbol).dtype.slice(1));
  return dtypes.includes("f2") ? "float16" : dtypes.includes("f4") ? "float32" : "float64";
}
