// How closely two matrices agree, how closely rounding lets them, and what multiples of others a
// matrix is: errors, digits, factors, least squares.
import { exp } from "../math/exp.ts";
import { type AnyMatrix, Matrix, type RunTimeMatrix } from "../math/matrix.ts";
import { maxAbs } from "../math/max_abs.ts";
import { dim } from "../math/shape.ts";
import type { AnyStepValues, ComputedSymbol } from "../network/step.ts";
import type { Factor } from "./cause.ts";
import type { StepSizes } from "./dump.ts";

/** A matrix of sizes that are known only at run time. */
export function matrixOf(rows: number, columns: number, data: ArrayLike<number>): RunTimeMatrix {
  return Matrix.of(dim("any", rows), dim("any", columns), data);
}

/** The greatest difference of two matrices of one shape. NaN differs from everything. */
export function greatestDifference(a: AnyMatrix, b: AnyMatrix): number {
  let greatest = 0;
  for (let i = 0; i < a.data.length; i++) {
    const x = a.data[i]!, y = b.data[i]!;
    if (x === y) continue; // equal infinities agree
    const difference = Math.abs(x - y);
    if (!(difference <= greatest)) greatest = Number.isNaN(difference) ? Infinity : difference;
  }
  return greatest;
}

/** The largest absolute value of the finite entries. */
export function largestFinite({ data }: Pick<AnyMatrix, "data">): number {
  const max = maxAbs(data);
  return Number.isFinite(max) ? max : maxAbs(data.filter(Number.isFinite));
}

/** The greatest difference relative to the largest computed entry; NaN may stand for overflows. */
export function relativeError(
  recorded: AnyMatrix,
  computed: AnyMatrix,
  overflows = false,
): number {
  if (recorded.rows !== computed.rows || recorded.columns !== computed.columns) return Infinity;
  if (overflows && computed.data.some(Number.isNaN)) {
    const { data, ...sizes } = recorded;
    const both = data.map((x, i) => Number.isNaN(x) && Number.isNaN(computed.data[i]!) ? 1 : 0);
    const without = ({ data }: AnyMatrix) => data.map((x, i) => both[i] === 1 ? 0 : x);
    return relativeError({ ...sizes, data: without(recorded) }, {
      ...sizes,
      data: without(computed),
    });
  }
  const difference = greatestDifference(recorded, computed);
  return difference === 0 ? 0 : difference / largestFinite(computed);
}

/** The number of decimal digits of an error: 15.3 for 5e-16. */
export function digitsOf(error: number): number {
  return Math.max(0, -Math.log10(error));
}

/** Numbers from 0 to 1 that are random enough for rounding errors, many of them in little time. */
export class Noise {
  #state = 601;

