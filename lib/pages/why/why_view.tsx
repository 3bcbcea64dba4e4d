/** @jsxImportSource preact */
// The view Why: why the gradient of one weight is what it is, forward and back along one path.
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { REPORT_SETTINGS } from "../../network/report_settings.ts";
import { type ExplainedStep, range, withFocus } from "../../explain/explained_step.ts";
import { stepWithout, weightPath } from "../../explain/weight_path.ts";
import { clamp } from "../../math/clamp.ts";
import { type Stop, STOPS } from "../state.ts";
import { DEFAULT_EXAMPLE, type SequenceStep } from "../step/step_sequence.ts";
import { Command } from "../step/step_view.tsx";
import { t } from "../texts.ts";
import { useStep } from "../use_step.ts";
import type { ViewProps } from "../view.ts";
import { Chain, Reasons, Scissors } from "./chain.tsx";
import { Curve } from "./curve.tsx";
import { Losses } from "./losses.tsx";
import { GEOMETRIES, Stage } from "./stage.tsx";
import { Stamps } from "./stamps.tsx";
import {
  digits,
  effect,
  equation,
  fixed,
  pixelWords,
  sentences,
  type Shown,
  sign,
  slopeWords,
} from "./words.ts";

/** The weight that the page asks about at first, if it has the report's network and image. */
const QUESTION = { M: 3, D: 400 };

/** Where the time begins: half a stop before the first one. */
const START = -0.5;

/** Milliseconds from a stop to the next. */
const DURATION: Readonly<Record<Stop, number>> = {
  ...{ forward: 2500, loss: 1800, backward: 4500, stamp: 2500, update: 1800 },
};

/** The part of it in which something moves. */
const MOVING = 0.7;

/** Why one weight's gradient is what it is. */
export function WhyView(props: ViewProps): JSX.Element {
  const found = useStep(props);
  return found === undefined
    ? <p>{t("Computing …", "計算しています…")}</p>
    : <Question {...props} found={found} />;
}

/** The weight in question: the first one, or that of the address, or where a gradient is large. */
function Question(props: ViewProps & { readonly found: SequenceStep }): JSX.Element {
  const { state, network, found: { step: given, batch } } = props, { M, D } = state.focus;
  const isFirst = network.origin === "page" && !batch.isDrawing && M === undefined &&
    D === undefined && batch.images[0] === DEFAULT_EXAMPLE &&
    given.sizes.M > QUESTION.M && given.sizes.D > QUESTION.D;
  const focus = isFirst ? { ...given.focus, ...QUESTION } : given.focus;
  const step = useMemo(() => withFocus(given, focus), [given.values, ...Object.values(focus)]);
  return <Weight {...props} step={step} />;
}

