// Explanations of the affine layer (全結合層): forward, and equations (1) to (3), each for both layers.
import { t, type Text } from "../../text/layout.ts";
import { entry, type ExplainedStep, range } from "../explained_step.ts";
import { type DerivationLine, type Explanation, line, working } from "../explanation.ts";
import { sum, times } from "../expression.ts";

/** The letters of both layers: their matrices, and the indices of their outputs and inputs. */
export const FIRST = { W: "W1", b: "b1", X: "X", A: "A1", out: "m", in: "d" } as const;
export const SECOND = { W: "W2", b: "b2", X: "Y1", A: "A2", out: "k", in: "m" } as const;

type AffineLetters = typeof FIRST | typeof SECOND;

type Words = Pick<Explanation, "title" | "meaning" | "remarks">;

/** A = W X + b. */
export function affineWords(letters: AffineLetters, words: Words): Explanation {
  const { W, b, X, A, out, in: inner } = letters;
  return {
    ...words,
    equations: ["affine"],
    report: { equation: "Y = W X + b", where: inPlaceOf({ Y: A, W, X, b }) },
    derivation: [line(layer(letters))],
    workings: (step) => {
      const o = at(step, out), i = step.focus.B;
      const product = (j: number) => times(entry(step, W, o, j), entry(step, X, j, i));
      const products = sum(size(step, inner).map(product));
      return [working(step, A, o, i, sum([products, entry(step, b, o, 0)]))];
    },
  };
}

/** Equation (1): dX = Wᵀ dA. */
export function inputGradientWords(
  letters: typeof SECOND,
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
      only: t(
        `the factor of ${x}; other columns of ${A} do not depend on it`,
        `${x} の係数。${A} のほかの列は ${x} に依存しない`,
      ),
      through: t(
        `chain rule: ${x} acts on E through every ${a}`,
        `連鎖律。${x} はすべての ${a} を通して E に影響する`,
      ),
      sums: [`Σ_${out} ${w} ${dA}[${out},i]`, `Σ_${out} ${W}ᵀ[${inner},${out}] ${dA}[${out},i]`],
      matrices: `${dX} = ${W}ᵀ ${dA}`,
    }),
    workings: (step) => {
      const j = at(step, inner), i = step.focus.B;
      const product = (o: number) => times(entry(step, W, o, j), entry(step, dA, o, i));
      return [working(step, dX, j, i, sum(size(step, out).map(product)))];
    },
  };
}

/** Equation (2): dW = dA Xᵀ. */
export function weightGradientWords(
  letters: AffineLetters,
  ...remark: [en: string, ja: string]
): Explanation {
  const { W, X, A, out, in: inner } = letters, dW = gradient(W), dA = gradient(A);
  const x = `${X}[${inner},i]`, w = `${W}[${out},${inner}]`;
  return {
    title: t(`Equation (2): gradient of the weights ${W}`, `式 (2): 重み ${W} についての偏微分`),
    meaning: t(`∂E/∂${W}, of the shape of ${W}`, `∂E/∂${W}。${W} と同じ形状になる`),
    remarks: [t(...remark)],
    equations: ["2", "affine"],
    report: { equation: "∂E/∂W = ∂E/∂Y Xᵀ", where: inPlaceOf({ Y: A, W, X }) },
    derivation: chain(letters, {
      of: w,
      derivative: x,
      index: "i",
      only: t(
        `the factor of ${w}; other rows of ${A} do not depend on it`,
        `${w} の係数。${A} のほかの行は ${w} に依存しない`,
      ),
      through: everyImage(w, letters),
      sums: [`Σ_i ${dA}[${out},i] ${x}`, `Σ_i ${dA}[${out},i] ${X}ᵀ[i,${inner}]`],
      matrices: `${dW} = ${dA} ${X}ᵀ`,
    }),
    workings: (step) => {
      const o = at(step, out), j = at(step, inner);
      const product = (i: number) => times(entry(step, dA, o, i), entry(step, X, j, i));
      return [working(step, dW, o, j, sum(range(step.sizes.B).map(product)))];
    },
  };
}

