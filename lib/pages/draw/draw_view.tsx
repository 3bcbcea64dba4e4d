/** @jsxImportSource preact */
// The view Draw: a drawing, what the network makes of it, and examples; in Train, too.
import { useEffect, useMemo, useRef } from "preact/hooks";
import { type Classification, classify } from "../../../mod.ts";
import { drawUnit, weightScale } from "../../charts/weights.ts";
import { blankImage } from "../../data/image.ts";
import { range } from "../../explain/explained_step.ts";
import { percent } from "../../text/numbers.ts";
import { ColourScale, type InputMethod, ListBox, Picture } from "../fields.tsx";
import { language, t } from "../texts.ts";
import type { ViewProps } from "../store.ts";
import { exampleOf, type Stroke } from "./drawing.ts";

/** Classifies the drawing at every change. */
export function DrawView(props: ViewProps) {
  const result = useResult(props), { drawing: { shown }, edit } = props;
  const button = (id: string, words: string, onClick: () => void) => (
    <button type="button" {...{ id, onClick }}>{words}</button>
  );
  return (
    <div class="columns" id="columns">
      <section class="drawing" aria-labelledby="drawing-title">
        <h2 id="drawing-title">{t("Drawing", "手書き")}</h2>
        <DrawingArea {...props} />
        <div class="buttons">
          {button("undo", t("Undo", "元に戻す"), () => edit((drawing) => drawing.undo()))}
          {button("clear", t("Clear", "消去"), () => edit((drawing) => drawing.clear()))}
        </div>
        <p id="caption">
          {shown?.index !== undefined && t(
            `Example ${shown.index} of the test set: a ${shown.label}`,
            `テスト画像 ${shown.index}。正解は ${shown.label}`,
          )}
        </p>
        <p class="quiet hint">
          {t(
            "Draw a digit with the mouse, a pen or a finger, or choose an example below: a neural " +
              "network classifies it. It has learned from digits written in the USA: a 1 with a " +
              "flag looks like a 7 to it. Everything runs in this page; nothing is sent anywhere.",
            "マウス、ペン、または指で数字を描くか、下のテスト画像を選ぶと、ニューラルネットワークが分類する。学習したのはアメリカで書かれた数字なので、上にひげのある 1 は 7 に見える。計算はすべてこのページの中で行い、どこにも何も送らない。",
          )}
        </p>
      </section>
      <PredictionSection {...props} result={result} />
      <HiddenUnitsSection {...props} result={result} />
      <ExamplesSection {...props} />
    </div>
  );
}

/** The canvas to draw on. */
function DrawingArea({ drawing, edit }: ViewProps) {
  /** The stroke of each pointer that is down. */
  const strokes = useRef(new Map<number, Stroke>()).current;
  const placesOf = ({ currentTarget }: PointerEvent, events: readonly PointerEvent[]) => {
    const box = (currentTarget as HTMLElement).getBoundingClientRect();
    const scale = drawing.image.width / box.width;
    return events.map(({ clientX, clientY }) => ({
      x: scale * (clientX - box.left),
      y: scale * (clientY - box.top),
    }));
  };
  const begin = (event: PointerEvent) => {
    const { pointerId } = event, [point] = placesOf(event, [event]);
    (event.currentTarget as HTMLElement).setPointerCapture(pointerId);
    edit(() => strokes.set(pointerId, drawing.beginStroke(point!)));
  };
  const end = ({ pointerId }: PointerEvent) => strokes.delete(pointerId);
  return (
    <div class="canvas">
      <Picture
        id="drawing-canvas"
        {...{ image: drawing.image, version: drawing.version, role: "img" }}
        aria-label={t("Drawing area", "描画領域")}
        onPointerDown={(event) => event.button === 0 && begin(event)}
        onPointerEnter={(event) => {
          // a stroke that begins outside; a finger that does scrolls the page
          const isPressed = event.buttons === 1 && event.pointerType !== "touch";
          if (isPressed && !strokes.has(event.pointerId)) begin(event);
        }}
        onPointerMove={(event) => {
          const stroke = strokes.get(event.pointerId);
          // all positions since the last frame; the method is missing on pages of plain http
          const events = event.getCoalescedEvents?.() ?? [];
          const points = placesOf(event, events.length > 0 ? events : [event]);
          if (stroke) edit(() => drawing.extendStroke(stroke, points));
        }}
        {...{ onPointerUp: end, onPointerCancel: end }}
      />
    </div>
  );
}

