// How an entry comes about: the terms of its sum, largest first, and the entries that they come
// from.
import { entriesIn, type Entry, entryName, type Expression, valueOf } from "./expression.ts";

/** A factor of a term: its name in symbols, `dA1[3,0]` or `1 - Y1[3,0]`, and the number. */
export interface Factor {
  readonly name: string;
  readonly value: number;
  /** The entry that it is, or is computed from; a constant has none. */
  readonly entry: Entry | undefined;
}

/** A term of a sum: a product that may be subtracted, and its value with that sign. */
export interface Term {
  readonly factors: readonly Factor[];
  readonly isSubtracted: boolean;
  readonly value: number;
}

export interface TermSum {
  /** The terms that are not 0, the largest first, and the number of those that are. */
  readonly terms: readonly Term[];
  readonly zeros: number;
  readonly total: number;
  /** The number that the sum is divided by, or what is divided by the sum, if it is so. */
  readonly divisor: number | undefined;
  readonly numerator: Term | undefined;
}

/** The terms of an expression, the largest first; a product is a sum of one term. */
export function termsOf(expression: Expression): TermSum {
  // the sum is all of it, or what is above or below a line
  const isQuotient = typeof expression === "object" && "op" in expression && expression.op === "/";
  const [above, below] = isQuotient ? expression.of as [Expression, Expression] : [expression, 1];
  const isDivided = typeof below === "number", sum = isDivided ? above : below;
  const all = addends(sum, false), terms = all.filter(({ value }) => value !== 0);
  return {
    terms: terms.toSorted((a, b) => Math.abs(b.value) - Math.abs(a.value)),
    zeros: all.length - terms.length,
    total: valueOf(sum),
    divisor: isQuotient && isDivided ? below : undefined,
    numerator: isDivided ? undefined : term(above, false),
  };
}

/** The terms of a sum of sums and differences, in its order. */
function addends(expression: Expression, isSubtracted: boolean): Term[] {
  if (typeof expression === "object" && "op" in expression) {
    if (expression.op === "+") return expression.of.flatMap((one) => addends(one, isSubtracted));
    if (expression.op === "-") {
      return expression.of.flatMap((one, i) => addends(one, isSubtracted !== i > 0));
    }
  }
  return [term(expression, isSubtracted)];
}

function term(expression: Expression, isSubtracted: boolean): Term {
  const isProduct = typeof expression === "object" && "op" in expression && expression.op === "·";
  const factors = (isProduct ? expression.of : [expression]).map(factor);
  const value = valueOf(expression);
  return { factors, isSubtracted, value: isSubtracted ? -value : value };
}

function factor(expression: Expression): Factor {
  return { name: nameOf(expression), value: valueOf(expression), entry: entriesIn(expression)[0] };
}

/** What an expression is, in symbols. */
function nameOf(expression: Expression): string {
  if (typeof expression === "number") return `${expression}`;
  if ("value" in expression) return entryName(expression);
  if (expression.op === "e^") return `e^(${nameOf(expression.of)})`;
  if (expression.op === "-ln") return `-ln ${nameOf(expression.of)}`;
  return expression.of.map(nameOf).join(expression.op === "·" ? "·" : ` ${expression.op} `);
}
