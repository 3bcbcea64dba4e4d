// Judges each recorded quantity by what the program's own earlier quantities give: one pass through
// the table of the step.
import { log } from "../math/log.ts";
import type { AnyMatrix, RunTimeMatrix } from "../math/matrix.ts";
import { maxAbs } from "../math/max_abs.ts";
import { REPORT_SETTINGS } from "../network/report_settings.ts";
import {
  type ComputedSymbol,
  lazyStep,
  type MatrixSymbol,
  QUANTITIES,
  type ReplaceableSymbol,
  type RunTimeStep,
  STEP,
  type StepSymbol,
} from "../network/step.ts";
import type { Text } from "../text/layout.ts";
import { disturb, dot, greatestDifference, largestFinite, Noise } from "./agreement.ts";
import { type Cause, equationOf, findCauses, stepOf, type Suspect } from "./cause.ts";
import {
  type DumpReading,
  type KnownValues,
  multiplications,
  type Recorded,
  type StepDump,
  UNIT_ROUNDOFF,
} from "./dump.ts";
import { PARAMETERS } from "./assignment.ts";
import type { Change } from "./networks.ts";

/**
 * The judgement of one quantity.
 *
 * @category 7 Checks
 */
export interface JudgedQuantity {
  /** Its symbol in the table of the step. */
  readonly symbol: ComputedSymbol;
  /** Its name in the file; empty if it was not recorded. */
  readonly name: string;
  /** The recorded quantity that shows it, if it was not recorded itself. */
  readonly seenIn?: ComputedSymbol;
  /**
   * `ok`: right. `follows`: what the program's own earlier quantities give, of which one is wrong.
   * `wrong`: neither.
   */
  readonly status: "ok" | "follows" | "wrong";
  /** Whether it is what the program's own earlier quantities give. */
  readonly agrees: boolean;
  /**
   * The greatest difference from what the program's own earlier quantities give, relative to the
   * largest entry, of an update to the largest step; NaN if the shapes differ, infinite if that
   * entry is 0.
   */
  readonly error: number;
  /** The error up to which rounding explains a difference. */
  readonly tolerance: number;
  /** The wrong quantities that it is computed from. */
  readonly followsFrom: readonly ComputedSymbol[];
  /** The right-hand side that it is judged by, if it is not the table's. */
  readonly formula: string | undefined;
  /** What the program does otherwise than the table, and is right by. */
  readonly convention: Text | undefined;
  /** Why it is wrong: what fits best first. Several if they cannot be told apart. */
  readonly causes: readonly Cause[];
  /** What was recorded, in this project's layout; undefined if the shape does not fit. */
  readonly yours: AnyMatrix | undefined;
  /** What it should be. */
  readonly right: AnyMatrix;
  /** Whether the array in the file holds the transpose. */
  readonly transposed: boolean;
}

/** Samples of rounding errors, from which the tolerances follow: one is too small by chance. */
const SAMPLES = 2;

/** How many times the sampled errors a right program may have: 3,000 used 0.3 of it at most. */
const SAFETY = 24;

/** Rounding errors of a few operations, which samples of few entries may miss. */
const OPERATIONS = 12;

/** How much the errors of the whole step may exceed those of one equation. */
const WHOLE_STEP = 100;

/** Products of more multiplications have their rounding errors estimated, not sampled. */
const MAX_SAMPLED = 3e7;

/** The largest number that programs add to a probability, so that its logarithm is finite. */
const MAX_GUARD = 1.01e-6;

type Equations = { [Symbol in ComputedSymbol]?: (values: RunTimeStep) => RunTimeMatrix };

/** Results of equations by what they are computed from: the ways of reading a dump share most. */
export class Memo {
  readonly #results = new Map<string, { from: unknown[]; result: RunTimeMatrix }[]>();
  readonly #disturbed = new WeakMap<object, RunTimeMatrix[]>();
  readonly tolerances: WeakMap<object, number> = new WeakMap();
  readonly random: Noise = new Noise();
  readonly equations: Required<Equations> = Object.fromEntries(
    STEP.map(({ symbol }) => [symbol, (values: RunTimeStep) => this.compute(symbol, values)]),
  ) as Required<Equations>;

