// The path of the weight as a picture: pixel, unit, classes, loss; forward, and back over the same
// lines.
import type { JSX } from "preact";
import { range } from "../../explain/explained_step.ts";
import { leadingClasses } from "../../explain/weight_path.ts";
import { clamp } from "../../math/clamp.ts";
import { t } from "../texts.ts";
import { digits, fixed, type Shown, sign } from "./words.ts";

type Point = readonly [x: number, y: number];
type Curve = readonly [Point, Point, Point, Point];

/** Where everything is. A telephone has the classes below the unit, their bars hanging down. */
interface Geometry {
  readonly name: "desk" | "tablet" | "phone";
  /** The windows that it is for. */
  readonly media: string;
  readonly width: number;
  readonly height: number;
  readonly image: { readonly y: number; readonly size: number };
  readonly unit: { readonly x: number; readonly y: number; readonly r: number };
  /** The units' grid: its left, top and width. */
  readonly grid: readonly [x: number, y: number, width: number];
  /** Across the classes, and along their bars: where nodes are, where bars begin, how long. */
  readonly node: number;
  readonly bar: number;
  readonly length: number;
  /** The right end of "P − target", and the middle of the loss. */
  readonly error: number;
  readonly loss: number;
}

const DESK: Geometry = {
  ...{
    name: "desk",
    media: "(min-width: 80rem)",
    width: 880,
    height: 342,
    image: { y: 71, size: 168 },
  },
  ...{ unit: { x: 290, y: 158, r: 46 }, grid: [255, 254, 72] },
  ...{ node: 492, bar: 516, length: 92, error: 772, loss: 836 },
};
const TABLET: Geometry = {
  ...{
    ...DESK,
    name: "tablet",
    media: "(min-width: 48rem) and (max-width: 79.99rem)",
    width: 736,
    image: { y: 86, size: 140 },
  },
  ...{ unit: { x: 238, y: 158, r: 42 }, grid: [203, 254, 72] },
  ...{ node: 400, bar: 424, length: 70, error: 652, loss: 700 },
};
const PHONE: Geometry = {
  ...{
    name: "phone",
    media: "(max-width: 47.99rem)",
    width: 358,
    height: 404,
    image: { y: 22, size: 140 },
  },
  ...{ unit: { x: 214, y: 94, r: 36 }, grid: [286, 24, 72] },
  ...{ node: 262, bar: 280, length: 72, error: 0, loss: 0 },
};

/** The geometries, of which a style shows one. */
export const GEOMETRIES: readonly Geometry[] = [DESK, TABLET, PHONE];

/** The most classes that are shown. */
const MAX_CLASSES = 10;

/** Levels of ink. */
const LEVELS = 16;

export interface StageProps {
  readonly shown: Shown;
  /** The time: 0 to 4 at the five stops, from -0.5 on. */
  readonly time: number;
  readonly cut: string | undefined;
  readonly onPixel: (pixel: number) => void;
  readonly onUnit: (unit: number) => void;
  readonly onTarget: (label: number) => void;
}

/** How far a part of the time has gone, from 0 to 1. */
export function part(time: number, from: number, to: number): number {
  return clamp((time - from) / (to - from), 0, 1);
}

/** The classes that are shown: all, or the right one and those with most to say. */
function shownClasses({ image: { classes }, right }: Shown): number[] {
  const weight = (k: number) =>
    k === right ? Infinity : classes[k]!.probability + Math.abs(classes[k]!.message);
  return range(classes.length).sort((a, b) => weight(b) - weight(a)).slice(0, MAX_CLASSES)
    .sort((a, b) => a - b);
}

