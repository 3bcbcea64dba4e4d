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
import type { Cause, Suspect } from "./cause.ts";
import { findCauses } from "./differences.ts";
import {
  type DumpReading,
  type KnownValues,
  multiplications,
  type Precision,
  type Recorded,
  type StepDump,
  UNIT_ROUNDOFF,
} from "./dump.ts";
import { PARAMETERS } from "./names.ts";
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
  /** The precision of its numbers. */
  readonly precision: Precision;
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

/** The judgement of a dump in one of its readings, with some equations changed. */
export interface Judgement {
  readonly quantities: readonly JudgedQuantity[];
  /** If it is known, or a right update was recorded. */
  readonly learningRate: LearningRate | undefined;
  /** The number of quantities that are not what the ones before them give. */
  readonly disagreements: number;
  /** The program's own quantities; those of them that are known, inputs too. */
  readonly own: RunTimeStep;
  readonly given: Readonly<KnownValues>;
  readonly reading: DumpReading;
  readonly changes: readonly Change[];
}

/** A learning rate, whether it was found from the update, and how much rounding may change it. */
interface LearningRate {
  readonly value: number;
  readonly inferred: boolean;
  readonly uncertainty: number;
}

/** How to judge. */
export interface JudgeOptions {
  /** Equations that are not the table's. */
  readonly changes?: readonly Change[];
  /** Whether to look for causes. */
  readonly explain?: boolean;
  readonly learningRate?: LearningRate | undefined;
  /** The number of disagreements beyond which the reading does not matter. */
  readonly limit?: number;
  /** The quantities of the step before, if the file has two. */
  readonly previous?: RunTimeStep | undefined;
}

/** Samples of rounding errors, from which the tolerances follow. */
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

/** The equations that some changes make, instead of the table's. */
export function changedEquations(changes: readonly Change[], { equations: table }: Memo) {
  const changed: Equations = {};
  for (const [one, equation] of changes.flatMap(({ equations }) => Object.entries(equations))) {
    const symbol = one as ComputedSymbol, right = changed[symbol] ?? table[symbol];
    changed[symbol] = (values) => equation(values, right);
  }
  return changed;
}

/** Judges each recorded quantity, in one reading of the dump. */
export function judge(
  dump: StepDump,
  reading: DumpReading,
  memo: Memo,
  options: JudgeOptions = {},
): Judgement {
  return new Judge(dump, reading, memo, options).judgement();
}

class Judge {
  readonly changes: readonly Change[];
  readonly changed: Equations;
  readonly equations: Required<Equations>;
  /** The program's own quantities: those that it recorded, and what mistakes make of others. */
  readonly given: KnownValues;
  own: RunTimeStep;
  /** The same with rounding errors. */
  readonly samples: { readonly given: KnownValues; own: RunTimeStep }[];
  readonly rightGiven: KnownValues;
  readonly right: RunTimeStep;
  readonly quantities = new Map<StepSymbol, JudgedQuantity>();
  /** Quantities that were not recorded but are known to be wrong, and by which one. */
  readonly blamed = new Map<StepSymbol, ComputedSymbol>();
  rate: LearningRate | undefined;
  readonly unit: number;

  constructor(
    readonly dump: StepDump,
    readonly reading: DumpReading,
    readonly memo: Memo,
    readonly options: JudgeOptions,
  ) {
    const { inputs } = reading, { learningRate: value = REPORT_SETTINGS.learningRate } = dump;
    this.changes = options.changes ?? [];
    this.changed = changedEquations(this.changes, memo);
    this.equations = { ...memo.equations, ...this.changed };
    this.unit = UNIT_ROUNDOFF[dump.precision];
    this.rate = options.learningRate;
    // mistakes before the update may need one
    const rate = this.rate ?? { value, inferred: false, uncertainty: 0 };
    this.given = { ...inputs };
    this.rightGiven = { ...inputs };
    this.right = lazyStep(this.rightGiven, this.equations);
    this.samples = Array.from({ length: SAMPLES }, () => {
      const given: KnownValues = { labels: inputs.labels! };
      return { given, own: this.right };
    });
    for (const symbol of ["X", ...PARAMETERS] as const) {
      this.give(symbol, inputs[symbol]!, this.unit);
    }
    this.own = this.right;
    this.giveRate(rate);
    this.restart();
  }

