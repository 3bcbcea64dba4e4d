// How an entry comes about: the terms of its sum, largest first, and the entries that they come
// from.
import { entriesIn, type Expression, inSymbols, valueOf } from "./expression.ts";

/** A product that is a term of a sum and may be subtracted, and its value with that sign. */
export type Term = ReturnType<typeof term>;

/**
 * The terms of an expression that are not 0, the largest first, and the number of those that are; a
 * product is a sum of one term. Of a quotient `divisor` is the number below the sum, or `numerator`
 * what is above it.
 */
export function termsOf(expression: Expression) {
  const quotient = operandsOf(expression, "/"), [above = expression, below = 1] = quotient ?? [];
  const isDivided = typeof below === "number", sum = isDivided ? above : below;
  const all = addends(sum, false), terms = all.filter(({ value }) => value !== 0);
  return {
    terms: terms.toSorted((a, b) => Math.abs(b.value) - Math.abs(a.value)),
    zeros: all.length - terms.length,
    total: valueOf(sum),
    divisor: quotient && isDivided ? below : undefined,
    numerator: isDivided ? undefined : term(above, false),
  };
}

/** The terms of a sum of sums and differences, in its order. */
function addends(expression: Expression, isSubtracted: boolean): Term[] {
  const difference = operandsOf(expression, "-"), of = difference ?? operandsOf(expression, "+");
  return of?.flatMap((one, i) => addends(one, isSubtracted !== (!!difference && i > 0))) ??
    [term(expression, isSubtracted)];
}

function term(expression: Expression, isSubtracted: boolean) {
  const factors = (operandsOf(expression, "·") ?? [expression]).map((factor) => ({
    name: inSymbols(factor),
    value: valueOf(factor),
    /** The entry that it is, or is computed from; a constant has none. */
    entry: entriesIn(factor)[0],
  }));
  return { factors, isSubtracted, value: valueOf(expression) * (isSubtracted ? -1 : 1) };
}

function operandsOf(expression: Expression, op: string): readonly Expression[] | undefined {
  const isOf = typeof expression === "object" && "op" in expression && expression.op === op;
  return isOf ? expression.of : undefined;
}
