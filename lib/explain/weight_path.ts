// The path of one weight of the first layer: forward to the loss, and back as the chain rule's
// product, also with the weight changed or a factor left out.
import { exp } from "../math/exp.ts";
import { log } from "../math/log.ts";
import type { ComputedSymbol } from "../network/step.ts";
import { type ExplainedStep, range } from "./explained_step.ts";

/** A factor of the product that can be left out, everywhere, as a program would. */
export interface Cut {
  readonly id: "weight" | "target" | "others" | "1-y" | "y" | "slope" | "pixel";
  /** The first quantity that is wrong without it. */
  readonly quantity: ComputedSymbol;
  /** The mistake of the same equation, if people make it. */
  readonly mistake?: string;
}

/** The factors, in the order in which a program meets them. */
export const CUTS: readonly Cut[] = [
  { id: "target", quantity: "dA2", mistake: "dA2/onehot-lost" },
  { id: "others", quantity: "dA2", mistake: "dA2/right-class-only" },
  { id: "weight", quantity: "dY1" },
  { id: "1-y", quantity: "dA1", mistake: "dA1/1-y-lost" },
  { id: "y", quantity: "dA1", mistake: "dA1/y-lost" },
  { id: "slope", quantity: "dA1", mistake: "dA1/sigmoid-skipped" },
  { id: "pixel", quantity: "dW1" },
];

/** What one class tells the unit. */
export interface ClassMessage {
  /** W2 from the unit to the class. */
  readonly weight: number;
  readonly probability: number;
  /** 1 for the right class, else 0. */
  readonly target: number;
  /** (probability - target) / B: dA2. */
  readonly error: number;
  /** weight · error: the class's part of dY1. */
  readonly message: number;
}

/** The path for one image of the batch. */
export interface ImagePath {
  /** The pixel from 0 to 1, the unit's sum and its output: entries of X, A1 and Y1. */
  readonly input: number;
  readonly sum: number;
  readonly output: number;
  readonly classes: readonly ClassMessage[];
  /** The messages' sum, that times the sigmoid's slope, and that times the pixel. */
  readonly told: number;
  readonly passed: number;
  readonly product: number;
  readonly loss: number;
}

/** The path for a batch. */
export interface WeightPath {
  readonly weight: number;
  readonly images: readonly ImagePath[];
  /** The sum of the products: the entry of dW1, to the bit if nothing is changed. */
  readonly gradient: number;
  /** E: the mean of the losses. */
  readonly loss: number;
}

/**
 * The path of W1[M,D], where M and D are those in focus. A changed weight moves one unit, so that
 * the whole path takes K exponentials for each image.
 */
export function weightPath(
  { values, focus: { M, D }, sizes }: ExplainedStep,
  { weight = values.W1.at(M, D), cut }: { weight?: number; cut?: Cut["id"] | undefined } = {},
): WeightPath {
  const { X, A1, A2, Y1, W1, W2, labels } = values, change = weight - W1.at(M, D);
  const images = range(sizes.B).map((image): ImagePath => {
    const input = X.at(D, image), sum = A1.at(M, image) + change * input;
    const output = 1 / (1 + exp(-sum)), moved = output - Y1.at(M, image);
    const scores = range(sizes.K).map((k) => A2.at(k, image) + W2.at(k, M) * moved);
    // the order of these operations is that of the layers
    const max = scores.reduce((a, b) => b > a ? b : a), right = labels.values[image]!;
    const powers = scores.map((score) => exp(score - max)), total = powers.reduce(add, 0);
    const classes = powers.map((power, k): ClassMessage => {
      const probability = power / total, target = k === right ? 1 : 0, weight = W2.at(k, M);
      const isCut = cut === "others" && k !== right;
      const error = isCut ? 0 : (probability - (cut === "target" ? 0 : target)) / sizes.B;
      const message = cut === "weight" ? error : weight * error;
      return { weight, probability, target, error, message };
    });
    const told = classes.map(({ message }) => message).reduce(add, 0);
    const passed = told * (cut === "1-y" || cut === "slope" ? 1 : 1 - output) *
      (cut === "y" || cut === "slope" ? 1 : output);
    const product = cut === "pixel" ? passed : passed * input;
    const loss = log(total) - (scores[right]! - max);
    return { input, sum, output, classes, told, passed, product, loss };
  });
  return {
    weight,
    images,
    gradient: images.map(({ product }) => product).reduce(add, 0),
    loss: images.map(({ loss }) => loss).reduce(add, 0) / sizes.B,
  };
}

/** The slope of the loss between h below the weight and h above it. */
export function secantSlope(step: ExplainedStep, h: number): number {
  const { weight } = weightPath(step);
  const lossAt = (change: number) => weightPath(step, { weight: weight + change }).loss;
  return (lossAt(h) - lossAt(-h)) / (2 * h);
}

/** The classes whose messages are large, by their number, and what all others tell together. */
export function leadingClasses(
  { classes }: ImagePath,
  count: number,
): { readonly leading: readonly number[]; readonly rest: number } {
  const bySize = range(classes.length).sort((a, b) =>
    Math.abs(classes[b]!.message) - Math.abs(classes[a]!.message)
  );
  const leading = bySize.slice(0, count).sort((a, b) => a - b);
  const rest = classes.map(({ message }, k) => leading.includes(k) ? 0 : message).reduce(add, 0);
  return { leading, rest };
}

function add(a: number, b: number): number {
  return a + b;
}
