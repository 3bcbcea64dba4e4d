// The page of `summary`: self-contained HTML about a set of parameters.
import {
  type AnyParameters,
  classReports,
  type Dataset,
  type Dim,
  type Evaluation,
} from "../../../mod.ts";
import { type CurvesOptions, drawSeries, seriesOf } from "../../charts/curves.ts";
import { Markup, markup } from "../../charts/html.ts";
import { thousands } from "../../charts/words.ts";
import { drawScale, drawUnit, weightScale } from "../../charts/weights.ts";
import { imageUrl } from "../../charts/encode_png.ts";
import type { EpochResult } from "../../storage/history.ts";
import type { Language } from "../../text/layout.ts";
import { percent, significantDigits } from "../../text/numbers.ts";
import type { MisclassifiedExample } from "./misclassified.ts";
import { PAGE_STYLE } from "./report_style.ts";
import { reportTexts, type Say, strongMarkup } from "./report_texts.ts";

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
  readonly curves: Pick<CurvesOptions, "log" | "logEpochs">;
  /** Settings and versions: name and value of each, in the page's language. */
  readonly facts: readonly (readonly [string, string])[];
  /** Language of the page. */
  readonly lang: Language;
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
  const { name, rows, curves, evaluation, facts, lang } = report, say = reportTexts(lang);
  const title = say("title", { name });
  return `${markup`<!DOCTYPE html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="generator" content="sanso summary">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${summary(report, say)}
${rows && curvesSection(rows, { ...curves, lang }, say)}
<div class="row">
${confusionSection(evaluation, say)}
${classesSection(evaluation, say)}
</div>
${unitsSection(report, say)}
${misclassifiedSection(report, say)}
${factsSection(facts, say)}
</main>
</body>
</html>`}\n`;
}

function summary({ parameters: { W1, W2 }, evaluation }: ReportPage, say: Say): Markup {
  const { accuracy, crossEntropy } = evaluation;
  const count = thousands(evaluation.count), correct = thousands(evaluation.correct);
  const sizes = { inputs: W1.columns, hidden: W1.rows, classes: W2.rows };
  return markup`<p>${say("summary", { ...sizes, count })}</p>
<dl class="figures">
<div><dt>${say("accuracy")}</dt><dd>${percent(accuracy)} <small>${
    say("accuracy.counts", { correct, count })
  }</small></dd></div>
<div><dt>${say("crossEntropy")}</dt><dd>${
    say("crossEntropy.value", { value: crossEntropy.toFixed(4) })
  } <small>${crossEntropy}</small></dd></div>
</dl>`;
}

function curvesSection(
  rows: readonly EpochResult[],
  options: CurvesOptions & { readonly lang: Language },
  say: Say,
): Markup {
  const series = seriesOf(rows, options.lang);
  return markup`<section>
<h2>${say("curves")}</h2>
<p class="quiet">${say("curves.series")}</p>
<div class="row">
${drawSeries(series, "crossEntropy", options)}
${drawSeries(series, "accuracy", options)}
</div>
</section>`;
}

function confusionSection({ confusion }: Evaluation<Dim<"classes">>, say: Say): Markup {
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
<h2>${say("confusion")}</h2>
<p class="quiet">${say("confusion.axes")}</p>
<div class="scroll" role="region" aria-label="${say("confusion")}" tabindex="0">
<table class="confusion">
<thead><tr><th scope="col">${say("class")}</th>${
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

/** The columns of the table of classes. */
const CLASS_COLUMNS = [
  "class",
  "classes.images",
  "classes.correct",
  "classes.precision",
  "classes.recall",
] as const;

function classesSection({ confusion }: Evaluation<Dim<"classes">>, say: Say): Markup {
  const orDash = (ratio: number | null) => ratio === null ? "–" : percent(ratio);
  const rows = classReports(confusion).map(({ class: k, count, correct, precision, recall }) =>
    markup`<tr><th scope="row">${k}</th><td>${count}</td><td>${correct}</td><td>${
      orDash(precision)
    }</td><td>${orDash(recall)}</td></tr>
`
  );
  return markup`<section>
<h2>${say("classes")}</h2>
<p class="quiet">${say("classes.measures")}</p>
<div class="scroll" role="region" aria-label="${say("classes")}" tabindex="0">
<table>
<thead><tr>${CLASS_COLUMNS.map((name) => markup`<th scope="col">${say(name)}</th>`)}</tr></thead>
<tbody>
${rows}</tbody>
</table>
</div>
</section>`;
}

function unitsSection({ parameters: { W1 }, data: { size } }: ReportPage, say: Say): Markup {
  const max = Math.max(1, Math.min(MAX_UNITS, Math.floor(MAX_PIXELS / W1.columns)));
  const count = Math.min(W1.rows, max);
  const scale = weightScale(W1, count);
  const units = Array.from(
    { length: count },
    (_, unit) =>
      markup`<img alt="" title="${say("unit", { unit: unit + 1 })}" src="${
        imageUrl(drawUnit(W1, unit, size, scale))
      }">
`,
  );
  const which = count < W1.rows ? "units.first" : "units.all";
  const limit = significantDigits(scale, 3);
  return markup`<section>
<h2>${say("units")}</h2>
<p class="quiet">${say(which, { count, all: W1.rows })}</p>
<p class="scale quiet"><span>≤ −${limit}</span><img alt="${say("units.scale")}" src="${
    imageUrl(drawScale())
  }"><span>≥ ${limit}</span></p>
<div class="units" role="img" aria-label="${say("units.label", { count, ...size })}">
${units}</div>
</section>`;
}

function misclassifiedSection(
  { evaluation, misclassified, data }: ReportPage,
  say: Say,
): Markup {
  const all = evaluation.count - evaluation.correct;
  const which = all === 0
    ? say("misclassified.none")
    : say("misclassified.some", { count: misclassified.length, all: thousands(all) });
  return markup`<section>
<h2>${say("misclassified")}</h2>
<p class="quiet">${which}</p>
<ul class="misclassified">
${misclassified.map((one) => misclassifiedItem(one, data, say))}</ul>
</section>`;
}

function misclassifiedItem(
  { example, label, predicted, probabilities }: MisclassifiedExample,
  data: Dataset<Dim<"inputs">>,
  say: Say,
): Markup {
  const shown = [...probabilities.keys()]
    .sort((a, b) => probabilities[b]! - probabilities[a]!)
    .filter((k, rank) => rank < MAX_BARS || k === label);
  const bars = shown.map((k) =>
    markup`<div${k === label ? new Markup(' class="label"') : undefined}><dt>${k}</dt><dd>\
<i style="--share:${probabilities[k]!.toFixed(4)}"></i>${percent(probabilities[k]!)}</dd></div>`
  );
  return markup`<li><img alt="${say("misclassified.label", { example })}" src="${
    imageUrl(data.image(example))
  }"><div>
<p>${strongMarkup(say("misclassified.classes", { predicted, label }))}</p>
<p class="quiet">${say("misclassified.image", { example })}</p>
<dl>${bars}</dl>
</div></li>
`;
}

function factsSection(facts: ReportPage["facts"], say: Say): Markup {
  return markup`<section>
<h2>${say("facts")}</h2>
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
