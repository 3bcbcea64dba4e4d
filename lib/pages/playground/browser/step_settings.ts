// The settings of the step: its images, its network and its learning rate.
import { REPORT_SETTINGS } from "../../../../mod.ts";
import type { ExplainedStep } from "../../../explain/explained_step.ts";
import type { PageState } from "../page_state.ts";
import type { StepBatch } from "../step/step_sequence.ts";
import type { Address } from "./address.ts";
import { byId } from "./elements.ts";
import { say } from "./language.ts";
import { settleNumber, showRange } from "./number_field.ts";

/** Shows the settings, and changes them. */
export class StepSettings {
  readonly #form = byId("settings-form", HTMLFormElement);
  /** The value of each field, as it was last shown. */
  readonly #shown = new Map<string, string>();

  /** @param address holds the settings */
  constructor(readonly address: Address) {
    this.#form.onsubmit = (event) => event.preventDefault();
    this.#form.onchange = ({ target }) => {
      if (!(target instanceof HTMLInputElement || target instanceof HTMLSelectElement)) return;
      const isNumber = target instanceof HTMLInputElement;
      const value = isNumber ? settleNumber(target) : Number(target.value);
      const change = value === undefined ? undefined : changeOf(target.name, value, target.value);
      if (change) address.change({ ...change, updates: 0 });
      else if (isNumber) target.value = this.#shown.get(target.name)!;
    };
  }

  /** Shows the settings of a step. */
  show({ batch, step, name }: {
    readonly batch: StepBatch;
    readonly step: ExplainedStep;
    /** The name of the page's network. */
    readonly name: string;
  }, state: PageState): void {
    const first = batch.images[0]!, label = batch.data.labels[first]!;
    const images = batch.isDrawing
      ? say("settings.images.drawing", { label })
      : say("settings.images.example", { index: first, label });
    const more = batch.images.length - 1;
    const network = state.seed === undefined ? name : say("settings.initial", { seed: state.seed });
    const updates = state.updates === 0
      ? []
      : [say("settings.updates", { updates: state.updates })];
    byId("settings-summary", HTMLElement).textContent = [
      more === 0 ? images : `${images} ${say("settings.images.more", { count: more })}`,
      [network, ...updates].join(" "),
      `η = ${state.rate}`,
    ].join(" · ");
    byId("settings-label", HTMLElement).hidden = !batch.isDrawing;
    byId("settings-seed", HTMLElement).hidden = state.seed === undefined;
    byId("settings-page", HTMLElement).textContent = name;
    this.#set("example", batch.isDrawing ? "" : `${first}`);
    this.#set("label", `${label}`);
    this.#set("batch", `${step.sizes.B}`);
    this.#set("network", state.seed === undefined ? "page" : "initial");
    this.#set("seed", `${state.seed ?? REPORT_SETTINGS.seed}`);
    this.#set("rate", `${state.rate}`);
    for (const option of this.#form.querySelectorAll<HTMLElement>("[data-option]")) {
      option.textContent = say("settings.network.initial");
    }
  }

  #set(name: string, value: string): void {
    const field = this.#form.elements.namedItem(name) as HTMLInputElement | HTMLSelectElement;
    this.#shown.set(name, value);
    if (field.value !== value) field.value = value;
    if (field instanceof HTMLInputElement) showRange(field);
  }
}

function changeOf(name: string, value: number, text: string): Partial<PageState> | undefined {
  switch (name) {
    case "example":
      return { example: value };
    case "label":
      return { label: value };
    case "batch":
      return { batch: value };
    case "network":
      return { seed: text === "initial" ? REPORT_SETTINGS.seed : undefined };
    case "seed":
      return { seed: value };
    case "rate":
      return value > 0 ? { rate: value } : undefined;
    default:
      return undefined;
  }
}
