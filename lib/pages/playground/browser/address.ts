/// <reference lib="dom" />
/**
 * The state of the page, kept in the fragment of its address.
 *
 * @module
 */

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
      history.replaceState(null, "", this.link({}));
    }, IDLE_MS);
    this.#set({ ...this.#state, ...changes });
  }

  /** A link to what the page shows, but for some changes. */
  link(changes: Partial<PageState>): string {
    return `#${formatState({ ...this.#state, ...changes })}`;
  }

  #set(state: PageState): void {
    const before = this.#state;
    this.#state = state;
    this.onChange(state, before);
  }
}
