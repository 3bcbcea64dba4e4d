// Differences between the entries of a wrong quantity and the right ones: some of them, all of them
// alike, or in another order.
import { exp } from "../math/exp.ts";
import { log } from "../math/log.ts";
import type { AnyMatrix, RunTimeMatrix } from "../math/matrix.ts";
import { QUANTITIES, type StepSymbol } from "../network/step.ts";
import { significantDigits } from "../text/numbers.ts";
import { relativeError } from "./agreement.ts";
import type { Axis, Cause } from "./cause.ts";
import { leastSquares } from "./least_squares.ts";
import { othersLike } from "./other_equations.ts";
import type { Suspect } from "./suspect.ts";

/** A wrong quantity, and what it should be. */
export interface Difference {
  readonly suspect: Suspect;
  /** The recorded matrix. */
  readonly recorded: RunTimeMatrix;
  /** What the quantities before it give. */
  readonly right: RunTimeMatrix;
  /** The difference of two entries that rounding explains. */
  readonly bound: number;
}

/** The first entry that is not finite. */
export function notFinite({ columns, data }: RunTimeMatrix): Cause | undefined {
  const at = data.findIndex((x) => !Number.isFinite(x));
  return at < 0 ? undefined : {
    ...{ kind: "not finite", value: data[at]! },
    ...{ row: Math.floor(at / columns), column: at % columns },
  };
}

/** A difference in some rows, columns or entries only. */
export function onlySomeEntries(
  { suspect, recorded, right, bound }: Difference,
): Cause | undefined {
  const { rows, columns, data } = recorded;
  const wrong = [...data.keys()].filter((i) => !(Math.abs(data[i]! - right.data[i]!) <= bound));
  const inRows = [...new Set(wrong.map((i) => Math.floor(i / columns)))];
  const inColumns = [...new Set(wrong.map((i) => i % columns))].sort((a, b) => a - b);
  if (data.length === 1 || wrong.length === 0) return undefined;
  if (wrong.length === 1) return { kind: "entry", row: inRows[0]!, column: inColumns[0]! };
  if (inRows.length === 1 && rows > 1) return { kind: "row", index: inRows[0]! };
  if (inColumns.length === 1 && columns > 1) return { kind: "column", index: inColumns[0]! };
  const inSome = (axis: Axis, indices: readonly number[], of: number): Cause | undefined => {
    // of whole rows or columns: scattered entries are something else; a class has two of onehot
    const isWhole = wrong.length >= 0.8 * indices.length * data.length / of ||
      suspect.symbol === "onehot" && axis === "columns";
    if (indices.length > of / 2 || !isWhole) return undefined;
    const zero = wrong.every((i) => data[i] === 0);
    return { kind: "some", axis, indices, zero };
  };
  return inSome("rows", inRows, rows) ?? inSome("columns", inColumns, columns);
}

/** The same number added to every entry. */
export function shifted({ recorded, right, bound }: Difference): Cause | undefined {
  if (recorded.data.length === 1) return undefined;
  const by = recorded.data[0]! - right.data[0]!;
  const same = recorded.data.every((x, i) => Math.abs(x - right.data[i]! - by) <= bound);
  return same ? { kind: "shifted", by } : undefined;
}

/** The same rows or columns in another order. */
export function rearranged({ recorded, right, bound }: Difference): Cause | undefined {
  const rows = orderOfRows(recorded, right, bound);
  if (rows !== undefined) return { kind: "permuted", axis: "rows", order: rows };
  const columns = orderOfRows(recorded.transposed, right.transposed, bound);
  if (columns !== undefined) return { kind: "permuted", axis: "columns", order: columns };
  const { data } = right.transposed;
  return data.length > 1 && Math.min(right.rows, right.columns) > 1 &&
      recorded.data.every((x, i) => Math.abs(x - data[i]!) <= bound)
    ? { kind: "reshaped" }
    : undefined;
}

/** Rows up to this number are tried in other orders: the time grows with its square. */
const MAX_REORDERED = 2000;

/**
 * The places in a matrix of another one's rows, if they are the same in another order. Rows may be
 * equal, as those of pixels that are 0 in every image: a shift is tried first, then to leave each
 * in its place.
 */
