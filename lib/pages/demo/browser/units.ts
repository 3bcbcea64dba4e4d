/// <reference lib="dom" />
/**
 * Shows how active the hidden units are, and the weights of one of them.
 *
 * @module
 */

import type { AnyParameters, Size } from "../../../../mod.ts";
import { drawScale, drawUnit } from "../../../charts/weights.ts";
import { Choice } from "./choice.ts";
import { find, make } from "./elements.ts";
import { paint } from "./paint.ts";

/** Parameters, and the weight of theirs that gets the full colour. */
export interface Coloured {
  readonly parameters: AnyParameters;
  /** What `fullColour` gives of W1. */
  readonly fullColour: number;
}

/** A cell a unit. */
export class Units {
  #choice: Choice;
  #coloured: Coloured;
  #activations: Float64Array | undefined;
  /** The unit under the pointer, or -1. */
  #pointed = -1;
  /** The cell that says its activation. */
  #described: HTMLElement | undefined;

  /** @param size of the images that the network takes */
  constructor(readonly size: Size, coloured: Coloured) {
    this.#coloured = coloured;
    this.#choice = this.#makeCells();
    paint(find("scale", HTMLCanvasElement), drawScale());
    const { box } = this.#choice;
    box.onpointerover = ({ target }) => this.#point(this.#choice.indexOf(target));
    box.onpointerleave = () => this.#point(-1);
    this.setParameters(coloured);
  }

  /** Takes other parameters, of as many hidden units or not. */
  setParameters(coloured: Coloured): void {
    this.#coloured = coloured;
    this.#activations = undefined;
    if (this.#choice.options.length !== coloured.parameters.W1.rows) {
      this.#choice = this.#makeCells();
      this.#pointed = -1;
    }
    document.querySelectorAll(".limit").forEach((end) => {
      end.textContent = String(Number(coloured.fullColour.toPrecision(3)));
    });
    this.#showUnit();
  }

  /** Shows how active the units are; undefined if the network has seen nothing. */
  show(activations: Float64Array | undefined): void {
    this.#activations = activations;
    this.#choice.options.forEach((cell, i) =>
      cell.style.setProperty("--activation", (activations?.[i] ?? 0).toFixed(3))
    );
    this.#tell();
  }

  #makeCells(): Choice {
    const cells = Array.from(
      { length: this.#coloured.parameters.W1.rows },
      (_, i) =>
        make("div", { role: "option", "aria-selected": "false", "aria-label": `unit ${i + 1}` }),
    );
    const choice = new Choice(find("cells", HTMLElement), cells, () => {
      this.#pointed = -1;
      this.#showUnit();
    });
    choice.chosen = 0;
    return choice;
  }

  #point(unit: number): void {
    if (unit === this.#pointed) return;
    this.#pointed = unit;
    this.#showUnit();
  }

  /** The unit that is shown: the one under the pointer before the chosen one. */
  get #shown(): number {
    return this.#pointed >= 0 ? this.#pointed : this.#choice.chosen;
  }

  #showUnit(): void {
    const unit = this.#shown, canvas = find("weights", HTMLCanvasElement);
    const { parameters: { W1 }, fullColour } = this.#coloured;
    paint(canvas, drawUnit(W1, unit, this.size, fullColour));
    canvas.setAttribute("aria-label", `weights of unit ${unit + 1}`);
    this.#tell();
  }

  #tell(): void {
    const unit = this.#shown, activation = this.#activations?.[unit];
    const words = activation === undefined
      ? "nothing to see yet"
      : `activation ${activation.toFixed(3)}`;
    find("unit", HTMLElement).replaceChildren(
      make("strong", {}, `Unit ${unit + 1}`),
      make("br"),
      words,
    );
    this.#described?.removeAttribute("aria-description");
    this.#described = this.#choice.options[unit]!;
    this.#described.setAttribute("aria-description", words);
  }
}
