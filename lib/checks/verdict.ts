// The verdict of a gradient check. Finite differences have errors of their own, and where these are
// greater than the bound of the check they decide nothing.

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
