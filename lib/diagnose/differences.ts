/**
 * The shape of the difference between a wrong quantity and the right one, where no mistake explains
 * it: a factor, a sum, another order, some rows or entries.
 *
 * @module
 */

import { exp } from "../math/exp.ts";
import { log } from "../math/log.ts";
import { type AnyMatrix, Matrix } from "../math/matrix.ts";
import { maxAbs } from "../math/max_abs.ts";
import { dim } from "../math/shape.ts";
import { type RunTimeMatrix, STEP, STEP_INPUTS, type StepSymbol } from "../network/step.ts";
import { significantDigits } from "../text/significant_digits.ts";
import { greatestDifference, largestFinite, relativeError } from "./agreement.ts";
import type { Axis, Cause, Term } from "./cause.ts";
import { factorFit } from "./factor_fit.ts";
import { type Precision, shapeOf, UNIT_ROUNDOFF } from "./step_dump.ts";
import { fits, leastError, type Suspect, WRONG_EQUATION } from "./suspect.ts";

/** A wrong quantity, and what it should be. */
interface Difference {
  readonly suspect: Suspect;
  /** The recorded matrix. */
  readonly recorded: RunTimeMatrix;
  /** What the quantities before it give. */
  readonly right: RunTimeMatrix;
  /** The difference of two entries that rounding explains. */
  readonly bound: number;
}

/** A difference of the whole quantity that needs no search: a factor, or rounding. */
export function plainDifference(suspect: Suspect): Cause | undefined {
  const { right } = suspect, fit = factorFit(suspect, right);
  if (fit !== undefined) return { ...fit, kind: "factor" };
  return rounding(suspect, right);
}

/** Rounding errors of a lower precision, as of numbers that were converted to it. */
function rounding(suspect: Suspect, right: RunTimeMatrix): Cause | undefined {
  const { symbol, precision, data } = suspect;
  const error = leastError(suspect, right);
  const isOf = (lower: Precision) =>
    UNIT_ROUNDOFF[lower] > UNIT_ROUNDOFF[precision] &&
    error <= ROUNDING_ERRORS * UNIT_ROUNDOFF[lower];
  // the numbers themselves tell, but for what was computed from converted ones: 1e-6 is as much as
  // a wrong step may change weights
  if (isOf("float32") && (!symbol.endsWith("'") || data.every((x) => Math.fround(x) === x))) {
    return { kind: "float32 rounding" };
  }
  return isOf("float16") && data.every(isFloat16) ? { kind: "float16 rounding" } : undefined;
}

/** Whether a number has the 11 significant bits of a float16, or fewer. */
function isFloat16(x: number): boolean {
  return x === 0 || Number.isInteger(x / 2 ** (Math.floor(Math.log2(Math.abs(x))) - 10));
}

/** The rounding errors of one quantity, in units of a single operation. */
const ROUNDING_ERRORS = 16;

/** What can be said of the difference, if anything. */
export function shapeOfDifference(suspect: Suspect): Cause | undefined {
  const { right, candidates: [recorded], tolerance } = suspect;
  if (recorded === undefined) return undefined;
  const bound = WRONG_EQUATION * tolerance * largestFinite(right);
  const difference = { suspect, recorded, right, bound };
  const moved = ofUpdate(difference);
  return notFinite(recorded) ?? otherQuantity(suspect) ?? onlySomeEntries(difference) ??
    onlySomeEntries(moved) ?? shifted(difference) ?? rearranged(moved) ?? zeros(moved) ??
    functionOfEntries(moved) ?? combination(suspect, recorded) ?? weightedExamples(moved);
}

/** Of an update, the step alone: the difference from the parameters before. */
function ofUpdate(difference: Difference): Difference {
  const { suspect: { symbol, own }, recorded, right } = difference;
  if (!symbol.endsWith("'")) return difference;
  const before = own[symbol.slice(0, -1) as StepSymbol] as RunTimeMatrix;
  const step = (after: RunTimeMatrix) => after.zip(before, (after, before) => after - before);
  return { ...difference, recorded: step(recorded), right: step(right) };
}

