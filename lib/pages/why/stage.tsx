/** @jsxImportSource preact */
// The path of the weight as a picture: pixel, unit, classes, loss; forward, and back over the same
// lines.
import type { ComponentChildren, TargetedPointerEvent } from "preact";
import { useLayoutEffect, useMemo, useState } from "preact/hooks";
import { range } from "../../explain/explained_step.ts";
import { leadingClasses } from "../../explain/weight_path.ts";
import { clamp } from "../../math/clamp.ts";
import { t } from "../texts.ts";
import { digits, fixed, type Shown, sign } from "./words.ts";

type Point = readonly [x: number, y: number];
/** A text, without opacity in full. */
type Label = readonly [kind: string, ...Point, words: ComponentChildren, opacity?: number];
type Curve = readonly [Point, Point, Point, Point];

// where everything is; the way leads to the right, on a telephone it turns down at the unit
const DESK = {
  ...{ isPhone: false, width: 880, height: 342, top: 71, size: 168 },
  ...{ unit: { x: 290, y: 158, r: 46 }, grid: [255, 254] as Point },
  ...{ told: [290, 98] as Point, slope: [290, 224] as Point },
  ...{ node: 492, bar: 516, length: 80, middle: 158, spacing: 27.5, error: 776, loss: 838 },
};
const PHONE: typeof DESK = {
  ...{ isPhone: true, width: 358, height: 428, top: 22, size: 140 },
  ...{ unit: { x: 214, y: 94, r: 36 }, grid: [286, 24], told: [254, 130], slope: [214, 44] },
  ...{ node: 262, bar: 280, length: 72, middle: 179, spacing: 36, error: 0, loss: 0 },
};

/** The most classes that are shown: all, or the right one and those with most to say. */
const MAX_CLASSES = 10;

/** How far a part of the time has gone, from 0 to 1. */
export function part(time: number, from: number, to: number): number {
  return clamp((time - from) / (to - from), 0, 1);
}

/** The path in the geometry that fits the window. */
export function Stage(shown: Shown) {
  const [geometry, choose] = useState(DESK);
  useLayoutEffect(() => {
    const update = () => choose(matchMedia("(min-width: 48rem)").matches ? DESK : PHONE);
    update();
    addEventListener("resize", update);
    return () => removeEventListener("resize", update);
  }, []);
  return <Path key={geometry.width} {...shown} geometry={geometry} />;
}

type PartProps = Shown & { readonly geometry: typeof DESK };

