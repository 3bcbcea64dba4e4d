// What is known of a wrong quantity, what an explanation says, and the known mistakes that explain
// it. What a program may have instead of an equation is tried in a part of a very large step.
import type { RunTimeMatrix } from "../math/matrix.ts";
import { correctEquation, type Mistake } from "../mistakes/mistake.ts";
import { MISTAKES } from "../mistakes/mistakes.ts";
import {
  type Axis,
  type ComputedSymbol,
  lazyStep,
  type MatrixSymbol,
  QUANTITIES,
  type ReplaceableSymbol,
  type RunTimeReplacements,
  type RunTimeStep,
  STEP,
  STEP_INPUTS,
  type StepSymbol,
} from "../network/step.ts";
import { t, type Text } from "../text/layout.ts";
import { significantDigits } from "../text/numbers.ts";
import { factorOf, largestFinite, multipleOf, picked, relativeError } from "./agreement.ts";
import { spread } from "./assignment.ts";
import { type KnownValues, multiplications, type Precision, type StepSizes } from "./dump.ts";

/**
 * A factor, as B, 1/K, -1 or 0.37.
 *
 * @category 7 Checks
 */
export interface Factor {
  /** Its value. */
  readonly value: number;
  /** Its name, if it is one of the usual factors: `1/B`. */
  readonly name: string | undefined;
}

/**
 * One explanation of a wrong quantity.
 *
 * @category 7 Checks
 */
export interface Cause {
  /** What kind of explanation it is: known mistakes, a factor, another equation, … */
  readonly kind: string;
  /** The explanation in one clause; rows, columns and indices are counted from 0. */
  readonly words: Text;
  /** The known mistakes that give it, made together; none for other kinds. */
  readonly mistakes: readonly Mistake[];
  /** What the result is multiplied by, if anything. */
  readonly factor?: Factor | undefined;
  /** The right-hand side that gives it, if there is one: `dA1 Xᵀ / B`. */
  readonly formula?: string | undefined;
  /**
   * The greatest difference from what the explanation gives, relative to the largest entry, if it
   * gives numbers.
   */
  readonly error?: number | undefined;
  /** The quantity whose equation is wrong, with what it is then, if that was not recorded. */
  readonly made?: { readonly in: ComputedSymbol; readonly matrix: RunTimeMatrix } | undefined;
  /** The network in which this is no mistake, if it is found everywhere: `Adam`. */
  readonly network?: Text | undefined;
}

/**
 * A wrong quantity, and what is known of the program: its sizes, its precision, its other equations.
 *
 * @internal
 */
export interface Suspect {
  readonly symbol: ComputedSymbol;
  /** The matrices that the recorded array may stand for; none if its shape does not fit. */
  readonly candidates: readonly RunTimeMatrix[];
  readonly shape: readonly number[];
  readonly data: Float64Array<ArrayBuffer>;
  /** What it should be, and the quantities of the program: recorded, or computed from those. */
  readonly right: RunTimeMatrix;
  readonly own: RunTimeStep;
  /** The recorded ones before it, with the inputs; and those after it, as they may be read. */
  readonly given: { readonly [Symbol in StepSymbol]?: RunTimeStep[Symbol] };
  readonly later: readonly (readonly [ComputedSymbol, readonly RunTimeMatrix[]])[];
  /** The equations that are not the table's, in a program of another convention or network. */
  readonly changed: RunTimeReplacements;
  /** The quantities of the step before, if the file has two. */
  readonly previous: RunTimeStep | undefined;
  /** Whether the learning rate is known: if not, an update may have any. */
  readonly rateIsKnown: boolean;
  readonly sizes: StepSizes;
  readonly precision: Precision;
  /** The greatest relative difference that rounding explains, and that of the right equation. */
  readonly tolerance: number;
  readonly error: number;
}

type Details = Partial<Omit<Cause, "kind" | "words">>;

/** An explanation in words, with what else is known of it. */
export function cause(kind: string, words: Text, details: Details = {}): Cause {
  return { kind, words, mistakes: [], ...details };
}

/** What known mistakes give, and a factor besides. */
export function ofMistakes(
  symbol: ComputedSymbol,
  mistakes: readonly Mistake[],
  details: Details,
): Cause {
  const [{ quantity, words: { en, ja } }] = mistakes as [Mistake], isOwn = quantity === symbol;
  const mistake = isOwn ? t(en, ja) : t(`in ${quantity}, ${en}`, `${quantity} で、${ja}`);
  if (!details.factor) return cause("mistakes", mistake, { mistakes, ...details });
  // what is wrong in the quantity itself comes before what is in others
  const both = [mistake, factorWords(details.factor)];
  const [a, b] = (isOwn ? both : both.toReversed()) as [Text, Text];
  const said = t(`${a.en}; and ${b.en}`, `${a.ja}。また、${b.ja}`);
  return cause("mistakes", said, { mistakes, ...details });
}

