// The mistakes that explain a wrong quantity: one of them, or one and a factor.
import type { RunTimeMatrix } from "../math/matrix.ts";
import { correctEquation, type Mistake } from "../mistakes/mistake.ts";
import { MISTAKES } from "../mistakes/mistakes.ts";
import {
  lazyStep,
  QUANTITIES,
  type ReplaceableSymbol,
  type RunTimeStep,
  STEP,
  type StepSymbol,
} from "../network/step.ts";
import {
  dot,
  largestFinite,
  matrixOf,
  multipleOf,
  nameOfFactor,
  relativeError,
} from "./agreement.ts";
import { type Cause, cause, type Factor, type Suspect } from "./cause.ts";
import { type KnownValues, multiplications } from "./dump.ts";

/**
 * How much greater the rounding errors of a wrong equation may be than those of the right one: it
 * may subtract what the right one does not.
 */
export const WRONG_EQUATION = 8;

/** The error of the candidate that is closest to a matrix; infinite if the shapes differ. */
export function leastError(
  { candidates, symbol, own, right }: Suspect,
  computed: RunTimeMatrix,
): number {
  const error = Math.min(Infinity, ...candidates.map((one) => relativeError(one, computed, true)));
  if (!symbol.endsWith("'") || error === Infinity) return error;
  // of an update, relative to the step
  const before = own[symbol.slice(0, -1) as "W1"];
  const step = largestFinite(right.zip(before, (after, before) => after - before));
  return step === 0 ? error : error * largestFinite(computed) / step;
}

/**
 * Whether an error is one of rounding: a wrong equation may be sensitive to it, as 1 / (1 - e^x),
 * and a logarithm may have a guard, as that of a right program.
 */
export function fits({ tolerance, symbol, precision }: Suspect, error: number): boolean {
  const least = symbol === "E" || symbol === "L" ? 3e-6 : precision === "float64" ? 1e-9 : 0;
  return error <= Math.max(WRONG_EQUATION * tolerance, least);
}

/** The right-hand side of a mistake's equation, or of the table's. */
export function rightHandSideOf({ equation }: { readonly equation: string }): string {
  return equation.slice(equation.indexOf(" = ") + 3);
}

/** The factor by which the recorded matrix is a multiple of another, if it is one. */
export function factorFit(
  suspect: Suspect,
  computed: RunTimeMatrix,
): { readonly factor: Factor; readonly error: number } | undefined {
  const { candidates, sizes, own, tolerance } = suspect;
  for (const candidate of candidates) {
    const fit = multipleOf(candidate, computed);
    if (fit === undefined || !fits(suspect, fit.error)) continue;
    const name = nameOfFactor(fit.value, sizes, own, tolerance);
    // of a single number, every other is a multiple
    if (name !== undefined || computed.data.length > 1) {
      return { factor: { value: fit.value, name }, error: fit.error };
    }
  }
  return undefined;
}

/** A mistake that explains a quantity, and how closely. */
interface Explanation {
  readonly mistake: Mistake;
  readonly factor: Factor | undefined;
  readonly error: number;
}

/** The mistakes that fit, and those up to a factor, best first. */
export function findMistakes(suspect: Suspect): { exact: Cause[]; multiples: Cause[] } {
  const probe = probeOf(suspect);
  const found = relevantMistakes(suspect).flatMap((mistake) => {
    if (probe?.covers(mistake) && fitOf(probe.part, mistake) === undefined) return [];
    return fitOf(suspect, mistake) ?? [];
  });
  return {
    exact: bestOf(suspect, found.filter(({ factor }) => factor === undefined)),
    multiples: bestOf(suspect, found.filter(({ factor }) => factor !== undefined)),
  };
}

/** How a mistake explains a quantity, exactly or up to a factor that has a name. */
function fitOf(suspect: Suspect, mistake: Mistake): Explanation | undefined {
  const computed = computeWith(suspect, mistake);
  if (computed === undefined) return undefined;
  const factor = undefined, error = leastError(suspect, computed);
  if (fits(suspect, error)) return { mistake, factor, error };
  if (!suspect.rateIsKnown && suspect.symbol.endsWith("'")) {
    const error = errorAtAnyRate(suspect, computed);
    return fits(suspect, error) ? { mistake, factor, error } : undefined;
  }
  // parameters after a small step are nearly a multiple of any
  if (suspect.symbol.endsWith("'")) return undefined;
  const fit = factorFit(suspect, computed);
  return fit?.factor.name === undefined ? undefined : { mistake, ...fit };
}