function notFinite({ columns, data }: RunTimeMatrix): Cause | undefined {
  const at = data.findIndex((x) => !Number.isFinite(x));
  return at < 0 ? undefined : {
    ...{ kind: "not finite", value: data[at]! },
    ...{ row: Math.floor(at / columns), column: at % columns },
  };
}

/** The other quantities that have the shape of one. */
function othersLike({ symbol, sizes }: Suspect): StepSymbol[] {
  const shape = shapeOf(symbol, sizes).join();
  return [...STEP_INPUTS, ...STEP].map(({ symbol }) => symbol).filter((other) =>
    other !== symbol && other !== "η" && other !== "labels" && !other.endsWith("'") &&
    shapeOf(other, sizes).join() === shape
  );
}

function otherQuantity(suspect: Suspect): Cause | undefined {
  if (suspect.candidates[0]!.data.length === 1) return undefined;
  return othersLike(suspect).flatMap((symbol): Cause[] => {
    const error = leastError(suspect, suspect.own[symbol] as RunTimeMatrix);
    return fits(suspect, error) ? [{ kind: "other quantity", symbol, error }] : [];
  })[0];
}

/** A difference in some rows, columns or entries only. */
function onlySomeEntries({ recorded, right, bound }: Difference): Cause | undefined {
  const { rows, columns, data } = recorded;
  const wrong = [...data.keys()].filter((i) => !(Math.abs(data[i]! - right.data[i]!) <= bound));
  const inRows = [...new Set(wrong.map((i) => Math.floor(i / columns)))];
  const inColumns = [...new Set(wrong.map((i) => i % columns))].sort((a, b) => a - b);
  if (data.length === 1 || wrong.length === 0) return undefined;
  if (wrong.length === 1) return { kind: "entry", row: inRows[0]!, column: inColumns[0]! };
  if (inRows.length === 1 && rows > 1) return { kind: "row", index: inRows[0]! };
  if (inColumns.length === 1 && columns > 1) return { kind: "column", index: inColumns[0]! };
  const inSome = (axis: Axis, indices: readonly number[], of: number): Cause | undefined => {
    // of whole rows or columns: scattered entries are something else
    if (indices.length > of / 2 || wrong.length < 0.8 * indices.length * data.length / of) {
      return undefined;
    }
    const zero = wrong.every((i) => data[i] === 0);
    return { kind: "some", axis, indices, zero };
  };
  return inSome("rows", inRows, rows) ?? inSome("columns", inColumns, columns);
}

function shifted({ recorded, right, bound }: Difference): Cause | undefined {
  if (recorded.data.length === 1) return undefined;
  const by = recorded.data[0]! - right.data[0]!;
  const same = recorded.data.every((x, i) => Math.abs(x - right.data[i]! - by) <= bound);
  return same ? { kind: "shifted", by } : undefined;
}

/** The same rows or columns in another order. */
function rearranged({ recorded, right, bound }: Difference): Cause | undefined {
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

/** The places in a matrix of another one's rows, if they are the same in another order. */
function orderOfRows(a: AnyMatrix, b: AnyMatrix, bound: number): number[] | undefined {
  const { rows, columns } = a;
  if (rows < 2) return undefined;
  const left = Array.from({ length: rows }, (_, i) => i), order: number[] = [];
  for (let i = 0; i < rows; i++) {
    const at = left.findIndex((k) => {
      for (let j = 0; j < columns; j++) {
        if (!(Math.abs(a.data[i * columns + j]! - b.data[k * columns + j]!) <= bound)) return false;
      }
      return true;
    });
    if (at < 0) return undefined;
    order.push(left.splice(at, 1)[0]!);
  }
  return order;
}

/** Entries that are 0 in place of what they should be, the others right or a multiple. */
function zeros({ recorded, right, bound }: Difference): Cause | undefined {
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

/** The quantity as a function of each entry of what it should be. */
function functionOfEntries({ suspect, recorded, right, bound }: Difference): Cause | undefined {
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
    [`clip(x, ${least}, ${greatest})`, (x) => Math.min(Math.max(x, min), max)],
    [`max(x, ${least})`, (x) => Math.max(x, min)],
    [`min(x, ${greatest})`, (x) => Math.min(x, max)],
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
  }).filter(() => suspect.candidates.length > 0)[0];
}