  compute(
    symbol: ComputedSymbol,
    values: RunTimeStep,
    key: string = symbol,
    finish = (matrix: RunTimeMatrix) => matrix,
  ): RunTimeMatrix {
    const from = QUANTITIES[symbol].from.map((one) => values[one]);
    const results = this.#results.get(key) ?? [];
    this.#results.set(key, results);
    const known = results.find((one) => one.from.every((value, i) => Object.is(value, from[i])));
    if (known !== undefined) return known.result;
    const result = finish(QUANTITIES[symbol].compute(values));
    results.push({ from, result });
    if (results.length > 6) results.shift();
    return result;
  }

  /** The samples of a recorded matrix, with rounding errors. */
  disturbed(matrix: RunTimeMatrix, unit: number): readonly RunTimeMatrix[] {
    const known = this.#disturbed.get(matrix) ??
      Array.from({ length: SAMPLES }, () => disturb(matrix, unit, this.random));
    this.#disturbed.set(matrix, known);
    return known;
  }
}

const knownRate = (value: number) => ({ value, inferred: false, uncertainty: 0 });

/** A learning rate, whether it was found from the update, and how much rounding may change it. */
type LearningRate = NonNullable<ReturnType<typeof chooseRate>>;

/** How to judge: with which equations instead of the table's, and what is known already. */
interface JudgeOptions {
  readonly changes: readonly Change[];
  readonly learningRate?: LearningRate | undefined;
  /** Whether to look for causes, and the quantities of the step before, if the file has two. */
  readonly explain?: boolean;
  readonly previous?: RunTimeStep | undefined;
  /** The number of disagreements beyond which the reading does not matter. */
  readonly limit?: number;
}

/** The judgement of each recorded quantity, in one reading of the dump. */
export class Judgement {
  readonly changes: readonly Change[];
  readonly changed: Equations = {};
  readonly equations: Required<Equations>;
  readonly unit: number;
  /** The program's own quantities: those that it recorded, and what mistakes make of others. */
  readonly given: KnownValues;
  /** The same with rounding errors. */
  readonly samples: { readonly given: KnownValues; own: RunTimeStep }[];
  declare own: RunTimeStep;
  declare right: RunTimeStep;
  readonly quantities: JudgedQuantity[] = [];
  /** Quantities that were not recorded but are known to be wrong, and by which one. */
  readonly blamed = new Map<StepSymbol, ComputedSymbol>();
  learningRate: LearningRate | undefined;
  /** How many quantities are not what the ones before them give. */
  disagreements = 0;

  constructor(
    readonly dump: StepDump,
    readonly reading: DumpReading,
    readonly memo: Memo,
    readonly options: JudgeOptions,
  ) {
    const { inputs, recorded } = reading, { changes, limit = Infinity } = options;
    this.changes = changes;
    this.equations = { ...memo.equations };
    // conventions multiply what networks compute
    const ordered = changes.toSorted((a, b) => +(a.kind < b.kind) - +(a.kind > b.kind));
    for (const [one, [equation]] of ordered.flatMap(({ equations }) => Object.entries(equations))) {
      const symbol = one as ComputedSymbol, right = this.equations[symbol];
      this.equations[symbol] = this.changed[symbol] = (values) => equation(values, right);
    }
    this.unit = UNIT_ROUNDOFF[dump.precision];
    this.given = { ...inputs };
    this.samples = Array.from({ length: SAMPLES }, () => {
      return { given: { labels: inputs.labels! }, own: {} as RunTimeStep };
    });
    for (const symbol of ["X", ...PARAMETERS] as const) {
      this.give(symbol, inputs[symbol]!, this.unit);
    }
    const known = dump.learningRate;
    this.learningRate = options.learningRate ?? (known === undefined ? known : knownRate(known));
    // mistakes before the update may need one
    this.giveRate(this.learningRate ?? knownRate(REPORT_SETTINGS.learningRate));
    this.restart();
    for (const { symbol, pass } of STEP) {
      const array = recorded.get(symbol);
      if (array === undefined || this.disagreements > limit) continue;
      if (pass === "update") this.learningRate ??= this.inferRate();
      const quantity = this.judge(symbol, array);
      this.quantities.push(quantity);
      if (!quantity.agrees) this.disagreements++;
    }
  }

