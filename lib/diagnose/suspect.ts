// What is known of a quantity that is wrong.
import type { AnyMatrix, RunTimeMatrix } from "../math/matrix.ts";
import type { ComputedSymbol, RunTimeStep } from "../network/step.ts";
import { relativeError } from "./agreement.ts";
import type { KnownValues, Precision, StepSizes } from "./dump.ts";

/** A wrong quantity. */
export interface Suspect {
  /** Its symbol. */
  readonly symbol: ComputedSymbol;
  /** The matrices that the recorded array may stand for; none if its shape does not fit. */
  readonly candidates: readonly RunTimeMatrix[];
  /** The shape of the array. */
  readonly shape: readonly number[];
  /** Its numbers. */
  readonly data: Float64Array<ArrayBuffer>;
  /** What it should be: what the quantities before it give. */
  readonly right: RunTimeMatrix;
  /** The quantities of the program: recorded, or computed from those that are. */
  readonly own: RunTimeStep;
  /** The recorded ones before it, and the inputs. */
  readonly given: KnownValues;
  /** Those that were recorded after it, as they may be read. */
  readonly later: readonly (readonly [ComputedSymbol, readonly RunTimeMatrix[]])[];
  /** Whether the learning rate is known: if not, an update may have any. */
  readonly rateIsKnown: boolean;
  /** The sizes. */
  readonly sizes: StepSizes;
  /** The precision of the program's arithmetic. */
  readonly precision: Precision;
  /** The greatest relative difference that rounding explains. */
  readonly tolerance: number;
}

/**
 * How much greater the rounding errors of a wrong equation may be than those of the right one: it
 * may subtract what the right one does not.
 */
export const WRONG_EQUATION = 8;

/** The error of the candidate that is closest to a matrix; infinite if the shapes differ. */
export function leastError({ candidates }: Suspect, computed: AnyMatrix): number {
  return Math.min(Infinity, ...candidates.map((one) => relativeError(one, computed)));
}

/** Whether an error is one of rounding. */
export function fits({ tolerance }: Suspect, error: number): boolean {
  return error <= WRONG_EQUATION * tolerance;
}
