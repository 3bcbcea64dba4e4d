// Judges each recorded quantity by what the program's own earlier quantities give: one pass through
// the table of the step.
import type { AnyMatrix, RunTimeMatrix } from "../math/matrix.ts";
import { exp } from "../math/exp.ts";
import { log } from "../math/log.ts";
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
import { significantDigits } from "../text/numbers.ts";
import type { Text } from "../text/layout.ts";
import {
  disturb,
  dot,
  greatestDifference,
  largestFinite,
  Noise,
  relativeError,
} from "./agreement.ts";
import type { Cause, Suspect } from "./cause.ts";
import type { Change } from "./networks.ts";
import { findCauses } from "./differences.ts";
import {
  type DumpReading,
  type KnownValues,
  multiplications,
  type Precision,
  type Reading,
  type Recorded,
  type StepDump,
  UNIT_ROUNDOFF,
} from "./dump.ts";

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

/** The judgement of a dump in one of its readings. */
export interface Judgement {
  /** The recorded quantities in the order of the step. */
  readonly quantities: readonly JudgedQuantity[];
  /** The learning rate, if it is known or a right update was recorded. */
  readonly learningRate: LearningRate | undefined;
  /** The number of quantities that are not what the ones before them give. */
  readonly disagreements: number;
  /** The program's own quantities: recorded, or computed from those. */
  readonly own: RunTimeStep;
  /** Those that are known: the inputs, and what was recorded. */
  readonly given: Readonly<KnownValues>;
  readonly reading: DumpReading;
  readonly changes: readonly Change[];
}

/** A learning rate. */
export interface LearningRate {
  readonly value: number;
  /** Whether it was found from the update. */
  readonly inferred: boolean;
  /** How much rounding may have changed it. */
  readonly uncertainty: number;
}

/** How to judge. */
export interface JudgeOptions {
  /** Equations that are not the table's. */
  readonly changes?: readonly Change[];
  /** Whether to look for causes. */
  readonly explain?: boolean;
  /** The learning rate, if it is known already. */
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

/** Results of equations by what they are computed from: the ways of reading a dump share most. */
export class Memo {
  readonly #results = new Map<
    string,
    { readonly from: unknown[]; readonly result: RunTimeMatrix }[]
  >();
  readonly #disturbed = new WeakMap<object, RunTimeMatrix[]>();
  readonly tolerances: WeakMap<object, number> = new WeakMap();
  readonly random: Noise = new Noise();

  compute(
    symbol: ComputedSymbol,
    values: RunTimeStep,
    key: string = symbol,
    finish: (matrix: RunTimeMatrix) => RunTimeMatrix = (matrix) => matrix,
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
    const known = this.#disturbed.get(matrix);
    if (known !== undefined) return known;
    const samples = Array.from({ length: SAMPLES }, () => disturb(matrix, unit, this.random));
    this.#disturbed.set(matrix, samples);
    return samples;
  }
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

type Equation = (values: RunTimeStep) => RunTimeMatrix;

/** A recorded quantity in the reading that fits best. */
interface Closest extends Reading {
  readonly difference: number;
}

class Judge {
  readonly #dump: StepDump;
  readonly #reading: DumpReading;
  readonly #memo: Memo;
  readonly #options: JudgeOptions;
  readonly #changes: readonly Change[];
  readonly #equations: Readonly<Record<ComputedSymbol, Equation>>;
  /** The program's own quantities: those that it recorded, and what mistakes make of others. */
  readonly #given: KnownValues;
  #own: RunTimeStep;
  /** The same with rounding errors. */
  readonly #samples: { readonly given: KnownValues; own: RunTimeStep }[];
  /** The right quantities. */
  readonly #rightGiven: KnownValues;
  readonly #right: RunTimeStep;
  readonly #quantities = new Map<StepSymbol, JudgedQuantity>();
  /** Quantities that were not recorded but are known to be wrong, and by which one. */
  readonly #blamed = new Map<StepSymbol, ComputedSymbol>();
  #learningRate: LearningRate | undefined;
  #disagreements = 0;

