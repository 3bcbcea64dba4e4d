// The training step as one table: each quantity, its equation, and the function that computes it
// from earlier ones.
//
// Its functions are those of the layers, so that no equation is written twice; a test compares the
// table with `forward`, `backward` and `sgd`, bit for bit.
import type { Indices } from "../math/indices.ts";
import type { Matrix, RunTimeMatrix } from "../math/matrix.ts";
import type { Dim, Show } from "../math/shape.ts";
import { affine, affineBiasGradient, affineInputGradient, affineWeightGradient } from "./affine.ts";
import type { Activations, Backpropagation, Batch, Parameters } from "./network.ts";
import { descend } from "./sgd.ts";
import { sigmoid, sigmoidBackward } from "./sigmoid.ts";
import {
  crossEntropy,
  meanLoss,
  oneHot,
  softmax,
  softmaxCrossEntropyBackward,
} from "./softmax_cross_entropy.ts";

/**
 * The inputs of a training step, in the order of the listing.
 *
 * @category 3 Network
 */
export const STEP_INPUTS: readonly StepInput[] = Object.freeze([
  input("X", "D x B", "img"),
  input("labels", "B", "answer"),
  input("W1", "M x D", "W1"),
  input("b1", "M x 1", "b1"),
  input("W2", "K x M", "W2"),
  input("b2", "K x 1", "b2"),
  input("η", "1", "my"),
]);

// symbol, shape, name in the listing, function, what it is computed from, equation
// deno-fmt-ignore: one line for each quantity
const FORWARD = [
  row("A1",     "M x B", "input1",      { affine },       ["W1", "b1", "X"],  "W1 X + b1"),
  row("Y1",     "M x B", "output1",     { sigmoid },      ["A1"],             "1 / (1 + e^(-A1))"),
  row("A2",     "K x B", "input2",      { affine },       ["W2", "b2", "Y1"], "W2 Y1 + b2"),
  row("P",      "K x B", "output_last", { softmax },      ["A2"],             "e^(A2 - α) / Σ_k e^(A2 - α)"),
  row("onehot", "K x B", "onehot",      { oneHot },       ["A2", "labels"],   "[k = labels]"),
  row("L",      "1 x B", undefined,     { crossEntropy }, ["A2", "onehot"],   "ln Σ_k e^A2 - Σ_k onehot A2"),
  row("E",      "1 x 1", "crossE",      { meanLoss },     ["L"],              "Σ_i L / B"),
];

// deno-fmt-ignore
const BACKWARD = [
  row("dA2", "K x B", "delta_b",  { softmaxCrossEntropyBackward }, ["P", "onehot"], "(P - onehot) / B"),
  row("dW2", "K x M", "delta_W2", { affineWeightGradient },        ["Y1", "dA2"],   "dA2 Y1ᵀ"),
  row("db2", "K x 1", "delta_b2", { affineBiasGradient },          ["dA2"],         "rowSum(dA2)"),
  row("dY1", "M x B", "delta_y1", { affineInputGradient },         ["W2", "dA2"],   "W2ᵀ dA2"),
  row("dA1", "M x B", "delta_a",  { sigmoidBackward },             ["Y1", "dY1"],   "dY1 (1 - Y1) Y1"),
  row("dW1", "M x D", "delta_W1", { affineWeightGradient },        ["X", "dA1"],    "dA1 Xᵀ"),
  row("db1", "M x 1", "delta_b1", { affineBiasGradient },          ["dA1"],         "rowSum(dA1)"),
];

// deno-fmt-ignore
const UPDATE = [
  row("W1'", "M x D", "W1", { descend }, ["W1", "dW1", "η"], "W1 - η dW1"),
  row("b1'", "M x 1", "b1", { descend }, ["b1", "db1", "η"], "b1 - η db1"),
  row("W2'", "K x M", "W2", { descend }, ["W2", "dW2", "η"], "W2 - η dW2"),
  row("b2'", "K x 1", "b2", { descend }, ["b2", "db2", "η"], "b2 - η db2"),
];

/**
 * The training step, in the order in which its quantities are computed.
 *
 * @example
 * ```ts
 * import { STEP } from "@sanso/sanso";
 * import { strictEqual } from "node:assert/strict";
 *
 * const { equation, shape, listing, by } = STEP.find(({ symbol }) => symbol === "dW2")!;
 * strictEqual(`${listing} (${shape}): ${equation}`, "delta_W2 (K x M): dW2 = dA2 Y1ᵀ");
 * strictEqual(by, "affineWeightGradient");
 * ```
 *
 * @category 3 Network
 */
export const STEP: readonly Quantity[] = Object.freeze([
  ...FORWARD.map((row) => inPass(row, "forward")),
  ...BACKWARD.map((row) => inPass(row, "backward")),
  ...UPDATE.map((row) => inPass(row, "update")),
]);

/** Every input and quantity by its symbol. */
export const QUANTITIES = Object.fromEntries(
  [...STEP_INPUTS, ...STEP].map((one) => [one.symbol, one]),
) as Readonly<Record<InputSymbol, StepInput> & Record<ComputedSymbol, Quantity>>;

