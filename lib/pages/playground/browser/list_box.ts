// A list box laid out as a grid: one tab stop, with arrow keys inside.
import { clamp } from "../../../math/clamp.ts";

/** How the user selected an option. */
export type InputMethod = "pointer" | "keyboard";

/** Options in an element of role listbox, of which at most one is selected. */
export class ListBox {
  #selected = -1;
  #lastSelected = -1;

  /**
   * Puts the options into the box.
   *
   * @param box an element of role listbox with an id
   * @param options elements of role option
   * @param onSelect called when the user selects an option, with its index
   */
  constructor(
    readonly box: HTMLElement,
    readonly options: readonly HTMLElement[],
    readonly onSelect: (index: number, by: InputMethod) => void,
  ) {
    options.forEach((option, i) => option.id = `${box.id}-${i}`);
    box.replaceChildren(...options);
    box.onkeydown = (event) => this.#handleKey(event);
    box.onclick = (event) => {
      const index = this.indexOf(event.target);
      if (index >= 0) this.#select(index, "pointer");
    };
  }

  /** The index of the option that contains an event's target, or -1. */
  indexOf(target: EventTarget | null): number {
    const option = target instanceof Element ? target.closest<HTMLElement>("[role=option]") : null;
    return option === null ? -1 : this.options.indexOf(option);
  }

  /** The index of the selected option, or -1. */
  get selected(): number {
    return this.#selected;
  }

  /** Marks an option as selected; -1 marks none. */
  set selected(index: number) {
    if (index === this.#selected) return;
    this.options[this.#selected]?.setAttribute("aria-selected", "false");
    const option = this.options[this.#selected = index];
    if (option) this.#lastSelected = index;
    option?.setAttribute("aria-selected", "true");
    if (option) this.box.setAttribute("aria-activedescendant", option.id);
    else this.box.removeAttribute("aria-activedescendant");
  }

  /** The index of the option that is or was selected last, or -1. */
  get lastSelected(): number {
    return this.#lastSelected;
  }

  #select(index: number, by: InputMethod): void {
    this.selected = index;
    this.#scrollTo(this.options[index]!);
    this.onSelect(index, by);
  }

  #handleKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const end = this.options.length - 1, current = this.#lastSelected, columns = this.#columns();
    const targets: Readonly<Record<string, number>> = {
      ArrowLeft: current - 1,
      ArrowRight: current + 1,
      ArrowUp: current < columns ? current : current - columns,
      ArrowDown: current < 0 || current > end - columns ? current : current + columns,
      Home: 0,
      End: end,
      Enter: current,
      " ": current,
    };
    const target = targets[event.key];
    if (target === undefined) return;
    event.preventDefault();
    this.#select(clamp(target, 0, end), "keyboard");
  }

  /** The number of options in a row of the present layout. */
  #columns(): number {
    const top = this.options[0]!.offsetTop;
    const next = this.options.findIndex((option) => option.offsetTop > top);
    return next < 0 ? this.options.length : next;
  }

  /** Scrolls the box, but not the page. */
  #scrollTo(option: HTMLElement): void {
    const box = this.box.getBoundingClientRect(), { top, bottom } = option.getBoundingClientRect();
    if (top < box.top) this.box.scrollTop += top - box.top;
    else if (bottom > box.bottom) this.box.scrollTop += bottom - box.bottom;
  }
}
