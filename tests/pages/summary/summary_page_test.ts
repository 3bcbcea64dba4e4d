// The report's HTML: what it contains and what it does not.
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { inflateSync } from "node:zlib";
import { summaryPage } from "../../../lib/pages/summary/summary_page.tsx";
import { Dataset, dim, initialise } from "../../../mod.ts";
import { type Tag, wellFormed } from "../../helpers/markup.ts";
import { readChunks } from "../../helpers/png.ts";
import { samplePage, texts } from "./sample_page.ts";

Deno.test("example: summaryPage() runs, loads and sends nothing", () => {
  const page = summaryPage(samplePage());
  const tags = wellFormed(page);
  const policy = tags.find(({ attributes }) => attributes.has("http-equiv"))!.attributes;
  strictEqual(policy.get("http-equiv"), "Content-Security-Policy");
  ok(policy.get("content")!.startsWith("default-src 'none'; "));
  deepStrictEqual(page.match(/https?:|\/\/[a-z]|@import|url\(/gi), null);
  const forbidden = new Set(["script", "link", "iframe", "object", "embed", "form", "a", "base"]);
  deepStrictEqual(tags.filter(({ name }) => forbidden.has(name)), []);
  for (const { attributes } of tags) {
    for (const [name, value] of attributes) {
      ok(!name.startsWith("on") && name !== "href");
      if (name === "src") ok(value.startsWith("data:image/png;base64,"));
    }
  }
});

Deno.test("example: summaryPage() escapes names and facts", () => {
  const hostile = `<script>alert("1")</script>&`;
  const page = summaryPage({ ...samplePage(), name: hostile, facts: [[hostile, hostile]] });
  const tags = wellFormed(page);
  deepStrictEqual(tags.filter(({ name }) => name === "script"), []);
  strictEqual(
    page.split("&lt;script>alert(&quot;1&quot;)&lt;/script>&amp;").length,
    1 + 4,
  );
});

Deno.test("example: summaryPage() shows the result of evaluate()", () => {
  const report = samplePage(), { evaluation } = report;
  const page = summaryPage(report);
  const { crossEntropy, accuracy, correct, count, confusion } = evaluation;
  deepStrictEqual(texts(page, "dd").slice(0, 2), [
    `${(100 * accuracy).toFixed(2)} % ${correct} of ${count}`,
    `${crossEntropy.toFixed(4)} nats ${crossEntropy}`,
  ]);
  const cells = texts(page, "td");
  deepStrictEqual(cells.slice(0, 9).map(Number), [...confusion.data]);
  const classes = cells.slice(9, 9 + 3 * 4);
  [0, 1, 2].forEach((k) => {
    const hits = confusion.at(k, k), predicted = confusion.columnSums.data[k]!;
    const images = confusion.rowSums.data[k]!;
    const percent = (part: number, whole: number) =>
      whole === 0 ? "–" : `${(100 * part / whole).toFixed(2)} %`;
    deepStrictEqual(classes.slice(4 * k, 4 * k + 4), [
      `${images}`,
      `${hits}`,
      percent(hits, predicted),
      percent(hits, images),
    ]);
  });
});

/** The images whose alternative text matches. */
function images(tags: readonly Tag[], alt: RegExp): Tag[] {
  return tags.filter(({ name, attributes }) => name === "img" && alt.test(attributes.get("alt")!));
}

Deno.test("example: summaryPage() shows each misclassified image and its probabilities", () => {
  const report = samplePage(), { misclassified, data } = report;
  const page = summaryPage(report), items = texts(page, "li");
  strictEqual(items.length, 7);
  const shown = images(wellFormed(page), /^test image/);
  misclassified.forEach(({ example, label, predicted, probabilities }, i) => {
    ok(items[i]!.startsWith(`${predicted}, is ${label}image ${example}`));
    for (const p of probabilities) ok(items[i]!.includes(`${(100 * p).toFixed(2)} %`));
    const png = Uint8Array.from(
      atob(shown[i]!.attributes.get("src")!.split(",")[1]!),
      (c) => c.charCodeAt(0),
    );
    const rows = inflateSync(readChunks(png).get("IDAT")!);
    deepStrictEqual(
      [...rows].filter((_, at) => at % 4 > 0),
      [...data.pixels.subarray(12 * example, 12 * example + 12)],
    );
  });
});

Deno.test("example: summaryPage() shows a probability as 0 or 1 only where it is", () => {
  const report = samplePage();
  const probabilities = Float64Array.of(1e-9, 1 - 1e-9, 0);
  const one = { example: 0, label: 0, predicted: 1, probabilities };
  const [item] = texts(summaryPage({ ...report, misclassified: [one] }), "li");
  ok(
    item!.includes("1> 99.99 %") && item!.includes("0&lt; 0.01 %") && item!.includes("20.00 %"),
  );
});

Deno.test("example: summaryPage() shows at most a hundred hidden units, and their number", () => {
  const few = summaryPage(samplePage({ hidden: 80 }));
  const many = summaryPage(samplePage({ hidden: 4096 }));
  const units = (page: string) => images(wellFormed(page), /^$/).length;
  deepStrictEqual([units(few), units(many)], [80, 100]);
  ok(few.includes("All 80 hidden units:") && many.includes("The first 100 of 4096 hidden units:"));
  ok(many.length < 200_000);
});

Deno.test("example: summaryPage() shows fewer hidden units if the images are large", () => {
  const report = samplePage(), size = { width: 256, height: 256 };
  const data = Dataset.of(size, new Uint8Array(65_536), Uint8Array.of(0));
  const parameters = initialise(data.inputs, dim("hidden", 20), dim("classes", 1), {
    normal: () => 0.5,
  });
  const page = summaryPage({ ...report, data, parameters, misclassified: [] });
  ok(page.includes("The first 7 of 20 hidden units:")); // 500,000 pixels
});

Deno.test("example: summaryPage() has curves if there is a history, and a sentence if no image is misclassified", () => {
  const report = samplePage();
  const count = (page: string) => wellFormed(page).filter(({ name }) => name === "svg").length;
  strictEqual(count(summaryPage(report)), 2);
  strictEqual(count(summaryPage({ ...report, rows: undefined })), 0);
  const evaluation = { ...report.evaluation, correct: report.evaluation.count };
  ok(summaryPage({ ...report, evaluation, misclassified: [] }).includes(">None.<"));
});

Deno.test("example: summaryPage() has table headers and texts for images", () => {
  const tags = wellFormed(summaryPage(samplePage()));
  for (const { name, attributes } of tags) {
    if (name === "th") ok(["row", "col"].includes(attributes.get("scope")!));
    if (name === "img") ok(attributes.has("alt"));
    if (name === "svg") ok(attributes.get("aria-label")!.length > 20);
  }
  deepStrictEqual(tags.filter(({ name }) => name === "h1").length, 1);
});
