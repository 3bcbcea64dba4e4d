// What goes on in the view Break: a worker trains a broken network beside the right one.
import { type ErrorWords, wordsOf } from "../errors.ts";
import { trainingData } from "../page_data.ts";
import { WorkerClient } from "../worker_client.ts";
import type { breaker, BreakEvent } from "./breaker.ts";

/** The training of a broken network, and what the checks say to each rule that was chosen. */
export class BreakRun {
  /** The id of the rule that is broken. */
  rule: string | undefined;
  readonly checked = new Map<string, NonNullable<BreakEvent["checks"]>>();
  /** Both networks before training and after each epoch. */
  epochs: readonly BreakEvent[] = [];
  isTraining = false;
  /** Whether the training of this rule has been started. */
  hasBegun = false;
  /** Why nothing goes on any more, until the next start. */
  error: ErrorWords | undefined;
  /** Called when something has changed. */
  onChange: () => void = () => {};
  /** The number of requests so far, each of which ends the one before it. */
  #turns = 0;
  readonly #client = new WorkerClient<ReturnType<typeof breaker>, BreakEvent>(
    "breaker",
    () => trainingData("few"),
    (event) => {
      const { rule, checks } = event;
      if (checks) this.checked.set(rule, checks);
      if (checks && rule === this.rule) this.epochs = [event];
      // others may still come of the training before
      else if (this.epochs.length > 0) this.epochs = [...this.epochs, event];
      this.onChange();
    },
  );

  /** Trains for so many epochs at most, with a rule from the start; after an error always so. */
  train(epochs: number, rule: string | undefined = this.error && this.rule): void {
    this.hasBegun = epochs > 0 || this.hasBegun && rule === undefined;
    this.isTraining = epochs > 0;
    if (rule !== undefined) [this.rule, this.epochs, this.error] = [rule, [], undefined];
    const turn = ++this.#turns;
    this.#client.ask("train", { epochs, rule }).then(() => {
      if (turn === this.#turns) this.isTraining = false;
    }, (error) => {
      [this.isTraining, this.epochs, this.error] = [false, [], wordsOf(error)];
    }).then(() => this.onChange());
    this.onChange();
  }
}
