// The check of every gradient of the training step by finite differences, and what its results say:
// `gradcheck`.
import type { AnyMatrix, RunTimeMatrix } from "../math/matrix.ts";
import type { Dim } from "../math/shape.ts";
import { maxAbs } from "../math/max_abs.ts";
import {
  type AnyParameters,
  backward,
  type Batch,
  forward,
  mapParameters,
  zipParameters,
} from "../network/network.ts";
import { crossEntropy, meanLoss } from "../network/softmax_cross_entropy.ts";
import {
  type AnyStepValues,
  lazyStep,
  type Quantity,
  type Replacements,
  runStep,
  STEP,
  type StepSymbol,
} from "../network/step.ts";
import type { RandomState } from "../random/random_state.ts";
import { extrapolatedDifference, innerProduct, norm, partialDerivative } from "./gradient_check.ts";
import {
  compareWithDifferences,
  lossRounding,
  OUTPUT_GRADIENTS,
  outputRounding,
  WIDEST_STEP,
} from "./verdict.ts";

type AnyBatch = Batch<Dim<"inputs">, Dim<"batch">>;

/** The part that is checked: a layer by itself, or the whole network. */
export type CheckedPart = Exclude<Quantity["layer"], "sgd"> | "network";

/** The greatest error of a right gradient; they have up to 1e-10, wrong ones above 1e-3. */
export const GRADIENT_BOUND = 1e-9;

/** One gradient, such as `affine dW2`, which the function `by` returned. */
export type LayerCheck = ReturnType<typeof check>;