/** The path in one geometry. */
export function Stage(
  { geometry, ...props }: StageProps & { readonly geometry: Geometry },
): JSX.Element {
  const { shown, time, cut, onPixel, onUnit, onTarget } = props;
  const { step, image, right, guess, path } = shown;
  const { M, D, B } = step.focus, isPhone = geometry.name === "phone";
  const { unit, node, bar, length, error: errorX, loss: lossX } = geometry;
  const forward = (from: number, to: number) => part(time, -0.5 + from / 2, -0.5 + to / 2);
  const gap = part(time, 0.1, 0.9),
    updated = part(time, 3, 4),
    back = (from: number, to: number) => part(time, 1 + from, 1 + to);
  const classes = shownClasses(shown), { leading } = leadingClasses(image, 2);
  const most = Math.max(...image.classes.map(({ message }) => Math.abs(message)));

  const along = (i: number) =>
    isPhone ? 17 + i * 36 : unit.y + (i - (classes.length - 1) / 2) * 27.5;
  const at = (i: number, x: number): Point => isPhone ? [along(i), x] : [x, along(i)];
  const places = bands(classes.map((k) => image.classes[k]!.weight), unit.r);
  const lines = classes.map((k, i) => {
    const { offset, width } = places[i]!, depth = Math.sqrt(unit.r ** 2 - offset ** 2);
    const curve: Curve = isPhone
      ? [
        [unit.x + offset, unit.y + depth],
        [unit.x + offset, unit.y + depth + 66],
        [along(i), node - 70],
        [along(i), node - 12],
      ]
      : [
        [unit.x + depth, unit.y + offset],
        [unit.x + depth + 56, unit.y + offset],
        [node - 92, along(i)],
        [node - 12, along(i)],
      ];
    return { k, i, width, curve, ...image.classes[k]! };
  });

  const { width: columns, height: rows } = step.data.size;
  const cell = geometry.image.size / Math.max(columns, rows), top = geometry.image.y;
  const pixel: Point = [(D % columns + 0.5) * cell, top + (Math.floor(D / columns) + 0.5) * cell];
  const wire: Curve = [
    pixel,
    [Math.max(geometry.image.size, pixel[0] + 30), pixel[1]],
    [unit.x - unit.r - 40, unit.y],
    [unit.x - unit.r, unit.y],
  ];
  const middle = (geometry.image.size + unit.x - unit.r) / 2, half = Math.max(cell * 0.75, 4.5);
  const slope = image.output * (1 - image.output);
  return (
    <svg
      class={`path ${geometry.name}`}
      viewBox={`0 0 ${geometry.width} ${geometry.height}`}
      role="img"
      aria-label={t(
        `The path of the weight: pixel ${D}, unit ${M}, ${step.sizes.K} classes, loss`,
        `重みの経路。画素 ${D}、ユニット ${M}、${step.sizes.K} クラス、損失`,
      )}
    >
      <Labels {...{ geometry, shown, gap }} />
      <rect
        class="frame-line"
        x={-0.5}
        y={top - 0.5}
        width={columns * cell + 1}
        height={rows * cell + 1}
      />
      <Cells
        {...{ columns, rows, cell }}
        corner={[0, top]}
        ink={Array.from(step.data.image(step.batchIndices.values[B]!).pixels, (byte) => byte / 255)}
        onCell={onPixel}
      />
      <path class="halo-line" d={draw(wire)} />
      <path class={`band ${sign(path.weight)}`} d={draw(wire)} stroke-width={2.5} />
      <Back curve={wire} value={image.passed} width={2.5} progress={back(0.65, 0.95)} />
      {time < 0 && <circle class="dot" {...circle(pointOf(wire, forward(0, 0.35)), 4)} />}
      <rect class="ring-back" {...square(pixel, half)} />
      <rect class={cut === "pixel" ? "ring is-cut" : "ring"} {...square(pixel, half)} />
      {lines.map(({ k, curve, width, weight }) => (
        <path key={k} class={`band ${sign(weight)}`} d={draw(curve)} stroke-width={width} />
      ))}
      {time < 0 &&
        lines.map(({ k, curve }) => (
          <circle
            key={k}
            class="dot"
            {...circle(pointOf(curve, forward(0.5, 0.85)), 3)}
            opacity={forward(0.45, 0.5)}
          />
        ))}
      {lines.map(({ k, curve, message, width }) =>
        Math.abs(message) > most / 100 && (
          <Back
            key={k}
            curve={curve}
            value={message}
            width={clamp(width * Math.abs(image.classes[k]!.error * step.sizes.B), 1.5, 9)}
            progress={back(0, 0.45)}
          />
        )
      )}
      <Unit {...{ geometry, shown, cut, lit: forward(0.35, 0.45) }} />
      <Units {...{ geometry, shown, onUnit }} />
      <g class="layer" opacity={back(0.4, 0.5)}>
        {lines.filter(({ k }) => leading.includes(k)).map(({ k, curve, message }, place) => {
          const [x, y] = pointOf(curve, isPhone ? 0.62 : 0.8), isFirst = place === 0;
          const [dx, dy] = isPhone ? (isFirst ? [12, 0] : [-8, 14]) : [0, isFirst ? -9 : 18];
          return (
            <text
              key={k}
              class={`halo strong ${sign(message)} ${isPhone ? (isFirst ? "end" : "") : "middle"}`}
              x={x + dx}
              y={y + dy}
            >
              {message > 0 && "+"}
              {digits(message)}
            </text>
          );
        })}
        {isPhone
          ? (
            <text class={`strong ${sign(image.told)}`} x={unit.x + unit.r + 4} y={unit.y + unit.r}>
              = {digits(image.told)}
            </text>
          )
          : <Told {...{ geometry, shown }} />}
      </g>
      {!isPhone && (
        <>
          <g class="layer" opacity={back(0.9, 1)}>
            <text class={`halo strong middle ${sign(image.passed)}`} x={middle} y={unit.y - 10}>
              {digits(image.passed)}
            </text>
            <text class={`strong ${sign(image.product)}`} y={top + rows * cell + 44}>
              = {digits(image.product)}
            </text>
          </g>
          <text class="quiet middle halo" x={middle} y={unit.y + 20}>{t("weight", "重み")}</text>
          <text class="quiet middle halo" x={middle} y={unit.y + 38}>
            {fixed(updated > 0 ? step.values["W1'"].at(M, D) : path.weight)}
          </text>
        </>
      )}
      <text y={top + rows * cell + (isPhone ? 20 : 22)}>
        <tspan class="strong">× {digits(image.input)}</tspan>
        <tspan class="quiet" dx={6}>
          {isPhone ? t("ink", "濃さ") : t(`ink of pixel ${D}`, `画素 ${D} の濃さ`)}
        </tspan>
      </text>
      {!isPhone && (
        <path
          class="scale-line"
          d={[bar, bar + length].map((x) =>
            `M${x + 0.5} ${along(0) - 12}V${along(classes.length - 1) + 12}`
          ).join("")}
        />
      )}
      {lines.map(({ k, i, probability, target, error }) => {
        const isRight = k === right, isBig = isRight || k === guess, scaled = error * step.sizes.B;
        const grown = probability * length * forward(0.85, 1), [x, y] = at(i, node);
        const [barX, barY] = at(i, bar), end = at(i, bar + length), from = at(i, bar + grown);
        const aim = isRight ? at(i, bar + length - 9) : at(i, bar);
        return (
          <g key={k}>
            <rect
              class="bar"
              x={isPhone ? barX - 6 : barX}
              y={isPhone ? barY : barY - 6}
              width={isPhone ? 12 : grown}
              height={isPhone ? grown : 12}
            />
            <g class="clickable" onClick={() => onTarget(k)}>
              <rect class="hit" {...square([x, y], isPhone ? 18 : 13)} />
              <circle class={isRight ? "node right" : "node"} cx={x} cy={y} r={isRight ? 12 : 11} />
              <text class={`middle ${isBig ? "strong" : "quiet"}`} x={x} y={y + 5}>{k}</text>
            </g>
            {isRight
              ? (
                <>
                  <circle class="goal" {...circle(end, 8.5)} />
                  <path class="mark" d={`M${end[0] - 4} ${end[1]}l3 3.5 5-6.5`} />
                </>
              )
              : k === guess && (
                <path class="mark" d={`M${end[0] - 4} ${end[1] - 4}l8 8m0-8l-8 8`} />
              )}
            {Math.abs(scaled) > 0.02 && gap > 0 && (
              <Back
                curve={[aim, aim, from, from]}
                value={scaled}
                width={3}
                progress={gap}
                isStraight
              />
            )}
            {!isPhone && (
              <ErrorText
                {...{ probability, target, scaled, gap, isBig, known: forward(0.9, 1) }}
                x={errorX}
                y={along(i) + 5}
                isCut={cut === "target" && isRight || cut === "others" && !isRight}
              />
            )}
          </g>
        );
      })}
      {isPhone
        ? (
          <>
            <g class="layer" opacity={gap}>
              {[...new Set([right, guess])].map((k) => {
                const i = classes.indexOf(k), error = image.classes[k]!.error * step.sizes.B;
                const isLeft = k === right && i > 1;
                return (
                  <text
                    key={k}
                    class={`strong halo ${isLeft ? "end" : ""} ${sign(error)}`}
                    x={along(i) + (isLeft ? -14 : 13)}
                    y={k === right ? bar + length + 5 : bar + 30}
                  >
                    {fixed(error, 3, true)}
                  </text>
                );
              })}
            </g>
            <text y={geometry.height - 10}>
              <tspan class="quiet">{t("loss", "損失")}</tspan>
              <tspan class="large" dx={6}>{fixed(image.loss)}</tspan>
              <tspan class="quiet" dx={6}>= −log {fixed(image.classes[right]!.probability)}</tspan>
            </text>
            <text class="quiet end" x={358} y={geometry.height - 10}>
              {guess === right
                ? t(`right ${right} ✓`, `正解 ${right} ✓`)
                : t(`said ${guess} ✗ · right ${right} ✓`, `答え ${guess} ✗ · 正解 ${right} ✓`)}
            </text>
          </>
        )
        : (
          <g opacity={Math.max(0.25, forward(0.95, 1))}>
            <text class="large middle" x={lossX} y={along(classes.indexOf(right)) + 9}>
              {fixed(image.loss)}
            </text>
            {updated === 0
              ? (
                <text class="quiet middle" x={lossX} y={along(classes.indexOf(right)) + 30}>
                  −log {fixed(image.classes[right]!.probability)}
                </text>
              )
              : (
                <text class="strong middle" x={lossX} y={along(classes.indexOf(right)) + 32}>
                  → {fixed(image.loss + updated * (step.after.L.data[B]! - image.loss))}
                </text>
              )}
          </g>
        )}
    </svg>
  );
}

