/** A sample page of `summary`, and the text of a page's elements. */
import { misclassifiedExamples } from "../../../lib/pages/summary/summary_page.tsx";
import type { SummaryPage } from "../../../lib/pages/summary/summary_page.tsx";
import { Dataset, dim, evaluate, initialise, RandomState, ReferenceEngine } from "../../../mod.ts";
import { madeUpRows } from "../../helpers/history.ts";

/** A page about `count` images of 4x3 pixels in 3 classes, with untrained parameters. */
export function samplePage({ hidden = 5, count = 50 } = {}) {
  const random = new RandomState(601);
  const data = Dataset.of(
    { width: 3, height: 4 },
    Uint8Array.from(random.randint(0, 256, count * 12)),
    Uint8Array.from({ length: count }, (_, i) => i % 3),
  );
  const [D, M, K] = [dim("inputs", 12), dim("hidden", hidden), dim("classes", 3)];
  const parameters = initialise(D, M, K, random);
  const engine = new ReferenceEngine(parameters, data);
  const evaluation = evaluate(engine);
  return {
    name: "parameter.npz",
    parameters,
    data,
    evaluation,
    misclassified: misclassifiedExamples(engine, 7),
    rows: madeUpRows(3),
    facts: [["seed", "601"]],
    lang: "en",
  } satisfies SummaryPage;
}

/** The text of each element of this name. */
export function texts(page: string, name: string): string[] {
  return [...page.matchAll(new RegExp(`<${name}[ >].*?</${name}>`, "gs"))]
    .map(([element]) => element.replace(/<[^>]*>/g, "").trim());
}

/** The words of Latin letters that a reader sees or hears: text and the labels of elements. */
export function wordsOf(page: string): string[] {
  const body = page.replace(/<style>.*?<\/style>/gs, "");
  const labels = [...body.matchAll(/ (?:alt|title|aria-label)="([^"]*)"/g)].map(([, text]) => text);
  const text = body.replaceAll(/<[^>]*>/g, " ").replaceAll(/&\w+;/g, " ");
  return [text, ...labels].join(" ").match(/[a-z]{2,}/gi) ?? [];
}
