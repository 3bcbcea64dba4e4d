// An equation and the same with a mistake, as MathML in which the difference is marked.
import type { Markup } from "../../charts/html.ts";
import { QUANTITIES, type ReplaceableSymbol } from "../../network/step.ts";
import { tokensOf } from "../../explain/equation.ts";
import { mathml } from "../mathml.ts";

/** An equation beside the same with a mistake. */
export interface ComparedEquations {
  /** The correct equation; what the mistake leaves out is in elements of class `lost`. */
  readonly right: Markup;
  /** The equation with the mistake; what it has instead is in elements of class `added`. */
  readonly broken: Markup;
}

/** The correct equation of a quantity: that of the step, or of the inputs. */
export function correctEquationOf(quantity: ReplaceableSymbol): string {
  if (quantity === "X") return "X = pixels / 255";
  return QUANTITIES[quantity].equation;
}

/** Compares two equations of one quantity, token by token. */
export function comparedEquations(right: string, broken: string): ComparedEquations {
  const [a, b] = [tokensOf(right), tokensOf(broken)], start = a.indexOf("=") + 1;
  const found = commonTokens(a, b), shorter = Math.min(a.length, b.length) - start;
  // a few brackets in common say nothing: all of the right-hand side is another
  const isOther = found.length - start <= shorter / 2;
  const common = isOther ? found.filter(([position]) => position < start) : found;
  const kept = new Set(common.map(([position]) => position));
  const known = new Set(common.map(([, position]) => position));
  return {
    right: mathml(right, { isMarked: (position) => !kept.has(position), name: "lost" }),
    broken: mathml(broken, { isMarked: (position) => !known.has(position), name: "added" }),
  };
}

/**
 * The positions of the tokens that both have: all at the start and at the end that are equal, and
 * the longest common subsequence of the rest.
 */
function commonTokens(a: readonly string[], b: readonly string[]): [number, number][] {
  let start = 0;
  while (start < Math.min(a.length, b.length) && a[start] === b[start]) start++;
  let end = 0;
  const most = Math.min(a.length, b.length) - start;
  while (end < most && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const outer = [
    ...Array.from({ length: start }, (_, i) => [i, i] as [number, number]),
    ...Array.from(
      { length: end },
      (_, i) => [a.length - 1 - i, b.length - 1 - i] as [number, number],
    ),
  ];
  return [...outer, ...longest(a, b, [start, a.length - end], [start, b.length - end])];
}

/** The longest common subsequence of a part of each. */
function longest(
  a: readonly string[],
  b: readonly string[],
  [i, toA]: readonly [number, number],
  [j, toB]: readonly [number, number],
): [number, number][] {
  if (i === toA || j === toB) return [];
  if (a[i] === b[j]) return [[i, j], ...longest(a, b, [i + 1, toA], [j + 1, toB])];
  const without = [longest(a, b, [i + 1, toA], [j, toB]), longest(a, b, [i, toA], [j + 1, toB])];
  return without[0]!.length >= without[1]!.length ? without[0]! : without[1]!;
}