/** The names of the parts. */
function Labels(
  { geometry: { name, unit, node, error, loss, width }, shown: { step }, gap }: {
    readonly geometry: Geometry;
    readonly shown: Shown;
    readonly gap: number;
  },
): JSX.Element {
  const { M, K } = step.sizes, at = step.focus.M;
  if (name === "phone") {
    return (
      <>
        <text class="quiet" y={12}>{t("image", "画像")}</text>
        <text class="quiet middle" x={unit.x} y={12}>{t(`unit ${at}`, `ユニット ${at}`)}</text>
        <text class="quiet end" x={width} y={12}>{t(`of ${M}`, `全 ${M} 個`)}</text>
      </>
    );
  }
  return (
    <>
      <text class="quiet" y={14}>{t("image", "画像")}</text>
      <text class="quiet middle" x={unit.x} y={14}>
        {t(`hidden unit ${at}, one of ${M}`, `隠れ層のユニット ${at}（全 ${M} 個）`)}
      </text>
      <text class="quiet" x={node - 12} y={14}>
        {K > MAX_CLASSES
          ? t(`${MAX_CLASSES} of ${K} classes, P`, `${K} クラス中 ${MAX_CLASSES}、確率 P`)
          : name === "tablet"
          ? t(`${K} classes, P`, `${K} クラス、確率 P`)
          : t(`${K} classes, probability P`, `${K} クラスの確率 P`)}
      </text>
      <text class="quiet end" x={error} y={14}>
        {gap > 0.5 ? t("P − target", "P − 目標") : "P"}
      </text>
      <text class="quiet middle" x={loss} y={14}>{t("loss", "損失")}</text>
    </>
  );
}

