// The verdict of a gradient check. Finite differences have errors of their own, and where these are
// greater than the bound of the check they decide nothing.
//
// Each operation rounds by u = 2⁻⁵³ of its result at most, so an entry of a layer's output Y is off
// by about u Σ|terms|, and Σ ∂E/∂Y ∘ Y by ∂E/∂y times as much. Errors are independent: together
// they are the root of the sum of their squares (Higham and Mary, A new approach to probabilistic
// rounding error analysis, 2019).
import type { RunTimeMatrix } from "../math/matrix.ts";
import { type AnyStepValues, type Quantity, STEP, type StepSymbol } from "../network/step.ts";
import { norm } from "./gradient_check.ts";

/**
 * `right`: the derivatives agree within the bound, and rounding moves the differences by no more;
 * `wrong`: they differ by more than both together; `undecided`: rounding moves them by more.
 */
export type Verdict = "right" | "wrong" | "undecided";

/** The widest step that leaves the own error of the differences well below the bound. */
export const WIDEST_STEP = 0.01;

/** Steps in units of the widest; where the loss bends, a narrower one is needed. */
const STEPS = [1, 1 / 4, 1 / 16, 1 / 64];

/**
 * Compares a derivative with (4 D(h/2) - D(h)) / 3 at the widest step h at which they agree; it is
 * off by (4 · 2r/h + r/h) / 3 = 3r/h if each value is off by r.
 */
export function compareWithDifferences(
  analytic: number,
  derivative: (h: number) => number,
  { widest, rounding, allowed }: Readonly<Record<"widest" | "rounding" | "allowed", number>>,
): { readonly numerical: number; readonly uncertainty: number; readonly verdict: Verdict } {
  const compare = (h: number) => {
    const numerical = derivative(h), uncertainty = 3 * rounding / h;
    // after an overflow, the differences show nothing
    const isFinite = Number.isFinite(numerical) && Number.isFinite(uncertainty);
    const agrees = Math.abs(analytic - numerical) <= allowed + uncertainty;
    const isWrong = isFinite && !agrees, isRight = isFinite && uncertainty <= allowed;
    const verdict: Verdict = isWrong ? "wrong" : isRight ? "right" : "undecided";
    return { numerical, uncertainty, verdict };
  };
  let first: ReturnType<typeof compare> | undefined;
  for (const step of STEPS) {
    const found = compare(widest * step);
    if (found.verdict !== "wrong") return found;
    first ??= found;
  }
  return first!;
}

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
function roundingOf(terms: RunTimeMatrix): number {
  return SAFETY * (UNIT_ROUNDOFF * norm(terms) + MIN_NORMAL * terms.data.length);
}