function Weight(
  props: ViewProps & { readonly found: SequenceStep; readonly step: ExplainedStep },
): JSX.Element {
  const { state, examples, change, link, found: { batch, losses }, step } = props;
  const { focus, sizes } = step, { M, D, B } = focus, { cut, h } = state;
  const [moved, setMoved] = useState<{ step: ExplainedStep; weight: number | undefined }>();
  const { time, isPlaying, go, play } = useTimeline(props), isRendered = useMedia();
  const stop = STOPS[Math.max(0, Math.ceil(time - 1e-9))]!;
  // a step is made of the weight as it is
  const weight = moved?.step === step && stop !== "update" ? moved.weight : undefined;
  const asked = useMemo(() => weightPath(step), [step]);
  const path = weight === undefined ? asked : weightPath(step, { weight });
  const wrong = cut === undefined ? path : weightPath(step, { weight: path.weight, cut });
  const made = useMemo(() => stepWithout(step, cut), [step, cut]);
  const image = path.images[B]!, right = step.values.labels.values[B]!;
  const guess = image.classes.reduce(
    (best, { probability }, k) => probability > image.classes[best]!.probability ? k : best,
    0,
  );
  const shown: Shown = { step, asked, path, wrong, image, made, right, guess };
  const words = sentences(shown);
  const ask = (place: { M?: number; D?: number }) =>
    change({ focus: { ...state.focus, M, D, ...place } });
  const aim = (label: number) => {
    const keep = { focus: { ...state.focus, M, D } };
    if (label === right) return;
    const { pixels } = step.data.image(batch.images[0]!), same = exampleOf(examples, pixels);
    // an example with its own class is that example again
    change(
      examples.labels[same!] === label
        ? { ...keep, example: same, drawing: undefined }
        : { ...keep, example: undefined, drawing: new Uint8Array(pixels), label },
    );
  };
  const stage = { shown, time, cut, onTarget: aim, onPixel: (D: number) => ask({ D }) };
  const onUnit = (M: number) => ask({ M }), [raised, amount, end] = effect(shown);
  // the same element is not compared again while something else moves
  const stamps = useMemo(() => <Stamps {...{ step: made, time, onUnit }} />, [made, time, state]);
  const before = fixed(step.values.E.at(0, 0)), after = fixed(made.after.E);
  return (
    <>
      <h2
        title={t(
          `dW1[${M}, ${D}]: how the loss changes with this weight, ∂E/∂W1[${M}, ${D}]`,
          `dW1[${M}, ${D}]: この重みで損失がどう変わるか、∂E/∂W1[${M}, ${D}]`,
        )}
      >
        {t("Why is dW1[", "dW1[")}
        <Place
          label={t("hidden unit", "隠れ層のユニット")}
          value={M}
          count={sizes.M}
          onPlace={onUnit}
        />
        {", "}
        <Place label={t("pixel", "画素")} value={D} count={sizes.D} onPlace={(D) => ask({ D })} />
        {t("] = ", "] はなぜ ")}
        <span class={sign(asked.gradient)} id="why-answer">{digits(asked.gradient)}</span>
        {t("?", "？")}
      </h2>
      <p class="lead">
        {raised}
        <b>{amount}</b>
        {end}
      </p>
      <Settings {...props} {...{ step, right, onTarget: aim }} />
      <div class="stage">
        {GEOMETRIES.filter(({ media }) => isRendered(media)).map((geometry) => (
          <Stage key={geometry.name} {...{ ...stage, geometry, onUnit }} />
        ))}
      </div>
      <p class="words" aria-live="polite">
        {words[stop].map((sentence, i) => i === 0 ? <b key={i}>{sentence}</b> : ` ${sentence}`)}
        <small class="hint">
          <Scissors />{" "}
          {t("Cut a factor: the slope misses the curve.", "因子を切ると、傾きが曲線から外れる。")}
        </small>
      </p>
      {stop === "update"
        ? (
          <Losses
            {...{ state, change, losses, loss: step.values.E.at(0, 0), after: made.after.E }}
            progress={time - 3}
          />
        )
        : (
          <Curve
            {...{ shown, h }}
            isLater={time < 1}
            onMove={(weight) => setMoved({ step, weight })}
            onH={(h) => change({ h })}
          />
        )}
      <Chain {...{ shown, cut, time }} onCut={(cut) => change({ cut })} />
      <Reasons {...{ shown, cut }} link={(mistake) => link({ view: "break", mistake })} />
      <section class="stamps">
        <h3>
          {stop === "update"
            ? t("The hidden units after the update", "更新後の隠れ層のユニット")
            : t(
              `The same for all ${count(step)} weights`,
              `${count(step)} 個の重みすべてで同じこと`,
            )}
          {stop !== "update" && (
            <span class="quiet">
              {t(
                " · the digit, stamped on every unit, with more ink for a stronger message",
                "　数字を各ユニットに押す。伝わる値が大きいほど濃い",
              )}
            </span>
          )}
        </h3>
        {stamps}
      </section>
      <Command {...props} state={{ ...state, quantity: "dW1" }} found={{ ...props.found, step }} />
      <details>
        <summary>
          {t(`All ${count(step)} numbers at once: `, `${count(step)} 個の数を一度に: `)}
          dW1 = dA1 Xᵀ
        </summary>
        <p>
          {t(
            "Each row of dW1 is a stamp: the pixels X, times the unit's number in dA1. ",
            "dW1 の各行が 1 つのスタンプ。画素 X に、dA1 のそのユニットの値を掛けたもの。",
          )}
          <a href={link({ view: "step", quantity: "dW1", focus: { ...state.focus, M, D } })}>
            {t("See dW1 in Step", "「計算」で dW1 を見る")}
          </a>
        </p>
      </details>
      <ol class="visually-hidden" aria-label={t("The path in words", "経路を言葉で")}>
        {[
          words.forward,
          words.loss,
          words.backward,
          [slopeWords(shown)],
          [pixelWords(shown)],
          [equation(shown)],
          words.stamp,
          words.update,
        ].map((one, i) => <li key={i}>{one.join(" ")}</li>)}
      </ol>
      <div class="stops" role="group" aria-label={t("Stops", "段階")}>
        <div>
          <button
            type="button"
            class="play"
            onClick={play}
            aria-label={isPlaying ? t("Pause", "一時停止") : t("Play", "再生")}
          >
            {isPlaying ? "❚❚" : "▶"}{" "}
            <span>{isPlaying ? t("Pause", "一時停止") : t("Play", "再生")}</span>
          </button>
          <Scrubber {...{ time, go }} />
          <p class="loss">
            {t("loss ", "損失 ")}
            <b>{before}</b>
            {t(", after the update ", "、更新後 ")}
            <b>{after}</b>
          </p>
        </div>
      </div>
    </>
  );
}