  judgement(): Judgement {
    const { dump: { learningRate }, reading, given, changes, quantities } = this;
    for (const { symbol, pass } of STEP) {
      const recorded = reading.recorded.get(symbol);
      if (recorded === undefined) continue;
      if (pass === "update" && this.rate === undefined) {
        this.rate = learningRate === undefined
          ? this.inferRate(this.own) ?? this.inferRate(this.right)
          : { value: learningRate, inferred: false, uncertainty: 0 };
        if (this.rate !== undefined) this.giveRate(this.rate);
      }
      quantities.set(symbol, this.judge(symbol, recorded));
      if (this.disagreements > (this.options.limit ?? Infinity)) break;
    }
    return {
      ...{ quantities: [...quantities.values()], disagreements: this.disagreements },
      ...{ learningRate: this.rate, own: this.own, given, reading, changes },
    };
  }

  get disagreements(): number {
    return [...this.quantities.values()].filter(({ agrees }) => !agrees).length;
  }

  judge(symbol: ComputedSymbol, recorded: Recorded): JudgedQuantity {
    const { name, readings, precision } = recorded;
    let right = this.equations[symbol](this.own);
    if (symbol === "dW1" && this.blamed.has("X")) {
      // the images may be wrong in the forward pass only
      const X = this.reading.inputs.X!, values = Object.create(this.own, { X: { value: X } });
      const plain = this.equations.dW1(values);
      const errorOf = (matrix: RunTimeMatrix) =>
        Math.min(...readings.map((one) => greatestDifference(one.matrix, matrix)));
      if (errorOf(plain) < errorOf(right)) right = plain;
    }
    const unit = Math.max(UNIT_ROUNDOFF[precision], this.unit);
    const absolute = this.tolerance(symbol, right, unit), scale = this.scaleOf(symbol, right);
    const tolerance = scale === 0 ? 0 : absolute / scale;
    const change = this.changes.find(({ equations, ignored }) =>
      equations[symbol] !== undefined || ignored?.symbol === symbol
    );
    const read = readings.map((one) => {
      return { ...one, difference: greatestDifference(one.matrix, right) };
    });
    const closest = read.toSorted((a, b) => a.difference - b.difference)
      .find(({ difference }) => difference <= absolute) ?? read[0];
    const isGuarded = closest !== undefined && closest.difference > absolute &&
      this.isGuardedLoss(symbol, closest.matrix, right, absolute);
    const { from } = QUANTITIES[symbol];
    const row = {
      ...{ symbol, name, tolerance, precision, right, convention: change?.words, causes: [] },
      followsFrom: this.wrongAmong(isGuarded ? [...from, "P"] : from),
      formula: isGuarded ? GUARDED[symbol as "E"] : change?.formulas[symbol],
    };
    if (closest === undefined) {
      const causes = this.causes(symbol, recorded, right, tolerance, NaN);
      // NumPy goes on with a single number in the place of a vector
      if (recorded.data.length === 1) this.give(symbol, right.map(() => recorded.data[0]!), unit);
      const none = { yours: undefined, transposed: false, error: NaN };
      return { ...row, ...none, status: "wrong", agrees: false, causes };
    }
    const { matrix, difference, transposed } = closest;
    const error = difference === 0 ? 0 : difference / scale;
    const found = { ...row, yours: matrix, transposed, error };
    if (change?.ignored !== undefined) {
      const later = change.ignored.value?.();
      if (later === undefined) return { ...found, status: "ok", agrees: true };
      const fresh = greatestDifference(matrix, later), largest = largestFinite(later);
      const agrees = fresh <= WHOLE_STEP * (absolute + SAFETY * unit * largest);
      const status = agrees ? "ok" : "wrong";
      return { ...found, right: later, error: fresh / largest, status, agrees };
    }
    const agrees = difference <= absolute || isGuarded, isAfterWrong = row.followsFrom.length > 0;
    // what is right all the same matters once the reading and its conventions are chosen
    const isRight = isAfterWrong && this.options.explain === true &&
      greatestDifference(matrix, this.right[symbol]) <= WHOLE_STEP * absolute;
    // of what follows from NaN nothing more can be said
    const isUnknown = isAfterWrong && right.data.some(Number.isNaN);
    const status = isRight || agrees && !isAfterWrong
      ? "ok"
      : agrees || isUnknown
      ? "follows"
      : "wrong";
    const causes = status === "wrong"
      ? this.causes(symbol, recorded, right, tolerance, error, matrix)
      : [];
    this.give(symbol, matrix, unit);
    const loss = this.lossBehind(causes), judged = { ...found, agrees, causes };
    return loss === undefined
      ? { ...judged, status }
      : { ...judged, status: "follows", followsFrom: [loss] };
  }

