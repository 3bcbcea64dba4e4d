// The terms of an entry's sum, and an entry of a gradient by differences.
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { differenceQuotient } from "../../lib/explain/differences.ts";
import { batchStep, entry, sampleStep, smallStep } from "../../lib/explain/explained_step.ts";
import { EXPLANATIONS } from "../../lib/explain/explanations.ts";
import { minus, over, sum, times, valueOf } from "../../lib/explain/expression.ts";
import { termsOf } from "../../lib/explain/terms.ts";
import { loadParametersOrPretrained } from "../../lib/system/runs.ts";
import { STEP, type StepSymbol } from "../../mod.ts";
import { mnist } from "../helpers/fixtures.ts";

const test = mnist("test");
const { parameters } = await loadParametersOrPretrained(undefined);

/** A batch of four images in the trained network. */
const four = batchStep(test, [8, 9, 10, 11], parameters, 0.1);

Deno.test("example: termsOf() orders the terms of a sum by size and counts those that are 0", () => {
  const at = (symbol: StepSymbol, value: number) => ({ symbol, row: 1, column: 2, value });
  const expression = sum([
    times(at("W1", 0.5), at("X", 1)),
    times(at("W1", 3), at("X", 0)),
    sum([times(at("W1", -2), at("X", 1)), at("b1", 1)]),
  ]);
  const { terms, zeros, total, divisor, numerator } = termsOf(expression);
  deepStrictEqual(terms.map(({ value }) => value), [-2, 1, 0.5]);
  deepStrictEqual(terms[0]!.factors.map(({ name }) => name), ["W1[1,2]", "X[1,2]"]);
  deepStrictEqual([zeros, total, divisor, numerator], [1, -0.5, undefined, undefined]);
});

Deno.test("example: termsOf() takes a difference as a sum, and says what it is divided by", () => {
  const { terms, divisor, numerator } = termsOf(over(minus(0.25, 1), 2));
  deepStrictEqual(terms.map(({ value, isSubtracted }) => [value, isSubtracted]), [
    [-1, true],
    [0.25, false],
  ]);
  deepStrictEqual([divisor, numerator], [2, undefined]);
  const share = termsOf(over(3, sum([1, 4])));
  deepStrictEqual([share.numerator?.value, share.total], [3, 5]);
});

Deno.test("law: the terms of every quantity give its entry", () => {
  for (const step of [smallStep(1), sampleStep(test, 8, 601), four]) {
    for (const { symbol } of STEP) {
      for (const { expression, result } of EXPLANATIONS[symbol].workings(step)) {
        const { terms, divisor = 1, numerator } = termsOf(expression);
        const total = terms.reduce((sum, { value }) => sum + value, 0);
        const value = numerator ? numerator.value / total : total / divisor;
        // other orders of up to 785 terms
        ok(Math.abs(value - result) <= 1e-12 * Math.max(1, Math.abs(result)), symbol);
        ok(Math.abs(valueOf(expression) - result) <= 1e-12, symbol);
      }
    }
  }
});

Deno.test("law: every factor of a term names an entry with its number in the step", () => {
  for (const { symbol } of STEP) {
    for (const { expression } of EXPLANATIONS[symbol].workings(four)) {
      const { terms, numerator } = termsOf(expression);
      const factors = [...terms, ...numerator ? [numerator] : []].flatMap((term) => term.factors);
      for (const { name, value, entry: from } of factors) {
        if (from === undefined) strictEqual(name, `${value}`);
        else if (from.as === undefined && from.symbol !== "labels" && from.symbol !== "η") {
          strictEqual(entry(four, from.symbol, from.row, from.column).value, from.value, name);
        }
      }
    }
  }
});

Deno.test("law: differenceQuotient() agrees with every gradient in the entry in focus", () => {
  for (const step of [smallStep(3), sampleStep(test, 8, 601), four]) {
    for (const { symbol, shape, gradientOf } of STEP) {
      const [row, column] = shape.split(" x ").map((axis) =>
        axis === "1" ? 0 : step.focus[axis as "D" | "M" | "K" | "B"]
      );
      const found = differenceQuotient(step, symbol, row!, column!);
      strictEqual(found?.symbol, gradientOf);
      // the curve of the loss within h moves the result by about h², rounding by 1e-12
      if (found) ok(found.digits > 7, `${symbol}: ${found.digits} digits`);
    }
  }
});

Deno.test("example: differenceQuotient() gives 0 where a pixel is 0 in all images", () => {
  const { quotient, byEquation, digits } = differenceQuotient(four, "dW1", 3, 0)!;
  deepStrictEqual([quotient, byEquation, digits], [0, 0, Infinity]);
});