function orderOfRows(a: AnyMatrix, b: AnyMatrix, bound: number): number[] | undefined {
  const { rows, columns } = a;
  if (rows < 2 || rows > MAX_REORDERED) return undefined;
  const isEqual = (i: number, k: number) => {
    for (let j = 0; j < columns; j++) {
      if (!(Math.abs(a.data[i * columns + j]! - b.data[k * columns + j]!) <= bound)) return false;
    }
    return true;
  };
  const places = Array.from({ length: rows }, (_, i) => i);
  const shift = places.find((by) => places.every((i) => isEqual(i, (i + by) % rows)));
  if (shift !== undefined) return places.map((i) => (i + shift) % rows);
  const left = new Set(places), order: number[] = [];
  for (const i of places) {
    const from = left.has(i) && isEqual(i, i) ? i : [...left].find((k) => isEqual(i, k));
    if (from === undefined) return undefined;
    left.delete(from);
    order.push(from);
  }
  return order;
}

/** Entries that are 0 in place of what they should be, the others right or a multiple. */
export function zeros({ recorded, right, bound }: Difference): Cause | undefined {
  const { data } = recorded;
  const kept = [...data.keys()].filter((i) => data[i] !== 0);
  const count = data.filter((x, i) => x === 0 && Math.abs(right.data[i]!) > bound).length;
  if (count === 0 || kept.length < 3) return undefined;
  const largest = kept.reduce((a, b) =>
    Math.abs(right.data[b]!) > Math.abs(right.data[a]!) ? b : a
  );
  const value = data[largest]! / right.data[largest]!;
  const isMultiple = kept.every((i) =>
    Math.abs(data[i]! - value * right.data[i]!) <= bound * Math.max(1, Math.abs(value))
  );
  if (!isMultiple) return undefined;
  const factor = Math.abs(value - 1) <= 1e-6 ? undefined : { value, name: undefined };
  return { kind: "zeros", count, of: data.length, factor };
}

/** Rows or columns that are all the same, where they should differ. */
export function alike({ recorded, right, bound }: Difference): Cause | undefined {
  const areAlike = ({ rows, columns, data }: AnyMatrix, bound: number) =>
    rows > 1 && data.every((x, i) => Math.abs(x - data[i % columns]!) <= bound);
  if (areAlike(recorded, bound) && !areAlike(right, bound)) return { kind: "alike", axis: "rows" };
  return areAlike(recorded.transposed, bound) && !areAlike(right.transposed, bound)
    ? { kind: "alike", axis: "columns" }
    : undefined;
}

/** A factor or a shift for each row or column, or both. */
export function eachAlong({ recorded, right, bound }: Difference): Cause | undefined {
  const inRows = ofEachRow(recorded, right, bound);
  if (inRows !== undefined) return { kind: "each", axis: "rows", ...inRows };
  const inColumns = ofEachRow(recorded.transposed, right.transposed, bound);
  return inColumns && { kind: "each", axis: "columns", ...inColumns };
}

function ofEachRow(
  { rows, columns, data }: AnyMatrix,
  right: AnyMatrix,
  bound: number,
): Pick<Extract<Cause, { readonly kind: "each" }>, "factors" | "shifts"> | undefined {
  if (rows < 2 || columns < 3) return undefined;
  const row = (all: Float64Array, i: number) => all.subarray(i * columns, (i + 1) * columns);
  const ones = new Float64Array(columns).fill(1);
  const fitted = (basesOf: (right: Float64Array) => readonly Float64Array[], fixed: boolean) => {
    const all: number[][] = [];
    for (let i = 0; i < rows; i++) {
      const x = row(right.data, i), bases = basesOf(x);
      const y = fixed ? row(data, i).map((y, j) => y - x[j]!) : row(data, i);
      const coefficients = leastSquares(bases, y);
      if (coefficients === undefined) return undefined;
      const near = y.every((y, j) => {
        const sum = coefficients.reduce((sum, c, k) => sum + c * bases[k]![j]!, 0);
        return Math.abs(y - sum) <= bound * Math.max(1, Math.abs(coefficients[0]!));
      });
      if (!near) return undefined;
      all.push(coefficients);
    }
    return all;
  };
  const factors = fitted((x) => [x], false)?.map(([factor]) => factor!);
  if (factors !== undefined) return { factors, shifts: undefined };
  const shifts = fitted(() => [ones], true)?.map(([shift]) => shift!);
  if (shifts !== undefined) return { factors: undefined, shifts };
  const both = columns < 4 ? undefined : fitted((x) => [x, ones], false);
  return both && { factors: both.map(([a]) => a!), shifts: both.map(([, c]) => c!) };
}

