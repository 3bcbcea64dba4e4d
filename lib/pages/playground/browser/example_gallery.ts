// The gallery of example images.
import type { Dataset, Dim } from "../../../../mod.ts";
import type { ShownImage } from "./drawing.ts";
import { byId, createElement } from "./elements.ts";
import { setLabel, setText } from "./language.ts";
import { type InputMethod, ListBox } from "./list_box.ts";
import { paint } from "./paint.ts";

/** An image of the data set. */
export type Example = Required<ShownImage>;

/** Shows examples as small images, of which one can be selected. */
export class ExampleGallery {
  readonly #listBox: ListBox;

  /**
   * Fills the gallery.
   *
   * @param onSelect called when the user selects an example
   */
  constructor(
    readonly examples: Dataset<Dim<"inputs">>,
    readonly onSelect: (example: Example, by: InputMethod) => void,
  ) {
    const options = Array.from({ length: examples.count }, (_, index) => {
      const { label, image } = this.example(index);
      const canvas = createElement("canvas", { class: "ink" });
      paint(canvas, image);
      const option = createElement("div", { role: "option", "aria-selected": "false" }, canvas);
      setLabel(option, "examples.option", { index, label });
      return option;
    });
    const box = byId("gallery", HTMLElement);
    this.#listBox = new ListBox(box, options, (index, by) => onSelect(this.example(index), by));
  }

  /** Marks the examples whose answers are wrong, and says how many are not. */
  showAnswers(answers: Uint8Array): void {
    const { labels, count } = this.examples;
    let correct = 0;
    this.#listBox.options.forEach((option, index) => {
      const label = labels[index]!, answer = answers[index]!, isWrong = answer !== label;
      if (!isWrong) correct++;
      const shown = isWrong ? `${answer}` : undefined;
      if (option.dataset.answer === shown) return;
      if (shown === undefined) {
        delete option.dataset.answer;
        setLabel(option, "examples.option", { index, label });
      } else {
        option.dataset.answer = shown;
        setLabel(option, "examples.wrong", { index, label, answer });
      }
    });
    setText(byId("examples-correct", HTMLElement), "examples.correct", { correct, count });
  }

  /** Selects the example after the last one selected. */
  selectNext(): void {
    const index = (this.#listBox.lastSelected + 1) % this.examples.count;
    this.select(index);
    this.onSelect(this.example(index), "pointer");
  }

  /** Marks an example as selected, or none. */
  select(index: number | undefined): void {
    this.#listBox.selected = index ?? -1;
  }

  /** An example by its index. */
  example(index: number): Example {
    return { index, label: this.examples.labels[index]!, image: this.examples.image(index) };
  }
}
