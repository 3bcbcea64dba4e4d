// An entry of a gradient by differences: the loss with a little more, and with a little less.
import { type AnyMatrix, Matrix } from "../math/matrix.ts";
import { dim } from "../math/shape.ts";
import { lazyStep, type MatrixSymbol, QUANTITIES } from "../network/step.ts";
import type { ExplainedStep } from "./explained_step.ts";

/** h: the curve of the loss moves the result by about h², its rounding by 10⁻¹⁶ / h. */
const STEP_SIZE = 1e-4;

/**
 * The entry of a gradient by differences: E with h added to the parameter's entry and subtracted,
 * and the digits in which both derivatives agree; undefined if the quantity is no gradient.
 */
export function differenceQuotient(
  { values }: ExplainedStep,
  symbol: MatrixSymbol,
  row: number,
  column: number,
) {
  const quantity = QUANTITIES[symbol];
  if (quantity.pass === "input" || quantity.gradientOf === undefined) return undefined;
  const changed = quantity.gradientOf;
  const { X, labels, W1, b1, W2, b2 } = values;
  const Q = values[changed] as AnyMatrix, at = row * Q.columns + column;
  const lossAt = (change: number) => {
    const moved = Matrix.of(dim("any", Q.rows), dim("any", Q.columns), Q.data);
    moved.data[at]! += change;
    return lazyStep({ X, labels, W1, b1, W2, b2, [changed]: moved }).E.at(0, 0);
  };
  const h = STEP_SIZE, above = lossAt(h), below = lossAt(-h), quotient = (above - below) / (2 * h);
  const byEquation = values[symbol].data[at]!, digits = agreeingDigits(quotient, byEquation);
  return { symbol: changed, h, above, below, quotient, byEquation, digits };
}

/** The digits in which two numbers agree; Infinity if they are equal. */
export function agreeingDigits(a: number, b: number): number {
  if (a === b) return Infinity;
  return Math.max(0, -Math.log10(Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b))));
}
