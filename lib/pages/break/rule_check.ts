// The gradient check of a step with mistakes: that of `gradcheck`, with the mistakes in the step.
import {
  type AnyParameters,
  type Batch,
  type Dim,
  type Mistake,
  RandomState,
  runStep,
  withMistakes,
} from "../../../mod.ts";
import type { MatrixSymbol } from "../../network/step.ts";
import { entriesToCheck, GRADIENT_BOUND, layerChecks } from "../../checks/layer_checks.ts";
import { BREAK_SETTINGS } from "./break_settings.ts";
import { sparseProducts } from "./sparse_products.ts";

/** The gradients of the layers; those of the whole network come after them. */
const LAYER_GRADIENTS = 7;

/** The most entries of a gradient that are compared: the largest, and as many others. */
const ENTRIES = 16;

/** A gradient beside its finite differences. */
export interface CheckedGradient {
  /** The gradient: `dA1`. */
  readonly symbol: MatrixSymbol;
  /** Whether it differs from its differences. */
  readonly isWrong: boolean;
  /** The difference where it is greatest, divided by the largest entry. */
  readonly error: number;
  /** The entry there, by the equation and by differences. */
  readonly row: number;
  readonly column: number;
  readonly analytic: number;
  readonly numerical: number;
}

/** What the checks say to a step. */
export interface StepCheck {
  /** The gradients, from the loss backwards. */
  readonly gradients: readonly CheckedGradient[];
  /** The first that is wrong; undefined if the check passes. */
  readonly wrong: CheckedGradient | undefined;
  /** The greatest error of the gradients that are right. */
  readonly error: number;
  /** The greatest error of a right gradient that the check allows. */
  readonly bound: number;
  /** The quantity that differs most from that of the correct step, among those with a mistake. */
  readonly difference: QuantityDifference | undefined;
}

/** How far a quantity is from the correct one. */
export interface QuantityDifference {
  readonly symbol: string;
  /** The greatest difference of two entries, divided by the largest entry of the correct one. */
  readonly error: number;
}

/**
 * Checks every gradient of a step against finite differences, and compares the quantities in which
 * a mistake is made with those of the correct step.
 *
 * @param parameters before the step
 * @param batch its images
 * @param mistakes those of the step; none for the correct one
 */
export function checkStep<B extends number>(
  parameters: AnyParameters,
  batch: Batch<Dim<"inputs">, B>,
  mistakes: readonly Mistake[],
): StepCheck {
  const { learningRate, seed } = BREAK_SETTINGS, random = new RandomState(seed);
  const replaced = {
    ...sparseProducts<Dim<"inputs">, Dim<"hidden">, Dim<"classes">, B>(),
    ...withMistakes<Dim<"inputs">, Dim<"hidden">, Dim<"classes">, B>(...mistakes),
  };
  // `backward` has no mistakes: without any, the parameters' gradients by the loss of the whole
  // network are checked too
  const gradients = layerChecks(parameters, batch, { replaced, learningRate })
    .filter(({ part }) => part !== "network" || mistakes.length === 0)
    .map(({ name, analytic, compare }): CheckedGradient => {
      const found = compare(entriesToCheck(analytic, ENTRIES, random));
      const { verdict, error, row, column, analytic: byEquation, numerical } = found;
      const symbol = name.split(" ")[1] as MatrixSymbol, isWrong = verdict === "wrong";
      return { symbol, isWrong, error, row, column, analytic: byEquation, numerical };
    });
  return {
    gradients: gradients.slice(0, LAYER_GRADIENTS),
    wrong: gradients.find(({ isWrong }) => isWrong),
    error: Math.max(...gradients.filter(({ isWrong }) => !isWrong).map(({ error }) => error)),
    bound: GRADIENT_BOUND,
    difference: greatestDifference(parameters, batch, mistakes),
  };
}

function greatestDifference<B extends number>(
  parameters: AnyParameters,
  batch: Batch<Dim<"inputs">, B>,
  mistakes: readonly Mistake[],
): QuantityDifference | undefined {
  const { learningRate } = BREAK_SETTINGS;
  const right = runStep(parameters, batch, learningRate);
  const broken = runStep(parameters, batch, learningRate, withMistakes(...mistakes));
  const differences = mistakes.map(({ quantity }) => {
    const a = right[quantity].data, b = broken[quantity].data;
    const scale = a.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    const greatest = a.reduce((most, x, i) => Math.max(most, Math.abs(x - b[i]!)), 0);
    return { symbol: quantity, error: greatest / scale };
  });
  return differences.toSorted((a, b) => b.error - a.error)[0];
}