/** The quantity as a sum of multiples of others of its shape, and of 1. */
function combination(suspect: Suspect, recorded: RunTimeMatrix): Cause | undefined {
  const { symbol, own, right, tolerance } = suspect, { rows, columns } = recorded;
  const before = symbol.slice(0, -1) as "W1";
  const isUpdate = symbol.endsWith("'");
  const bases: readonly (readonly [Term["symbol"], RunTimeMatrix])[] = [
    ...isUpdate ? [] : [[symbol, right] as const],
    ...othersLike(suspect).map((other) => [other, own[other] as RunTimeMatrix] as const),
    ["1", Matrix.zeros(dim("rows", rows), dim("columns", columns)).map(() => 1)],
  ];
  const first = isUpdate ? [before, `d${before}`] : [symbol];
  const sets = [
    ...bases.flatMap((one, i) => bases.slice(i + 1).map((other) => [one, other])),
    ...bases.flatMap((one, i) =>
      bases.slice(i + 1).flatMap((other, j) =>
        bases.slice(i + j + 2).map((third) => [one, other, third])
      )
    ),
  ].toSorted((a, b) => a.length - b.length || known(b) - known(a));
  function known(set: readonly (readonly [string, unknown])[]): number {
    return set.filter(([symbol]) => first.includes(symbol)).length;
  }
  for (const set of sets) {
    if (recorded.data.length < set.length + 4) continue;
    const coefficients = leastSquares(set.map(([, { data }]) => data), recorded.data);
    if (coefficients === undefined) continue;
    const sum = recorded.map(() => 0).data;
    set.forEach(([, { data }], k) => data.forEach((x, i) => sum[i]! += coefficients[k]! * x));
    const computed = Matrix.of(dim("rows", rows), dim("columns", columns), sum);
    const error = relativeError(recorded, computed);
    if (!(error <= WRONG_EQUATION * Math.max(tolerance, 2 ** -50))) continue;
    const terms = set.map(([symbol], k) => ({ coefficient: coefficients[k]!, symbol }))
      .filter(({ coefficient }) => coefficient !== 0);
    return { kind: "combination", terms, error };
  }
  return undefined;
}

