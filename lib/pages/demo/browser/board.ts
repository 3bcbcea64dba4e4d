/// <reference lib="dom" />
/**
 * The drawing area: what pointers and keys do to the drawing.
 *
 * @module
 */

import type { Point } from "../../../../mod.ts";
import type { Drawing, Stroke } from "./drawing.ts";

/** Steps of the keyboard's pen along the longer side. */
const STEPS = 56;

/** How many of them it goes at a time with Shift. */
const FAR = 4;

const ARROWS: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** What the drawing area tells the page. */
export interface BoardListener {
  /** The drawing is another now. */
  changed(): void;
  /** The keyboard's pen is elsewhere, or the user has come to it. */
  moved(): void;
  /** Something that is to be heard, as it cannot be seen. */
  said(words: string): void;
}

/** Lets the user draw on a canvas. */
export class Board {
  /** The strokes under way, by their pointers. */
  readonly #strokes = new Map<number, Stroke>();
  /** Arrow keys that are held down. */
  readonly #held = new Set<string>();
  /** Where the keyboard's pen is. */
  #at: Point;
  /** Its stroke, while it is down. */
  #stroke: Stroke | undefined;

  /**
   * @param canvas takes the pointers and keys
   * @param pen an element over the canvas: where the keyboard's pen is
   */
  constructor(
    readonly canvas: HTMLCanvasElement,
    readonly pen: HTMLElement,
    readonly drawing: Drawing,
    readonly listener: BoardListener,
  ) {
    const { width, height } = drawing.raster;
    this.#at = { x: width / 2, y: height / 4 };
    const share = (length: number) => `${100 * length}%`;
    pen.style.width = share(drawing.penWidth / width);
    pen.style.height = share(drawing.penWidth / height);
    canvas.onpointerdown = (event) => this.#begin(event);
    canvas.onpointermove = (event) => this.#move(event);
    canvas.onpointerup = canvas.onpointercancel = (event) => this.#strokes.delete(event.pointerId);
    canvas.onkeydown = (event) => this.#key(event);
    canvas.onkeyup = ({ key }) => this.#held.delete(key);
    canvas.onfocus = () => {
      if (!canvas.matches(":focus-visible")) return; // a pointer came
      this.#showPen();
      listener.moved();
    };
    canvas.onblur = () => this.#leave();
  }

  /** Where the keyboard's pen is, in words: how many of its steps from the left and from above. */
  get place(): string {
    const { width, height } = this.drawing.raster, step = this.#stepLength;
    const [x, y, columns, rows] = [this.#at.x, this.#at.y, width, height].map((length) =>
      Math.round(length / step)
    );
    return `pen at ${x}, ${y} of ${columns} by ${rows}`;
  }

  /** Takes the last deed back. */
  undo(): void {
    this.#lift();
    this.drawing.undo();
    this.listener.changed();
  }

  /** Begins anew. */
  clear(): void {
    this.#lift();
    this.drawing.clear();
    this.listener.changed();
  }

  #begin(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.#lift();
    this.pen.hidden = true;
    this.canvas.setPointerCapture(event.pointerId);
    this.#strokes.set(event.pointerId, this.drawing.begin(this.#pointOf(event)));
    this.listener.changed();
  }

  #move(event: PointerEvent): void {
    const stroke = this.#strokes.get(event.pointerId);
    if (!stroke) return;
    // a pointer moves more often than the page is drawn; a page from a plain http server cannot ask for that
    const events = event.getCoalescedEvents?.() ?? [];
    const parts = events.length > 0 ? events : [event];
    this.drawing.extend(stroke, parts.map((part) => this.#pointOf(part)));
    this.listener.changed();
  }

  /** Where an event is, in pixels of the raster. */
  #pointOf({ clientX, clientY }: PointerEvent): Point {
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    const raster = this.drawing.raster;
    return {
      x: (clientX - left) * raster.width / width,
      y: (clientY - top) * raster.height / height,
    };
  }

  #key(event: KeyboardEvent): void {
    const { key } = event;
    if (event.ctrlKey || event.metaKey || event.altKey) { // the page's, or the browser's
      this.#held.clear(); // of a key that goes up while ⌘ is down macOS says nothing
      return;
    }
    if (key in ARROWS) {
      this.#held.add(key);
      this.#step(event.shiftKey ? FAR : 1);
    } else if (key === " ") {
      if (!event.repeat) this.#putDownOrLift();
    } else if (key === "Delete" || key === "Backspace") {
      this.clear();
    } else return;
    event.preventDefault();
    this.#showPen();
  }

  /** Pixels of the raster that the keyboard's pen goes in one step. */
  get #stepLength(): number {
    const { width, height } = this.drawing.raster;
    return Math.max(width, height) / STEPS;
  }

  #step(steps: number): void {
    const { width, height } = this.drawing.raster, step = steps * this.#stepLength;
    const inside = (at: number, side: number) => Math.min(Math.max(at, 0), side);
    let { x, y } = this.#at;
    for (const key of this.#held) {
      x = inside(x + step * ARROWS[key]!.x, width);
      y = inside(y + step * ARROWS[key]!.y, height);
    }
    this.#at = { x, y };
    this.listener.moved();
    if (!this.#stroke) return;
    this.drawing.extend(this.#stroke, [this.#at]);
    this.listener.changed();
  }

  #putDownOrLift(): void {
    if (this.#stroke) return this.#lift();
    this.#stroke = this.drawing.begin(this.#at);
    this.listener.said("pen down");
    this.listener.changed();
  }

  #lift(): void {
    if (!this.#stroke) return;
    this.#stroke = undefined;
    this.#showPen();
    this.listener.said("pen lifted");
  }

  #showPen(): void {
    const { width, height } = this.drawing.raster;
    this.pen.hidden = false;
    this.pen.classList.toggle("down", this.#stroke !== undefined);
    this.pen.style.left = `${100 * this.#at.x / width}%`;
    this.pen.style.top = `${100 * this.#at.y / height}%`;
  }

  #leave(): void {
    this.#lift();
    this.#held.clear();
    this.pen.hidden = true;
  }
}
