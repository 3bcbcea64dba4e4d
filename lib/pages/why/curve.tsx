/** @jsxImportSource preact */
// The loss over the one weight: its curve, the chain rule's tangent, and the secant of differences.
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { range } from "../../explain/explained_step.ts";
import { secantSlope, weightPath } from "../../explain/weight_path.ts";
import { MAX_H, MIN_H } from "../state.ts";
import { t } from "../texts.ts";
import { Axes, linear, PLOT } from "./axes.tsx";
import { agreedDigits, digits, firstDigits, fixed, type Shown, sign } from "./words.ts";

const { width: WIDTH, height: HEIGHT, left: LEFT, right: RIGHT, top: TOP, bottom: BOTTOM } = PLOT;

/** The points of the curve, and the radius of the lens. */
const POINTS = 120, LENS = 44;

/** The largest distance of the curve's ends from the weight. */
const MAX_REACH = 30;

interface CurveProps {
  readonly shown: Shown;
  /** Whether the way back has not begun, so that its slope is not known yet. */
  readonly isLater: boolean;
  readonly h: number;
  readonly onMove: (weight: number | undefined) => void;
  readonly onH: (h: number) => void;
}

/** The loss over the weight, with a handle on the weight and one on h. */
export function Curve({ shown, isLater, h: settled, onMove, onH }: CurveProps): JSX.Element {
  const [dragged, setDragged] = useState<number>(), h = dragged ?? settled;
  const { step, asked, path, wrong: { gradient: slope } } = shown, { weight, loss } = path;
  const curve = useMemo(() => curveOf(shown), [asked]);
  const measured = secantSlope(step, h, path);
  const { from, to, x, y, points } = curve;
  const lossAt = (weight: number) => weightPath(step, { weight }).loss;
  const line = (slope: number, at = weight, E = loss) =>
    `M${x(from)} ${y(E + slope * (from - at))}L${x(to)} ${y(E + slope * (to - at))}`;
  const isMoved = weight !== asked.weight, agreed = agreedDigits(measured, slope);
  const hasLens = h < 0.6 * (to - from) / 12, lens = curve.lens;
  const scale = LENS / 2 / (h * (x(1) - x(0)));
  const inLens = (w: number, E: number): [number, number] => [
    lens[0] + (x(w) - x(weight)) * scale,
    lens[1] + (y(E) - y(loss)) * scale,
  ];
  const ends = [-h, h].map((change) => ({ change, E: lossAt(weight + change) }));
  const here = [x(weight), y(loss)] as const;
  const angle = Math.atan2(lens[1] - here[1], lens[0] - here[0]);
  // the slope's label is where neither the lens nor the curve is
  const isLeft = lens[0] > WIDTH / 2, isBelow = slope < 0 === isLeft && here[1] < BOTTOM - 40;
  const labelUp = Math.abs(scale * (y(ends[1]!.E) - y(ends[0]!.E))) < 20 ? -9 : slope < 0 ? -1 : 12;
  const name = fixed(weight), at = isMoved && t(`, at ${name}`, `（${name} で）`);
  // a flat tangent passes the label
  const aside = (isLeft ? LEFT + 60 : RIGHT - 60) - here[0];
  const drop = aside * slope * (y(1) - y(0)) / (x(1) - x(0));
  const isRight = here[0] > 280;
  return (
    <section class={isLater ? "curve later" : "curve"} aria-labelledby="curve-title">
      <h3 id="curve-title">
        {t("The loss, if only this weight changes", "この重みだけを変えたときの損失")}
      </h3>
      {isMoved && (
        <button type="button" class="reset" onClick={() => onMove(undefined)}>
          ↺ {fixed(asked.weight)}
        </button>
      )}
      <div class="plot">
        <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
          <clipPath id="curve-clip">
            <rect x={LEFT} y={0} width={RIGHT - LEFT} height={BOTTOM} />
          </clipPath>
          <clipPath id="lens-clip">
            <circle cx={lens[0]} cy={lens[1]} r={LENS - 1} />
          </clipPath>
          <Axes {...{ x, y }} name={t(`this weight, now ${name}`, `この重み（いま ${name}）`)} />
          <path class="drop" d={`M${here[0]} ${here[1]}V${BOTTOM}`} />
          <g clip-path="url(#curve-clip)">
            {slope !== asked.gradient && (
              <path class="drop" d={line(asked.gradient, asked.weight, asked.loss)} />
            )}
            <path class={`line ${sign(slope)}`} d={line(slope)} />
            <path class="graph" d={points} />
            {!hasLens && <path class="secant" d={line(measured, weight - h, ends[0]!.E)} />}
          </g>
          {!hasLens &&
            ends.map(({ change, E }) => (
              <circle key={change} class="open" cx={x(weight + change)} cy={y(E)} r={4.5} />
            ))}
          <text
            class={`strong halo ${sign(slope)} ${isLeft ? "" : "end"}`}
            x={isLeft ? LEFT + 8 : RIGHT}
            y={here[1] + (Math.abs(drop) < 50 ? drop - 18 : isBelow ? 24 : -14)}
          >
            {t("slope", "傾き")} {digits(slope)}
          </text>
          {hasLens && (
            <>
              <path
                class="frame-line"
                d={`M${here[0]} ${here[1]}L${lens[0] - LENS * Math.cos(angle)} ${
                  lens[1] - LENS * Math.sin(angle)
                }`}
              />
              <circle class="open thin" cx={lens[0]} cy={lens[1]} r={LENS} />
              <g clip-path="url(#lens-clip)">
                <path
                  class={`line wide ${sign(slope)}`}
                  d={`M${inLens(weight - 4 * h, loss - 4 * h * slope)}L${
                    inLens(weight + 4 * h, loss + 4 * h * slope)
                  }`}
                />
                <path
                  class="graph"
                  d={`M${
                    range(21).map((i) => weight + h * (i / 5 - 2)).map((w) => inLens(w, lossAt(w)))
                      .join("L")
                  }`}
                />
              </g>
              {ends.map(({ change, E }) => {
                const [cx, cy] = inLens(weight + change, E);
                return (
                  <g key={change}>
                    <circle class="open" r={4} {...{ cx, cy }} />
                    <text
                      class={`halo ${change < 0 ? "" : "end"}`}
                      x={cx + (change < 0 ? 8 : -8)}
                      y={cy + (change < 0 ? labelUp : -labelUp + 11)}
                    >
                      {change < 0 ? "− h" : "+ h"}
                    </text>
                  </g>
                );
              })}
              <text class="quiet middle halo" x={lens[0]} y={lens[1] + LENS + 15}>
                {t(`${magnification(scale)} times closer`, `${magnification(scale)} 倍に拡大`)}
              </text>
            </>
          )}
          {isMoved && (
            <>
              <circle class="open" cx={x(asked.weight)} cy={y(asked.loss)} r={5.5} />
              <text
                class={`strong halo loss ${isRight ? "end" : ""}`}
                x={here[0] + (isRight ? -9 : 9)}
                y={here[1] - 9}
              >
                {digits(loss)}
              </text>
            </>
          )}
          <circle class="solid" cx={here[0]} cy={here[1]} r={5.5} />
        </svg>
        <input
          type="range"
          class="handle"
          aria-label={t("this weight", "この重み")}
          aria-valuetext={t(`${name}, loss ${digits(loss)}`, `${name}、損失 ${digits(loss)}`)}
          min={from}
          max={to}
          step={(to - from) / 1000}
          value={weight}
          onInput={(event) => onMove(event.currentTarget.valueAsNumber)}
          onDblClick={() => onMove(undefined)}
          onKeyDown={({ key }) => {
            if (key === "Escape") onMove(undefined);
          }}
        />
      </div>
      <div class="check">
        <label for="why-h">{t("step h", "幅 h")}</label>
        <input
          id="why-h"
          type="range"
          min={Math.log10(MIN_H)}
          max={Math.log10(MAX_H)}
          step={0.05}
          value={Math.log10(h)}
          aria-valuetext={`${h}`}
          onInput={({ currentTarget: { valueAsNumber: power } }) =>
            setDragged(Number((10 ** power).toPrecision(2)))}
          onChange={() => {
            onH(h);
            setDragged(undefined);
          }}
        />
        <output>{h < 1e-4 ? h.toExponential().replace("-", "−") : h}</output>
      </div>
      <dl class="proof">
        <dt>{t("measured with ± h", "± h で測った値")}{at}</dt>
        <dd>
          <Agreeing value={measured} count={agreed} />
        </dd>
        <dt>{t("by the chain rule", "連鎖律による値")}{at}</dt>
        <dd>
          <Agreeing value={slope} count={agreed} />
        </dd>
        <dd class="agrees">
          {agreed < 1
            ? t("✗ they do not agree", "✗ 一致しない")
            : measured === slope
            ? t("✓ they are equal", "✓ 等しい")
            : t(
              `${agreed > 2 ? "✓ " : ""}agrees in ${agreed} digit${agreed === 1 ? "" : "s"}`,
              `${agreed > 2 ? "✓ " : ""}${agreed} 桁一致`,
            )}
        </dd>
      </dl>
    </section>
  );
}

