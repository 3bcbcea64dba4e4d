/// <reference lib="dom" />
/**
 * A grid of things of which one is chosen: one stop of the Tab key, within it the arrow keys.
 *
 * @module
 */

/** How the user chose. */
export type Means = "pointer" | "keys";

/** Options in a box of role listbox, laid out in rows. */
export class Choice {
  #chosen = -1;
  #last = -1;

  /**
   * Puts the options into the box.
   *
   * @param box an element with an id, of role listbox
   * @param options elements of role option
   * @param onChoice told of the user's choice: the option's number, and how it was chosen
   */
  constructor(
    readonly box: HTMLElement,
    readonly options: readonly HTMLElement[],
    readonly onChoice: (index: number, by: Means) => void,
  ) {
    options.forEach((option, i) => option.id = `${box.id}-${i}`);
    box.replaceChildren(...options);
    box.onkeydown = (event) => this.#key(event);
    box.onclick = (event) => {
      const index = this.indexOf(event.target);
      if (index >= 0) this.#choose(index, "pointer");
    };
  }

  /** Which option an event's target lies in, or -1. */
  indexOf(target: EventTarget | null): number {
    const option = target instanceof Element ? target.closest<HTMLElement>("[role=option]") : null;
    return option === null ? -1 : this.options.indexOf(option);
  }

  /** Which option is chosen, or -1. */
  get chosen(): number {
    return this.#chosen;
  }

  /** Marks an option as chosen, or with -1 none. */
  set chosen(index: number) {
    if (index === this.#chosen) return;
    this.options[this.#chosen]?.setAttribute("aria-selected", "false");
    const option = this.options[this.#chosen = index];
    if (option) this.#last = index;
    option?.setAttribute("aria-selected", "true");
    if (option) this.box.setAttribute("aria-activedescendant", option.id);
    else this.box.removeAttribute("aria-activedescendant");
  }

  /** Which option is chosen or was so before none was, or -1. */
  get last(): number {
    return this.#last;
  }

  #choose(index: number, by: Means): void {
    this.chosen = index;
    this.#scrollTo(this.options[index]!);
    this.onChoice(index, by);
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const end = this.options.length - 1, at = this.#last, columns = this.#columns();
    const targets: Readonly<Record<string, number>> = {
      ArrowLeft: at - 1,
      ArrowRight: at + 1,
      ArrowUp: at < columns ? at : at - columns,
      ArrowDown: at < 0 || at > end - columns ? at : at + columns,
      Home: 0,
      End: end,
      Enter: at,
      " ": at,
    };
    const target = targets[event.key];
    if (target === undefined) return;
    event.preventDefault();
    this.#choose(Math.min(Math.max(target, 0), end), "keys");
  }

  /** How many options stand in the first row, as the page is laid out now. */
  #columns(): number {
    const top = this.options[0]!.offsetTop;
    const next = this.options.findIndex((option) => option.offsetTop > top);
    return next < 0 ? this.options.length : next;
  }

  /** Scrolls the box alone: the page stays where it is. */
  #scrollTo(option: HTMLElement): void {
    const { top, bottom } = this.box.getBoundingClientRect(), at = option.getBoundingClientRect();
    if (at.top < top) this.box.scrollTop += at.top - top;
    else if (at.bottom > bottom) this.box.scrollTop += at.bottom - bottom;
  }
}
