// The view in which a network is trained, by a worker.
import { type AnyParameters, dim, Matrix, type Quality } from "../../../../mod.ts";
import { thousands } from "../../../charts/words.ts";
import { percent } from "../../../text/numbers.ts";
import { noBetterThan } from "../train/guessing.ts";
import { MAX_LINKED_BATCHES, type TrainedNetwork } from "../page_state.ts";
import type { TextName, TextValues } from "../texts/texts.ts";
import {
  type Hyperparameters,
  parseSettings,
  type Refusal,
  sameHyperparameters,
  SETTING_NAMES,
  type SettingName,
} from "../train/training_settings.ts";
import { byId, createElement, showError } from "./elements.ts";
import type { ScaledParameters } from "./hidden_units_view.ts";
import { language, setText } from "./language.ts";
import type {
  Goal,
  ParametersMessage,
  ProgressMessage,
  TrainerMessage,
  TrainerRequest,
} from "./messages.ts";
import { type ErrorWords, wordsOf } from "./page_error.ts";
import { type ImageCounts, startWorker, trainingData } from "./page_data.ts";

/** Losses from here on are shown with an exponent; a diverging training may have any. */
const LARGE_LOSS = 1e5;

/** The name of the file that the report's program saves. */
const FILE_NAME = "parameter.npz";

/** A network trained on the page. */
export interface TrainedParameters extends ScaledParameters {
  /** Its answers to the examples. */
  readonly answers: Uint8Array;
}

/** What the view needs from the page. */
export interface TrainingViewOptions {
  /** The number of classes of the network. */
  readonly classes: number;
  /** The number of examples of the page, which are the first test images. */
  readonly examples: number;
  /** The numbers of images. */
  readonly counts: ImageCounts;
  /** Called when the reader lets the network learn. */
  readonly onStart: () => void;
  /** Called with each new network, and with undefined to restore the original one. */
  readonly onNetwork: (trained: TrainedParameters | undefined) => void;
  /** Called with what the address is to hold of the network: nothing of a long training. */
  readonly onLink: (trained: TrainedNetwork | undefined) => void;
}

/** A training: what it was started with, and what it has reached. */
interface Session {
  readonly settings: Hyperparameters;
  isTraining: boolean;
  /** Whether the worker has begun it; messages before that are about the training before. */
  hasStarted: boolean;
  progress: ProgressMessage | undefined;
  /** The network of a link, until the training has reached it. */
  linked: TrainedNetwork | undefined;
}

/** Lets the reader train a network, and shows its progress. */
export class TrainingView {
  readonly #form = byId("train", HTMLFormElement);
  readonly #run = byId("start", HTMLButtonElement);
  readonly #save = byId("save", HTMLButtonElement);
  readonly #restore = byId("restore", HTMLButtonElement);
  readonly #status = byId("training-status", HTMLElement);
  readonly #options: TrainingViewOptions;
  #worker: Worker | undefined;
  /** The worker that has the images. */
  #workerWithData: Worker | undefined;
  /** Requests that are on their way, in order. */
  #requests = Promise.resolve();
  #session: Session | undefined;
  /** What the address holds of the session. */
  #link: TrainedNetwork | undefined;

