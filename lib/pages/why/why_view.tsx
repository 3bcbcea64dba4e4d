/** @jsxImportSource preact */
// The view Why: why the gradient of one weight is what it is, forward and back along one path.
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { type ExplainedStep, range, withFocus } from "../../explain/explained_step.ts";
import { formatResult } from "../../explain/expression.ts";
import { clamp } from "../../math/clamp.ts";
import { REPORT_SETTINGS } from "../../network/report_settings.ts";
import { NumberField } from "../fields.tsx";
import { STOPS } from "../state.ts";
import { DEFAULT_EXAMPLE, type SequenceStep, useStep } from "../step/step_sequence.ts";
import { Command } from "../step/step_view.tsx";
import { t } from "../texts.ts";
import type { ViewProps } from "../store.ts";
import { Chain, Reasons, Scissors, Stamps } from "./chain.tsx";
import { Curve, Losses } from "./curve.tsx";
import { GEOMETRIES, Stage } from "./stage.tsx";
import { digits, fixed, sentences, type ShownProps, sign, useShown } from "./words.ts";

/** The weight that the page asks about at first, if it has the report's network and image. */
const QUESTION = { M: 3, D: 400 };

/** By how many stops the keys of the slider move. */
const STEPS: Readonly<Record<string, number>> = {
  ...{ ArrowLeft: -1, ArrowDown: -1, Home: -4, ArrowRight: 1, ArrowUp: 1, End: 4 },
};

/** Where the time begins: half a stop before the first one. */
const START = -0.5;

/** Milliseconds from a stop to the next, and the part of them in which something moves. */
const DURATIONS = [2500, 1800, 4500, 2500, 1800], MOVING = 0.7;

/** Why one weight's gradient is what it is. */
export function WhyView(props: ViewProps) {
  const found = useStep(props);
  return found
    ? <Question {...{ ...props, found }} />
    : <p>{t("Computing …", "計算しています…")}</p>;
}

