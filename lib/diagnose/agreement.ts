// How closely two matrices agree, and how closely rounding lets them.
import { exp } from "../math/exp.ts";
import { type AnyMatrix, Matrix, type RunTimeMatrix } from "../math/matrix.ts";
import { maxAbs } from "../math/max_abs.ts";
import type { ComputedSymbol } from "../network/step.ts";
import type { RandomState } from "../random/random_state.ts";
import type { StepSizes } from "./dump.ts";

/** The greatest difference of two matrices of one shape; infinite if one entry is not finite. */
export function greatestDifference(a: AnyMatrix, b: AnyMatrix): number {
  let greatest = 0;
  for (let i = 0; i < a.data.length; i++) {
    const x = a.data[i]!, y = b.data[i]!;
    // equal infinities agree, and NaN agrees with NaN
    if (x === y || Number.isNaN(x) && Number.isNaN(y)) continue;
    const difference = Math.abs(x - y);
    greatest = Math.max(greatest, Number.isNaN(difference) ? Infinity : difference);
  }
  return greatest;
}

/** The largest absolute value of the finite entries. */
export function largestFinite({ data }: AnyMatrix): number {
  const max = maxAbs(data);
  return Number.isFinite(max) ? max : maxAbs(data.filter(Number.isFinite));
}

/**
 * The greatest difference of a recorded matrix from a computed one, relative to the largest
 * computed entry; infinite if the shapes differ.
 */
export function relativeError(recorded: AnyMatrix, computed: AnyMatrix): number {
  if (recorded.rows !== computed.rows || recorded.columns !== computed.columns) return Infinity;
  const difference = greatestDifference(recorded, computed);
  return difference === 0 ? 0 : difference / largestFinite(computed);
}

/** The number of decimal digits of an error: 15.3 for 5e-16. */
export function digitsOf(error: number): number {
  return Math.max(0, -Math.log10(error));
}

/**
 * A matrix with rounding errors: those of the numbers, and those of the sums that they are.
 *
 * @param symbol the quantity, if it has been computed; what is read from a file has no sums
 * @param unit the greatest error of one operation, relative
 */
export function disturb(
  matrix: RunTimeMatrix,
  unit: number,
  random: RandomState,
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
  return Matrix.of(rows, columns, disturbed);
}

/**
 * The error of a loss, as that of the logarithm's argument: of a number that is 1 or near it, or of
 * a probability so small that it has lost digits.
 */
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
