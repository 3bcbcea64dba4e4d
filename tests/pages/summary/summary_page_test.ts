// The page of `summary`: what it contains and what it does not.
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { inflateSync } from "node:zlib";
import { misclassifiedExamples, summaryPage } from "../../../lib/pages/summary/summary_page.tsx";
import { dim, forward, Indices, ReferenceEngine } from "../../../mod.ts";
import { wellFormed } from "../../helpers/markup.ts";
import { readChunks } from "../../helpers/png.ts";
import { samplePage, texts } from "./sample_page.ts";

const SAMPLE = samplePage(), PAGE = summaryPage(SAMPLE);

/** The sources of the images whose alternative text matches. */
function images(page: string, alt: RegExp): string[] {
  return wellFormed(page).map(({ attributes }) => attributes)
    .filter((attributes) => attributes.has("src") && alt.test(attributes.get("alt")!))
    .map((attributes) => attributes.get("src")!);
}

Deno.test("example: summaryPage() runs, loads and sends nothing, and has table headers and texts for images", () => {
  const tags = wellFormed(PAGE);
  const policy = tags.find(({ attributes }) => attributes.has("http-equiv"))!.attributes;
  strictEqual(policy.get("http-equiv"), "Content-Security-Policy");
  ok(policy.get("content")!.startsWith("default-src 'none'; "));
  deepStrictEqual(PAGE.match(/https?:|\/\/[a-z]|@import|url\(/gi), null);
  const forbidden = new Set(["script", "link", "iframe", "object", "embed", "form", "a", "base"]);
  for (const { name, attributes } of tags) {
    ok(!forbidden.has(name), name);
    for (const [attribute, value] of attributes) {
      ok(!attribute.startsWith("on") && attribute !== "href");
      if (attribute === "src") ok(value.startsWith("data:image/png;base64,"));
    }
    if (name === "th") ok(["row", "col"].includes(attributes.get("scope")!));
    if (name === "img") ok(attributes.has("alt"));
    if (name === "svg") ok(attributes.get("aria-label")!.length > 20);
  }
  strictEqual(texts(PAGE, "h1").length, 1);
});

Deno.test("example: summaryPage() escapes names and facts", () => {
  const hostile = `<script>alert("1")</script>&`;
  const page = summaryPage({ ...SAMPLE, name: hostile, facts: [[hostile, hostile]] });
  ok(wellFormed(page).every(({ name }) => name !== "script"));
  strictEqual(page.split("&lt;script>alert(&quot;1&quot;)&lt;/script>&amp;").length, 1 + 4);
});

Deno.test("example: summaryPage() shows the result of evaluate()", () => {
  const { crossEntropy, accuracy, correct, count, confusion } = SAMPLE.evaluation;
  const percent = (part: number, whole: number) =>
    whole === 0 ? "–" : `${(100 * part / whole).toFixed(2)} %`;
  const { rowSums: { data: images }, columnSums: { data: predicted } } = confusion;
  const rows = [0, 1, 2].map((k) => [
    ...[0, 1, 2].map((other) => `${confusion.at(k, other)}`),
    percent(confusion.at(k, k), images[k]!),
  ]);
  const precisions = [0, 1, 2].map((k) => percent(confusion.at(k, k), predicted[k]!));
  const cells = [...rows, [...precisions, percent(accuracy, 1)]].flat();
  deepStrictEqual(texts(PAGE, "td").slice(0, 2 + 4 * 4), [
    `${percent(correct, count)} ${correct} of ${count}`,
    `${crossEntropy.toFixed(4)} nats ${crossEntropy}`,
    ...cells,
  ]);
});

Deno.test("example: summaryPage() shows each misclassified image and its probabilities, as 0 or 1 only where they are", () => {
  const items = texts(PAGE, "li"), shown = images(PAGE, /^test image/), { data } = SAMPLE;
  strictEqual(items.length, 7);
  SAMPLE.misclassified.forEach(({ example, label, predicted, probability, right }, i) => {
    const [p, q] = [probability, right].map((p) => `${(100 * p).toFixed(2)} %`);
    strictEqual(items[i], `test image ${example}predicted ${predicted}${p}is ${label}${q}`);
    const png = Uint8Array.from(atob(shown[i]!.split(",")[1]!), (c) => c.charCodeAt(0));
    const rows = inflateSync(readChunks(png).get("IDAT")!);
    deepStrictEqual(
      [...rows].filter((_, at) => at % 4 > 0),
      [...data.pixels.subarray(12 * example, 12 * example + 12)],
    );
  });
  const one = { ...SAMPLE.misclassified[0]!, probability: 1 - 1e-9, right: 1e-9 };
  const [item] = texts(summaryPage({ ...SAMPLE, misclassified: [one] }), "li");
  ok(["> 99.99 %", "&lt; 0.01 %"].every((words) => item!.includes(words)), item);
});

Deno.test("example: summaryPage() shows at most a hundred hidden units, and their number", () => {
  const many = summaryPage(samplePage({ hidden: 4096 }));
  for (
    const [page, count, words] of [[PAGE, 5, "5 of 5: "], [many, 100, "100 of 4096: "]] as const
  ) {
    strictEqual(images(page, /^$/).length, count);
    ok(page.includes(words));
  }
  ok(many.length < 200_000);
});

Deno.test("example: summaryPage() has curves if there is a history, and a sentence if no image is misclassified", () => {
  const evaluation = { ...SAMPLE.evaluation, correct: SAMPLE.evaluation.count };
  const other = summaryPage({ ...SAMPLE, evaluation, misclassified: [], rows: [] });
  deepStrictEqual([PAGE, other].map((page) => page.split("<svg").length - 1), [2, 0]);
  ok(other.includes(">None.<"));
});

Deno.test("example: misclassifiedExamples() returns the errors that evaluate() counts, with their probabilities", () => {
  const { parameters, data, evaluation } = samplePage({ count: 1200 }); // more than one chunk
  const engine = new ReferenceEngine(parameters, data);
  const all = misclassifiedExamples(engine, Infinity);
  strictEqual(all.length, evaluation.count - evaluation.correct);
  const confidence = all.map(({ probability }) => probability);
  deepStrictEqual(confidence, confidence.toSorted((a, b) => b - a));
  deepStrictEqual(misclassifiedExamples(engine, 3), all.slice(0, 3));
  for (const { example, label, predicted, probability, right } of all) {
    const { X } = data.batch(Indices.of(dim("one", 1), [example]));
    const { data: P } = forward(parameters, X).P;
    deepStrictEqual([probability, right], [P[predicted], P[label]]);
    strictEqual(label, data.labels[example]);
    strictEqual(Math.max(...P), probability);
    ok(predicted !== label);
  }
});