/** The quantity as a function of each entry of what it should be. */
export function functionOfEntries({ recorded, right, bound }: Difference): Cause | undefined {
  if (right.data.length < 4) return undefined;
  const { data } = recorded;
  const max = data.reduce((a, b) => Math.max(a, b)), min = data.reduce((a, b) => Math.min(a, b));
  const [least, greatest] = [min, max].map((x) => significantDigits(x, 6));
  const decimals = [0, 1, 2, 3, 4, 5, 6];
  const functions: readonly (readonly [string, (x: number) => number])[] = [
    ["|x|", Math.abs],
    ["-|x|", (x) => -Math.abs(x)],
    ["x²", (x) => x * x],
    ["√|x|", (x) => Math.sqrt(Math.abs(x))],
    ["the sign of x", Math.sign],
    ["max(x, 0)", (x) => Math.max(x, 0)],
    ["min(x, 0)", (x) => Math.min(x, 0)],
    [`max(x, ${least})`, (x) => Math.max(x, min)],
    [`min(x, ${greatest})`, (x) => Math.min(x, max)],
    [`clip(x, ${least}, ${greatest})`, (x) => Math.min(Math.max(x, min), max)],
    ["1 - x", (x) => 1 - x],
    ["1 / x", (x) => 1 / x],
    ["e^x", exp],
    ["ln x", log],
    ["1 / (1 + e^-x)", (x) => 1 / (1 + exp(-x))],
    ["tanh(x)", (x) => 2 / (1 + exp(-2 * x)) - 1],
    ["x (1 - x)", (x) => x * (1 - x)],
    ["1 - x²", (x) => 1 - x * x],
    ["⌊x⌋", Math.floor],
    ...decimals.map((n) =>
      [`round(x, ${n})`, (x: number) => Math.round(x * 10 ** n) / 10 ** n] as const
    ),
  ];
  // a cheap look at a few entries first
  const some = [...data.keys()].filter((i) => i % Math.ceil(data.length / 64) === 0);
  return functions.flatMap(([formula, f]): Cause[] => {
    const near = (i: number) => {
      const value = f(right.data[i]!);
      return Math.abs(data[i]! - value) <= bound + 1e-12 * Math.abs(value);
    };
    if (!some.every(near) || ![...data.keys()].every(near)) return [];
    const error = relativeError(recorded, right.map(f));
    return Number.isFinite(error) ? [{ kind: "function", formula, error }] : [];
  })[0];
}

/** Entries that it takes to see a function in them. */
const MIN_FUNCTION = 24;

/** The entries, or their quotients by the right ones, as a smooth function of another quantity. */
export function functionOfQuantity({ suspect, recorded, right }: Difference): Cause | undefined {
  const { symbol, own } = suspect, { data } = recorded;
  if (data.length < MIN_FUNCTION) return undefined;
  const gradient = `d${symbol.slice(0, -1)}` as StepSymbol;
  const from = symbol.endsWith("'")
    ? [gradient]
    : [...QUANTITIES[symbol].from, ...othersLike(suspect)];
  const quotients = data.map((x, i) => x / right.data[i]!);
  const differences = data.map((x, i) => x - right.data[i]!);
  for (const other of new Set(from)) {
    const matrix = own[other] as RunTimeMatrix | undefined;
    if (matrix?.rows !== recorded.rows || matrix.columns !== recorded.columns) continue;
    const isFunction = (numbers: Float64Array) => isSmooth(matrix.data, numbers);
    // what is near a right quantity that is such a function looks like one
    if (isFunction(data) && (isFunction(differences) || !isFunction(right.data))) {
      return { kind: "function of", symbol: other, quotient: false };
    }
    if (isFunction(quotients)) return { kind: "function of", symbol: other, quotient: true };
  }
  return undefined;
}

/** How often a smooth function may turn from rising to falling, or back. */
const MAX_TURNS = 3;

/**
 * Whether numbers are a smooth function of others: in the order of the others, they turn from
 * rising to falling a few times only. Random ones turn at two of three.
 */
function isSmooth(x: Float64Array, y: Float64Array): boolean {
  if (!y.every(Number.isFinite)) return false;
  const order = [...x.keys()].sort((i, j) => x[i]! - x[j]!);
  const max = y.reduce((a, b) => Math.max(a, b)), min = y.reduce((a, b) => Math.min(a, b));
  const rounding = 1e-9 * Math.max(Math.abs(max), Math.abs(min));
  if (!(max - min > 10 * rounding)) return false;
  let last = y[order[0]!]!, direction = 0, turns = 0;
  for (const i of order) {
    const step = y[i]! - last;
    if (Math.abs(step) <= rounding) continue;
    if (direction !== 0 && Math.sign(step) !== direction) turns++;
    direction = Math.sign(step);
    last = y[i]!;
  }
  return turns <= MAX_TURNS;
}
