/**
 * Every gradient of the training step, with the function that it is the gradient of, for
 * `gradcheck`.
 *
 * @module
 */

import { type AnyMatrix, Matrix } from "../math/matrix.ts";
import { dim } from "../math/shape.ts";
import { backward, type Batch, forward, type Parameters } from "../network/network.ts";
import { crossEntropy, meanLoss, oneHot } from "../network/softmax_cross_entropy.ts";
import {
  type AnyStepValues,
  type Quantity,
  type Replacements,
  runStep,
  type RunTimeMatrix,
  STEP,
  type StepSymbol,
} from "../network/step.ts";
import { type GradientError, gradientError, numericalDerivatives } from "./gradient_check.ts";

/** The part that is checked: a layer by itself, or the whole network. */
export type CheckedPart = Exclude<Quantity["layer"], "sgd"> | "network";

/** One gradient, to be compared with differences. */
export interface LayerCheck {
  /** The layer, or the network. */
  readonly part: CheckedPart;
  /** The gradient's name: `affine dW2`. */
  readonly name: string;
  /** The function that computes it. */
  readonly by: string;
  /** The file of that function. */
  readonly file: string;
  /** The gradient that this function returned. */
  readonly analytic: AnyMatrix;
  /** Compares the given entries (positions in `analytic.data`) with differences. */
  compare(entries: Uint32Array): GradientError;
}

/** Functions to check in place of the network's own, to show that wrong ones are found. */
export interface CheckedFunctions<
  D extends number,
  M extends number,
  K extends number,
  B extends number,
> {
  /** In place of the table's. */
  readonly replaced?: Replacements<D, M, K, B>;
  /** In place of {@linkcode backward}. */
  readonly backward?: typeof backward;
}

/** The gradients, from the loss backwards. */
const GRADIENTS = STEP.flatMap(({ gradientOf, layer, ...quantity }) =>
  gradientOf === undefined || layer === "sgd" ? [] : [{ ...quantity, gradientOf, layer }]
);

/** The layers in that order, and the network. */
export const CHECKED_PARTS: readonly CheckedPart[] = [
  ...new Set(GRADIENTS.map(({ layer }) => layer)),
  "network",
];

/**
 * All gradients of one training step, from the loss backwards: first those of the table, each by
 * itself, then those of the parameters as {@linkcode backward} returns them, by the loss of the
 * whole network.
 *
 * By itself means that the gradient with respect to the layer's output is taken as correct. The
 * output Y is not a number, so the layer's gradients are checked as those of E = Σ C ∘ Y, for which
 * ∂E/∂Y = C for any C. Here C is the gradient that this step computes for Y. If C is wrong, the
 * layer's own gradients still pass, so the first check that fails is where the mistake is.
 *
 * @param parameters W1, b1, W2, b2
 * @param batch images and their classes
 * @param functions the functions to check
 * @throws {ShapeError} if the shapes do not fit
 */
export function layerChecks<
  D extends number,
  M extends number,
  K extends number,
  B extends number,
>(
  parameters: Parameters<D, M, K>,
  batch: Batch<NoInfer<D>, B>,
  { replaced = {}, backward: whole = backward }: CheckedFunctions<D, M, K, B> = {},
): LayerCheck[] {
  const step = runStep(parameters, batch, 1, replaced);
  const compute = (quantity: Quantity, values: AnyStepValues) =>
    (replaced[quantity.symbol]?.(values as typeof step) ?? quantity.compute(values)) as never;
  const matrices = anyMatrices(step);
  const layers = GRADIENTS.map(({ symbol, gradientOf, layer, by, file }) => {
    const f = lossOf(gradientOf, step, compute);
    return check(layer, symbol, { by, file }, matrices[symbol]!, matrices[gradientOf]!, f);
  });

  const { X, labels } = batch, activations = forward(parameters, X);
  const onehot = oneHot(activations.A2, labels);
  const loss = (p: typeof parameters) => meanLoss(crossEntropy(forward(p, X).A2, onehot)).at(0, 0);
  const source = { by: backward.name, file: "lib/network/network.ts" };
  const gradients = anyMatrices(whole(parameters, activations, labels).gradients);
  const network = GRADIENTS.filter(({ gradientOf }) => gradientOf in parameters)
    .map(({ symbol, gradientOf }) => {
      const f = (moved: RunTimeMatrix) => loss({ ...parameters, [gradientOf]: moved });
      return check("network", symbol, source, gradients[gradientOf]!, matrices[gradientOf]!, f);
    });
  return [...layers, ...network];
}

