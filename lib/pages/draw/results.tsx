/** @jsxImportSource preact */
// What a network makes of the drawing and of the examples, in Draw and in Train.
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { type AnyParameters, type Classification, classify } from "../../../mod.ts";
import { drawScale, drawUnit, weightScale } from "../../charts/weights.ts";
import { blankImage } from "../../data/image.ts";
import { percent, significantDigits } from "../../text/numbers.ts";
import { type InputMethod, ListBox, optionAt, paint, Picture } from "../fields.tsx";
import { language, t } from "../texts.ts";
import type { ViewProps } from "../store.ts";
import { exampleOf } from "./drawing.ts";

/** Milliseconds of a task that classifies examples, or paints cells. */
const TASK_MS = 8;

const SCALE = drawScale();

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
    announce("result", () => {
      if (!result) return t("nothing drawn", "何も描かれていない");
      // rounds down, so that 100 % means certainty
      const share = Math.floor(100 * result.probabilities[result.class]!);
      const wrong = shown?.label === result.class ? "" : correctness(result, shown?.label);
      return `${result.class}, ${share} %${wrong.replace("✗ ", ", ")}`;
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
  const { networkInput, shown } = drawing, blank = useMemo(() => blankImage(size), [size]);
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
          <Picture id="network-input" image={networkInput ?? blank} />
          <figcaption>{t("network input", "ネットワークの入力")}</figcaption>
        </figure>
      </div>
      {view === "draw" && (
        <div class="probabilities">
          <h3 class="visually-hidden">{t("Probabilities", "確率")}</h3>
          <ol class="bars" id="bars" start={0} role="list">
            {Array.from({ length: network.parameters.W2.rows }, (_, k) => {
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
        </div>
      )}
    </section>
  );
}

/** A cell for each unit, and the weights of the one that is pointed at or selected. */
export function HiddenUnitsSection(
  { state, change, examples: { size }, network, result }: ResultProps,
) {
  const { W1 } = network.parameters, showsWeights = state.view === "train";
  const scale = useMemo(() => network.weightScale ?? weightScale(W1, W1.rows), [W1]);
  const [hovered, setHovered] = useState(-1);
  const selected = Math.min(state.focus.M ?? 0, W1.rows - 1);
  const unit = hovered >= 0 && hovered < W1.rows ? hovered : selected;
  const activation = result?.activations[unit]?.toFixed(3);
  const words = activation
    ? t(`activation ${activation}`, `出力 ${activation}`)
    : t("no input yet", "入力はまだない");
  const limit = significantDigits(scale, 3);
  const [visible, setVisible] = useState<ReadonlySet<Element>>(new Set());
  // of thousands of units few may be seen; to ask each for its place would lay out the page
  useEffect(() => {
    if (!showsWeights) return;
    const root = document.getElementById("units")!, seen = new Set<Element>();
    const observer = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) {
        if (isIntersecting) seen.add(target);
        else seen.delete(target);
      }
      setVisible(new Set(seen));
    }, { root });
    for (const cell of root.children) observer.observe(cell);
    return () => observer.disconnect();
  }, [showsWeights, W1.rows]);
  useTasks(function* () {
    for (const cell of visible) {
      const unit = optionAt(cell);
      if (unit < W1.rows) paint(cell.querySelector("canvas")!, drawUnit(W1, unit, size, scale));
      yield;
    }
  }, [W1, scale, visible]);
  return (
    <section class="hidden-units" aria-labelledby="units-title">
      <h2 id="units-title">{t("Hidden units", "隠れ層のユニット")}</h2>
      <div class="unit">
        <Picture
          id="weights"
          class="weights"
          role="img"
          aria-label={t(`weights of unit ${unit}`, `ユニット ${unit} の重み`)}
          image={useMemo(() => drawUnit(W1, unit, size, scale), [W1, unit, scale])}
        />
        <div>
          <p id="unit">
            <strong>{t(`Unit ${unit}`, `ユニット ${unit}`)}</strong>
            <br />
            {words}
          </p>
          <Picture class="scale" role="img" aria-label={scaleWords()} image={SCALE} />
          <p class="ends quiet">
            <span>≤ −{limit}</span>
            <span>≥ {limit}</span>
          </p>
        </div>
      </div>
      <p class="hint quiet">
        {showsWeights
          ? t(
            "The weights of each unit. Point at one, tap it, or use the arrow keys.",
            "各ユニットの重み。ユニットを指すかタップするか、矢印キーで選ぶ。",
          )
          : t(
            "Ink on orange raises the unit’s activation, ink on blue lowers it. The stronger the " +
              "colour of a cell, the higher the activation. Point at a unit, tap it, or use the " +
              "arrow keys.",
            "オレンジの所に描くとユニットの出力が大きくなり、青の所に描くと小さくなる。セルの色が濃いほど出力が大きい。ユニットを指すかタップするか、矢印キーで選ぶ。",
          )}
      </p>
      <ListBox
        id="units"
        class={showsWeights ? "cells pictures" : "cells"}
        aria-labelledby="units-title"
        count={W1.rows}
        selected={selected}
        onChoose={(unit) => {
          setHovered(-1);
          change({ focus: { ...state.focus, M: unit } });
        }}
        onPointerOver={({ target }) => setHovered(optionAt(target))}
        onPointerLeave={() => setHovered(-1)}
        option={(i) => ({
          "aria-label": t(`unit ${i}`, `ユニット ${i}`),
          "aria-description": i === unit ? words : undefined,
          children: showsWeights ? <canvas /> : (
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
  const { examples, drawing: { shown }, edit } = props, { count, labels } = examples;
  const answers = useAnswers(props);
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

/** A network's answers to the examples, some tasks later if they are not known yet. */
function useAnswers({ examples, network }: ViewProps): Uint8Array | undefined {
  const parameters = network.answers ? undefined : network.parameters;
  const [computed, setComputed] = useState<{ parameters: AnyParameters; answers: Uint8Array }>();
  useTasks(function* () {
    if (!parameters) return;
    const answers = new Uint8Array(examples.count);
    for (const index of answers.keys()) {
      answers[index] = classify(parameters, examples.image(index)).class;
      yield;
    }
    setComputed({ parameters, answers });
  }, [parameters]);
  return network.answers ?? (computed?.parameters === parameters ? computed?.answers : undefined);
}

/** Does a long job in short tasks, until it is at its end or begins anew for other inputs. */
function useTasks(job: () => Iterator<void, void>, inputs: readonly unknown[]): void {
  useEffect(() => {
    const steps = job();
    let timer = setTimeout(go);
    function go() {
      for (const end = performance.now() + TASK_MS; performance.now() < end;) {
        if (steps.next().done) return;
      }
      timer = setTimeout(go);
    }
    return () => clearTimeout(timer);
  }, inputs);
}

/** What the colours of weights mean. */
export function scaleWords(): string {
  return t("from blue, negative, to orange, positive", "負の値の青から、正の値のオレンジまで");
}
