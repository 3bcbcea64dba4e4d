// The texts of the report, in both languages.
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { reportPage } from "../../../lib/pages/report/report_page.ts";
import {
  REPORT_TEXTS,
  type ReportTextName,
  reportTexts,
  strongMarkup,
} from "../../../lib/pages/report/report_texts.ts";
import type { Text } from "../../../lib/text/layout.ts";
import { wellFormed } from "../../helpers/markup.ts";
import { sampleReport, texts, wordsOf } from "../../helpers/report.ts";

const entries = Object.entries(REPORT_TEXTS) as [ReportTextName, Text][];

/** The names in braces, each once, and the number of asterisks. */
function marks(text: string): (string | number)[] {
  const names = new Set(text.match(/\{\w+\}/g));
  return [...[...names].sort(), text.split("*").length];
}

Deno.test("example: every text of the report is in both languages, with the same values", () => {
  for (const [name, { en, ja }] of entries) {
    ok(!/[\u3000-\u9fff]/.test(en), `${name} is not English: ${en}`);
    const isUnit = name === "crossEntropy.value"; // "nat" in both
    ok(isUnit || /[\u3040-\u30ff\u4e00-\u9fff]/.test(ja), `${name} is not Japanese: ${ja}`);
    deepStrictEqual(marks(ja), marks(en), name);
  }
});

Deno.test("example: every text of the report is used", () => {
  const code = ["pages/report/report_page.ts", "commands/summary_command.ts"]
    .map((file) => Deno.readTextFileSync(new URL(`../../../lib/${file}`, import.meta.url)))
    .join("\n");
  deepStrictEqual(entries.map(([name]) => name).filter((name) => !code.includes(`"${name}"`)), []);
});

Deno.test("example: reportPage() in Japanese has Latin letters in names and units only, and says its language", () => {
  const facts = [["シード", "601"]] as const;
  const pages = [
    reportPage({ ...sampleReport({ hidden: 120 }), lang: "ja", facts }),
    reportPage({
      ...sampleReport(),
      lang: "ja",
      facts,
      misclassified: [],
      evaluation: { ...sampleReport().evaluation, correct: 50 },
    }),
  ];
  for (const page of pages) {
    deepStrictEqual([...new Set(wordsOf(page))].sort(), ["nat", "npz", "parameter"]);
    const langs = wellFormed(page).map(({ attributes }) => attributes.get("lang"));
    deepStrictEqual(langs.filter((lang) => lang !== undefined), ["ja", "ja", "ja"]); // html, svg
  }
  const english = reportPage(sampleReport());
  ok(!/[\u3000-\u9fff]/.test(english));
  // the same numbers in the same order
  const numbers = (page: string) => texts(page, "td").concat(texts(page, "dd"));
  const digits = (page: string) => numbers(page).map((text) => text.match(/[\d.]+/g)?.sort());
  deepStrictEqual(
    digits(reportPage({ ...sampleReport(), lang: "ja" })),
    digits(english),
  );
});

Deno.test("example: strongMarkup() escapes, and makes what is between asterisks strong", () => {
  strictEqual(strongMarkup("*5*, <b>").text, "<strong>5</strong>, &lt;b&gt;");
  const say = reportTexts("ja");
  strictEqual(say("misclassified.classes", { predicted: 5, label: 3 }), "予測 *5*、正解 *3*");
});
