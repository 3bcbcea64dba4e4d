// Judges each recorded quantity by what the program's own earlier quantities give.
import type { AnyMatrix, RunTimeMatrix } from "../math/matrix.ts";
import { correctEquation, type Mistake } from "../mistakes/mistake.ts";
import { REPORT_SETTINGS } from "../network/report_settings.ts";
import {
  type ComputedSymbol,
  lazyStep,
  type MatrixSymbol,
  QUANTITIES,
  type RunTimeStep,
  STEP,
  type StepSymbol,
} from "../network/step.ts";
import { RandomState } from "../random/random_state.ts";
import { disturb, greatestDifference, largestFinite, relativeError } from "./agreement.ts";
import type { Cause, Factor } from "./cause.ts";
import { findCauses } from "./causes.ts";
import { inferRate, type LearningRate, rateOf } from "./learning_rate.ts";
import { lossesOfProbabilities } from "./losses_of_probabilities.ts";
import {
  type DumpReading,
  type KnownValues,
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
  /** Its name in the file. */
  readonly name: string;
  /**
   * `ok`: right. `follows`: what the program's own earlier quantities give, of which one is wrong.
   * `wrong`: neither.
   */
  readonly status: "ok" | "follows" | "wrong";
  /** Whether it is what the program's own earlier quantities give. */
  readonly agrees: boolean;
  /**
   * The greatest difference from what the program's own earlier quantities give, relative to the
   * largest entry; NaN if the shapes differ, infinite if that entry is 0.
   */
  readonly error: number;
  /** The error up to which rounding explains a difference. */
  readonly tolerance: number;
  /** The precision of its numbers. */
  readonly precision: Precision;
  /** The wrong quantities that it is computed from. */
  readonly followsFrom: readonly ComputedSymbol[];
  /**
   * What the program's own definition of it is multiplied by, if it makes up for that later: B for
   * a gradient that becomes a mean in a later equation.
   */
  readonly factor: Factor | undefined;
  /**
   * The equation by which it is right, if it is another than the table's, as of programs that guard
   * against the logarithm of 0: `-Σ_k onehot ln(P + 1e-7)`.
   */
  readonly formula: string | undefined;
  /** Why it is wrong: what fits best first. Several if they cannot be told apart. */
  readonly causes: readonly Cause[];
}

/** The judgement of a dump in one of its readings. */
export interface Judgement {
  /** The recorded quantities in the order of the step. */
  readonly quantities: readonly JudgedQuantity[];
  /** The learning rate, if a right update was recorded. */
  readonly learningRate: LearningRate | undefined;
  /** The number of quantities that are not what the ones before them give. */
  readonly disagreements: number;
}

/** How to judge. */
export interface JudgeOptions {
  /** Whether to look for causes. */
  readonly explain: boolean;
  /** The learning rate, if it is known already. */
  readonly learningRate?: LearningRate | undefined;
  /** The number of disagreements beyond which the reading does not matter. */
  readonly limit?: number;
}

/** Samples of rounding errors, from which the tolerances follow. */
const SAMPLES = 2;

/**
 * How much greater than the sampled rounding errors those of a right program may be. In 3000 right
 * steps, in float64 and float32, added up forwards and backwards, they use 0.3 of the tolerance at
 * most; a test holds them below 0.5.
 */
const SAFETY = 24;

/** Rounding errors of a few operations, which samples of few entries may miss. */
const OPERATIONS = 12;

/** How much the errors of the whole step may exceed those of one equation. */
const WHOLE_STEP = 100;

/** Judges each recorded quantity, in one reading of the dump. */
export function judge(dump: StepDump, reading: DumpReading, options: JudgeOptions): Judgement {
  return new Judge(dump, reading, options).judgement();
}

/** A recorded quantity in the reading that fits best. */
interface Closest extends Reading {
  readonly difference: number;
  readonly error: number;
}

class Judge {
  readonly #dump: StepDump;
  readonly #reading: DumpReading;
  readonly #explain: boolean;
  readonly #limit: number;
  /** The program's own quantities: those that it recorded, and what mistakes make of others. */
  readonly #given: KnownValues;
  #own: RunTimeStep;
  /** The same with rounding errors. */
  readonly #samples: { readonly given: KnownValues; own: RunTimeStep }[];
  /** The right quantities. */
  readonly #rightGiven: KnownValues;
  readonly #right: RunTimeStep;
  readonly #random = new RandomState(0);
  readonly #quantities = new Map<StepSymbol, JudgedQuantity>();
  /** Quantities that were not recorded but are known to be wrong, and by which one. */
  readonly #blamed = new Map<StepSymbol, ComputedSymbol>();
  #learningRate: LearningRate | undefined;
  #disagreements = 0;