/** A number of ten digits, the first of them in bold. */
function Agreeing({ value, count }: { readonly value: number; readonly count: number }) {
  const [same, others] = firstDigits(value, count);
  return (
    <>
      <b>{same}</b>
      {others}
    </>
  );
}

function magnification(scale: number): string {
  return scale < 10 ? scale.toPrecision(2) : Math.round(Number(scale.toPrecision(2))).toString();
}

/** The curve, its scales, and where the lens is not in its way. */
function curveOf({ step, asked: { weight, loss, images } }: Shown) {
  const { input, sum } = images.reduce((a, b) => b.input > a.input ? b : a);
  // so far that the sigmoid is seen from end to end
  const reach = input === 0 ? 6 : Math.min((Math.abs(sum) + 2.5) / input, MAX_REACH);
  const from = weight - reach, to = weight + reach;
  const x = linear([from, to], [LEFT, RIGHT]);
  const losses = range(POINTS + 1).map((i) => {
    const at = from + (to - from) * i / POINTS;
    return [x(at), weightPath(step, { weight: at }).loss] as const;
  });
  const low = Math.min(...losses.map(([, E]) => E)), high = Math.max(...losses.map(([, E]) => E));
  const margin = Math.max((high - low) * 0.12, loss * 0.02, 1e-9);
  const y = linear([Math.max(0, low - margin), high + margin], [BOTTOM, TOP]);
  const corners = [[RIGHT - 56, 54], [LEFT + 56, 54], [RIGHT - 56, 112], [LEFT + 56, 112]] as const;
  const room = ([cx, cy]: readonly [number, number]) =>
    Math.min(...losses.map(([px, E]) => Math.hypot(px - cx, y(E) - cy)));
  const lens = corners.reduce((a, b) => room(b) > room(a) + 1 ? b : a);
  const points = `M${losses.map(([px, E]) => `${px.toFixed(1)} ${y(E).toFixed(2)}`).join("L")}`;
  return { from, to, x, y, points, lens };
}