  constructor(dump: StepDump, reading: DumpReading, memo: Memo, options: JudgeOptions) {
    this.#dump = dump;
    this.#reading = reading;
    this.#memo = memo;
    this.#options = options;
    this.#changes = options.changes ?? [];
    this.#learningRate = options.learningRate;
    this.#equations = Object.fromEntries(
      STEP.map(({ symbol }) => [symbol, this.#equationOf(symbol)]),
    ) as Record<ComputedSymbol, Equation>;
    const { inputs } = reading;
    this.#given = { ...inputs };
    this.#own = lazyStep(this.#given, this.#equations);
    this.#rightGiven = { ...inputs };
    this.#right = lazyStep(this.#rightGiven, this.#equations);
    this.#samples = Array.from({ length: SAMPLES }, (_, i) => {
      const given: KnownValues = { labels: inputs.labels! };
      return { given, own: this.#sample(given, i) };
    });
    for (const symbol of ["X", "W1", "b1", "W2", "b2"] as const) {
      this.#give(symbol, inputs[symbol]!, UNIT_ROUNDOFF[dump.precision]);
    }
    // mistakes before the update may need one
    this.#giveRate(options.learningRate ?? knownRate(dump));
  }

  judgement(): Judgement {
    for (const { symbol, pass } of STEP) {
      const recorded = this.#reading.recorded.get(symbol);
      if (recorded === undefined) continue;
      if (pass === "update" && this.#learningRate === undefined) {
        this.#learningRate = this.#inferRate();
        if (this.#learningRate !== undefined) this.#giveRate(this.#learningRate);
      }
      this.#quantities.set(symbol, this.#judge(symbol, recorded));
      if (this.#disagreements > (this.#options.limit ?? Infinity)) break;
    }
    return {
      quantities: [...this.#quantities.values()],
      learningRate: this.#learningRate,
      disagreements: this.#disagreements,
      own: this.#own,
      given: this.#given,
      reading: this.#reading,
      changes: this.#changes,
    };
  }

  /** The equation of a quantity, with the changes made in it. */
  #equationOf(symbol: ComputedSymbol): Equation {
    const table: Equation = (values) => this.#memo.compute(symbol, values);
    return this.#changes.flatMap(({ equations }) => equations[symbol] ?? [])
      .reduce((right: Equation, change) => (values) => change(values, right), table);
  }

  #judge(symbol: ComputedSymbol, recorded: Recorded): JudgedQuantity {
    const { name, readings, precision } = recorded;
    let right = this.#equations[symbol](this.#own);
    if (symbol === "dW1" && this.#blamed.has("X")) {
      // the images may be wrong in the forward pass only
      const X = this.#reading.inputs.X!, values = Object.create(this.#own, { X: { value: X } });
      const plain = this.#equations.dW1(values);
      const errorOf = (matrix: RunTimeMatrix) =>
        Math.min(...readings.map((one) => greatestDifference(one.matrix, matrix)));
      if (errorOf(plain) < errorOf(right)) right = plain;
    }
    const unit = Math.max(UNIT_ROUNDOFF[precision], UNIT_ROUNDOFF[this.#dump.precision]);
    const absolute = this.#tolerance(symbol, right, unit);
    const scale = this.#scaleOf(symbol, right), tolerance = scale === 0 ? 0 : absolute / scale;
    const closest = closestOf(readings, right, absolute);
    const changed = this.#changes.find(({ equations, ignored }) =>
      equations[symbol] !== undefined || ignored?.symbol === symbol
    );
    const guarded = closest && this.#guardedLoss(symbol, closest, right, absolute);
    const formula = guarded ?? changed?.formulas[symbol];
    const from = QUANTITIES[symbol].from;
    const followsFrom = this.#wrongAmong(guarded === undefined ? from : [...from, "P"]);
    const convention = changed?.words;
    const judged = { symbol, name, tolerance, precision, followsFrom, formula, convention, right };
    if (closest === undefined) {
      this.#disagreements++;
      const causes = this.#causes(symbol, recorded, right, tolerance, NaN);
      // NumPy goes on with a single number in the place of a vector
      if (recorded.data.length === 1) this.#give(symbol, right.map(() => recorded.data[0]!), unit);
      const none = { yours: undefined, transposed: false };
      return { ...judged, ...none, status: "wrong", agrees: false, error: NaN, causes };
    }
    const { matrix, difference, transposed } = closest;
    const error = difference === 0 ? 0 : difference / scale;
    const row = { ...judged, yours: matrix, transposed, error, causes: [] };
    if (changed?.ignored !== undefined) {
      const later = changed.ignored.value?.();
      if (later === undefined) return { ...row, status: "ok", agrees: true };
      const fresh = greatestDifference(matrix, later);
      const agrees = fresh <= WHOLE_STEP * (absolute + SAFETY * unit * largestFinite(later));
      if (!agrees) this.#disagreements++;
      const error = fresh / largestFinite(later);
      return { ...row, right: later, error, status: agrees ? "ok" : "wrong", agrees };
    }
    const agrees = difference <= absolute || guarded !== undefined;
    if (!agrees) this.#disagreements++;
    // what is right all the same matters once the reading and its conventions are chosen
    const isRight = () => this.#options.explain === true && this.#isRight(symbol, matrix, absolute);
    const status = agrees
      ? followsFrom.length > 0 && !isRight() ? "follows" : "ok"
      : followsFrom.length > 0 && isRight()
      ? "ok"
      // of what follows from NaN nothing more can be said
      : followsFrom.length > 0 && right.data.some(Number.isNaN)
      ? "follows"
      : "wrong";
    const causes = status === "wrong"
      ? this.#causes(symbol, recorded, right, tolerance, error, matrix)
      : [];
    this.#give(symbol, matrix, unit);
    const loss = this.#lossBehind(causes);
    if (loss !== undefined) {
      return { ...row, status: "follows", agrees, causes, followsFrom: [loss] };
    }
    return { ...row, status, agrees, causes };
  }

  /** The wrong loss of which a gradient is right, as one that autograd computes. */
  #lossBehind(causes: readonly Cause[]): ComputedSymbol | undefined {
    const namesOf = ({ mistakes }: Cause) => mistakes.map(({ id }) => id.replace(/^\w+\//, ""));
    const names = causes.flatMap(namesOf);
    return (["L", "E"] as const).find((loss) =>
      this.#quantities.get(loss)?.status === "wrong" &&
      this.#quantities.get(loss)!.causes.some((one) =>
        namesOf(one).some((name) => names.includes(name))
      )
    );
  }

  /** What an error is relative to: the largest entry, of an update the largest step. */
  #scaleOf(symbol: ComputedSymbol, right: RunTimeMatrix): number {
    if (!symbol.endsWith("'")) return largestFinite(right);
    const before = this.#own[symbol.slice(0, -1) as "W1"];
    const step = right.zip(before, (after, before) => after - before);
    return largestFinite(step) || largestFinite(right);
  }

  /** The equation of a loss with a guard in its logarithm; undefined if it is not that. */
  #guardedLoss(
    symbol: ComputedSymbol,
    { matrix, difference }: Closest,
    right: RunTimeMatrix,
    absolute: number,
  ): string | undefined {
    if (symbol !== "L" && symbol !== "E" || difference <= absolute) return undefined;
    // of another loss; a program with smoothed labels may show the plain one
    if (this.#changes.some(({ id, equations }) => equations.L && id !== "label smoothing")) {
      return undefined;
    }
    const { P, onehot } = this.#own, B = this.#dump.sizes.B;
    if (!onehot.data.every((y) => y >= 0)) return undefined;
    const losses = (ε: number) =>
      P.zip(onehot, (p, y) => y === 0 ? 0 : -y * log(p + ε)).columnSums.data;
    const guard = (ε: number) =>
      ε > 1e-17 && ε <= MAX_GUARD ? `ln(P + ${significantDigits(ε, 1)})` : "ln P";
    const [least, most] = [losses(MAX_GUARD), losses(0)];
    if (symbol === "L") {
      const isNear = (loss: number, i: number) =>
        loss >= least[i]! - absolute && loss <= most[i]! + MAX_GUARD + absolute;
      if (!matrix.data.every(isNear)) return undefined;
      // of the example with the largest loss
      const i = matrix.data.reduce((a, loss, i) => loss > matrix.data[a]! ? i : a, 0);
      const ε = exp(-matrix.data[i]!) - exp(-most[i]!);
      const isSum = relativeError(matrix, { ...matrix, data: losses(ε) }) <= 1e-9;
      return `-Σ_k onehot ${guard(isSum ? ε : 0)}`;
    }
    // a loss that is a sum is judged as the mean
    const factor = this.#changes.some(({ equations }) => equations.E !== undefined)
      ? right.data[0]! / this.#memo.compute("E", this.#own).data[0]!
      : 1;
    const E = matrix.data[0]! / factor, slack = absolute / Math.abs(factor);
    const mean = (losses: Float64Array) => losses.reduce((sum, loss) => sum + loss, 0) / B;
    if (!(E >= mean(least) - slack && E <= mean(most) + MAX_GUARD + slack)) return undefined;
    let [low, high] = [1e-20, MAX_GUARD];
    for (let i = 0; i < 60; i++) {
      const middle = Math.sqrt(low * high);
      if (mean(losses(middle)) > E) low = middle;
      else high = middle;
    }
    return `-Σ_i Σ_k onehot ${guard(low)}${factor === 1 ? " / B" : ""}`;
  }