/**
 * Computes every quantity of one training step, from the parameters before it.
 *
 * @param replaced functions instead of the table's; what follows uses their results
 * @throws {ShapeError} if the shapes do not fit
 * @throws {RangeError} if a label is not below K
 *
 * @example A right step, and one with a mistake: the sum over the batch instead of the mean
 * ```ts
 * import { Indices, initialise, Matrix, RandomState, runStep } from "@sanso/sanso";
 * import { strictEqual } from "node:assert/strict";
 *
 * const parameters = initialise(4, 3, 2, new RandomState(601));
 * const batch = { X: Matrix.zeros(4, 2), labels: Indices.of(2, [1, 0]) };
 * const right = runStep(parameters, batch, 0.1);
 * const wrong = runStep(parameters, batch, 0.1, {
 *   dA2: ({ P, onehot }) => P.zip(onehot, (p, y) => p - y),
 * });
 * strictEqual(wrong.db2.at(0, 0), 2 * right.db2.at(0, 0));
 * ```
 *
 * @category 3 Network
 */
export function runStep<D extends number, M extends number, K extends number, B extends number>(
  parameters: Parameters<D, M, K>,
  batch: Batch<NoInfer<D>, B>,
  learningRate: number,
  replaced: Replacements<D, M, K, B> = {},
): StepValues<D, M, K, B> {
  const { W1, b1, W2, b2 } = parameters, { X, labels } = batch;
  const given = { X, labels, W1, b1, W2, b2, η: learningRate };
  // casts, because the sizes of a lazy step have one type
  const step = lazyStep(given, replaced as unknown as RunTimeReplacements);
  const all = [...STEP_INPUTS, ...STEP].map(({ symbol }) => [symbol, step[symbol]] as const);
  return Object.fromEntries(all) as unknown as StepValues<D, M, K, B>;
}

/**
 * A step whose quantities are computed when they are first asked for, but for those that are given:
 * E of other weights is `lazyStep({ ...inputs, W1 }).E`. As long as nothing that follows from it
 * has been asked for, `given` may be added to.
 */
export function lazyStep(given: AnyStepValues, replaced: RunTimeReplacements = {}): RunTimeStep {
  const step = Object.create(GETTERS);
  step[STATE] = { step, given, replaced, computed: new Map() };
  return step;
}

/** The state of a lazy step, which those that are created from it share. */
interface LazyState {
  readonly step: RunTimeStep;
  readonly given: AnyStepValues;
  readonly replaced: RunTimeReplacements;
  readonly computed: Map<StepSymbol, unknown>;
}

const STATE = Symbol();

/** The getters of all lazy steps: to define them for each would take longer than a small step. */
const GETTERS = Object.defineProperties(
  {},
  Object.fromEntries(
    Object.values(QUANTITIES).map((one) => {
      const { symbol } = one;
      const value = ({ step, given, replaced }: LazyState) => {
        if (symbol === "X") return replaced.X?.(given as RunTimeStep) ?? given.X;
        if (!("compute" in one) || Object.hasOwn(given, symbol)) return given[symbol];
        return replaced[one.symbol]?.(step) ?? one.compute(step);
      };
      const get = function (this: { readonly [STATE]: LazyState }) {
        const { computed } = this[STATE];
        if (!computed.has(symbol)) computed.set(symbol, value(this[STATE]));
        return computed.get(symbol);
      };
      return [symbol, { get }];
    }),
  ),
);

/**
 * Every quantity of a training step, by its symbol.
 *
 * @category 3 Network
 */
export interface StepValues<
  D extends number,
  M extends number,
  K extends number,
  B extends number,
> extends
  Batch<D, B>,
  Parameters<D, M, K>,
  Activations<D, M, K, B>,
  Omit<Backpropagation<D, M, K, B>, "gradients">,
  Changes<Parameters<D, M, K>> {
  /** The learning rate. */
  readonly η: number;
  /** The right classes, K x B. */
  readonly onehot: Matrix<K, B>;
  /** The loss of each example, 1 x B. */
  readonly L: Matrix<1, B>;
  /** Their mean, 1 x 1. */
  readonly E: Matrix<1, 1>;
}

/** @internal Of each parameter W1 its gradient, dW1, and what it is after the step, W1'. */
type Changes<P> = { readonly [Name in keyof P & string as `d${Name}` | `${Name}'`]: P[Name] };

/**
 * The symbol of any quantity, of the inputs too.
 *
 * @category 3 Network
 */
export type StepSymbol = keyof StepValues<1, 1, 1, 1>;

/** @internal The symbol of an input. */
export type InputSymbol = "X" | "labels" | "W1" | "b1" | "W2" | "b2" | "η";

/**
 * The symbol of a quantity that a step computes.
 *
 * @category 3 Network
 */
export type ComputedSymbol = Exclude<StepSymbol, InputSymbol>;

/** @internal The symbol of a quantity that can be replaced. */
export type ReplaceableSymbol = ComputedSymbol | "X";

/**
 * Quantities by their symbols, their sizes forgotten.
 *
 * @category 3 Network
 */