/** The weight in question: the first one, or that of the address, or where a gradient is large. */
function Question(props: ViewProps & { readonly found: SequenceStep }) {
  const { state, network, link, found: { step: given, batch, losses } } = props;
  const isFirst = network.origin === "page" && !batch.isDrawing && state.focus.M === undefined &&
    state.focus.D === undefined && batch.images[0] === DEFAULT_EXAMPLE &&
    given.sizes.M > QUESTION.M && given.sizes.D > QUESTION.D;
  const asked = isFirst ? { ...given.focus, ...QUESTION } : given.focus;
  const step = useMemo(() => withFocus(given, asked), [given.values, ...Object.values(asked)]);
  const { focus: { M, D }, sizes } = step, timeline = useTimeline(props), { time, at } = timeline;
  const stop = STOPS[at]!, isUpdate = stop === "update";
  const [moved, setMoved] = useState<{ readonly step: ExplainedStep; readonly weight?: number }>();
  // a step is made of the weight as it is
  const weight = moved?.step === step && !isUpdate ? moved.weight : undefined;
  const shown = useShown(props, step, time, weight), words = sentences(shown);
  const { ask, asked: { gradient } } = shown, count = (sizes.M * sizes.D).toLocaleString("en");
  // the same element is not compared again while something else moves
  const stamps = useMemo(() => <Stamps shown={shown} />, [shown.made, time, state]);
  const [geometry, choose] = useState(GEOMETRIES[0]!);
  useLayoutEffect(() => {
    const update = () => choose(GEOMETRIES.find(({ media }) => matchMedia(media).matches)!);
    update();
    addEventListener("resize", update);
    return () => removeEventListener("resize", update);
  }, []);
  const by = <b>{formatResult(Math.abs(gradient) / 100, 2)}</b>;
  const [before, after] = [fixed(step.values.E.at(0, 0)), fixed(shown.made.after.E)];
  const field = (label: string, axis: "M" | "D") => (
    <NumberField
      {...{ label, value: step.focus[axis], min: 0, max: sizes[axis] - 1 }}
      onValue={(place) => ask({ [axis]: place })}
    />
  );
  return (
    <>
      <h2>
        {t("Why is dW1[", "dW1[")}
        {field(t("hidden unit", "隠れ層のユニット"), "M")}, {field(t("pixel", "画素"), "D")}
        {t("] = ", "] はなぜ ")}
        <span class={sign(gradient)} id="why-answer">{digits(gradient)}</span>
        {t("?", "？")}
      </h2>
      <p class="lead">
        {t("Raise this weight by 0.01, and the loss ", "この重みを 0.01 増やすと、損失は")}
        {gradient === 0
          ? t("stays as it is.", "変わらない。")
          : gradient < 0
          ? t(<>falls by about {by}: hence the minus.</>, <>約 {by} 減る。だから勾配は負。</>)
          : t(<>rises by about {by}.</>, <>約 {by} 増える。</>)}
      </p>
      <Settings shown={shown} />
      <div class="stage">
        <Stage key={geometry.name} {...{ geometry, shown }} />
      </div>
      <p class="words" aria-live="polite">
        <small class="hint">
          <Scissors />{" "}
          {t("Cut a factor: the slope misses the curve.", "因子を切ると、傾きが曲線から外れる。")}
        </small>
        {[words[stop]].flat().map((one, i) => i === 0 ? <b key={i}>{one}</b> : ` ${one}`)}
      </p>
      {isUpdate
        ? <Losses {...{ shown, losses }} />
        : <Curve shown={shown} onMove={(weight) => setMoved({ step, ...weight })} />}
      <Chain shown={shown} />
      <Reasons {...{ shown, words }} />
      <section class="stamps">
        <h3>
          {isUpdate
            ? t("The hidden units after the update", "更新後の隠れ層のユニット")
            : t(`The same for all ${count} weights`, `${count} 個の重みすべてで同じこと`)}
          <span class="quiet" hidden={isUpdate}>
            {t(
              " · the digit, stamped on every unit, with more ink for a stronger message",
              "　数字を各ユニットに押す。伝わる値が大きいほど濃い",
            )}
          </span>
        </h3>
        {stamps}
      </section>
      <Command {...props} state={{ ...state, quantity: "dW1" }} found={{ ...props.found, step }} />
      <details>
        <summary>
          {t(`All ${count} numbers at once`, `${count} 個の数を一度に`)}: dW1 = dA1 Xᵀ
        </summary>
        <p>
          {t(
            "Each row is a stamp: X, times the unit's dA1. ",
            "各行が 1 つのスタンプ: X と dA1 の積。",
          )}
          <a href={link({ view: "step", quantity: "dW1", focus: { ...state.focus, M, D } })}>
            {t("See dW1 in Step", "「計算」で dW1 を見る")}
          </a>
        </p>
      </details>
      <ol class="visually-hidden" aria-label={t("The path in words", "経路を言葉で")}>
        {Object.values(words).map((one, i) => <li key={i}>{[one].flat().join(" ")}</li>)}
      </ol>
      <Stops
        {...timeline}
        loss={t(`loss ${before}, after the update ${after}`, `損失 ${before}、更新後 ${after}`)}
      />
    </>
  );
}

