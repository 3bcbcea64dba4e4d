// How far rounding may move the numbers whose differences are taken.
// Each operation rounds by u = 2⁻⁵³ of its result at most, so an entry of a layer's output Y is off
// by about u Σ|terms|, and Σ ∂E/∂Y ∘ Y by ∂E/∂y times as much. Errors are independent: together
// they are the root of the sum of their squares (Higham and Mary, A new approach to probabilistic
// rounding error analysis, 2019).
import type { Matrix, RunTimeMatrix } from "../math/matrix.ts";
import { maxAbs } from "../math/max_abs.ts";
import { type AnyStepValues, type Quantity, STEP, type StepSymbol } from "../network/step.ts";
import { innerProduct } from "./gradient_check.ts";
import { WIDEST_STEP } from "./verdict.ts";

/** u, the greatest relative error of one rounding. */
const UNIT_ROUNDOFF = 2 ** -53;

/** Results below this are denormal, and lose digits. */
const MIN_NORMAL = 2 ** -1022;

/** Errors of long sums may add up: with this no difference of 264 batches exceeds its estimate. */
const SAFETY = 4;

/** The gradients of the layers' outputs A1, Y1 and A2, by the symbols of these. */
export const OUTPUT_GRADIENTS: ReadonlyMap<StepSymbol, StepSymbol> = new Map(
  STEP.flatMap(({ symbol, gradientOf }) =>
    STEP.some((output) => output.symbol === gradientOf) ? [[gradientOf!, symbol] as const] : []
  ),
);

/** How far rounding may move E, the loss of the whole network, in this step. */
export function lossRounding(step: AnyStepValues): number {
  const layers = STEP.filter(({ symbol }) => OUTPUT_GRADIENTS.has(symbol))
    .map((output) => outputRounding(output, step, output.compute));
  // the logarithm of a sum of at least 1 is off by as much as the sum, however small it is itself
  const L = step.L as RunTimeMatrix;
  const losses = roundingOf(L.map((loss) => (1 + loss) / L.columns));
  return Math.hypot(losses, ...layers);
}

/** How far rounding may move Σ ∂E/∂Y ∘ Y of a layer's output Y, which `compute` computes. */
export function outputRounding(
  output: Quantity,
  step: AnyStepValues,
  compute: (values: AnyStepValues) => RunTimeMatrix,
): number {
  const dY = step[OUTPUT_GRADIENTS.get(output.symbol)!] as RunTimeMatrix;
  // of absolute values, each sum is Σ|terms|; with the widest step added, it holds for the moved
  // inputs too, and is not 0 where all inputs are
  const size = (x: number) => Math.abs(x) + WIDEST_STEP;
  const inputs = output.from.map((input) => [input, (step[input] as RunTimeMatrix).map(size)]);
  const terms = compute({ ...step, ...Object.fromEntries(inputs) });
  return roundingOf(dY.zip(terms, (dy, sum) => dy * sum));
}

/** How far the rounding of each of these terms may move their sum. */
function roundingOf<R extends number, C extends number>(terms: Matrix<R, C>): number {
  const largest = maxAbs(terms.data) || 1, relative = terms.map((term) => term / largest);
  const size = largest * Math.sqrt(innerProduct(relative, relative)); // no square underflows
  return SAFETY * (UNIT_ROUNDOFF * size + MIN_NORMAL * terms.data.length);
}
