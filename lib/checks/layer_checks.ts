// Every gradient of the training step, with the function that it is the gradient of: `gradcheck`.
import type { AnyMatrix, RunTimeMatrix } from "../math/matrix.ts";
import { maxAbs } from "../math/max_abs.ts";
import { backward, type Batch, forward, type Parameters } from "../network/network.ts";
import {
  type AnyStepValues,
  lazyStep,
  type Quantity,
  type Replacements,
  runStep,
  STEP,
  type StepSymbol,
} from "../network/step.ts";
import { lossOfParameters } from "./directional_check.ts";
import { type GradientError, innerProduct, partialDerivative } from "./gradient_check.ts";
import { OUTPUT_GRADIENTS, outputRounding } from "./rounding.ts";
import { compareWithDifferences, type Verdict, WIDEST_STEP } from "./verdict.ts";

/** The part that is checked: a layer by itself, or the whole network. */
export type CheckedPart = Exclude<Quantity["layer"], "sgd"> | "network";

/** The greatest error of a right gradient; they have up to 1e-10, wrong ones above 1e-3. */
export const GRADIENT_BOUND = 1e-9;

/** A gradient compared with differences: where it differs most, and the verdict. */
export interface CheckedError extends GradientError {
  /** How far rounding may move the differences. */
  readonly uncertainty: number;
  /** `wrong` if one of the entries is wrong, else `undecided` if one is, else `right`. */
  readonly verdict: Verdict;
}

/** One gradient, such as `affine dW2`, which the function `by` returned. */
export interface LayerCheck {
  readonly part: CheckedPart;
  readonly name: string;
  readonly by: string;
  readonly file: string;
  readonly analytic: AnyMatrix;
  /** Compares entries (positions in `analytic.data`); calls `onEntry` after each. */
  compare(entries: Uint32Array, onEntry?: () => void): CheckedError;
}

/** Functions to check instead of the network's own, to show that wrong ones are found. */
export interface CheckedFunctions<
  D extends number,
  M extends number,
  K extends number,
  B extends number,
> {
  /** In place of the table's. */
  readonly replaced?: Replacements<D, M, K, B>;
  /** In place of `backward`. */
  readonly backward?: typeof backward;
  /** η of the step, which a replaced gradient may take; 1 by default. */
  readonly learningRate?: number;
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
 * All gradients of a training step, from the loss backwards: those of the table, each by itself, as
 * those of E = Σ C ∘ Y of the layer's output Y, where C is the ∂E/∂Y of the step; then those that
 * `backward` returns, by the loss. The first check that fails is where the mistake is.
 */
export function layerChecks<
  D extends number,
  M extends number,
  K extends number,
  B extends number,
>(
  parameters: Parameters<D, M, K>,
  batch: Batch<NoInfer<D>, B>,
  { replaced = {}, backward: whole = backward, learningRate = 1 }: CheckedFunctions<D, M, K, B> =
    {},
): LayerCheck[] {
  const step = runStep(parameters, batch, learningRate, replaced);
  const compute = (quantity: Quantity, values: AnyStepValues) =>
    (replaced[quantity.symbol]?.(values as typeof step) ?? quantity.compute(values)) as never;
  const matrices = anyMatrices(step), inputs = { X: step.X, labels: batch.labels, ...parameters };
  const loss = lossOfParameters(parameters, batch);
  const layers = GRADIENTS.map(({ symbol, gradientOf, layer, by, file }) => {
    const after = (moved: RunTimeMatrix) =>
      lazyStep({ ...inputs, [gradientOf]: moved }, replaced as never).E.at(0, 0);
    const own = lossOfLayer(gradientOf, step, compute) ?? { f: after, rounding: loss.rounding };
    return check(layer, symbol, { by, file }, matrices[symbol]!, matrices[gradientOf]!, own);
  });

  const { X, labels } = batch, activations = forward(parameters, X);
  const source = { by: backward.name, file: "lib/network/network.ts" };
  const gradients = anyMatrices(whole(parameters, activations, labels).gradients);
  const network = GRADIENTS.filter(({ gradientOf: Q }) => Q in parameters)
    .map(({ symbol, gradientOf: Q }) => {
      const f = (moved: RunTimeMatrix) => loss.f({ ...parameters, [Q]: moved });
      return check("network", symbol, source, gradients[Q]!, matrices[Q]!, { ...loss, f });
    });
  return [...layers, ...network];
}

/** Matrices by name, of any size. */
const anyMatrices = (matrices: object) => matrices as Readonly<Record<string, RunTimeMatrix>>;

/** Computes a quantity from those before it. */
type Compute = (quantity: Quantity, values: AnyStepValues) => RunTimeMatrix;

/** The number whose gradient with respect to a matrix is checked, and how far rounding moves it. */
interface Loss {
  readonly f: (moved: RunTimeMatrix) => number;
  readonly rounding: number;
}

/** Σ C ∘ Y of the layer that takes a quantity; undefined if no gradient of its output is known. */
function lossOfLayer(symbol: StepSymbol, step: AnyStepValues, compute: Compute): Loss | undefined {
  const output = STEP.find((one) => one.from.includes(symbol) && OUTPUT_GRADIENTS.has(one.symbol));
  if (output === undefined) return undefined;
  const C = step[OUTPUT_GRADIENTS.get(output.symbol)!] as RunTimeMatrix;
  const from = (values: AnyStepValues) => compute(output, values);
  return {
    f: (moved) => innerProduct(C, from({ ...step, [symbol]: moved })),
    rounding: outputRounding(output, step, from),
  };
}

/** The entries to check: all, or of `most` half the largest and half drawn. */
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

/** The check of one gradient, which is that of `f` at X. */
function check(
  part: CheckedPart,
  symbol: string,
  source: Pick<LayerCheck, "by" | "file">,
  analytic: RunTimeMatrix,
  X: RunTimeMatrix,
  { f, rounding }: Loss,
): LayerCheck {
  const compare = (entries: Uint32Array, onEntry?: () => void): CheckedError => {
    const derivative = partialDerivative(f, X);
    const allowed = GRADIENT_BOUND * maxAbs(Array.from(entries, (entry) => analytic.data[entry]!));
    const tolerances = { widest: WIDEST_STEP, rounding, allowed };
    const compared = Array.from(entries, (entry) => {
      const own = analytic.data[entry]!;
      const result = compareWithDifferences(own, (h) => derivative(entry, h), tolerances);
      onEntry?.();
      return { ...result, entry, analytic: own, difference: Math.abs(own - result.numerical) };
    });
    const verdict = (["wrong", "undecided", "right"] as const)
      .find((verdict) => compared.some((one) => one.verdict === verdict))!;
    // of those with that verdict, the entry that differs most; comparisons with NaN are false
    const worst = compared.filter((one) => one.verdict === verdict).reduce((most, one) =>
      one.difference > most.difference || Number.isNaN(one.difference) ? one : most
    );
    const scale = maxAbs(compared.flatMap(({ analytic, numerical }) => [analytic, numerical]));
    return {
      error: scale === 0 ? 0 : worst.difference / scale,
      scale,
      row: Math.floor(worst.entry / X.columns),
      column: worst.entry % X.columns,
      analytic: worst.analytic,
      numerical: worst.numerical,
      uncertainty: maxAbs(compared.map((one) => one.uncertainty)),
      verdict,
    };
  };
  return { part, name: `${part} ${symbol}`, ...source, analytic, compare };
}