/** The unit: its sigmoid with point and tangent; below it the slope, on a gauge to 1/4. */
function Unit({ geometry: { name, unit: { x, y, r } }, shown: { image }, cut, lit }: {
  readonly geometry: Geometry;
  readonly shown: Shown;
  readonly cut: string | undefined;
  readonly lit: number;
}): JSX.Element {
  const { sum, output } = image, slope = output * (1 - output), scale = r * 0.8, long = 1.7;
  const X = (a: number) => x + clamp(a, -5.5, 5.5) / 5 * scale;
  const Y = (v: number) => y + scale * (0.5 - v) * 1.15;
  const line = range(41).map((i) => i / 4 - 5)
    .map((a) => `${X(a).toFixed(1)} ${Y(1 / (1 + Math.exp(-a))).toFixed(1)}`).join("L");
  const isCut = cut === "slope" || cut === "y" || cut === "1-y", isPhone = name === "phone";
  const gauge = y + r + 30, point = clamp(sum, -5.5, 5.5);
  return (
    <>
      <circle class={isCut ? "unit is-cut" : "unit"} cx={x} cy={y} r={r} />
      <path class="sigmoid" d={`M${line}`} />
      <g opacity={lit}>
        <path
          class="tangent"
          d={`M${X(point - long)} ${Y(output - long * slope)}L${X(point + long)} ${
            Y(output + long * slope)
          }`}
        />
        <circle class="solid" cx={X(point)} cy={Y(output)} r={4} />
      </g>
      <text class="middle" x={x} y={isPhone ? 44 : y + r + 20}>
        <tspan class={isCut ? "strong struck" : "strong"}>× {digits(slope)}</tspan>
        {!isPhone && <tspan class="quiet" dx={6}>{t("slope", "傾き")}</tspan>}
      </text>
      {!isPhone && (
        <>
          <rect class="gauge" x={x - 40} y={gauge} width={80} height={6} rx={3} />
          <rect class="solid" x={x - 40} y={gauge} width={320 * slope} height={6} rx={3} />
          <text class="quiet end" x={x - 46} y={gauge + 8}>0</text>
          <text class="quiet" x={x + 46} y={gauge + 8}>¼</text>
        </>
      )}
    </>
  );
}

