/**
 * The report: a self-contained HTML page about a set of parameters.
 *
 * @module
 */

import {
  type AnyParameters,
  classReports,
  type Dataset,
  type Dim,
  type Evaluation,
} from "../../../mod.ts";
import { type CurvesOptions, drawSeries, seriesOf } from "../../charts/curves.ts";
import { Markup, markup } from "../../charts/html.ts";
import { drawScale, drawUnit, weightScale } from "../../charts/weights.ts";
import { imageUrl } from "../../formats/png_encode.ts";
import type { EpochResult } from "../../storage/history.ts";
import { percent } from "../../text/percent.ts";
import { significantDigits } from "../../text/significant_digits.ts";
import type { MisclassifiedExample } from "./misclassified.ts";
import { PAGE_STYLE } from "./report_style.ts";

/** The contents of the page. */
export interface ReportPage {
  /** Name of the parameters. */
  readonly name: string;
  /** The parameters. */
  readonly parameters: AnyParameters;
  /** The test images. */
  readonly data: Dataset<Dim<"inputs">>;
  /** Evaluation of the parameters on these images. */
  readonly evaluation: Evaluation<Dim<"classes">>;
  /** Misclassified images to show. */
  readonly misclassified: readonly MisclassifiedExample[];
  /** History of the training, if it is known: at least one epoch. */
  readonly rows?: readonly EpochResult[] | undefined;
  /** Options of its curves. */
  readonly curves: CurvesOptions;
  /** Settings and versions: name and value of each. */
  readonly facts: readonly (readonly [string, string])[];
}

/** The most hidden units drawn, and the most pixels of all of them, which bound the page's size. */
const MAX_UNITS = 100, MAX_PIXELS = 500_000;

/** Number of the most probable classes shown for an image, besides its own class. */
const MAX_BARS = 3;

/** Loads, runs and sends nothing: styles are in the page, images are data URLs. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; " +
  "form-action 'none'";

/** The page as an HTML file. */
export function reportPage(report: ReportPage): string {
  const { name, rows, curves, evaluation, facts } = report;
  return `${markup`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="generator" content="sanso report">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>Report: ${name}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<main>
<h1>Report: ${name}</h1>
${summary(report)}
${rows && curvesSection(rows, curves)}
<div class="row">
${confusionSection(evaluation)}
${classesSection(evaluation)}
</div>
${unitsSection(report)}
${misclassifiedSection(report)}
${factsSection(facts)}
</main>
</body>
</html>`}\n`;
}

function summary({ parameters: { W1, W2 }, evaluation }: ReportPage): Markup {
  const { count, correct, accuracy, crossEntropy } = evaluation;
  return markup`<p>A network of ${W1.columns} inputs, ${W1.rows} hidden units and ${W2.rows} \
classes, on ${thousands(count)} test images.</p>
<dl class="figures">
<div><dt>test accuracy</dt><dd>${percent(accuracy)} <small>${thousands(correct)} of ${
    thousands(count)
  }</small></dd></div>
<div><dt>test cross-entropy</dt><dd>${
    crossEntropy.toFixed(4)
  } nats <small>${crossEntropy}</small></dd></div>
</dl>`;
}

function curvesSection(rows: readonly EpochResult[], options: CurvesOptions): Markup {
  const series = seriesOf(rows, options.lang ?? "en");
  return markup`<section>
<h2>Curves</h2>
<p class="quiet">During epoch: means over the epoch’s mini-batches, while the parameters change. After epoch: with the \
parameters at the end of the epoch.</p>
<div class="row">
${drawSeries(series, "crossEntropy", options)}
${drawSeries(series, "accuracy", options)}
</div>
</section>`;
}

function confusionSection({ confusion }: Evaluation<Dim<"classes">>): Markup {
  const classes = [...confusion.rowSums.data.keys()];
  const sums = confusion.rowSums.data;
  const cell = (label: number, predicted: number) => {
    const count = confusion.at(label, predicted);
    if (count === 0) return markup`<td class="none">0</td>`;
    return label === predicted
      ? markup`<td class="correct" style="--opacity:${
        opacity(count / sums[label]!, 1)
      }">${count}</td>`
      : markup`<td class="incorrect" style="--opacity:${
        opacity(count / sums[label]!, 0.3)
      }">${count}</td>`;
  };
  return markup`<section>
<h2>Confusion matrix</h2>
<p class="quiet">Number of images. Rows: true class; columns: predicted class.</p>
<div class="scroll" role="region" aria-label="Confusion matrix" tabindex="0">
<table class="confusion">
<thead><tr><th scope="col">class</th>${
    classes.map((predicted) => markup`<th scope="col">${predicted}</th>`)
  }</tr></thead>
<tbody>
${
    classes.map((label) =>
      markup`<tr><th scope="row">${label}</th>${
        classes.map((predicted) => cell(label, predicted))
      }</tr>
`
    )
  }</tbody>
</table>
</div>
</section>`;
}

