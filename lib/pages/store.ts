// The state of the page: its address, and what its address does not hold.
import { type AnyParameters, type Dataset, type Dim, REPORT_SETTINGS } from "../../mod.ts";
import { initialParameters } from "../explain/explained_step.ts";
import { counted, type Language } from "../text/layout.ts";
import type { RuleWords } from "./break/rules.ts";
import { Drawing, exampleOf } from "./draw/drawing.ts";
import { type ErrorWords, t, useLanguage, wordsOf } from "./texts.ts";
import type { ImageCounts } from "./page_data.ts";
import {
  formatState,
  INITIAL_STATE,
  type PageState,
  parseState,
  validState,
  type ViewName,
} from "./state.ts";
import { Training } from "./train/training.ts";

/** Milliseconds without a change before the address is written: browsers refuse to write often. */
const WRITE_MS = 250;

/** Milliseconds without a change before screen readers are told of it. */
const ANNOUNCE_MS = 700;

/** What the page is made of. */
export interface PageContents {
  readonly parameters: AnyParameters;
  /** The name of the parameters' file; undefined for those of the report's experiment. */
  readonly name: string | undefined;
  readonly examples: Dataset<Dim<"inputs">>;
  /** How many images the page can train on and test with; undefined if it cannot train. */
  readonly counts: ImageCounts | undefined;
  readonly rules: readonly RuleWords[];
  /** What the network answers to the examples. */
  readonly answers: ArrayLike<number>;
}

/** The network in use, and what its training knows of it. */
interface PageNetwork {
  readonly parameters: AnyParameters;
  readonly origin: "page" | "trained" | "initial";
  readonly file: string | undefined;
  readonly name: string;
  readonly weightScale?: number;
  readonly answers?: ArrayLike<number>;
}

