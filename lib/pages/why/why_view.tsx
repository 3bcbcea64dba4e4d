/** @jsxImportSource preact */
// The view Why: why the gradient of one weight is what it is, forward and back along one path.
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { drawSigned, drawUnit, weightScale } from "../../charts/weights.ts";
import { range } from "../../explain/explained_step.ts";
import { formatResult } from "../../explain/workings.ts";
import { type Cut, CUTS } from "../../explain/weight_path.ts";
import { clamp } from "../../math/clamp.ts";
import { maxAbs } from "../../math/max_abs.ts";
import { STEP } from "../../network/step.ts";
import { NumberField, Picture } from "../fields.tsx";
import { STOPS } from "../state.ts";
import { DEFAULT_EXAMPLE, useStep } from "../step/step_sequence.ts";
import { Command, NetworkSwitch } from "../step/step_view.tsx";
import { t } from "../texts.ts";
import type { ViewProps } from "../store.ts";
import { Curve, Losses } from "./curve.tsx";
import { part, Stage } from "./stage.tsx";
import { digits, fixed, sentences, type Shown, sign, useShown } from "./words.ts";

/** The weight that the page asks about at first, of its first image. */
const QUESTION = { M: 3, D: 400 };

/** When factors become known on the way back; for a moment, they light up. */
const ERRORS = 0.9, MESSAGES = 1.4, SLOPE = 1.6, PIXEL = 1.8, MOMENT = 0.2;

/** The most units that have stamps. */
const MAX_UNITS = 320;

/** Why one weight's gradient is what it is. */
export function WhyView(view: ViewProps) {
  const { state, link } = view, { example = DEFAULT_EXAMPLE, drawing } = state;
  const isFirst = example === DEFAULT_EXAMPLE && !drawing;
  const focus = isFirst ? { ...QUESTION, ...state.focus } : state.focus;
  const props = { ...view, ...useStep({ ...view, state: { ...state, focus } }) };
  const { step, step: { focus: { M, D }, sizes } } = props;
  const timeline = useTimeline(view), { time, at } = timeline;
  const stop = STOPS[at]!, isUpdate = stop === "update";
  const shown = useShown(props, time), words = sentences(shown);
  const { ask, asked: { gradient } } = shown, count = (sizes.M * sizes.D).toLocaleString("en");
  const by = <b>{formatResult(Math.abs(gradient) / 100, 2)}</b>;
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
      <Settings {...shown} />
      <Stage {...shown} />
      <p class="words" aria-live="polite">{words[stop]}</p>
      {isUpdate ? <Losses {...shown} /> : <Curve {...shown} />}
      <Chain {...shown} />
      <Reasons {...shown} words={words} />
      <section class="stamps">
        <h3>
          {isUpdate ? t("The hidden units after the update", "更新後の隠れ層のユニット") : t(
            `The same for all ${count} weights: the digit, stamped on every unit`,
            `${count} 個の重みすべてで同じこと: 数字を各ユニットに押す`,
          )}
        </h3>
        <Stamps {...shown} />
      </section>
      <Command {...props} state={{ ...state, quantity: "dW1" }} />
      <details>
        <summary>
          {t(`All ${count} numbers at once`, `${count} 個の数を一度に`)}: dW1 = dA1 Xᵀ
        </summary>
        <a href={link({ view: "step", quantity: "dW1", focus: { ...state.focus, M, D } })}>
          {t("Each row is a stamp: see dW1 in Step", "各行が 1 つのスタンプ:「計算」で dW1 を見る")}
        </a>
      </details>
      <ol class="visually-hidden" aria-label={t("The path in words", "経路を言葉で")}>
        {Object.values(words).map((one, i) => <li key={i}>{one}</li>)}
      </ol>
      <Stops {...timeline} />
    </>
  );
}

