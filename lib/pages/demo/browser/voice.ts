/// <reference lib="dom" />
/**
 * What a screen reader says of that which cannot be heard.
 *
 * @module
 */

/** How long the user rests, in milliseconds, before it is said what has come of it. */
const REST = 700;

/** Words in an element of role status. */
export class Voice {
  /** What is to be said at rest, one thing of each topic. */
  readonly #waiting = new Map<string, () => string>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param line takes the words */
  constructor(readonly line: HTMLElement) {}

  /** Says something now. */
  say(words: string): void {
    this.line.textContent = words;
  }

  /**
   * Says something when the user rests, in place of what was to be said of the same topic.
   *
   * @param words asked for when it is time
   */
  sayAtRest(topic: string, words: () => string): void {
    this.#waiting.set(topic, words);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.say(Array.from(this.#waiting.values(), (words) => words()).join("; "));
      this.#waiting.clear();
    }, REST);
  }
}
