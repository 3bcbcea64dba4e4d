// The state of the page: its address, and what its address does not hold.
import { type AnyParameters, type Dataset, type Dim, REPORT_SETTINGS } from "../../mod.ts";
import type { Language } from "../text/layout.ts";
import { Drawing, drawnBy, exampleOf } from "./draw/drawing.ts";
import { summary } from "./draw/prediction.tsx";
import { type ErrorWords, wordsOf } from "./errors.ts";
import type { ImageCounts } from "./page_data.ts";
import { formatState, INITIAL_STATE, type PageState, parseState, validState } from "./state.ts";
import type { RuleWords } from "./break/broken_rules.ts";
import { initialParameters } from "./step/step_sequence.ts";
import { t, useLanguage } from "./texts.ts";
import { Training } from "./train/training.ts";
import type { PageNetwork, ViewProps } from "./view.ts";

/** Milliseconds without a change before the address is written: browsers refuse to write often. */
const WRITE_MS = 250;

/** Milliseconds without a change before screen readers are told of it. */
const ANNOUNCE_MS = 700;

/** What the page is made of. */
export interface PageContents {
  readonly parameters: AnyParameters;
  /** The name of the parameters' file; undefined for those of the report's experiment. */
  readonly name: string | undefined;
  /** Test images in the page. */
  readonly examples: Dataset<Dim<"inputs">>;
  /** How many images the page can train on and test with; undefined if it cannot train. */
  readonly counts: ImageCounts | undefined;
  /** The rules that Break can break. */
  readonly rules: readonly RuleWords[];
}

/** What the page shows, besides what its views get. */
export interface PageProps extends ViewProps {
  /** The name of the network, and whether a link and a reload lose it. */
  readonly networkName: string;
  readonly error: ErrorWords | undefined;
  /** What screen readers are to say. */
  readonly announcement: string;
}

/** Holds the state. In a browser, `connect` ties it to the address. */
export class Store {
  readonly drawing: Drawing;
  readonly training: Training | undefined;
  #state = INITIAL_STATE;
  #error: ErrorWords | undefined;
  #announcement = "";
  /** What waits to be announced, by topic. */
  readonly #waiting = new Map<string, () => string>();
  /** The network drawn with a seed, and the seed. */
  #initial: { readonly seed: number; readonly parameters: AnyParameters } | undefined;
  #writing: ReturnType<typeof setTimeout> | undefined;
  #announcing: ReturnType<typeof setTimeout> | undefined;
  #render = (): void => {};

  constructor(readonly contents: PageContents) {
    const { examples, counts, parameters } = contents;
    this.drawing = new Drawing(examples.size);
    this.training = counts && new Training({
      classes: parameters.W2.rows,
      examples: examples.count,
      counts,
      onChange: () => this.#onTraining(),
      onFile: download,
    });
  }