/** Holds the state. In a browser, `connect` ties it to the address. */
export function createStore(contents: PageContents) {
  const { parameters, name: file, examples, counts, answers } = contents;
  const drawing = new Drawing(examples.size);
  const page = { classes: parameters.W2.rows, examples: examples.count };
  const training = counts && new Training(page, counts.train, onTraining);
  let state = INITIAL_STATE, preferred: Language = "en";
  let error: ErrorWords | undefined, announcement = "";
  let writing: ReturnType<typeof setTimeout>, announcing: typeof writing, render = () => {};
  /** The network that was drawn last, and its seed. */
  let initial: { readonly seed: number; readonly parameters: AnyParameters } | undefined;

  function drawn(seed: number): PageNetwork {
    if (initial?.seed !== seed) {
      initial = { seed, parameters: initialParameters(seed, examples.inputs, parameters.W2.rows) };
    }
    const name = t(`not trained yet, drawn with seed ${seed}`, `学習前（シード ${seed} の乱数）`);
    return { parameters: initial.parameters, origin: "initial", file: undefined, name };
  }

  function networkInUse(): PageNetwork {
    const { view, seed, updates } = state, isStep = view === "step" || view === "why";
    const network = networkBefore(view, isStep ? seed : undefined);
    if (!isStep || updates === 0) return network;
    const made = t(` after ${counted(updates, "update")}`, `（${updates} 回更新した後）`);
    return { ...network, name: network.name + made };
  }

  /** The network before the updates of Why and Step. */
  function networkBefore(view: ViewName, seed: number | undefined): PageNetwork {
    // only Why and Step have a network drawn with a seed, and Train, before there is another
    if (seed !== undefined) return drawn(seed);
    if (training?.trained) {
      const name = t("the network trained on this page", "このページで学習したネットワーク");
      return { ...training.trained, origin: "trained", file: undefined, name };
    }
    if (view === "train" && training) return drawn(REPORT_SETTINGS.seed);
    const name = file ?? t("the report's parameters", "レポートのパラメータ");
    return { parameters, origin: "page", file, name, answers };
  }

  /** A link to what the page shows, but for some changes. */
  const link = (changes: Partial<PageState>) =>
    `#${formatState(validState({ ...state, ...changes }, examples))}`;

  function set(next: PageState): void {
    state = validState(next, examples);
    training?.open(state.trained);
    const { example, drawing: pixels } = state, shown = drawing.inAddress;
    if (example !== shown.example || `${pixels}` !== `${shown.drawing}`) {
      if (example !== undefined) drawing.show(exampleOf(examples, example));
      else if (pixels) drawing.show({ image: { ...examples.size, pixels } });
      else drawing.clear();
    }
    // Why and Step show one network's step, which a link may have yet to reach
    const isStep = state.view === "step" || state.view === "why";
    if (isStep && training?.isTraining && !training.linked) training.pause();
    render();
  }

  /** Changes some of the state; the entry in the browser's history stays the same. */
  function change(changes: Partial<PageState>): void {
    clearTimeout(writing);
    writing = setTimeout(write, WRITE_MS);
    set({ ...state, ...changes });
  }

  /** Changes some of the state as a link does: Back leads to what was shown before. */
  function follow(changes: Partial<PageState>): void {
    write();
    location.hash = link(changes);
  }

  /** Changes the drawing, and with it the state. */
  function edit(edit: (drawing: Drawing) => void): void {
    edit(drawing);
    change(drawing.inAddress);
  }

  /** Tells screen readers something when the reader pauses; it replaces what waits. */
  function announce(text: () => string): void {
    clearTimeout(announcing);
    announcing = setTimeout(() => {
      announcement = text();
      render();
    }, ANNOUNCE_MS);
  }

  function onTraining(): void {
    const { link: trained, isTraining, linked } = training!;
    // Why and Step show the network that is trained now
    const seed = isTraining && !linked ? undefined : state.seed;
    if (link({ trained, seed }) !== link({})) change({ trained, seed });
    render();
  }

  /** Takes the state from the address, and corrects the address where it is not valid. */
  function read(): void {
    clearTimeout(writing);
    set(parseState(location.hash));
    if (location.hash !== "" && location.hash !== link({})) write();
  }

  /** Writes the state into the present entry of the browser's history. */
  function write(): void {
    clearTimeout(writing);
    history.replaceState(null, "", link({}));
  }

  /** Shows an error at the top of the page. */
  function fail(reason: unknown): void {
    error = wordsOf(reason);
    render();
  }

  /** Takes the state from the address; from then on both change together, and are rendered. */
  function connect(onChange: () => void): void {
    render = onChange;
    if (navigator.language?.startsWith("ja")) preferred = "ja";
    // a change that is not written yet belongs to the entry that a link leaves
    addEventListener("click", ({ target }) => {
      if (target instanceof Element && target.closest("a")) write();
    }, { capture: true });
    addEventListener("hashchange", read);
    addEventListener("beforeunload", (event) => training?.isUnsaved && event.preventDefault());
    addEventListener("keydown", (event) => {
      const isUndo = (event.ctrlKey || event.metaKey) && !event.shiftKey &&
        event.key.toLowerCase() === "z" && ["draw", "train"].includes(state.view);
      if (!isUndo || event.target instanceof HTMLInputElement) return;
      event.preventDefault();
      edit((drawing) => drawing.undo());
    });
    read();
    if (!state.trained || training) return;
    error = {
      en: "The link is for a network trained on the page, and this page has no training images.",
      ja: "このリンクのネットワークは学習が必要だが、このページには訓練画像がない。",
    };
  }

  /** What the views get, in the language of the state. */
  function props() {
    useLanguage(state.language ?? preferred);
    return {
      ...{ ...contents, drawing, training, state, error, announcement, network: networkInUse() },
      ...{ change, follow, link, edit, announce },
    };
  }

  return { props, connect, fail };
}

/** What a view gets: the state of the page, what the page has, and how to change both. */
export type ViewProps = ReturnType<ReturnType<typeof createStore>["props"]>;

/** Saves a file. */
export function download(name: string, contents: BlobPart): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([contents], { type: "application/octet-stream" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
