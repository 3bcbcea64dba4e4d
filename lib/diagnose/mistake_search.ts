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
import { dot, factorOf, largestFinite, matrixOf, multipleOf, relativeError } from "./agreement.ts";
import { type Cause, cause, type Factor, type Suspect } from "./cause.ts";
import { type KnownValues, multiplications } from "./dump.ts";

/** How many times the rounding errors of the right equation a wrong one may have. */
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

/** Whether an error is one of rounding, or of a guard in a logarithm. */
export function fits({ tolerance, symbol, precision }: Suspect, error: number): boolean {
  const least = symbol === "E" || symbol === "L" ? 3e-6 : precision === "float64" ? 1e-9 : 0;
  return error <= Math.max(WRONG_EQUATION * tolerance, least);
}

/** The right-hand side of a mistake's equation, or of the table's. */
export function rightHandSideOf({ equation }: { readonly equation: string }): string {
  return equation.slice(equation.indexOf(" = ") + 3);
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
    // A1 needs all inputs
    const isBefore = suspect.symbol !== "A1" && !Object.hasOwn(suspect.given, "A1") &&
      (mistake.quantity === "X" || mistake.quantity === "A1");
    const isCovered = probe !== undefined && !rearranges(mistake) && !isBefore;
    if (isCovered && fitOf(probe, mistake) === undefined) return [];
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
  for (const candidate of suspect.candidates) {
    const fit = multipleOf(candidate, computed);
    if (fit === undefined || !fits(suspect, fit.error)) continue;
    const factor = factorOf(fit.value, suspect.sizes, suspect.own, suspect.tolerance);
    if (factor.name !== undefined) return { mistake, factor, error: fit.error };
  }
  return undefined;
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

/** The mistakes of a quantity, and of those before it, as far back as the recorded ones. */
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
export function equationOf({ changed }: Pick<Suspect, "changed">, symbol: ReplaceableSymbol) {
  return (changed[symbol] as ((values: RunTimeStep) => RunTimeMatrix) | undefined) ??
    correctEquation(symbol);
}

/** The step with a mistake in a quantity before one, or undefined if it cannot be made. */
function stepWith(suspect: Suspect, { quantity, compute }: Mistake): RunTimeStep | undefined {
  if (quantity === suspect.symbol) return suspect.own;
  const matrix = compute(suspect.own);
  return matrix && withReplaced(suspect, suspect.own, quantity, matrix);
}

/** The step with one quantity replaced, and what follows from it except what is given. */
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

/** Whether a mistake needs all entries, so that it cannot be made in some: the names say so. */
export function rearranges({ id }: Pick<Mistake, "id">): boolean {
  return /transposed$|reshaped$|along-the-batch$|cut$|norm$|by-D$/.test(id);
}

/** What it takes to compute a wrong quantity again. */
type Judged = Pick<
  Suspect,
  "symbol" | "own" | "given" | "candidates" | "sizes" | "changed" | "right" | "tolerance"
>;

/** Some hidden units of a large A1, or inputs of dW1 and W1', in which mistakes are tried first. */
export function probeOf<S extends Judged>(suspect: S): S | undefined {
  const { symbol, own, given, candidates, sizes, changed } = suspect;
  const isOfA1 = symbol === "A1", length = isOfA1 ? sizes.M : sizes.D;
  if (!isOfA1 && symbol !== "dW1" && symbol !== "W1'") return undefined;
  if (multiplications(sizes) < 1e5 || length <= PROBE_SIZE) return undefined;
  // the inputs with the largest sums: at the border of images, all are 0
  const sums = isOfA1 ? own.b1.map(() => 0).data : own.X.map(Math.abs).rowSums.data;
  const places = [...sums.keys()].sort((a, b) => sums[b]! - sums[a]!).slice(0, PROBE_SIZE);
  const pick = (matrix: RunTimeMatrix) =>
    isOfA1 ? rowsOf(matrix, places) : rowsOf(matrix.transposed, places).transposed;
  const known: KnownValues = isOfA1
    ? { ...given, W1: pick(own.W1), b1: pick(own.b1) }
    : { ...given, A1: own.A1, X: rowsOf(own.X, places), W1: pick(own.W1) };
  if (!isOfA1 && given.dW1) known.dW1 = pick(given.dW1);
  return {
    ...suspect,
    ...{ given: known, own: lazyStep(known, changed), right: pick(suspect.right) },
    candidates: candidates.map(pick),
    sizes: { ...sizes, [isOfA1 ? "M" : "D"]: PROBE_SIZE },
    // the largest entry of a part may be smaller than that of the whole
    tolerance: 1e3 * suspect.tolerance,
  };
}

function rowsOf({ columns, data }: RunTimeMatrix, rows: readonly number[]): RunTimeMatrix {
  const picked = new Float64Array(rows.length * columns);
  rows.forEach((row, i) =>
    picked.set(data.subarray(row * columns, (row + 1) * columns), i * columns)
  );
  return matrixOf(rows.length, columns, picked);
}