export type AnyStepValues = Readonly<Partial<Record<StepSymbol, unknown>>>;

/** The symbols of those quantities that are matrices. */
export type MatrixSymbol = Exclude<StepSymbol, "labels" | "η">;

/** The quantities of a step whose sizes are known only at run time. */
export type RunTimeStep =
  & Readonly<Record<MatrixSymbol, RunTimeMatrix>>
  & { readonly labels: Indices<Dim<"any">>; readonly η: number };

/** @internal The letter of a size, or 1 for one row or column. */
export type Axis = "D" | "M" | "K" | "B" | "1";

/** @internal One of the things that a step starts from. */
export interface StepInput extends Pick<Quantity, "shape" | "axes"> {
  readonly symbol: InputSymbol;
  readonly listing: string;
  readonly from: readonly [];
  readonly pass: "input";
}

/**
 * One row of the table.
 *
 * @category 3 Network
 */
export interface Quantity {
  /** Its letters: `dW2`. */
  readonly symbol: ComputedSymbol;
  /** Its rows and columns by the letters of the sizes: `K x M`. */
  readonly shape: string;
  /** The same letters, one by one. */
  readonly axes: readonly [rows: Axis, columns: Axis];
  /** Its name in the report's listing, if it has one: `delta_W2`. */
  readonly listing: string | undefined;
  /** Its equation: `dW2 = dA2 Y1ᵀ`. */
  readonly equation: string;
  /** The quantities that it is computed from, in the order of the function's arguments. */
  readonly from: readonly StepSymbol[];
  /** The function that computes it: `affineWeightGradient`. */
  readonly by: string;
  /** The layer, or the update, that the function belongs to. */
  readonly layer: "affine" | "sigmoid" | "softmax" | "sgd";
  /** The file of that layer. */
  readonly file: string;
  /** The pass that computes it. */
  readonly pass: "forward" | "backward" | "update";
  /** For a gradient ∂E/∂Q, the symbol of Q. */
  readonly gradientOf: StepSymbol | undefined;
  /** Applies the function to the quantities of `from`. */
  compute(values: AnyStepValues): RunTimeMatrix;
}

/**
 * Functions that compute quantities instead of the table's, from the quantities before them, or
 * X from the batch's. One that returns `undefined` leaves its quantity as it is.
 *
 * @category 3 Network
 */
export type Replacements<
  D extends number,
  M extends number,
  K extends number,
  B extends number,
> = {
  readonly [Symbol in ReplaceableSymbol]?: (
    values: StepValues<D, M, K, B>,
  ) => StepValues<D, M, K, B>[Symbol] | undefined;
};

/** The same for a step whose sizes are known only at run time. */
export type RunTimeReplacements = {
  readonly [Symbol in ReplaceableSymbol]?: (values: RunTimeStep) => RunTimeMatrix | undefined;
};

/** The quantities, with the letters of their sizes in their types. */
type Letters = StepValues<Dim<"D">, Dim<"M">, Dim<"K">, Dim<"B">>;

/** The part of a quantity that its row of the table gives. */
type Row = Omit<Quantity, "pass" | "gradientOf">;

/** A matrix's shape in letters. */
type Shape<Value> = Value extends Matrix<infer R, infer C> ? `${Show<R>} x ${Show<C>}` : never;

function input(symbol: InputSymbol, shape: string, listing: string): StepInput {
  const axes = axesOf(shape);
  return Object.freeze({ symbol, shape, axes, listing, from: [], pass: "input" } as const);
}

function axesOf(shape: string): readonly [Axis, Axis] {
  const [rows, columns = "1"] = shape.split(" x ") as [Axis, Axis?];
  return [rows, columns];
}

function inPass(row: Row, pass: Quantity["pass"]): Quantity {
  const gradientOf = pass === "backward" ? row.symbol.slice("d".length) as StepSymbol : undefined;
  return Object.freeze({ ...row, pass, gradientOf });
}

/** Makes a row; the type checker compares its shape and function with the quantity's types. */
function row<Symbol extends ComputedSymbol, const From extends readonly StepSymbol[]>(
  symbol: Symbol,
  shape: Shape<Letters[Symbol]>,
  listing: string | undefined,
  // by its name, which a bundle keeps for keys only
  named: Record<string, (...from: { [I in keyof From]: Letters[From[I]] }) => Letters[Symbol]>,
  from: From,
  formula: string,
): Row {
  const [by, f] = Object.entries(named)[0]!;
  const prefix = /^affine|^sigmoid/.exec(by)?.[0] as "affine" | "sigmoid" | undefined;
  const layer = prefix ?? (by === "descend" ? "sgd" : "softmax");
  const file = `lib/network/${layer === "softmax" ? "softmax_cross_entropy" : layer}.ts`;
  const compute: Quantity["compute"] = (values) =>
    f(...from.map((symbol) => values[symbol]) as never) as unknown as RunTimeMatrix;
  const equation = `${symbol} = ${formula}`;
  return { symbol, shape, axes: axesOf(shape), listing, equation, from, by, layer, file, compute };
}
