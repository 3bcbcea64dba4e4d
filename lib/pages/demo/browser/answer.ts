/// <reference lib="dom" />
/**
 * Shows what the network sees and answers.
 *
 * @module
 */

import { blankImage, type GreyImage, type Size } from "../../../../mod.ts";
import { percent } from "../../../text/percent.ts";
import type { Classification } from "../../../training/classify.ts";
import { find, make } from "./elements.ts";
import { paint } from "./paint.ts";

/** The outcome, the image that the network saw, and the bars. */
export class Answer {
  #bars: readonly HTMLElement[] = [];
  #reading: Classification | undefined;

  /** @param size of the images that the network takes */
  constructor(readonly size: Size) {}

  /**
   * Shows an outcome.
   *
   * @param classes how many there are
   * @param form what the network saw, and what it made of that; undefined if there is nothing to be seen
   */
  show(classes: number, form: GreyImage | undefined, reading: Classification | undefined): void {
    if (this.#bars.length !== classes) this.#makeBars(classes);
    paint(find("form", HTMLCanvasElement), form ?? blankImage(this.size));
    this.#bars.forEach((bar, k) => {
      const share = reading?.probabilities[k];
      bar.classList.toggle("greatest", k === reading?.class);
      if (k === reading?.class) bar.setAttribute("aria-current", "true");
      else bar.removeAttribute("aria-current");
      bar.querySelector("i")!.style.setProperty("--share", (share ?? 0).toFixed(4));
      bar.querySelector("span")!.textContent = share === undefined ? "–" : percent(share);
    });
    find("outcome", HTMLElement).replaceChildren(
      ...(reading
        ? [
          make("strong", {}, `${reading.class}`),
          make("span", {}, percent(reading.probabilities[reading.class]!)),
        ]
        : [make("strong", {}, "–"), "Draw something"]),
    );
    this.#reading = reading;
  }

  /** The outcome in words, short enough to be heard. */
  get words(): string {
    if (!this.#reading) return "nothing drawn";
    const { class: answer, probabilities } = this.#reading;
    // rounded down: 100 % is not said of less
    return `${answer}, ${Math.floor(100 * probabilities[answer]!)} %`;
  }

  #makeBars(classes: number): void {
    this.#bars = Array.from(
      { length: classes },
      (_, k) => make("li", {}, make("b", {}, `${k}`), make("i"), make("span")),
    );
    find("bars", HTMLElement).replaceChildren(...this.#bars);
  }
}
