// The verdict of a gradient check. Finite differences have errors of their own, and where these are
// greater than the bound of the check they decide nothing.

/**
 * What a comparison with finite differences shows.
 *
 * - `right`: they agree within the bound, and rounding moves the differences by no more than that.
 * - `wrong`: they differ by more than the bound and the rounding of the differences together.
 * - `undecided`: rounding moves the differences by more than the bound, so that they show neither.
 *
 * @category 7 Checks
 */
export type Verdict = "right" | "wrong" | "undecided";

/**
 * A derivative by differences, and whether that by the equations agrees with it.
 *
 * @internal
 */
export interface ComparedDerivative {
  /** The derivative by differences. */
  readonly numerical: number;
  /** How far rounding may move it. */
  readonly uncertainty: number;
  /** Whether the derivative by the equations is right. */
  readonly verdict: Verdict;
}

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
): ComparedDerivative {
  const compare = (h: number): ComparedDerivative => {
    const numerical = derivative(h), uncertainty = 3 * rounding / h;
    // after an overflow, the differences show nothing
    const isFinite = Number.isFinite(numerical) && Number.isFinite(uncertainty);
    const agrees = Math.abs(analytic - numerical) <= allowed + uncertainty;
    const isWrong = isFinite && !agrees, isRight = isFinite && uncertainty <= allowed;
    return { numerical, uncertainty, verdict: isWrong ? "wrong" : isRight ? "right" : "undecided" };
  };
  let first: ComparedDerivative | undefined;
  for (const step of STEPS) {
    const found = compare(widest * step);
    if (found.verdict !== "wrong") return found;
    first ??= found;
  }
  return first!;
}
