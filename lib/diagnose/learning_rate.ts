// The learning rate of a program, from the parameters before and after a step.
import type { RunTimeMatrix } from "../math/matrix.ts";
import { maxAbs } from "../math/max_abs.ts";
import { REPORT_SETTINGS } from "../network/report_settings.ts";

/** A learning rate. */
export interface LearningRate {
  readonly value: number;
  /** Whether it was found from the update. */
  readonly inferred: boolean;
  /** How much rounding may have changed it. */
  readonly uncertainty: number;
}

/** The multiple of the gradient by which some parameters changed. */
export interface Rate {
  readonly rate: number;
  readonly uncertainty: number;
  /** Whether the step is that multiple of the gradient, to rounding. */
  readonly fits: boolean;
  /** Whether any parameter changed. */
  readonly changed: boolean;
}

/** The rounding errors of an update, in units of a single operation. */
const ROUNDING_ERRORS = 4;

/**
 * The rate by which parameters changed along their gradient.
 *
 * @param gradientError the greatest rounding error of the gradient
 * @param unit the greatest error of one operation, relative
 */
export function rateOf(
  before: RunTimeMatrix,
  gradient: RunTimeMatrix,
  after: RunTimeMatrix,
  gradientError: number,
  unit: number,
): Rate {
  let along = 0, square = 0;
  gradient.data.forEach((d, i) => {
    along += (before.data[i]! - after.data[i]!) * d;
    square += d * d;
  });
  const rate = along / square;
  const bound = ROUNDING_ERRORS * unit * Math.max(maxAbs(before.data), maxAbs(after.data)) +
    Math.abs(rate) * gradientError;
  const fits = after.data.every((w, i) =>
    Math.abs(before.data[i]! - rate * gradient.data[i]! - w) <= bound
  );
  const changed = after.data.some((w, i) => w !== before.data[i]);
  return { rate, uncertainty: bound / maxAbs(gradient.data), fits, changed };
}

/**
 * The rate of most parameters that are W - η dW to rounding; undefined if none is. Of rates of as
 * many, it is the report's, or the one by which the others are those of mistakes. A negative rate
 * is a wrong sign of the step, so its absolute value is taken.
 */
export function inferRate(rates: readonly Rate[], batchSize: number): LearningRate | undefined {
  const possible = rates.filter(({ uncertainty, fits, changed }) =>
    fits && changed && Number.isFinite(uncertainty)
  );
  const clear = possible.filter(({ rate, uncertainty }) => Math.abs(rate) > 2 * uncertainty);
  // a step of the size of the rounding errors has a rate that is not much more than 0
  const fitting = clear.length > 0 ? clear : possible;
  // an update with a mistake has a rate of its own
  const votes = ({ rate, uncertainty }: Rate) =>
    fitting.filter((other) => Math.abs(other.rate - rate) <= 2 * (uncertainty + other.uncertainty))
      .length;
  const explained = ({ rate: r }: Rate) =>
    [r * r, 1, 2 * r, 1 / r, r / batchSize, r * batchSize].map((mistaken) =>
      fitting.filter(({ rate, uncertainty }) =>
        Math.abs(rate - mistaken) <= 1e-6 * mistaken + 2 * uncertainty
      ).length
    ).reduce((a, b) => a + b);
  const isReports = ({ rate, uncertainty }: Rate) =>
    Math.abs(rate - REPORT_SETTINGS.learningRate) <= 2 * uncertainty;
  const preferences: readonly ((rate: Rate) => number)[] = [
    votes,
    (one) => +isReports(one),
    explained,
    ({ rate }) => +(rate > 0),
    (one) => +(rounded(one) !== undefined),
    ({ uncertainty }) => -uncertainty,
  ];
  const [best] = fitting.toSorted((a, b) =>
    preferences.map((of) => of(b) - of(a)).find((difference) => difference !== 0) ?? 0
  );
  if (best === undefined) return undefined;
  const round = rounded(best);
  return {
    value: Math.abs(round ?? best.rate),
    inferred: true,
    uncertainty: round === undefined ? best.uncertainty : 0,
  };
}

/** The number of few digits that a rate may be, as people choose it. */
function rounded({ rate, uncertainty }: Rate): number | undefined {
  return [1, 2, 3].map((digits) => Number(rate.toPrecision(digits)))
    .find((round) => Math.abs(round - rate) <= 2 * uncertainty);
}