/** A field for a number from 0 to below `count`: a unit, a pixel or an image. */
function Place({ label, value, count, onPlace }: {
  readonly label?: string;
  readonly value: number | undefined;
  readonly count: number;
  readonly onPlace: (place: number) => void;
}): JSX.Element {
  return (
    <input
      type="number"
      aria-label={label}
      min={0}
      max={count - 1}
      value={value ?? ""}
      class={`digits-${`${count - 1}`.length}`}
      onFocus={({ currentTarget }) => currentTarget.select()}
      onInput={({ currentTarget }) => {
        const typed = currentTarget.valueAsNumber, place = clamp(Math.round(typed), 0, count - 1);
        if (Number.isNaN(typed)) return;
        if (place !== typed) currentTarget.value = `${place}`;
        onPlace(place);
      }}
      onBlur={({ currentTarget }) => currentTarget.value = `${value ?? ""}`}
    />
  );
}

/** The image, its target class, and the network. */
function Settings(
  { state, change, examples, found: { batch }, step, right, onTarget }: ViewProps & {
    readonly found: SequenceStep;
    readonly step: ExplainedStep;
    readonly right: number;
    readonly onTarget: (label: number) => void;
  },
): JSX.Element {
  const isUntrained = state.seed !== undefined, { M, D } = step.focus;
  // an example that is to be another class is a drawing in the address
  const example = batch.isDrawing
    ? exampleOf(examples, step.data.image(batch.images[0]!).pixels)
    : batch.images[0];
  return (
    <div class="settings-row">
      <label>
        {example === undefined
          ? t("your drawing; image", "描いた数字。画像")
          : step.sizes.B > 1
          ? t(`${step.sizes.B} test images from`, `テスト画像 ${step.sizes.B} 枚、最初は`)
          : t("test image", "テスト画像")}
        <Place
          value={example}
          count={examples.count}
          onPlace={(example) => change({ example, drawing: undefined })}
        />
        {batch.isDrawing && example !== undefined &&
          t(`as ${right === 8 ? "an" : "a"} ${right}`, `を ${right} として`)}
      </label>
      <label>
        {t("target class", "目標のクラス")}
        <select value={right} onChange={(event) => onTarget(Number(event.currentTarget.value))}>
          {range(step.sizes.K).map((k) => <option key={k} value={k}>{k}</option>)}
        </select>
      </label>
      <div class="switch" role="group" aria-label={t("Network", "ネットワーク")}>
        {[true, false].map((untrained) => (
          <button
            key={untrained}
            type="button"
            aria-pressed={untrained === isUntrained}
            onClick={() =>
              change({
                focus: { ...state.focus, M, D },
                seed: untrained ? REPORT_SETTINGS.seed : undefined,
                updates: 0,
              })}
          >
            {untrained ? t("untrained", "学習前") : t("trained", "学習済み")}
          </button>
        ))}
      </div>
    </div>
  );
}

/** The example with these pixels. */
function exampleOf(examples: ViewProps["examples"], pixels: Uint8Array): number | undefined {
  return range(examples.count).find((i) =>
    examples.image(i).pixels.every((byte, d) => byte === pixels[d])
  );
}

