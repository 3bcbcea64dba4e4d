/**
 * Draws the figures of docs/reproduction.md: `deno task figures`.
 *
 * seeds.svg shows the report's first five losses within those of twenty seeds; curves_30.svg shows
 * thirty epochs. (curves_10000.svg needs the history of all epochs, which is too large to keep.)
 *
 * @module
 */

// @ts-types="npm:@types/d3-scale@4.0.9"
import { scaleLinear } from "d3-scale";
// @ts-types="npm:@types/d3-shape@3.2.0"
import { area, line } from "d3-shape";
import runs from "../../fixtures/runs.json" with { type: "json" };
import { CURVES_STYLE, drawCurves } from "../../lib/charts/curves.ts";
import { markup } from "../../lib/charts/html.ts";
import { REPORT_SETTINGS } from "../../lib/network/report_settings.ts";
import { readHistory } from "../../lib/storage/history.ts";
import { writeGenerated } from "../../scripts/generated_file.ts";
import report from "./report_losses.json" with { type: "json" };

const here = (name: string) => new URL(name, import.meta.url);

writeGenerated(here("seeds.svg"), drawSeeds());
writeGenerated(
  here("curves_30.svg"),
  drawCurves(readHistory(Deno.readTextFileSync(here("history_30.csv"))).rows),
);

function drawSeeds(): string {
  const { seed } = REPORT_SETTINGS, epochs = report.length;
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

  const x = scaleLinear([1, epochs], [58, 460]), y = scaleLinear([-0.04, 0.06], [244, 52]);
  const band = area<number[]>(
    (_, i) => x(i + 1),
    (losses) => y(Math.min(...losses)),
    (losses) => y(Math.max(...losses)),
  );
  const path = line<number>((_, i) => x(i + 1), (loss) => y(loss));
  return `${markup`<svg xmlns="http://www.w3.org/2000/svg" class="curves" role="img" aria-labelledby="title" \
width="480" height="290" viewBox="0 0 480 290">
<title id="title">The report's first five losses lie within the range of seeds 0 to 19</title>
<style>${CURVES_STYLE}</style>
<rect class="background" width="100%" height="100%"/>
<text class="title" x="8" y="18">Cross-entropy minus the mean of seeds 0 to 19 (nats)</text>
<text x="8" y="38"><tspan class="running">▬ seeds 0 to 19   — seed ${seed}</tspan>   <tspan class="test">● the report</tspan></text>
${
    y.ticks(5).map((loss) =>
      markup`<path class="grid" d="M58,${y(loss)}H460"/><text x="50" y="${
        y(loss) + 4
      }" text-anchor="end">${loss.toFixed(2)}</text>
`
    )
  }<path class="axis" d="M58,244H460"/>
${
    report.map((_, i) =>
      markup`<text x="${x(i + 1)}" y="262" text-anchor="middle">${i + 1}</text>
`
    )
  }<text x="259" y="282" text-anchor="middle">epoch</text>
<path class="band running" d="${band(spread)!}"/>
<path class="line running" d="${path(minusMean(numpy.losses))!}"/>
${
    minusMean(report).map((loss, i) =>
      markup`<circle class="dot test" cx="${x(i + 1)}" cy="${y(loss)}" r="4"/>
`
    )
  }</svg>
`}`;
}
