/**
 * A training step whose quantities are computed when they are first asked for.
 *
 * @module
 */

import { correctEquation } from "../mistakes/mistake.ts";
import {
  type AnyStepValues,
  type ComputedSymbol,
  type ReplaceableSymbol,
  type RunTimeMatrix,
  STEP,
  type StepSymbol,
} from "../network/step.ts";

/** Quantities that are known, by their symbols. */
export type KnownValues = Partial<Record<StepSymbol, unknown>>;

/**
 * The quantities of a step: those that are given, and the others by the equations of the table.
 *
 * @param given may be added to, as long as nothing that follows from it has been asked for
 * @param alter changes each quantity that is computed
 */
export function deferredStep(
  given: KnownValues,
  alter: (matrix: RunTimeMatrix, symbol: ComputedSymbol) => RunTimeMatrix = (matrix) => matrix,
): AnyStepValues {
  const values = Object.create(given);
  for (const { symbol, compute } of STEP) {
    defer(
      values,
      symbol,
      () => Object.hasOwn(given, symbol) ? given[symbol] : alter(compute(values), symbol),
    );
  }
  return values;
}

/**
 * The same step with one quantity computed otherwise, and what follows from it computed again,
 * except what is given.
 */
export function withReplaced(
  step: AnyStepValues,
  given: KnownValues,
  replaced: ReplaceableSymbol,
  matrix: RunTimeMatrix,
): AnyStepValues {
  const values = Object.create(step);
  const order: readonly string[] = STEP.map(({ symbol }) => symbol);
  for (const { symbol } of STEP.slice(order.indexOf(replaced) + 1)) {
    if (Object.hasOwn(given, symbol)) continue;
    defer(values, symbol, () => correctEquation(symbol)(values));
  }
  Object.defineProperty(values, replaced, { value: matrix });
  return values;
}

/** Defines a property that is computed at its first use. */
function defer(values: object, symbol: StepSymbol, compute: () => unknown): void {
  let known = false, value: unknown;
  Object.defineProperty(values, symbol, {
    configurable: true,
    get: () => {
      if (!known) [known, value] = [true, compute()];
      return value;
    },
  });
}