  /** The difference from a computed quantity that rounding explains. */
  #tolerance(symbol: ComputedSymbol, computed: RunTimeMatrix, unit: number): number {
    const known = symbol.endsWith("'") ? undefined : this.#memo.tolerances.get(computed);
    if (known !== undefined) return known;
    const { sizes } = this.#dump;
    const sampled = this.#samples.map(({ own }) => {
      const sample = this.#isLarge(symbol) ? computed : this.#equations[symbol](own);
      return greatestDifference(disturb(sample, unit, this.#memo.random, symbol, sizes), computed);
    }).filter(Number.isFinite);
    const tolerance = SAFETY * Math.max(0, ...sampled) +
      OPERATIONS * unit * largestFinite(computed);
    this.#memo.tolerances.set(computed, tolerance);
    return tolerance;
  }

  #isLarge(symbol: StepSymbol): boolean {
    return (symbol === "A1" || symbol === "dW1") && multiplications(this.#dump.sizes) > MAX_SAMPLED;
  }

  /** Whether a quantity is what the right step gives, though not what those before it give. */
  #isRight(symbol: ComputedSymbol, matrix: RunTimeMatrix, tolerance: number): boolean {
    return greatestDifference(matrix, this.#right[symbol]) <= WHOLE_STEP * tolerance;
  }

