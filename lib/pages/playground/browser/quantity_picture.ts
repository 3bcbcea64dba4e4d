// The entries of a quantity, as a picture or a list, of which the reader chooses one.
import { drawScale } from "../../../charts/weights.ts";
import type { ExplainedStep, PerAxis } from "../../../explain/explained_step.ts";
import { type Axis, type MatrixSymbol, QUANTITIES } from "../../../network/step.ts";
import { formatResult } from "../../../explain/expression.ts";
import { clamp } from "../../../math/clamp.ts";
import { maxAbs } from "../../../math/max_abs.ts";
import { significantDigits } from "../../../text/numbers.ts";
import { placeOf, type Slice, sliceOf } from "../step/slices.ts";
import type { TextName } from "../texts/texts.ts";
import { byId, createElement } from "./elements.ts";
import { say } from "./language.ts";
import { ListBox } from "./list_box.ts";
import { settleNumber, showRange } from "./number_field.ts";
import { paint } from "./paint.ts";
import { pictureOf } from "./quantity_map.ts";

/** The words for each axis. */
export const AXIS_NAMES = { D: "pixel", M: "unit", K: "class", B: "image" } as const;

/** The direction of each arrow key. */
const ARROWS: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Shows the row or column of a quantity with the entry in focus. */
export class QuantityPicture {
  readonly #canvas = byId("picture", HTMLCanvasElement);
  readonly #cursor = byId("picture-cursor", HTMLElement);
  readonly #hover = byId("picture-hover", HTMLElement);
  readonly #places = byId("places", HTMLFormElement);
  #slice: Slice | undefined;
  #symbol: MatrixSymbol = "A1";
  #focus: PerAxis = { D: 0, M: 0, K: 0, B: 0 };

  /** @param onSelect called when the reader chooses other places on some axes */
  constructor(readonly onSelect: (focus: Partial<PerAxis>) => void) {
    paint(byId("picture-colours", HTMLCanvasElement), drawScale());
    const canvas = this.#canvas;
    canvas.onpointermove = (event) => {
      const at = this.#indexAt(event);
      this.#showHovered(at);
      if (event.buttons === 1 && at !== undefined) this.#select(at);
    };
    canvas.onpointerdown = (event) => {
      const at = this.#indexAt(event);
      if (event.button === 0 && at !== undefined) this.#select(at);
    };
    canvas.onpointerleave = () => this.#showHovered(undefined);
    canvas.onkeydown = (event) => this.#handleKey(event);
    this.#places.onsubmit = (event) => event.preventDefault();
  }

