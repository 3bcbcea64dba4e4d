// The network that is trained on the page: it goes on while any view is shown.
import { type AnyParameters, dim, Matrix, type Quality } from "../../../mod.ts";
import type { Language } from "../../text/layout.ts";
import { eachSetting } from "../../training/settings.ts";
import { type ErrorWords, wordsOf } from "../errors.ts";
import { type ImageCounts, type TrainingData, trainingData } from "../page_data.ts";
import { MAX_LINKED_BATCHES, type TrainedNetwork } from "../state.ts";
import type { Guessing } from "./guessing.ts";
import {
  type Hyperparameters,
  PAGE_SETTINGS,
  parseSettings,
  type Refusal,
  sameHyperparameters,
  type SettingName,
} from "./training_settings.ts";
import { type Functions, WorkerClient } from "../worker_client.ts";

/** How far a training is to go: to its last epoch, by an epoch, or by so many batches. */
export type Goal = "end" | "epoch" | number;

/** What a training has reached. */
export interface Progress {
  /** The number of batches so far. */
  readonly batches: number;
  /** The number of finished epochs. */
  readonly epochs: number;
  /** The number of batches in an epoch. */
  readonly batchesPerEpoch: number;
  /** Means over the batches of the unfinished epoch, or else of the last one. */
  readonly running: Quality | undefined;
  /** The last test, and the number of batches before it. */
  readonly tested: { readonly batches: number; readonly quality: Quality };
  /** What guessing reaches on the test images. */
  readonly guessing: Guessing;
  /** Epochs per second since the training was started or continued; 0 before the first batch. */
  readonly speed: number;
  /** The number of threads. */
  readonly threads: number;
  /** The curves of the cross-entropy and of the accuracy in each language, as SVG. */
  readonly curves: Readonly<Record<Language, string>>;
  /** Why the training goes no further, if it does not go on by itself. */
  readonly ended: "paused" | "finished" | undefined;
  /** D, M and K, and the entries of W1, b1, W2 and b2. */
  readonly sizes: readonly [inputs: number, hidden: number, classes: number];
  readonly entries: readonly Float64Array<ArrayBuffer>[];
  /** `weightScale` of W1, which takes long to compute for many weights. */
  readonly weightScale: number;
  /** The network's answers to the first test images. */
  readonly answers: Uint8Array<ArrayBuffer>;
}

/** The images, the number of classes, and that of the test images whose answers the page shows. */
export interface TrainerData {
  readonly data: TrainingData;
  readonly classes: number;
  readonly examples: number;
}

/** What the worker does. */
export interface Trainer extends Functions {
  data(given: TrainerData): Promise<void>;
  /** Begins a training; what is emitted from then on is about it. */
  start(settings: Hyperparameters): void;
  /** Trains up to a goal from where the training is, and until it is there or paused. */
  goOn(goal: Goal): Promise<void>;
  pause(): void;
  /** The file of the present network, with its test. */
  save(): Promise<TrainedFile>;
}

/** The file of a network. */
export interface TrainedFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The number of batches before it, and its test. */
  readonly batches: number;
  readonly test: Quality;
}

/** A network trained on the page. */
export interface TrainedParameters {
  readonly parameters: AnyParameters;
  /** `weightScale` of W1. */
  readonly weightScale: number;
  /** Its answers to the examples. */
  readonly answers: Uint8Array;
}

/** What the training needs from the page. */
export interface TrainingOptions {
  /** The number of classes of the network. */
  readonly classes: number;
  /** The number of examples of the page, which are the first test images. */
  readonly examples: number;
  /** The numbers of images. */
  readonly counts: ImageCounts;
  /** Called after each change. */
  readonly onChange: () => void;
  /** Called with the bytes of the file that was asked for. */
  readonly onFile: (bytes: Uint8Array<ArrayBuffer>) => void;
}

/** A training: what it was started with, and what it has reached. */
interface Session {
  readonly settings: Hyperparameters;
  isTraining: boolean;
  /** Whether the worker has begun it; events before that are about the training before. */
  hasStarted: boolean;
  progress?: Progress;
  /** The network of a link, until the training has reached it. */
  linked: TrainedNetwork | undefined;
  /** The last file: the number of batches before it, and its test. */
  saved?: Omit<TrainedFile, "bytes"> | undefined;
}