  /** Handles the buttons of the view. */
  constructor(options: TrainingViewOptions) {
    this.#options = options;
    this.#form.onsubmit = (event) => {
      event.preventDefault();
      this.#startFromForm("end");
    };
    this.#form.oninput = () => this.#showWhetherChanged();
    this.#run.onclick = () => {
      if (this.#session?.isTraining) this.pause();
      else this.#goOn("end");
    };
    byId("run-batch", HTMLButtonElement).onclick = () => this.#goOn("batch");
    byId("run-epoch", HTMLButtonElement).onclick = () => this.#goOn("epoch");
    this.#save.onclick = () => this.#request({ type: "save" });
    this.#restore.onclick = () => {
      this.#run.focus(); // the button cannot keep the focus
      this.open(undefined);
    };
    this.#showButtons();
  }

  /** What the address holds of the network trained here. */
  get link(): TrainedNetwork | undefined {
    return this.#link;
  }

  /** Whether the network is the one of an address; one that is trained now has changed since. */
  shows(trained: TrainedNetwork | undefined): boolean {
    if (!trained || !this.#session) return trained === this.#link;
    const { settings, isTraining } = this.#session;
    return sameHyperparameters(settings, trained) &&
      (isTraining || trained.batches === this.#link?.batches);
  }

  /** Trains the network of a link again; undefined restores the original one. */
  open(trained: TrainedNetwork | undefined): void {
    this.#showFault(undefined);
    if (trained) {
      const { batches, ...settings } = trained;
      for (const name of SETTING_NAMES) this.#field(name).value = `${settings[name]}`;
      this.#start(settings, batches, trained);
      return this.#showStatus("status.linked", { batches: thousands(batches) });
    }
    this.#end();
    this.#showNothing();
    this.#setLink(undefined);
    this.#options.onNetwork(undefined);
  }

  /** Pauses the training, if there is one. */
  pause(): void {
    if (this.#session?.isTraining) this.#request({ type: "pause" });
  }

  /** Pauses the training, unless it has yet to reach the network of a link. */
  hold(): void {
    if (!this.#session?.linked) this.pause();
  }

  /** Shows the curves in the language of the page. */
  setLanguage(): void {
    if (this.#session) this.#request({ type: "language", language: language() });
  }

  #goOn(goal: Goal): void {
    if (!this.#session) return this.#startFromForm(goal);
    this.#options.onStart();
    this.#session.isTraining = true;
    this.#session.linked = undefined;
    this.#showTraining();
    this.#request({ type: "continue", goal });
  }

  #setLink(trained: TrainedNetwork | undefined): void {
    this.#link = trained;
    this.#options.onLink(trained);
  }

  #startFromForm(goal: Goal): void {
    const texts = Object.fromEntries(
      SETTING_NAMES.map((name) => [name, this.#field(name).value.trim()]),
    ) as Record<SettingName, string>;
    const settings = parseSettings(texts, this.#options.counts.train);
    const fault = "reason" in settings ? settings : undefined;
    this.#showFault(fault);
    if (fault) return this.#field(fault.name).focus();
    this.#options.onStart();
    this.#start(settings as Hyperparameters, goal, undefined);
    this.#showStatus("status.loading");
  }

  #start(
    settings: Hyperparameters,
    goal: Goal | number,
    linked: TrainedNetwork | undefined,
  ): void {
    showError(byId("training-error", HTMLElement), undefined);
    const progress = undefined;
    this.#session = { settings, isTraining: true, hasStarted: false, progress, linked };
    this.#setLink(linked ?? { ...settings, batches: 0 });
    this.#worker ??= this.#createWorker();
    this.#request({ type: "start", settings, goal, language: language() });
    this.#showButtons();
    this.#showWhetherChanged();
  }

  #createWorker(): Worker {
    const worker = startWorker("trainer");
    worker.onmessage = ({ data }: MessageEvent<TrainerMessage>) => {
      if (worker === this.#worker) this.#onMessage(data); // a terminated worker may have sent more
    };
    worker.onerror = (event) => {
      event.preventDefault();
      if (worker === this.#worker) {
        this.#fail(event.message || { text: "error.load.script", values: { file: "trainer.js" } });
      }
    };
    return worker;
  }

  /** Sends a request, after the images. */
  #request(request: TrainerRequest): void {
    const worker = this.#worker;
    this.#requests = this.#requests.then(async () => {
      if (!worker || worker !== this.#worker) return;
      if (worker !== this.#workerWithData) {
        const data = await trainingData(), { classes, examples } = this.#options;
        if (worker !== this.#worker) return;
        this.#workerWithData = worker;
        worker.postMessage({ type: "data", data, classes, examples } satisfies TrainerRequest);
      }
      worker.postMessage(request);
    }).catch((error) => {
      if (worker === this.#worker) this.#fail(wordsOf(error));
    });
  }

  #onMessage(message: TrainerMessage): void {
    const session = this.#session;
    if (!session) return;
    if (message.type === "error") return this.#fail(message.error);
    if (message.type === "started") {
      session.hasStarted = true;
      return;
    }
    if (!session.hasStarted) return;
    switch (message.type) {
      case "progress":
        return this.#showProgress(session, message);
      case "parameters":
        if (session.linked) return; // not yet what the link names
        return this.#options.onNetwork({ ...message, parameters: parametersOf(message) });
      case "file":
        return this.#download(message.bytes, message.batches, message.test);
    }
  }

  #showProgress(session: Session, message: ProgressMessage): void {
    const isFirst = session.progress === undefined;
    session.progress = message;
    session.isTraining = message.ended === undefined;
    const { batches, epochs, batchesPerEpoch, running, tested, speed, threads } = message;
    showQuality("train", running);
    showQuality("test", tested.quality);
    const test = byId("test-name", HTMLElement);
    if (tested.batches === batches) setText(test, "progress.test");
    else setText(test, "progress.test.after", { batches: thousands(tested.batches) });
    const inEpoch = batches - epochs * batchesPerEpoch, isEnd = inEpoch === 0 && epochs > 0;
    setText(byId("epoch", HTMLElement), "progress.epoch", {
      epoch: thousands(isEnd ? epochs : epochs + 1),
      iteration: isEnd ? batchesPerEpoch : inEpoch,
      iterations: batchesPerEpoch,
    });
    if (batches > 0) {
      const rounded = speed < 10 ? speed.toFixed(2) : speed.toFixed(0);
      setText(byId("speed", HTMLElement), "progress.speed", { speed: rounded, threads });
    }
    const curves = byId("curves", HTMLElement);
    delete curves.dataset.text;
    curves.innerHTML = message.curves;
    this.#showGuessing(message);
    if (message.ended) session.linked = undefined;
    const here = batches <= MAX_LINKED_BATCHES ? { ...session.settings, batches } : undefined;
    this.#setLink(session.linked ?? here);
    const note = byId("link-note", HTMLElement);
    if (this.#link) setText(note, "link.holds");
    else setText(note, "link.tooLong", { most: thousands(MAX_LINKED_BATCHES) });
    if (message.ended === "finished") {
      this.#showStatus("status.finished", { epochs: thousands(epochs) });
    } else if (message.ended) {
      this.#showStatus("status.paused", { batches: thousands(batches) });
    } else if (isFirst && !session.linked) this.#showTraining();
    this.#showButtons();
  }

  #showGuessing({ tested: { quality }, guessing }: ProgressMessage): void {
    const element = byId("guessing", HTMLElement), found = noBetterThan(guessing, quality);
    const name = `guessing.${found ?? "better"}` as const;
    element.classList.toggle("wrong", found !== undefined);
    if (element.dataset.text === name) return; // a screen reader would read it again
    setText(element, name, {
      classes: this.#options.classes,
      crossEntropy: guessing.crossEntropy.toFixed(3),
      accuracy: percent(guessing.accuracy),
    });
  }

  #showTraining(): void {
    const { counts: { train }, classes } = this.#options, images = thousands(train);
    this.#showStatus("status.training", { images, classes });
    this.#showButtons();
  }

  #showButtons(): void {
    const session = this.#session, isFinished = session?.progress?.ended === "finished";
    setText(this.#run, session?.isTraining ? "run.pause" : session ? "run.continue" : "run.start");
    this.#run.disabled = isFinished;
    byId("run-batch", HTMLButtonElement).disabled = isFinished;
    byId("run-epoch", HTMLButtonElement).disabled = isFinished;
    this.#save.disabled = session?.progress === undefined;
    this.#restore.disabled = session === undefined;
  }

  #showWhetherChanged(): void {
    const { settings } = this.#session ?? {};
    const texts = Object.fromEntries(
      SETTING_NAMES.map((name) => [name, Number(this.#field(name).value)]),
    ) as unknown as Hyperparameters;
    const isSame = settings === undefined || sameHyperparameters(settings, texts);
    const note = byId("settings-note", HTMLElement);
    if (!isSame) return setText(note, "setting.changed");
    delete note.dataset.text;
    note.replaceChildren();
  }

  /** Shows what no training has reached. */
  #showNothing(): void {
    for (const id of ["speed", "guessing", "link-note"]) {
      const element = byId(id, HTMLElement);
      delete element.dataset.text;
      element.replaceChildren();
    }
    byId("guessing", HTMLElement).classList.remove("wrong");
    setText(byId("test-name", HTMLElement), "progress.test");
    setText(byId("epoch", HTMLElement), "progress.none");
    setText(byId("curves", HTMLElement), "curves.empty");
    showQuality("train", undefined);
    showQuality("test", undefined);
    this.#status.replaceChildren();
    this.#showButtons();
    this.#showWhetherChanged();
  }

  #fail(error: ErrorWords): void {
    this.open(undefined);
    showError(byId("training-error", HTMLElement), error);
  }

  /** Ends the training and its worker. */
  #end(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#session = undefined;
  }

  #download(bytes: Uint8Array<ArrayBuffer>, batches: number, test: Quality): void {
    const href = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
    createElement("a", { href, download: FILE_NAME }).click();
    setTimeout(() => URL.revokeObjectURL(href), 10_000);
    const crossEntropy = lossText(test.crossEntropy), accuracy = percent(test.accuracy);
    const values = { batches: thousands(batches), crossEntropy, accuracy };
    this.#showStatus("status.saved", values);
  }

  #field(name: SettingName): HTMLInputElement {
    return this.#form.elements.namedItem(name) as HTMLInputElement;
  }

  /** Shows why a setting is refused. */
  #showFault(fault: Refusal | undefined): void {
    for (const name of SETTING_NAMES) this.#field(name).ariaInvalid = `${name === fault?.name}`;
    const line = byId("settings-error", HTMLElement);
    line.hidden = fault === undefined;
    if (!fault) return line.replaceChildren();
    const name = createElement("span"), reason = createElement("span");
    setText(name, `setting.${fault.name}`);
    setText(reason, fault.reason, fault.values);
    line.replaceChildren(name, ": ", reason);
  }

  #showStatus(name: TextName, values?: TextValues): void {
    const text = createElement("span");
    setText(text, name, values);
    this.#status.replaceChildren(text);
  }
}

function showQuality(id: "train" | "test", quality: Quality | undefined): void {
  byId(`${id}-loss`, HTMLElement).textContent = quality ? lossText(quality.crossEntropy) : "–";
  byId(`${id}-accuracy`, HTMLElement).textContent = quality ? percent(quality.accuracy) : "–";
}

function lossText(loss: number): string {
  return loss < LARGE_LOSS ? loss.toFixed(4) : loss.toExponential(3);
}

function parametersOf({ sizes, entries: [W1, b1, W2, b2] }: ParametersMessage): AnyParameters {
  const D = dim("inputs", sizes[0]), M = dim("hidden", sizes[1]), K = dim("classes", sizes[2]);
  return {
    W1: Matrix.of(M, D, W1),
    b1: Matrix.of(M, 1, b1),
    W2: Matrix.of(K, M, W2),
    b2: Matrix.of(K, 1, b2),
  };
}