  /**
   * Takes the state from the address, and from then on both change together.
   *
   * @param render shows the page; called at once, and after changes
   */
  connect(render: () => void): void {
    let isRequested = false;
    this.#render = () => {
      if (isRequested) return;
      isRequested = true;
      queueMicrotask(() => {
        isRequested = false;
        useLanguage(this.language);
        render();
      });
    };
    // a change that is not written yet belongs to the entry that a link leaves
    addEventListener("click", ({ target }) => {
      if (target instanceof Element && target.closest("a")) this.#write();
    }, { capture: true });
    addEventListener("hashchange", () => this.#read());
    addEventListener("beforeunload", (event) => {
      if (this.training?.isUnsaved) event.preventDefault();
    });
    addEventListener("keydown", (event) => {
      const isUndo = (event.ctrlKey || event.metaKey) && !event.shiftKey &&
        event.key.toLowerCase() === "z" && ["draw", "train"].includes(this.#state.view);
      if (!isUndo || event.target instanceof HTMLInputElement) return;
      event.preventDefault();
      this.edit((drawing) => drawing.undo());
    });
    this.#read();
    if (this.#state.trained && !this.training) {
      this.fail({
        en: "The link is for a network trained on the page, and this page has no training images.",
        ja: "このリンクのネットワークは学習が必要だが、このページには訓練画像がない。",
      });
    }
    useLanguage(this.language);
    render();
  }

  /** The language of the page. */
  get language(): Language {
    if (this.#state.language) return this.#state.language;
    return typeof navigator === "object" && navigator.language?.startsWith("ja") ? "ja" : "en";
  }

  /** What the page shows. */
  get props(): PageProps {
    return {
      state: this.#state,
      examples: this.contents.examples,
      rules: this.contents.rules,
      network: this.network,
      change: this.change,
      follow: this.follow,
      link: this.link,
      drawing: this.drawing,
      edit: this.edit,
      training: this.training,
      announce: this.announce,
      networkName: this.#networkName,
      error: this.#error,
      announcement: this.#announcement,
    };
  }

  get state(): PageState {
    return this.#state;
  }

  /** The network in use. */
  get network(): PageNetwork {
    const { view, seed } = this.#state, { training } = this;
    // only Why and Step have a network drawn with a seed, and Train, before there is another
    if ((view === "step" || view === "why") && seed !== undefined) return this.#drawn(seed);
    const name = t("the network trained on this page", "このページで学習したネットワーク");
    if (training?.trained) {
      return { ...training.trained, origin: "trained", file: undefined, name };
    }
    if (view === "train" && training) return this.#drawn(REPORT_SETTINGS.seed);
    const { parameters, name: file } = this.contents;
    const report = t("the report's parameters", "レポートのパラメータ");
    return { parameters, origin: "page", file, name: file ?? report };
  }

  /** Changes some of the state; the entry in the browser's history stays the same. */
  readonly change = (changes: Partial<PageState>): void => {
    clearTimeout(this.#writing);
    this.#writing = setTimeout(() => this.#write(), WRITE_MS);
    this.#set({ ...this.#state, ...changes });
  };

  /** Changes some of the state as a link does: Back leads to what was shown before. */
  readonly follow = (changes: Partial<PageState>): void => {
    this.#write();
    const link = this.link(changes);
    if (link !== this.link({})) history.pushState(null, "", link);
    this.#set({ ...this.#state, ...changes });
  };

  /** A link to what the page shows, but for some changes. */
  readonly link = (changes: Partial<PageState>): string =>
    `#${formatState({ ...this.#state, ...changes })}`;

  /** Changes the drawing. */
  readonly edit = (edit: (drawing: Drawing) => void): void => {
    edit(this.drawing);
    this.announce("result", () => this.#summary);
    this.change(drawnBy(this.drawing));
  };

  /** Tells screen readers something when the reader pauses; it replaces what waits of a topic. */
  readonly announce = (topic: string, text: () => string): void => {
    if (topic === "now") {
      this.#announcement = text();
      return this.#render();
    }
    this.#waiting.set(topic, text);
    clearTimeout(this.#announcing);
    this.#announcing = setTimeout(() => {
      this.#announcement = Array.from(this.#waiting.values(), (text) => text()).join("; ");
      this.#waiting.clear();
      this.#render();
    }, ANNOUNCE_MS);
  };

  /** Shows an error at the top of the page. */
  fail(error: unknown): void {
    this.#error = typeof error === "object" && error !== null && "en" in error
      ? error as ErrorWords
      : wordsOf(error);
    this.#render();
  }

  get #summary(): string {
    const { drawing: { shown, networkInput }, network: { parameters } } = this;
    return summary(parameters, networkInput, shown?.label);
  }

  #drawn(seed: number): PageNetwork {
    const { examples: { inputs }, parameters: { W2 } } = this.contents;
    if (this.#initial?.seed !== seed) {
      this.#initial = { seed, parameters: initialParameters(seed, inputs, W2.rows) };
    }
    const name = t(
      `not trained yet, drawn with seed ${seed}`,
      `学習前（シード ${seed} の乱数）`,
    );
    return { ...this.#initial, origin: "initial", file: undefined, name };
  }

  get #networkName(): string {
    const { origin, name } = this.network;
    if (origin === "trained" && !this.training!.link) {
      return t(
        `${name} (a reload loses it: save it first)`,
        `${name}（再読み込みすると失われる。先に保存しておくこと）`,
      );
    }
    return origin === "page" && this.contents.name !== undefined
      ? t(`${name} (not in the link)`, `${name}（リンクには含まれない）`)
      : name;
  }

  #onTraining(): void {
    const { link, session } = this.training!, { trained, seed } = this.#state;
    const changes: { trained?: PageState["trained"]; seed?: undefined } = {};
    if (JSON.stringify(link) !== JSON.stringify(trained)) changes.trained = link;
    if (session?.isTraining && !session.linked && seed !== undefined) changes.seed = undefined;
    if (Object.keys(changes).length > 0) this.change(changes);
    this.#render();
  }

  /** Takes the state from the address, and corrects the address where it is not valid. */
  #read(): void {
    clearTimeout(this.#writing);
    const state = parseState(location.hash);
    this.#set(state);
    if (this.link({}) !== `#${formatState(state)}`) this.#write();
  }

  /** Writes the state into the present entry of the browser's history. */
  #write(): void {
    clearTimeout(this.#writing);
    history.replaceState(null, "", this.link({}));
  }

  #set(state: PageState): void {
    const { drawing, training } = this, { examples } = this.contents;
    const { view, trained, example, drawing: pixels } = this.#state = validState(state, examples);
    if (training && !training.shows(trained)) training.open(trained);
    const shown = drawnBy(drawing);
    if (example !== shown.example || !sameBytes(pixels, shown.drawing)) {
      if (example !== undefined) drawing.show(exampleOf(examples, example));
      else if (pixels) drawing.show({ image: { ...examples.size, pixels } });
      else drawing.clear();
    }
    if (view === "step" || view === "why") training?.hold(); // they show one network's step
    this.#render();
  }
}

function sameBytes(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a === b || a?.length === b?.length && (a?.every((byte, i) => byte === b![i]) ?? false);
}

/** Saves a file with the name that the report's program gives it. */
function download(bytes: Uint8Array<ArrayBuffer>): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
  link.download = "parameter.npz";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