/** Equation (3): db = rowSum(dA). */
export function biasGradientWords(
  letters: AffineLetters,
  ...remark: [] | [en: string, ja: string]
): Explanation {
  const { b: bias, A, out } = letters, db = gradient(bias), dA = gradient(A);
  const b = `${bias}[${out}]`;
  return {
    title: t(
      `Equation (3): gradient of the biases ${bias}`,
      `式 (3): バイアス ${bias} についての偏微分`,
    ),
    meaning: t(`∂E/∂${bias}: the sum of each row of ${dA}`, `∂E/∂${bias}。${dA} の各行の和`),
    remarks: remark.length === 0 ? [] : [t(...remark)],
    equations: ["3", "affine"],
    report: {
      equation: "∂E/∂b = rowSum(∂E/∂Y)",
      where: t(
        `corrected; the report prints rowSum(∂E/∂Y Xᵀ). With Y = ${A}, b = ${bias}`,
        `訂正後の式。レポートでは rowSum(∂E/∂Y Xᵀ)。ここでは Y = ${A}、b = ${bias}`,
      ),
    },
    derivation: chain(letters, {
      of: b,
      derivative: "1",
      index: "i",
      only: t(
        `${b} is added once; other rows of ${A} do not depend on it`,
        `${b} は一度だけ足される。${A} のほかの行は ${b} に依存しない`,
      ),
      through: everyImage(b, letters),
      sums: [`Σ_i ${dA}[${out},i]`],
      matrices: `${db} = rowSum(${dA})`,
    }),
    workings: (step) => {
      const o = at(step, out), terms = range(step.sizes.B).map((i) => entry(step, dA, o, i));
      return [working(step, db, o, 0, sum(terms))];
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
  { of, derivative, index, only, through, sums, matrices }:
    & Readonly<Record<"of" | "derivative" | "index" | "matrices", string>>
    & Readonly<Record<"only" | "through", Text>>
    & { readonly sums: readonly string[] },
): DerivationLine[] {
  const a = `${letters.A}[${letters.out},i]`, left = `∂E/∂${of}`;
  return [
    line(layer(letters)),
    { equation: `∂${a}/∂${of} = ${derivative}`, why: only },
    { equation: `${left} = Σ_${index} ∂E/∂${a} ∂${a}/∂${of}`, why: through },
    ...sums.map((sum) => line(`${" ".repeat(left.length)} = ${sum}`)),
    line(matrices),
  ];
}

/** Why a gradient is a sum over the batch. */
function everyImage(of: string, { A, out }: AffineLetters): Text {
  const a = `${A}[${out},i]`;
  return t(
    `chain rule: ${of} acts on E through ${a} of every image i`,
    `連鎖律。${of} はすべての画像 i の ${a} を通して E に影響する`,
  );
}

/** The letters here for the report's letters. */
function inPlaceOf(letters: Readonly<Record<string, string>>): Text {
  const pairs = Object.entries(letters).filter(([report, here]) => report !== here)
    .map(([report, here]) => `${report} = ${here}`);
  return t(`with ${pairs.join(", ")}`, `ここでは ${pairs.join("、")}`);
}

/** The symbol of ∂E/∂Q. */
const gradient = <Symbol extends string>(symbol: Symbol): `d${Symbol}` => `d${symbol}`;

/** The axis of an index: m runs over M. */
const axis = (index: "d" | "m" | "k") => index.toUpperCase() as "D" | "M" | "K";

/** The place in focus of an index, and all its places. */
const at = (step: ExplainedStep, index: "d" | "m" | "k") => step.focus[axis(index)];
const size = (step: ExplainedStep, index: "d" | "m" | "k") => range(step.sizes[axis(index)]);
