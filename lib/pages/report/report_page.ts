/**
 * The report's page: all about one set of parameters in one HTML file that needs nothing from the network.
 *
 * @module
 */

import type { AnyParameters } from "../../network/network.ts";
import { classReports, type Evaluation } from "../../training/evaluate.ts";
import type { HistoryRow } from "../../storage/history.ts";
import type { Dataset } from "../../data/dataset.ts";
import { percent } from "../../text/percent.ts";
import type { Dim } from "../../math/shape.ts";
import { type CurvesOptions, drawCurve } from "../../charts/curves.ts";
import { Markup, markup } from "../../charts/html.ts";
import type { Mistake } from "./misclassified.ts";
import { PAGE_STYLE } from "./report_style.ts";
import { pictureUrl } from "../../formats/png_encode.ts";
import { drawScale, drawUnit, weightScale } from "../../charts/weights.ts";

/** What the page is about. */
export interface Report {
  /** What the parameters are called. */
  readonly name: string;
  /** What was evaluated. */
  readonly parameters: AnyParameters;
  /** The test images. */
  readonly data: Dataset<Dim<"inputs">>;
  /** How good the parameters are on them. */
  readonly evaluation: Evaluation<Dim<"classes">>;
  /** The mistakes to be shown, the surest first. */
  readonly mistakes: readonly Mistake[];
  /** How the training went, if that is known; one epoch at least. */
  readonly rows?: readonly HistoryRow[] | undefined;
  /** How its curves are to be drawn. */
  readonly curves: CurvesOptions;
  /** Settings and versions: what each is called, and what it is. */
  readonly facts: readonly (readonly [string, string])[];
}

/** Hidden units that are drawn at most, and pixels that all of them may have, so that the page stays small. */
const MOST_UNITS = 100, MOST_PIXELS = 500_000;

/** Classes whose probabilities are shown of a mistake, its own class besides. */
const MOST_BARS = 3;

/** Nothing may be loaded, run or sent: styles are in the page, pictures are data. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; " +
  "form-action 'none'";

/** The page as a whole HTML file. */
export function reportPage(report: Report): string {
  const { name, rows, curves, evaluation, facts } = report;
  return `${markup`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
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
${mistakesSection(report)}
${factsSection(facts)}
</main>
</body>
</html>`}\n`;
}

function summary({ parameters: { W1, W2 }, evaluation }: Report): Markup {
  const { count, correct, accuracy, crossEntropy } = evaluation;
  return markup`<p>A network of ${W1.columns} inputs, ${W1.rows} hidden units and ${W2.rows} \
classes, on ${number(count)} test images.</p>
<dl class="figures">
<div><dt>test accuracy</dt><dd>${percent(accuracy)} <small>${number(correct)} of ${
    number(count)
  }</small></dd></div>
<div><dt>test cross-entropy</dt><dd>${
    crossEntropy.toFixed(4)
  } nats <small>${crossEntropy}</small></dd></div>
</dl>`;
}

function curvesSection(rows: readonly HistoryRow[], options: CurvesOptions): Markup {
  return markup`<section>
<h2>Curves</h2>
<p class="quiet">While learning: means over the epoch's mini-batches, as the parameters move. After the epoch: at the \
parameters that it ended with.</p>
<div class="row">
${drawCurve(rows, "crossEntropy", options)}
${drawCurve(rows, "accuracy", options)}
</div>
</section>`;
}

function confusionSection({ confusion }: Evaluation<Dim<"classes">>): Markup {
  const classes = [...confusion.rowSums.data.keys()];
  const sums = confusion.rowSums.data;
  const cell = (label: number, taken: number) => {
    const count = confusion.at(label, taken);
    if (count === 0) return markup`<td class="none">0</td>`;
    return label === taken
      ? markup`<td class="right" style="--share:${share(count / sums[label]!, 1)}">${count}</td>`
      : markup`<td class="wrong" style="--share:${share(count / sums[label]!, 0.3)}">${count}</td>`;
  };
  return markup`<section>
<h2>Confusion matrix</h2>
<p class="quiet">Images: a row a class, a column what it was taken for.</p>
<div class="scroll" role="region" aria-label="Confusion matrix" tabindex="0">
<table class="confusion">
<thead><tr><th scope="col">class</th>${
    classes.map((taken) => markup`<th scope="col">${taken}</th>`)
  }</tr></thead>
<tbody>
${
    classes.map((label) =>
      markup`<tr><th scope="row">${label}</th>${classes.map((taken) => cell(label, taken))}</tr>
`
    )
  }</tbody>
</table>
</div>
</section>`;
}

