/** @jsxImportSource preact */
// The view Draw: a drawing, what the network makes of it, and examples.
import { useRef } from "preact/hooks";
import type { Point } from "../../drawing/pen.ts";
import { clamp } from "../../math/clamp.ts";
import { Picture } from "../fields.tsx";
import { t } from "../texts.ts";
import type { ViewProps } from "../store.ts";
import { exampleOf, type Stroke } from "./drawing.ts";
import { ExamplesSection, HiddenUnitsSection, PredictionSection, useResult } from "./results.tsx";

/** Steps of the keyboard's pen along the longer side, and steps per key press with Shift. */
const STEPS = 56, SHIFT_STEPS = 4;

/** The keyboard's pen among the pointers, whose numbers are not negative. */
const PEN = -1;

/** The direction of each arrow key. */
const ARROWS: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ...{ ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] },
};

/** Classifies the drawing at every change. */
export function DrawView(props: ViewProps) {
  const result = useResult(props);
  return (
    <div class="columns" id="columns">
      <DrawingSection {...props} />
      <PredictionSection {...props} result={result} />
      <HiddenUnitsSection {...props} result={result} />
      <ExamplesSection {...props} />
    </div>
  );
}

function DrawingSection(props: ViewProps) {
  const { drawing, examples, edit, announce } = props, { shown, networkInput } = drawing;
  const caption = (index = shown?.index, label = shown?.label) =>
    index !== undefined
      ? t(`Example ${index} of the test set: a ${label}`, `テスト画像 ${index}。正解は ${label}`)
      : networkInput
      ? t("Your drawing", "手書きの数字")
      : t("Nothing drawn yet", "まだ何も描かれていない");
  const showNext = () => {
    const next = exampleOf(examples, ((drawing.lastExample ?? -1) + 1) % examples.count);
    announce("example", () => caption(next.index, next.label));
    edit((drawing) => drawing.show(next));
  };
  const button = (id: string, words: string, onClick: () => void) => (
    <button type="button" {...{ id, onClick }}>{words}</button>
  );
  return (
    <section class="drawing" aria-labelledby="drawing-title">
      <h2 id="drawing-title">{t("Drawing", "手書き")}</h2>
      <DrawingArea {...props} />
      <div class="buttons">
        {button("undo", t("Undo", "元に戻す"), () => edit((drawing) => drawing.undo()))}
        {button("clear", t("Clear", "消去"), () => edit((drawing) => drawing.clear()))}
        {button("example", t("Example", "テスト画像"), showNext)}
      </div>
      <p id="caption">{caption()}</p>
      <p class="quiet hint">
        {t(
          "Draw a digit with the mouse, a pen or a finger: a neural network classifies it as you " +
            "draw. It has learned from digits written in the USA: a 1 with a flag looks like a 7 " +
            "to it. Everything runs in this page; nothing is sent anywhere.",
          "マウス、ペン、または指で数字を描くと、描いているそばからニューラルネットワークが分類する。学習したのはアメリカで書かれた数字なので、旗のついた 1 は 7 に見える。計算はすべてこのページの中で行い、どこにも何も送らない。",
        )}
      </p>
      <p class="quiet hint keys" id="keys">
        {t(
          "With the keyboard: the [arrow] keys move the pen (two at once: diagonally; with " +
            "[Shift]: farther), [Space] puts it down or lifts it, [Ctrl] [Z] undoes, [Delete] clears.",
          "キーボードでは、[矢印]キーでペンを動かし（二つ同時で斜め、[Shift] と一緒で大きく）、[Space] で下ろす・上げる。[Ctrl] [Z] で元に戻し、[Delete] で消去する。",
        ).split(/\[(.*?)\]/).map((text, i) => i % 2 === 1 ? <kbd key={i}>{text}</kbd> : text)}
      </p>
    </section>
  );
}

