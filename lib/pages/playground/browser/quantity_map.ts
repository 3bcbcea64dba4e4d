// The map of a training step: a button with a small picture for each quantity.
import type { IndexedImage } from "../../../charts/encode_png.ts";
import { drawSigned } from "../../../charts/weights.ts";
import type { ExplainedStep } from "../../../explain/explained_step.ts";
import type { MatrixSymbol } from "../../../network/step.ts";
import { formatResult } from "../../../explain/expression.ts";
import { maxAbs } from "../../../math/max_abs.ts";
import { sliceOf } from "../step/slices.ts";
import { byId } from "./elements.ts";
import { paint } from "./paint.ts";
import { meaningOf } from "./quantity_words.ts";

/** Shows the quantities of a step, and lets the reader choose one. */
export class QuantityMap {
  readonly #box = byId("map", HTMLElement);
  readonly #tiles: readonly HTMLButtonElement[];

  /** @param onSelect called when the reader chooses a quantity */
  constructor(onSelect: (symbol: MatrixSymbol) => void) {
    this.#tiles = [...this.#box.querySelectorAll<HTMLButtonElement>("[data-symbol]")];
    for (const tile of this.#tiles) tile.onclick = () => onSelect(symbolOf(tile));
  }

  /** Shows a step, with one of its quantities marked. */
  show(step: ExplainedStep, selected: MatrixSymbol): void {
    for (const tile of this.#tiles) {
      const symbol = symbolOf(tile), canvas = tile.querySelector("canvas")!;
      const number = tile.querySelector<HTMLElement>(".number")!, { data } = step.values[symbol];
      // one number says more than its colour
      canvas.hidden = data.length === 1;
      number.hidden = data.length !== 1;
      if (data.length === 1) number.textContent = formatResult(data[0]!, 3);
      paint(canvas, pictureOf(step, symbol));
      canvas.classList.toggle("ink", symbol === "X");
      tile.querySelector(".meaning")!.textContent = meaningOf(symbol);
      if (symbol === selected) tile.setAttribute("aria-current", "step");
      else tile.removeAttribute("aria-current");
      if (symbol === selected) this.#scrollTo(tile);
    }
  }

  /** Scrolls the map, but not the page, where it does not fit. */
  #scrollTo(tile: HTMLElement): void {
    const { offsetLeft, offsetWidth } = tile, { scrollLeft, clientWidth } = this.#box;
    const isVisible = offsetLeft >= scrollLeft &&
      offsetLeft + offsetWidth <= scrollLeft + clientWidth;
    if (!isVisible) this.#box.scrollLeft = offsetLeft - (clientWidth - offsetWidth) / 2;
  }
}

/** The part of a quantity with the entry in focus; images are ink, all else has two colours. */
export function pictureOf(step: ExplainedStep, symbol: MatrixSymbol): IndexedImage {
  const { values, size } = sliceOf(step, symbol);
  if (symbol === "X") return step.data.image(step.batchIndices.values[step.focus.B]!);
  const padded = new Float64Array(size.width * size.height);
  padded.set(values);
  return drawSigned(padded, size, maxAbs(values));
}

function symbolOf(tile: HTMLElement): MatrixSymbol {
  return tile.dataset.symbol as MatrixSymbol;
}
