// Training steps on one batch, one after the other: the step that the page's state names.
import { type AnyParameters, Dataset, type Dim } from "../../../mod.ts";
import {
  batchStep,
  type ExplainedStep,
  type PerAxis,
  updatedParameters,
  withFocus,
} from "../../explain/explained_step.ts";
import type { PageState } from "../state.ts";

/** The example of the step if nothing is drawn: one that the report's network gets wrong. */
export const DEFAULT_EXAMPLE = 8;

/** A step, and the losses of its batch before each update that led to it. */
export interface SequenceStep {
  readonly step: ExplainedStep;
  readonly batch: ReturnType<typeof batchOf>;
  readonly losses: readonly number[];
}

/**
 * The batch that a state names: its example or drawing, which is then the data's last image, and
 * the examples after it.
 */
export function batchOf(state: PageState, examples: Dataset<Dim<"inputs">>) {
  const { example, drawing, label, batch } = state, { count, inputs, size } = examples;
  const following = (first: number, length: number) =>
    Array.from({ length: Math.min(length, count) }, (_, i) => (first + i) % count);
  if (example !== undefined || drawing?.length !== inputs) {
    const isThere = example !== undefined && example < count;
    const first = isThere ? example : Math.min(DEFAULT_EXAMPLE, count - 1);
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

/** The steps on a batch, each from the weights that the last one has made. */
export class StepSequence {
  #key: readonly unknown[] = [];
  #batch: SequenceStep["batch"] | undefined;
  /** The parameters before each step that is known, and the losses of those before the last. */
  #parameters: AnyParameters[] = [];
  #losses: number[] = [];
  #last: ExplainedStep | undefined;

  /** @param examples the images to choose from */
  constructor(readonly examples: Dataset<Dim<"inputs">>) {}

  /**
   * The step that a state names, from the network before the first one; or nothing if one had to be
   * computed: the next call goes on from there, so that no task of the page takes long.
   */
  stepOf(state: PageState, parameters: AnyParameters): SequenceStep | undefined {
    const { example, drawing, label, batch: size, rate, updates } = state;
    const key = [parameters, example, drawing && String(drawing), label, size, rate];
    if (!this.#batch || key.some((value, i) => value !== this.#key[i])) {
      this.#key = key;
      const known = { ...state, label: Math.min(label, parameters.W2.rows - 1) };
      this.#batch = batchOf(known, this.examples);
      [this.#parameters, this.#losses, this.#last] = [[parameters], [], undefined];
    }
    const batch = this.#batch, known = this.#losses.length;
    const at = Math.min(updates, known), before = this.#parameters[at]!;
    if (this.#last?.values.W1 !== before.W1) {
      this.#last = batchStep(batch.data, batch.images, before, rate);
      if (at === known) {
        this.#parameters.push(updatedParameters(this.#last.values));
        this.#losses.push(this.#last.values.E.at(0, 0));
      }
      return undefined;
    }
    const { sizes } = this.#last, places = Object.entries(state.focus);
    const focus = places.filter(([axis, place]) => place < sizes[axis as keyof PerAxis]);
    const step = withFocus(this.#last, Object.fromEntries(focus));
    return { step, batch, losses: this.#losses.slice(0, updates) };
  }
}
