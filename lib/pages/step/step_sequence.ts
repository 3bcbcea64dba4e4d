// Training steps on one batch, one after the other: the step that the page's state names, which
// Step and Why share.
import { useEffect, useMemo, useState } from "preact/hooks";
import { type AnyParameters, Dataset, type Dim } from "../../../mod.ts";
import {
  batchStep,
  type ExplainedStep,
  type PerAxis,
  range,
  updatedParameters,
  withFocus,
} from "../../explain/explained_step.ts";
import type { PageState } from "../state.ts";
import type { ViewProps } from "../store.ts";

/** The example of the step if nothing is drawn: one that the report's network gets wrong. */
export const DEFAULT_EXAMPLE = 8;

/** A step, and the losses of its batch before each update that led to it. */
export type SequenceStep = ReturnType<ReturnType<typeof stepSequence>>;

/**
 * The batch that a state names: its example or drawing, which is then the data's last image, and
 * the examples after it.
 */
export function batchOf(state: PageState, examples: Dataset<Dim<"inputs">>) {
  const { example, drawing, label, batch } = state, { count, inputs, size } = examples;
  const following = (first: number, length: number) =>
    range(Math.min(length, count)).map((i) => (first + i) % count);
  if (!drawing) {
    const first = example ?? Math.min(DEFAULT_EXAMPLE, count - 1);
    return { data: examples, images: following(first, batch) };
  }
  const pixels = new Uint8Array((count + 1) * inputs), labels = new Uint8Array(count + 1);
  pixels.set(examples.pixels);
  pixels.set(drawing, count * inputs);
  labels.set(examples.labels);
  labels[count] = label;
  const data = Dataset.of(size, pixels, labels);
  return { data, images: [count, ...following(0, batch - 1)] };
}

/**
 * The steps on a batch, each from the weights that the last one has made. A call returns the step
 * that a state names, or one on the way there; it then computes the next one, which another call
 * returns, so that no task of the page takes long.
 */
export function stepSequence(examples: Dataset<Dim<"inputs">>) {
  let key = "", first: AnyParameters, last: ExplainedStep, losses: readonly number[];
  return (state: PageState, parameters: AnyParameters) => {
    const { example, drawing, batch, rate, updates } = state, before = key;
    const label = Math.min(state.label, parameters.W2.rows - 1);
    key = [example, drawing, label, batch, rate].join(" ");
    if (key !== before || parameters !== first || losses.length > updates) {
      const { data, images } = batchOf({ ...state, label }, examples);
      [first, last, losses] = [parameters, batchStep(data, images, parameters, rate), []];
    }
    const { data, batchIndices, values, sizes } = last, places = Object.entries(state.focus);
    const focus = places.filter(([axis, place]) => place < sizes[axis as keyof PerAxis]);
    const found = { step: withFocus(last, Object.fromEntries(focus)), losses };
    if (losses.length < updates) {
      losses = [...losses, values.E.at(0, 0)];
      last = batchStep(data, [...batchIndices.values], updatedParameters(values), rate);
    }
    return found;
  };
}

const sequences = new WeakMap<Dataset<Dim<"inputs">>, ReturnType<typeof stepSequence>>();

/** The step that the state names; at first, in a task for each, the steps on the way there. */
export function useStep({ state, examples, network }: ViewProps): SequenceStep {
  const sequence = sequences.get(examples) ?? stepSequence(examples);
  sequences.set(examples, sequence);
  const [, setCalls] = useState(0), { step, losses } = sequence(state, network.parameters);
  useEffect(() => {
    if (losses.length === state.updates) return;
    const timer = setTimeout(() => setCalls((calls) => calls + 1));
    return () => clearTimeout(timer);
  });
  return { step: useMemo(() => step, [step.values, ...Object.values(step.focus)]), losses };
}