/** Another equation in the same quantities, or in those of the step before. */
export function otherFormula(formula: string, details: Details, words?: Text): Cause {
  const said = words ?? t(`it is ${formula}`, `${formula} になっている`);
  return cause("equation", said, { formula, ...details });
}

/** How often what it should be. */
export function factorWords({ value, name }: Factor): Text {
  if (name === "-1") return t("the sign is wrong", "符号が逆になっている");
  if (name === "1/B") return t("divided by B once too often", "B で余分に割っている");
  if (name === "B") {
    return t("not divided by B: B times what it should be", "B で割っていない（正しい値の B 倍）");
  }
  const times = name ?? significantDigits(value, 6);
  return t(`${times} times what it should be`, `正しい値の ${times} 倍になっている`);
}

/** How many times the rounding errors of the right equation a wrong one may have. */
export const WRONG_EQUATION = 8;

/** The error of the candidate that is closest to a matrix; of an update relative to the step. */
export function leastError(suspect: Suspect, computed: RunTimeMatrix): number {
  const { candidates, symbol } = suspect;
  const error = Math.min(Infinity, ...candidates.map((one) => relativeError(one, computed, true)));
  if (!symbol.endsWith("'") || error === Infinity) return error;
  const step = largestFinite(stepOf(suspect, suspect.right));
  return step === 0 ? error : error * largestFinite(computed) / step;
}

