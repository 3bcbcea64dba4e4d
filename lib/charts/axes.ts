/**
 * Axes of the charts: scales, ticks and their labels.
 *
 * @module
 */

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

/** The scale of an axis and its ticks; a tick with an empty label is a line only. */
export interface Axis {
  /** The position of a value, in pixels. */
  readonly scale: (value: number) => number;
  /** The ticks. */
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
}

/** The axis of the epochs from `first` to `last`. */
export function epochAxis(first: number, last: number, log: boolean): Axis {
  // a single epoch is in the middle
  const domain = first === last ? [first - 0.5, first + 0.5] : [first, last];
  const scale = (log ? scaleLog() : scaleLinear()).domain(domain)
    .range([LEFT + INSET, RIGHT - INSET]);
  const count = last - first + 1;
  return axis(scale, log ? 4 : count <= 12 ? count : 6, ",d", Number.isInteger);
}

/**
 * The axis of the cross-entropies: from 0, or logarithmic.
 *
 * @param values at least one
 */
export function crossEntropyAxis(values: readonly number[], log: boolean): Axis {
  const max = values.reduce((a, b) => Math.max(a, b));
  if (!log) {
    const scale = scaleLinear([0, max || 1], [BOTTOM, TOP]).nice(6);
    return axis(scale, 6, max < 1e5 ? undefined : "~g");
  }
  // 0 and denormals, which D3 places inaccurately, are clamped to the lower edge
  const shown = values.filter((value) => value >= MIN_ON_LOG);
  const lowest = shown.length === 0 ? 1 : shown.reduce((a, b) => Math.min(a, b));
  const domain = [lowest / 1.2, Math.min(1.2 * Math.max(lowest, max), Number.MAX_VALUE)];
  return axis(scaleLog(domain, [BOTTOM, TOP]).clamp(true), 4, "~g");
}

/**
 * The axis of the accuracies, up to 100 %.
 *
 * @param values at least one, in percent
 */
export function accuracyAxis(values: readonly number[]): Axis {
  const min = values.reduce((a, b) => Math.min(a, b));
  return axis(scaleLinear([Math.min(min, 99), 100], [BOTTOM, TOP]).nice(6), 6, undefined);
}

type Scale = ReturnType<typeof scaleLinear<number>> | ReturnType<typeof scaleLog<number>>;

/** An axis of about `count` ticks, of those that `filter` accepts. */
function axis(
  scale: Scale,
  count: number,
  format: string | undefined,
  filter: (value: number) => boolean = () => true,
): Axis {
  const label = scale.tickFormat(count, format);
  const ticks = scale.ticks(count).filter(filter)
    .map((value) => ({ at: pixels(scale(value)), label: label(value).replace("e+", "e") }));
  return { scale: scale, ticks };
}

/** Both axes with their ticks, and the lines of the grid. */
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
