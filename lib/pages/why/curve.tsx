/** @jsxImportSource preact */
// The loss over the one weight: its curve, the chain rule's tangent, and the secant of differences;
// after an update, the loss over the updates.
import type { ComponentChildren } from "preact";
import { useMemo, useRef } from "preact/hooks";
import { range } from "../../explain/explained_step.ts";
import { agreeingDigits, secant, weightPath } from "../../explain/weight_path.ts";
import { significantDigits } from "../../text/numbers.ts";
import { MAX_H, MAX_UPDATES, MIN_H } from "../state.ts";
import { t } from "../texts.ts";
import { part } from "./stage.tsx";
import { digits, fixed, type Shown, sign } from "./words.ts";

/** The size of a chart, and its plot; the style has them too. */
const WIDTH = 352, HEIGHT = 216, LEFT = 40, RIGHT = 348, TOP = 8, BOTTOM = 174;

/** The points of the curve, and the radius of the lens. */
const POINTS = 120, LENS = 44;

/** The largest distance of the curve's ends from the weight. */
const MAX_REACH = 30;

type Axis = ReturnType<typeof linearAxis>;

/** The loss over the weight, with a handle on the weight and one on h. */
export function Curve(shown: Shown) {
  const { step, time, asked, isMoved, path: { weight, loss }, wrong, move, change } = shown;
  const { state: { h } } = shown;
  const { from, to, x, y, points, lens } = useMemo(() => curveOf(shown), [asked]);
  const { gradient: slope } = wrong, { below, above, slope: measured } = secant(step, h, weight);
  const count = Math.min(10, Math.floor(agreeingDigits(measured, slope)));
  const name = fixed(weight), width = to - from, handle = useRef<HTMLInputElement>(null);
  const hasLens = h < width / 20;
  const here = [x.scale(weight), y.scale(loss)] as const;
  // half of the lens is as wide as from -h to h
  const zoom = LENS / 2 / (x.scale(h) - x.scale(0)), closer = significantDigits(zoom, 2);
  const project =
    ([left, top]: readonly [number, number], zoom: number) => (w: number, E: number) =>
      [left + (x.scale(w) - here[0]) * zoom, top + (y.scale(E) - here[1]) * zoom] as const;
  const plain = project(here, 1), close = project(lens, zoom);
  const line = (to: typeof plain, far: number, slope: number, E = loss, at = weight) =>
    `M${to(at - far, E - slope * far)}L${to(at + far, E + slope * far)}`;
  const seen = hasLens ? close : plain, up = measured < 0 ? -4 : 14, far = hasLens ? 4 * h : width;
  const ends = [
    [seen(weight - h, below), "− h", "halo", 8, up],
    [seen(weight + h, above), "+ h", "halo end", -8, 11 - up],
  ] as const;
  const near = range(21).map((i) => weight + h * (i / 5 - 2))
    .map((w) => close(w, weightPath(step, { weight: w }).loss)).join("L");
  return (
    <section class={time < 1 ? "curve later" : "curve"} aria-labelledby="curve-title">
      <h3 id="curve-title">
        {t("The loss, if only this weight changes", "この重みだけを変えたときの損失")}
      </h3>
      {isMoved && (
        <button
          type="button"
          class="reset"
          onClick={() => {
            move(asked.weight);
            handle.current!.focus(); // the button goes
          }}
        >
          ↺ {fixed(asked.weight)}
        </button>
      )}
      <div class="plot">
        <Chart x={x} y={y} name={t(`this weight, now ${name}`, `この重み（いま ${name}）`)}>
          <clipPath id="curve-clip">
            <path d={`M${LEFT} 0H${RIGHT}V${BOTTOM}H${LEFT}`} />
          </clipPath>
          <clipPath id="lens-clip">
            <circle cx={lens[0]} cy={lens[1]} r={LENS} />
          </clipPath>
          <path class="drop" d={`M${here}V${BOTTOM}`} />
          <g clip-path="url(#curve-clip)">
            <path class="drop" d={line(plain, width, asked.gradient, asked.loss, asked.weight)} />
            <path class={`line ${sign(slope)}`} d={line(plain, width, slope)} />
            <path class="graph" d={points} />
          </g>
          {hasLens && (
            <>
              <path class="frame-line" d={`M${here}L${lens}`} />
              <circle class="open thin" cx={lens[0]} cy={lens[1]} r={LENS} />
              <g clip-path="url(#lens-clip)">
                <path class={`line close ${sign(slope)}`} d={line(close, 4 * h, slope)} />
                <path class="graph" d={`M${near}`} />
              </g>
              <text class="quiet middle halo" x={lens[0]} y={lens[1] + LENS + 15}>
                {t(`${closer} times closer`, `${closer} 倍に拡大`)}
              </text>
            </>
          )}
          <g clip-path={`url(#${hasLens ? "lens" : "curve"}-clip)`}>
            <path class="secant" d={line(seen, far, measured, (below + above) / 2)} />
          </g>
          {ends.map(([[cx, cy], words, kind, dx, dy]) => (
            <g key={words}>
              <circle class="open" r={4} {...{ cx, cy }} />
              <text class={kind} x={cx + dx} y={cy + dy}>{words}</text>
            </g>
          ))}
          <text class={`strong ${sign(slope)}`} x={LEFT} y={HEIGHT - 2}>
            {t("slope", "傾き")} {digits(slope)}
          </text>
          <circle class="open" cx={x.scale(asked.weight)} cy={y.scale(asked.loss)} r={5} />
          <circle class="solid" cx={here[0]} cy={here[1]} r={5.5} />
        </Chart>
        <input
          type="range"
          class="handle"
          ref={handle}
          aria-label={t("this weight", "この重み")}
          aria-valuetext={t(`${name}, loss ${digits(loss)}`, `${name}、損失 ${digits(loss)}`)}
          {...{ min: from, max: to, step: width / 1000, value: weight }}
          onInput={({ currentTarget }) => move(currentTarget.valueAsNumber)}
        />
      </div>
      <div class="check">
        <label for="why-h">{t("step h", "幅 h")}</label>
        <input
          id="why-h"
          type="range"
          {...{ min: Math.log10(MIN_H), max: Math.log10(MAX_H), step: 0.05, value: Math.log10(h) }}
          aria-valuetext={`${h}`}
          onInput={({ currentTarget: { valueAsNumber: power } }) =>
            change({ h: Number((10 ** power).toPrecision(2)) })}
        />
        <output>{h}</output>
      </div>
      <dl class="proof">
        <dt>{t("measured with ± h", "± h で測った値")}</dt>
        <dd>{digits(measured, 10)}</dd>
        <dt>{t("by the chain rule", "連鎖律による値")}</dt>
        <dd>{digits(slope, 10)}</dd>
        <dd class="agrees">
          {count < 1 ? t("✗ they do not agree", "✗ 一致しない") : (count > 2 ? "✓ " : "") +
            t(`agrees in ${count} digit${count === 1 ? "" : "s"}`, `${count} 桁一致`)}
        </dd>
      </dl>
    </section>
  );
}

