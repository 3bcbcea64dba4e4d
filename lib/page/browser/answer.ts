/// <reference lib="dom" />
/**
 * Shows what the network sees and answers.
 *
 * @module
 */

import { blankImage, type GreyImage, type Size } from "../../../mod.ts";
import { percent } from "../../percent.ts";
import { find, make } from "./elements.ts";
import { paint } from "./paint.ts";
import type { Reading } from "./reading.ts";

/** How long the drawing rests, in milliseconds, before a screen reader says the outcome. */
const REST = 700;

/** The outcome, the image that the network saw, and the bars. */
export class Answer {
  #bars: readonly HTMLElement[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param size of the images that the network takes */
  constructor(readonly size: Size) {}

  /**
   * Shows an outcome.
   *
   * @param classes how many there are
   * @param form what the network saw, and what it made of that; undefined if there is nothing to be seen
   */
  show(classes: number, form: GreyImage | undefined, reading: Reading | undefined): void {
    if (this.#bars.length !== classes) this.#makeBars(classes);
    paint(find("form", HTMLCanvasElement), form ?? blankImage(this.size));
    this.#bars.forEach((bar, k) => {
      const share = reading?.probabilities[k];
      bar.classList.toggle("greatest", k === reading?.answer);
      if (k === reading?.answer) bar.setAttribute("aria-current", "true");
      else bar.removeAttribute("aria-current");
      bar.querySelector("i")!.style.setProperty("--share", (share ?? 0).toFixed(4));
      bar.querySelector("span")!.textContent = share === undefined ? "–" : percent(share);
    });
    find("outcome", HTMLElement).replaceChildren(
      ...(reading
        ? [
          make("strong", {}, `${reading.answer}`),
          make("span", {}, percent(reading.probabilities[reading.answer]!)),
        ]
        : [make("strong", {}, "–"), "Draw something"]),
    );
    this.#sayAtRest(reading);
  }

  /** Lets a screen reader say something now. */
  say(words: string): void {
    find("rest", HTMLElement).textContent = words;
  }

  #sayAtRest(reading: Reading | undefined): void {
    clearTimeout(this.#timer);
    if (!reading) return this.say("");
    const { answer, probabilities } = reading;
    // rounded down: 100 % is not said of less
    const words = `${answer}, ${Math.floor(100 * probabilities[answer]!)} %`;
    this.#timer = setTimeout(() => this.say(words), REST);
  }

  #makeBars(classes: number): void {
    this.#bars = Array.from(
      { length: classes },
      (_, k) => make("li", {}, make("b", {}, `${k}`), make("i"), make("span")),
    );
    find("bars", HTMLElement).replaceChildren(...this.#bars);
  }
}
