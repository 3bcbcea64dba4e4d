/**
 * The explanation of one quantity of the training step, for the terminal and docs/equations.md.
 *
 * @module
 */

import type { Text } from "../text/layout.ts";
import type { ExplainedStep } from "./explained_step.ts";
import type { Working } from "./expression.ts";

/** The values of `--equation`, in the order of the report and of the step. */
export const EQUATION_NAMES = [
  ...["1", "2", "3", "affine", "sigmoid", "softmax", "cross-entropy", "sgd"] as const,
] as const;

/** One of these names. */
export type EquationName = typeof EQUATION_NAMES[number];

/** One line of a derivation. */
export interface DerivationLine {
  /** The equation, in letters. */
  readonly equation: string;
  /** Why it holds, unless it is plain algebra. */
  readonly why?: Text;
}

/** Words, derivation and numbers of one quantity. Its equation is in the table of the step. */
export interface Explanation {
  /** The quantity and its place in the network. */
  readonly title: Text;
  /** The meaning of the quantity, in one line. */
  readonly meaning: Text;
  /** The equations of the report that it belongs to. */
  readonly equations: readonly EquationName[];
  /** The equation as the report writes it, or the line of its program, and by which letters. */
  readonly report: { readonly equation: string; readonly isCode?: true; readonly where?: Text };
  /** The derivation of the equation from earlier ones. */
  readonly derivation: readonly DerivationLine[];
  /** Remarks, such as the report's errors. */
  readonly remarks: readonly Text[];
  /** The computation of the entry in focus. */
  readonly workings: (step: ExplainedStep) => readonly Working[];
}