/** The curve, its axes, and the place of the lens. */
function curveOf({ step, asked: { weight, loss, images } }: Shown) {
  const { input, sum } = images.reduce((a, b) => b.input > a.input ? b : a);
  // so far that the sigmoid is seen from end to end
  const reach = input === 0 ? 6 : Math.min((Math.abs(sum) + 2.5) / input, MAX_REACH);
  const from = weight - reach, to = weight + reach, x = linearAxis([from, to], [LEFT, RIGHT]);
  const weights = range(POINTS + 1).map((i) => from + (to - from) * i / POINTS);
  const losses = weights.map((weight) => weightPath(step, { weight }).loss);
  const low = Math.min(...losses), high = Math.max(...losses);
  const margin = Math.max((high - low) * 0.12, loss * 0.02, 1e-9);
  const y = linearAxis([Math.max(0, low - margin), high + margin], [BOTTOM, TOP]);
  const curve = losses.map((E, i) => [x.scale(weights[i]!), y.scale(E)] as const);
  // the lens is in the corner from which the curve is farthest
  const corners = [[RIGHT - 56, 54], [LEFT + 56, 54], [RIGHT - 56, 112], [LEFT + 56, 112]] as const;
  const room = ([cx, cy]: typeof corners[number]) =>
    Math.min(...curve.map(([x, y]) => Math.hypot(x - cx, y - cy)));
  const lens = corners.reduce((a, b) => room(b) > room(a) + 1 ? b : a);
  return { from, to, x, y, points: `M${curve.join("L")}`, lens };
}

