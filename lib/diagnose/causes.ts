/**
 * Why a quantity is wrong: the mistakes that explain it, or else the shape of its difference.
 *
 * @module
 */

import type { AnyMatrix } from "../math/matrix.ts";
import { maxAbs } from "../math/max_abs.ts";
import { correctEquation, type Mistake } from "../mistakes/mistake.ts";
import { MISTAKES } from "../mistakes/mistakes.ts";
import {
  type AnyStepValues,
  type ComputedSymbol,
  type RunTimeMatrix,
  STEP,
  STEP_INPUTS,
  type StepSymbol,
} from "../network/step.ts";
import { compare } from "./agreement.ts";
import { withReplaced } from "./deferred_step.ts";
import { shapeOf, type StepSizes } from "./step_dump.ts";

/**
 * A factor, as B, 1/K, -1 or 0.37.
 *
 * @category 7 Checks
 */
export interface Factor {
  /** Its value. */
  readonly value: number;
  /** Its name, if it is one of the usual factors. */
  readonly name: string | undefined;
}

/**
 * One explanation of a wrong quantity.
 *
 * @category 7 Checks
 */
export type Cause =
  | {
    /** It is what these mistakes give, made together. */
    readonly kind: "mistakes";
    /** One or two. */
    readonly mistakes: readonly Mistake[];
    /** What the result is multiplied by besides, if anything. */
    readonly factor: Factor | undefined;
    /** The greatest difference from what they give, relative to the largest entry. */
    readonly error: number;
  }
  | {
    /** It is a multiple of what it should be. */
    readonly kind: "factor";
    readonly factor: Factor;
    readonly error: number;
  }
  | {
    /** It is another quantity. */
    readonly kind: "other quantity";
    readonly symbol: StepSymbol;
    readonly error: number;
  }
  /** It is the transpose of what it should be. */
  | { readonly kind: "transposed" }
  /** Its rows or columns are those that it should have, in another order. */
  | { readonly kind: "permuted"; readonly axis: Axis }
  /** It differs in one row, one column or one entry only. */
  | { readonly kind: "row" | "column"; readonly index: number }
  | { readonly kind: "entry"; readonly row: number; readonly column: number }
  /** All entries differ by the same number. */
  | { readonly kind: "shifted"; readonly by: number }
  /** It differs by rounding errors of float32, though it holds float64. */
  | { readonly kind: "float32 rounding" }
  /** It has the wrong number of entries. */
  | { readonly kind: "shape"; readonly shape: readonly number[]; readonly need: readonly number[] }
  /** It has an entry that is not finite. */
  | { readonly kind: "not finite"; readonly value: number }
  /** Nothing of this. */
  | { readonly kind: "unknown" };

/**
 * Rows or columns.
 *
 * @category 7 Checks
 */
export type Axis = "rows" | "columns";

/** What is known of a wrong quantity. */
export interface Suspect {
  /** Its symbol. */
  readonly symbol: ComputedSymbol;
  /** The matrices that the recorded array may stand for. */
  readonly candidates: readonly RunTimeMatrix[];
  /** The quantities of the program: recorded, or computed from those that are. */
  readonly own: AnyStepValues;
  /** The recorded ones, and the inputs. */
  readonly given: Partial<Record<StepSymbol, unknown>>;
  /** The sizes. */
  readonly sizes: StepSizes;
  /** The greatest relative difference that rounding explains. */
  readonly tolerance: number;
}

/** All explanations that fit, best first; what is said of the difference alone if none does. */
export function findCauses(suspect: Suspect): Cause[] {
  const mistakes = relevantMistakes(suspect);
  const searches = [singleMistakes, plainDifferences, mistakesTimesFactor, mistakesInPairs];
  for (const search of searches) {
    const found = search(suspect, mistakes);
    if (found.length > 0) return found;
  }
  return [partialDifference(suspect) ?? { kind: "unknown" }];
}

/**
 * The mistakes that can make it wrong: its own, and those of quantities before it, as far back as
 * the recorded ones.
 */
function relevantMistakes({ symbol, given }: Suspect): Mistake[] {
  const reached = new Set<StepSymbol>();
  const visit = (symbol: StepSymbol) => {
    if (reached.has(symbol)) return;
    reached.add(symbol);
    const from = STEP.find((one) => one.symbol === symbol)?.from ?? [];
    for (const before of from) if (!Object.hasOwn(given, before) || before === "X") visit(before);
  };
  visit(symbol);
  return MISTAKES.filter(({ quantity }) => reached.has(quantity));
}