/** How far an update moves the parameters. */
export function stepOf({ symbol, own }: Pick<Suspect, "symbol" | "own">, after: RunTimeMatrix) {
  return after.zip(own[symbol.slice(0, -1) as "W1"], (after, before) => after - before);
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

type Equation = (values: RunTimeStep) => RunTimeMatrix;

/** The equation of a quantity in this program: the table's, if it has no other; X is as it is. */
export function equationOf({ changed }: Pick<Suspect, "changed">, symbol: ReplaceableSymbol) {
  return (changed[symbol] ?? correctEquation(symbol)) as Equation;
}

/** What a program may have in the place of a quantity: the wrong one, or one before it. */
export interface Trial {
  readonly place: ReplaceableSymbol;
  readonly make: (own: RunTimeStep, equation: Equation) => RunTimeMatrix | undefined;
}

/** How closely a trial explains a quantity, exactly or up to a factor that has a name. */
export function tryOut(suspect: Suspect, trial: Trial) {
  const made = madeBy(suspect, trial), fit = made && fitOf(suspect, made.computed);
  return fit && { ...fit, made: made.matrix };
}

function madeBy(suspect: Judged, { place, make }: Trial) {
  const { symbol, own } = suspect;
  try {
    const matrix = make(own, equationOf(suspect, place));
    if (matrix === undefined) return undefined;
    const after = () => equationOf(suspect, symbol)(withReplaced(suspect, place, matrix));
    return { matrix, computed: place === symbol ? matrix : after() };
  } catch {
    return undefined; // the shapes do not fit
  }
}

function fitOf(suspect: Suspect, computed: RunTimeMatrix) {
  const { symbol, candidates, rateIsKnown, sizes, own, tolerance } = suspect;
  const error = leastError(suspect, computed);
  if (fits(suspect, error)) return { factor: undefined, error };
  const isUpdate = symbol.endsWith("'");
  // parameters after a small step are nearly a multiple of any; few numbers are one of others
  if (isUpdate && (rateIsKnown || computed.data.length < 4)) return undefined;
  const step = (matrix: RunTimeMatrix) => isUpdate ? stepOf(suspect, matrix) : matrix;
  for (const candidate of candidates) {
    const fit = multipleOf(step(candidate), step(computed));
    if (fit === undefined || !fits(suspect, fit.error)) continue;
    if (isUpdate) return { factor: undefined, error: fit.error };
    const factor: Factor = factorOf(fit.value, sizes, own, tolerance);
    if (factor.name !== undefined) return { factor, error: fit.error };
  }
  return undefined;
}

/** The mistakes that fit, and those up to a factor, best first. */
export function findMistakes(suspect: Suspect): { exact: Cause[]; multiples: Cause[] } {
  const found = [...placesBefore(suspect)].flatMap((place) => {
    const part = partOf(suspect, place),
      mistakes = MISTAKES.filter((one) => one.quantity === place);
    return part === undefined ? [] : mistakes.flatMap((mistake) => {
      const make: Trial["make"] = (own, equation) => mistake.compute(own, equation as never);
      const fit = tryOut(part, { place, make });
      return fit === undefined ? [] : [{ mistake, ...fit }];
    });
  });
  return {
    exact: bestOf(suspect, found.filter(({ factor }) => factor === undefined)),
    multiples: bestOf(suspect, found.filter(({ factor }) => factor !== undefined)),
  };
}

/** A quantity, and those before it, as far back as the recorded ones; always the images. */
export function placesBefore({ symbol, given }: Suspect): ReadonlySet<ReplaceableSymbol> {
  // a set goes on with what is added to it
  const places = new Set<ReplaceableSymbol>([symbol]);
  for (const place of places) {
    for (const before of QUANTITIES[place].from as readonly ReplaceableSymbol[]) {
      if (!Object.hasOwn(given, before) || before === "X") places.add(before);
    }
  }
  return places;
}

/** The program's step with one quantity replaced, and what follows from it but is not given. */
function withReplaced(
  { given, changed, own }: Judged,
  replaced: ReplaceableSymbol,
  matrix: RunTimeMatrix,
): RunTimeStep {
  const at = STEP.findIndex(({ symbol }) => symbol === replaced);
  const kept = STEP.filter(({ symbol }, i) => i < at || Object.hasOwn(given, symbol))
    .map(({ symbol }) => [symbol, () => own[symbol]]);
  const known = Object.create(own, { [replaced]: { value: matrix } });
  return lazyStep(known, { ...changed, ...Object.fromEntries(kept) });
}

/** Those that leave the fewest later quantities unexplained: its own first, then those that fit. */
function bestOf(
  suspect: Suspect,
  found: readonly { mistake: Mistake; factor: Factor | undefined; error: number }[],
): Cause[] {
  const { symbol } = suspect;
  const left = found.map(({ mistake }) => found.length < 2 ? 0 : contradictions(suspect, mistake));
  const isOfOther = ({ quantity }: Mistake) => +(quantity !== symbol);
  return found.filter((_, i) => left[i] === Math.min(...left))
    .toSorted((a, b) => isOfOther(a.mistake) - isOfOther(b.mistake) || a.error - b.error)
    .map(({ mistake, factor, error }) => {
      const isOwn = mistake.quantity === symbol && factor === undefined;
      const formula = isOwn ? rightHandSideOf(mistake) : undefined;
      return ofMistakes(symbol, [mistake], { factor, error, formula });
    });
}

/** How many of the later quantities differ from what the step with a mistake gives. */
function contradictions(suspect: Suspect, { quantity, compute }: Mistake): number {
  const { symbol, own, given, candidates, later, tolerance, changed, sizes } = suspect;
  const known: KnownValues = { ...given };
  if (quantity !== symbol) known[quantity] = compute(own, equationOf(suspect, quantity) as never)!;
  known[symbol] = candidates[0]!;
  const values = lazyStep(known, changed), isLarge = multiplications(sizes) > 1e8;
  return later.filter(([symbol, matrices]) => {
    if (isLarge && symbol === "dW1") return false;
    const computed = equationOf(suspect, symbol)(values);
    const errors = matrices.map((matrix) => relativeError(matrix, computed));
    // rounding errors add up
    const least = Math.min(...errors), agrees = least <= 1e3 * tolerance;
    if (agrees) known[symbol] = matrices[errors.indexOf(least)]!;
    return !agrees;
  }).length;
}

/** What it takes to compute a wrong quantity again. */
type Judged = Pick<
  Suspect,
  "symbol" | "own" | "given" | "candidates" | "changed" | "right" | "sizes" | "tolerance"
>;

/** The hidden units and inputs of a part; two numbers, so that no part is square by chance. */
const PART_SIZES: { readonly [Letter in Axis]?: number } = { M: 8, D: 9 };

/**
 * Some hidden units and inputs of a wrong quantity, if it is very large; undefined if what follows
 * from a part of an earlier place is no part, as sums over all units are.
 */
export function partOf<S extends Judged>(suspect: S, place: ReplaceableSymbol): S | undefined {
  const { symbol, own, candidates, right, sizes, tolerance } = suspect;
  const isUpdate = symbol.endsWith("'");
  if (multiplications(sizes) < 5e7) return suspect;
  const some = new Map(QUANTITIES[symbol].axes.flatMap((letter) => {
    const count = PART_SIZES[letter], size = letter === "1" ? 1 : sizes[letter];
    return count === undefined ? [] : [[letter, spread(size, count)] as const];
  }));
  const pick = (one: MatrixSymbol, whole: RunTimeMatrix) => {
    const { axes: [rows, columns] } = QUANTITIES[one];
    return picked(whole, some.get(rows), some.get(columns));
  };
  const known = Object.fromEntries([...STEP_INPUTS, ...STEP].map(({ symbol }) => {
    const isMatrix = symbol !== "labels" && symbol !== "η";
    return [symbol, { get: () => isMatrix ? pick(symbol, own[symbol]) : own[symbol] }];
  }));
  const part = {
    ...suspect,
    own: lazyStep(Object.defineProperties({}, known)),
    right: pick(symbol, right),
    candidates: candidates.map((one) => pick(symbol, one)),
  };
  // the right equation shows whether a part is enough: a mask of dropout needs all units
  const same = madeBy(part, { place, make: (own, equation) => equation(own) });
  if (same === undefined) return undefined;
  // errors are relative to the largest entry, which may be smaller in a part
  const largest = (one: Judged) => largestFinite(isUpdate ? stepOf(one, one.right) : one.right);
  const found = { ...part, tolerance: tolerance * Math.min(1e3, largest(suspect) / largest(part)) };
  const isRight = relativeError(same.computed, part.right) <= found.tolerance;
  return place === symbol || isRight ? found : undefined;
}
