// Learning curves as SVG: cross-entropy and accuracy over the epochs.
import type { Point } from "../drawing/pen.ts";
import type { EpochResult, Quality } from "../storage/history.ts";
import { groupBy, type Language, t, wrap } from "../text/layout.ts";
import { significantDigits } from "../text/numbers.ts";
import { settingsIn } from "../training/settings.ts";
import {
  accuracyAxis,
  BOTTOM,
  crossEntropyAxis,
  drawAxes,
  epochAxis,
  LEFT,
  pixels,
  RIGHT,
} from "./axes.ts";
import { CHART_ROOT, CHART_STYLE, type Colour, paint } from "./chart_style.ts";
import { Markup, markup } from "./html.ts";
import { epochsWords, type Measure, MEASURES, type RunSettings, thousands } from "./words.ts";

/** Options of the curves. */
export interface CurvesOptions {
  /** Whether the axes of the cross-entropy and of the epochs are logarithmic. */
  readonly log?: boolean | undefined;
  readonly logEpochs?: boolean | undefined;
  /** The first and the last epoch of the axis, by default those of the curves. */
  readonly epochs?: readonly [first: number, last: number] | undefined;
  /** Whether a panel has a legend, as by default; below another with the same it needs none. */
  readonly legend?: boolean | undefined;
  readonly lang?: Language | undefined;
  readonly settings?: RunSettings | undefined;
}

/** Width in pixels, so small that the text stays legible when a phone shrinks the chart. */
export const WIDTH = 420;

/** Where text begins, in pixels. */
const MARGIN = 8;

/** The most points of a curve at which each gets a dot; more would hide the dashes. */
const MAX_DOTS = 12;

/** A curve: its name in the legend, its line, and the figures of at least one epoch, ascending. */
export interface Series {
  readonly label: string;
  readonly colour: Colour;
  readonly dashes?: string | undefined;
  readonly points: readonly { readonly epoch: number; readonly quality: Quality }[];
}

/** Dashes of what is evaluated on test images: dashes tell curves apart in grey. */
export const TEST_DASHES = "6 3";

/** The series of a run, as its history names them. */
const SERIES = [
  ["running", t("train, during epoch", "訓練（エポック中）"), undefined],
  ["train", t("train, after epoch", "訓練（エポック後）"), "1.5 3"],
  ["test", t("test, after epoch", "テスト（エポック後）"), TEST_DASHES],
] as const;

export function seriesOf(rows: readonly EpochResult[], lang: Language): Series[] {
  return SERIES.map(([name, words, dashes]) => ({
    label: words[lang],
    colour: name,
    dashes,
    points: rows.flatMap(({ epoch, [name]: quality }) => quality ? [{ epoch, quality }] : []),
  })).filter(({ points }) => points.length > 0);
}

/** Size of an entry of the legend, of which there are two in a row; width of the line in it. */
const LEGEND_WIDTH = 200, LEGEND_HEIGHT = 18, SAMPLE_WIDTH = 26;

/** Columns of a line in small print: as wide as the chart. */
const SMALL_COLUMNS = 74;

/** Part of a chart, as wide as the chart, with the origin in its upper left corner. */
export interface Block {
  readonly height: number;
  readonly content: Markup;
}

/** Both panels, one above the other, as an SVG file; of at least one epoch. */
export function drawCurvesFile(rows: readonly EpochResult[], options: CurvesOptions = {}): string {
  const { lang = "en" } = options, series = seriesOf(rows, lang);
  const measures = ["crossEntropy", "accuracy"] as const;
  const [first, last] = [rows[0]!, rows.at(-1)!].map(({ epoch }) => thousands(epoch));
  const epochs = first === last ? first : `${first}–${last}`;
  const title = t(
    `Cross-entropy and accuracy (${first === last ? "epoch" : "epochs"} ${epochs})`,
    `クロスエントロピー誤差と正解率（エポック ${epochs}）`,
  )[lang];
  return drawFile({
    title,
    description: measures.map((measure) => describe(series, measure, lang)).join(" "),
    lang,
    blocks: [
      {
        height: 26,
        content: markup`<text ${paint({ fill: "text" })} font-size="14" font-weight="bold" \
x="${MARGIN}" y="20">${title}</text>`,
      },
      ...drawSettings(options),
      drawLegend(series),
      ...measures.map((measure) => drawPanel(series, measure, options)),
    ],
  });
}

