/// <reference lib="dom" />
/**
 * The section that trains a new network in a worker.
 *
 * @module
 */

import { type Dataset, type Dim, readParameters } from "../../../../mod.ts";
import type { Quality } from "../../../storage/history.ts";
import { drawCurve } from "../../../charts/curves.ts";
import { byId, showError } from "./elements.ts";
import type { ScaledParameters } from "./hidden_units_view.ts";
import type { ProgressMessage, TrainingMessage, TrainingRequest } from "./messages.ts";

/** Losses from here on are shown with an exponent; a diverging training may have any. */
const LARGE_LOSS = 1e5;

/** Lets the user start and stop a training, and shows its progress. */
export class TrainingView {
  readonly #form: HTMLFormElement = byId("train", HTMLFormElement);
  readonly #start: HTMLButtonElement = byId("start", HTMLButtonElement);
  readonly #stop: HTMLButtonElement = byId("stop", HTMLButtonElement);
  readonly #restore: HTMLButtonElement = byId("restore", HTMLButtonElement);
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
    this.#form.onsubmit = (event) => {
      event.preventDefault();
      this.#startTraining();
    };
    this.#stop.onclick = () => {
      this.#endTraining("Stopped");
      this.#start.focus();
    };
    this.#restore.onclick = () => {
      if (this.#worker) this.#endTraining("Stopped");
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
    this.#showStatus("Loading the training images …");
    this.#stop.disabled = false;
    this.#start.textContent = "Restart";
    const worker = this.#worker = new Worker("trainer.js", { type: "module" });
    worker.onmessage = ({ data }: MessageEvent<TrainingMessage>) => {
      if (worker === this.#worker) this.#onMessage(data); // a terminated worker may have sent more
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.#fail(event.message || "Cannot load trainer.js");
    };
    worker.postMessage(this.#request());
  }

  #request(): TrainingRequest {
    const values = new FormData(this.#form);
    const value = (name: string) => Number(values.get(name));
    const { size, pixels, labels } = this.examples;
    return {
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
        const images = counted(message.images, "image");
        const classes = counted(message.classes, "class", "classes");
        return this.#showStatus(`Training on ${images} of ${classes}`);
      }
      case "progress":
        return this.#showProgress(message);
      case "parameters":
        byId("correct", HTMLElement).textContent = `${message.correct} of ${this.examples.count}`;
        this.#restore.hidden = false;
        return this.onParameters({ ...message, parameters: readParameters(message.npz) });
      case "finished":
        return this.#endTraining("Finished");
      case "error":
        return this.#fail(message.message);
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
    byId("curve", HTMLElement).innerHTML = drawCurve(rows, "crossEntropy").text;
  }

  #fail(message: string): void {
    this.#endTraining("");
    this.#restoreParameters();
    this.#showError(message);
  }

  #restoreParameters(): void {
    this.#restore.hidden = true;
    this.onParameters(undefined);
  }

  #showError(message: string | undefined): void {
    showError(byId("training-error", HTMLElement), message);
  }

  /** Terminates the worker; `verb` says why, or is empty. */
  #endTraining(verb: "Stopped" | "Finished" | ""): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#stop.disabled = true;
    const epochs = this.#finishedEpochs.length;
    const when = this.#runningEpoch
      ? `in epoch ${epochs + 1}`
      : `after ${counted(epochs, "epoch")}`;
    this.#showStatus(verb && `${verb} ${when}`);
  }

  #showStatus(text: string): void {
    byId("training-status", HTMLElement).textContent = text;
  }
}

function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${count} ${count === 1 ? singular : plural}`;
}
