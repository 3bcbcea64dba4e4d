// The hidden units: the activation of each, and the weights of one.
import type { AnyParameters, Size } from "../../../../mod.ts";
import { drawScale, drawUnit } from "../../../charts/weights.ts";
import { significantDigits } from "../../../text/numbers.ts";
import { byId, createElement, nextTask } from "./elements.ts";
import { say, setLabel } from "./language.ts";
import { ListBox } from "./list_box.ts";
import { paint } from "./paint.ts";

/** Milliseconds of a task that paints cells. */
const PAINT_MS = 8;

/** Parameters with the colour scale of their weights. */
export interface ScaledParameters {
  readonly parameters: AnyParameters;
  /** `weightScale` of W1. */
  readonly weightScale: number;
}

/**
 * Shows a cell for each unit, with its activation or its weights, and the weights of the unit that
 * is pointed at or selected.
 */
export class HiddenUnitsView {
  #listBox: ListBox;
  #scaled: ScaledParameters;
  #activations: Float64Array | undefined;
  /** The unit under the pointer, or -1. */
  #hovered = -1;
  /** Whether the cells are images of the weights. */
  #showsWeights = false;
  /** The number of times that the cells were to be painted. */
  #paintTurn = 0;
  /** The cell with a description. */
  #described: HTMLElement | undefined;

  /** @param size size of the images that the network takes */
  constructor(readonly size: Size, scaled: ScaledParameters) {
    this.#scaled = scaled;
    this.#listBox = this.#createCells();
    paint(byId("colour-scale", HTMLCanvasElement), drawScale());
    const { box } = this.#listBox;
    box.onpointerover = ({ target }) => this.#hover(this.#listBox.indexOf(target));
    box.onpointerleave = () => this.#hover(-1);
    box.onscroll = () => this.#paintCells();
    this.setParameters(scaled);
  }

  /** Replaces the parameters; the number of hidden units may change. */
  setParameters(scaled: ScaledParameters): void {
    this.#scaled = scaled;
    this.#activations = undefined;
    if (this.#listBox.options.length !== scaled.parameters.W1.rows) {
      this.#listBox = this.#createCells();
      this.#hovered = -1;
    }
    document.querySelectorAll(".limit").forEach((element) => {
      element.textContent = significantDigits(scaled.weightScale, 3);
    });
    this.#showUnit();
    this.#paintCells();
  }

  /** Chooses whether the cells are images of the weights. */
  set showsWeights(showsWeights: boolean) {
    if (showsWeights === this.#showsWeights) return;
    this.#showsWeights = showsWeights;
    this.#paintCells();
  }

  /** Shows the activation of each unit; undefined if the network has no input. */
  show(activations: Float64Array | undefined): void {
    this.#activations = activations;
    this.#listBox.options.forEach((cell, i) =>
      cell.style.setProperty("--activation", (activations?.[i] ?? 0).toFixed(3))
    );
    this.#showActivation();
  }

  #createCells(): ListBox {
    const cells = Array.from({ length: this.#scaled.parameters.W1.rows }, (_, i) => {
      const cell = createElement("div", { role: "option", "aria-selected": "false" });
      setLabel(cell, "unit.option", { unit: i });
      return cell;
    });
    const listBox = new ListBox(byId("units", HTMLElement), cells, () => {
      this.#hovered = -1;
      this.#showUnit();
    });
    listBox.selected = 0;
    return listBox;
  }

  /** Paints the weights of the units that can be seen, which may be few of thousands. */
  async #paintCells(): Promise<void> {
    const turn = ++this.#paintTurn;
    if (!this.#showsWeights) return;
    await nextTask(); // the layout is known then
    const { box, options } = this.#listBox, { parameters: { W1 }, weightScale } = this.#scaled;
    const top = box.scrollTop + box.offsetTop, bottom = top + box.clientHeight;
    const units = Array.from(options.keys()).filter((unit) => {
      const { offsetTop, offsetHeight } = options[unit]!;
      return offsetTop <= bottom && offsetTop + offsetHeight >= top;
    });
    let end = performance.now() + PAINT_MS;
    for (const unit of units) {
      if (performance.now() > end) {
        await nextTask();
        end = performance.now() + PAINT_MS;
      }
      if (turn !== this.#paintTurn) return; // others are to be painted
      const canvas = options[unit]!.querySelector("canvas") ?? createElement("canvas");
      if (!canvas.isConnected) options[unit]!.append(canvas);
      paint(canvas, drawUnit(W1, unit, this.size, weightScale));
    }
  }

  #hover(unit: number): void {
    if (unit === this.#hovered) return;
    this.#hovered = unit;
    this.#showUnit();
  }

  /** The unit that is shown: the one under the pointer, else the selected one. */
  get #shown(): number {
    return this.#hovered >= 0 ? this.#hovered : this.#listBox.selected;
  }

  #showUnit(): void {
    const unit = this.#shown, canvas = byId("weights", HTMLCanvasElement);
    const { parameters: { W1 }, weightScale } = this.#scaled;
    paint(canvas, drawUnit(W1, unit, this.size, weightScale));
    setLabel(canvas, "unit.weights", { unit });
    this.#showActivation();
  }

  #showActivation(): void {
    const unit = this.#shown, activation = this.#activations?.[unit];
    const text = activation === undefined
      ? say("unit.noInput")
      : say("unit.activation", { activation: activation.toFixed(3) });
    byId("unit", HTMLElement).replaceChildren(
      createElement("strong", {}, say("unit", { unit })),
      createElement("br"),
      text,
    );
    this.#described?.removeAttribute("aria-description");
    this.#described = this.#listBox.options[unit]!;
    this.#described.setAttribute("aria-description", text);
  }
}