/** The image, its target class, and the network. */
function Settings({ shown }: ShownProps) {
  const { state, change, examples, example, found, step, right, ask, aim } = shown;
  const isUntrained = state.seed !== undefined, { B, K } = step.sizes;
  return (
    <div class="settings-row">
      <NumberField
        label={example === undefined
          ? t("your drawing; image", "描いた数字。画像")
          : B > 1
          ? t(`${B} test images from`, `テスト画像 ${B} 枚、最初は`)
          : t("test image", "テスト画像")}
        {...{ value: example, min: 0, max: examples.count - 1 }}
        onValue={(example) => change({ example, drawing: undefined })}
      />
      {found.batch.isDrawing && example !== undefined &&
        <span>{t(`as ${right === 8 ? "an" : "a"} ${right}`, `を ${right} として`)}</span>}
      <label>
        {t("target class", "目標のクラス")}
        <select value={right} onChange={({ currentTarget }) => aim(Number(currentTarget.value))}>
          {range(K).map((k) => <option key={k} value={k}>{k}</option>)}
        </select>
      </label>
      <div class="switch" role="group" aria-label={t("Network", "ネットワーク")}>
        {[true, false].map((untrained) => (
          <button
            {...{ key: untrained, type: "button", "aria-pressed": untrained === isUntrained }}
            onClick={() => {
              ask({});
              change({ seed: untrained ? REPORT_SETTINGS.seed : undefined, updates: 0 });
            }}
          >
            {untrained ? t("untrained", "学習前") : t("trained", "学習済み")}
          </button>
        ))}
      </div>
    </div>
  );
}

/** Play, the time between the stops as a slider, and the stops as buttons. */
function Stops({ time, at, isPlaying, go, play, loss }: ReturnType<typeof useTimeline> & {
  readonly loss: string;
}) {
  const names = [
    ...[t("forward", "順伝播"), t("loss", "損失"), t("backward", "逆伝播")],
    ...[t("stamp", "スタンプ"), t("update", "更新")],
  ];
  const line = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => line.current!.style.setProperty("--time", `${time}`));
  return (
    <div class="stops" role="group" aria-label={t("Stops", "段階")}>
      <button type="button" class="play" onClick={play}>
        {isPlaying ? "❚❚" : "▶"}{" "}
        <span>{isPlaying ? t("Pause", "一時停止") : t("Play", "再生")}</span>
      </button>
      <div class="scrub" ref={line}>
        <input
          type="range"
          aria-label={t("Stop", "段階")}
          aria-valuetext={names[at]}
          {...{ min: START, max: 4, step: "any", value: time }}
          onInput={({ currentTarget: { valueAsNumber: to } }) => {
            const near = clamp(Math.round(to), 0, 4);
            go(Math.abs(to - near) < 0.06 || isStill() ? near : to);
          }}
          onKeyDown={(event) => {
            const by = STEPS[event.key];
            if (by === undefined) return;
            event.preventDefault();
            go(clamp((by < 0 ? Math.ceil(time) : Math.floor(time)) + by, 0, 4));
          }}
        />
        {names.map((name, i) => (
          <button
            key={i}
            {...{ type: "button", tabIndex: -1, class: i < time ? "done" : "" }}
            aria-current={i === at ? "step" : undefined}
            onClick={() => go(i)}
          >
            <i />
            {name}
          </button>
        ))}
      </div>
      <p class="loss">{loss}</p>
    </div>
  );
}

/** The time: at the stop of the address, or where it was dragged or played to. */
function useTimeline({ state, change }: ViewProps) {
  const [moving, setMoving] = useState<{ readonly time: number; readonly stop: string }>();
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
    // how far Play is in which stop; after the part that moves it stands still, to be read
    const from = start < 0 ? 2 * (start - START) : start + 1;
    let clock = Math.floor(from) + MOVING * (from % 1), before = performance.now();
    let frame = requestAnimationFrame(function next(now) {
      // a frame's time can be before that of the click
      clock += Math.max(0, now - before) / DURATIONS[Math.floor(clock)]!;
      before = now;
      if (clock >= 5) return go(4);
      const moved = isStill() ? 1 : Math.min(1, clock % 1 / MOVING);
      const time = clock < 1 ? START * (1 - moved) : Math.floor(clock) - 1 + moved;
      setMoving({ time, stop: state.stop });
      frame = requestAnimationFrame(next);
    });
    return () => cancelAnimationFrame(frame);
  }, [isPlaying]);
  const at = Math.max(0, Math.ceil(time - 1e-9));
  return { time, at, isPlaying, go, play: () => isPlaying ? go(time) : setPlaying(true) };
}

function isStill(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
