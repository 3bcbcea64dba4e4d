/**
 * Draws a history: cross-entropy and accuracy over the epochs, the report's figures 1 to 4, as SVG.
 *
 * @module
 */

// @ts-types="npm:@types/d3-scale@4.0.9"
import { scaleLinear, scaleLog } from "d3-scale";
// @ts-types="npm:@types/d3-shape@3.2.0"
import { area, line } from "d3-shape";
import type { HistoryRow, Quality } from "../storage/history.ts";
import { Markup, markup } from "./html.ts";
import { type Mark, thin } from "./downsample.ts";

/** How to draw. */
export interface CurvesOptions {
  /** A logarithmic axis for the cross-entropy. */
  readonly log?: boolean | undefined;
  /** A logarithmic axis for the epochs. */
  readonly logEpochs?: boolean | undefined;
}

/** Which curves a panel shows. */
export type Measure = keyof Quality;

/** Sizes in pixels; small enough that the words can still be read when a telephone shrinks the picture. */
const WIDTH = 480, HEIGHT = 290;
const LEFT = 58, RIGHT = WIDTH - 20, TOP = 52, BOTTOM = HEIGHT - 46;

/** Points nearer to each other than this, in pixels, are drawn as one. */
const STEP = 1;

/** The least number that a logarithmic axis shows. */
const LEAST_ON_LOG = 1e-300;

/** Where a curve has no more points than this, each gets a dot. */
const MOST_DOTS = 40;

/** Who is measured and when; the order is the legend's, the name the class in the style. */
const SERIES = [
  { name: "running", legend: "train, while learning" },
  { name: "train", legend: "train, after epoch" },
  { name: "test", legend: "test, after epoch" },
] as const;

const PANELS: Readonly<Record<Measure, { title: string; words: string; factor: number }>> = {
  crossEntropy: { title: "Cross-entropy (nats)", words: "cross-entropy", factor: 1 },
  accuracy: { title: "Accuracy (%)", words: "accuracy", factor: 100 },
};