/** The coefficients of the columns whose sum is closest to a target; undefined if they depend. */
function leastSquares(
  columns: readonly Float64Array[],
  target: Float64Array,
): number[] | undefined {
  const orthogonal: Float64Array[] = [], upper: number[][] = [];
  for (const column of columns) {
    const rest = column.slice(), row: number[] = [];
    for (const other of orthogonal) {
      const along = dot(other, rest);
      row.push(along);
      for (let i = 0; i < rest.length; i++) rest[i]! -= along * other[i]!;
    }
    const norm = Math.sqrt(dot(rest, rest));
    if (!(norm > 1e-9 * Math.sqrt(dot(column, column)))) return undefined;
    row.push(norm);
    upper.push(row);
    orthogonal.push(rest.map((x) => x / norm));
  }
  const rest = target.slice();
  const along = orthogonal.map((column) => {
    const x = dot(column, rest);
    for (let i = 0; i < rest.length; i++) rest[i]! -= x * column[i]!;
    return x;
  });
  const coefficients = columns.map(() => 0);
  for (let k = columns.length - 1; k >= 0; k--) {
    let x = along[k]!;
    for (let later = k + 1; later < columns.length; later++) {
      x -= upper[later]![k]! * coefficients[later]!;
    }
    coefficients[k] = x / upper[k]![k]!;
  }
  return coefficients.every(Number.isFinite) ? coefficients : undefined;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** Batches up to this size are tried for weights of the examples: B² B / 3 multiplications. */
const MAX_WEIGHTED = 256;

/**
 * A sum over the batch, of a weight gradient, in which each example has a weight of its own: only
 * some of them were summed, or some twice.
 */
function weightedExamples({ suspect, recorded, right, bound }: Difference): Cause | undefined {
  const { symbol, own, sizes: { B } } = suspect;
  const layer = /^d?W([12])'?$/.exec(symbol)?.[1];
  if (layer === undefined || B > MAX_WEIGHTED || 2 * B > recorded.data.length) return undefined;
  const inputs = own[layer === "1" ? "X" : "Y1"] as RunTimeMatrix;
  const gradients = own[`dA${layer}` as StepSymbol] as RunTimeMatrix;
  const scale = symbol.endsWith("'") ? -(own.η as number) : 1;
  const X = inputs.transposed, G = gradients.transposed;
  const rowOf = ({ columns, data }: AnyMatrix, i: number) =>
    data.subarray(i * columns, (i + 1) * columns);
  // the weights of dA X of each example, by the normal equations
  const normal = Array.from(
    { length: B },
    (_, i) =>
      Float64Array.from(
        { length: B },
        (_, j) => scale * scale * dot(rowOf(X, i), rowOf(X, j)) * dot(rowOf(G, i), rowOf(G, j)),
      ),
  );
  const along = recorded.multiply(inputs as never) as unknown as RunTimeMatrix; // rows x B
  const sums = Float64Array.from({ length: B }, (_, i) => {
    let sum = 0;
    for (let r = 0; r < gradients.rows; r++) {
      sum += gradients.data[r * B + i]! * along.data[r * B + i]!;
    }
    return scale * sum;
  });
  const weights = solve(normal, sums);
  if (weights === undefined) return undefined;
  const near = weights.map((weight) => {
    const rounded = Number(weight.toPrecision(6));
    const whole = Math.round(rounded * 1e6) / 1e6;
    return Math.abs(weight - whole) < 1e-6 ? whole : weight;
  });
  const weighted = gradients.map((x) => x).data;
  gradients.data.forEach((x, i) => weighted[i] = scale * near[i % B]! * x);
  const computed = Matrix.of(dim("rows", gradients.rows), dim("B", B), weighted)
    .multiply(inputs.transposed as never) as unknown as RunTimeMatrix;
  const difference = greatestDifference(recorded, computed);
  return difference <= Math.max(bound, 1e-7 * maxAbs(right.data))
    ? { kind: "weighted examples", weights: [...near], error: difference / maxAbs(computed.data) }
    : undefined;
}

/** Solves a symmetric system by Gaussian elimination; undefined if it is singular. */
function solve(matrix: readonly Float64Array[], right: Float64Array): number[] | undefined {
  const n = right.length, x = [...right];
  const largest = Math.max(...matrix.map((row) => maxAbs(row)));
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) {
      if (Math.abs(matrix[i]![k]!) > Math.abs(matrix[pivot]![k]!)) pivot = i;
    }
    if (pivot !== k) {
      [matrix[k]!, matrix[pivot]!].forEach((row, i, rows) => {
        if (i === 0) {
          const copy = row.slice();
          row.set(rows[1]!);
          rows[1]!.set(copy);
        }
      });
      [x[k], x[pivot]] = [x[pivot]!, x[k]!];
    }
    const row = matrix[k]!;
    if (!(Math.abs(row[k]!) > 1e-13 * largest)) return undefined;
    for (let i = k + 1; i < n; i++) {
      const factor = matrix[i]![k]! / row[k]!;
      if (factor === 0) continue;
      for (let j = k; j < n; j++) matrix[i]![j]! -= factor * row[j]!;
      x[i]! -= factor * x[k]!;
    }
  }
  for (let k = n - 1; k >= 0; k--) {
    for (let j = k + 1; j < n; j++) x[k]! -= matrix[k]![j]! * x[j]!;
    x[k]! /= matrix[k]![k]!;
  }
  return x.every(Number.isFinite) ? x : undefined;
}
