// The network that is trained on the page: it goes on while any view is shown.
import type { AnyParameters } from "../../../mod.ts";
import { t } from "../../text/layout.ts";
import { parseNumber, type Setting, SETTINGS } from "../../training/settings.ts";
import { blockParameters, type ImageCounts, trainingData } from "../page_data.ts";
import { type ErrorWords, wordsOf } from "../texts.ts";
import { MAX_LINKED_BATCHES, type TrainedNetwork } from "../state.ts";
import type { Hyperparameters } from "../training_run.ts";
import { WorkerClient } from "../worker_client.ts";
import type { Goal, Progress, trainer } from "./trainer.ts";

type Trainer = ReturnType<typeof trainer>;

type SettingName = keyof Hyperparameters;
type SettingTexts = Readonly<Record<SettingName, string>>;

/** The rows of the settings that the page offers, in its order. */
export const PAGE_SETTINGS = SETTINGS.filter(({ address }) => address !== undefined) as readonly (
  & Setting
  & { readonly name: SettingName; readonly address: string }
)[];

/** The settings at first. */
export const DEFAULTS = Object.fromEntries(
  PAGE_SETTINGS.map((setting) => [setting.name, setting.default]),
) as Hyperparameters;

/** A text for each field. */
export function textsOf(settings: Hyperparameters): SettingTexts {
  const texts = PAGE_SETTINGS.map(({ name }) => [name, `${settings[name]}`]);
  return Object.fromEntries(texts) as SettingTexts;
}

/**
 * The settings that texts set, for so many images, or why the first invalid one is refused: the
 * command line says the same.
 */
export function parseSettings(texts: SettingTexts, images: number) {
  const settings: Partial<Record<SettingName, number>> = {};
  for (const { name, words, range } of PAGE_SETTINGS) {
    const number = parseNumber(texts[name].trim(), range), { needed } = range;
    if (number === undefined) {
      return { name, words, reason: t(`Must be ${needed.en}`, `${needed.ja}を指定する`) };
    }
    if (name === "batchSize" && number > images) {
      const reason = t(`there are ${images} train images`, `訓練画像は ${images} 枚しかない`);
      return { name, words, reason };
    }
    settings[name] = number;
  }
  return settings as Hyperparameters;
}

/** Trains a network; each has a worker of its own. */
export class Training {
  /** The text of each field. */
  texts = textsOf(DEFAULTS);
  /** What is trained, and what that has reached. */
  session: {
    readonly settings: Hyperparameters;
    isTraining: boolean;
    /** The network of a link, until the training has reached it. */
    linked: TrainedNetwork | undefined;
    progress?: Progress;
    /** The number of batches before the last file that was saved. */
    saved?: number | undefined;
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
    const data = async () => {
      return { settings: this.session!.settings, classes, examples, data: await trainingData() };
    };
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
    return session !== undefined && !link && session.progress?.batches !== session.saved;
  }

  setText(name: SettingName, text: string): void {
    this.texts = { ...this.texts, [name]: text };
    this.options.onChange();
  }

  /** Whether the network is the one of an address; one that is trained now has changed since. */
  shows(trained: TrainedNetwork | undefined): boolean {
    const { session, link } = this;
    if (!trained || !session) return !trained && !link;
    return PAGE_SETTINGS.every(({ name }) => session.settings[name] === trained[name]) &&
      (session.isTraining || trained.batches === link?.batches);
  }

  /** Trains the network of a link again; undefined restores the page's own. */
  open(linked: TrainedNetwork | undefined): void {
    if (!linked) return this.#reset(undefined);
    const { batches, ...settings } = linked;
    this.texts = textsOf(settings);
    this.#start(settings, batches, linked);
  }

  /** Trains a network with the settings of the fields from the start. */
  restart(goal: Goal): void {
    if (!("reason" in this.settings)) this.#start(this.settings, goal, undefined);
  }

  /** Goes on with the training. */
  goOn(goal: Goal): void {
    Object.assign(this.session!, { isTraining: true, linked: undefined, saved: undefined });
    this.#ask("train", goal);
  }

  pause(): void {
    this.#ask("train", 0);
  }

  /** Pauses the training, if there is one, unless it has yet to reach the network of a link. */
  hold(): void {
    if (this.session?.isTraining && !this.session.linked) this.pause();
  }

  /** Makes the file of the present network. */
  async save(): Promise<void> {
    const { session } = this, file = await this.#ask("save", undefined);
    if (!file) return;
    session!.saved = file.batches;
    this.options.onFile(file.bytes);
    this.options.onChange();
  }

  #start(settings: Hyperparameters, goal: Goal, linked: TrainedNetwork | undefined): void {
    this.#client.end();
    this.session = { settings, isTraining: true, linked };
    this.error = undefined;
    this.#ask("train", goal);
  }

  /** Asks the worker; an error ends the training. */
  async #ask<Name extends keyof Trainer>(name: Name, argument: Parameters<Trainer[Name]>[0]) {
    this.options.onChange();
    try {
      return await this.#client.ask(name, argument);
    } catch (error) {
      this.#reset(wordsOf(error));
      return undefined;
    }
  }

  #reset(error: ErrorWords | undefined): void {
    this.#client.end();
    this.session = this.trained = undefined;
    this.error = error;
    this.options.onChange();
  }

  #onProgress(progress: Progress): void {
    const session = this.session!;
    session.progress = progress;
    session.isTraining = !progress.ended;
    if (progress.ended) session.linked = undefined;
    if (!session.linked) {
      this.trained = { ...progress, parameters: blockParameters(progress.block) };
    }
    this.options.onChange();
  }
}