/** The weight's gradient as a product of factors; a factor is left out by a click. */
function Chain(
  { step, time, cut, isMoved, wrong, image, whole, leading, right, change }: Shown,
) {
  const { focus: { M, D }, sizes: { B } } = step, { slope, told, passed, product } = image;
  // a number that is crossed out is what it was
  const { classes } = cut === "others" || cut === "target" ? whole : image;
  const others = classes.filter((_, k) => !leading.includes(k)), later = time < 2 ? "later" : "";
  const rest = others.reduce((sum, { message }) => sum + message, 0);
  const at = fixed(wrong.weight);
  const op = (words: string) => <span class="op" key={words}>{words}</span>;
  const chip = (id: Cut["id"], from: number, x: number, name: string, count = 4) => {
    const lit = time < from ? "later" : time < from + MOMENT ? "now" : "";
    return (
      <button
        {...{ key: id, type: "button", class: `chip ${cut === id ? "cut" : ""} ${lit}` }}
        aria-pressed={cut === id}
        title={t("Leave this factor out", "この因子を抜く")}
        onClick={() => change({ cut: cut === id ? undefined : id })}
      >
        <strong class={sign(x)}>{digits(x, count)}</strong>
        <small>{name}</small>
      </button>
    );
  };
  const target = t("P − target", "P − 目標") + (B > 1 ? ` / ${B}` : "");
  const terms = leading.map((k) => [
    chip("weight", MESSAGES, classes[k]!.weight, t(`weight to ${k}`, `${k} への重み`)),
    op("×"),
    chip(k === right ? "target" : "others", ERRORS, classes[k]!.error, `${k}: ${target}`),
  ]);
  const more = t(`${others.length} others`, `ほか ${others.length} クラス`);
  if (others.length > 0) terms.push([chip("others", MESSAGES, rest, more, 2)]);
  const { input, output: y } = image;
  const slopes = [chip("1-y", SLOPE, 1 - y, "1 − y"), op("×"), chip("y", SLOPE, y, "y")];
  const ink = chip("pixel", PIXEL, input, t("ink of the pixel", "画素の濃さ"));
  const groups = [
    [terms, t(`what unit ${M} is told`, `ユニット ${M} に伝わる値`), told],
    [[slopes], t(`slope ${digits(slope)}, passed on`, `傾き ${digits(slope)}、掛けると`), passed],
    [[ink], "", product],
  ] as const;
  return (
    <div class={B > 1 ? "chain long" : "chain"} role="group" aria-label={t("The product", "積")}>
      <div class={`chip result ${later}`}>
        <strong class={sign(wrong.gradient)}>{digits(wrong.gradient)} {cut && "✗"}</strong>
        <small>{`dW1[${M}, ${D}]`} {isMoved && t(`at ${at}`, `（重み ${at}）`)}</small>
      </div>
      {groups.map(([terms, words, x], i) => [
        op(i === 0 ? "=" : "×"),
        <div class={i === 0 ? "group told" : "group"} key={i}>
          <div>
            {terms.map((term, i) => <span class="term" key={i}>{i > 0 && op("+")}{term}</span>)}
          </div>
          <p class={`sum ${later}`}>
            <span>
              {words} = <span class={sign(x)}>{digits(x)}</span>
            </span>
          </p>
        </div>,
      ])}
      {B > 1 && [
        op("+"),
        <div key="others" class="chip">
          <strong class={sign(wrong.gradient - product)}>{digits(wrong.gradient - product)}</strong>
          <small>{t(`${B - 1} other images`, `ほか ${B - 1} 枚`)}</small>
        </div>,
      ]}
    </div>
  );
}

/** Under the product: what its slope and its pixel do; with a cut, which gradients stay right. */
function Reasons({ cut, link, words: { slope, pixel } }: Shown & {
  readonly words: ReturnType<typeof sentences>;
}) {
  const found = CUTS.find(({ id }) => id === cut);
  if (found === undefined) return <p class="reasons">{`${slope} ${pixel}`}</p>;
  const { quantity, mistake } = found;
  const gradients = STEP.filter(({ pass }) => pass === "backward").map(({ symbol }) => symbol);
  const right = gradients.slice(0, gradients.indexOf(quantity));
  return (
    <p class="reasons" role="status">
      {t("The gradient check finds: ", "勾配の検査の結果: ")}
      {right.map((symbol) => `${symbol}\u00a0✓ `)}
      <strong>{`${quantity}\u00a0✗ `}</strong>
      {mistake !== undefined && (
        <a href={link({ view: "break", mistake })}>
          {t("Train both networks: right and cut", "正しいものと抜いたもの、両方を学習させる")}
        </a>
      )}
    </p>
  );
}