  of(symbol: StepSymbol): JudgedQuantity | undefined {
    return this.quantities.find((one) => one.symbol === symbol);
  }

  judge(symbol: ComputedSymbol, recorded: Recorded): JudgedQuantity {
    const { name, readings, precision, data } = recorded, { changes, explain } = this.options;
    const unit = Math.max(UNIT_ROUNDOFF[precision], this.unit);
    let right = this.equations[symbol](this.own);
    if (symbol === "dW1" && this.blamed.has("X")) {
      // the images may be wrong in the forward pass only
      const values = Object.create(this.own, { X: { value: this.reading.inputs.X } });
      const plain = this.equations.dW1(values);
      if (leastDifference(recorded, plain) < leastDifference(recorded, right)) right = plain;
    }
    const absolute = this.tolerance(symbol, right, unit);
    // what an error is relative to: the largest entry, of an update the largest step
    const scale = largestFinite(stepOf({ symbol, own: this.own }, right)) || largestFinite(right);
    const guarded = this.guardedLoss(symbol, readings[0]?.matrix);
    const isGuarded = guarded !== undefined && leastDifference(recorded, right) > absolute &&
      leastDifference(recorded, guarded) <= absolute;
    if (isGuarded) right = guarded;
    // the reading that is closest; if none agrees, the first
    const differences = readings.map(({ matrix }) => greatestDifference(matrix, right));
    const least = Math.min(...differences), at = least <= absolute ? differences.indexOf(least) : 0;
    const difference = differences[at] ?? NaN;
    const { matrix, transposed = false } = readings[at] ?? {}, { from } = QUANTITIES[symbol];
    const change = changes.find(({ equations, ignored }) =>
      equations[symbol] !== undefined || ignored === symbol
    );
    const row = {
      ...{ symbol, name, right, yours: matrix, transposed, convention: change?.words },
      ...{ causes: [], formula: change?.equations[symbol]?.[1] },
      tolerance: scale === 0 ? 0 : absolute / scale,
      followsFrom: this.wrongAmong(isGuarded ? [...from, "P"] : from),
      error: difference && difference / scale,
    };
    if (matrix !== undefined && change?.ignored !== undefined) {
      return { ...row, status: "ok", agrees: true };
    }
    const agrees = difference <= absolute, isAfterWrong = row.followsFrom.length > 0;
    // what is right all the same matters once the reading and its conventions are chosen
    const isRight = explain === true && isAfterWrong && matrix !== undefined &&
      greatestDifference(matrix, this.right[symbol]) <= WHOLE_STEP * absolute;
    // of what follows from NaN nothing more can be said
    const isUnknown = isAfterWrong && matrix !== undefined && right.data.some(Number.isNaN);
    const follows = agrees || isUnknown ? "follows" : "wrong";
    const status = isRight || agrees && !isAfterWrong ? "ok" : follows;
    const judged = { ...row, agrees, status } as const;
    const causes = status === "wrong" && explain ? this.causes(judged, recorded) : [];
    // NumPy goes on with a single number in the place of a vector
    const given = matrix ?? (data.length === 1 ? right.map(() => data[0]!) : undefined);
    if (given !== undefined) this.give(symbol, given, unit);
    // the wrong loss of which a gradient is right, as one that autograd computes
    const namesOf = (causes: readonly Cause[] = []) =>
      causes.flatMap(({ mistakes }) => mistakes.map(({ id }) => id.replace(/^\w+/, "")));
    const loss = (["L", "E"] as const).find((loss) =>
      namesOf(this.of(loss)?.causes).some((name) => namesOf(causes).includes(name))
    );
    return { ...judged, causes, ...loss && { status: "follows", followsFrom: [loss] } };
  }

  /** The loss closest to a recorded one that a guard in the logarithm gives. */
  guardedLoss(symbol: ComputedSymbol, recorded: RunTimeMatrix | undefined) {
    if (symbol !== "L" && symbol !== "E" || this.changed.L !== undefined) return undefined;
    const { P, onehot } = this.own;
    const [least, most] = [[MAX_GUARD, 0], [0, MAX_GUARD]].map(([guard, clip]) => {
      const L = P.zip(onehot, (p, y) => y === 0 ? 0 : clip! - y * log(p + guard!)).columnSums;
      const values = Object.create(this.own, { L: { value: L } });
      return symbol === "L" ? L as unknown as RunTimeMatrix : this.equations.E(values);
    }) as [RunTimeMatrix, RunTimeMatrix];
    return recorded?.zip(least, Math.max).zip(most, Math.min);
  }