/** The time between the stops, as a slider, and the stops as buttons. */
function Scrubber(
  { time, go }: { readonly time: number; readonly go: (time: number) => void },
): JSX.Element {
  const names = [
    t("forward", "順伝播"),
    t("loss", "損失"),
    t("backward", "逆伝播"),
    t("stamp", "スタンプ"),
    t("update", "更新"),
  ];
  const line = useRef<HTMLDivElement>(null), at = Math.max(0, Math.ceil(time - 1e-9));
  useLayoutEffect(() => line.current!.style.setProperty("--time", `${time}`));
  const keys: Readonly<Record<string, number>> = {
    ...{ ArrowLeft: Math.ceil(time) - 1, ArrowDown: Math.ceil(time) - 1, Home: 0, End: 4 },
    ...{ ArrowRight: Math.floor(time) + 1, ArrowUp: Math.floor(time) + 1 },
  };
  return (
    <div class="scrub" ref={line}>
      <input
        type="range"
        aria-label={t("Stop", "段階")}
        aria-valuetext={names[at]}
        min={START}
        max={4}
        step="any"
        value={time}
        onInput={({ currentTarget: { valueAsNumber: to } }) => {
          const near = clamp(Math.round(to), 0, 4);
          go(Math.abs(to - near) < 0.06 || isStill() ? near : to);
        }}
        onKeyDown={(event) => {
          const to = keys[event.key];
          if (to === undefined) return;
          event.preventDefault();
          go(clamp(to, 0, 4));
        }}
      />
      {names.map((name, i) => (
        <button
          key={i}
          type="button"
          tabIndex={-1}
          class={i < time ? "done" : ""}
          aria-current={i === at ? "step" : undefined}
          onClick={() => go(i)}
        >
          <i />
          {name}
        </button>
      ))}
    </div>
  );
}

/** The time: at the stop of the address, or where it was dragged or played to. */
function useTimeline({ state, change }: ViewProps) {
  const [moving, setMoving] = useState<{ readonly time: number; readonly stop: Stop }>();
  const [isPlaying, setPlaying] = useState(false), wasPlayed = useRef(false);
  const time = moving?.stop === state.stop ? moving.time : STOPS.indexOf(state.stop);
  const go = (time: number) => {
    const stop = STOPS[Math.max(0, Math.ceil(time))]!;
    setPlaying(false);
    setMoving(Number.isInteger(time) ? undefined : { time, stop });
    if (stop !== state.stop) change({ stop });
  };
  useEffect(() => {
    if (!isPlaying) return;
    const start = time >= 4 || !wasPlayed.current ? START : time;
    wasPlayed.current = true;
    // the part of a stop that moves; for the rest it stands still, to be read
    let segment = start < 0 ? 0 : Math.floor(start) + 1, before = performance.now();
    let done = MOVING * (start < 0 ? 2 * (start - START) : start - segment + 1);
    let frame = requestAnimationFrame(function next(now) {
      done += (now - before) / DURATION[STOPS[segment]!];
      before = now;
      if (done >= 1) [segment, done] = [segment + 1, 0];
      if (segment > 4) return go(Math.min(segment, 4));
      const moved = isStill() ? 1 : Math.min(1, done / MOVING);
      setMoving({
        time: segment === 0 ? START * (1 - moved) : segment - 1 + moved,
        stop: state.stop,
      });
      frame = requestAnimationFrame(next);
    });
    return () => cancelAnimationFrame(frame);
  }, [isPlaying]);
  return { time, isPlaying, go, play: () => isPlaying ? go(time) : setPlaying(true) };
}

/** Whether a picture for some windows is to be rendered: in the first HTML all are. */
function useMedia(): (media: string) => boolean {
  const [turn, setTurn] = useState(0);
  useLayoutEffect(() => {
    const update = () => setTurn((turn) => turn + 1);
    update();
    addEventListener("resize", update);
    return () => removeEventListener("resize", update);
  }, []);
  return (media) => turn === 0 || matchMedia(media).matches;
}

function isStill(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

function count({ sizes: { M, D } }: ExplainedStep): string {
  return (M * D).toLocaleString("en");
}