/** The props of a view with the result for the drawing, if there is one. */
type ResultProps = ViewProps & { readonly result: Classification | undefined };

/** The result of the network in use for the drawing, which screen readers are told of. */
export function useResult({ drawing, network, announce }: ViewProps): Classification | undefined {
  const { networkInput: input, shown, version } = drawing, { parameters } = network;
  const result = useMemo(() => input && classify(parameters, input), [parameters, input]);
  const announced = useRef(version);
  useEffect(() => {
    if (announced.current === version) return;
    announced.current = version;
    announce(() => {
      if (!result) return t("nothing drawn", "何も描かれていない");
      const share = percent(result.probabilities[result.class]!);
      return `${result.class}, ${share} ${correctness(result, shown?.label)}`;
    });
  }, [version]);
  return result;
}

/** Whether a result is right, if that is known; in words, and by a mark. */
function correctness({ class: found }: Classification, label: number | undefined): string {
  if (label === undefined) return "";
  return found === label
    ? t(`✓ right: it is a ${label}`, `✓ 正解（${label}）`)
    : t(`✗ wrong: it is a ${label}`, `✗ 誤り（正解は ${label}）`);
}

/** The predicted class, the image that the network takes, and in Draw all probabilities. */
export function PredictionSection(
  { state: { view }, drawing, examples: { size }, network, result }: ResultProps,
) {
  const { networkInput, shown } = drawing;
  const hint = view === "draw"
    ? t("Draw a digit", "数字を描く")
    : t("Choose an example below, or draw in Draw", "下の画像を選ぶか、「描く」で数字を描く");
  return (
    <section class="prediction" aria-labelledby="prediction-title">
      <h2 id="prediction-title">{t("Prediction", "予測")}</h2>
      <div class="result">
        <div class="predicted">
          <p id="prediction">
            <strong>{result ? result.class : "–"}</strong>
            {result ? <span>{percent(result.probabilities[result.class]!)}</span> : hint}
          </p>
          <p id="correctness">{result && correctness(result, shown?.label)}</p>
        </div>
        <figure class="input">
          <Picture id="network-input" image={networkInput ?? blankImage(size)} />
          <figcaption>{t("network input", "ネットワークの入力")}</figcaption>
        </figure>
      </div>
      {view === "draw" && (
        <ol class="bars" id="bars" start={0} role="list" aria-label={t("Probabilities", "確率")}>
          {range(network.parameters.W2.rows).map((k) => {
            const probability = result?.probabilities[k], isLargest = k === result?.class;
            return (
              <li class={isLargest ? "largest" : ""} aria-current={isLargest || undefined}>
                <b>{k}</b>
                <svg aria-hidden="true">
                  <rect width={`${(100 * (probability ?? 0)).toFixed(2)}%`} height="100%" />
                </svg>
                <span>{probability === undefined ? "–" : percent(probability)}</span>
              </li>
            );
          })}
        </ol>
      )}
    </section>
  );
}

