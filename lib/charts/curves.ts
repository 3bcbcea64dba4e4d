/**
 * Learning curves as SVG: cross-entropy and accuracy over the epochs, the report's figures 1 to 4.
 *
 * @module
 */

// @ts-types="npm:@types/d3-scale@4.0.9"
import { scaleLinear, scaleLog } from "d3-scale";
// @ts-types="npm:@types/d3-shape@3.2.0"
import { area, line } from "d3-shape";
import type { EpochResult, Quality } from "../storage/history.ts";
import { significantDigits } from "../text/significant_digits.ts";
import { Markup, markup } from "./html.ts";
import { downsample, type Mark } from "./downsample.ts";

/** Options of the curves. */
export interface CurvesOptions {
  /** Whether the axis of the cross-entropy is logarithmic. */
  readonly log?: boolean | undefined;
  /** Whether the axis of the epochs is logarithmic. */
  readonly logEpochs?: boolean | undefined;
}

/** The measure that a panel shows. */
export type Measure = keyof Quality;

/** Sizes in pixels; small enough that the text stays legible when a phone shrinks the chart. */
const WIDTH = 480, HEIGHT = 290;
const LEFT = 58, RIGHT = WIDTH - 20, TOP = 52, BOTTOM = HEIGHT - 46;

/** Points in a column of this many pixels are drawn as one. */
const COLUMN_WIDTH = 1;

/** The smallest value on a logarithmic axis. */
const MIN_ON_LOG = 1e-300;

/** The most points of a curve at which each gets a dot. */
const MAX_DOTS = 40;

/** The series in the legend's order; the name is also a class of the style sheet. */
const SERIES = [
  { name: "running", legend: "train, during epoch" },
  { name: "train", legend: "train, after epoch" },
  { name: "test", legend: "test, after epoch" },
] as const;

const PANELS: Readonly<Record<Measure, { title: string; factor: number }>> = {
  crossEntropy: { title: "Cross-entropy (nats)", factor: 1 },
  accuracy: { title: "Accuracy (%)", factor: 100 },
};

/** Style sheet of the charts, for light and dark; a page with charts includes it once. */
export const CURVES_STYLE: Markup = new Markup(`
.curves { color-scheme: light dark; --background: #fff; --text: #1c1c1c; --faint: #5f5f5f; --grid: #e4e4e4;
  --running: #0067a5; --train: #00784f; --test: #b84300; }
@media screen and (prefers-color-scheme: dark) { .curves { --background: #16181b; --text: #ececec; --faint: #a9a9a9;
  --grid: #33363b; --running: #6bb8f0; --train: #45c497; --test: #ff9d5c; } }
.curves text { font: 13px system-ui, sans-serif; fill: var(--faint); }
.curves .title { font-weight: 600; font-size: 14px; fill: var(--text); }
.curves .background { fill: var(--background); }
.curves .grid { stroke: var(--grid); fill: none; }
.curves .axis { stroke: var(--faint); fill: none; }
.curves .line { fill: none; stroke-width: 1.6; stroke-linejoin: round; stroke-linecap: round; }
.curves .band { opacity: .4; stroke: var(--hue); stroke-linejoin: round; }
.curves .running { --hue: var(--running); } .curves .train { --hue: var(--train); }
.curves .test { --hue: var(--test); }
.curves .line { stroke: var(--hue); }
.curves .band, .curves .dot, .curves text .running, .curves text .train, .curves text .test
  { fill: var(--hue); }
`);

/**
 * Both panels, one above the other, as an SVG file.
 *
 * @param rows at least one
 */
export function drawCurves(rows: readonly EpochResult[], options: CurvesOptions = {}): string {
  const [first, second] = (["crossEntropy", "accuracy"] as const)
    .map((measure) => drawPanel(rows, measure, options));
  const epochs = rows.length === 1 ? "1 epoch" : `${rows.length} epochs`;
  return `${markup`<svg xmlns="http://www.w3.org/2000/svg" class="curves" role="img" \
aria-labelledby="title desc" width="${WIDTH}" height="${2 * HEIGHT}" viewBox="0 0 ${WIDTH} ${
    2 * HEIGHT
  }">
<title id="title">Cross-entropy and accuracy over ${epochs}</title>
<desc id="desc">${describe(rows, "crossEntropy")} ${describe(rows, "accuracy")}</desc>
<metadata>sanso plot</metadata>
<style>${CURVES_STYLE}</style>
<rect class="background" width="100%" height="100%"/>
${first}
<g transform="translate(0 ${HEIGHT})">
${second}
</g>
</svg>`}\n`;
}

/**
 * One panel as an SVG element for a page that has {@linkcode CURVES_STYLE}.
 *
 * @param rows at least one
 */
export function drawCurve(
  rows: readonly EpochResult[],
  measure: Measure,
  options: CurvesOptions = {},
): Markup {
  return markup`<svg class="curves" role="img" aria-label="${describe(rows, measure)}" \
viewBox="0 0 ${WIDTH} ${HEIGHT}">
${drawPanel(rows, measure, options)}
</svg>`;
}

/** A value of a series. */
interface Value {
  readonly epoch: number;
  readonly value: number;
}

function valuesOf(
  rows: readonly EpochResult[],
  series: typeof SERIES[number]["name"],
  measure: Measure,
): Value[] {
  const { factor } = PANELS[measure];
  return rows.flatMap(({ epoch, [series]: quality }) =>
    quality ? [{ epoch, value: factor * quality[measure] }] : []
  );
}

