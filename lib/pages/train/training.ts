// The network that is trained on the page: it goes on while any view is shown.
import { type AnyParameters, REPORT_SETTINGS } from "../../../mod.ts";
import { t } from "../../text/layout.ts";
import {
  eachSetting,
  parseNumber,
  type SettingName,
  SETTINGS,
  type Settings,
} from "../../training/settings.ts";
import { blockParameters, trainingData } from "../page_data.ts";
import { MAX_LINKED_BATCHES, type TrainedNetwork } from "../state.ts";
import { TrainingClient } from "../worker_client.ts";
import type { Goal, Progress, trainer } from "./trainer.ts";

/** The rows of the settings that the page offers, in its order. */
export const PAGE_SETTINGS = SETTINGS.filter(({ address }) => address !== undefined);

type SettingTexts = Readonly<Record<SettingName, string>>;

/** A text for each field. */
export const textsOf = (settings: Settings): SettingTexts =>
  eachSetting(({ name }) => `${settings[name]}`);

/**
 * The settings that texts set, for so many images, or why the first invalid one is refused: the
 * command line says the same.
 */
export function parseSettings(texts: SettingTexts, images: number) {
  const settings: Record<SettingName, number> = { ...REPORT_SETTINGS };
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
  return settings as Settings;
}

/** Trains a network; each has a worker of its own. */
export class Training extends TrainingClient<ReturnType<typeof trainer>, Progress> {
  /** What it has reached, if there is one. */
  progress: Progress & { readonly parameters: AnyParameters } | undefined;
  /** The text of each field. */
  texts = textsOf(REPORT_SETTINGS);
  /** The settings of the network that is trained, if there is one. */
  settings: Settings | undefined;
  /** The network of a link, until the training has reached it. */
  linked: TrainedNetwork | undefined;
  /** The number of batches before the last file that was saved. */
  saved: number | undefined;

  /**
   * @param page K, and the number of the page's examples, which are the first test images
   * @param images the number of training images
   */
  constructor(
    page: { readonly classes: number; readonly examples: number },
    readonly images: number,
    onChange: () => void,
  ) {
    const data = async () => ({ ...page, settings: this.settings, data: await trainingData() });
    super("trainer", data, (progress) => {
      if (progress.ended) this.linked = undefined;
      this.progress = { ...progress, parameters: blockParameters(progress.block) };
    }, onChange);
  }

  /** The settings of the fields, or why they are refused. */
  get fields() {
    return parseSettings(this.texts, this.images);
  }

  /** The network, with what is known of it; undefined before it is trained on the page. */
  get trained(): Training["progress"] {
    return this.linked ? undefined : this.progress;
  }

  /** What the address holds of the network: nothing after a long training. */
  get link(): TrainedNetwork | undefined {
    const { linked, settings, progress } = this, batches = progress?.batches ?? 0;
    if (linked || !settings) return linked;
    return batches <= MAX_LINKED_BATCHES ? { ...settings, batches } : undefined;
  }

  /** Whether what is trained would be lost: it is neither in the address nor saved. */
  get isUnsaved(): boolean {
    return this.settings !== undefined && !this.link && this.progress?.batches !== this.saved;
  }

  setText(name: SettingName, text: string): void {
    this.texts = { ...this.texts, [name]: text };
    this.onChange();
  }

  /** Shows the network of an address: trains it again, unless it is this one. */
  open(linked: TrainedNetwork | undefined): void {
    if (!linked) return this.link && this.reset();
    const { batches, ...settings } = { ...REPORT_SETTINGS, ...linked };
    const isSame = PAGE_SETTINGS.every(({ name }) => settings[name] === this.settings?.[name]);
    // one that is trained now has changed since
    if (isSame && (this.isTraining || batches === this.link?.batches)) return;
    this.texts = textsOf(settings);
    this.start(settings, batches, linked);
  }

  /** Restores the page's own network. */
  reset(): void {
    this.end();
    this.onChange();
  }

  /** Trains a network from the start. */
  start(settings: Settings, goal: Goal, linked?: TrainedNetwork): void {
    this.end();
    [this.settings, this.linked, this.isTraining] = [settings, linked, true];
    this.request("train", goal);
  }

  /** Goes on with the training. */
  goOn(goal: Goal): void {
    [this.isTraining, this.linked, this.saved] = [true, undefined, undefined];
    this.request("train", goal);
  }

  pause(): void {
    this.request("train", 0);
  }

  /** The file of the present network. */
  async save(): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const file = await this.request("save", undefined);
    this.saved = file?.batches;
    this.onChange();
    return file?.bytes;
  }

  override end(): void {
    super.end();
    this.settings = this.linked = undefined;
    this.saved = this.progress = undefined;
  }
}
