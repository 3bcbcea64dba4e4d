// The buttons and keys that go through the quantities of a step.
import { STEP } from "../../../../mod.ts";
import type { ExplainedStep } from "../../../explain/explained_step.ts";
import type { MatrixSymbol } from "../../../network/step.ts";
import { formatResult } from "../../../explain/expression.ts";
import { MAX_UPDATES, type PageState } from "../page_state.ts";
import type { Address } from "./address.ts";
import { byId, createElement } from "./elements.ts";
import { say, setText } from "./language.ts";
import { hasModifier, takesText } from "./views.ts";

/** Milliseconds for each quantity at speed 1. */
const INTERVAL_MS = 4000;

/** The most losses that are shown. */
const MAX_LOSSES = 2;

/** Goes back and forth, plays, and takes the next step. */
export class StepPlayer {
  readonly #back = byId("step-back", HTMLButtonElement);
  readonly #next = byId("step-next", HTMLButtonElement);
  readonly #play = byId("step-play", HTMLButtonElement);
  readonly #speed = byId("step-speed", HTMLSelectElement);
  readonly #again = byId("step-again", HTMLButtonElement);
  readonly #first = byId("step-first", HTMLButtonElement);
  #timer: ReturnType<typeof setInterval> | undefined;

  /** @param address holds the quantity and the number of updates */
  constructor(readonly address: Address) {
    this.#back.onclick = () => this.#move(-1);
    this.#next.onclick = () => this.#move(1);
    this.#play.onclick = () => this.#timer === undefined ? this.#start() : this.pause();
    this.#speed.onchange = () => {
      if (this.#timer !== undefined) this.#start();
    };
    this.#again.onclick = () => this.#takeStep();
    this.#first.onclick = () => address.change({ updates: 0, quantity: STEP[0]!.symbol });
    addEventListener("keydown", (event) => this.#handleKey(event));
    setText(this.#play, "player.play");
  }

  /** Ends playing. */
  pause(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    setText(this.#play, "player.play");
  }

  /**
   * Shows where in the step its quantity is, and how the loss has changed.
   *
   * @param losses the losses before the updates that led to this step
   */
  show({ values, after }: ExplainedStep, losses: readonly number[], state: PageState): void {
    const index = indexOf(state.quantity);
    this.#back.disabled = index <= 0;
    this.#next.disabled = index === STEP.length - 1;
    this.#again.disabled = state.updates >= MAX_UPDATES;
    this.#first.hidden = state.updates === 0;
    [...byId("step-dots", HTMLElement).children].forEach((dot, i) => {
      dot.classList.toggle("past", i < index);
      dot.classList.toggle("present", i === index);
    });
    const earlier = losses.slice(-MAX_LOSSES).map((loss) => `${formatResult(loss)} → `);
    const hasMore = losses.length > MAX_LOSSES;
    byId("step-losses", HTMLElement).replaceChildren(
      `${say("player.loss")} `,
      createElement("span", { class: "earlier" }, hasMore ? "… → " : "", ...earlier),
      createElement("b", {}, formatResult(values.E.at(0, 0))),
      `${say("player.after")} `,
      createElement("b", {}, formatResult(after.E)),
    );
  }

  #start(): void {
    clearInterval(this.#timer);
    const ms = INTERVAL_MS / Number(this.#speed.value);
    this.#timer = setInterval(() => this.#advance(), ms);
    setText(this.#play, "player.pause");
  }

  /** The next quantity, or the next step after the last one. */
  #advance(): void {
    const { quantity, updates } = this.address.state;
    if (indexOf(quantity) < STEP.length - 1) this.#move(1);
    else if (updates < MAX_UPDATES) this.#takeStep();
    else this.pause();
  }

  #move(by: 1 | -1): void {
    const quantity = STEP[indexOf(this.address.state.quantity) + by]?.symbol;
    if (quantity !== undefined) this.address.change({ quantity });
  }

  #takeStep(): void {
    const { updates } = this.address.state;
    this.address.change({ updates: updates + 1, quantity: STEP[0]!.symbol });
  }

  #handleKey(event: KeyboardEvent): void {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key] as 1 | -1 | undefined;
    if (by === undefined || this.address.state.view !== "step" || hasModifier(event)) return;
    // in a picture, a list or a scrolled table the keys have another meaning
    const isTaken = takesText(event.target) ||
      event.target instanceof Element &&
        event.target.closest("canvas, [role=listbox], .scroll") !== null;
    if (!isTaken) this.#move(by);
  }
}

/** The position in the step; -1 for what it starts from. */
function indexOf(symbol: MatrixSymbol): number {
  return STEP.findIndex((quantity) => quantity.symbol === symbol);
}