  /** The difference from a computed quantity that rounding explains. */
  tolerance(symbol: ComputedSymbol, computed: RunTimeMatrix, unit: number): number {
    const { memo, dump: { sizes } } = this;
    const known = symbol.endsWith("'") ? undefined : memo.tolerances.get(computed);
    if (known !== undefined) return known;
    const sampled = this.samples.map(({ own }) => {
      const sample = this.isLarge(symbol) ? computed : this.equations[symbol](own);
      return greatestDifference(disturb(sample, unit, memo.random, symbol, sizes), computed);
    }).filter(Number.isFinite);
    const tolerance = SAFETY * Math.max(0, ...sampled) +
      OPERATIONS * unit * largestFinite(computed);
    memo.tolerances.set(computed, tolerance);
    return tolerance;
  }

  isLarge(symbol: StepSymbol): boolean {
    return (symbol === "A1" || symbol === "dW1") && multiplications(this.dump.sizes) > MAX_SAMPLED;
  }

  /** The wrong ones of some quantities and of those they are computed from, in the step's order. */
  wrongAmong(symbols: readonly StepSymbol[]): ComputedSymbol[] {
    const found = new Set(symbols.flatMap((before): readonly ComputedSymbol[] => {
      const quantity = this.of(before), blamed = this.blamed.get(before);
      if (quantity?.status === "wrong") return [quantity.symbol];
      if (blamed !== undefined) return [blamed];
      if (quantity === undefined) return this.wrongAmong(QUANTITIES[before].from);
      return quantity.status === "follows" ? quantity.followsFrom : [];
    }));
    return STEP.map(({ symbol }) => symbol).filter((symbol) => found.has(symbol));
  }

  /** Finds the causes, and takes quantities that were not recorded as the best of them has them. */
  causes(judged: JudgedQuantity, { shape, data, readings }: Recorded): readonly Cause[] {
    const { dump: { sizes, precision }, own, given, changed, options: { previous } } = this;
    const { symbol, tolerance, error, yours } = judged;
    const order = STEP.map(({ symbol }) => symbol);
    const later = order.slice(order.indexOf(symbol) + 1).flatMap((symbol) => {
      const { readings = [] } = this.reading.recorded.get(symbol) ?? {};
      return readings.length > 0 ? [[symbol, readings.map(({ matrix }) => matrix)] as const] : [];
    });
    const suspect: Suspect = {
      ...{ symbol, sizes, precision, tolerance, error, shape, data, changed, own, given },
      ...{ later, previous, rateIsKnown: this.learningRate !== undefined },
      right: judged.right as RunTimeMatrix,
      candidates: readings.map(({ matrix }) => matrix)
        .toSorted((a, b) => +(b === yours) - +(a === yours)),
    };
    const causes = findCauses(suspect), [{ made }] = causes as [Cause];
    // the search has asked for quantities that are not yet given
    this.own = lazyStep(this.given, this.equations);
    if (made !== undefined && made.quantity !== symbol) {
      const matrix = made.compute(this.own, equationOf(this, made.quantity));
      if (matrix) this.blame(symbol, made.quantity, matrix as RunTimeMatrix);
    }
    return causes;
  }

  /** Takes a quantity before a wrong one as the mistake that explains it has it. */
  blame(symbol: ComputedSymbol, quantity: ReplaceableSymbol, matrix: RunTimeMatrix): void {
    this.blamed.set(quantity, symbol);
    this.give(quantity, matrix, this.unit);
    this.restart();
  }

  /** Forgets what was computed of the quantities that are given. */
  restart(): void {
    const { dump: { sizes }, memo, unit, equations, changed } = this;
    this.own = lazyStep(this.given, equations);
    this.samples.forEach((sample, i) => {
      const disturbed = STEP.map(({ symbol }) => {
        const finish = (matrix: RunTimeMatrix) => disturb(matrix, unit, memo.random, symbol, sizes);
        const compute = (values: RunTimeStep) =>
          this.isLarge(symbol)
            ? finish(this.own[symbol])
            : changed[symbol] !== undefined
            ? finish(equations[symbol](values))
            : memo.compute(symbol, values, `${symbol} ${i}`, finish);
        return [symbol, compute] as const;
      });
      sample.own = lazyStep(sample.given, Object.fromEntries(disturbed));
    });
  }