/** Opacity of a cell's colour: the root makes small shares visible, 0.6 keeps the text legible. */
function opacity(share: number, full: number): string {
  return (0.6 * Math.sqrt(Math.min(share / full, 1))).toFixed(2);
}

function classesSection({ confusion }: Evaluation<Dim<"classes">>): Markup {
  const orDash = (ratio: number | null) => ratio === null ? "–" : percent(ratio);
  const rows = classReports(confusion).map(({ class: k, count, correct, precision, recall }) =>
    markup`<tr><th scope="row">${k}</th><td>${count}</td><td>${correct}</td><td>${
      orDash(precision)
    }</td><td>${orDash(recall)}</td></tr>
`
  );
  return markup`<section>
<h2>Classes</h2>
<p class="quiet">Precision: share of the images predicted as the class that belong to it. Recall: share of the class’s \
images that are predicted as it.</p>
<div class="scroll" role="region" aria-label="Classes" tabindex="0">
<table>
<thead><tr><th scope="col">class</th><th scope="col">images</th><th scope="col">correct</th>\
<th scope="col">precision</th><th scope="col">recall</th></tr></thead>
<tbody>
${rows}</tbody>
</table>
</div>
</section>`;
}

function unitsSection({ parameters: { W1 }, data: { size } }: ReportPage): Markup {
  const max = Math.max(1, Math.min(MAX_UNITS, Math.floor(MAX_PIXELS / W1.columns)));
  const count = Math.min(W1.rows, max);
  const scale = weightScale(W1, count);
  const units = Array.from(
    { length: count },
    (_, unit) =>
      markup`<img alt="" title="unit ${unit + 1}" src="${
        imageUrl(drawUnit(W1, unit, size, scale))
      }">
`,
  );
  const which = count < W1.rows
    ? `The first ${count} of ${W1.rows} hidden units`
    : `All ${count} hidden units`;
  const limit = significantDigits(scale, 3);
  return markup`<section>
<h2>Hidden units</h2>
<p class="quiet">${which}: the weight of each pixel, with one colour scale for all.</p>
<p class="scale quiet"><span>≤ −${limit}</span><img alt="from blue, negative, to orange, positive" src="${
    imageUrl(drawScale())
  }"><span>≥ ${limit}</span></p>
<div class="units" role="img" aria-label="Weights of ${count} hidden units as images of ${size.width} by ${size.height} pixels">
${units}</div>
</section>`;
}

function misclassifiedSection({ evaluation, misclassified, data }: ReportPage): Markup {
  const all = evaluation.count - evaluation.correct;
  const which = all === 0
    ? "None."
    : `${misclassified.length} of ${
      thousands(all)
    }: those with the largest probability of a wrong class.`;
  return markup`<section>
<h2>Misclassified images</h2>
<p class="quiet">${which}</p>
<ul class="misclassified">
${misclassified.map((one) => misclassifiedItem(one, data))}</ul>
</section>`;
}

function misclassifiedItem(
  { example, label, predicted, probabilities }: MisclassifiedExample,
  data: Dataset<Dim<"inputs">>,
): Markup {
  const shown = [...probabilities.keys()]
    .sort((a, b) => probabilities[b]! - probabilities[a]!)
    .filter((k, rank) => rank < MAX_BARS || k === label);
  const bars = shown.map((k) =>
    markup`<div${k === label ? new Markup(' class="label"') : undefined}><dt>${k}</dt><dd>\
<i style="--share:${probabilities[k]!.toFixed(4)}"></i>${percent(probabilities[k]!)}</dd></div>`
  );
  return markup`<li><img alt="test image ${example}" src="${imageUrl(data.image(example))}"><div>
<p><strong>${predicted}</strong>, is <strong>${label}</strong></p>
<p class="quiet">image ${example}</p>
<dl>${bars}</dl>
</div></li>
`;
}

function factsSection(facts: ReportPage["facts"]): Markup {
  return markup`<section>
<h2>Settings and versions</h2>
<table class="facts">
<tbody>
${
    facts.map(([name, value]) =>
      markup`<tr><th scope="row">${name}</th><td>${value}</td></tr>
`
    )
  }</tbody>
</table>
</section>`;
}

function thousands(count: number): string {
  return count.toLocaleString("en-US");
}
