/** @jsxImportSource preact */
// The canvas to draw on, by pointer or keyboard.
import type { JSX } from "preact";
import { useReducer, useRef } from "preact/hooks";
import type { Point } from "../../drawing/pen.ts";
import { clamp } from "../../math/clamp.ts";
import { Picture } from "../picture.tsx";
import { t } from "../texts.ts";
import type { ViewProps } from "../view.ts";
import type { Stroke } from "./drawing.ts";

/** Steps of the keyboard's pen along the longer side, and steps per key press with Shift. */
const STEPS = 56, SHIFT_STEPS = 4;

/** The direction of each arrow key. */
const ARROWS: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** What goes on between events. */
interface Hands {
  /** The pointers' unfinished strokes, by pointer id. */
  readonly strokes: Map<number, Stroke>;
  /** The arrow keys that are held down. */
  readonly heldKeys: Set<string>;
  /** The keyboard's pen: its place, its stroke while it is down, and whether it is shown. */
  pen: Point;
  penStroke: Stroke | undefined;
  isShown: boolean;
}

/** The canvas with its pen. */
export function DrawingArea({ drawing, edit, announce }: ViewProps): JSX.Element {
  const { image: { width, height }, penWidth } = drawing, step = Math.max(width, height) / STEPS;
  const [, renderAgain] = useReducer((count: number) => count + 1, 0);
  const hands = useRef<Hands>({
    strokes: new Map(),
    heldKeys: new Set(),
    pen: { x: width / 2, y: height / 4 },
    penStroke: undefined,
    isShown: false,
  }).current;
  const { strokes, heldKeys } = hands;
  // it may have been undone or cleared
  if (hands.penStroke && !drawing.has(hands.penStroke)) hands.penStroke = undefined;

  const show = (isShown: boolean) => {
    hands.isShown = isShown;
    renderAgain(undefined);
  };
  const announcePen = () =>
    announce("pen", () => {
      const [x, y, columns, rows] = [hands.pen.x, hands.pen.y, width, height]
        .map((length) => Math.round(length / step)) as [number, number, number, number];
      return t(
        `pen at ${x}, ${y} of ${columns} by ${rows}`,
        `ペンの位置 ${x}、${y}（${columns}×${rows}）`,
      );
    });
  const penUp = () => {
    if (!hands.penStroke) return;
    hands.penStroke = undefined;
    announce("now", () => t("pen up", "ペンを上げた"));
  };
  const togglePen = () => {
    if (hands.penStroke) return penUp();
    edit(() => hands.penStroke = drawing.beginStroke(hands.pen));
    announce("now", () => t("pen down", "ペンを下ろした"));
  };
  const movePen = (steps: number) => {
    let { x, y } = hands.pen;
    for (const key of heldKeys) {
      x = clamp(x + steps * step * ARROWS[key]!.x, 0, width);
      y = clamp(y + steps * step * ARROWS[key]!.y, 0, height);
    }
    hands.pen = { x, y };
    announcePen();
    const { penStroke } = hands;
    if (penStroke) edit(() => drawing.extendStroke(penStroke, [hands.pen]));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const { key } = event;
    if (event.ctrlKey || event.metaKey || event.altKey) { // a shortcut of the page or the browser
      return heldKeys.clear(); // macOS sends no keyup of a key released while ⌘ is down
    }
    if (key in ARROWS) {
      heldKeys.add(key);
      movePen(event.shiftKey ? SHIFT_STEPS : 1);
    } else if (key === " ") {
      if (!event.repeat) togglePen();
    } else if (key === "Delete" || key === "Backspace") {
      edit((drawing) => drawing.clear());
    } else return;
    event.preventDefault();
    show(true);
  };
  const begin = (event: PointerEvent) => {
    penUp();
    show(false);
    const canvas = event.currentTarget as HTMLElement;
    canvas.setPointerCapture(event.pointerId);
    edit(() => strokes.set(event.pointerId, drawing.beginStroke(placeOf(event, canvas))));
  };
  const onPointerMove = (event: PointerEvent) => {
    const stroke = strokes.get(event.pointerId), canvas = event.currentTarget as HTMLElement;
    if (!stroke) return;
    // all positions since the last frame; the method is missing on pages served by plain http
    const coalesced = event.getCoalescedEvents?.() ?? [];
    const events = coalesced.length > 0 ? coalesced : [event];
    edit(() => drawing.extendStroke(stroke, events.map((event) => placeOf(event, canvas))));
  };
  const onPointerUp = ({ pointerId }: PointerEvent) => strokes.delete(pointerId);
  const placeOf = ({ clientX, clientY }: PointerEvent, canvas: HTMLElement): Point => {
    const box = canvas.getBoundingClientRect();
    return {
      x: (clientX - box.left) * width / box.width,
      y: (clientY - box.top) * height / box.height,
    };
  };
  return (
    <div class="canvas">
      <Picture
        id="drawing-canvas"
        image={drawing.image}
        version={drawing.version}
        tabIndex={0}
        role="application"
        aria-label={t("Drawing area", "描画領域")}
        aria-describedby="keys"
        onPointerDown={(event) => event.button === 0 && begin(event)}
        onPointerEnter={(event) => {
          // a stroke that begins outside; a finger that does scrolls the page
          const isPressed = event.buttons === 1 && event.pointerType !== "touch";
          if (isPressed && !strokes.has(event.pointerId)) begin(event);
        }}
        onPointerCancel={onPointerUp}
        onFocus={({ currentTarget }) => {
          if (!currentTarget.matches(":focus-visible")) return; // focused by pointer
          show(true);
          announcePen();
        }}
        onBlur={() => {
          penUp();
          heldKeys.clear();
          show(false);
        }}
        onKeyUp={({ key }) => heldKeys.delete(key)}
        {...{ onKeyDown, onPointerMove, onPointerUp }}
      />
      <svg class="pen-layer" viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
        {hands.isShown && (
          <circle
            id="pen"
            class={hands.penStroke ? "pen down" : "pen"}
            cx={hands.pen.x}
            cy={hands.pen.y}
            r={penWidth / 2}
          />
        )}
      </svg>
    </div>
  );
}