/** All hidden units as a grid of their outputs, this one ringed. */
function Units({ geometry: { grid: [x, y, width] }, shown: { step, image }, onUnit }: {
  readonly geometry: Geometry;
  readonly shown: Shown;
  readonly onUnit: (unit: number) => void;
}): JSX.Element {
  const { values: { Y1 }, sizes, focus: { M, B } } = step;
  const columns = Math.ceil(Math.sqrt(0.8 * sizes.M)), rows = Math.ceil(sizes.M / columns);
  const cell = Math.min(width / columns, 9);
  const ink = range(sizes.M).map((m) => 0.06 + 0.6 * (m === M ? image.output : Y1.at(m, B)));
  const at: Point = [x + (M % columns) * cell, y + Math.floor(M / columns) * cell];
  return (
    <>
      <Cells
        {...{ columns, rows, cell, ink }}
        corner={[x, y]}
        gap={cell > 4 ? 2 : 0}
        onCell={(m) => onUnit(Math.min(m, sizes.M - 1))}
      />
      <rect class="chosen" x={at[0] - 2} y={at[1] - 2} width={cell + 2} height={cell + 2} rx={2} />
    </>
  );
}

/** Cells of ink from 0 to 1, row by row; a cell is chosen by the pointer. */
function Cells({ ink, columns, rows, cell, corner: [x, y], gap = 0, onCell }: {
  readonly ink: readonly number[];
  readonly columns: number;
  readonly rows: number;
  readonly cell: number;
  readonly corner: Point;
  readonly gap?: number;
  readonly onCell: (cell: number) => void;
}): JSX.Element {
  const paths = Array.from({ length: LEVELS + 1 }, () => ""), size = cell - gap;
  ink.forEach((value, i) => {
    paths[Math.round(value * LEVELS)] += `M${x + i % columns * cell} ${
      y + Math.floor(i / columns) * cell
    }h${size}v${size}h${-size}z`;
  });
  return (
    <g class="cells">
      {paths.map((d, level) => level > 0 && <path key={level} d={d} opacity={level / LEVELS} />)}
      <rect
        class="hit clickable"
        {...{ x, y }}
        width={columns * cell}
        height={rows * cell}
        onPointerDown={(event) => onCell(cellAt(event, columns, rows))}
        onPointerMove={(event) => {
          if (event.buttons === 1) onCell(cellAt(event, columns, rows));
        }}
      />
    </g>
  );
}

/** The largest messages and the rest, above the unit. */
function Told({ geometry: { unit }, shown: { image } }: {
  readonly geometry: Geometry;
  readonly shown: Shown;
}): JSX.Element {
  const { leading, rest } = leadingClasses(image, 2);
  const terms = [...leading.map((k) => image.classes[k]!.message), rest]
    .filter((value) => Math.abs(value) >= 0.0005);
  const y = unit.y - unit.r;
  return (
    <>
      <text class="middle" x={unit.x} y={y - 36}>
        {terms.map((value, i) => (
          <tspan key={i} class={sign(value)} dx={i === 0 ? 0 : 4}>
            {i === 0 ? fixed(value) : `${value < 0 ? "−" : "+"} ${fixed(Math.abs(value))}`}
          </tspan>
        ))}
      </text>
      <text class={`strong middle ${sign(image.told)}`} x={unit.x} y={y - 14}>
        = {digits(image.told)}
      </text>
    </>
  );
}

