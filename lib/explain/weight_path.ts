// The path of one weight of the first layer: forward to the loss, and back as the chain rule's
// product, also with the weight changed or a factor left out; any gradient by finite differences.
import { exp } from "../math/exp.ts";
import { log } from "../math/log.ts";
import { type AnyMatrix, Matrix } from "../math/matrix.ts";
import { dim } from "../math/shape.ts";
import { type ComputedSymbol, lazyStep, type MatrixSymbol, QUANTITIES } from "../network/step.ts";
import { batchStep, type ExplainedStep, range, type StepReplacements } from "./explained_step.ts";

/**
 * A factor of the product that can be left out, everywhere, as a program would; the first quantity
 * that is wrong without it, and the mistake of the same equation, if people make it.
 */
export interface Cut {
  readonly id: "weight" | "target" | "others" | "1-y" | "y" | "pixel";
  readonly quantity: ComputedSymbol;
  readonly mistake?: string;
}

/** The factors, in the order in which a program meets them. */
export const CUTS: readonly Cut[] = [
  { id: "target", quantity: "dA2", mistake: "dA2/onehot-lost" },
  { id: "others", quantity: "dA2", mistake: "dA2/right-class-only" },
  { id: "weight", quantity: "dY1" },
  { id: "1-y", quantity: "dA1", mistake: "dA1/1-y-lost" },
  { id: "y", quantity: "dA1", mistake: "dA1/y-lost" },
  { id: "pixel", quantity: "dW1" },
];

/** The part of a path that is one image's. */
type ImagePath = ReturnType<typeof weightPath>["images"][number];

/**
 * The path of W1[M,D], where M and D are those in focus. A changed weight moves one unit, so that
 * the whole path takes K exponentials for each image. If nothing is changed, `gradient` is the
 * entry of dW1 bit for bit, and so are the others those of their quantities.
 */
export function weightPath(
  { values, focus: { M, D }, sizes }: ExplainedStep,
  { weight = values.W1.at(M, D), cut }: { weight?: number; cut?: Cut["id"] | undefined } = {},
) {
  const { X, A1, A2, Y1, W1, W2, labels } = values, change = weight - W1.at(M, D);
  const images = range(sizes.B).map((image) => {
    const input = X.at(D, image), sum = A1.at(M, image) + change * input;
    const output = 1 / (1 + exp(-sum)), moved = output - Y1.at(M, image);
    const scores = range(sizes.K).map((k) => A2.at(k, image) + W2.at(k, M) * moved);
    // the order of these operations is that of the layers
    const max = scores.reduce((a, b) => b > a ? b : a), right = labels.values[image]!;
    const powers = scores.map((score) => exp(score - max)), total = powers.reduce(add, 0);
    // what each class tells the unit: its part of dY1
    const classes = powers.map((power, k) => {
      const probability = power / total, target = k === right ? 1 : 0, weight = W2.at(k, M);
      const isCut = cut === "others" && k !== right;
      const error = isCut ? 0 : (probability - (cut === "target" ? 0 : target)) / sizes.B;
      const message = cut === "weight" ? error : weight * error;
      return { weight, probability, target, error, message };
    });
    // errors alone sum to 0, but for rounding
    const told = cut === "weight" ? 0 : classes.map(({ message }) => message).reduce(add, 0);
    const y = cut === "y" ? 1 : output, rest = cut === "1-y" ? 1 : 1 - output;
    const slope = rest * y, passed = told * rest * y;
    const product = cut === "pixel" ? passed : passed * input;
    const loss = log(total) - (scores[right]! - max);
    return { input, sum, output, classes, told, slope, passed, product, loss };
  });
  return {
    weight,
    images,
    gradient: images.map(({ product }) => product).reduce(add, 0),
    loss: images.map(({ loss }) => loss).reduce(add, 0) / sizes.B,
  };
}

/** What a program without a factor computes. */
const WITHOUT: Readonly<Record<Cut["id"], StepReplacements>> = {
  target: { dA2: ({ P }) => P.scale(1 / P.columns) },
  others: { dA2: ({ P, onehot }) => P.zip(onehot, (p, one) => one * (p - one) / P.columns) },
  // each column of dA2 sums to 0
  weight: { dY1: ({ Y1 }) => Y1.scale(0) },
  "1-y": { dA1: ({ dY1, Y1 }) => dY1.zip(Y1, (dy, y) => dy * y) },
  y: { dA1: ({ dY1, Y1 }) => dY1.zip(Y1, (dy, y) => dy * (1 - y)) },
  pixel: { dW1: ({ dA1, X }) => dA1.multiply(X.map(() => 1).transposed) },
};

/** The same step of a program without a factor. */
export function stepWithout(step: ExplainedStep, cut: Cut["id"] | undefined): ExplainedStep {
  const { data, batchIndices, values, focus } = step;
  if (cut === undefined) return step;
  return batchStep(data, [...batchIndices.values], values, values.η, focus, WITHOUT[cut]);
}

/** The loss h below a weight and h above it, and the slope between. */
export function secant(step: ExplainedStep, h: number, weight: number) {
  const lossAt = (change: number) => weightPath(step, { weight: weight + change }).loss;
  const below = lossAt(-h), above = lossAt(h);
  return { below, above, slope: (above - below) / (2 * h) };
}

/** The classes with the largest messages, from the largest on. */
export function leadingClasses({ classes }: ImagePath, count = 2): number[] {
  const size = (k: number) => Math.abs(classes[k]!.message);
  return range(classes.length).sort((a, b) => size(b) - size(a)).slice(0, count);
}

function add(a: number, b: number): number {
  return a + b;
}

/** The curve of the loss moves a finite difference by about h², its rounding by 10⁻¹⁶ / h. */
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
