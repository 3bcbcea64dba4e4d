/**
 * A training step whose quantities are computed when they are first asked for.
 *
 * @module
 */

import { correctEquation } from "../mistakes/mistake.ts";
import {
  type AnyStepValues,
  type ReplaceableSymbol,
  type RunTimeMatrix,
  STEP,
  type StepSymbol,
} from "../network/step.ts";

type Values = Partial<Record<StepSymbol, unknown>>;

/**
 * The quantities of a step: those that are given, and the others by the equations of the table.
 *
 * @param given may be added to, as long as nothing that follows from it has been asked for
 */
export function deferredStep(given: Values): AnyStepValues {
  const values = Object.create(given);
  for (const { symbol, compute } of STEP) {
    defer(values, symbol, () => Object.hasOwn(given, symbol) ? given[symbol] : compute(values));
  }
  return values;
}

/**
 * The same step with one quantity computed otherwise, and what follows from it computed again,
 * except what is given.
 */
export function withReplaced(
  step: AnyStepValues,
  given: Values,
  replaced: ReplaceableSymbol,
  compute: (values: AnyStepValues) => RunTimeMatrix | undefined,
): AnyStepValues {
  const values = Object.create(step);
  const order = STEP.map(({ symbol }) => symbol);
  for (const symbol of order.slice(Math.max(0, order.indexOf(replaced as typeof order[0])))) {
    if (symbol === replaced || Object.hasOwn(given, symbol)) continue;
    defer(values, symbol, () => correctEquation(symbol)(values));
  }
  defer(values, replaced, () => compute(step));
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