  give(symbol: MatrixSymbol, matrix: RunTimeMatrix, unit: number): void {
    this.given[symbol] = matrix;
    // many are never asked for, such as those of the parameters after the step
    this.samples.forEach(({ given }, i) => {
      const get = () => this.memo.disturbed(matrix, unit)[i];
      Object.defineProperty(given, symbol, { get, configurable: true, enumerable: true });
    });
  }

  giveRate({ value, uncertainty }: LearningRate): void {
    this.given.η = value;
    this.right = lazyStep({ ...this.reading.inputs, η: value }, this.equations);
    this.samples.forEach(({ given }, i) => given.η = value + (i % 2 ? -1 : 1) * uncertainty);
  }

  /** The learning rate by which the parameters changed along gradients, if one update is right. */
  inferRate(): LearningRate | undefined {
    const rates = PARAMETERS.flatMap((symbol) => {
      const { readings = [] } = this.reading.recorded.get(`${symbol}'`) ?? {};
      if (readings.length === 0) return [];
      const before = this.own[symbol], gradient = this.own[`d${symbol}`];
      // the step of the rate 1, which a convention may divide by B
      const after = this.equations[`${symbol}'`](
        { [symbol]: before, [`d${symbol}`]: gradient, η: 1 } as unknown as RunTimeStep,
      );
      const step = before.zip(after, (before, after) => before - after);
      const differences = this.samples.map(({ own }) =>
        greatestDifference(own[`d${symbol}`], gradient)
      ).filter(Number.isFinite);
      const error = SAFETY * Math.max(0, ...differences) * largestFinite(step) /
        (largestFinite(gradient) || 1);
      return readings.map(({ matrix }) => rateOf(before, step, matrix, error, this.unit));
    });
    const rate = chooseRate(rates);
    if (rate !== undefined) this.giveRate(rate);
    return rate;
  }
}

function leastDifference({ readings }: Recorded, computed: RunTimeMatrix): number {
  return Math.min(...readings.map(({ matrix }) => greatestDifference(matrix, computed)));
}

/** The rounding errors of an update, in units of a single operation. */
const ROUNDING_ERRORS = 4;

/** The rate by which parameters changed along their gradient, and whether they did to rounding. */
function rateOf(
  before: RunTimeMatrix,
  gradient: RunTimeMatrix,
  after: RunTimeMatrix,
  gradientError: number,
  unit: number,
) {
  const step = before.zip(after, (before, after) => before - after);
  const rate = dot(step.data, gradient.data) / dot(gradient.data, gradient.data);
  const bound = ROUNDING_ERRORS * unit * Math.max(maxAbs(before.data), maxAbs(after.data)) +
    Math.abs(rate) * gradientError;
  const uncertainty = bound / maxAbs(gradient.data);
  const fits = Number.isFinite(uncertainty) && step.data.some((x) => x !== 0) &&
    step.data.every((x, i) => Math.abs(x - rate * gradient.data[i]!) <= bound);
  return { rate, uncertainty, fits };
}

type Rate = ReturnType<typeof rateOf>;

/** The rate of most parameters: an update with a mistake has a rate of its own. */
function chooseRate(rates: readonly Rate[]) {
  const fitting = rates.filter(({ fits }) => fits)
    .toSorted((a, b) => a.uncertainty - b.uncertainty);
  const agreeing = (a: Rate) =>
    fitting.filter((b) => Math.abs(a.rate - b.rate) <= 2 * (a.uncertainty + b.uncertainty)).length;
  const [best] = fitting.toSorted((a, b) => agreeing(b) - agreeing(a));
  if (best === undefined) return undefined;
  const round = [1, 2, 3].map((digits) => Number(best.rate.toPrecision(digits)))
    .find((round) => Math.abs(round - best.rate) <= 2 * best.uncertainty);
  const value = Math.abs(round ?? best.rate);
  return { value, inferred: true, uncertainty: 3 * best.uncertainty };
}