/** One panel with series of one or more runs, as an SVG element for a page with `CHART_STYLE`. */
export function drawSeries(
  series: readonly Series[],
  measure: Measure,
  options: CurvesOptions = {},
): Markup {
  const { lang = "en", legend = true } = options;
  const { height, content } = stack([
    ...(legend ? [drawLegend(series)] : []),
    drawPanel(series, measure, options),
  ]);
  const label = describe(series, measure, lang);
  return markup`<svg ${CHART_ROOT} lang="${lang}" aria-label="${label}" \
viewBox="0 0 ${WIDTH} ${height}">
${content}
</svg>`;
}

/** An SVG file of blocks one above the other, on paper of its own. */
export function drawFile({ title, description, lang, blocks }: {
  readonly title: string;
  readonly description: string;
  readonly lang: Language;
  readonly blocks: readonly Block[];
}): string {
  const { height, content } = stack(blocks);
  return `${markup`<svg xmlns="http://www.w3.org/2000/svg" ${CHART_ROOT} lang="${lang}" \
xml:lang="${lang}" aria-labelledby="title desc" width="${WIDTH}" height="${height}" \
viewBox="0 0 ${WIDTH} ${height}">
<title id="title">${title}</title>
<desc id="desc">${description}</desc>
<metadata>sanso plot</metadata>
<style>${CHART_STYLE}</style>
<rect ${paint({ fill: "paper" })} width="100%" height="100%"/>
${content}
</svg>`}\n`;
}

function stack(blocks: readonly Block[]): Block {
  let height = 0;
  const content = blocks.map((block) => {
    const at = height;
    height += block.height;
    return markup`<g transform="translate(0 ${at})">\n${block.content}\n</g>\n`;
  });
  return { height, content: markup`${content}` };
}

/** The settings of the run in small print, if any is known. */
export function drawSettings({ settings = {}, lang = "en" }: CurvesOptions): Block[] {
  const { network, epochs, ...others } = settings;
  const words = [
    network?.join("-"),
    ...settingsIn(others).map(([{ words }, value]) => `${words[lang]} ${value}`),
    epochs && epochsWords(epochs, lang),
  ].filter((part) => part);
  return words.length === 0 ? [] : [drawSmallPrint(words.join(t(", ", "、")[lang]))];
}

export function drawSmallPrint(text: string): Block {
  const lines = wrap(text, 0, SMALL_COLUMNS).split("\n").map((line, i) =>
    markup`<text x="${MARGIN}" y="${12 + 15 * i}">${line}</text>`
  );
  return {
    height: 15 * lines.length + 3,
    content: markup`<g ${paint({ fill: "faint" })} font-size="11">${lines}</g>`,
  };
}

/** The names of some series, each with a piece of its line. */
export function drawLegend(series: readonly Series[]): Block {
  const entries = series.map(({ label, colour, dashes, points }, i) => {
    const x = MARGIN + (i % 2) * LEGEND_WIDTH, y = 14 + Math.floor(i / 2) * LEGEND_HEIGHT;
    const line = `M${x},${y}h${SAMPLE_WIDTH}`;
    return markup`${drawStroke(colour, dashes, line)}${
      points.length > MAX_DOTS ? undefined : drawDot(colour, x + SAMPLE_WIDTH / 2, y)
    }<text ${paint({ fill: "text" })} font-size="12" x="${x + SAMPLE_WIDTH + 6}" y="${
      y + 4
    }">${label}</text>
`;
  });
  const height = 10 + LEGEND_HEIGHT * Math.ceil(entries.length / 2);
  return { height, content: markup`${entries}` };
}

/** The values of a series, in the unit of the measure: accuracies are in percent. */
function valuesOf({ points }: Series, measure: Measure): { epoch: number; value: number }[] {
  const factor = measure === "accuracy" ? 100 : 1;
  return points.map(({ epoch, quality }) => ({ epoch, value: factor * quality[measure] }));
}

/** The curves as text: the first and last value of each. */
export function describe(series: readonly Series[], measure: Measure, lang: Language): string {
  const words = series.map((one) => {
    const values = valuesOf(one, measure), first = values[0]!, last = values.at(-1)!;
    const ends = (first === last ? [last] : [first, last])
      .map(({ value, epoch }) => {
        const digits = significantDigits(value, 4);
        return t(`${digits} in epoch ${epoch}`, `エポック ${epoch} で ${digits}`)[lang];
      });
    return `${one.label}: ${ends.join(t(", ", "、")[lang])}`;
  });
  return `${MEASURES[measure][lang]}: ${words.join("; ")}${t(".", "。")[lang]}`;
}

