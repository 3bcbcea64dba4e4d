// How closely two matrices agree, how closely rounding lets them, and what multiples of others a
// matrix is.
import { exp } from "../math/exp.ts";
import { type AnyMatrix, Matrix, type RunTimeMatrix } from "../math/matrix.ts";
import { maxAbs } from "../math/max_abs.ts";
import { dim } from "../math/shape.ts";
import type { AnyStepValues, ComputedSymbol } from "../network/step.ts";

type Sizes = Readonly<Record<"D" | "M" | "K" | "B", number>>;

/** A matrix of sizes that are known only at run time. */
export function matrixOf(rows: number, columns: number, data: ArrayLike<number>): RunTimeMatrix {
  return Matrix.of(dim("any", rows), dim("any", columns), data);
}

/** Some rows and columns of a matrix; all of which none are given. */
export function picked(matrix: RunTimeMatrix, i?: readonly number[], j?: readonly number[]) {
  if (i === undefined && j === undefined) return matrix;
  const { rows, columns, data } = matrix, all = (n: number) => [...Array(n).keys()];
  const some = i ?? all(rows), others = j ?? all(columns), width = others.length;
  const entries = new Float64Array(some.length * width);
  some.forEach((i, to) => {
    for (let k = 0; k < width; k++) entries[to * width + k] = data[i * columns + others[k]!]!;
  });
  return matrixOf(some.length, width, entries);
}

/** The greatest difference of two matrices of one shape. NaN differs from all but an overflow. */
export function greatestDifference(a: AnyMatrix, b: AnyMatrix, overflows = false): number {
  let greatest = 0;
  for (let i = 0; i < a.data.length; i++) {
    const x = a.data[i]!, y = b.data[i]!;
    if (x === y) continue; // equal infinities agree
    const difference = Math.abs(x - y);
    if (difference <= greatest || overflows && x !== x && y !== y) continue;
    greatest = Number.isNaN(difference) ? Infinity : difference;
  }
  return greatest;
}

/** The largest absolute value of the finite entries. */
export function largestFinite({ data }: Pick<AnyMatrix, "data">): number {
  const max = maxAbs(data);
  return Number.isFinite(max) ? max : maxAbs(data.filter(Number.isFinite));
}

/** The greatest difference relative to the largest computed entry; NaN may stand for overflows. */
export function relativeError(a: AnyMatrix, computed: AnyMatrix, overflows = false): number {
  if (a.rows !== computed.rows || a.columns !== computed.columns) return Infinity;
  const difference = greatestDifference(a, computed, overflows);
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
  sizes?: Sizes,
): RunTimeMatrix {
  const { D, M, K, B } = sizes ?? { D: 0, M: 0, K: 0, B: 0 };
  const terms = { A1: D, A2: M, E: B, dW2: B, db2: B, dY1: K, dW1: B, db1: B }[symbol as "E"] ?? 0;
  // the error of a sum of n terms grows as √n, if the terms have no order
  const sum = unit * Math.sqrt(terms) * largestFinite(matrix);
  // a loss near 0 has that of 1, and one of a probability that has lost digits has theirs
  const smallest = unit > 2 ** -53 ? 2 ** -149 : 2 ** -1074;
  const errorOf = (loss: number) => unit * loss + unit + Math.min(1, smallest * exp(loss));
  const disturbed = matrixOf(matrix.rows, matrix.columns, matrix.data), { data } = disturbed;
  // a loop takes a quarter of the time of map(), which matters with a million numbers
  for (let i = 0; i < data.length; i++) {
    const x = data[i]!, error = symbol === "L" ? errorOf(x) : unit * x + sum;
    data[i] = x + (2 * random.randomSample() - 1) * error;
  }
  return disturbed;
}

/** The multiple of `computed` that is closest to `recorded`; undefined if there is none. */
export function multipleOf(recorded: AnyMatrix, computed: RunTimeMatrix) {
  if (recorded.rows !== computed.rows || recorded.columns !== computed.columns) return undefined;
  const value = dot(recorded.data, computed.data) / dot(computed.data, computed.data);
  if (!Number.isFinite(value) || value === 0) return undefined;
  const difference = greatestDifference(recorded, computed.scale(value));
  return { value, error: difference / largestFinite(recorded) };
}

/** A factor with its name, if it is one that programs multiply with by mistake. */
export function factorOf(
  value: number,
  { D, M, K, B }: Sizes,
  { η }: AnyStepValues,
  tolerance: number,
) {
  const names: Readonly<Record<string, number>> = {
    ...{ "1": 1, "2": 2, "1/2": 1 / 2, B, K, M, D, "1/B": 1 / B, "1/K": 1 / K, "1/M": 1 / M },
    ...{ "1/D": 1 / D, "B/K": B / K, "K/B": K / B, "B/D": B / D, "B/M": B / M, "2/B": 2 / B },
    ...{ "2/K": 2 / K, "B/(B - 1)": B / (B - 1), "(B - 1)/B": (B - 1) / B, η: Number(η) },
    ...{ "1/255": 1 / 255, "255": 255 },
  };
  const near = (x: number) =>
    Number.isFinite(x) && Math.abs(value - x) <= Math.abs(x) * Math.max(8 * tolerance, 1e-12);
  const [name] = Object.entries(names).find(([, x]) => near(x) || near(-x)) ?? [];
  if (name === undefined || near(1)) return { value, name: undefined };
  return { value, name: value > 0 ? name : `-${name}` };
}

/** The inner product. */
export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
