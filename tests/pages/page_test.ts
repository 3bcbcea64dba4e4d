// The playground's HTML: what it contains, and what its policy allows.
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { createHash } from "node:crypto";
import { fromBase64 } from "../../lib/formats/base64.ts";
import { blockImages, blockParameters } from "../../lib/pages/page_data.ts";
import { PAGE_SCRIPT, WORKER_SCRIPT } from "../../lib/pages/generated/scripts.ts";
import { type PlaygroundPage, playgroundPage, WORKER_POLICY } from "../../lib/pages/page.tsx";
import { Dataset, dim, initialise, RandomState } from "../../mod.ts";
import { wellFormed } from "../helpers/markup.ts";

const random = new RandomState(601);

/** Contents of a page with 20 images of 4x3, which cannot train. */
const CONTENTS: PlaygroundPage = {
  name: `</title><script>alert("1")</script>`,
  parameters: initialise(dim("inputs", 12), dim("hidden", 5), dim("classes", 3), random),
  examples: Dataset.of(
    { width: 3, height: 4 },
    Uint8Array.from(random.randint(0, 256, 20 * 12)),
    Uint8Array.from({ length: 20 }, (_, i) => i % 3),
  ),
  training: undefined,
};

/** A page that cannot train, one that loads its images, and one that has them. */
const [UNTRAINED, SERVED, EMBEDDED] = [
  undefined,
  { train: 60, test: 20 },
  { train: 60, test: 20, embedded: { train: Uint8Array.of(1, 2), test: Uint8Array.of(3) } },
].map((training) => playgroundPage({ ...CONTENTS, training })) as [Page, Page, Page];
type Page = ReturnType<typeof playgroundPage>;

/** The contents of the elements of a name, and their ids. */
function contents({ html }: Page, name: string): (readonly [id: string | undefined, string])[] {
  return [...html.matchAll(new RegExp(`<${name}([^>]*)>(.*?)</${name}>`, "gs"))]
    .map(([, attributes, text]) => [/ id="([^"]*)"/.exec(attributes!)?.[1], text!]);
}

const directives = (policy: string) => new Set(policy.split("; "));

Deno.test("example: playgroundPage() allows only its own script and style, and what training needs", () => {
  const [, script] = contents(UNTRAINED, "script").at(-1)!, styles = contents(UNTRAINED, "style");
  strictEqual(script, PAGE_SCRIPT);
  strictEqual(styles.length, 1);
  const sha256 = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  const usual = [
    ...["default-src 'none'", `style-src ${sha256(styles[0]![1])}`, "img-src data:"],
    ...["base-uri 'none'", "form-action 'none'"],
  ];
  const own = `script-src ${sha256(script)}`;
  deepStrictEqual(directives(UNTRAINED.policy), new Set([...usual, own]));
  const served = [...usual, own, "worker-src 'self'", "connect-src 'self'"];
  deepStrictEqual(directives(SERVED.policy), new Set(served));
  const embedded = [...usual, `${own} 'wasm-unsafe-eval'`, "worker-src blob:"];
  deepStrictEqual(directives(EMBEDDED.policy), new Set(embedded));
  const worker = ["default-src 'none'", "script-src 'wasm-unsafe-eval'", "worker-src blob:"];
  deepStrictEqual(directives(WORKER_POLICY), new Set(worker));
});

Deno.test("example: playgroundPage() is well-formed, escapes its name, loads nothing and contains its policy", () => {
  const name = "&lt;/title>&lt;script>alert(&quot;1&quot;)&lt;/script>";
  for (const { html, policy } of [UNTRAINED, SERVED, EMBEDDED]) {
    ok(html.includes(`<title>sanso: ${name}</title>`));
    // the contents of scripts and styles are no markup
    const tags = wellFormed(html.replace(/(<(script|style)[^>]*>).*?(<\/\2>)/gs, "$1$3"));
    const meta = tags.find(({ attributes }) => attributes.has("http-equiv"))!.attributes;
    strictEqual(meta.get("http-equiv"), "Content-Security-Policy");
    strictEqual(meta.get("content")!.replaceAll("&#39;", "'"), policy);
    const ids = tags.flatMap(({ attributes }) => attributes.get("id") ?? []);
    strictEqual(new Set(ids).size, ids.length, "an id occurs twice");
    for (const { name, attributes } of tags) {
      ok(!["iframe", "object", "embed", "base", "img"].includes(name), name);
      for (const [attribute, value] of attributes) {
        // a style attribute would need 'unsafe-inline'
        ok(!attribute.startsWith("on") && attribute !== "src" && attribute !== "style", attribute);
        if (attribute === "href") ok(/^(data:|#)/.test(value), value);
        if (/^aria-(labelledby|describedby)$/.test(attribute)) ok(ids.includes(value), value);
      }
    }
  }
});

Deno.test("example: playgroundPage() contains what it is given, and images and the workers' script if it shall", () => {
  const blocks = (page: Page) => new Map(contents(page, "script").filter(([id]) => id));
  const usual = blocks(UNTRAINED);
  deepStrictEqual([...usual.keys()], ["parameters", "examples"]);
  deepStrictEqual(blocks(SERVED), usual);
  const more = [["train-images", "AQI="], ["test-images", "Aw=="], [
    "worker-script",
    WORKER_SCRIPT,
  ]];
  deepStrictEqual(blocks(EMBEDDED), new Map([...usual, ...more as [string, string][]]));
  const counts = "&quot;counts&quot;:{&quot;train&quot;:60,&quot;test&quot;:20}";
  ok(SERVED.html.includes(counts));
  ok(!UNTRAINED.html.includes("&quot;counts&quot;"));
  const bytes = (id: string) => fromBase64(usual.get(id)!.trim());
  const parameters = { sizes: [12, 5, 3], bytes: bytes("parameters") };
  deepStrictEqual(blockParameters(parameters), CONTENTS.parameters);
  deepStrictEqual(blockImages({ sizes: [3, 4], bytes: bytes("examples") }), CONTENTS.examples);
  for (const sizes of ["12 5 3", "3 4"]) ok(UNTRAINED.html.includes(`data-sizes="${sizes}"`));
});

Deno.test("example: the page's script is smaller than 200 KB", () => {
  const { length } = new TextEncoder().encode(PAGE_SCRIPT);
  ok(length < 200 * 1024, `${length} bytes`);
});
