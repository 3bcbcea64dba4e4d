/**
 * Draws the figures of docs/reproduction.md: `deno task figures`.
 *
 * figure1.svg to figure4.svg are the report's figures, as `plot --figures` draws them; figures 3
 * and 4 have the first thirty epochs and every hundredth, as the history of all epochs is too large
 * to keep. seeds.svg shows the report's first five losses within those of twenty seeds.
 *
 * @module
 */

// @ts-types="npm:@types/d3-scale@4.0.9"
import { scaleLinear } from "d3-scale";
import runs from "../../fixtures/runs.json" with { type: "json" };
import { pixels } from "../../lib/charts/axes.ts";
import { CHART_ROOT, CHART_STYLE, paint } from "../../lib/charts/chart_style.ts";
import { drawFigure, FIGURE_NUMBERS, SHORT_EPOCHS } from "../../lib/charts/figures.ts";
import { markup } from "../../lib/charts/html.ts";
import { REPORT_SETTINGS } from "../../lib/network/report_settings.ts";
import { type HistoryRow, readHistory } from "../../lib/storage/history.ts";
import { writeGenerated } from "../../scripts/generated_file.ts";
import report from "./report_losses.json" with { type: "json" };

const here = (name: string) => new URL(name, import.meta.url);

const { hidden, batchSize, learningRate, seed } = REPORT_SETTINGS;
for (const number of FIGURE_NUMBERS) {
  const [history, epochs] = number <= 2
    ? ["history_30.csv", SHORT_EPOCHS] as const
    : ["history_10000_thinned.csv", 10_000] as const;
  const settings = { network: [784, hidden, 10], batchSize, learningRate, seed, epochs } as const;
  writeGenerated(here(`figure${number}.svg`), drawFigure(number, rowsOf(history), { settings })!);
}

writeGenerated(here("seeds.svg"), drawSeeds());

/** The rows of a history, whatever their epochs: each is read as the only one of a file. */
function rowsOf(name: string): HistoryRow[] {
  const [header, ...lines] = Deno.readTextFileSync(here(name)).trimEnd().split("\n");
  return lines.map((line) => {
    const [epoch, ...cells] = line.split(",");
    const [row] = readHistory(`${header}\n1,${cells.join(",")}\n`);
    return { ...row!, epoch: Number(epoch) };
  });
}

function drawSeeds(): string {
  const epochs = report.length;
  const seeds = Deno.readTextFileSync(here("seeds.csv")).trim().split("\n").slice(1)
    .map((row) => row.split(",").slice(1).map(Number));
  const numpy = runs.find(({ settings }) =>
    settings.seed === seed && settings.epochs === epochs && settings.limit === undefined
  )!;
  // minus the mean of the seeds: a spread of 0.06 is hardly visible on an axis from 2.1 to 0.85
  const means = report.map((_, i) =>
    seeds.reduce((sum, losses) => sum + losses[i]!, 0) / seeds.length
  );
  const minusMean = (losses: readonly number[]) => losses.map((loss, i) => loss - means[i]!);
  const spread = report.map((_, i) => seeds.map((losses) => minusMean(losses)[i]!));

  const x = scaleLinear([1, epochs], [68, 392]), y = scaleLinear([-0.04, 0.06], [244, 52]);
  const points = (losses: readonly number[]) =>
    losses.map((loss, i) => `${pixels(x(i + 1))},${pixels(y(loss))}`);
  const lowest = points(spread.map((losses) => Math.min(...losses)));
  const highest = points(spread.map((losses) => Math.max(...losses)));
  return `${markup`<svg xmlns="http://www.w3.org/2000/svg" ${CHART_ROOT} lang="en" xml:lang="en" \
aria-labelledby="title" width="420" height="290" viewBox="0 0 420 290">
<title id="title">The report's first five losses lie within the range of seeds 0 to 19</title>
<style>${CHART_STYLE}</style>
<rect ${paint({ fill: "paper" })} width="100%" height="100%"/>
<text ${
    paint({ fill: "text" })
  } font-weight="bold" x="8" y="18">Cross-entropy minus the mean of seeds 0 to 19 (nats)</text>
<path ${paint({ fill: "running" }, "band")} opacity="0.3" d="M8,28h26v12h-26z"/>
<path ${paint({ stroke: "running" }, "line")} stroke-width="1.6" d="M148,34h26"/>
<circle ${paint({ fill: "test" }, "dot")} cx="290" cy="34" r="4"/>
<g ${paint({ fill: "text" })} font-size="12"><text x="40" y="38">seeds 0 to 19</text>\
<text x="180" y="38">seed ${seed}</text><text x="302" y="38">the report</text></g>
<g ${paint({ fill: "faint" })} text-anchor="end">${
    y.ticks(5).map((loss) =>
      markup`<path ${paint({ stroke: "grid" })} d="M60,${y(loss)}H400"/><text x="52" y="${
        y(loss) + 4
      }">${loss.toFixed(2).replace("-", "−")}</text>
`
    )
  }</g><path ${paint({ stroke: "faint" }, "axis")} d="M60,244H400"/>
<g ${paint({ fill: "faint" })} text-anchor="middle">${
    report.map((_, i) =>
      markup`<text x="${x(i + 1)}" y="262">${i + 1}</text>
`
    )
  }<text x="230" y="282">epoch</text></g>
<path ${paint({ fill: "running" }, "band")} opacity="0.3" d="M${
    [...lowest, ...highest.toReversed()].join("L")
  }Z"/>
<path ${paint({ stroke: "running" }, "line")} stroke-width="1.6" d="M${
    points(minusMean(numpy.losses)).join("L")
  }"/>
${
    minusMean(report).map((loss, i) =>
      markup`<circle ${paint({ fill: "test" }, "dot")} cx="${x(i + 1)}" cy="${y(loss)}" r="4"/>
`
    )
  }</svg>
`}`;
}
