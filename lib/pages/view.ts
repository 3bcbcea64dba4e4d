// What the page gives to each of its views.
import type { createStore } from "./store.ts";

/** The state of the page, what it has, and how a view changes it. */
export type ViewProps = ReturnType<ReturnType<typeof createStore>["props"]>;