/** How strongly a cell is coloured: the root makes few mistakes visible, and words stay readable on the strongest. */
function share(part: number, full: number): string {
  return (0.6 * Math.sqrt(Math.min(part / full, 1))).toFixed(2);
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
<p class="quiet">Precision: how many that were taken for the class are of it. Recall: how many of the class were taken \
for it.</p>
<div class="scroll" role="region" aria-label="Classes" tabindex="0">
<table>
<thead><tr><th scope="col">class</th><th scope="col">images</th><th scope="col">right</th>\
<th scope="col">precision</th><th scope="col">recall</th></tr></thead>
<tbody>
${rows}</tbody>
</table>
</div>
</section>`;
}

function unitsSection({ parameters: { W1 }, data: { size } }: Report): Markup {
  const most = Math.max(1, Math.min(MOST_UNITS, Math.floor(MOST_PIXELS / W1.columns)));
  const count = Math.min(W1.rows, most);
  const full = weightScale(W1, count);
  const units = Array.from(
    { length: count },
    (_, unit) =>
      markup`<img alt="" title="unit ${unit + 1}" src="${
        pictureUrl(drawUnit(W1, unit, size, full))
      }">
`,
  );
  const which = count < W1.rows ? `The first ${count} of ${W1.rows} hidden units` : `All ${count}`;
  const limit = show(full);
  return markup`<section>
<h2>Hidden units</h2>
<p class="quiet">${which}: the weights from each pixel, on one scale for all.</p>
<p class="scale quiet"><span>≤ −${limit}</span><img alt="from blue, negative, to orange, positive" src="${
    pictureUrl(drawScale())
  }"><span>≥ ${limit}</span></p>
<div class="units" role="img" aria-label="Weights of ${count} hidden units as pictures of ${size.width} by ${size.height} pixels">
${units}</div>
</section>`;
}

function mistakesSection({ evaluation, mistakes, data }: Report): Markup {
  const all = evaluation.count - evaluation.correct;
  const which = all === 0
    ? "There is none."
    : `The ${mistakes.length} of ${
      number(all)
    } mistakes in which the wrong class had the greatest probability.`;
  return markup`<section>
<h2>Surest mistakes</h2>
<p class="quiet">${which}</p>
<ul class="mistakes">
${mistakes.map((mistake) => mistakeItem(mistake, data))}</ul>
</section>`;
}

function mistakeItem(
  { example, label, predicted, probabilities }: Mistake,
  data: Dataset<Dim<"inputs">>,
): Markup {
  const surest = [...probabilities.keys()]
    .sort((a, b) => probabilities[b]! - probabilities[a]!)
    .filter((k, rank) => rank < MOST_BARS || k === label);
  const bars = surest.map((k) =>
    markup`<div${k === label ? new Markup(' class="label"') : undefined}><dt>${k}</dt><dd>\
<i style="--share:${probabilities[k]!.toFixed(4)}"></i>${percent(probabilities[k]!)}</dd></div>`
  );
  return markup`<li><img alt="test image ${example}" src="${pictureUrl(data.image(example))}"><div>
<p><strong>${label}</strong> taken for <strong>${predicted}</strong></p>
<p class="quiet">image ${example}</p>
<dl>${bars}</dl>
</div></li>
`;
}

function factsSection(facts: Report["facts"]): Markup {
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

function number(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

function show(x: number): string {
  return String(Number(x.toPrecision(3)));
}
