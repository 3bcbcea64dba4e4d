/// <reference lib="dom" />
/**
 * The examples to choose from.
 *
 * @module
 */

import type { Dataset, Dim } from "../../../../mod.ts";
import { Choice, type Means } from "./choice.ts";
import type { Example } from "./drawing.ts";
import { find, make } from "./elements.ts";
import { paint } from "./paint.ts";

/** Shows the examples as small pictures. */
export class Gallery {
  readonly #choice: Choice;

  constructor(
    readonly examples: Dataset<Dim<"inputs">>,
    readonly onChoice: (example: Example, by: Means) => void,
  ) {
    const options = Array.from({ length: examples.count }, (_, index) => {
      const { label, image } = this.#example(index);
      const canvas = make("canvas", { class: "ink" });
      paint(canvas, image);
      const words = `example ${index}: ${label}`;
      return make("div", { role: "option", "aria-selected": "false", "aria-label": words }, canvas);
    });
    const box = find("gallery", HTMLElement);
    this.#choice = new Choice(box, options, (index, by) => onChoice(this.#example(index), by));
  }

  /** Chooses the one after the last that was chosen. */
  next(): void {
    const index = (this.#choice.last + 1) % this.examples.count;
    this.mark(index);
    this.onChoice(this.#example(index), "pointer");
  }

  /** Marks the example that is shown, or none. */
  mark(index: number | undefined): void {
    this.#choice.chosen = index ?? -1;
  }

  #example(index: number): Example {
    return { index, label: this.examples.labels[index]!, image: this.examples.image(index) };
  }
}
