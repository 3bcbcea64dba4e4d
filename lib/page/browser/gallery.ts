/// <reference lib="dom" />
/**
 * The examples to choose from.
 *
 * @module
 */

import type { Dataset, Dim } from "../../../mod.ts";
import { Choice } from "./choice.ts";
import type { Example } from "./drawing.ts";
import { find, make } from "./elements.ts";
import { paint } from "./paint.ts";

/** Shows the examples as small pictures. */
export class Gallery {
  readonly #choice: Choice;
  /** The last that was chosen, or -1. */
  #last = -1;

  constructor(
    readonly examples: Dataset<Dim<"inputs">>,
    readonly onChoice: (example: Example) => void,
  ) {
    const options = Array.from({ length: examples.count }, (_, index) => {
      const { label, image } = this.#example(index);
      const canvas = make("canvas", { class: "ink" });
      paint(canvas, image);
      const words = `example ${index}: ${label}`;
      return make("div", { role: "option", "aria-selected": "false", "aria-label": words }, canvas);
    });
    const box = find("gallery", HTMLElement);
    this.#choice = new Choice(box, options, (index) => onChoice(this.#example(index)));
  }

  /** Chooses the one after the last that was chosen. */
  next(): void {
    this.mark((this.#last + 1) % this.examples.count);
    this.onChoice(this.#example(this.#last));
  }

  /** Marks the example that is shown, or none. */
  mark(index: number | undefined): void {
    if (index !== undefined) this.#last = index;
    this.#choice.chosen = index ?? -1;
  }

  #example(index: number): Example {
    const { size, inputs, pixels, labels } = this.examples;
    const image = { ...size, pixels: pixels.subarray(index * inputs, (index + 1) * inputs) };
    return { index, label: labels[index]!, image };
  }
}
