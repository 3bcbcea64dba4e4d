/// <reference lib="dom" />
/**
 * The section that trains a new network in a worker.
 *
 * @module
 */

import { type Dataset, type Dim, readParameters } from "../../../../mod.ts";
import type { Quality } from "../../../storage/history.ts";
import { drawSeries, seriesOf } from "../../../charts/curves.ts";
import type { TextName, TextValues } from "../texts/texts.ts";
import { byId, createElement, showError } from "./elements.ts";
import type { ScaledParameters } from "./hidden_units_view.ts";
import { setText } from "./language.ts";
import type { ProgressMessage, TrainingMessage, TrainingRequest } from "./messages.ts";
import { startWorker, type TrainingData, trainingData } from "./page_data.ts";
import { type ErrorWords, wordsOf } from "./page_error.ts";

/** Losses from here on are shown with an exponent; a diverging training may have any. */
const LARGE_LOSS = 1e5;

/** Lets the user start and stop a training, and shows its progress. */
export class TrainingView {
  readonly #form: HTMLFormElement = byId("train", HTMLFormElement);
  readonly #start: HTMLButtonElement = byId("start", HTMLButtonElement);
  readonly #stop: HTMLButtonElement = byId("stop", HTMLButtonElement);
  readonly #restore: HTMLButtonElement = byId("restore", HTMLButtonElement);
  readonly #status: HTMLElement = byId("training-status", HTMLElement);
  #worker: Worker | undefined;
  #finishedEpochs: Quality[] = [];
  #runningEpoch: Quality | undefined;

  /**
   * Handles the section's buttons.
   *
   * @param classes the number of classes of the network
   * @param examples examples to be classified during training
   * @param onParameters called with new parameters, or with undefined to restore the original ones
   */
  constructor(
    readonly classes: number,
    readonly examples: Dataset<Dim<"inputs">>,
    readonly onParameters: (trained: ScaledParameters | undefined) => void,
  ) {
    setText(this.#start, "start");
    this.#form.onsubmit = (event) => {
      event.preventDefault();
      this.#startTraining();
    };
    this.#stop.onclick = () => {
      this.#endTraining("stopped");
      this.#start.focus();
    };
    this.#restore.onclick = () => {
      if (this.#worker) this.#endTraining("stopped");
      this.#start.focus();
      this.#restoreParameters();
    };
  }

  #startTraining(): void {
    this.#worker?.terminate();
    this.#showError(undefined);
    this.#finishedEpochs = [];
    this.#runningEpoch = undefined;
    byId("figures", HTMLElement).hidden = true;
    byId("curve", HTMLElement).replaceChildren();
    this.#showStatus("status.loading");
    this.#stop.disabled = false;
    setText(this.#start, "restart");
    const worker = this.#worker = startWorker("trainer");
    worker.onmessage = ({ data }: MessageEvent<TrainingMessage>) => {
      if (worker === this.#worker) this.#onMessage(data); // a terminated worker may have sent more
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.#fail(event.message || { text: "error.load.script", values: { file: "trainer.js" } });
    };
    trainingData().then(
      (data) => worker.postMessage(this.#request(data)),
      (error) => {
        if (worker === this.#worker) this.#fail(wordsOf(error));
      },
    );
  }

  #request(data: TrainingData): TrainingRequest {
    const values = new FormData(this.#form);
    const value = (name: string) => Number(values.get(name));
    const { size, pixels, labels } = this.examples;
    return {
      data,
      learningRate: value("learningRate"),
      hidden: value("hidden"),
      classes: this.classes,
      seed: value("seed"),
      examples: { size, pixels, labels },
    };
  }

  #onMessage(message: TrainingMessage): void {
    switch (message.type) {
      case "started": {
        const { images, classes } = message;
        return this.#showStatus("status.training", { images, classes });
      }
      case "progress":
        return this.#showProgress(message);
      case "parameters":
        setText(byId("correct", HTMLElement), "figure.correct.value", {
          correct: message.correct,
          count: this.examples.count,
        });
        this.#restore.hidden = false;
        return this.onParameters({ ...message, parameters: readParameters(message.npz) });
      case "finished":
        return this.#endTraining("finished");
      case "error":
        return this.#fail(message.error);
    }
  }

  #showProgress({ finished, running, seconds }: ProgressMessage): void {
    this.#finishedEpochs.push(...finished);
    this.#runningEpoch = running;
    const latest = running ?? this.#finishedEpochs.at(-1);
    if (!latest) return;
    const { crossEntropy } = latest, epochs = this.#finishedEpochs.length;
    byId("figures", HTMLElement).hidden = false;
    byId("loss", HTMLElement).textContent = `${
      crossEntropy < LARGE_LOSS ? crossEntropy.toFixed(4) : crossEntropy.toExponential(3)
    } nats`;
    byId("speed", HTMLElement).textContent = epochs === 0 ? "–" : (epochs / seconds).toFixed(2);
    this.#drawCurve();
  }

  #drawCurve(): void {
    const epochs = this.#runningEpoch
      ? [...this.#finishedEpochs, this.#runningEpoch]
      : this.#finishedEpochs;
    // the curve does not use learning rates and seconds
    const rows = epochs.map((running, i) => ({
      epoch: i + 1,
      running,
      learningRate: 1,
      seconds: 0,
    }));
    byId("curve", HTMLElement).innerHTML = drawSeries(seriesOf(rows, "en"), "crossEntropy").text;
  }

  #fail(error: ErrorWords): void {
    this.#endTraining("failed");
    this.#restoreParameters();
    this.#showError(error);
  }

  #restoreParameters(): void {
    this.#restore.hidden = true;
    this.onParameters(undefined);
  }

  #showError(error: ErrorWords | undefined): void {
    showError(byId("training-error", HTMLElement), error);
  }

  /** Terminates the worker. */
  #endTraining(why: "stopped" | "finished" | "failed"): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#stop.disabled = true;
    const epochs = this.#finishedEpochs.length;
    if (why === "failed") this.#status.replaceChildren();
    else if (why === "finished") this.#showStatus("status.finished", { epochs });
    else if (this.#runningEpoch) this.#showStatus("status.stopped.in", { epoch: epochs + 1 });
    else this.#showStatus("status.stopped.after", { epochs });
  }

  #showStatus(name: TextName, values?: TextValues): void {
    const text = createElement("span");
    setText(text, name, values);
    this.#status.replaceChildren(text);
  }
}