/** Matrices by name, of any size. */
function anyMatrices(matrices: object): Readonly<Record<string, RunTimeMatrix>> {
  return matrices as Record<string, RunTimeMatrix>;
}

/**
 * The number whose gradient with respect to a quantity is checked: Σ C ∘ Y for the layer that takes
 * the quantity, or E if there is no gradient between them.
 */
function lossOf(
  symbol: StepSymbol,
  step: AnyStepValues,
  compute: (quantity: Quantity, values: AnyStepValues) => RunTimeMatrix,
): (moved: RunTimeMatrix) => number {
  const output = STEP.find(({ from, symbol: output }) =>
    from.includes(symbol) && GRADIENTS.some(({ gradientOf }) => gradientOf === output)
  );
  if (output !== undefined) {
    const { symbol: gradient } = GRADIENTS.find(({ gradientOf }) => gradientOf === output.symbol)!;
    const C = step[gradient] as RunTimeMatrix;
    return (moved) => innerProduct(C, compute(output, { ...step, [symbol]: moved }));
  }
  const after = STEP.findIndex((quantity) => quantity.symbol === symbol) + 1;
  const rest = STEP.slice(after).filter(({ pass }) => pass === "forward");
  return (moved) => {
    const values: Record<string, unknown> = { ...step, [symbol]: moved };
    for (const quantity of rest) values[quantity.symbol] = compute(quantity, values);
    return (values.E as RunTimeMatrix).at(0, 0);
  };
}

/**
 * The entries of a gradient to check: all, or the largest and as many drawn from the rest.
 *
 * @param most the largest number of entries, at least 2
 * @param random draws the order of all entries, such as a RandomState
 * @returns positions in `gradient.data`, each once
 */
export function entriesToCheck(
  { data }: AnyMatrix,
  most: number,
  random: { permutation(count: number): ArrayLike<number> },
): Uint32Array<ArrayBuffer> {
  if (data.length <= most) return Uint32Array.from(data, (_, entry) => entry);
  // a NaN must not be passed over
  const size = Float64Array.from(data, (x) => Number.isNaN(x) ? Infinity : Math.abs(x));
  const descending = Uint32Array.from(data, (_, i) => i).sort((a, b) =>
    size[a] === size[b] ? a - b : size[b]! - size[a]!
  );
  const chosen = new Set(descending.subarray(0, Math.ceil(most / 2)));
  const drawn = random.permutation(data.length);
  for (let i = 0; chosen.size < most; i++) chosen.add(drawn[i]!);
  return Uint32Array.from(chosen);
}

function check(
  part: CheckedPart,
  symbol: string,
  source: Pick<LayerCheck, "by" | "file">,
  analytic: RunTimeMatrix,
  X: RunTimeMatrix,
  f: (X: RunTimeMatrix) => number,
): LayerCheck {
  const compare = (entries: Uint32Array): GradientError => {
    const count = dim("entries", entries.length);
    const checked = Matrix.of(1, count, Array.from(entries, (entry) => analytic.data[entry]!));
    const numerical = Matrix.of(1, count, numericalDerivatives(f, X, entries));
    const found = gradientError(checked, numerical), worst = entries[found.column]!;
    return { ...found, row: Math.floor(worst / X.columns), column: worst % X.columns };
  };
  return { part, name: `${part} ${symbol}`, ...source, analytic, compare };
}

/** Σ C ∘ Y: a number made of a layer's output Y, with ∂/∂Y = C. */
export function innerProduct<R extends number, C extends number>(
  C: Matrix<R, C>,
  Y: Matrix<R, C>,
): number {
  return C.zip(Y, (c, y) => c * y).data.reduce((sum, x) => sum + x, 0);
}
