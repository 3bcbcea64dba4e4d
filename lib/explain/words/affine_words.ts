/**
 * Explanations of the affine layer (全結合層): forward, and equations (1) to (3), each for both layers.
 *
 * @module
 */

import { entry, type ExplainedStep, range } from "../explained_step.ts";
import type { DerivationLine, Explanation } from "../explanation_types.ts";
import { sum, times } from "../expression.ts";

/** The letters of one affine layer. */
export interface AffineLetters {
  /** Weights. */
  readonly W: "W1" | "W2";
  /** Biases. */
  readonly b: "b1" | "b2";
  /** Inputs. */
  readonly X: "X" | "Y1";
  /** Outputs. */
  readonly A: "A1" | "A2";
  /** The index of outputs, whose size is its capital. */
  readonly out: "m" | "k";
  /** The index of inputs. */
  readonly in: "d" | "m";
}

/** From the pixels to the hidden units. */
export const FIRST = {
  ...{ W: "W1", b: "b1", X: "X", A: "A1", out: "m", in: "d" } as const,
} satisfies AffineLetters;

/** From the hidden units to the classes. */
export const SECOND = {
  ...{ W: "W2", b: "b2", X: "Y1", A: "A2", out: "k", in: "m" } as const,
} satisfies AffineLetters;

type Words = Pick<Explanation, "title" | "meaning" | "remarks">;

/** A = W X + b. */
export function affineWords(letters: AffineLetters, words: Words): Explanation {
  const { W, b, X, A, out, in: inner } = letters;
  return {
    ...words,
    equations: ["affine"],
    report: { equation: "Y = W X + b", where: inPlaceOf({ Y: A, W, X, b }) },
    derivation: [{ equation: layer(letters) }],
    workings: (step) => {
      const [o, i] = [at(step, out), step.focus.B];
      const products = size(step, inner).map((j) =>
        times(entry(step, W, o, j), entry(step, X, j, i))
      );
      const { value: result } = entry(step, A, o, i);
      return [{
        name: `${A}[${o},${i}]`,
        expression: sum([sum(products), entry(step, b, o, 0)]),
        result,
      }];
    },
  };
}

/** Equation (1): dX = Wᵀ dA. */
export function inputGradientWords(
  letters: AffineLetters & { readonly X: "Y1" },
  words: Words,
): Explanation {
  const { W, X, A, out, in: inner } = letters, dX = gradient(X), dA = gradient(A);
  const x = `${X}[${inner},i]`, a = `${A}[${out},i]`, w = `${W}[${out},${inner}]`;
  return {
    ...words,
    equations: ["1", "affine"],
    report: { equation: "∂E/∂X = Wᵀ ∂E/∂Y", where: inPlaceOf({ Y: A, W, X }) },
    derivation: chain(letters, {
      of: x,
      derivative: w,
      index: out,
      only: {
        en: `the factor of ${x}; other columns of ${A} do not depend on it`,
        ja: `${x} の係数。${A} のほかの列は ${x} に依存しない`,
      },
      through: {
        en: `chain rule: ${x} acts on E through every ${a}`,
        ja: `連鎖律。${x} はすべての ${a} を通して E に影響する`,
      },
      sums: [
        `Σ_${out} ${w} ${dA}[${out},i]`,
        `Σ_${out} ${W}ᵀ[${inner},${out}] ${dA}[${out},i]`,
      ],
      matrices: `${dX} = ${W}ᵀ ${dA}`,
    }),
    workings: (step) => {
      const [j, i] = [at(step, inner), step.focus.B];
      const products = size(step, out).map((o) =>
        times(entry(step, W, o, j), entry(step, dA, o, i))
      );
      const { value: result } = entry(step, dX, j, i);
      return [{ name: `${dX}[${j},${i}]`, expression: sum(products), result }];
    },
  };
}

/** Equation (2): dW = dA Xᵀ. */
export function weightGradientWords(letters: AffineLetters, words: Words): Explanation {
  const { W, X, A, out, in: inner } = letters, dW = gradient(W), dA = gradient(A);
  const x = `${X}[${inner},i]`, a = `${A}[${out},i]`, w = `${W}[${out},${inner}]`;
  return {
    ...words,
    equations: ["2", "affine"],
    report: { equation: "∂E/∂W = ∂E/∂Y Xᵀ", where: inPlaceOf({ Y: A, W, X }) },
    derivation: chain(letters, {
      of: w,
      derivative: x,
      index: "i",
      only: {
        en: `the factor of ${w}; other rows of ${A} do not depend on it`,
        ja: `${w} の係数。${A} のほかの行は ${w} に依存しない`,
      },
      through: {
        en: `chain rule: ${w} acts on E through ${a} of every image i`,
        ja: `連鎖律。${w} はすべての画像 i の ${a} を通して E に影響する`,
      },
      sums: [`Σ_i ${dA}[${out},i] ${x}`, `Σ_i ${dA}[${out},i] ${X}ᵀ[i,${inner}]`],
      matrices: `${dW} = ${dA} ${X}ᵀ`,
    }),
    workings: (step) => {
      const [o, j] = [at(step, out), at(step, inner)];
      const products = range(step.sizes.B).map((i) =>
        times(entry(step, dA, o, i), entry(step, X, j, i))
      );
      const { value: result } = entry(step, dW, o, j);
      return [{ name: `${dW}[${o},${j}]`, expression: sum(products), result }];
    },
  };
}