  /** Shows a quantity of a step. */
  show(step: ExplainedStep, symbol: MatrixSymbol): void {
    const slice = sliceOf(step, symbol), { along, values, at, size } = slice;
    const isPicture = along === "D" || along === "M";
    this.#slice = slice;
    this.#symbol = symbol;
    this.#focus = step.focus;
    byId("picture-title", HTMLElement).textContent = this.#title();
    byId("picture-section", HTMLElement).hidden = along === "1";
    byId("quantity", HTMLElement).classList.toggle("single", along === "1");
    byId("picture-frame", HTMLElement).hidden = !isPicture;
    byId("entry-list", HTMLElement).hidden = isPicture;
    const scale = maxAbs(values), hasColours = isPicture && symbol !== "X";
    byId("picture-scale", HTMLElement).hidden = !hasColours;
    const limit = significantDigits(scale, 2);
    byId("picture-low", HTMLElement).textContent = `-${limit}`;
    byId("picture-high", HTMLElement).textContent = limit;
    this.#hover.hidden = !isPicture;
    this.#showHovered(undefined);
    this.#showPlaces(step);
    if (!isPicture) return this.#showList(values, at, scale);
    paint(this.#canvas, pictureOf(step, symbol));
    this.#canvas.classList.toggle("ink", symbol === "X");
    this.#canvas.ariaLabel = say("picture.label", { symbol, entry: this.#nameAt(at) });
    const x = at % size.width, y = Math.floor(at / size.width), { style } = this.#cursor;
    style.left = `${100 * x / size.width}%`;
    style.top = `${100 * y / size.height}%`;
    style.width = `${100 / size.width}%`;
    style.height = `${100 / size.height}%`;
  }

  #title(): string {
    const { across } = this.#slice!, symbol = this.#symbol;
    if (across === "1" || across === "D") return say("picture", { symbol });
    return say(`picture.of.${AXIS_NAMES[across]}`, { symbol, place: this.#focus[across] });
  }

  /** A list of numbers with bars, for the classes or the images. */
  #showList(values: Float64Array, at: number, scale: number): void {
    const box = byId("entry-list", HTMLElement);
    const options = Array.from(values, (value, i) => {
      const bar = createElement("i");
      bar.classList.toggle("negative", value < 0);
      bar.style.setProperty("--share", `${scale === 0 ? 0 : Math.abs(value) / scale}`);
      return createElement(
        "div",
        { role: "option", "aria-selected": "false" },
        createElement("b", {}, `${i}`),
        bar,
        createElement("span", {}, formatResult(value)),
      );
    });
    const list = new ListBox(box, options, (index) => this.#select(index));
    list.selected = at;
  }

  /** Fields for the places on both axes. */
  #showPlaces(step: ExplainedStep): void {
    const axes = QUANTITIES[this.#symbol].axes.filter((axis) => axis !== "1");
    const isSame = this.#places.dataset.axes === `${axes}`;
    const fields = isSame ? [...this.#places.querySelectorAll("label")] : axes.map((axis) => {
      const input = createElement("input", { type: "number", min: "0", name: axis });
      const isPlace = () => input.value !== "" && input.checkValidity();
      input.oninput = () => {
        if (!isPlace()) return;
        this.onSelect({ [axis]: Number(input.value) });
      };
      input.onchange = () => {
        if (isPlace()) return; // shown already
        const place = settleNumber(input);
        if (place === undefined) input.value = `${this.#focus[axis]}`;
        else this.onSelect({ [axis]: place });
      };
      return createElement("label", {}, createElement("span"), input);
    });
    if (!isSame) this.#places.replaceChildren(...fields);
    this.#places.dataset.axes = `${axes}`;
    axes.forEach((axis, i) => {
      const [name, input] = fields[i]!.children as unknown as [HTMLElement, HTMLInputElement];
      name.textContent = say(`axis.${AXIS_NAMES[axis]}`);
      input.max = `${step.sizes[axis] - 1}`;
      showRange(input);
      if (input.value !== `${step.focus[axis]}`) input.value = `${step.focus[axis]}`;
    });
  }

  #select(index: number): void {
    const { along } = this.#slice!;
    if (along !== "1") this.onSelect({ [along]: index });
  }

  #indexAt({ offsetX, offsetY }: PointerEvent): number | undefined {
    const { clientWidth, clientHeight } = this.#canvas, { size, values } = this.#slice!;
    const x = clamp(Math.floor(offsetX / clientWidth * size.width), 0, size.width - 1);
    const y = clamp(Math.floor(offsetY / clientHeight * size.height), 0, size.height - 1);
    const index = y * size.width + x;
    return index < values.length ? index : undefined;
  }

  #showHovered(index: number | undefined): void {
    const { values, at } = this.#slice!, shown = index ?? at;
    this.#hover.textContent = `${this.#nameAt(shown)} = ${formatResult(values[shown]!)}`;
  }

  #nameAt(index: number): string {
    const { along } = this.#slice!;
    const focus = along === "1" ? this.#focus : { ...this.#focus, [along]: index };
    return `${this.#symbol}[${placeOf(focus, this.#symbol)}]`;
  }

  #handleKey(event: KeyboardEvent): void {
    const arrow = ARROWS[event.key], { at, size, values } = this.#slice!;
    if (!arrow || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const x = at % size.width + arrow[0], y = Math.floor(at / size.width) + arrow[1];
    const index = y * size.width + x;
    const isInside = x >= 0 && x < size.width && y >= 0 && index < values.length;
    if (isInside) this.#select(index);
  }
}

/** Where an entry is, in words: `hidden unit 3, pixel 400: row 14, column 8 of the image`. */
export function describePlace(step: ExplainedStep, symbol: MatrixSymbol): string {
  const { width } = step.data.size;
  return QUANTITIES[symbol].axes.filter((axis): axis is Exclude<Axis, "1"> => axis !== "1")
    .map((axis) => {
      const place = step.focus[axis], name: TextName = `place.${AXIS_NAMES[axis]}`;
      return say(name, { place, row: Math.floor(place / width), column: place % width });
    }).join(" · ");
}