/** The outer product at a glance: each unit's row of dW1; after the update, its row of W1. */
function Stamps({ made: { values, sizes, focus, data }, time, ask }: Shown) {
  const { M, B } = sizes, first = focus.M - focus.M % MAX_UNITS, isUpdated = time > 3.5;
  const units = range(Math.min(M - first, MAX_UNITS)).map((i) => first + i);
  // a batch is a film of its images, of which the mean remains
  const film = time === 2 ? B + 1 : part(time, 2, 2.9) * (B + 1);
  const frame = Math.min(Math.floor(film), B);
  const images = useMemo(() => {
    const { X, dA1, dW1, "W1'": W1 } = values, largest = maxAbs(dW1.data);
    const scale = isUpdated ? weightScale(W1, M) : 0;
    return units.map((m) => {
      if (isUpdated) return drawUnit(W1, m, data.size, scale);
      const mean = dW1.data.slice(m * dW1.columns, (m + 1) * dW1.columns);
      const ink = frame === B ? mean : mean.map((_, d) => dA1.at(m, frame) * X.at(d, frame));
      // by the root of the message, so that small ones are seen too
      return drawSigned(ink, data.size, Math.sqrt(largest * maxAbs(ink)));
    });
  }, [values, first, isUpdated, frame]);
  return (
    <div class="units">
      {units.map((m, i) => (
        <Picture
          {...{ key: i, image: images[i]!, onClick: () => ask({ M: m }) }}
          class={`${m === focus.M ? "chosen" : ""} ${i < film * units.length ? "" : "blank"}`}
        />
      ))}
    </div>
  );
}

/** The image, its target class, and the network. */
function Settings({ state, examples, step, right, set, aim }: Shown) {
  const of = step.batchIndices.values[step.focus.B]!, max = examples.count - 1;
  return (
    <div class="settings-row">
      <NumberField
        label={t("test image", "テスト画像")}
        {...{ value: of <= max ? of : undefined, min: 0, max }}
        onValue={(example) => set({ example, focus: { B: 0 } })}
      />
      <label>
        {t("target class", "目標のクラス")}
        <select value={right} onChange={({ currentTarget }) => aim(Number(currentTarget.value))}>
          {range(step.sizes.K).map((k) => <option key={k} value={k}>{k}</option>)}
        </select>
      </label>
      <NetworkSwitch seed={state.seed} set={set} />
    </div>
  );
}

/** Where the time begins: half a stop before the first one. */
const START = -0.5;

/** Milliseconds from a stop to the next, and at a stop, which is to be read. */
const MOVING_MS = 2400, REST_MS = 900;

/** Play, the time between the stops as a slider, and the stops as buttons. */
function Stops({ time, at, isPlaying, go, play }: ReturnType<typeof useTimeline>) {
  const names = [
    ...[t("forward", "順伝播"), t("loss", "損失"), t("backward", "逆伝播")],
    ...[t("stamp", "スタンプ"), t("update", "更新")],
  ];
  return (
    <div class="stops" role="group" aria-label={t("Stops", "段階")}>
      <button type="button" class="play" onClick={play}>
        {isPlaying ? "❚❚" : "▶"}{" "}
        <span>{isPlaying ? t("Pause", "一時停止") : t("Play", "再生")}</span>
      </button>
      <div class="scrub">
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
            const by = /Right|Up/.test(event.key) ? 1 : /Left|Down/.test(event.key) ? -1 : 0;
            if (by === 0) return;
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
    let played = time < 4 && wasPlayed.current ? time : START, before = performance.now(), rest = 0;
    wasPlayed.current = true;
    let frame = requestAnimationFrame(function next(now) {
      // a frame's time can be before that of the click
      const spent = Math.max(0, now - before), stop = Math.floor(played) + 1;
      [before, rest] = [now, rest - spent];
      if (rest <= 0) {
        played = isStill() ? stop : Math.min(stop, played + spent / MOVING_MS);
        if (played === 4) return go(4);
        if (played === stop) rest = REST_MS;
        setMoving({ time: played, stop: state.stop });
      }
      frame = requestAnimationFrame(next);
    });
    return () => cancelAnimationFrame(frame);
  }, [isPlaying]);
  // Back and Again lead to a stop too
  useEffect(() => setPlaying(false), [state.stop]);
  const at = Math.max(0, Math.ceil(time - 1e-9));
  return { time, at, isPlaying, go, play: () => isPlaying ? go(time) : setPlaying(true) };
}

function isStill(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
