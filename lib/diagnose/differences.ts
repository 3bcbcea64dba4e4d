// The shape of the difference between a wrong quantity and the right one, where no mistake explains
// it: a factor, a sum, another order, some rows or entries.
import type { RunTimeMatrix } from "../math/matrix.ts";
import { maxAbs } from "../math/max_abs.ts";
import { largestFinite } from "./agreement.ts";
import type { Cause } from "./cause.ts";
import { factorFit } from "./factor_fit.ts";
import { dot } from "./least_squares.ts";
import { type Precision, UNIT_ROUNDOFF } from "./dump.ts";
import { leastError, type Suspect, WRONG_EQUATION } from "./suspect.ts";
import {
  alike,
  type Difference,
  eachAlong,
  functionOfEntries,
  functionOfQuantity,
  notFinite,
  onlySomeEntries,
  rearranged,
  shifted,
  zeros,
} from "./entry_differences.ts";
import {
  combination,
  epsilonInLogarithm,
  normalisedStep,
  otherEquation,
  otherQuantity,
  scaledInput,
  someExamples,
  weightedExamples,
} from "./other_equations.ts";

/** A difference of the whole quantity that needs no search: a factor, or rounding. */
export function plainDifference(suspect: Suspect): Cause | undefined {
  const { right, candidates, tolerance } = suspect, fit = factorFit(suspect, right);
  // a sum over the classes of dA2 is 0 but for rounding
  if (candidates.some(({ data }) => maxAbs(data) <= tolerance * largestFinite(right))) {
    return { kind: "factor", factor: { value: 0, name: "0" }, norm: undefined, error: 0 };
  }
  if (fit !== undefined) {
    const norm = fit.factor.name === undefined ? roundNorm(suspect.candidates[0]!) : undefined;
    return { ...fit, kind: "factor", norm };
  }
  return epsilonInLogarithm(suspect) ?? rounding(suspect, right);
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

/** The rounding errors of one quantity, in units of a single operation. */
const ROUNDING_ERRORS = 16;

/** Whether a number has the 11 significant bits of a float16, or fewer. */
function isFloat16(x: number): boolean {
  return x === 0 || Number.isInteger(x / 2 ** (Math.floor(Math.log2(Math.abs(x))) - 10));
}

/** What can be said of the difference, if anything. */
export function shapeOfDifference(suspect: Suspect): Cause | undefined {
  const { right, candidates: [recorded], tolerance } = suspect;
  if (recorded === undefined) return undefined;
  const bound = WRONG_EQUATION * tolerance * largestFinite(right);
  const difference = { suspect, recorded, right, bound };
  const moved = ofUpdate(difference);
  return notFinite(recorded) ?? otherQuantity(suspect) ?? rearranged(moved) ??
    onlySomeEntries(difference) ?? onlySomeEntries(moved) ?? shifted(difference) ??
    zeros(moved) ?? functionOfEntries(moved) ?? scaledInput(suspect, recorded) ??
    combination(suspect, recorded) ??
    otherEquation(suspect) ?? someExamples(difference) ?? normalisedStep(suspect, moved) ??
    alike(moved) ?? weightedExamples(moved) ?? eachAlong(moved) ?? functionOfQuantity(moved);
}

/** The Euclidean norm of a matrix, if it is a number of one or two digits. */
function roundNorm({ data }: RunTimeMatrix): number | undefined {
  const norm = Math.sqrt(dot(data, data)), round = Number(norm.toPrecision(2));
  return Math.abs(norm - round) <= 1e-6 * norm ? round : undefined;
}

/** Of an update, the step alone: the difference from the parameters before. */
function ofUpdate(difference: Difference): Difference {
  const { suspect: { symbol, own }, recorded, right } = difference;
  if (!symbol.endsWith("'")) return difference;
  const before = own[symbol.slice(0, -1) as "W1"];
  const step = (after: RunTimeMatrix) => after.zip(before, (after, before) => after - before);
  return { ...difference, recorded: step(recorded), right: step(right) };
}
