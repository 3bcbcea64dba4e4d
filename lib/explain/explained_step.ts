// One training step with all its numbers, and the entries of it that are explained.
import { Dataset } from "../data/dataset.ts";
import { Indices } from "../math/indices.ts";
import type { AnyMatrix } from "../math/matrix.ts";
import { type Dim, dim } from "../math/shape.ts";
import { type AnyParameters, initialise } from "../network/network.ts";
import { REPORT_SETTINGS } from "../network/report_settings.ts";
import {
  lazyStep,
  type MatrixSymbol,
  QUANTITIES,
  runStep,
  type StepSymbol,
  type StepValues,
} from "../network/step.ts";
import { RandomState } from "../random/random_state.ts";

/** Quantities of a step that are computed otherwise. */
export type StepReplacements = NonNullable<
  Parameters<typeof runStep<Dim<"inputs">, Dim<"hidden">, Dim<"classes">, Dim<"batch">>>[3]
>;

/** A number for each axis by its letter: pixels, hidden units, classes and images. */
export type PerAxis = Readonly<Record<"D" | "M" | "K" | "B", number>>;

/** A training step of some images, and the entry of it that is explained. */
export interface ExplainedStep {
  readonly data: Dataset<Dim<"inputs">>;
  readonly batchIndices: Indices<Dim<"batch">>;
  readonly sizes: PerAxis;
  /** The place of the entry on each axis: of dW2, which is K x M, it is the one at [K,M]. */
  readonly focus: PerAxis;
  readonly values: StepValues<Dim<"inputs">, Dim<"hidden">, Dim<"classes">, Dim<"batch">>;
  /** The losses of the same batch after the step, and their mean. */
  readonly after: { readonly L: AnyMatrix; readonly E: number };
}

/** Two images of 2x2 pixels and a network so small that each of its numbers can be followed. */
export function smallStep(seed: number): ExplainedStep {
  const pixels = Uint8Array.of(255, 0, 204, 51, 255, 204, 0, 51); // 1, 0, 0.8, 0.2 and so on
  const data = Dataset.of({ width: 2, height: 2 }, pixels, Uint8Array.of(0, 1));
  return batchStep(data, [0, 1], initialParameters(seed, data.inputs, data.classes, 3));
}

/** The network before any training, drawn with a seed. */
export function initialParameters(
  seed: number,
  inputs: Dim<"inputs">,
  classes: number,
  hidden: number = REPORT_SETTINGS.hidden,
): AnyParameters {
  return initialise(inputs, dim("hidden", hidden), dim("classes", classes), new RandomState(seed));
}

/** A batch in a network; `focus` on the axes not given is where a gradient is large. */
export function batchStep(
  data: ExplainedStep["data"],
  images: readonly number[],
  parameters: AnyParameters,
  learningRate: number = REPORT_SETTINGS.learningRate,
  focus: Partial<PerAxis> = {},
  replaced: StepReplacements = {},
): ExplainedStep {
  const B = dim("batch", images.length);
  const batchIndices = Indices.of(B, images), batch = data.batch(batchIndices);
  const values = runStep(parameters, batch, learningRate, replaced);
  const { L, E } = lazyStep({ ...batch, ...updatedParameters(values) });
  const sizes = { D: data.inputs, M: values.W1.rows, K: values.W2.rows, B };
  const after = { L, E: E.at(0, 0) };
  return { data, batchIndices, sizes, focus: focusIn(values, focus), values, after };
}

/** The same step with another entry in focus, as in {@linkcode batchStep}. */
export function withFocus(step: ExplainedStep, focus: Partial<PerAxis>): ExplainedStep {
  return { ...step, focus: focusIn(step.values, focus) };
}

/** The parameters after a step. */
export function updatedParameters(values: ExplainedStep["values"]): AnyParameters {
  return { W1: values["W1'"], b1: values["b1'"], W2: values["W2'"], b2: values["b2'"] };
}

/** The place of the entry on each axis: a given one, or where a gradient is large. */
function focusIn({ labels, dA1, dW1 }: ExplainedStep["values"], given: Partial<PerAxis>): PerAxis {
  const largest = (count: number, at: (i: number) => number) =>
    range(count).reduce((best, i) => Math.abs(at(i)) > Math.abs(at(best)) ? i : best);
  const { B = 0 } = given, { K = labels.values[B]! } = given;
  const { M = largest(dA1.rows, (m) => dA1.at(m, B)) } = given;
  return { D: given.D ?? largest(dW1.columns, (d) => dW1.at(M, d)), M, K, B };
}

/** The row and column of a quantity at a place. */
export function placeOf(focus: PerAxis, symbol: MatrixSymbol): [row: number, column: number] {
  const [row, column] = QUANTITIES[symbol].axes.map((axis) => axis === "1" ? 0 : focus[axis]);
  return [row!, column!];
}

/** The place that a row and a column of a quantity name. */
export function focusOn(symbol: StepSymbol, row: number, column: number): Partial<PerAxis> {
  const [rows, columns] = QUANTITIES[symbol].axes;
  const places = [[rows, row], [columns, column]] as const;
  return Object.fromEntries(places.filter(([axis]) => axis !== "1"));
}

/** 0, 1, … below `count`. */
export function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