/** Equation (3): db = rowSum(dA). */
export function biasGradientWords(letters: AffineLetters, words: Words): Explanation {
  const { b, A, out } = letters, db = gradient(b), dA = gradient(A);
  const a = `${A}[${out},i]`;
  return {
    ...words,
    equations: ["3", "affine"],
    report: {
      equation: "∂E/∂b = rowSum(∂E/∂Y)",
      where: {
        en: `corrected; the report prints rowSum(∂E/∂Y Xᵀ). With Y = ${A}, b = ${b}`,
        ja: `訂正後の式。レポートでは rowSum(∂E/∂Y Xᵀ)。ここでは Y = ${A}、b = ${b}`,
      },
    },
    derivation: chain(letters, {
      of: `${b}[${out}]`,
      derivative: "1",
      index: "i",
      only: {
        en: `${b}[${out}] is added once; other rows of ${A} do not depend on it`,
        ja: `${b}[${out}] は一度だけ足される。${A} のほかの行は ${b}[${out}] に依存しない`,
      },
      through: {
        en: `chain rule: ${b}[${out}] acts on E through ${a} of every image i`,
        ja: `連鎖律。${b}[${out}] はすべての画像 i の ${a} を通して E に影響する`,
      },
      sums: [`Σ_i ${dA}[${out},i]`],
      matrices: `${db} = rowSum(${dA})`,
    }),
    workings: (step) => {
      const o = at(step, out), { value: result } = entry(step, db, o, 0);
      const terms = range(step.sizes.B).map((i) => entry(step, dA, o, i));
      return [{ name: `${db}[${o},0]`, expression: sum(terms), result }];
    },
  };
}

/** The layer in indices: what every derivation starts from. */
function layer({ W, b, X, A, out, in: inner }: AffineLetters): string {
  return `${A}[${out},i] = Σ_${inner} ${W}[${out},${inner}] ${X}[${inner},i] + ${b}[${out}]`;
}

/** The chain rule through the layer, for one of the numbers that it takes. */
function chain(
  letters: AffineLetters,
  { of, derivative, index, only, through, sums, matrices }: {
    readonly of: string;
    readonly derivative: string;
    readonly index: string;
    readonly only: NonNullable<DerivationLine["why"]>;
    readonly through: NonNullable<DerivationLine["why"]>;
    readonly sums: readonly string[];
    readonly matrices: string;
  },
): DerivationLine[] {
  const a = `${letters.A}[${letters.out},i]`, left = `∂E/∂${of}`;
  return [
    { equation: layer(letters) },
    { equation: `∂${a}/∂${of} = ${derivative}`, why: only },
    { equation: `${left} = Σ_${index} ∂E/∂${a} ∂${a}/∂${of}`, why: through },
    ...sums.map((sum) => ({ equation: `${" ".repeat(left.length)} = ${sum}` })),
    { equation: matrices },
  ];
}

/** The letters here for the report's letters. */
function inPlaceOf(letters: Readonly<Record<string, string>>): NonNullable<DerivationLine["why"]> {
  const pairs = Object.entries(letters).filter(([report, here]) => report !== here)
    .map(([report, here]) => `${report} = ${here}`);
  return { en: `with ${pairs.join(", ")}`, ja: `ここでは ${pairs.join("、")}` };
}

/** The symbol of ∂E/∂Q. */
function gradient<Symbol extends string>(symbol: Symbol): `d${Symbol}` {
  return `d${symbol}`;
}

/** The axis of an index: m runs over M. */
function axis(index: "d" | "m" | "k"): "D" | "M" | "K" {
  return index.toUpperCase() as "D" | "M" | "K";
}

/** The place in focus of an index. */
function at(step: ExplainedStep, index: "d" | "m" | "k"): number {
  return step.focus[axis(index)];
}

/** All places of an index. */
function size(step: ExplainedStep, index: "d" | "m" | "k"): number[] {
  return range(step.sizes[axis(index)]);
}