function Path(props: PartProps) {
  const { geometry, step, time, cut, path, image, whole, right, guess, leading, ask, aim } = props;
  const { isPhone, top, size, unit, node, bar, length, loss, width, height } = geometry;
  const { focus: { M, D, B }, sizes, data } = step;
  const forward = (from: number, to: number) => part(2 * time + 1, from, to);
  const back = (from: number, to: number) => part(time - 1, from, to);
  const gap = part(time, 0.1, 0.9), isGap = gap > 0.5;

  const { pixels, width: columns, height: rows } = data.image(step.batchIndices.values[B]!);
  const cell = size / Math.max(columns, rows), below = top + rows * cell, left = unit.x - unit.r;
  const onCell = (D: number) => ask({ D });
  const picture = useMemo(() => grid(pixels, columns, [0, top], cell, onCell), [step]);
  const pixel: Point = [(D % columns + 0.5) * cell, top + (Math.floor(D / columns) + 0.5) * cell];
  const turn = Math.max(size, pixel[0] + 30), ring = square(pixel, Math.max(cell * 0.75, 4.5));
  const wire: Curve = [pixel, [turn, pixel[1]], [left - 40, unit.y], [left, unit.y]];

  // a point so far along the way from unit to loss, and across it
  const at = (along: number, across: number): Point => isPhone ? [across, along] : [along, across];
  const [middle, centre] = at(unit.x, unit.y);
  const most = Math.max(...image.classes.map(({ message }) => Math.abs(message)));
  const all = new Set([right, guess, ...leadingClasses(whole, MAX_CLASSES)]);
  const chosen = [...all].slice(0, MAX_CLASSES).sort((a, b) => a - b);
  const room = chosen.map((k) => Math.abs(image.classes[k]!.weight));
  const scale = 1.5 * unit.r / (room.reduce((a, b) => a + b) || 1);
  // lines leave the unit side by side, their widths the weights
  let edge = -0.75 * unit.r;
  const lines = chosen.map((k, i) => {
    const wide = room[i]! * scale, offset = edge + wide / 2, width = clamp(wide - 2, 1, 14);
    edge += wide;
    const from = middle + Math.sqrt(unit.r ** 2 - offset ** 2);
    const across = geometry.middle + (i - (chosen.length - 1) / 2) * geometry.spacing;
    const start = at(from, centre + offset), end = at(node - 12, across), far = node - 12 - from;
    const bend = [at(from + 0.42 * far, centre + offset), at(from + 0.46 * far, across)] as const;
    return { k, across, width, curve: [start, ...bend, end] as Curve, ...image.classes[k]! };
  });
  const limit = (along: number) =>
    `M${at(along, lines[0]!.across - 12)}L${at(along, lines.at(-1)!.across + 12)}`;

  // what is not known yet is quiet or not there; a telephone has no room for labels named wide
  const told = back(0.4, 0.5), passed = back(0.9, 1), said = Math.max(0.25, forward(0.95, 1));
  const anchor = isPhone ? "" : "middle", between = (size + left) / 2;
  const lossY = isPhone ? height - 31 : lines.find(({ k }) => k === right)!.across + 9;
  const log = `−log ${fixed(image.classes[right]!.probability)}`;
  const unitName = t(`hidden unit ${M} of ${sizes.M}`, `ユニット ${M}（全 ${sizes.M} 個）`);
  const classNames = t(`${chosen.length} classes, P`, `${chosen.length} クラス、確率 P`);
  const passedKind = `wide halo strong middle ${sign(image.passed)}`;
  const labels: Label[] = [
    ["quiet", 0, 14, t("image", "画像")],
    ["quiet middle", unit.x, 14, unitName],
    ["quiet wide", node - 12, 14, classNames],
    ["quiet end wide", geometry.error, 14, isGap ? t("P − target", "P − 目標") : "P"],
    [`quiet ${anchor}`, loss, isPhone ? lossY - 24 : 14, t("loss", "損失")],
    [`large ${anchor}`, loss, lossY, fixed(image.loss), said],
    [`quiet ${anchor}`, loss, lossY + 21, log, said],
    ["quiet middle halo wide", between, unit.y + 20, t("weight", "重み")],
    ["quiet middle halo wide", between, unit.y + 38, fixed(path.weight)],
    [`strong ${sign(image.told)} ${anchor}`, ...geometry.told, `= ${digits(image.told)}`, told],
    [passedKind, between, unit.y - 10, digits(image.passed), passed],
    ["strong of-pixel", 0, below + 22, `× ${digits(image.input)} ${t("ink", "濃さ")}`],
    ["end neg", width, height - 28, t("blue: negative", "青: 負")],
    ["end pos", width, height - 10, t("orange: positive", "橙: 正")],
    [`strong wide ${sign(image.product)}`, 0, below + 44, `= ${digits(image.product)}`, passed],
  ];
  lines.filter(({ k }) => leading.includes(k)).forEach(({ curve, message }, i) => {
    const [x, y] = pointOf(curve, isPhone ? 0.62 : 0.8), by = i === 0 ? -1 : 1;
    const kind = `halo strong ${sign(message)} ${isPhone ? (by < 0 ? "end" : "") : "middle"}`;
    const words = `${message > 0 ? "+" : ""}${digits(message)}`;
    labels.push([kind, isPhone ? x + 6 * by : x, isPhone ? y : y + 4 + 13 * by, words, told]);
  });
  return (
    <svg
      class={isPhone ? "path phone" : "path"}
      data-cut={cut}
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={t("The path of the weight, in words below", "重みの経路。言葉では下に")}
    >
      <rect class="frame-line" y={top} width={columns * cell} height={rows * cell} />
      {picture}
      <path class="halo-line" d={draw(wire)} />
      <path class={`band ${sign(path.weight)}`} d={draw(wire)} stroke-width={2.5} />
      {arrow(wire, image.passed, 2.5, back(0.65, 0.95))}
      <rect class="ring-back" {...ring} />
      <rect class="ring of-pixel" {...ring} />
      <path class="frame-line" d={limit(bar) + limit(bar + length)} />
      {lines.map(({ k, curve, width, weight }) => (
        <path
          {...{ key: k, class: `band of-weight ${sign(weight)}`, d: draw(curve) }}
          stroke-width={width}
        />
      ))}
      {time < 0 && [wire, ...lines.map(({ curve }) => curve)].map((curve, i) => {
        const [cx, cy] = pointOf(curve, i === 0 ? forward(0, 0.35) : forward(0.5, 0.85));
        return <circle key={i} class="solid" {...{ cx, cy }} r={i > 0 && time < -0.27 ? 0 : 3.5} />;
      })}
      {lines.map(({ k, across, curve, width, probability, target, message, error }) => {
        const isRight = k === right, dA2 = error * sizes.B;
        const [x, y] = at(node, across), [endX, endY] = at(bar + length, across);
        const start = at(bar, across), tall = probability * length * forward(0.85, 1);
        const end = at(bar + tall, across), isBig = isRight || k === guess;
        const check = isRight ? "M-4 0l3 3.5 5-6.5" : "M-4-4l8 8m0-8l-8 8";
        const tip = isRight && cut !== "target" ? at(bar + length - 9, across) : start;
        const isNamed = isGap && Math.abs(whole.classes[k]!.error) * sizes.B > 0.01;
        const kind = isNamed ? `strong ${sign(dA2)}` : isBig ? "strong" : "quiet";
        return (
          <g key={k}>
            {Math.abs(message) > most / 100 &&
              arrow(curve, message, clamp(width * Math.abs(dA2), 1.5, 9), back(0, 0.45))}
            <path class="bar" d={`M${start}L${end}`} />
            <g class="clickable" onClick={() => aim(k)}>
              <rect class="hit" {...square([x, y], isPhone ? 18 : 13)} />
              <circle class={`node ${isRight ? "right" : ""}`} cx={x} cy={y} r={11.5} />
              <text class={`middle ${isBig ? "strong" : "quiet"}`} x={x} y={y + 5}>{k}</text>
            </g>
            {isRight && <circle class="goal" cx={endX} cy={endY} r={8.5} />}
            {isBig && <path class="mark" transform={`translate(${endX} ${endY})`} d={check} />}
            {Math.abs(dA2) > 0.02 && arrow([tip, tip, end, end], dA2, 3, gap)}
            {time >= -0.1 && (
              <text class={`wide end ${kind}`} x={geometry.error} y={across + 5}>
                {isNamed && (
                  <tspan class={`plain ${isRight ? "of-target" : "of-others"}`}>
                    {`${fixed(probability)} − ${target}`}
                  </tspan>
                )}
                {isNamed && " = "}
                {isGap ? fixed(dA2, 3, true) : fixed(probability)}
              </text>
            )}
          </g>
        );
      })}
      <Unit {...props} />
      {labels.map(([kind, x, y, words, opacity], i) => (
        <text key={i} class={kind} {...{ x, y, opacity }}>{words}</text>
      ))}
    </svg>
  );
}

