/** @jsxImportSource preact */
// The view Draw: a drawing, what the network makes of it, and examples.
import type { JSX } from "preact";
import { t } from "../texts.ts";
import type { ViewProps } from "../view.ts";
import { exampleOf } from "./drawing.ts";
import { DrawingArea } from "./drawing_area.tsx";
import { ExamplesSection } from "./examples.tsx";
import { HiddenUnitsSection } from "./hidden_units.tsx";
import { PredictionSection, useResult } from "./prediction.tsx";

/** Classifies the drawing at every change. */
export function DrawView(props: ViewProps): JSX.Element {
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

function DrawingSection(props: ViewProps): JSX.Element {
  const { drawing, examples, edit, announce } = props;
  const nextExample = () => {
    const index = ((drawing.lastExample ?? -1) + 1) % examples.count;
    announce("example", () => caption(props));
    edit((drawing) => drawing.show(exampleOf(examples, index)));
  };
  return (
    <section class="drawing" aria-labelledby="drawing-title">
      <h2 id="drawing-title">{t("Drawing", "手書き")}</h2>
      <DrawingArea {...props} />
      <div class="buttons">
        <button type="button" id="undo" onClick={() => edit((drawing) => drawing.undo())}>
          {t("Undo", "元に戻す")}
        </button>
        <button type="button" id="clear" onClick={() => edit((drawing) => drawing.clear())}>
          {t("Clear", "消去")}
        </button>
        <button type="button" id="example" onClick={nextExample}>{t("Example", "例")}</button>
      </div>
      <p id="caption">{caption(props)}</p>
      <p class="quiet hint">
        {t(
          "Draw a digit with the mouse, a pen or a finger: a neural network classifies it as you " +
            "draw. It has learned from digits written in the USA: a 1 with a flag looks like a 7 " +
            "to it. Everything runs in this page; nothing is sent anywhere.",
          "マウス、ペン、または指で数字を描くと、描いているそばからニューラルネットワークが分類する。学習した" +
            "のはアメリカで書かれた数字なので、旗のついた 1 は 7 に見える。計算はすべてこのページの中で行い、" +
            "どこにも何も送らない。",
        )}
      </p>
      <p class="quiet hint keys" id="keys">
        {t(
          <>
            With the keyboard: the <kbd>arrow</kbd> keys move the pen (two at once: diagonally; with
            {" "}
            <kbd>Shift</kbd>: farther), <kbd>Space</kbd> puts it down or lifts it, <kbd>Ctrl</kbd>
            {" "}
            <kbd>Z</kbd> undoes, <kbd>Delete</kbd> clears.
          </>,
          <>
            キーボードでは、<kbd>矢印</kbd>キーでペンを動かし（二つ同時で斜め、<kbd>Shift</kbd>{" "}
            と一緒で大きく）、<kbd>Space</kbd> で下ろす・上げる。<kbd>Ctrl</kbd> <kbd>Z</kbd>{" "}
            で元に戻し、<kbd>Delete</kbd> で消去する。
          </>,
        )}
      </p>
    </section>
  );
}

function caption({ drawing: { shown, networkInput } }: ViewProps): string {
  if (shown?.index !== undefined) {
    const { index, label } = shown;
    return t(
      `Example ${index} of the test set: a ${label}`,
      `テスト画像 ${index}。正解は ${label}`,
    );
  }
  return networkInput
    ? t("Your drawing", "手書きの数字")
    : t("Nothing drawn yet", "まだ何も描かれていない");
}
