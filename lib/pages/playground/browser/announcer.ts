// Announcements for screen readers.

/** Milliseconds without a change before waiting announcements are made. */
const IDLE_MS = 700;

/** Announces text through an element of role status. */
export class Announcer {
  /** Texts that wait for the user to pause, by topic. */
  readonly #waiting = new Map<string, () => string>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param element an element of role status, which shows the text */
  constructor(readonly element: HTMLElement) {}

  /** Announces a text now. */
  announce(text: string): void {
    this.element.textContent = text;
  }

  /**
   * Announces a text when the user pauses. It replaces a waiting text of the same topic.
   *
   * @param text returns the text; called at that time
   */
  announceWhenIdle(topic: string, text: () => string): void {
    this.#waiting.set(topic, text);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.announce(Array.from(this.#waiting.values(), (text) => text()).join("; "));
      this.#waiting.clear();
    }, IDLE_MS);
  }
}