/** The unit: its sigmoid with point and tangent, the slope on a gauge to 1/4, and all units. */
function Unit({ geometry, step, time, image, ask }: PartProps) {
  const { unit: { x, y, r }, grid: [left, top] } = geometry, { sum, output } = image;
  const { values: { Y1 }, sizes, focus: { M, B } } = step;
  const slope = output * (1 - output), at = clamp(sum, -5.5, 5.5);
  const X = (a: number) => x + a * r * 0.16, Y = (v: number) => y + r * (0.5 - v) * 0.92;
  const line = range(41).map((i) => i / 4 - 5).map((a) => [X(a), Y(1 / (1 + Math.exp(-a)))]);
  const tangent = [-1.7, 1.7].map((a) => [X(at + a), Y(output + a * slope)]);
  const columns = Math.ceil(Math.sqrt(0.8 * sizes.M)), cell = Math.min(72 / columns, 9);
  const others = useMemo(() => {
    const ink = range(sizes.M).map((m) => 15 + 150 * Y1.at(m, B));
    return grid(ink, columns, geometry.grid, cell, (M) => ask({ M }), 2);
  }, [step]);
  const middle = cell / 2 - 1, row = Math.floor(M / columns);
  const ring = [left + M % columns * cell + middle, top + row * cell + middle] as const;
  return (
    <>
      <circle class="unit of-slope" cx={x} cy={y} r={r} />
      <path class="sigmoid" d={`M${line.join("L")}`} />
      <g opacity={part(time, -0.33, -0.28)}>
        <path class="tangent" d={`M${tangent.join("L")}`} />
        <circle class="solid" cx={X(at)} cy={Y(output)} r={4} />
      </g>
      <text class="strong middle of-slope" x={geometry.slope[0]} y={geometry.slope[1]}>
        {`× ${digits(slope)} ${t("slope", "傾き")}`}
      </text>
      <g class="wide">
        <rect class="gauge" x={x - 40} y={y + r + 30} width={80} height={6} rx={3} />
        <rect class="solid" x={x - 40} y={y + r + 30} width={320 * slope} height={6} rx={3} />
        <text class="quiet end" x={x - 46} y={y + r + 38}>0</text>
        <text class="quiet" x={x + 46} y={y + r + 38}>¼</text>
      </g>
      {others}
      <rect class="ring" {...square(ring, cell / 2 + 1)} rx={2} />
    </>
  );
}

