// The mistakes that explain a wrong quantity: one of them, one and a factor, or two.
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
import { relativeError } from "./agreement.ts";
import type { Cause } from "./cause.ts";
import { factorFit } from "./factor_fit.ts";
import { dot } from "./least_squares.ts";
import { type Probe, probeOf } from "./probe.ts";
import type { KnownValues } from "./dump.ts";
import { fits, leastError, type Suspect } from "./suspect.ts";

type MistakesCause = Extract<Cause, { readonly kind: "mistakes" }>;

/** The single mistakes that explain a quantity, exactly and up to a factor that has a name. */
export interface SingleMistakes {
  readonly exact: readonly MistakesCause[];
  readonly multiples: readonly MistakesCause[];
}

/** Finds single mistakes; those that explain the later quantities too come first. */
export function singleMistakes(suspect: Suspect): SingleMistakes {
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

/** The cause that a mistake is, if it explains a quantity, exactly or up to a factor. */
function fitOf(suspect: Suspect, mistake: Mistake): MistakesCause | undefined {
  const computed = computeWith(suspect, [mistake]);
  if (computed === undefined) return undefined;
  const cause = { kind: "mistakes", mistakes: [mistake] } as const;
  const error = leastError(suspect, computed);
  if (fits(suspect, error)) return { ...cause, factor: undefined, error };
  if (!suspect.rateIsKnown && suspect.symbol.endsWith("'")) {
    const error = errorAtAnyRate(suspect, computed);
    return fits(suspect, error) ? { ...cause, factor: undefined, error } : undefined;
  }
  const fit = factorFit(suspect, computed);
  return fit?.factor.name === undefined ? undefined : { ...cause, ...fit };
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

/** Two mistakes that explain a quantity together. */
export function mistakesInPairs(suspect: Suspect): MistakesCause[] {
  const probe = probeOf(suspect), mistakes = relevantMistakes(suspect);
  // its own mistakes are the most likely ones
  const likely = mistakes.toSorted((a, b) =>
    +(b.quantity === suspect.symbol) - +(a.quantity === suspect.symbol)
  );
  const pairs = likely.flatMap((one, i) =>
    likely.slice(i + 1).map((other) =>
      [one, other].toSorted((a, b) => MISTAKES.indexOf(a) - MISTAKES.indexOf(b))
    )
  );
  const isCheap = (pair: readonly Mistake[]) => probe !== undefined && pair.every(probe.covers);
  const found: MistakesCause[] = [];
  let cost = 0;
  for (const pair of pairs.toSorted((a, b) => +isCheap(b) - +isCheap(a))) {
    cost += costOf(isCheap(pair) ? probe!.part : suspect, pair);
    if (cost > MAX_COST) break;
    found.push(...explain(suspect, probe, pair));
  }
  return bestOf(suspect, found);
}

/** What the search for pairs may cost, in multiplications: a quarter of a second. */
const MAX_COST = 1e8;

/** What trying some mistakes costs, in multiplications. */
function costOf({ sizes, given, symbol }: Suspect, mistakes: readonly Mistake[]): number {
  const { D, M, K, B } = sizes;
  const first = D * M * B, last = symbol === "dW1" || symbol === "W1'" ? first : 0;
  const again = !Object.hasOwn(given, "A1") &&
    mistakes.some(({ quantity }) => quantity === "X" || quantity === "A1");
  const inputs = mistakes.filter(({ quantity }) => quantity === "X").length * D * B;
  // an exponential or another function of an entry takes as long as ten multiplications
  return last + (again || symbol === "A1" ? first : 0) + 4 * M * K * B + 10 * (M + K) * B +
    3 * inputs;
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

/** The cause that some mistakes are, if they explain a quantity. */
function explain(
  suspect: Suspect,
  probe: Probe | undefined,
  mistakes: readonly Mistake[],
): MistakesCause[] {
  if (probe !== undefined && mistakes.every(probe.covers)) {
    if (!fits(probe.part, errorWith(probe.part, mistakes))) return [];
  }
  const error = errorWith(suspect, mistakes);
  return fits(suspect, error) ? [{ kind: "mistakes", mistakes, factor: undefined, error }] : [];
}

function errorWith(suspect: Suspect, mistakes: readonly Mistake[]): number {
  const computed = computeWith(suspect, mistakes);
  return computed === undefined ? Infinity : leastError(suspect, computed);
}

/** The step with mistakes in quantities before one, or undefined if one cannot be made. */
function stepWith(
  { symbol, own, given }: Pick<Suspect, "symbol" | "own" | "given">,
  mistakes: readonly Mistake[],
): RunTimeStep | undefined {
  let values = own;
  for (const { quantity, compute } of mistakes) {
    if (quantity === symbol) continue;
    const matrix = compute(values);
    if (matrix === undefined) return undefined;
    values = withReplaced(values, given, quantity, matrix);
  }
  return values;
}

/**
 * The step with one quantity computed otherwise, and what follows from it computed again, except
 * what is given.
 */
function withReplaced(
  step: RunTimeStep,
  given: KnownValues,
  replaced: ReplaceableSymbol,
  matrix: RunTimeMatrix,
): RunTimeStep {
  const at = STEP.findIndex(({ symbol }) => symbol === replaced);
  const kept = STEP.filter(({ symbol }, i) => i < at || Object.hasOwn(given, symbol))
    .map(({ symbol }) => [symbol, () => step[symbol]]);
  const known = Object.create(step, { [replaced]: { value: matrix } });
  return lazyStep(known, Object.fromEntries(kept));
}

/** The quantity as mistakes make it, or undefined if one cannot be made with these shapes. */
function computeWith(
  suspect: Suspect,
  mistakes: readonly Mistake[],
): RunTimeMatrix | undefined {
  const { symbol } = suspect, values = stepWith(suspect, mistakes);
  if (values === undefined) return undefined;
  let applies = true;
  const equation = mistakes.filter(({ quantity }) => quantity === symbol)
    .reduce((inner, { compute }) => (values) => {
      const computed = compute(values, inner);
      applies &&= computed !== undefined;
      return computed ?? inner(values);
    }, correctEquation(symbol));
  const computed = equation(values);
  return applies ? computed : undefined;
}

/**
 * Of explanations, those that leave the fewest of the later quantities unexplained; its own
 * mistakes first, then those that fit best.
 */
function bestOf(suspect: Suspect, found: readonly MistakesCause[]): MistakesCause[] {
  if (found.length < 2) return [...found];
  const contradicted = new Map(found.map((one) => [one, contradictions(suspect, one.mistakes)]));
  const least = Math.min(...contradicted.values());
  const others = ({ mistakes }: MistakesCause) =>
    mistakes.filter(({ quantity }) => quantity !== suspect.symbol).length;
  return found.filter((one) => contradicted.get(one) === least)
    .toSorted((a, b) => others(a) - others(b) || a.error - b.error);
}

/** How many of the later quantities differ from what the step with these mistakes gives. */
function contradictions(suspect: Suspect, mistakes: readonly Mistake[]): number {
  const { symbol, given, candidates, later, tolerance } = suspect;
  const before = stepWith(suspect, mistakes);
  if (before === undefined) return later.length;
  const known: KnownValues = { ...given };
  for (const { quantity } of mistakes) {
    if (quantity !== symbol) known[quantity] = before[quantity];
  }
  known[symbol] = candidates[0]!;
  const values = lazyStep(known);
  return later.filter(([symbol, matrices]) => {
    const computed = correctEquation(symbol)(values);
    const errors = matrices.map((matrix) => relativeError(matrix, computed));
    const agrees = Math.min(...errors) <= LATER * tolerance;
    if (agrees) known[symbol] = matrices[errors.indexOf(Math.min(...errors))]!;
    return !agrees;
  }).length;
}

/** How much greater the rounding errors of later quantities may be than those of one. */
const LATER = 1e3;