/** Trains a network in a worker. */
export class Training {
  /** The text of each field. */
  texts: Readonly<Record<SettingName, string>> = reportTexts();
  session: Session | undefined;
  /** The network; undefined before it is trained on the page. */
  trained: TrainedParameters | undefined;
  /** What the address holds of the session: nothing of a long training. */
  link: TrainedNetwork | undefined;
  error: ErrorWords | undefined;
  readonly #client: WorkerClient<Trainer, Progress>;

  constructor(readonly options: TrainingOptions) {
    const { classes, examples } = options;
    const data = async () => ({ data: await trainingData(), classes, examples });
    this.#client = new WorkerClient("trainer", data, (progress) => this.#onProgress(progress));
  }

  /** The settings of the fields, or why the first invalid one is refused. */
  get settings(): Hyperparameters | Refusal {
    return parseSettings(this.texts, this.options.counts.train);
  }

  /** Whether what is trained would be lost: it is neither in the address nor saved. */
  get isUnsaved(): boolean {
    const { session, link } = this, batches = session?.progress?.batches ?? 0;
    return session !== undefined && !link && batches !== session.saved?.batches;
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
    if (!trained || !session) return trained === link;
    return sameHyperparameters(session.settings, trained) &&
      (session.isTraining || trained.batches === link?.batches);
  }

  /** Trains the network of a link again; undefined restores the page's own. */
  open(trained: TrainedNetwork | undefined): void {
    if (trained) {
      const { batches, ...settings } = trained;
      this.texts = eachSetting(({ name }) => `${settings[name as SettingName]}`, PAGE_SETTINGS);
      return this.#start(settings, batches, trained);
    }
    this.#client.end();
    this.#reset(undefined);
  }

  /** Trains a network with the settings of the fields from the start. */
  restart(goal: Goal): void {
    if (!("reason" in this.settings)) this.#start(this.settings, goal, undefined);
  }

  /** Goes on with the training, or begins it. */
  goOn(goal: Goal): void {
    if (!this.session) return this.restart(goal);
    this.session.isTraining = true;
    this.session.linked = this.session.saved = undefined;
    this.options.onChange();
    this.#ask(this.#client.ask("goOn", goal));
  }

  /** Pauses the training, if there is one, unless it has yet to reach the network of a link. */
  hold(): void {
    if (this.session?.isTraining && !this.session.linked) this.pause();
  }

  pause(): void {
    this.#ask(this.#client.ask("pause", undefined));
  }

  /** Makes the file of the present network. */
  save(): void {
    const { session } = this;
    this.#ask(
      this.#client.ask("save", undefined).then(({ bytes, ...saved }) => {
        if (session !== this.session) return;
        session!.saved = saved;
        this.options.onFile(bytes);
        this.options.onChange();
      }),
    );
  }

  #start(settings: Hyperparameters, goal: Goal, linked: TrainedNetwork | undefined): void {
    const session: Session = { settings, isTraining: true, hasStarted: false, linked };
    this.session = session;
    this.error = undefined;
    this.link = linked ?? { ...settings, batches: 0 };
    this.#ask(
      this.#client.ask("start", settings).then(() => {
        session.hasStarted = true;
      }),
    );
    this.#ask(this.#client.ask("goOn", goal));
    this.options.onChange();
  }

  #ask(answer: Promise<void>): void {
    answer.catch((error) => {
      if (!this.session) return; // a request before this one has failed too
      this.#reset(wordsOf(error));
    });
  }

  #reset(error: ErrorWords | undefined): void {
    this.session = this.link = this.trained = undefined;
    this.error = error;
    this.options.onChange();
  }

  #onProgress(progress: Progress): void {
    const { session } = this;
    if (!session?.hasStarted) return;
    session.progress = progress;
    session.isTraining = progress.ended === undefined;
    if (progress.ended) session.linked = undefined;
    if (!session.linked) this.trained = { ...progress, parameters: parametersOf(progress) };
    const { batches } = progress;
    const here = batches <= MAX_LINKED_BATCHES ? { ...session.settings, batches } : undefined;
    this.link = session.linked ?? here;
    this.options.onChange();
  }
}

function reportTexts(): Record<SettingName, string> {
  return eachSetting((setting) => `${setting.default}`, PAGE_SETTINGS);
}

function parametersOf({ sizes, entries }: Progress): AnyParameters {
  const D = dim("inputs", sizes[0]), M = dim("hidden", sizes[1]), K = dim("classes", sizes[2]);
  const [W1, b1, W2, b2] = entries;
  return {
    W1: Matrix.of(M, D, W1!),
    b1: Matrix.of(M, 1, b1!),
    W2: Matrix.of(K, M, W2!),
    b2: Matrix.of(K, 1, b2!),
  };
}