/** Functions to check instead of the network's own, to show that wrong ones are found. */
export interface CheckedFunctions {
  readonly replaced?: Replacements<Dim<"inputs">, Dim<"hidden">, Dim<"classes">, Dim<"batch">>;
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
export function layerChecks(
  parameters: AnyParameters,
  batch: AnyBatch,
  { replaced = {}, backward: whole = backward, learningRate = 1 }: CheckedFunctions = {},
) {
  const step = runStep(parameters, batch, learningRate, replaced);
  const matrices = anyMatrices(step), inputs = { X: step.X, labels: batch.labels, ...parameters };
  const loss = lossOfParameters(parameters, batch);

  /** Σ C ∘ Y of the layer that takes a quantity, if the gradient of its output is known. */
  const lossOfLayer = (symbol: StepSymbol): Loss | undefined => {
    const output = STEP.find(({ symbol: output, from }) =>
      from.includes(symbol) && OUTPUT_GRADIENTS.has(output)
    );
    if (output === undefined) return undefined;
    const C = matrices[OUTPUT_GRADIENTS.get(output.symbol)!]!;
    const compute = (values: AnyStepValues) =>
      (replaced[output.symbol]?.(values as typeof step) ?? output.compute(values)) as RunTimeMatrix;
    const f = (moved: RunTimeMatrix) => innerProduct(C, compute({ ...step, [symbol]: moved }));
    return { f, rounding: outputRounding(output, step, compute) };
  };
  const layers = GRADIENTS.map(({ symbol, gradientOf, layer, by, file }) => {
    const after = (moved: RunTimeMatrix) =>
      lazyStep({ ...inputs, [gradientOf]: moved }, replaced as never).E.at(0, 0);
    const own = lossOfLayer(gradientOf) ?? { f: after, rounding: loss.rounding };
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

/** The number whose gradient with respect to a matrix is checked, and how far rounding moves it. */
interface Loss {
  readonly f: (moved: RunTimeMatrix) => number;
  readonly rounding: number;
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
  source: { readonly by: string; readonly file: string },
  analytic: RunTimeMatrix,
  X: RunTimeMatrix,
  { f, rounding }: Loss,
) {
  /** Compares entries (positions in `analytic.data`); calls `onEntry` after each. */
  const compare = (entries: Uint32Array, onEntry?: () => void) => {
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

/** A gradient, so many entries of which are compared with finite differences. */
export type CheckedGradient = ReturnType<typeof checkGradients>[number];

/** How to check all gradients, or those of a layer: at most so many entries of each, drawn. */
export interface CheckOptions {
  readonly layer?: CheckedPart;
  readonly entries: number;
  readonly random: RandomState;
  readonly onProgress?: (
    progress: { what: string; done: number; all: number; unit: "entries" },
  ) => void;
}

/** Compares all gradients, or those of a layer, with differences, from the loss backwards. */
export function checkGradients(
  parameters: AnyParameters,
  batch: AnyBatch,
  { layer, entries: most, random, onProgress }: CheckOptions,
  functions: CheckedFunctions = {},
) {
  const checks = layerChecks(parameters, batch, functions)
    .filter(({ part }) => layer === undefined || part === layer);
  const all = checks.reduce((sum, check) => sum + Math.min(check.analytic.data.length, most), 0);
  let done = 0;
  return checks.map((check) => {
    const entries = entriesToCheck(check.analytic, most, random);
    const onEntry = () => onProgress?.({ what: check.name, done: ++done, all, unit: "entries" });
    return { check, checked: entries.length, ...check.compare(entries, onEntry) };
  });
}

/** The greatest error of a right gradient along a direction. */
export const DIRECTION_BOUND = 1e-12;

/** How far the differences move all parameters together: farther than a single entry. */
const WIDEST_DIRECTION_STEP = 0.04;

/**
 * Compares the gradient with differences along one random direction through all parameters, in
 * which every entry takes part: no wrong one can be missed, but which one it is does not show.
 */
export function checkDirection(
  parameters: AnyParameters,
  batch: AnyBatch,
  random: { normal(mean: number, scale: number): number },
  { backward: whole = backward }: { readonly backward?: typeof backward } = {},
) {
  const { gradients } = whole(parameters, forward(parameters, batch.X), batch.labels);
  const drawn = mapParameters(parameters, (W) => W.map(() => random.normal(0, 1)));
  const drawnLength = Math.sqrt(inner(drawn, drawn));
  const direction = mapParameters(drawn, (V) => V.map((v) => v / drawnLength));
  const { f, rounding } = lossOfParameters(parameters, batch);
  const along = (t: number) =>
    f(zipParameters(parameters, direction, (W, V) => W.zip(V, (w, v) => w + t * v)));
  const analytic = inner(gradients, direction);
  // nearly every direction is nearly at a right angle to the gradient: the derivative along it is
  // the small sum of large terms, and has no meaningful error of its own
  const distance = length(direction), size = length(gradients) * distance;
  const tolerances = {
    widest: WIDEST_DIRECTION_STEP / distance,
    rounding,
    allowed: DIRECTION_BOUND * size,
  };
  const derivative = (h: number) => extrapolatedDifference(along, h);
  const compared = compareWithDifferences(analytic, derivative, tolerances);
  const scale = Math.max(size, Math.abs(compared.numerical));
  const error = scale === 0 ? 0 : Math.abs(analytic - compared.numerical) / scale;
  return { ...compared, error, scale, analytic };
}

export type DirectionalError = ReturnType<typeof checkDirection>;

/** E as a function of the parameters, and how far rounding may move it. */
function lossOfParameters(parameters: AnyParameters, batch: AnyBatch) {
  const step = runStep(parameters, batch, 1);
  const f = (moved: AnyParameters) =>
    meanLoss(crossEntropy(forward(moved, batch.X).A2, step.onehot)).at(0, 0);
  return { f, rounding: lossRounding(step) };
}

/** The sum of the products of all entries. */
function inner(a: AnyParameters, b: AnyParameters): number {
  return innerProduct(a.W1, b.W1) + innerProduct(a.b1, b.b1) + innerProduct(a.W2, b.W2) +
    innerProduct(a.b2, b.b2);
}

/** The length of the vector of all entries. */
function length({ W1, b1, W2, b2 }: AnyParameters): number {
  return Math.hypot(norm(W1), norm(b1), norm(W2), norm(b2));
}

/** Names the first wrong gradient from the loss backwards, if there is one, and its function. */
export function firstWrongGradient(results: readonly CheckedGradient[]): string | undefined {
  const wrong = results.find(({ verdict }) => verdict === "wrong");
  if (wrong === undefined) return undefined;
  const { check: { name, by, file }, row, column, analytic, numerical } = wrong;
  const layers = results.filter(({ check: { part } }) => part !== "network");
  const why = layers.length > 0 && layers.every(({ verdict }) => verdict === "right")
    ? "each layer by itself is right, so it connects them wrongly"
    : "the first that fails from the loss backwards";
  return `${name} is wrong at (${row}, ${column}): ${analytic}, by differences ${numerical}: ` +
    `see ${by}() in ${file}, ${why}`;
}

/** Says that the gradient is wrong along the direction, if it is. */
export function wrongDirection(
  { verdict, analytic, numerical }: DirectionalError,
): string | undefined {
  if (verdict !== "wrong") return undefined;
  return `the gradient of all parameters is wrong along a random direction: ${analytic}, ` +
    `by differences ${numerical}: see ${backward.name}() in lib/network/network.ts, ` +
    "and check more entries with --entries";
}

/** Names what the differences do not decide, if there is anything. */
export function undecidedGradients(
  results: readonly CheckedGradient[],
  direction?: DirectionalError,
): string | undefined {
  const all = [
    ...results.map(({ check: { name }, ...result }) => (
      { ...result, name, bound: GRADIENT_BOUND, of: "its largest entry" }
    )),
    ...direction === undefined
      ? []
      : [{ ...direction, name: "direction", bound: DIRECTION_BOUND, of: "|gradient| |direction|" }],
  ].filter(({ verdict }) => verdict === "undecided");
  const [first] = all;
  if (first === undefined) return undefined;
  const { name, bound, of, scale, numerical, uncertainty } = first;
  const why = Number.isFinite(numerical)
    ? `rounding may move the differences of ${name} by ${uncertainty.toExponential(1)}, ` +
      `more than ${bound.toExponential()} of ${of}, ${(bound * scale).toExponential(1)}`
    : `the differences of ${name} are ${numerical}`;
  return `${
    all.map(({ name }) => name).join(", ")
  } cannot be decided from these parameters: ${why}`;
}
