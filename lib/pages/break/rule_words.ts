// The settings of the networks of Break, and the equation of a rule beside the correct one.
import { tokensOf } from "../../explain/equation.ts";
import { QUANTITIES, type ReplaceableSymbol } from "../../network/step.ts";
import { mathml } from "../mathml.ts";

/**
 * The settings of both networks, and of the gradient check, which takes few images since it
 * computes hundreds of losses. All images are the first of a half of the data set.
 */
export const BREAK_SETTINGS = {
  seed: 601,
  hidden: 80,
  batchSize: 50,
  learningRate: 0.1,
  epochs: 20,
  trainImages: 5000,
  testImages: 1000,
  checkedImages: 5,
} as const;

/** The id of the rule that is broken at first: its network learns all the same. */
export const FIRST_RULE = "dA1/1-y-lost";

/** The correct equation of a quantity: that of the step, or of the inputs. */
export function correctEquationOf(quantity: ReplaceableSymbol): string {
  return quantity === "X" ? "X = pixels / 255" : QUANTITIES[quantity].equation;
}

/**
 * Two equations of one quantity as MathML: what the wrong one leaves out is in elements of class
 * `lost` of the right one, and what it has instead in elements of class `added`.
 */
export function comparedEquations(right: string, broken: string) {
  const [a, b] = [tokensOf(right), tokensOf(broken)], start = a.indexOf("=") + 1;
  const found = commonTokens(a, b), shorter = Math.min(a.length, b.length) - start;
  // a few brackets in common say nothing: all of the right-hand side is another
  const isOther = found.length - start <= shorter / 2;
  const common = isOther ? found.filter(([position]) => position < start) : found;
  const [kept, known] = [0, 1].map((side) => new Set(common.map((positions) => positions[side]!)));
  return {
    right: mathml(right, { isMarked: (position) => !kept!.has(position), name: "lost" }),
    broken: mathml(broken, { isMarked: (position) => !known!.has(position), name: "added" }),
  };
}

/** The positions of the longest common subsequence; of equally long ones, that nearest the end. */
function commonTokens(a: readonly string[], b: readonly string[]) {
  type Positions = [number, number][];
  const rows: Positions[][] = [Array(b.length + 1).fill([])];
  a.forEach((token, i) => {
    const before = rows[i]!, row: Positions[] = [[]];
    b.forEach((other, j) => {
      const longer = before[j + 1]!.length >= row[j]!.length ? before[j + 1]! : row[j]!;
      row.push(token === other ? [...before[j]!, [i, j]] : longer);
    });
    rows.push(row);
  });
  return rows.at(-1)!.at(-1)!;
}