  /** The wrong loss of which a gradient is right, as one that autograd computes. */
  lossBehind(causes: readonly Cause[]): ComputedSymbol | undefined {
    const namesOf = (causes: readonly Cause[]) =>
      causes.flatMap(({ mistakes }) => mistakes.map(({ id }) => id.replace(/^\w+\//, "")));
    const names = namesOf(causes);
    return (["L", "E"] as const).find((loss) =>
      namesOf(this.quantities.get(loss)?.causes ?? []).some((name) => names.includes(name))
    );
  }

  /** What an error is relative to: the largest entry, of an update the largest step. */
  scaleOf(symbol: ComputedSymbol, right: RunTimeMatrix): number {
    if (!symbol.endsWith("'")) return largestFinite(right);
    const before = this.own[symbol.slice(0, -1) as "W1"];
    const step = right.zip(before, (after, before) => after - before);
    return largestFinite(step) || largestFinite(right);
  }

  /** Whether it is a loss with a guard of at most 1e-6 in its logarithm, or a sum of such. */
  isGuardedLoss(
    symbol: ComputedSymbol,
    matrix: RunTimeMatrix,
    right: RunTimeMatrix,
    absolute: number,
  ): boolean {
    if (symbol !== "L" && symbol !== "E") return false;
    // of another loss; a program with smoothed labels may show the plain one
    const isOther = ({ id, equations }: Change) => equations.L && id !== "label smoothing";
    const { P, onehot } = this.own;
    if (this.changes.some(isOther) || !onehot.data.every((y) => y >= 0)) return false;
    const losses = (ε: number) =>
      P.zip(onehot, (p, y) => y === 0 ? 0 : -y * log(p + ε)).columnSums.data;
    const least = losses(MAX_GUARD), most = losses(0);
    const isBetween = (loss: number, least: number, most: number, slack: number) =>
      loss >= least - slack && loss <= most + MAX_GUARD + slack;
    if (symbol === "L") {
      return matrix.data.every((loss, i) => isBetween(loss, least[i]!, most[i]!, absolute));
    }
    // a loss that is a sum is judged as the mean
    const factor = this.changed.E === undefined
      ? 1
      : right.data[0]! / this.memo.compute("E", this.own).data[0]!;
    const mean = (losses: Float64Array) =>
      losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
    return isBetween(
      matrix.data[0]! / factor,
      mean(least),
      mean(most),
      absolute / Math.abs(factor),
    );
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
      const quantity = this.quantities.get(before), blamed = this.blamed.get(before);
      if (quantity?.status === "wrong") return [quantity.symbol];
      if (blamed !== undefined) return [blamed];
      if (quantity === undefined) return this.wrongAmong(QUANTITIES[before].from);
      return quantity.status === "follows" ? quantity.followsFrom : [];
    }));
    return STEP.map(({ symbol }) => symbol).filter((symbol) => found.has(symbol));
  }

