// What goes on in the view Break: a worker trains a broken network beside the right one.
import type { Language } from "../../text/layout.ts";
import { type ErrorWords, wordsOf } from "../errors.ts";
import { type TrainingData, trainingData } from "../page_data.ts";
import { BREAK_SETTINGS } from "./break_settings.ts";
import type { EpochState } from "./broken_run.ts";
import type { StepCheck } from "./rule_check.ts";
import { type Functions, WorkerClient } from "../worker_client.ts";

/** What the worker does; each request ends the training before it. */
export interface Breaker extends Functions {
  data(data: TrainingData): Promise<void>;
  /** Begins anew with a rule; undefined if another one has been chosen meanwhile. */
  choose(rule: string): Promise<Chosen | undefined>;
  /** Trains for so many epochs at most. */
  train(epochs: number): Promise<void>;
  pause(): void;
}

/** What the checks say to a rule, and to the right step, and both networks before training. */
export interface Chosen {
  readonly right: StepCheck;
  readonly broken: StepCheck;
  readonly epoch: BrokenEpoch;
}

/** Both networks after an epoch. */
export interface BrokenEpoch extends EpochState {
  /** The curves so far in each language, as SVG. */
  readonly curves: Readonly<Record<Language, string>>;
  /** The numbers of training images, of test images, and of classes. */
  readonly trainImages: number;
  readonly testImages: number;
  readonly classes: number;
}

/** The training of a broken network, and what the checks say to each rule that was chosen. */
export class BreakRun {
  /** The rule that is broken. */
  rule: string | undefined;
  /** What the checks said, by the rule's id. */
  readonly checked = new Map<string, Chosen>();
  /** Both networks before training and after each epoch. */
  epochs: readonly BrokenEpoch[] = [];
  isTraining = false;
  /** Whether the training of this rule has been started. */
  hasBegun = false;
  /** Why nothing goes on any more, until the next start. */
  error: ErrorWords | undefined;
  /** Whether the worker has the images. */
  #isLoaded = false;
  /** The number of choices and trainings so far, each of which ends the one before it. */
  #turns = 0;
  readonly #client = new WorkerClient<Breaker, BrokenEpoch>(
    "breaker",
    () => trainingData("few"),
    (epoch) => {
      if (this.epochs.length === 0) return; // of the rule before
      this.epochs = [...this.epochs, epoch];
      this.onChange();
    },
  );

  /** Called when something has changed. */
  onChange: () => void = () => {};

  /** Whether a training waits for the images. */
  get isLoading(): boolean {
    return !this.#isLoaded && this.isTraining;
  }

  get isAtEnd(): boolean {
    return this.epochs.at(-1)?.epoch === BREAK_SETTINGS.epochs;
  }

  /** Begins anew with a rule: its check, and both networks before training. */
  choose(rule: string): void {
    this.rule = rule;
    this.epochs = [];
    this.isTraining = this.hasBegun = false;
    this.error = undefined;
    this.#turns++;
    this.#ask(this.#client.ask("choose", rule), (chosen) => {
      this.#isLoaded = true;
      if (!chosen || rule !== this.rule) return;
      this.checked.set(rule, chosen);
      this.epochs = [chosen.epoch];
    });
  }

  /** Trains for so many epochs at most. After an error it begins anew. */
  train(epochs: number): void {
    if (this.error) this.choose(this.rule!);
    this.isTraining = this.hasBegun = true;
    const turn = ++this.#turns;
    this.#ask(this.#client.ask("train", epochs), () => {
      if (turn === this.#turns) this.isTraining = false;
    });
  }

  pause(): void {
    if (!this.isTraining) return;
    this.isTraining = false;
    this.#ask(this.#client.ask("pause", undefined), () => {});
  }

  #ask<Answer>(answer: Promise<Answer>, take: (answer: Answer) => void): void {
    answer.then(take, (error) => {
      this.#isLoaded = this.isTraining = false;
      this.epochs = [];
      this.error = wordsOf(error);
    }).then(() => this.onChange());
    this.onChange();
  }
}
