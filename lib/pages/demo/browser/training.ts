/// <reference lib="dom" />
/**
 * The section in which a new network is trained, in the page's background.
 *
 * @module
 */

import { type Dataset, type Dim, readParameters } from "../../../../mod.ts";
import type { Quality } from "../../../storage/history.ts";
import { drawCurve } from "../../../charts/curves.ts";
import { find } from "./elements.ts";
import type { ProgressNews, TrainingNews, TrainingOrder } from "./messages.ts";
import type { Coloured } from "./units.ts";

/** Losses from here on are shown with an exponent: a training that goes wrong may have any. */
const LARGE = 1e5;

/** Lets the user start and stop. */
export class Training {
  readonly #form: HTMLFormElement = find("train", HTMLFormElement);
  readonly #start: HTMLButtonElement = find("start", HTMLButtonElement);
  readonly #stop: HTMLButtonElement = find("stop", HTMLButtonElement);
  readonly #given: HTMLButtonElement = find("given", HTMLButtonElement);
  #worker: Worker | undefined;
  /** The epochs that have ended. */
  #ended: Quality[] = [];
  /** The one that is under way. */
  #running: Quality | undefined;

  /**
   * @param classes as many as what is learnt is to tell apart
   * @param examples to be read by what is learnt, every now and then
   * @param onLearnt takes what is newly learnt; undefined: back to the given parameters
   */
  constructor(
    readonly classes: number,
    readonly examples: Dataset<Dim<"inputs">>,
    readonly onLearnt: (learnt: Coloured | undefined) => void,
  ) {
    this.#form.onsubmit = (event) => {
      event.preventDefault();
      this.#begin();
    };
    this.#stop.onclick = () => {
      this.#end("Stopped");
      this.#start.focus();
    };
    this.#given.onclick = () => {
      if (this.#worker) this.#end("Stopped");
      this.#start.focus();
      this.#backToGiven();
    };
  }

  #begin(): void {
    this.#worker?.terminate();
    this.#complain(undefined);
    this.#ended = [];
    this.#running = undefined;
    find("figures", HTMLElement).hidden = true;
    find("curve", HTMLElement).replaceChildren();
    this.#say("Loading the training images …");
    this.#stop.disabled = false;
    this.#start.textContent = "Start anew";
    const worker = this.#worker = new Worker("trainer.js", { type: "module" });
    worker.onmessage = ({ data }: MessageEvent<TrainingNews>) => {
      if (worker === this.#worker) this.#hear(data); // and not what was on its way at the end
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.#fail(event.message || "Cannot load trainer.js");
    };
    worker.postMessage(this.#order());
  }

  #order(): TrainingOrder {
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

  #hear(news: TrainingNews): void {
    switch (news.kind) {
      case "begun":
        return this.#say(
          `Training on ${counted(news.images, "image")} of ${
            counted(news.classes, "class", "classes")
          }`,
        );
      case "progress":
        return this.#showProgress(news);
      case "parameters":
        find("right", HTMLElement).textContent = `${news.correct} of ${this.examples.count}`;
        this.#given.hidden = false;
        return this.onLearnt({ ...news, parameters: readParameters(news.npz) });
      case "finished":
        return this.#end("Finished");
      case "failure":
        return this.#fail(news.words);
    }
  }

  #showProgress({ ended, running, seconds }: ProgressNews): void {
    this.#ended.push(...ended);
    this.#running = running;
    const shown = running ?? this.#ended.at(-1);
    if (!shown) return;
    const { crossEntropy } = shown, epochs = this.#ended.length;
    find("figures", HTMLElement).hidden = false;
    find("loss", HTMLElement).textContent = `${
      crossEntropy < LARGE ? crossEntropy.toFixed(4) : crossEntropy.toExponential(3)
    } nats`;
    find("speed", HTMLElement).textContent = epochs === 0 ? "–" : (epochs / seconds).toFixed(2);
    this.#draw();
  }

  #draw(): void {
    const epochs = this.#running ? [...this.#ended, this.#running] : this.#ended;
    // the curve shows neither rates nor seconds
    const rows = epochs.map((running, i) => ({
      epoch: i + 1,
      running,
      learningRate: 1,
      seconds: 0,
    }));
    find("curve", HTMLElement).innerHTML = drawCurve(rows, "crossEntropy").text;
  }

  #fail(words: string): void {
    this.#end("");
    this.#backToGiven();
    this.#complain(words);
  }

  #backToGiven(): void {
    this.#given.hidden = true;
    this.onLearnt(undefined);
  }

  #complain(words: string | undefined): void {
    const line = find("training-error", HTMLElement);
    line.textContent = words ?? "";
    line.hidden = words === undefined;
  }

  #end(how: string): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#stop.disabled = true;
    const epochs = this.#ended.length;
    const when = this.#running ? `in epoch ${epochs + 1}` : `after ${counted(epochs, "epoch")}`;
    this.#say(how && `${how} ${when}`);
  }

  #say(words: string): void {
    find("training", HTMLElement).textContent = words;
  }
}

function counted(count: number, one: string, more = `${one}s`): string {
  return `${count} ${count === 1 ? one : more}`;
}