/** The curves as text: the first and last value of each. */
function describe(rows: readonly EpochResult[], measure: Measure): string {
  const { title } = PANELS[measure];
  const series = SERIES.flatMap(({ name, legend }) => {
    const values = valuesOf(rows, name, measure);
    const first = values[0], last = values.at(-1);
    if (!first || !last) return [];
    const from = first === last
      ? ""
      : `${significantDigits(first.value, 4)} in epoch ${first.epoch}, `;
    return [`${legend}: ${from}${significantDigits(last.value, 4)} in epoch ${last.epoch}`];
  });
  return `${title}: ${series.join("; ")}.`;
}

function drawPanel(
  rows: readonly EpochResult[],
  measure: Measure,
  { log = false, logEpochs = false }: CurvesOptions,
): Markup {
  const logValues = log && measure === "crossEntropy";
  const series = SERIES
    .map((one) => ({ ...one, values: valuesOf(rows, one.name, measure) }))
    .filter(({ values }) => values.length > 0);
  const values = series.flatMap(({ values }) => values.map(({ value }) => value));
  const x = epochAxis(rows.length, logEpochs), y = valueAxis(measure, values, logValues);
  const curves = series.map(({ name, values }) => {
    const points = values.map(({ epoch, value }) => ({ x: x.scale(epoch), y: y.scale(value) }));
    return { name, marks: downsample(points, COLUMN_WIDTH) };
  });
  const marks = curves.reduce((sum, { marks }) => sum + marks.length, 0);
  const notes = [
    logEpochs ? ", logarithmic" : "",
    marks < values.length ? " (line: mean, band: range of several epochs)" : "",
  ];
  return markup`<text class="title" x="8" y="20">${PANELS[measure].title}${
    logValues ? ", logarithmic" : ""
  }</text>
${legend(series)}
${drawAxes(x, y)}
<text text-anchor="middle" x="${(LEFT + RIGHT) / 2}" y="${HEIGHT - 8}">epoch${notes}</text>
${curves.map(({ name, marks }) => drawBand(name, marks))}${
    curves.map(({ name, marks }) => drawLine(name, marks))
  }`;
}

function legend(series: readonly { readonly name: string; readonly legend: string }[]): Markup {
  const entries = series.map(({ name, legend }, i) =>
    markup`<tspan class="${name}" dx="${i === 0 ? 0 : 14}">— ${legend}</tspan>`
  );
  return markup`<text class="legend" x="8" y="40">${entries}</text>`;
}

function drawAxes(x: Axis, y: Axis): Markup {
  const lines = y.ticks.map(({ at, label }) => label && `M${LEFT},${at}H${RIGHT}`);
  const ticks = x.ticks.map(({ at }) => `M${at},${BOTTOM}v5`);
  return markup`<path class="grid" d="${lines.join("")}"/>
<path class="axis" d="M${LEFT},${BOTTOM}H${RIGHT}${ticks.join("")}"/>
<g text-anchor="end">${
    y.ticks.map(({ at, label }) =>
      label && markup`<text x="${LEFT - 8}" y="${pixels(at + 4.5)}">${label}</text>`
    )
  }</g>
<g text-anchor="middle">${
    x.ticks.map(({ at, label }) =>
      label && markup`<text x="${at}" y="${BOTTOM + 20}">${label}</text>`
    )
  }</g>`;
}

function drawLine(name: string, marks: readonly Mark[]): Markup {
  const path = line<Mark>(({ x }) => x, ({ y }) => y).digits(1);
  const dots = marks.length > MAX_DOTS ? [] : marks;
  return markup`<path class="line ${name}" d="${path([...marks]) ?? ""}"/>
${
    dots.map(({ x, y }) =>
      markup`<circle class="dot ${name}" cx="${pixels(x)}" cy="${pixels(y)}" r="2.6"/>
`
    )
  }`;
}

/** The range of the points behind each mark; nothing if each mark is a single point. */
function drawBand(name: string, marks: readonly Mark[]): Markup | undefined {
  if (marks.every(({ min, max }) => min === max)) return undefined;
  const band = area<Mark>(({ x }) => x, ({ min }) => min, ({ max }) => max).digits(1);
  return markup`<path class="band ${name}" d="${band([...marks]) ?? ""}"/>
`;
}

/** The scale of an axis and its ticks; a tick with an empty label is a line only. */
interface Axis {
  readonly scale: (value: number) => number;
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
}

function epochAxis(count: number, log: boolean): Axis {
  const domain = count === 1 ? [0.5, 1.5] : [1, count]; // a single epoch is in the middle
  const scale = (log ? scaleLog() : scaleLinear()).domain(domain).range([LEFT + 8, RIGHT - 8]);
  return axis(scale, log ? 4 : count <= 12 ? count : 6, ",d", Number.isInteger);
}

function valueAxis(measure: Measure, values: readonly number[], log: boolean): Axis {
  const min = values.reduce((a, b) => Math.min(a, b));
  const max = values.reduce((a, b) => Math.max(a, b));
  if (log) {
    // 0 and denormals, which D3 places inaccurately, are clamped to the lower edge
    const shown = values.filter((value) => value >= MIN_ON_LOG);
    const lowest = shown.length === 0 ? 1 : shown.reduce((a, b) => Math.min(a, b));
    const domain = [lowest / 1.2, Math.max(lowest, max) * 1.2];
    return axis(scaleLog(domain, [BOTTOM, TOP]).clamp(true), 6, "~g");
  }
  const domain = measure === "crossEntropy" ? [0, max || 1] : [Math.min(min, 99), 100];
  return axis(scaleLinear(domain, [BOTTOM, TOP]).nice(6), 6, max < 1e5 ? undefined : ".2e");
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
    .map((value) => ({ at: pixels(scale(value)), label: label(value) }));
  return { scale: scale, ticks };
}

function pixels(position: number): number {
  return Number(position.toFixed(1));
}