/** The canvas to draw on, by pointer or keyboard. */
function DrawingArea({ drawing, edit, announce }: ViewProps) {
  const { image: { width, height }, penWidth } = drawing, step = Math.max(width, height) / STEPS;
  /** The last stroke of each pointer and of the keyboard's pen, and the arrow keys held down. */
  const hands = useRef({
    strokes: new Map<number, Stroke>(),
    heldKeys: new Set<string>(),
    pen: { x: width / 2, y: height / 4 },
    isPenShown: false,
  }).current;
  const { strokes, heldKeys } = hands, isPenDown = drawing.has(strokes.get(PEN));

  const begin = (pointer: number, point: Point) =>
    edit(() => strokes.set(pointer, drawing.beginStroke(point)));
  const extend = (pointer: number, points: readonly Point[]) => {
    const stroke = strokes.get(pointer);
    if (stroke) edit(() => drawing.extendStroke(stroke, points));
  };
  const showPen = (isPenShown: boolean) => edit(() => hands.isPenShown = isPenShown);
  const announcePen = () =>
    announce("pen", () => {
      const [x, y, columns, rows] = [hands.pen.x, hands.pen.y, width, height]
        .map((length) => Math.round(length / step));
      const en = `pen at ${x}, ${y} of ${columns} by ${rows}`;
      return t(en, `ペンの位置 ${x}、${y}（${columns}×${rows}）`);
    });
  const penUp = () => {
    if (isPenDown) announce("now", () => t("pen up", "ペンを上げた"));
    strokes.delete(PEN);
  };
  const penDown = () => {
    begin(PEN, hands.pen);
    announce("now", () => t("pen down", "ペンを下ろした"));
  };
  const movePen = (distance: number) => {
    let { x, y } = hands.pen;
    for (const [dx, dy] of Array.from(heldKeys, (key) => ARROWS[key]!)) {
      x = clamp(x + distance * dx, 0, width);
      y = clamp(y + distance * dy, 0, height);
    }
    hands.pen = { x, y };
    announcePen();
    extend(PEN, [hands.pen]);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const { key } = event;
    // of a shortcut; macOS sends no keyup of a key released while ⌘ is down
    if (event.ctrlKey || event.metaKey || event.altKey) return heldKeys.clear();
    if (key in ARROWS) {
      heldKeys.add(key);
      movePen(event.shiftKey ? SHIFT_STEPS * step : step);
    } else if (key === " ") {
      if (!event.repeat) isPenDown ? penUp() : penDown();
    } else if (key === "Delete" || key === "Backspace") {
      edit((drawing) => drawing.clear());
    } else return;
    event.preventDefault();
    showPen(true);
  };
  const placesOf = ({ currentTarget }: PointerEvent, events: readonly PointerEvent[]) => {
    const box = (currentTarget as HTMLElement).getBoundingClientRect(), scale = width / box.width;
    return events.map(({ clientX, clientY }) => ({
      x: scale * (clientX - box.left),
      y: scale * (clientY - box.top),
    }));
  };
  const onPointerBegin = (event: PointerEvent) => {
    penUp();
    showPen(false);
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    begin(event.pointerId, placesOf(event, [event])[0]!);
  };
  const onPointerUp = ({ pointerId }: PointerEvent) => strokes.delete(pointerId);
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
        onPointerDown={(event) => event.button === 0 && onPointerBegin(event)}
        onPointerEnter={(event) => {
          // a stroke that begins outside; a finger that does scrolls the page
          const isPressed = event.buttons === 1 && event.pointerType !== "touch";
          if (isPressed && !strokes.has(event.pointerId)) onPointerBegin(event);
        }}
        onPointerMove={(event) => {
          // all positions since the last frame; the method is missing on pages of plain http
          const events = event.getCoalescedEvents?.() ?? [];
          extend(event.pointerId, placesOf(event, events.length > 0 ? events : [event]));
        }}
        onFocus={({ currentTarget }) => {
          if (!currentTarget.matches(":focus-visible")) return; // focused by pointer
          showPen(true);
          announcePen();
        }}
        onBlur={() => {
          penUp();
          heldKeys.clear();
          showPen(false);
        }}
        onKeyUp={({ key }) => heldKeys.delete(key)}
        {...{ onKeyDown, onPointerUp, onPointerCancel: onPointerUp }}
      />
      <svg class="pen-layer" viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
        {hands.isPenShown && (
          <circle
            id="pen"
            class={isPenDown ? "pen down" : "pen"}
            {...{ cx: hands.pen.x, cy: hands.pen.y, r: penWidth / 2 }}
          />
        )}
      </svg>
    </div>
  );
}