/** P, which becomes P − target. */
function ErrorText({ probability, target, scaled, gap, isBig, known, isCut, x, y }: {
  readonly probability: number;
  readonly target: number;
  readonly scaled: number;
  readonly gap: number;
  readonly isBig: boolean;
  readonly known: number;
  readonly isCut: boolean;
  readonly x: number;
  readonly y: number;
}): JSX.Element {
  if (gap <= 0.5) {
    return (
      <text class={`end ${isBig ? "strong" : "quiet"}`} {...{ x, y }} opacity={known}>
        {fixed(probability)}
      </text>
    );
  }
  const isNamed = Math.abs(scaled) > 0.01, value = fixed(scaled, 3, true);
  return (
    <text class={`end ${isNamed ? "" : "quiet"} ${isCut ? "struck" : ""}`} {...{ x, y }}>
      {isNamed && `${fixed(probability)} − ${target} = `}
      <tspan class={isNamed ? `strong ${sign(scaled)}` : ""}>{value}</tspan>
    </text>
  );
}

/** What flows back along a line, from its end to its start, with an arrow at its tip. */
function Back({ curve, value, width, progress, isStraight = false }: {
  readonly curve: Curve;
  readonly value: number;
  readonly width: number;
  readonly progress: number;
  readonly isStraight?: boolean;
}): JSX.Element | null {
  if (progress === 0 || value === 0) return null;
  const [tip, tail] = curve, far = Math.hypot(curve[3][0] - tip[0], curve[3][1] - tip[1]);
  const size = Math.min(isStraight ? 11 : 10, far), end = pointOf(curve, 1 - progress);
  const ahead = pointOf(curve, Math.max(0, 1 - progress - 0.02));
  const [[fromX, fromY], [toX, toY]] = progress === 1 && !isStraight ? [tail, tip] : [end, ahead];
  const angle = isStraight
    ? Math.atan2(tip[1] - curve[3][1], tip[0] - curve[3][0])
    : Math.atan2(toY - fromY, toX - fromX);
  const degrees = angle * 180 / Math.PI;
  const long = 1 - Math.min(0.9, size / 2 / far);
  return (
    <g class={`back ${sign(value)}`}>
      <path
        d={draw([curve[3], curve[2], curve[1], curve[0]])}
        pathLength={1}
        stroke-dasharray={`${progress * long} 2`}
        stroke-width={width}
      />
      <path
        class="tip"
        d={`M0 0L${-size} ${-size * 0.55}V${size * 0.55}Z`}
        transform={`translate(${end[0]} ${end[1]}) rotate(${degrees})`}
      />
    </g>
  );
}

/** Lines leave the unit side by side, their widths the weights. */
function bands(weights: readonly number[], r: number): { width: number; offset: number }[] {
  const gap = weights.length > 5 ? 2 : 4, sizes = weights.map(Math.abs);
  const room = 1.45 * r - gap * (weights.length - 1), total = sizes.reduce((a, b) => a + b, 0) || 1;
  const widths = sizes.map((size) => clamp(size / total * room, 1, 14));
  const all = widths.reduce((a, b) => a + b + gap, -gap);
  let from = -all / 2;
  return widths.map((width) => {
    const offset = from + width / 2;
    from += width + gap;
    return { width, offset };
  });
}

function pointOf([a, b, c, d]: Curve, t: number): Point {
  const u = 1 - t;
  const mix = (i: 0 | 1) =>
    u * u * u * a[i] + 3 * u * u * t * b[i] + 3 * u * t * t * c[i] + t * t * t * d[i];
  return [mix(0), mix(1)];
}

function draw([a, ...others]: Curve): string {
  const text = ([x, y]: Point) => `${x.toFixed(2)} ${y.toFixed(2)}`;
  return `M${text(a)}C${others.map(text).join(" ")}`;
}

function circle([cx, cy]: Point, r: number) {
  return { cx, cy, r };
}

function square([x, y]: Point, half: number) {
  return { x: x - half, y: y - half, width: 2 * half, height: 2 * half };
}

/** The cell of a grid under the pointer. */
function cellAt(event: PointerEvent, columns: number, rows: number): number {
  const box = (event.currentTarget as Element).getBoundingClientRect();
  const place = (at: number, from: number, size: number, count: number) =>
    clamp(Math.floor((at - from) / size * count), 0, count - 1);
  return place(event.clientY, box.top, box.height, rows) * columns +
    place(event.clientX, box.left, box.width, columns);
}
