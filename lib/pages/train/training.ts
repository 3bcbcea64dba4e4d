// The network that is trained on the page: it goes on while any view is shown.
import type { AnyParameters, Quality } from "../../../mod.ts";
import { blockParameters, type ImageCounts, trainingData } from "../page_data.ts";
import { type ErrorWords, wordsOf } from "../texts.ts";
import { MAX_LINKED_BATCHES, type TrainedNetwork } from "../state.ts";
import { WorkerClient } from "../worker_client.ts";
import type { Goal, Progress, trainer } from "./trainer.ts";
import {
  DEFAULTS,
  type Hyperparameters,
  parseSettings,
  sameHyperparameters,
  type SettingName,
  textsOf,
} from "./training_settings.ts";

type Trainer = ReturnType<typeof trainer>;

/** Trains a network in a worker. */
export class Training {
  /** The text of each field. */
  texts = textsOf(DEFAULTS);
  /** What is trained, and what that has reached. */
  session: {
    readonly id: number;
    readonly settings: Hyperparameters;
    isTraining: boolean;
    /** The network of a link, until the training has reached it. */
    linked: TrainedNetwork | undefined;
    progress?: Progress;
    /** The number of batches before the last file that was saved, and its test. */
    saved?: { readonly batches: number; readonly test: Quality } | undefined;
  } | undefined;
  /** The network, with what is known of it; undefined before it is trained on the page. */
  trained: Progress & { readonly parameters: AnyParameters } | undefined;
  error: ErrorWords | undefined;
  readonly #client: WorkerClient<Trainer, Progress>;

  constructor(
    readonly options: {
      readonly classes: number;
      /** The number of examples of the page, which are the first test images. */
      readonly examples: number;
      readonly counts: ImageCounts;
      /** Called after each change, and with a file that was asked for. */
      readonly onChange: () => void;
      readonly onFile: (bytes: Uint8Array<ArrayBuffer>) => void;
    },
  ) {
    const { classes, examples } = options;
    const data = async () => ({ data: await trainingData(), classes, examples });
    this.#client = new WorkerClient("trainer", data, (progress) => this.#onProgress(progress));
  }

  /** The settings of the fields, or why they are refused. */
  get settings() {
    return parseSettings(this.texts, this.options.counts.train);
  }

  /** What the address holds of the session: nothing of a long training. */
  get link(): TrainedNetwork | undefined {
    if (!this.session) return undefined;
    const { linked, settings, progress } = this.session, batches = progress?.batches ?? 0;
    return linked ?? (batches <= MAX_LINKED_BATCHES ? { ...settings, batches } : undefined);
  }

  /** Whether what is trained would be lost: it is neither in the address nor saved. */
  get isUnsaved(): boolean {
    const { session, link } = this;
    return session !== undefined && !link && session.progress?.batches !== session.saved?.batches;
  }

  /** Whether the fields have other settings than those of the training. */
  get isChanged(): boolean {
    const { session, settings } = this;
    return session !== undefined &&
      ("reason" in settings || !sameHyperparameters(session.settings, settings));
  }

  setText(name: SettingName, text: string): void {
    this.texts = { ...this.texts, [name]: text };
    this.options.onChange();
  }

  /** Whether the network is the one of an address; one that is trained now has changed since. */
  shows(trained: TrainedNetwork | undefined): boolean {
    const { session, link } = this;
    if (!trained || !session) return !trained && !link;
    return sameHyperparameters(session.settings, trained) &&
      (session.isTraining || trained.batches === link?.batches);
  }

  /** Trains the network of a link again; undefined restores the page's own. */
  open(linked: TrainedNetwork | undefined): void {
    if (linked) {
      const { batches, ...settings } = linked;
      this.texts = textsOf(settings);
      return this.#start(settings, batches, linked);
    }
    this.#client.end();
    this.#reset(undefined);
  }

  /** Trains a network with the settings of the fields from the start. */
  restart(goal: Goal): void {
    if (!("reason" in this.settings)) this.#start(this.settings, goal, undefined);
  }

  /** Goes on with the training. */
  goOn(goal: Goal): void {
    Object.assign(this.session!, { isTraining: true, linked: undefined, saved: undefined });
    this.#ask("train", { goal });
  }

  /** Pauses the training, if there is one, unless it has yet to reach the network of a link. */
  hold(): void {
    if (this.session?.isTraining && !this.session.linked) this.pause();
  }

  pause(): void {
    this.#ask("pause", undefined);
  }

  /** Makes the file of the present network. */
  async save(): Promise<void> {
    const { session } = this, file = await this.#ask("save", undefined);
    if (!file || session !== this.session) return;
    session!.saved = file;
    this.options.onFile(file.bytes);
    this.options.onChange();
  }

  #start(settings: Hyperparameters, goal: Goal, linked: TrainedNetwork | undefined): void {
    const id = (this.session?.id ?? 0) + 1;
    this.session = { id, settings, isTraining: true, linked };
    this.error = undefined;
    this.#ask("train", { goal, start: { id, settings } });
  }

  /** Asks the worker; an error ends the training. */
  async #ask<Name extends keyof Trainer>(name: Name, argument: Parameters<Trainer[Name]>[0]) {
    this.options.onChange();
    try {
      return await this.#client.ask(name, argument);
    } catch (error) {
      if (this.session) this.#reset(wordsOf(error)); // else a request before this one failed too
      return undefined;
    }
  }

  #reset(error: ErrorWords | undefined): void {
    this.session = this.trained = undefined;
    this.error = error;
    this.options.onChange();
  }

  #onProgress(progress: Progress): void {
    const { session } = this;
    if (session?.id !== progress.id) return; // of the training before
    session.progress = progress;
    session.isTraining = progress.ended === undefined;
    if (progress.ended) session.linked = undefined;
    if (!session.linked) {
      this.trained = { ...progress, parameters: blockParameters(progress.block) };
    }
    this.options.onChange();
  }
}