/** Entries of an update that are enough to see that it is a multiple of another. */
const MIN_STEP = 4;

/** The error of an update with a mistake, if the learning rate may be any. */
function errorAtAnyRate({ symbol, own, candidates }: Suspect, computed: RunTimeMatrix): number {
  const before = own[symbol.slice(0, -1) as "W1"];
  if (before.data.length < MIN_STEP) return Infinity;
  const step = computed.zip(before, (after, before) => after - before);
  return Math.min(
    Infinity,
    ...candidates.map((recorded) => {
      const taken = recorded.zip(before, (after, before) => after - before);
      const multiple = dot(taken.data, step.data) / dot(step.data, step.data);
      // no step is a multiple of every other
      if (!Number.isFinite(multiple) || multiple === 0) return Infinity;
      return relativeError(recorded, before.zip(step, (before, step) => before + multiple * step));
    }),
  );
}

/**
 * The mistakes that can make a quantity wrong: its own, and those of quantities before it, as far
 * back as the recorded ones.
 */
function relevantMistakes({ symbol, given }: Suspect): Mistake[] {
  const reached = new Set<StepSymbol>();
  const visit = (symbol: StepSymbol) => {
    if (reached.has(symbol)) return;
    reached.add(symbol);
    for (const before of QUANTITIES[symbol].from) {
      if (!Object.hasOwn(given, before) || before === "X") visit(before);
    }
  };
  visit(symbol);
  return MISTAKES.filter(({ quantity }) => reached.has(quantity));
}

/** The equation of a quantity in this program: the table's, if it has no other; X is as it is. */
export function equationOf({ changed }: Suspect, symbol: ReplaceableSymbol) {
  return (changed[symbol] as ((values: RunTimeStep) => RunTimeMatrix) | undefined) ??
    correctEquation(symbol);
}

/** The step with a mistake in a quantity before one, or undefined if it cannot be made. */
function stepWith(suspect: Suspect, { quantity, compute }: Mistake): RunTimeStep | undefined {
  if (quantity === suspect.symbol) return suspect.own;
  const matrix = compute(suspect.own);
  return matrix && withReplaced(suspect, suspect.own, quantity, matrix);
}

/**
 * The step with one quantity computed otherwise, and what follows from it computed again, except
 * what is given.
 */
export function withReplaced(
  { given, changed }: Suspect,
  step: RunTimeStep,
  replaced: ReplaceableSymbol,
  matrix: RunTimeMatrix,
): RunTimeStep {
  const at = STEP.findIndex(({ symbol }) => symbol === replaced);
  const kept = STEP.filter(({ symbol }, i) => i < at || Object.hasOwn(given, symbol))
    .map(({ symbol }) => [symbol, () => step[symbol]]);
  const known = Object.create(step, { [replaced]: { value: matrix } });
  return lazyStep(known, { ...changed, ...Object.fromEntries(kept) });
}

/** The quantity as a mistake makes it, or undefined if it cannot be made with these shapes. */
function computeWith(suspect: Suspect, mistake: Mistake): RunTimeMatrix | undefined {
  const equation = equationOf(suspect, suspect.symbol), values = stepWith(suspect, mistake);
  if (values === undefined || mistake.quantity !== suspect.symbol) {
    return values && equation(values);
  }
  return mistake.compute(values, equation as (values: unknown) => RunTimeMatrix);
}

/** Those that leave the fewest later quantities unexplained: its own first, then those that fit. */
function bestOf(suspect: Suspect, found: readonly Explanation[]): Cause[] {
  const { symbol } = suspect;
  const left = new Map(
    found.map((one) => [one, found.length < 2 ? 0 : contradictions(suspect, one.mistake)]),
  );
  const least = Math.min(...left.values());
  const isOfOther = ({ mistake: { quantity } }: Explanation) => +(quantity !== symbol);
  return found.filter((one) => left.get(one) === least)
    .toSorted((a, b) => isOfOther(a) - isOfOther(b) || a.error - b.error)
    .map(({ mistake, factor, error }) => {
      const isOwn = mistake.quantity === symbol && factor === undefined;
      const formula = isOwn ? rightHandSideOf(mistake) : undefined;
      return cause("mistakes", symbol, [mistake], { factor, error, formula });
    });
}