/** A cell for each hidden unit, and the weights of the one that is chosen. */
export function HiddenUnitsSection(
  { state, change, examples: { size }, network, result }: ResultProps,
) {
  const { W1 } = network.parameters, showsWeights = state.view === "train";
  const unit = Math.min(state.focus.M ?? 0, W1.rows - 1);
  const activation = result?.activations[unit]?.toFixed(3);
  const words = activation
    ? t(`activation ${activation}`, `出力 ${activation}`)
    : t("no input yet", "入力はまだない");
  const [scale, images] = useMemo(() => {
    const scale = network.weightScale ?? weightScale(W1, W1.rows);
    return [scale, range(W1.rows).map((i) => drawUnit(W1, i, size, scale))] as const;
  }, [W1]);
  return (
    <section class="hidden-units" aria-labelledby="units-title">
      <h2 id="units-title">{t("Hidden units", "隠れ層のユニット")}</h2>
      <div class="unit">
        <Picture
          id="weights"
          class="weights"
          role="img"
          aria-label={t(`weights of unit ${unit}`, `ユニット ${unit} の重み`)}
          image={images[unit]!}
        />
        <div>
          <p id="unit">
            <strong>{t(`Unit ${unit}`, `ユニット ${unit}`)}</strong>
            <br />
            {words}
          </p>
          <ColourScale limit={scale} />
        </div>
      </div>
      <p class="hint quiet">
        {showsWeights ? t("The weights of each unit.", "各ユニットの重み。") : t(
          "Ink on orange raises the unit’s activation, ink on blue lowers it. The stronger the " +
            "colour of a cell, the higher the activation.",
          "オレンジの所に描くとユニットの出力が大きくなり、青の所に描くと小さくなる。セルの色が濃いほど出力が大きい。",
        )} {t(
          "Click or tap a unit, or use the arrow keys.",
          "ユニットは、クリックするかタップするか、矢印キーで選ぶ。",
        )}
      </p>
      <ListBox
        id="units"
        class={showsWeights ? "cells pictures" : "cells"}
        aria-labelledby="units-title"
        count={W1.rows}
        selected={unit}
        onChoose={(unit) => change({ focus: { ...state.focus, M: unit } })}
        option={(i) => ({
          "aria-label": t(`unit ${i}`, `ユニット ${i}`),
          "aria-description": i === unit ? words : undefined,
          children: showsWeights ? <Picture image={images[i]!} /> : (
            <svg aria-hidden="true">
              <rect width="100%" height="100%" opacity={result?.activations[i]?.toFixed(3) ?? 0} />
            </svg>
          ),
        })}
      />
    </section>
  );
}

/** The examples, of which one can be selected, with marks of those that the network gets wrong. */
export function ExamplesSection(props: ViewProps) {
  const { examples, drawing: { shown }, edit, network: { answers } } = props;
  const { count, labels } = examples;
  const images = useMemo(
    () => Array.from(labels, (_, index) => <Picture key={index} image={examples.image(index)} />),
    [examples],
  );
  const option = (index: number) => {
    const label = labels[index]!, answer = answers?.[index] ?? label, isRight = answer === label;
    const words = t(`example ${index}: ${label}`, `テスト画像 ${index}: ${label}`);
    const wrong = isRight ? "" : t(`, answered ${answer}: wrong`, `。答えは ${answer} で、誤り`);
    const attributes = { "aria-label": words + wrong, "data-answer": isRight ? undefined : answer };
    return { children: images[index]!, ...attributes };
  };
  const onChoose = (index: number, by: InputMethod) => {
    edit((drawing) => drawing.show(exampleOf(examples, index)));
    // on a phone the canvas may be above the window; the arrow keys move on to other examples
    const top = document.getElementById("columns")!;
    requestAnimationFrame(() => {
      if (by === "pointer" && top.getBoundingClientRect().top < 0) top.scrollIntoView();
    });
  };
  const correct = answers && labels.filter((label, index) => label === answers[index]).length;
  return (
    <section class="examples" aria-labelledby="examples-title">
      <h2 id="examples-title">{t("Examples", "テスト画像")}</h2>
      <p class="hint quiet">
        {t(
          `The first ${count} images of the test set. Click or tap one, or use the arrow keys; ` +
            "you can draw on it.",
          `テスト画像の最初の ${count} 枚。クリックするかタップするか、矢印キーで選ぶ。その上に描くこともできる。`,
        )}
      </p>
      <p class="hint" id="examples-correct">
        {correct !== undefined && t(
          `The network is right in ${correct} of ${count}; the others show its answer.`,
          `ネットワークは ${count} 枚中 ${correct} 枚に正解する。誤分類した画像には、予測したクラスを示す。`,
        )}
      </p>
      {useMemo(
        () => (
          <ListBox
            id="gallery"
            class="cells gallery"
            aria-labelledby="examples-title"
            selected={shown?.index}
            {...{ count, option, onChoose }}
          />
        ),
        [shown?.index, answers, language()],
      )}
    </section>
  );
}