  /** Finds the causes, and takes quantities that were not recorded as the best of them has them. */
  causes(
    symbol: ComputedSymbol,
    { shape, data, readings }: Recorded,
    right: RunTimeMatrix,
    tolerance: number,
    error: number,
    closest?: RunTimeMatrix,
  ): readonly Cause[] {
    if (!this.options.explain) return [];
    const { dump: { sizes, precision }, own, given, changed, options: { previous } } = this;
    const order = STEP.map(({ symbol }) => symbol);
    const later = order.slice(order.indexOf(symbol) + 1).flatMap((symbol) => {
      const matrices = this.reading.recorded.get(symbol)?.readings.map(({ matrix }) => matrix) ??
        [];
      return matrices.length > 0 ? [[symbol, matrices] as const] : [];
    });
    const suspect: Suspect = {
      ...{ symbol, sizes, precision, right, tolerance, error, shape, data, changed, own, given },
      candidates: readings.map(({ matrix }) => matrix)
        .toSorted((a, b) => +(b === closest) - +(a === closest)),
      ...{ later, previous, rateIsKnown: this.rate !== undefined },
    };
    const causes = findCauses(suspect);
    // the search has asked for quantities that are not yet given
    this.own = lazyStep(this.given, this.equations);
    const [{ mistakes, made }] = causes as [Cause];
    if (made !== undefined) this.blame(symbol, made.in, made.matrix);
    for (const { quantity, compute } of mistakes) {
      const matrix = quantity === symbol ? undefined : compute(this.own);
      if (matrix !== undefined) this.blame(symbol, quantity, matrix);
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
    const samples = this.memo.disturbed(matrix, unit);
    this.samples.forEach(({ given }, i) => given[symbol] = samples[i]!);
  }

  giveRate({ value, uncertainty }: LearningRate): void {
    for (const values of [this.given, this.rightGiven]) values.η = value;
    for (const [i, { given }] of this.samples.entries()) {
      given.η = value + (i % 2 === 0 ? uncertainty : -uncertainty);
    }
  }

  /** The learning rate by which the parameters changed along gradients, if one update is right. */
  inferRate(values: RunTimeStep): LearningRate | undefined {
    const rates = PARAMETERS.flatMap((symbol) => {
      const readings = this.reading.recorded.get(`${symbol}'`)?.readings ?? [];
      if (readings.length === 0) return [];
      const before = this.own[symbol], gradient = values[`d${symbol}`];
      // the step of the rate 1, which a convention may divide by B
      const after = this.equations[`${symbol}'`](
        { [symbol]: before, [`d${symbol}`]: gradient, η: 1 } as unknown as RunTimeStep,
      );
      const step = before.zip(after, (before, after) => before - after);
      const differences = this.samples.map(({ own }) =>
        greatestDifference(own[`d${symbol}`], this.own[`d${symbol}`])
      ).filter(Number.isFinite);
      const error = SAFETY * Math.max(0, ...differences) * largestFinite(step) /
        (largestFinite(gradient) || 1);
      return readings.map(({ matrix }) => rateOf(before, step, matrix, error, this.unit));
    });
    return chooseRate(rates, this.dump.sizes.B);
  }
}

/** The right-hand sides of losses with a guard in the logarithm. */
const GUARDED = { L: "-Σ_k onehot ln(P + ε)", E: "-Σ_i Σ_k onehot ln(P + ε) / B" };

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

/** The rate of most parameters: the report's, or one that makes others mistakes. */
function chooseRate(rates: readonly ReturnType<typeof rateOf>[], B: number) {
  const possible = rates.filter(({ fits }) => fits);
  const clear = possible.filter(({ rate, uncertainty }) => Math.abs(rate) > 2 * uncertainty);
  // a step of the size of the rounding errors has a rate that is not much more than 0
  const fitting = clear.length > 0 ? clear : possible;
  type Rate = typeof fitting[number];
  const agree = (a: Rate, b: Rate) =>
    Math.abs(a.rate - b.rate) <= 2 * (a.uncertainty + b.uncertainty);
  const explained = ({ rate: r }: Rate) =>
    [r * r, 1, 2 * r, 1 / r, r / B, r * B].flatMap((mistaken) =>
      fitting.filter(({ rate, uncertainty }) =>
        Math.abs(rate - mistaken) <= 1e-6 * mistaken + 2 * uncertainty
      )
    ).length;
  const preferences: readonly ((one: Rate) => number)[] = [
    // an update with a mistake has a rate of its own
    (one) => fitting.filter((other) => agree(one, other)).length,
    (one) => +agree(one, { rate: REPORT_SETTINGS.learningRate, uncertainty: 0, fits: true }),
    explained,
    ({ rate }) => +(rate > 0),
    ({ uncertainty }) => -uncertainty,
  ];
  const [chosen] = fitting.toSorted((a, b) =>
    preferences.map((of) => of(b) - of(a)).find((difference) => difference !== 0) ?? 0
  );
  if (chosen === undefined) return undefined;
  const [best] = fitting.filter((one) => agree(one, chosen))
    .toSorted((a, b) => a.uncertainty - b.uncertainty) as [Rate];
  const round = [1, 2, 3].map((digits) => Number(best.rate.toPrecision(digits)))
    .find((round) => Math.abs(round - best.rate) <= 2 * best.uncertainty);
  const value = Math.abs(round ?? best.rate);
  return { value, inferred: true, uncertainty: 3 * best.uncertainty };
}
