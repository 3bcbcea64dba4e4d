// The state of the page, kept in the fragment of its address.
import { formatState, type PageState, parseState } from "../page_state.ts";

/** Milliseconds without a change before it is written: browsers refuse to write often. */
const IDLE_MS = 250;

/** Holds what the page shows, and writes it to the address. */
export class Address {
  #state: PageState;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param onChange called after each change, by the page or by the reader */
  constructor(readonly onChange: (state: PageState, before: PageState) => void) {
    this.#state = parseState(location.hash);
    // a change that is not written yet belongs to the entry that a link leaves
    addEventListener("click", ({ target }) => {
      if (target instanceof Element && target.closest("a")) this.#write();
    }, { capture: true });
    addEventListener("hashchange", () => {
      clearTimeout(this.#timer);
      this.#set(parseState(location.hash));
    });
  }

  /** What the page shows. */
  get state(): PageState {
    return this.#state;
  }

  /** Changes some of it. The entry in the browser's history stays the same. */
  change(changes: Partial<PageState>): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#write();
    }, IDLE_MS);
    this.#set({ ...this.#state, ...changes });
  }

  /** Changes some of it as a link does: the browser's Back leads to what was shown before. */
  follow(changes: Partial<PageState>): void {
    this.#write();
    const link = this.link(changes);
    if (link !== this.link({})) history.pushState(null, "", link);
    this.#set({ ...this.#state, ...changes });
  }

  /** A link to what the page shows, but for some changes. */
  link(changes: Partial<PageState>): string {
    return `#${formatState({ ...this.#state, ...changes })}`;
  }

  /** Writes what the page shows into the present entry of the browser's history. */
  #write(): void {
    clearTimeout(this.#timer);
    history.replaceState(null, "", this.link({}));
  }

  #set(state: PageState): void {
    const before = this.#state;
    this.#state = state;
    this.onChange(state, before);
  }
}