/** How the pictures look, in light and in dark; a page that holds them needs it once. */
export const CURVES_STYLE: Markup = new Markup(`
.curves { color-scheme: light dark; --paper: #fff; --ink: #1c1c1c; --faint: #5f5f5f; --grid: #e4e4e4;
  --running: #0067a5; --train: #00784f; --test: #b84300; }
@media screen and (prefers-color-scheme: dark) { .curves { --paper: #16181b; --ink: #ececec; --faint: #a9a9a9;
  --grid: #33363b; --running: #6bb8f0; --train: #45c497; --test: #ff9d5c; } }
.curves text { font: 13px system-ui, sans-serif; fill: var(--faint); }
.curves .title { font-weight: 600; font-size: 14px; fill: var(--ink); }
.curves .paper { fill: var(--paper); }
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
export function drawCurves(rows: readonly HistoryRow[], options: CurvesOptions = {}): string {
  const [first, second] = (["crossEntropy", "accuracy"] as const)
    .map((measure) => drawPanel(rows, measure, options));
  const epochs = rows.length === 1 ? "1 epoch" : `${rows.length} epochs`;
  return `${markup`<svg xmlns="http://www.w3.org/2000/svg" class="curves" role="img" \
aria-labelledby="title desc" width="${WIDTH}" height="${2 * HEIGHT}" viewBox="0 0 ${WIDTH} ${
    2 * HEIGHT
  }">
<title id="title">Cross-entropy and accuracy over ${epochs}</title>
<desc id="desc">${describe(rows, "crossEntropy")} ${describe(rows, "accuracy")}</desc>
<style>${CURVES_STYLE}</style>
<rect class="paper" width="100%" height="100%"/>
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
  rows: readonly HistoryRow[],
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
  rows: readonly HistoryRow[],
  series: typeof SERIES[number]["name"],
  measure: Measure,
): Value[] {
  const { factor } = PANELS[measure];
  return rows.flatMap(({ epoch, [series]: quality }) =>
    quality ? [{ epoch, value: factor * quality[measure] }] : []
  );
}

/** The curves in words: where each begins and ends. */
function describe(rows: readonly HistoryRow[], measure: Measure): string {
  const { title } = PANELS[measure];
  const told = SERIES.flatMap(({ name, legend }) => {
    const values = valuesOf(rows, name, measure);
    const first = values[0], last = values.at(-1);
    if (!first || !last) return [];
    const from = first === last ? "" : `${show(first.value)} in epoch ${first.epoch}, `;
    return [`${legend}: ${from}${show(last.value)} in epoch ${last.epoch}`];
  });
  return `${title}: ${told.join("; ")}.`;
}

function show(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function drawPanel(
  rows: readonly HistoryRow[],
  measure: Measure,
  { log = false, logEpochs = false }: CurvesOptions,
): Markup {
  const vertical = log && measure === "crossEntropy";
  const series = SERIES
    .map((one) => ({ ...one, values: valuesOf(rows, one.name, measure) }))
    .filter(({ values }) => values.length > 0);
  const values = series.flatMap(({ values }) => values.map(({ value }) => value));
  const x = epochAxis(rows.length, logEpochs), y = valueAxis(measure, values, vertical);
  const curves = series.map(({ name, values }) => {
    const points = values.map(({ epoch, value }) => ({ x: x.place(epoch), y: y.place(value) }));
    return { name, marks: thin(points, STEP) };
  });
  const marks = curves.reduce((sum, { marks }) => sum + marks.length, 0);
  const notes = [
    logEpochs ? ", logarithmic" : "",
    marks < values.length ? " (line: mean of several, band: their range)" : "",
  ];
  return markup`<text class="title" x="8" y="20">${PANELS[measure].title}${
    vertical ? ", logarithmic" : ""
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
  const dots = marks.length > MOST_DOTS ? [] : marks;
  return markup`<path class="line ${name}" d="${path([...marks]) ?? ""}"/>
${
    dots.map(({ x, y }) =>
      markup`<circle class="dot ${name}" cx="${pixels(x)}" cy="${pixels(y)}" r="2.6"/>
`
    )
  }`;
}

/** The range of the points that each mark stands for; nothing where each stands for one. */
function drawBand(name: string, marks: readonly Mark[]): Markup | undefined {
  if (marks.every(({ least, greatest }) => least === greatest)) return undefined;
  const band = area<Mark>(({ x }) => x, ({ least }) => least, ({ greatest }) => greatest).digits(1);
  return markup`<path class="band ${name}" d="${band([...marks]) ?? ""}"/>
`;
}

/** Where values stand, in pixels, and which are marked; a tick without a label only has its line. */
interface Axis {
  readonly place: (value: number) => number;
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
}

function epochAxis(count: number, log: boolean): Axis {
  const domain = count === 1 ? [0.5, 1.5] : [1, count]; // a single epoch stands in the middle
  const scale = (log ? scaleLog() : scaleLinear()).domain(domain).range([LEFT + 8, RIGHT - 8]);
  return axis(scale, log ? 4 : count <= 12 ? count : 6, ",d", Number.isInteger);
}

function valueAxis(measure: Measure, values: readonly number[], log: boolean): Axis {
  const least = values.reduce((a, b) => Math.min(a, b));
  const greatest = values.reduce((a, b) => Math.max(a, b));
  if (log) {
    // a logarithmic axis has no place for 0, nor D3 an exact one for denormals: clamped, they stand on the lower edge
    const shown = values.filter((value) => value >= LEAST_ON_LOG);
    const lowest = shown.length === 0 ? 1 : shown.reduce((a, b) => Math.min(a, b));
    const domain = [lowest / 1.2, Math.max(lowest, greatest) * 1.2];
    return axis(scaleLog(domain, [BOTTOM, TOP]).clamp(true), 6, "~g");
  }
  const domain = measure === "crossEntropy" ? [0, greatest || 1] : [Math.min(least, 99), 100];
  return axis(scaleLinear(domain, [BOTTOM, TOP]).nice(6), 6, greatest < 1e5 ? undefined : ".2e");
}

type Scale = ReturnType<typeof scaleLinear<number>> | ReturnType<typeof scaleLog<number>>;

/** An axis of about `count` ticks where `shows` allows them. */
function axis(
  scale: Scale,
  count: number,
  format: string | undefined,
  shows: (value: number) => boolean = () => true,
): Axis {
  const label = scale.tickFormat(count, format);
  const ticks = scale.ticks(count).filter(shows)
    .map((value) => ({ at: pixels(scale(value)), label: label(value) }));
  return { place: scale, ticks };
}

function pixels(position: number): number {
  return Number(position.toFixed(1));
}