/** The loss update by update, and a button for the next one. */
export function Losses({ step, made, time, losses, state: { updates, cut }, change }: Shown) {
  const loss = step.values.E.at(0, 0), known = [...losses, loss], progress = part(time, 3, 4);
  const end = Number.isFinite(made.after.E) ? made.after.E : loss;
  const now = loss + (end - loss) * progress;
  const x = linearAxis([0, Math.max(5, known.length)], [LEFT, RIGHT - 8]);
  const y = linearAxis([0, 1.1 * Math.max(...known, end) || 1], [BOTTOM, TOP]);
  const points = [...known, now].map((E, i) =>
    [x.scale(Math.min(i, losses.length + progress)), y.scale(E)] as const
  );
  const [atX, atY] = points.at(-1)!;
  return (
    <section class="curve" aria-labelledby="losses-title">
      <h3 id="losses-title">{t("The loss, update by update", "更新ごとの損失")}</h3>
      <div class="plot">
        <Chart {...{ x, y }} name={t("updates", "更新の回数")}>
          <path class="graph" d={`M${points.join("L")}`} />
          {points.map(([cx, cy], i) => (
            <circle key={i} class={i < known.length ? "open" : "solid"} r={4.5} {...{ cx, cy }} />
          ))}
          <text class="strong halo middle" x={atX} y={atY - 9}>{fixed(now)}</text>
        </Chart>
      </div>
      <p class="again">
        <button
          type="button"
          disabled={updates >= MAX_UPDATES || cut !== undefined}
          onClick={() => change({ updates: updates + 1, stop: "update" })}
        >
          ↻ {t("Again", "もう一度")}
        </button>
      </p>
    </section>
  );
}

/** A chart with both axes, and the name of the one below. */
function Chart({ x, y, name, children }: {
  readonly x: Axis;
  readonly y: Axis;
  readonly name: string;
  readonly children: ComponentChildren;
}) {
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      {y.ticks.map(({ at, label }) => (
        <g key={label}>
          <path class="frame-line" d={`M${LEFT} ${at}H${RIGHT}`} />
          <text class="quiet end" x={LEFT - 6} y={at + 4.5}>{label}</text>
        </g>
      ))}
      {x.ticks.map(({ at, label }) => (
        <text key={label} class="quiet middle" x={at} y={BOTTOM + 22}>{label}</text>
      ))}
      <path class="axis" d={`M${LEFT} ${BOTTOM}H${RIGHT}`} />
      <text class="quiet end" x={RIGHT} y={HEIGHT - 2}>{name}</text>
      {children}
    </svg>
  );
}

/** Positions on an axis, and about six ticks, at 1, 2 or 5 times a power of 10. */
function linearAxis([from, to]: [number, number], [start, end]: readonly [number, number]) {
  const power = 10 ** Math.floor(Math.log10((to - from) / 6));
  const step = power * ([1, 2, 5].find((factor) => factor * power * 6.1 >= to - from) ?? 10);
  const first = Math.ceil(from / step);
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const scale = (value: number) => start + (value - from) / (to - from) * (end - start);
  const ticks = range(Math.floor(to / step) - first + 1).map((i) => (first + i) * step)
    .map((value) => ({ at: scale(value), label: fixed(value, decimals) }));
  return { scale, ticks };
}
