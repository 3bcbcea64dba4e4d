// What goes on in the view Break: a worker trains a broken network beside the right one.
import { BREAK_SETTINGS } from "../playground/break/break_settings.ts";
import type {
  BreakMessage,
  BreakRequest,
  CheckedMessage,
  EpochMessage,
} from "../playground/browser/break_messages.ts";
import { startWorker, trainingData } from "../playground/browser/page_data.ts";
import { type ErrorWords, wordsOf } from "../playground/browser/page_error.ts";

/** The training of a broken network, and what the checks say to each rule that was chosen. */
export class BreakRun {
  /** The rule that is broken. */
  rule: string | undefined;
  /** What the checks said, by the rule's id. */
  readonly checked = new Map<string, CheckedMessage>();
  /** Both networks before training and after each epoch. */
  epochs: readonly EpochMessage[] = [];
  isTraining = false;
  /** Whether the training of this rule has been started. */
  hasBegun = false;
  /** Why nothing goes on any more, until the next start. */
  error: ErrorWords | undefined;
  #worker: Worker | undefined;
  /** Whether the worker has the images. */
  #isLoaded = false;
  /** The number of requests to the worker, the one that chose the rule, and that of the training. */
  #requests = 0;
  #choice = 0;
  #training = 0;
  #epochsWanted = 0;

  /** Called when something has changed. */
  onChange: () => void = () => {};

  /** Whether a training waits for the images. */
  get isLoading(): boolean {
    return !this.#isLoaded && this.#epochsWanted > 0;
  }

  get isAtEnd(): boolean {
    return this.epochs.at(-1)?.epoch === BREAK_SETTINGS.epochs;
  }

  /** Begins anew with a rule: its check, and both networks before training. */
  choose(rule: string): void {
    this.rule = rule;
    this.epochs = [];
    this.isTraining = this.hasBegun = false;
    this.#epochsWanted = 0;
    this.#start();
    if (this.#isLoaded) this.#choice = this.#request({ type: "choose", rule });
    this.onChange();
  }

  /** Trains for so many epochs at most. After an error it begins anew. */
  train(epochs: number): void {
    this.isTraining = this.hasBegun = true;
    this.#epochsWanted = epochs;
    this.#start();
    if (this.#isLoaded) this.#training = this.#request({ type: "train", epochs });
    this.onChange();
  }

  pause(): void {
    if (!this.isTraining) return;
    this.isTraining = false;
    this.#epochsWanted = 0;
    if (this.#isLoaded) this.#request({ type: "pause" });
    this.onChange();
  }

  /** Starts the worker and loads the images, unless that is done or going on. */
  #start(): void {
    if (this.#worker) return;
    this.error = undefined;
    const worker = this.#worker = startWorker("breaker");
    worker.onmessage = ({ data }: MessageEvent<BreakMessage>) => this.#onMessage(data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#fail(event.message || { text: "error.load.script", values: { file: "breaker.js" } });
    };
    trainingData("few").then((data) => {
      if (this.#worker !== worker) return;
      this.#isLoaded = true;
      this.#request({ type: "data", data });
      const wanted = this.#epochsWanted;
      this.choose(this.rule!);
      if (wanted > 0) this.train(wanted);
    }, (error) => this.#fail(wordsOf(error)));
  }

  #request(request: BreakRequest): number {
    this.#worker!.postMessage(request);
    return ++this.#requests;
  }

  #onMessage(message: BreakMessage): void {
    if (message.type === "error") return this.#fail(message.error);
    const { request } = message;
    if (request !== (message.type === "stopped" ? this.#training : this.#choice)) return;
    if (message.type === "checked") this.checked.set(this.rule!, message);
    else if (message.type === "epoch") this.epochs = [...this.epochs, message];
    else this.isTraining = false;
    this.onChange();
  }

  #fail(error: ErrorWords): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#isLoaded = this.isTraining = false;
    this.#requests = this.#epochsWanted = 0;
    this.epochs = [];
    this.error = error;
    this.onChange();
  }
}
