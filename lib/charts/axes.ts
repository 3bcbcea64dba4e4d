// Axes of the charts: scales, ticks and their labels.
// @ts-types="npm:@types/d3-scale@4.0.9"
import { scaleLinear, scaleLog } from "d3-scale";
import { paint } from "./chart_style.ts";
import { type Markup, markup } from "./html.ts";

/** Where the axes of a panel are, in pixels. */
export const LEFT = 60, RIGHT = 400, TOP = 26, BOTTOM = 206;

/** Distance of the first and the last epoch from the ends of the axis. */
const INSET = 8;

/** The smallest value on a logarithmic axis. */
const MIN_ON_LOG = 1e-300;

/** The position of a value in pixels, and the ticks; one with an empty label is a line only. */
export interface Axis {
  readonly scale: (value: number) => number;
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
}

/** Width of a digit of a label, and the least distance of labels, in pixels. */
const DIGIT = 7.3, GAP = 5;

/** The height that a label takes on a logarithmic axis: closer lines of the grid are a mesh. */
const LINE = 18;

/** The axis of the epochs from `first` to `last`. */
export function epochAxis(first: number, last: number, log: boolean): Axis {
  // a single epoch is in the middle
  const domain = first === last ? [first - 0.5, first + 0.5] : [first, last];
  const range = [LEFT + INSET, RIGHT - INSET], count = last - first + 1;
  const candidates = log
    ? logTicks(scaleLog(domain, range), 4, ",d")
    : [count <= 12 ? count : 6, 5, 4, 3, 2].map((n) => ticks(scaleLinear(domain, range), n, ",d"));
  const whole = candidates.map((ticks) => ticks.filter(({ value }) => Number.isInteger(value)));
  const scale = (log ? scaleLog : scaleLinear)(domain, range);
  return { scale, ticks: firstThatFits(whole, (label) => DIGIT * label.length + GAP) };
}

/** The axis of the cross-entropies, at least one: from 0, or logarithmic. */
export function crossEntropyAxis(values: readonly number[], log: boolean): Axis {
  const max = values.reduce((a, b) => Math.max(a, b));
  if (!log) {
    const scale = scaleLinear([0, max || 1], [BOTTOM, TOP]).nice(6);
    return { scale, ticks: ticks(scale, 6, max < 1e5 ? undefined : "~g") };
  }
  // 0 and denormals, which D3 places inaccurately, are clamped to the lower edge
  const shown = values.filter((value) => value >= MIN_ON_LOG);
  const lowest = shown.length === 0 ? 1 : shown.reduce((a, b) => Math.min(a, b));
  const domain = [lowest / 1.2, Math.min(1.2 * Math.max(lowest, max), Number.MAX_VALUE)];
  const scale = scaleLog(domain, [BOTTOM, TOP]).clamp(true);
  return { scale, ticks: firstThatFits(logTicks(scale, 6, "~g"), () => LINE) };
}

/** The axis of the accuracies, at least one, in percent: up to 100 %. */
export function accuracyAxis(values: readonly number[]): Axis {
  const min = values.reduce((a, b) => Math.min(a, b));
  const scale = scaleLinear([Math.min(min, 99), 100], [BOTTOM, TOP]).nice(6);
  return { scale, ticks: ticks(scale, 6) };
}

type Tick = Axis["ticks"][number] & { readonly value: number };

type Scale = ReturnType<typeof scaleLinear<number>> | ReturnType<typeof scaleLog<number>>;

/** About `count` ticks, each with its label. */
function ticks(scale: Scale, count: number, format?: string): Tick[] {
  // of a logarithmic axis D3 labels every tick if it is asked for no fewer labels than ticks
  const label = scale.tickFormat("base" in scale ? Infinity : count, format);
  return scale.ticks(count).map((value) => ({
    value,
    at: pixels(scale(value)),
    label: label(value).replace("e+", "e"),
  }));
}

/** Digits whose ticks get labels on a logarithmic axis: of the choices, the first that fits. */
const LABELLED = ["123456789", "12345", "125", "1"];

/** The ticks of a logarithmic axis, with fewer labels in each choice. */
function logTicks(scale: Scale, count: number, format: string): Tick[][] {
  const all = ticks(scale, count, format);
  const isLabelled = ({ value }: Tick, digits: string) =>
    digits.includes(value.toExponential(0)[0]!);
  return LABELLED.map((digits) =>
    all.map((tick) => isLabelled(tick, digits) ? tick : { ...tick, label: "" })
  );
}

/** The first of several choices whose labels do not overlap. */
function firstThatFits(choices: readonly Tick[][], size: (label: string) => number): Tick[] {
  const fits = choices.find((ticks) => {
    const labelled = ticks.filter(({ label }) => label !== "");
    return labelled.slice(1).every(({ at, label }, i) => {
      const last = labelled[i]!;
      return Math.abs(at - last.at) >= (size(label) + size(last.label)) / 2;
    });
  });
  return fits ?? choices.at(-1)!;
}

export function drawAxes(x: Axis, y: Axis): Markup {
  const lines = y.ticks.map(({ at, label }) => label && `M${LEFT},${at}H${RIGHT}`);
  const ticks = x.ticks.map(({ at }) => `M${at},${BOTTOM}v5`);
  return markup`<path ${paint({ stroke: "grid" })} d="${lines.join("")}"/>
<path ${paint({ stroke: "faint" }, "axis")} d="M${LEFT},${BOTTOM}H${RIGHT}${ticks.join("")}"/>
<g ${paint({ fill: "faint" })} text-anchor="end">${
    y.ticks.map(({ at, label }) =>
      label && markup`<text x="${LEFT - 8}" y="${pixels(at + 4.5)}">${label}</text>`
    )
  }</g>
<g ${paint({ fill: "faint" })} text-anchor="middle">${
    x.ticks.map(({ at, label }) =>
      label && markup`<text x="${at}" y="${BOTTOM + 20}">${label}</text>`
    )
  }</g>`;
}

/** A position, rounded to what is visible. */
export function pixels(position: number): number {
  return Number(position.toFixed(1));
}