/** The quantity as these mistakes make it, or undefined if one does not apply to these shapes. */
function computeWith(
  { symbol, own, given }: Suspect,
  mistakes: readonly Mistake[],
): RunTimeMatrix | undefined {
  let values = own;
  const atLast = mistakes.filter(({ quantity }) => quantity === symbol);
  for (const mistake of mistakes) {
    if (atLast.includes(mistake)) continue;
    const replaced = mistake.compute(values);
    if (replaced === undefined) return undefined;
    values = withReplaced(values, given, mistake.quantity, () => replaced);
  }
  const right = correctEquation(symbol);
  let applies = true;
  const equation = atLast.reduce((inner, { compute }) => (values) => {
    const computed = compute(values, inner);
    applies &&= computed !== undefined;
    return computed ?? inner(values);
  }, right);
  const computed = equation(values);
  return applies ? computed : undefined;
}

/** A cause with an error. */
type Fit = Extract<Cause, { readonly error: number }>;

function singleMistakes(suspect: Suspect, mistakes: readonly Mistake[]): Cause[] {
  return fitting(suspect, mistakes.map((mistake) => [mistake]));
}

/** The number of products that the search for pairs may compute: half a second. */
const MAX_PRODUCTS = 5e8;

function mistakesInPairs(suspect: Suspect, mistakes: readonly Mistake[]): Cause[] {
  const { D, M, B } = suspect.sizes;
  // the quantity's own mistakes first: they are the most likely
  const likely = mistakes.toSorted((a, b) =>
    +(b.quantity === suspect.symbol) - +(a.quantity === suspect.symbol)
  );
  const pairs = likely.flatMap((one, i) => likely.slice(i + 1).map((other) => [one, other]));
  const inOrder = pairs.map((pair) => pair.toSorted((a, b) => indexOf(a) - indexOf(b)));
  return fitting(suspect, inOrder.slice(0, Math.ceil(MAX_PRODUCTS / (D * M * B))));
}

/** The place of a mistake in the order of the step. */
function indexOf(mistake: Mistake): number {
  return MISTAKES.indexOf(mistake);
}

/** The sets of mistakes that explain the quantity, best first. */
function fitting(suspect: Suspect, sets: readonly (readonly Mistake[])[]): Cause[] {
  return sets.flatMap((mistakes): Fit[] => {
    const computed = computeWith(suspect, mistakes);
    const error = computed === undefined ? NaN : leastError(suspect, computed);
    return error <= suspect.tolerance
      ? [{ kind: "mistakes", mistakes, factor: undefined, error }]
      : [];
  }).toSorted((a, b) => a.error - b.error);
}

/** The error of the candidate that is closest. */
function leastError({ candidates }: Suspect, computed: RunTimeMatrix): number {
  return Math.min(...candidates.map((candidate) => errorOf(candidate, computed)));
}

function errorOf(candidate: AnyMatrix, computed: AnyMatrix): number {
  const fits = candidate.rows === computed.rows && candidate.columns === computed.columns;
  return fits ? compare(candidate, computed, 0).error : Infinity;
}

/** One mistake, and a factor with a name besides. */
function mistakesTimesFactor(suspect: Suspect, mistakes: readonly Mistake[]): Cause[] {
  return mistakes.flatMap((mistake): Fit[] => {
    const computed = computeWith(suspect, [mistake]);
    if (computed === undefined) return [];
    const fit = factorFit(suspect, computed);
    return fit?.factor.name === undefined
      ? []
      : [{ ...fit, kind: "mistakes", mistakes: [mistake] }];
  }).toSorted((a, b) => a.error - b.error);
}

/** Differences of the whole quantity: a factor, a transposition, another quantity, rounding. */
function plainDifferences(suspect: Suspect): Cause[] {
  const { symbol, own, candidates, sizes, tolerance } = suspect;
  const right = correctEquation(symbol)(own);
  const fit = factorFit(suspect, right);
  if (fit !== undefined) return [{ ...fit, kind: "factor" }];
  if (leastError(suspect, right) <= FLOAT32_ERROR) return [{ kind: "float32 rounding" }];
  const shape = shapeOf(symbol, sizes).join();
  const others = [...STEP_INPUTS, ...STEP].filter((other) =>
    other.symbol !== symbol && shapeOf(other.symbol, sizes).join() === shape &&
    !["η", "labels"].includes(other.symbol)
  );
  const same = others.flatMap((other): Fit[] => {
    const error = leastError(suspect, own[other.symbol] as RunTimeMatrix);
    return error <= tolerance ? [{ kind: "other quantity", symbol: other.symbol, error }] : [];
  });
  if (same.length > 0) return same;
  const transposed = candidates.some((candidate) =>
    errorOf(candidate, right.transposed) <= tolerance
  );
  return transposed ? [{ kind: "transposed" }] : [];
}

