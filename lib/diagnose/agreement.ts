/**
 * How closely two matrices agree, and how closely rounding lets them.
 *
 * @module
 */

import { type AnyMatrix, Matrix } from "../math/matrix.ts";
import { maxAbs } from "../math/max_abs.ts";
import { correctEquation } from "../mistakes/mistake.ts";
import type { AnyStepValues, ComputedSymbol, RunTimeMatrix } from "../network/step.ts";
import type { RandomState } from "../random/random_state.ts";
import type { StepSizes } from "./step_dump.ts";

/** The agreement of a recorded matrix with a computed one. */
export interface Agreement {
  /** The greatest difference of two entries, relative to the largest computed entry. */
  readonly error: number;
  /** Whether rounding explains the difference. */
  readonly agrees: boolean;
}

/** Compares a recorded matrix with a computed one. */
export function compare(
  recorded: AnyMatrix,
  computed: AnyMatrix,
  tolerance: number,
): Agreement {
  const { data } = recorded;
  // equal entries agree, infinite ones too
  const difference = maxAbs(data.map((x, i) => x === computed.data[i] ? 0 : x - computed.data[i]!));
  const largest = maxAbs(computed.data);
  const error = difference === 0 ? 0 : difference / largest;
  return { error, agrees: error <= tolerance };
}

/** The number of decimal digits of an error: 15.3 for 5e-16. */
export function digitsOf(error: number): number {
  return Math.max(0, -Math.log10(error));
}

/** How much more than by the sampled errors two right programs may differ. */
const SAFETY = 8;

/**
 * The greatest relative difference of a quantity that rounding explains: what becomes of rounding
 * errors in the quantities that it is computed from (three samples of them), and the errors of its
 * own sums.
 *
 * @param values the quantities that it is computed from
 * @param disturbed the same, with rounding errors: see {@linkcode disturb}
 * @param unit the rounding error of one operation
 */
export function roundingTolerance(
  symbol: ComputedSymbol,
  values: AnyStepValues,
  disturbed: readonly AnyStepValues[],
  sizes: StepSizes,
  unit: number,
): number {
  const equation = correctEquation(symbol);
  const exact = equation(values), largest = maxAbs(exact.data);
  const sampled = disturbed.map((values) => compare(equation(values), exact, 0).error);
  // sums of n terms in any order: errors of √n units are usual
  const sums = 4 * unit * Math.sqrt(termsOf(symbol, sizes));
  return largest === 0 ? 0 : sums + SAFETY * Math.max(...sampled);
}

/** The number of terms of the longest sum in a quantity. */
function termsOf(symbol: ComputedSymbol, sizes: StepSizes): number {
  const { D, M, K, B } = sizes;
  const terms: Partial<Record<ComputedSymbol, number>> = {
    ...{ A1: D, A2: M, P: K, L: K, E: B },
    ...{ dW2: B, db2: B, dY1: K, dW1: B, db1: B },
  };
  return terms[symbol] ?? 1;
}

/** A matrix in which each entry is a rounding error away, up or down. */
export function disturb(matrix: RunTimeMatrix, unit: number, random: RandomState): RunTimeMatrix {
  const { rows, columns, data } = matrix;
  return Matrix.of(rows, columns, data.map((x) => x + x * unit * (2 * random.randomSample() - 1)));
}