  randomSample(): number {
    this.#state = Math.imul(this.#state, 1664525) + 1013904223 | 0;
    return (this.#state >>> 8) / 2 ** 24;
  }
}

/** A matrix with rounding errors: of its numbers, and of the sums that a computed quantity is. */
export function disturb(
  matrix: RunTimeMatrix,
  unit: number,
  random: { randomSample(): number },
  symbol?: ComputedSymbol,
  sizes?: StepSizes,
): RunTimeMatrix {
  const { rows, columns, data } = matrix;
  const terms = symbol && sizes ? termsOf(symbol, sizes) : undefined;
  // the error of a sum of n terms grows as √n, if the terms have no order
  const sum = terms === undefined ? 0 : unit * Math.sqrt(terms) * largestFinite(matrix);
  const errorOf = symbol === "L"
    ? (loss: number) => unit * loss + errorOfLogarithm(loss, unit)
    : (x: number) => unit * x + sum;
  const disturbed = data.map((x) => x + (2 * random.randomSample() - 1) * errorOf(x));
  return matrixOf(rows, columns, disturbed);
}

/** The error of the argument of a loss: near 1, or so small that it has lost digits. */
function errorOfLogarithm(loss: number, unit: number): number {
  const smallest = unit > 2 ** -53 ? 2 ** -149 : 2 ** -1074;
  return unit + Math.min(1, smallest * exp(loss));
}

/** The number of terms of a quantity that is a sum. */
function termsOf(symbol: ComputedSymbol, { D, M, K, B }: StepSizes): number | undefined {
  const terms: Partial<Record<ComputedSymbol, number>> = {
    ...{ A1: D, A2: M, E: B },
    ...{ dW2: B, db2: B, dY1: K, dW1: B, db1: B },
  };
  return terms[symbol];
}

/** A multiple of one matrix that another is, and how closely. */
export interface Multiple {
  readonly value: number;
  readonly error: number;
}

/** The multiple of `computed` that is closest to `recorded`; undefined if there is none. */
export function multipleOf(recorded: AnyMatrix, computed: AnyMatrix): Multiple | undefined {
  if (recorded.rows !== computed.rows || recorded.columns !== computed.columns) return undefined;
  const value = dot(recorded.data, computed.data) / dot(computed.data, computed.data);
  if (!Number.isFinite(value) || value === 0) return undefined;
  const difference = recorded.data.reduce(
    (most, x, i) => Math.max(most, Math.abs(x - value * computed.data[i]!)),
    0,
  );
  const error = difference / largestFinite(recorded);
  return Number.isNaN(error) ? undefined : { value, error };
}

/** A factor with its name, if it is one that programs multiply with by mistake. */
export function factorOf(
  value: number,
  { D, M, K, B }: StepSizes,
  { η }: AnyStepValues,
  tolerance: number,
): Factor {
  const near = (x: number) => Math.abs(value - x) <= Math.abs(x) * Math.max(8 * tolerance, 1e-12);
  if (near(-1)) return { value, name: "-1" };
  const names: Readonly<Record<string, unknown>> = {
    ...{ "2": 2, "1/2": 1 / 2, B, K, M, D, "1/B": 1 / B, "1/K": 1 / K, "1/M": 1 / M },
    ...{ "1/D": 1 / D, "B²": B * B, "1/B²": 1 / B / B, "B/K": B / K, "K/B": K / B },
    ...{ "1/(B K)": 1 / B / K, "B/2": B / 2, "2/B": 2 / B, "2/K": 2 / K, "B/(B - 1)": B / (B - 1) },
    ...{ "(B - 1)/B": (B - 1) / B, "B/(B + 1)": B / (B + 1), "B/D": B / D, "B/M": B / M },
    ...{ "√B": Math.sqrt(B), "1/√B": 1 / Math.sqrt(B), "255": 255, "1/255": 1 / 255 },
    ...{ η, "1/η": 1 / Number(η), "ln 2": Math.LN2, "1/ln 2": 1 / Math.LN2 },
    "1/ln 10": 1 / Math.LN10,
  };
  for (const [name, x] of Object.entries(names)) {
    if (typeof x !== "number" || !Number.isFinite(x) || x === 0 || x === 1) continue;
    if (near(x)) return { value, name };
    if (near(-x)) return { value, name: `-${name}` };
  }
  return { value, name: undefined };
}

/** The coefficients of two columns whose sum is closest to a target; undefined if they depend. */
export function leastSquares(
  [x, y]: readonly [Float64Array, Float64Array],
  target: Float64Array,
): readonly [number, number] | undefined {
  const along = dot(x, y) / dot(x, x), rest = y.map((y, i) => y - along * x[i]!);
  const square = dot(rest, rest), a = dot(x, target) / dot(x, x);
  const b = dot(rest, target.map((sum, i) => sum - a * x[i]!)) / square;
  const isClear = square > 1e-18 * dot(y, y) && Number.isFinite(a) && Number.isFinite(b);
  return isClear ? [a - b * along, b] : undefined;
}

/** The inner product. */
export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
