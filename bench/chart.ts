/**
 * The chart of docs/performance.md: seconds per epoch, and other networks against NumPy.
 *
 * @module
 */

// @ts-types="npm:@types/d3-scale@4.0.9"
import { scaleLog } from "d3-scale";
import { type Markup, markup } from "../lib/charts/html.ts";
import { STEPS, timesAsFast } from "./comparisons.ts";
import type { Measurements, Row, Statistic } from "./measurements.ts";
import { REFERENCE, rowsOf } from "./programs.ts";
import { nameOf, SHAPES } from "./shapes.ts";

/** Sizes in pixels. */
const WIDTH = 720, LEFT = 300, RIGHT = WIDTH - 64, LINE = 22, HEAD = 54, FOOT = 34;

/** Colours of what is drawn, on white and on black paper. */
const COLOURS = {
  paper: ["#fff", "#16181b"],
  ink: ["#1c1c1c", "#ececec"],
  faint: ["#5f5f5f", "#a9a9a9"],
  grid: ["#e4e4e4", "#33363b"],
  first: ["#0067a5", "#6bb8f0"],
  second: ["#b84300", "#ff9d5c"],
} as const;

/** One line of a panel: a disc for the first figure, a square for the second. */
interface Line {
  readonly label: string;
  readonly first: Statistic;
  readonly second: Statistic | undefined;
}

interface Panel {
  readonly title: string;
  /** What the disc and the square are. */
  readonly legend: readonly [string, string];
  readonly unit: string;
  /** Whether 1 is a value to compare with. */
  readonly hasOne: boolean;
  readonly lines: readonly Line[];
}

/** The whole chart, as an SVG file. */
export function drawChart(measurements: Measurements): string {
  const panels = [epochs(measurements), networks(measurements)];
  const heights = panels.map(({ lines }) => HEAD + lines.length * LINE + FOOT);
  const height = heights.reduce((a, b) => a + b);
  const dark = Object.entries(COLOURS).map(([name, [, colour]]) =>
    `.${name}{fill:${colour}}.${name}-line{stroke:${colour}}`
  );
  // attributes first: not every program that shows SVG knows style sheets
  return `${markup`<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="title" \
width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" \
font-family="system-ui, sans-serif" font-size="13">
<title id="title">${panels.map(({ title }) => title).join("; ")}</title>
<style>@media screen and (prefers-color-scheme: dark){${dark.join("")}}</style>
<rect ${fill("paper")} width="${WIDTH}" height="${height}"/>
${
    panels.map((panel, i) =>
      markup`<g transform="translate(0 ${i === 0 ? 0 : heights[0]!})">
${drawPanel(panel)}</g>
`
    )
  }</svg>`}\n`;
}

function epochs(measurements: Measurements): Panel {
  const { processors } = measurements.machine, busy = rowsOf("busy", processors);
  const seconds = (row: Row) => measurements.of(row, ({ seconds }) => seconds * STEPS);
  const rows = rowsOf("quiet", processors).filter(({ program }) => program !== REFERENCE);
  return {
    title: "Seconds per epoch, median and range",
    legend: ["quiet machine", "busy machine: another process on each processor"],
    unit: "seconds, logarithmic",
    hasOne: false,
    lines: rows.map((row) => ({
      label: `${row.program.replaceAll("`", "")}, ${plural(row.threads, "thread")}`,
      first: seconds(row),
      second:
        busy.some(({ program, threads }) => program === row.program && threads === row.threads)
          ? seconds({ ...row, part: "busy" })
          : undefined,
    })),
  };
}

function networks(measurements: Measurements): Panel {
  return {
    title: "Other networks and data: times as fast as NumPy with one product per batch",
    legend: ["all threads, NumPy with its better number", "one thread each"],
    unit: "times as fast, logarithmic",
    hasOne: true,
    lines: SHAPES.map((shape) => ({
      label: nameOf(shape),
      first: timesAsFast(measurements, shape, "all"),
      second: timesAsFast(measurements, shape, "one"),
    })),
  };
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function drawPanel({ title, legend, unit, hasOne, lines }: Panel): Markup {
  const all = lines.flatMap(({ first, second }) => second ? [first, second] : [first]);
  const values = [...all.flatMap(({ min, max }) => [min, max]), ...hasOne ? [1] : []];
  const least = Math.min(...values) / 1.1, greatest = Math.max(...values) * 1.1;
  const x = scaleLog([least, greatest], [LEFT, RIGHT]), bottom = HEAD + lines.length * LINE;
  const at = (value: number) => Number(x(value).toFixed(1));
  const digits = greatest / least > 1000 ? [1] : [1, 2, 5];
  const ticks = x.ticks().filter((tick) => digits.includes(Number(tick.toExponential()[0])));
  const grid = ticks.map((tick) => `M${at(tick)},${HEAD - 6}V${bottom}`).join("");
  const one = hasOne && markup`<path ${stroke("faint")} d="M${at(1)},${HEAD - 6}V${bottom}"/>
`;
  return markup`<text x="8" y="20" font-size="14" font-weight="600" ${fill("ink")}>${title}</text>
<circle cx="14" cy="37" r="4.5" ${fill("first")}/>
<text x="24" y="41" ${fill("faint")}>${legend[0]}</text>
<rect x="314" y="33" width="8" height="8" ${fill("second")}/>
<text x="327" y="41" ${fill("faint")}>${legend[1]}</text>
<path ${stroke("grid")} d="${grid}"/>
${one || undefined}${
    ticks.map((tick) =>
      markup`<text x="${at(tick)}" y="${bottom + 15}" text-anchor="middle" ${
        fill("faint")
      }>${tick}</text>
`
    )
  }<text x="8" y="${bottom + 15}" ${fill("faint")}>${unit}</text>
${lines.map((line, i) => drawLine(line, HEAD + i * LINE + 6, at))}`;
}

function drawLine(
  { label, first, second }: Line,
  y: number,
  at: (value: number) => number,
): Markup {
  const range = ({ min, max }: Statistic, y: number, name: "first" | "second") =>
    markup`<path stroke-width="2" ${stroke(name)} d="M${at(min)},${y}H${at(max)}"/>
`;
  return markup`<text x="8" y="${y + 4.5}" ${fill("ink")}>${label}</text>
<text x="${WIDTH - 8}" y="${y + 4.5}" text-anchor="end" ${fill("first")}>${
    first.median.toFixed(2)
  }</text>
${range(first, y - 3, "first")}<circle cx="${at(first.median)}" cy="${y - 3}" r="4.5" ${
    fill("first")
  }/>
${
    second &&
    markup`${range(second, y + 5, "second")}<rect x="${
      Number((at(second.median) - 4).toFixed(1))
    }" y="${y + 1}" width="8" height="8" ${fill("second")}/>
`
  }`;
}

function fill(name: keyof typeof COLOURS): Markup {
  return markup`class="${name}" fill="${COLOURS[name][0]}"`;
}

function stroke(name: keyof typeof COLOURS): Markup {
  return markup`class="${name}-line" stroke="${COLOURS[name][0]}" fill="none"`;
}