/** A few rounding errors of float32, relative to the largest entry. */
const FLOAT32_ERROR = 16 * 2 ** -24;

/** The factor by which a candidate is a multiple of a matrix, if it is one. */
function factorFit(
  { candidates, sizes, own, tolerance }: Suspect,
  computed: RunTimeMatrix,
): { readonly factor: Factor; readonly error: number } | undefined {
  const square = inner(computed, computed);
  for (const candidate of candidates) {
    const value = inner(candidate, computed) / square;
    if (!Number.isFinite(value)) continue;
    const scaled = computed.scale(value), error = errorOf(candidate, scaled);
    const name = nameOf(value, sizes, own, tolerance);
    const single = computed.data.length === 1;
    // of a single number every other is a multiple
    if ((value === 0 || error <= tolerance) && (name !== undefined || !single)) {
      if (value !== 0 || maxAbs(candidate.data) === 0) return { factor: { value, name }, error };
    }
  }
  return undefined;
}

function inner(a: RunTimeMatrix, b: RunTimeMatrix): number {
  return a.data.reduce((sum, x, i) => sum + x * b.data[i]!, 0);
}

/** The name of a factor, if it is one that programs multiply with by mistake. */
function nameOf(
  value: number,
  { D, M, K, B }: StepSizes,
  { η }: AnyStepValues,
  tolerance: number,
): string | undefined {
  const names: readonly (readonly [string, number])[] = [
    ...[["B", B], ["K", K], ["M", M], ["D", D], ["2", 2], ["255", 255]] as const,
    ...Number.isFinite(η) ? [["η", η as number] as const] : [],
  ];
  const all = names.flatMap(([name, value]) => [[name, value], [`1/${name}`, 1 / value]] as const);
  const near = (x: number) => Math.abs(value - x) <= Math.abs(x) * Math.max(tolerance, 1e-12);
  return [["1", 1] as const, ...all].flatMap(([name, x]) =>
    near(x) ? [name] : near(-x) ? [`-${name}`] : []
  )[0];
}

/** A difference of a part only, or in the order of rows and columns. */
function partialDifference({ symbol, own, candidates, tolerance }: Suspect): Cause | undefined {
  const right = correctEquation(symbol)(own), { rows, columns } = right;
  const [recorded] = candidates;
  if (recorded === undefined) return undefined;
  const largest = maxAbs(right.data);
  const differences = recorded.data.map((x, i) => x - right.data[i]!);
  const wrong = [...differences.keys()].filter((i) =>
    !(Math.abs(differences[i]!) <= tolerance * largest)
  );
  const inRows = new Set(wrong.map((i) => Math.floor(i / columns)));
  const inColumns = new Set(wrong.map((i) => i % columns));
  if (wrong.length === 1 && rows * columns > 1) {
    return { kind: "entry", row: [...inRows][0]!, column: [...inColumns][0]! };
  }
  if (inRows.size === 1 && rows > 1) return { kind: "row", index: [...inRows][0]! };
  if (inColumns.size === 1 && columns > 1) return { kind: "column", index: [...inColumns][0]! };
  const by = differences[0]!;
  if (wrong.length > 1 && differences.every((d) => Math.abs(d - by) <= 2 * tolerance * largest)) {
    return { kind: "shifted", by };
  }
  for (const axis of ["rows", "columns"] as const) {
    const turned = axis === "rows" ? [recorded, right] : [recorded.transposed, right.transposed];
    if (isPermutation(turned[0]!, turned[1]!, tolerance)) return { kind: "permuted", axis };
  }
  return undefined;
}

/** Whether a matrix has the rows of another in another order. */
function isPermutation(a: AnyMatrix, b: AnyMatrix, tolerance: number): boolean {
  if (a.rows < 2) return false;
  const largest = maxAbs(b.data), { columns } = a;
  const rowsOf = ({ data, rows }: AnyMatrix) =>
    Array.from({ length: rows }, (_, i) => data.subarray(i * columns, (i + 1) * columns));
  const left = rowsOf(b);
  return rowsOf(a).every((row) => {
    const at = left.findIndex((other) =>
      row.every((x, j) => Math.abs(x - other[j]!) <= tolerance * largest)
    );
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  });
}
