// The view Why, as the command renders it: its numbers and its words.
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { h } from "preact";
import { renderToString } from "preact-render-to-string";
import { initialParameters } from "../../lib/explain/explained_step.ts";
import { CUTS } from "../../lib/explain/weight_path.ts";
import { formatState, INITIAL_STATE, type PageState, STOPS } from "../../lib/pages/state.ts";
import { useLanguage } from "../../lib/pages/texts.ts";
import type { ViewProps } from "../../lib/pages/store.ts";
import { WhyView } from "../../lib/pages/why/why_view.tsx";
import { loadParametersOrPretrained } from "../../lib/system/runs.ts";
import { type AnyParameters, Dataset, RandomState } from "../../mod.ts";
import { cli } from "../helpers/cli.ts";
import { mnist } from "../helpers/fixtures.ts";

const examples = mnist("test").first(20);
const { parameters: pretrained } = await loadParametersOrPretrained(undefined);

/** The view's HTML. */
function html(
  changes: Partial<PageState> = {},
  parameters: AnyParameters = pretrained,
  data: ViewProps["examples"] = examples,
): string {
  const state = { ...INITIAL_STATE, ...changes };
  useLanguage(state.language ?? "en");
  const props = {
    ...{ state, examples: data, network: { parameters, origin: "page" } },
    link: (changes: Partial<PageState>) => `#${formatState({ ...state, ...changes })}`,
  } as unknown as ViewProps;
  return renderToString(h(WhyView, props));
}

/** The text of the elements of a class, or of a kind, without their tags. */
function texts(html: string, name: string, tag = "\\w+"): string[] {
  const attributes = name && `[^>]*class="[^"]*\\b${name}\\b`;
  const found = html.matchAll(new RegExp(`<(${tag})${attributes}.*?</\\1>`, "gs"));
  return [...found].map(([all]) => all.replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ").trim());
}

Deno.test("example: the product, the tangent and the command show the same digits", async () => {
  const page = html(), args = texts(page, "command", "p")[0]!.split(" ").slice(4, -1);
  strictEqual(args.join(" "), "explain --quantity dW1 --entry 3,400 --sample test:8");
  const { stdout } = await cli([...args, "--lang", "en"]);
  const [, passed, pixel, result] = /dW1\[3,400\] = \((\S+)\)·(\S+) = (\S+)\n$/.exec(stdout)!
    .map((part) => part.replace("-", "−"));
  deepStrictEqual(texts(page, "chip", "button"), [
    ...["3.056 weight to 5", "−0.6292 5: P − target", "1.660 weight to 6", "0.6284 6: P − target"],
    ...["−0.0021 8 others", "0.3611 1 − y", "0.6389 y", `${pixel} ink of the pixel`],
  ]);
  deepStrictEqual(
    [...texts(page, "sum", "p"), ...texts(page, "result", "div")],
    [
      ...["what unit 3 is told = −0.8820", `slope 0.2307, passed on = ${passed}`, `= ${result}`],
      `${result} dW1[3, 400]`,
    ],
  );
  ok(page.includes(`>slope ${result}</text>`), "the tangent");
  ok(page.includes(`id="why-answer">${result}<`), "the question");
});

Deno.test("example: the words follow from the numbers", () => {
  strictEqual(
    texts(html(), "lead", "p")[0],
    "Raise this weight by 0.01, and the loss falls by about 0.0010 : hence the minus.",
  );
  const blank = { focus: { M: 3, D: 0 } };
  ok(texts(html(blank), "lead", "p")[0]!.includes("stays as it is"));
  const words: readonly (readonly [Partial<PageState>, number, string])[] = [
    [{}, 0, "Pixel, unit, classes: the network says 6, and the target is 5."],
    [{ example: 0 }, 1, "Class 7 should have 1 and has 1.000; class 3 should have 0 and has ≈ 0."],
    [{}, 1, "Class 5 should have 1 and has 0.371; class 6 should have 0 and has 0.628."],
    [{}, 2, "Class 5 wants unit 3 stronger, class 6 weaker. 5 wins: it depends on unit 3 more."],
    [{ language: "ja" }, 2, "クラス 5 はユニット 3 を強めたい。"],
    [{}, 3, "Unit 3 is at 0.64, so it passes on 23 % of what it is told (at most 25 %)."],
    [{ focus: { M: 48, D: 400 } }, 3, "Unit 48 is at 1.00, so it passes on 0.0"],
    [{}, 4, "This pixel has 50 % ink, so this weight gets 50 % of that."],
    [blank, 4, "This pixel is blank: the weight touches nothing, so it gets 0."],
    [{}, 6, "All weights take one step: the loss falls from 0.9921 to 0.1448."],
    [{ rate: 5, batch: 8 }, 6, "All weights take one step: the loss rises"],
  ];
  for (const [changes, place, expected] of words) {
    const said = texts(html(changes), "", "li")[place]!;
    strictEqual(said.slice(0, expected.length), expected);
  }
});

Deno.test("law: no sentence has more than 25 words, in any of 20 images and both networks", () => {
  for (
    const parameters of [pretrained, initialParameters(601, examples.inputs, examples.classes)]
  ) {
    for (let example = 0; example < 20; example++) {
      for (const said of texts(html({ example }, parameters), "", "li")) {
        ok(said.split(" ").length <= 25, said);
      }
    }
  }
});

Deno.test("example: without a factor, the view lists the gradients that stay right", () => {
  for (const { id, quantity, mistake } of CUTS) {
    const page = html({ cut: id }), link = `view=break&amp;cut=${id}&amp;mistake=${mistake}`;
    ok(texts(page, "reasons", "p")[0]!.includes(`${quantity} ✗`), id);
    strictEqual(page.includes(link), mistake !== undefined);
    ok(texts(page, "result", "div")[0]!.includes("✗"));
    ok(texts(page, "chip cut", "button").length > 0, id);
    ok(page.includes("they do not agree") && page.includes('id="why-answer">−0.1013<'), id);
  }
  const page = html({ cut: "1-y", stop: "update" }), words = texts(page, "reasons", "p")[0]!;
  ok(words.startsWith("The gradient check finds: dA2 ✓ dW2 ✓ db2 ✓ dY1 ✓ dA1 ✗ "), words);
  ok(texts(page, "words", "p")[0]!.includes("a falling loss proves nothing"));
  for (const text of ["−0.5635", "= −0.2807"]) ok(page.includes(`>${text}</text>`), "the picture");
});

Deno.test("law: the view shows any network, image and stop", () => {
  const random = new RandomState(601), size = { width: 5, height: 3 };
  for (const [hidden, classes] of [[1, 2], [3, 3], [500, 12], [4096, 2], [7, 255]] as const) {
    const pixels = Uint8Array.from(random.randint(0, 256, 12 * 15));
    const labels = Uint8Array.from({ length: 12 }, (_, i) => i === 0 ? classes - 1 : i % classes);
    const data = Dataset.of(size, pixels, labels);
    const parameters = initialParameters(601, data.inputs, classes, hidden);
    for (const stop of STOPS) {
      for (const batch of [1, 3]) {
        // some updates take some tasks; the view is there from the first one on
        const page = html({ stop, batch, updates: 9 }, parameters, data);
        const isWhole = page.includes("why-answer") && !/NaN|undefined|Infinity/.test(page);
        ok(isWhole, `${hidden} units, ${classes} classes, ${stop}`);
      }
    }
  }
  for (const rate of [1e308, 1e-308]) ok(!/NaN/.test(html({ rate, stop: "update" })), `${rate}`);
});
