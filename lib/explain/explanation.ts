// What an explanation of a quantity is, for the terminal, the page and docs/equations.md.
import { t, type Text } from "../text/layout.ts";
import type { MatrixSymbol } from "../network/step.ts";
import { entry, type ExplainedStep } from "./explained_step.ts";
import type { Expression, Working } from "./expression.ts";

/** The values of `--equation`, in the order of the report and of the step. */
export const EQUATION_NAMES = [
  ...["1", "2", "3", "affine", "sigmoid", "softmax", "cross-entropy", "sgd"] as const,
] as const;

export type EquationName = typeof EQUATION_NAMES[number];

/** One line of a derivation, in letters, and why it holds, unless it is plain algebra. */
export interface DerivationLine {
  readonly equation: string;
  readonly why?: Text;
}

/** Words, derivation and numbers of one quantity. Its equation is in the table of the step. */
export interface Explanation {
  readonly title: Text;
  /** The meaning of the quantity, in one line. */
  readonly meaning: Text;
  /** The equations of the report that it belongs to. */
  readonly equations: readonly EquationName[];
  /** The equation as the report writes it, or the line of its program, and by which letters. */
  readonly report: { readonly equation: string; readonly isCode?: true; readonly where?: Text };
  readonly derivation: readonly DerivationLine[];
  /** Remarks, such as the report's errors. */
  readonly remarks: readonly Text[];
  /** The computation of the entry in focus. */
  readonly workings: (step: ExplainedStep) => readonly Working[];
}

export function line(equation: string, ...why: [] | [en: string, ja: string]): DerivationLine {
  return why.length === 0 ? { equation } : { equation, why: t(...why) };
}

/** The computation of an entry: `A1[2,0]` by an expression. */
export function working(
  step: ExplainedStep,
  symbol: MatrixSymbol,
  row: number,
  column: number,
  expression: Expression,
): Working {
  const { value: result } = entry(step, symbol, row, column);
  return { name: `${symbol}[${row},${column}]`, expression, result };
}