/** The curves of one measure on their axes, with values to compare them with. */
export function drawPanel(
  series: readonly Series[],
  measure: Measure,
  { log = false, logEpochs = false, epochs: range, lang = "en" }: CurvesOptions,
  references: readonly { readonly value: number; readonly label: string }[] = [],
): Block {
  const logValues = log && measure === "crossEntropy";
  const all = series.map((one) => valuesOf(one, measure)), values = all.flat();
  const shown = [...values, ...references].map(({ value }) => value);
  const first = values.reduce((min, { epoch }) => Math.min(min, epoch), Infinity);
  const last = values.reduce((max, { epoch }) => Math.max(max, epoch), 0);
  const x = epochAxis(...range ?? [first, last], logEpochs);
  const y = measure === "crossEntropy" ? crossEntropyAxis(shown, logValues) : accuracyAxis(shown);
  const lines = series.map(({ colour, dashes }, i) => {
    const points = all[i]!.map(({ epoch, value }) => ({ x: x.scale(epoch), y: y.scale(value) }));
    return drawLine(colour, dashes, points);
  });
  const logarithmic = t(", logarithmic", "、対数目盛")[lang];
  return {
    height: BOTTOM + 46,
    content: markup`<text ${paint({ fill: "text" })} font-weight="bold" x="${MARGIN}" y="14">${
      MEASURES[measure][lang]
    }${logValues ? logarithmic : ""}</text>
${drawAxes(x, y)}
<text ${paint({ fill: "faint" })} font-size="12" text-anchor="middle" x="${
      (LEFT + RIGHT) / 2
    }" y="${BOTTOM + 38}">${t("epoch", "エポック")[lang]}${logEpochs ? logarithmic : ""}</text>
${references.map(({ value, label }) => drawReference(y.scale(value), label))}${lines}`,
  };
}

/** A horizontal line with what it stands for, below it where that fits. */
function drawReference(position: number, label: string): Markup {
  const at = pixels(position), below = at + 18 < BOTTOM;
  return markup`<path ${paint({ stroke: "faint" }, "reference")} d="M${LEFT},${at}H${RIGHT}"/>
<text ${paint({ fill: "text" })} font-size="11" x="${LEFT + 6}" y="${
    pixels(at + (below ? 12 : -4))
  }">${label}</text>
`;
}

function drawLine(colour: Colour, dashes: string | undefined, points: readonly Point[]): Markup {
  const path = `M${downsample(points).map(({ x, y }) => `${pixels(x)},${pixels(y)}`).join("L")}`;
  const dots = points.length > MAX_DOTS ? [] : points;
  return markup`${drawStroke(colour, dashes, path)}
${dots.map(({ x, y }) => markup`${drawDot(colour, x, y)}\n`)}`;
}

function drawStroke(colour: Colour, dashes: string | undefined, path: string): Markup {
  const dash = dashes === undefined ? undefined : new Markup(` stroke-dasharray="${dashes}"`);
  return markup`<path ${paint({ stroke: colour }, "line")} stroke-width="1.6" \
stroke-linejoin="round"${dash} d="${path}"/>`;
}

/** A dot; those of the test are hollow, so that black and white prints tell them apart. */
function drawDot(colour: Colour, x: number, y: number): Markup {
  const colours = { fill: colour === "test" ? "paper" : colour, stroke: colour } as const;
  return markup`<circle ${paint(colours, "dot")} cx="${pixels(x)}" cy="${pixels(y)}" r="2.6"/>`;
}

/**
 * The points that draw a line as all do: in each column of pixels the first, the last, the lowest
 * and the highest, so that 10,000 epochs are a line.
 */
function downsample(points: readonly Point[]): Point[] {
  const columns = groupBy(points, ({ x }) => `${Math.floor(x)}`);
  return [...columns.values()].flatMap((column) => {
    const ys = column.map(({ y }) => y);
    const kept = [0, ys.indexOf(Math.min(...ys)), ys.indexOf(Math.max(...ys)), ys.length - 1];
    return column.filter((_, i) => kept.includes(i));
  });
}
