// Training steps on one batch, one after the other: the step that the page's state names, which
// Step and Why share.
import { useEffect, useRef, useState } from "preact/hooks";
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
export type SequenceStep = NonNullable<ReturnType<ReturnType<typeof stepSequence>>>;

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
    return { data: examples, images: following(first, batch), isDrawing: false };
  }
  const pixels = new Uint8Array((count + 1) * inputs), labels = new Uint8Array(count + 1);
  pixels.set(examples.pixels);
  pixels.set(drawing, count * inputs);
  labels.set(examples.labels);
  labels[count] = label;
  const data = Dataset.of(size, pixels, labels);
  return { data, images: [count, ...following(0, batch - 1)], isDrawing: true };
}

/**
 * The steps on a batch, each from the weights that the last one has made. The function returns the
 * step that a state names, from the network before the first one; or nothing if one had to be
 * computed: the next call goes on from there, so that no task of the page takes long.
 */
export function stepSequence(examples: Dataset<Dim<"inputs">>) {
  let key = "", first: AnyParameters, batch: ReturnType<typeof batchOf>;
  // the step that was computed last, and the losses of those before it
  let last: ExplainedStep | undefined, losses: number[];
  return (state: PageState, parameters: AnyParameters) => {
    const { example, drawing, batch: count, rate, updates } = state, before = key;
    const label = Math.min(state.label, parameters.W2.rows - 1);
    key = [example, drawing, label, count, rate].join(" ");
    if (key !== before || parameters !== first || losses.length > updates) {
      batch = batchOf({ ...state, label }, examples);
      [first, last, losses] = [parameters, undefined, []];
    }
    if (!last || losses.length < updates) {
      if (last) losses.push(last.values.E.at(0, 0));
      const from = last ? updatedParameters(last.values) : parameters;
      last = batchStep(batch.data, batch.images, from, rate);
      return undefined;
    }
    const { sizes } = last, places = Object.entries(state.focus);
    const focus = places.filter(([axis, place]) => place < sizes[axis as keyof PerAxis]);
    const step = withFocus(last, Object.fromEntries(focus));
    return { step, batch, losses: [...losses] };
  };
}

const sequences = new WeakMap<Dataset<Dim<"inputs">>, ReturnType<typeof stepSequence>>();

/** The step that the state names; the last one while it is computed, some tasks later. */
export function useStep({ state, examples, network }: ViewProps): SequenceStep | undefined {
  const sequence = sequences.get(examples) ?? stepSequence(examples);
  sequences.set(examples, sequence);
  const [, setCalls] = useState(0), last = useRef<SequenceStep | undefined>(undefined);
  const next = () => sequence(state, network.parameters);
  // the first is computed at once, so that nothing moves when it is there
  const found = next() ?? (last.current ? undefined : next());
  if (found) last.current = found;
  useEffect(() => {
    if (found) return;
    const timer = setTimeout(() => setCalls((calls) => calls + 1));
    return () => clearTimeout(timer);
  });
  return last.current;
}
