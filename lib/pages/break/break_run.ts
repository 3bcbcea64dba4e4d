// What goes on in the view Break: a worker trains a broken network beside the right one.
import { type ErrorWords, wordsOf } from "../texts.ts";
import { trainingData } from "../page_data.ts";
import { WorkerClient } from "../worker_client.ts";
import type { breaker, BreakEvent } from "./breaker.ts";

/** The training of a broken network, and what the checks say to each rule that was chosen. */
export class BreakRun {
  /** The id of the rule that is broken. */
  rule = "";
  readonly checked = new Map<string, NonNullable<BreakEvent["checks"]>>();
  /** Both networks before training and after each epoch. */
  epochs: readonly BreakEvent[] = [];
  isTraining = false;
  /** Why nothing goes on any more, until the next start. */
  error: ErrorWords | undefined;
  /** Called when something has changed. */
  onChange: () => void = () => {};
  /** The number of trainings so far, and of requests, each of which ends the one before it. */
  #session = 0;
  #requests = 0;
  readonly #client = new WorkerClient<ReturnType<typeof breaker>, BreakEvent>(
    "breaker",
    () => trainingData("few"),
    (event) => {
      if (event.checks) this.checked.set(event.rule, event.checks);
      if (event.session !== this.#session) return; // of the training before
      this.epochs = [...this.epochs, event];
      this.onChange();
    },
  );

  /** Trains for so many epochs at most, with a rule from the start; after an error always so. */
  async train(epochs: number, rule = this.error && this.rule): Promise<void> {
    if (rule !== undefined) {
      Object.assign(this, { rule, epochs: [], error: undefined });
      this.#session++;
    }
    this.isTraining = epochs > 0;
    this.onChange();
    const request = ++this.#requests;
    try {
      await this.#client.ask("train", { epochs, rule: this.rule, session: this.#session });
      if (request === this.#requests) this.isTraining = false;
    } catch (error) {
      Object.assign(this, { isTraining: false, epochs: [], error: wordsOf(error) });
    }
    this.onChange();
  }
}