/** How many of the later quantities differ from what the step with a mistake gives. */
function contradictions(suspect: Suspect, mistake: Mistake): number {
  const { symbol, given, candidates, later, tolerance, changed } = suspect;
  const before = stepWith(suspect, mistake), { quantity } = mistake;
  if (before === undefined) return later.length;
  const known: KnownValues = { ...given };
  if (quantity !== symbol) known[quantity] = before[quantity];
  known[symbol] = candidates[0]!;
  const values = lazyStep(known, changed);
  const isLarge = multiplications(suspect.sizes) > 1e8;
  return later.filter(([symbol, matrices]) => {
    if (isLarge && symbol === "dW1") return false;
    const computed = equationOf(suspect, symbol)(values);
    const errors = matrices.map((matrix) => relativeError(matrix, computed));
    const agrees = Math.min(...errors) <= LATER * tolerance;
    if (agrees) known[symbol] = matrices[errors.indexOf(Math.min(...errors))]!;
    return !agrees;
  }).length;
}

/** How much greater the rounding errors of later quantities may be than those of one. */
const LATER = 1e3;

/** The rows or columns of the part of a quantity that is tried first. */
const PROBE_SIZE = 8;

/** A part of a wrong quantity that is so small that many mistakes can be tried in it. */
export interface Probe {
  /** The part, with what it is computed from. */
  readonly part: Suspect;
  /** Whether a mistake has the same effect in the part as in the whole. */
  covers(mistake: Mistake): boolean;
}

/**
 * Whether a mistake moves entries between rows or columns, or needs all entries, so that it cannot
 * be made in some of them: the names say so.
 */
export function rearranges({ id }: Pick<Mistake, "id">): boolean {
  return /transposed$|reshaped$|along-the-batch$|cut$|norm$|by-D$/.test(id);
}

/**
 * A small part of a large quantity, in which mistakes are tried first: some hidden units of A1,
 * some inputs of dW1 and W1'. Undefined if the quantity is none of these, or is small.
 */
export function probeOf(suspect: Suspect): Probe | undefined {
  const { symbol, own, given, candidates, sizes } = suspect, { D, M } = sizes;
  if (multiplications(sizes) < 1e5) return undefined;
  const partOf = (
    known: KnownValues,
    pick: (matrix: RunTimeMatrix) => RunTimeMatrix,
    size: object,
  ) => // the largest entry of a part may be smaller than that of the whole
  ({
    ...suspect,
    given: known,
    own: lazyStep(known, suspect.changed),
    right: pick(suspect.right),
    candidates: candidates.map(pick),
    sizes: { ...sizes, ...size },
    tolerance: 1e3 * suspect.tolerance,
  });
  if (symbol === "A1" && M > PROBE_SIZE) {
    // hidden units in equal distances
    const units = Array.from(
      { length: PROBE_SIZE },
      (_, i) => Math.floor((i + 0.5) * M / PROBE_SIZE),
    );
    const pick = (matrix: RunTimeMatrix) => rowsOf(matrix, units);
    const known: KnownValues = { ...given, W1: pick(own.W1), b1: pick(own.b1) };
    return {
      part: partOf(known, pick, { M: units.length }),
      covers: (mistake) => !rearranges(mistake),
    };
  }
  if ((symbol === "dW1" || symbol === "W1'") && D > PROBE_SIZE) {
    // the inputs with the largest sums: at the border of images, all are 0
    const sums = own.X.map(Math.abs).rowSums.data;
    const inputs = [...sums.keys()].sort((a, b) => sums[b]! - sums[a]!).slice(0, PROBE_SIZE);
    const pick = (matrix: RunTimeMatrix) => rowsOf(matrix.transposed, inputs).transposed;
    const known: KnownValues = { ...given, A1: own.A1, X: rowsOf(own.X, inputs) };
    for (const symbol of ["W1", "dW1"] as const) {
      const matrix = given[symbol];
      if (matrix !== undefined) known[symbol] = pick(matrix);
    }
    // A1 needs all inputs
    const isBefore = ({ quantity }: Mistake) =>
      !Object.hasOwn(given, "A1") && (quantity === "X" || quantity === "A1");
    return {
      part: partOf(known, pick, { D: inputs.length }),
      covers: (mistake) => !rearranges(mistake) && !isBefore(mistake),
    };
  }
  return undefined;
}

function rowsOf({ columns, data }: RunTimeMatrix, rows: readonly number[]): RunTimeMatrix {
  const picked = new Float64Array(rows.length * columns);
  rows.forEach((row, i) =>
    picked.set(data.subarray(row * columns, (row + 1) * columns), i * columns)
  );
  return matrixOf(rows.length, columns, picked);
}
