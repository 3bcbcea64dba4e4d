// What the page gives to each of its views.
import type { AnyParameters, Dataset, Dim } from "../../mod.ts";
import type { PageState } from "./playground/page_state.ts";

/** The state of the page, what it has, and how a view changes it. */
export interface ViewProps {
  /** What the page shows: its address. */
  readonly state: PageState;
  /** The test images in the page. */
  readonly examples: Dataset<Dim<"inputs">>;
  /** The network in use. */
  readonly network: PageNetwork;
  /** Changes some of the state; the entry in the browser's history stays the same. */
  readonly change: (changes: Partial<PageState>) => void;
  /** Changes some of the state as a link does: Back leads to what was shown before. */
  readonly follow: (changes: Partial<PageState>) => void;
  /** A link to what the page shows, but for some changes. */
  readonly link: (changes: Partial<PageState>) => string;
}

/** A network, and where it comes from. */
export interface PageNetwork {
  readonly parameters: AnyParameters;
  /** The page's own (pretrained, or a given file), trained on the page, or drawn with a seed. */
  readonly origin: "page" | "trained" | "initial";
  /** The name of its file, if it comes from one. */
  readonly file: string | undefined;
  /** Its name in the page's language. */
  readonly name: string;
}
