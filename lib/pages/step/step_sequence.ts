// Training steps on one batch, one after the other: the step that the page's state names.
import {
  type AnyParameters,
  Dataset,
  type Dim,
  dim,
  Indices,
  initialise,
  RandomState,
  REPORT_SETTINGS,
  runStep,
} from "../../../mod.ts";
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

/** The most updates of one call, which then takes some hundredths of a second. */
const MAX_UPDATES_AT_ONCE = 2;

/** The images of a batch. */
export interface StepBatch {
  /** The data set that has them. */
  readonly data: Dataset<Dim<"inputs">>;
  /** Their indices in it. */
  readonly images: readonly number[];
  /** Whether the first one is the drawing, which is then the data set's last image. */
  readonly isDrawing: boolean;
}

/** The batch that a state names: its example or drawing, and the examples after it. */
export function batchOf(state: PageState, examples: Dataset<Dim<"inputs">>): StepBatch {
  const { example, drawing, label, batch } = state, { count, inputs, size } = examples;
  const following = (first: number, length: number) =>
    Array.from({ length: Math.min(length, count) }, (_, i) => (first + i) % count);
  if (example !== undefined || drawing?.length !== inputs) {
    const first = example !== undefined && example < count
      ? example
      : Math.min(DEFAULT_EXAMPLE, count - 1);
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

/** The network before any training: the report's, drawn with a seed. */
export function initialParameters(
  seed: number,
  inputs: Dim<"inputs">,
  classes: number,
): AnyParameters {
  const hidden = dim("hidden", REPORT_SETTINGS.hidden);
  return initialise(inputs, hidden, dim("classes", classes), new RandomState(seed));
}

/** A step, and the losses of the batch before each update that led to it. */
export interface SequenceStep {
  readonly step: ExplainedStep;
  readonly batch: StepBatch;
  readonly losses: readonly number[];
}

/** The steps on a batch, each from the weights that the last one has made. */
export class StepSequence {
  #key: readonly unknown[] = [];
  #batch: StepBatch | undefined;
  /** The parameters before the next step, and the losses of those before. */
  #parameters: AnyParameters[] = [];
  #losses: number[] = [];
  /** The last step, as often only another entry of it is shown. */
  #last: ExplainedStep | undefined;

  /** @param examples the images to choose from */
  constructor(readonly examples: Dataset<Dim<"inputs">>) {}

  /**
   * The step that a state names, or nothing if it had to be computed first: the next call goes on
   * from there, so that no task of the page takes long.
   *
   * @param parameters the network before the first step
   */
  stepOf(state: PageState, parameters: AnyParameters): SequenceStep | undefined {
    const { example, label, batch: size, rate, updates } = state;
    const drawing = state.drawing && String(state.drawing);
    const key = [parameters, example, drawing, label, size, rate];
    if (this.#batch === undefined || key.some((value, i) => value !== this.#key[i])) {
      this.#key = key;
      this.#batch = batchOf(
        { ...state, label: Math.min(label, parameters.W2.rows - 1) },
        this.examples,
      );
      this.#parameters = [parameters];
      this.#losses = [];
      this.#last = undefined;
    }
    const batch = this.#batch, before = this.#parametersAfter(updates, rate);
    if (before === undefined) return undefined;
    if (this.#last?.values.W1 !== before.W1) {
      this.#last = batchStep(batch.data, batch.images, before, rate);
      return undefined;
    }
    const step = withFocus(this.#last, within(state.focus, before, batch.images.length));
    return { step, batch, losses: this.#losses.slice(0, updates) };
  }

  #parametersAfter(updates: number, rate: number): AnyParameters | undefined {
    const { data, images } = this.#batch!;
    const known = this.#parameters.length;
    if (updates < known) return this.#parameters[updates];
    const end = Math.min(updates + 1, known + MAX_UPDATES_AT_ONCE);
    while (this.#parameters.length < end) {
      const last = this.#parameters.at(-1)!, count = dim("batch", images.length);
      const values = runStep(last, data.batch(Indices.of(count, images)), rate);
      this.#losses.push(values.E.at(0, 0));
      this.#parameters.push(updatedParameters(values));
    }
    return undefined;
  }
}

/** A focus without the places that the step does not have. */
function within(
  focus: Partial<PerAxis>,
  { W1, W2 }: AnyParameters,
  images: number,
): Partial<PerAxis> {
  const sizes: PerAxis = { D: W1.columns, M: W1.rows, K: W2.rows, B: images };
  const places = Object.entries(focus) as [keyof PerAxis, number][];
  return Object.fromEntries(places.filter(([axis, place]) => place < sizes[axis]));
}