/** Cells of ink from 0 to 255, row by row; a cell is chosen by the pointer. */
function grid(
  ink: ArrayLike<number>,
  columns: number,
  [x, y]: Point,
  cell: number,
  onCell: (cell: number) => void,
  gap = 0,
) {
  const rows = Math.ceil(ink.length / columns), side = Math.max(cell - gap, cell / 2);
  const choose = ({ buttons, clientX, clientY, currentTarget }: TargetedPointerEvent<Element>) => {
    if (buttons !== 1) return;
    const { left, top, width, height } = currentTarget.getBoundingClientRect();
    const column = clamp(Math.floor((clientX - left) / width * columns), 0, columns - 1);
    const row = clamp(Math.floor((clientY - top) / height * rows), 0, rows - 1);
    onCell(Math.min(row * columns + column, ink.length - 1));
  };
  const cells = Array.from(ink, (byte, i) => {
    const place = { x: x + i % columns * cell, y: y + Math.floor(i / columns) * cell };
    return byte > 0 && <rect key={i} {...place} width={side} height={side} opacity={byte / 255} />;
  });
  const whole = { x, y, width: columns * cell, height: rows * cell };
  return (
    <>
      <g class="cells">{cells}</g>
      <rect class="hit clickable" {...whole} onPointerDown={choose} onPointerMove={choose} />
    </>
  );
}

/** What flows back along a line, from its end to its start, with an arrow at its tip. */
function arrow(curve: Curve, value: number, width: number, progress: number) {
  if (progress === 0 || value === 0) return null;
  const [a, b, c, d] = curve, far = Math.hypot(d[0] - a[0], d[1] - a[1]), size = Math.min(10, far);
  const end = pointOf(curve, 1 - progress), before = pointOf(curve, Math.min(1, 1.02 - progress));
  const degrees = Math.atan2(end[1] - before[1], end[0] - before[0]) * 180 / Math.PI;
  return (
    <g class={`back ${sign(value)}`}>
      <path
        {...{ d: draw([d, c, b, a]), pathLength: 1, "stroke-width": width }}
        stroke-dasharray={`${progress * (1 - Math.min(0.9, size / 2 / far))} 2`}
      />
      <path
        class="tip"
        d={`M0 0L${-size} ${-size * 0.55}V${size * 0.55}Z`}
        transform={`translate(${end}) rotate(${degrees})`}
      />
    </g>
  );
}

function pointOf([a, b, c, d]: Curve, t: number): Point {
  const u = 1 - t;
  const mix = (i: 0 | 1) =>
    u ** 3 * a[i] + 3 * u * u * t * b[i] + 3 * u * t * t * c[i] + t ** 3 * d[i];
  return [mix(0), mix(1)];
}

function draw([start, ...others]: Curve): string {
  return `M${start}C${others.join(" ")}`;
}

function square([x, y]: Point, half: number) {
  return { x: x - half, y: y - half, width: 2 * half, height: 2 * half };
}
