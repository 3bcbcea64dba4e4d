// What the page gives to each of its views.
import type { AnyParameters, Dataset, Dim } from "../../mod.ts";
import type { Drawing } from "./draw/drawing.ts";
import type { PageState } from "./state.ts";
import type { RuleWords } from "./break/broken_rules.ts";
import type { Training } from "./train/training.ts";

/** The state of the page, what it has, and how a view changes it. */
export interface ViewProps {
  /** What the page shows: its address. */
  readonly state: PageState;
  /** The rules that Break can break. */
  readonly rules: readonly RuleWords[];
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
  /** The drawing, which only `edit` changes. */
  readonly drawing: Drawing;
  readonly edit: (edit: (drawing: Drawing) => void) => void;
  /** What trains a network, in any view; undefined if the page has no images to train on. */
  readonly training: Training | undefined;
  /**
   * Tells screen readers something when the reader pauses, for the topic "now" at once; it replaces
   * what waits of the same topic.
   */
  readonly announce: (topic: string, text: () => string) => void;
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
  /** `weightScale` of W1, and the answers to the examples, if they are known already. */
  readonly weightScale?: number;
  readonly answers?: Uint8Array;
}
