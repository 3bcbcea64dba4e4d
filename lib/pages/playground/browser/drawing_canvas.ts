// The canvas to draw on, by pointer or keyboard.
import type { Point } from "../../../drawing/pen.ts";
import { clamp } from "../../../math/clamp.ts";
import type { Drawing, Stroke } from "./drawing.ts";
import { say } from "./language.ts";

/** Steps of the keyboard's pen along the longer side. */
const STEPS = 56;

/** Steps per key press with Shift. */
const SHIFT_STEPS = 4;

/** The direction of each arrow key. */
const ARROWS: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** Events that the canvas reports to the page. */
export interface DrawingListener {
  /** The drawing has changed. */
  onChange(): void;
  /** The keyboard's pen has moved, or the canvas was focused by keyboard. */
  onPenMove(): void;
  /** The keyboard's pen went down or up; the text is for screen readers. */
  onPenChange(text: string): void;
}

/** Lets the user draw on a canvas. */
export class DrawingCanvas {
  /** The pointers' unfinished strokes, by pointer id. */
  readonly #strokes = new Map<number, Stroke>();
  /** The arrow keys that are held down. */
  readonly #heldKeys = new Set<string>();
  /** Position of the keyboard's pen. */
  #pen: Point;
  /** Stroke of the keyboard's pen, while it is down. */
  #penStroke: Stroke | undefined;

  /**
   * Attaches a drawing to a canvas.
   *
   * @param canvas receives pointer and key events
   * @param cursor an element over the canvas that shows the keyboard's pen
   */
  constructor(
    readonly canvas: HTMLCanvasElement,
    readonly cursor: HTMLElement,
    readonly drawing: Drawing,
    readonly listener: DrawingListener,
  ) {
    const { width, height } = drawing.image;
    this.#pen = { x: width / 2, y: height / 4 };
    cursor.style.width = `${100 * drawing.penWidth / width}%`;
    cursor.style.height = `${100 * drawing.penWidth / height}%`;
    canvas.onpointerdown = (event) => this.#beginStroke(event);
    canvas.onpointermove = (event) => this.#extendStroke(event);
    canvas.onpointerup = canvas.onpointercancel = (event) => this.#strokes.delete(event.pointerId);
    canvas.onkeydown = (event) => this.#handleKey(event);
    canvas.onkeyup = ({ key }) => this.#heldKeys.delete(key);
    canvas.onfocus = () => {
      if (!canvas.matches(":focus-visible")) return; // focused by pointer
      this.#showCursor();
      listener.onPenMove();
    };
    canvas.onblur = () => {
      this.#penUp();
      this.#heldKeys.clear();
      this.cursor.hidden = true;
    };
  }

  /** Position of the keyboard's pen in steps from the left and the top, for screen readers. */
  get penPosition(): string {
    const { width, height } = this.drawing.image, step = this.#stepLength;
    const [x, y, columns, rows] = [this.#pen.x, this.#pen.y, width, height]
      .map((length) => Math.round(length / step)) as [number, number, number, number];
    return say("pen.position", { x, y, columns, rows });
  }

  /** Undoes the last change. */
  undo(): void {
    this.#penUp();
    this.drawing.undo();
    this.listener.onChange();
  }

  /** Clears the drawing. */
  clear(): void {
    this.#penUp();
    this.drawing.clear();
    this.listener.onChange();
  }

  #beginStroke(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.#penUp();
    this.cursor.hidden = true;
    this.canvas.setPointerCapture(event.pointerId);
    this.#strokes.set(event.pointerId, this.drawing.beginStroke(this.#positionOf(event)));
    this.listener.onChange();
  }

  #extendStroke(event: PointerEvent): void {
    const stroke = this.#strokes.get(event.pointerId);
    if (!stroke) return;
    // all positions since the last frame; the method is missing on pages served by plain http
    const coalesced = event.getCoalescedEvents?.() ?? [];
    const events = coalesced.length > 0 ? coalesced : [event];
    this.drawing.extendStroke(stroke, events.map((event) => this.#positionOf(event)));
    this.listener.onChange();
  }

  /** An event's position in pixels of the drawing's image. */
  #positionOf({ clientX, clientY }: PointerEvent): Point {
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    const { image } = this.drawing;
    return {
      x: (clientX - left) * image.width / width,
      y: (clientY - top) * image.height / height,
    };
  }

  #handleKey(event: KeyboardEvent): void {
    const { key } = event;
    if (event.ctrlKey || event.metaKey || event.altKey) { // a shortcut of the page or the browser
      this.#heldKeys.clear(); // macOS sends no keyup of a key released while ⌘ is down
      return;
    }
    if (key in ARROWS) {
      this.#heldKeys.add(key);
      this.#movePen(event.shiftKey ? SHIFT_STEPS : 1);
    } else if (key === " ") {
      if (!event.repeat) this.#togglePen();
    } else if (key === "Delete" || key === "Backspace") {
      this.clear();
    } else return;
    event.preventDefault();
    this.#showCursor();
  }

  /** Length of a step of the keyboard's pen, in pixels of the drawing's image. */
  get #stepLength(): number {
    const { width, height } = this.drawing.image;
    return Math.max(width, height) / STEPS;
  }

  #movePen(steps: number): void {
    const { width, height } = this.drawing.image, length = steps * this.#stepLength;
    let { x, y } = this.#pen;
    for (const key of this.#heldKeys) {
      x = clamp(x + length * ARROWS[key]!.x, 0, width);
      y = clamp(y + length * ARROWS[key]!.y, 0, height);
    }
    this.#pen = { x, y };
    this.listener.onPenMove();
    if (!this.#penStroke) return;
    this.drawing.extendStroke(this.#penStroke, [this.#pen]);
    this.listener.onChange();
  }

  #togglePen(): void {
    if (this.#penStroke) return this.#penUp();
    this.#penStroke = this.drawing.beginStroke(this.#pen);
    this.listener.onPenChange(say("pen.down"));
    this.listener.onChange();
  }

  #penUp(): void {
    if (!this.#penStroke) return;
    this.#penStroke = undefined;
    this.#showCursor();
    this.listener.onPenChange(say("pen.up"));
  }

  #showCursor(): void {
    const { width, height } = this.drawing.image;
    this.cursor.hidden = false;
    this.cursor.classList.toggle("down", this.#penStroke !== undefined);
    this.cursor.style.left = `${100 * this.#pen.x / width}%`;
    this.cursor.style.top = `${100 * this.#pen.y / height}%`;
  }
}
