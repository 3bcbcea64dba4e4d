// What the views that are not components yet need of the page.
import type { PageState } from "../page_state.ts";

/** The state, and how it is changed. */
export interface Address {
  state: PageState;
  change(changes: Partial<PageState>): void;
  follow(changes: Partial<PageState>): void;
  link(changes: Partial<PageState>): string;
}