  /** The wrong ones of some quantities and of those they are computed from, in the step's order. */
  #wrongAmong(symbols: readonly StepSymbol[]): ComputedSymbol[] {
    const found = new Set<ComputedSymbol>();
    for (const before of symbols) {
      const quantity = this.#quantities.get(before), blamed = this.#blamed.get(before);
      if (quantity?.status === "wrong") found.add(quantity.symbol);
      else if (blamed !== undefined) found.add(blamed);
      else if (quantity === undefined) {
        this.#wrongAmong(QUANTITIES[before].from).forEach((one) => found.add(one));
      } else if (quantity.status === "follows") {
        quantity.followsFrom.forEach((one) => found.add(one));
      }
    }
    return STEP.map(({ symbol }) => symbol).filter((symbol) => found.has(symbol));
  }

  /** Finds the causes, and takes quantities that were not recorded as the best of them has them. */
  #causes(
    symbol: ComputedSymbol,
    recorded: Recorded,
    right: RunTimeMatrix,
    tolerance: number,
    error: number,
    closest?: RunTimeMatrix,
  ): readonly Cause[] {
    if (!this.#options.explain) return [];
    const { sizes, precision } = this.#dump, { shape, data } = recorded;
    const changed = Object.fromEntries(
      this.#changes.flatMap(({ equations }) => Object.keys(equations)).map((one) =>
        [one, this.#equations[one as ComputedSymbol]] as const
      ),
    );
    const candidates = recorded.readings.map(({ matrix }) => matrix);
    const suspect: Suspect = {
      ...{ symbol, sizes, precision, right, tolerance, error, shape, data, changed },
      candidates: closest === undefined
        ? candidates
        : candidates.toSorted((a, b) => +(b === closest) - +(a === closest)),
      own: this.#own,
      given: this.#given,
      later: this.#later(symbol),
      previous: this.#options.previous,
      rateIsKnown: this.#learningRate !== undefined,
    };
    const causes = findCauses(suspect);
    // the search has asked for quantities that are not yet given
    this.#own = lazyStep(this.#given, this.#equations);
    this.#blame(symbol, causes[0]!);
    return causes;
  }

  /** The quantities recorded after one. */
  #later(symbol: ComputedSymbol): readonly (readonly [ComputedSymbol, readonly RunTimeMatrix[]])[] {
    const at = STEP.findIndex((one) => one.symbol === symbol);
    return STEP.slice(at + 1).flatMap(({ symbol }) => {
      const matrices = this.#reading.recorded.get(symbol)?.readings.map((one) => one.matrix) ?? [];
      return matrices.length > 0 ? [[symbol, matrices] as const] : [];
    });
  }

  /** Takes quantities before a wrong one as the mistakes that explain it have them. */
  #blame(symbol: ComputedSymbol, { mistakes, made }: Cause): void {
    const blame = (quantity: ReplaceableSymbol, matrix: RunTimeMatrix) => {
      this.#blamed.set(quantity, symbol);
      this.#give(quantity, matrix, UNIT_ROUNDOFF[this.#dump.precision]);
      // what follows from it has been computed without the mistake
      this.#own = lazyStep(this.#given, this.#equations);
      this.#samples.forEach((sample, i) => sample.own = this.#sample(sample.given, i));
    };
    if (made !== undefined) blame(made.in, made.matrix);
    for (const { quantity, compute } of mistakes) {
      const matrix = quantity === symbol ? undefined : compute(this.#own);
      if (matrix !== undefined) blame(quantity, matrix);
    }
  }

  #sample(given: KnownValues, i: number): RunTimeStep {
    const { precision, sizes } = this.#dump, unit = UNIT_ROUNDOFF[precision];
    const changed = new Set(this.#changes.flatMap(({ equations }) => Object.keys(equations)));
    const disturbed = STEP.map(({ symbol }) => {
      const finish = (matrix: RunTimeMatrix) =>
        disturb(matrix, unit, this.#memo.random, symbol, sizes);
      return [
        symbol,
        (values: RunTimeStep) =>
          this.#isLarge(symbol)
            ? finish(this.#own[symbol])
            : changed.has(symbol)
            ? finish(this.#equations[symbol](values))
            : this.#memo.compute(symbol, values, `${symbol} ${i}`, finish),
      ] as const;
    });
    return lazyStep(given, Object.fromEntries(disturbed));
  }

  #give(symbol: MatrixSymbol, matrix: RunTimeMatrix, unit: number): void {
    this.#given[symbol] = matrix;
    const samples = this.#memo.disturbed(matrix, unit);
    this.#samples.forEach(({ given }, i) => given[symbol] = samples[i]!);
  }

  #giveRate({ value, uncertainty }: LearningRate): void {
    for (const values of [this.#given, this.#rightGiven]) values.η = value;
    for (const [i, { given }] of this.#samples.entries()) {
      given.η = value + (i % 2 === 0 ? uncertainty : -uncertainty);
    }
  }

  /** The learning rate: the given one, or that of the updates, if one is right. */
  #inferRate(): LearningRate | undefined {
    const { learningRate, precision, sizes: { B } } = this.#dump;
    if (learningRate !== undefined) return knownRate(this.#dump);
    const ratesOf = (values: RunTimeStep) =>
      (["W1", "b1", "W2", "b2"] as const).flatMap((symbol) => {
        const readings = this.#reading.recorded.get(`${symbol}'`)?.readings ?? [];
        if (readings.length === 0) return [];
        const before = this.#own[symbol], gradient = values[`d${symbol}`];
        // the step of the rate 1, which a convention may divide by B
        const unitStep = this.#equations[`${symbol}'`](
          { [symbol]: before, [`d${symbol}`]: gradient, η: 1 } as unknown as RunTimeStep,
        );
        const step = before.zip(unitStep, (before, after) => before - after);
        const error = this.#gradientError(`d${symbol}`) * largestFinite(step) /
          (largestFinite(gradient) || 1);
        return readings.map(({ matrix }) =>
          rateOf(before, step, matrix, error, UNIT_ROUNDOFF[precision])
        );
      });
    return inferRate(ratesOf(this.#own), B) ?? inferRate(ratesOf(this.#right), B);
  }

  /** The greatest rounding error of a gradient, recorded or computed. */
  #gradientError(symbol: "dW1" | "db1" | "dW2" | "db2"): number {
    const differences = this.#samples.map(({ own }) =>
      greatestDifference(own[symbol], this.#own[symbol])
    ).filter(Number.isFinite);
    return SAFETY * Math.max(0, ...differences);
  }
}

/** The learning rate of a dump; the report's, if it has none. */
function knownRate({ learningRate = REPORT_SETTINGS.learningRate }: StepDump): LearningRate {
  return { value: learningRate, inferred: false, uncertainty: 0 };
}

/** The reading that is closest to a computed quantity; if none agrees, the first. */
function closestOf(
  readings: readonly Reading[],
  computed: AnyMatrix,
  absolute: number,
): Closest | undefined {
  const all = readings.map((reading) => ({
    ...reading,
    difference: greatestDifference(reading.matrix, computed),
  }));
  const [best] = all.toSorted((a, b) => a.difference - b.difference);
  return best === undefined || best.difference <= absolute ? best : all[0];
}

/** The multiple of the gradient by which some parameters changed. */
interface Rate {
  readonly rate: number;
  readonly uncertainty: number;
  /** Whether the step is that multiple of the gradient, to rounding. */
  readonly fits: boolean;
  /** Whether any parameter changed. */
  readonly changed: boolean;
}

/** The rounding errors of an update, in units of a single operation. */
const ROUNDING_ERRORS = 4;

/** The rate by which parameters changed along their gradient. */
function rateOf(
  before: RunTimeMatrix,
  gradient: RunTimeMatrix,
  after: RunTimeMatrix,
  gradientError: number,
  unit: number,
): Rate {
  const step = before.zip(after, (before, after) => before - after);
  const rate = dot(step.data, gradient.data) / dot(gradient.data, gradient.data);
  const bound = ROUNDING_ERRORS * unit * Math.max(maxAbs(before.data), maxAbs(after.data)) +
    Math.abs(rate) * gradientError;
  const fits = step.data.every((x, i) => Math.abs(x - rate * gradient.data[i]!) <= bound);
  const changed = step.data.some((x) => x !== 0);
  return { rate, uncertainty: bound / maxAbs(gradient.data), fits, changed };
}

/** The size of the rate of most parameters: the report's, or one that makes others mistakes. */
function inferRate(rates: readonly Rate[], batchSize: number): LearningRate | undefined {
  const possible = rates.filter(({ uncertainty, fits, changed }) =>
    fits && changed && Number.isFinite(uncertainty)
  );
  const clear = possible.filter(({ rate, uncertainty }) => Math.abs(rate) > 2 * uncertainty);
  // a step of the size of the rounding errors has a rate that is not much more than 0
  const fitting = clear.length > 0 ? clear : possible;
  const agree = (a: Rate, b: Rate) =>
    Math.abs(a.rate - b.rate) <= 2 * (a.uncertainty + b.uncertainty);
  // an update with a mistake has a rate of its own
  const votes = (one: Rate) => fitting.filter((other) => agree(one, other)).length;
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
    ({ uncertainty }) => -uncertainty,
  ];
  const [chosen] = fitting.toSorted((a, b) =>
    preferences.map((of) => of(b) - of(a)).find((difference) => difference !== 0) ?? 0
  );
  if (chosen === undefined) return undefined;
  const best = fitting.filter((one) => agree(one, chosen))
    .toSorted((a, b) => a.uncertainty - b.uncertainty)[0]!;
  const round = [1, 2, 3].map((digits) => Number(best.rate.toPrecision(digits)))
    .find((round) => Math.abs(round - best.rate) <= 2 * best.uncertainty);
  const value = Math.abs(round ?? best.rate);
  return { value, inferred: true, uncertainty: 3 * best.uncertainty };
}