  constructor(dump: StepDump, reading: DumpReading, options: JudgeOptions) {
    const { explain, learningRate, limit = Infinity } = options;
    this.#limit = limit;
    this.#dump = dump;
    this.#reading = reading;
    this.#explain = explain;
    this.#learningRate = learningRate;
    const { inputs } = reading;
    this.#given = { ...inputs };
    this.#own = lazyStep(this.#given);
    this.#rightGiven = { ...inputs };
    this.#right = lazyStep(this.#rightGiven);
    this.#samples = Array.from({ length: SAMPLES }, () => {
      const given: KnownValues = { labels: inputs.labels! };
      return { given, own: this.#sample(given) };
    });
    for (const symbol of ["X", "W1", "b1", "W2", "b2"] as const) {
      this.#give(symbol, inputs[symbol]!, UNIT_ROUNDOFF[dump.precision]);
    }
    // mistakes before the update may need one
    this.#giveRate(learningRate ?? knownRate(dump));
  }

  judgement(): Judgement {
    for (const { symbol, pass } of STEP) {
      const recorded = this.#reading.recorded.get(symbol);
      if (recorded === undefined) continue;
      if (pass === "update" && this.#learningRate === undefined) {
        this.#learningRate = this.#inferRate();
        if (this.#learningRate !== undefined) this.#giveRate(this.#learningRate);
      }
      const quantity = this.#judge(symbol, recorded);
      this.#quantities.set(symbol, quantity);
      if (this.#disagreements > this.#limit) break;
    }
    return {
      quantities: [...this.#quantities.values()],
      learningRate: this.#learningRate,
      disagreements: this.#disagreements,
    };
  }

  #judge(symbol: ComputedSymbol, recorded: Recorded): JudgedQuantity {
    const { name, readings, factor } = recorded;
    const computed = correctEquation(symbol)(this.#own);
    const unit = Math.max(UNIT_ROUNDOFF[recorded.precision], UNIT_ROUNDOFF[this.#dump.precision]);
    const { absolute, relative: tolerance } = this.#tolerance(symbol, computed, unit);
    const { closest, formula } = this.#closest(symbol, readings, computed, absolute);
    const from = QUANTITIES[symbol].from;
    const followsFrom = this.#wrongAmong(formula === undefined ? from : [...from, "P"]);
    const { precision } = recorded;
    const judged = { symbol, name, tolerance, precision, followsFrom, factor, formula, causes: [] };
    if (closest === undefined) {
      this.#disagreements++;
      const causes = this.#causes(symbol, recorded, computed, tolerance);
      return { ...judged, status: "wrong", agrees: false, error: NaN, causes };
    }
    const { matrix, error, difference } = closest;
    const agrees = difference <= absolute;
    if (!agrees) this.#disagreements++;
    const isRight = () => this.#isRight(symbol, matrix, absolute);
    const status = agrees
      ? followsFrom.length > 0 && !isRight() ? "follows" : "ok"
      : followsFrom.length > 0 && isRight()
      ? "ok"
      : "wrong";
    const causes = status === "wrong" ? this.#causes(symbol, recorded, computed, tolerance) : [];
    this.#give(symbol, matrix, unit);
    return { ...judged, status, agrees, error, causes };
  }

  /**
   * The reading that is closest to a computed quantity; if it differs, the one that is what the
   * logarithm of the program's own probabilities gives.
   */
  #closest(
    symbol: ComputedSymbol,
    readings: readonly Reading[],
    computed: RunTimeMatrix,
    absolute: number,
  ): { readonly closest: Closest | undefined; readonly formula: string | undefined } {
    const closest = closestOf(readings, computed);
    if (closest !== undefined && closest.difference > absolute) {
      for (const { formula, compute } of lossesOfProbabilities(symbol, this.#own)) {
        const other = closestOf(readings, compute());
        if (other !== undefined && other.difference <= absolute) return { closest: other, formula };
      }
    }
    return { closest, formula: undefined };
  }

  /** The difference from a computed quantity that rounding explains. */
  #tolerance(symbol: ComputedSymbol, computed: RunTimeMatrix, unit: number) {
    const { sizes } = this.#dump;
    const sampled = this.#samples.map(({ own }) =>
      greatestDifference(
        disturb(correctEquation(symbol)(own), unit, this.#random, symbol, sizes),
        computed,
      )
    ).filter(Number.isFinite);
    const largest = largestFinite(computed);
    const absolute = SAFETY * Math.max(0, ...sampled) + OPERATIONS * unit * largest;
    return { absolute, relative: largest === 0 ? 0 : absolute / largest };
  }

  /** Whether a quantity is what the right step gives, though not what those before it give. */
  #isRight(symbol: ComputedSymbol, matrix: RunTimeMatrix, tolerance: number): boolean {
    return greatestDifference(matrix, this.#right[symbol]) <=
      WHOLE_STEP * tolerance;
  }

  /** The wrong ones of some quantities and of those they are computed from, in the step's order. */
  #wrongAmong(symbols: readonly StepSymbol[]): ComputedSymbol[] {
    const found = new Set<ComputedSymbol>();
    for (const before of symbols) {
      const quantity = this.#quantities.get(before), blamed = this.#blamed.get(before);
      if (quantity?.status === "wrong") found.add(quantity.symbol);
      else if (blamed !== undefined) found.add(blamed);
      else if (quantity === undefined) {
        const from = QUANTITIES[before].from;
        this.#wrongAmong(from).forEach((one) => found.add(one));
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
  ): readonly Cause[] {
    if (!this.#explain) return [];
    const { sizes, precision } = this.#dump, { shape, data } = recorded;
    const causes = findCauses({
      ...{ symbol, sizes, precision, right, tolerance, shape, data },
      candidates: recorded.readings.map(({ matrix }) => matrix),
      own: this.#own,
      given: this.#given,
      later: this.#later(symbol),
      rateIsKnown: this.#learningRate !== undefined,
    });
    // the search has asked for quantities that are not yet given
    this.#own = lazyStep(this.#given);
    const [best] = causes;
    if (best?.kind === "mistakes") this.#blame(symbol, best.mistakes);
    return causes;
  }

  /** The quantities recorded after one. */
  #later(symbol: ComputedSymbol): readonly (readonly [ComputedSymbol, readonly RunTimeMatrix[]])[] {
    const order = STEP.map(({ symbol }) => symbol);
    return order.slice(order.indexOf(symbol) + 1).flatMap((symbol) => {
      const readings = this.#reading.recorded.get(symbol)?.readings ?? [];
      const matrices = readings.map(({ matrix }) => matrix);
      return matrices.length > 0 ? [[symbol, matrices] as const] : [];
    });
  }

  /** Takes quantities before a wrong one as their mistakes have them. */
  #blame(symbol: ComputedSymbol, mistakes: readonly Mistake[]): void {
    for (const { quantity, compute } of mistakes) {
      if (quantity === symbol) continue;
      const matrix = compute(this.#own);
      if (matrix === undefined) continue;
      this.#blamed.set(quantity, symbol);
      this.#give(quantity, matrix, UNIT_ROUNDOFF[this.#dump.precision]);
      // what follows from it has been computed without the mistake
      this.#own = lazyStep(this.#given);
      for (const sample of this.#samples) sample.own = this.#sample(sample.given);
    }
  }

  #sample(given: KnownValues): RunTimeStep {
    const { precision, sizes } = this.#dump;
    const disturbed = STEP.map(({ symbol, compute }) => [
      symbol,
      (values: RunTimeStep) =>
        disturb(compute(values), UNIT_ROUNDOFF[precision], this.#random, symbol, sizes),
    ]);
    return lazyStep(given, Object.fromEntries(disturbed));
  }

  #give(symbol: MatrixSymbol, matrix: RunTimeMatrix, unit: number): void {
    this.#given[symbol] = matrix;
    for (const { given } of this.#samples) given[symbol] = disturb(matrix, unit, this.#random);
  }

  #giveRate({ value, uncertainty }: LearningRate): void {
    for (const values of [this.#given, this.#rightGiven]) values.η = value;
    for (const [i, { given }] of this.#samples.entries()) {
      given.η = value + (i % 2 === 0 ? uncertainty : -uncertainty);
    }
  }

  /** The learning rate: the given one, or that of the updates, if one is right. */
  #inferRate(): LearningRate | undefined {
    const { learningRate, precision } = this.#dump;
    if (learningRate !== undefined) return knownRate(this.#dump);
    const rates = (gradients: RunTimeStep) =>
      (["W1", "b1", "W2", "b2"] as const).flatMap((symbol) =>
        (this.#reading.recorded.get(`${symbol}'`)?.readings ?? []).map(({ matrix }) =>
          rateOf(
            this.#own[symbol],
            gradients[`d${symbol}`],
            matrix,
            this.#gradientError(`d${symbol}`),
            UNIT_ROUNDOFF[precision],
          )
        )
      );
    const { B } = this.#dump.sizes;
    return inferRate(rates(this.#own), B) ?? inferRate(rates(this.#right), B);
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

/** The reading that is closest to a computed quantity; undefined if there is none. */
function closestOf(readings: readonly Reading[], computed: AnyMatrix): Closest | undefined {
  return readings.map((reading) => ({
    ...reading,
    error: relativeError(reading.matrix, computed),
    difference: greatestDifference(reading.matrix, computed),
  })).toSorted((a, b) => a.error - b.error)[0];
}
