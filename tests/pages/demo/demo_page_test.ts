/** The page to draw on, before a browser sees it: what it holds, what it may run, and that its script is the one of the source. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { createHash } from "node:crypto";
import { fromBase64 } from "../../../lib/formats/base64.ts";
import { type DemoPage, demoPage } from "../../../lib/pages/demo/demo_page.ts";
import { readDataset } from "../../../lib/pages/demo/dataset_npz.ts";
import { BUNDLER, PAGE_SCRIPT, TRAINER_SCRIPT } from "../../../lib/pages/demo/generated/scripts.ts";
import { Dataset, initialise, RandomState, readParameters, writeParameters } from "../../../mod.ts";
import { wellFormed } from "../../helpers/markup.ts";
import { testIf } from "../../helpers/conditional.ts";

const PARAMETERS = writeParameters(initialise(12, 5, 3, new RandomState(601)));

/** A page with 20 images of 4x3. */
function somePage(changes: Partial<DemoPage> = {}): DemoPage {
  const random = new RandomState(601);
  const examples = Dataset.of(
    { width: 3, height: 4 },
    Uint8Array.from(random.randint(0, 256, 20 * 12)),
    Uint8Array.from({ length: 20 }, (_, i) => i % 3),
  );
  return { name: "parameter.npz", parameters: PARAMETERS, examples, training: false, ...changes };
}

/** What the elements of a name hold, which are not markup: scripts and styles. */
function contents(html: string, name: string): string[] {
  return [...html.matchAll(new RegExp(`<${name}[^>]*>(.*?)</${name}>`, "gs"))].map(([, text]) =>
    text!
  );
}

/** The page with its scripts and styles emptied, so that it can be read as markup. */
function shell(html: string): string {
  return html.replace(/(<(script|style)[^>]*>).*?(<\/\2>)/gs, "$1$3");
}

function directives(policy: string): Map<string, string[]> {
  return new Map(
    policy.split("; ").map((part) => {
      const [name, ...sources] = part.split(" ");
      return [name!, sources];
    }),
  );
}

function sha256(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

Deno.test("example: demoPage() allows its own script and style by their hashes, and nothing else", () => {
  const { html, policy } = demoPage(somePage());
  const scripts = contents(html, "script"), [style, ...moreStyles] = contents(html, "style");
  strictEqual(scripts.at(-1), PAGE_SCRIPT);
  deepStrictEqual(moreStyles, []);
  deepStrictEqual(
    directives(policy),
    new Map([
      ["default-src", ["'none'"]],
      ["script-src", [sha256(PAGE_SCRIPT)]],
      ["style-src", [sha256(style!)]],
      ["img-src", ["data:"]],
      ["base-uri", ["'none'"]],
      ["form-action", ["'none'"]],
    ]),
  );
});

Deno.test("example: demoPage() of a page that trains allows WebAssembly and what lies beside it", () => {
  const usual = directives(demoPage(somePage()).policy);
  const more = directives(demoPage(somePage({ training: true })).policy);
  deepStrictEqual(
    more,
    new Map([
      ...usual,
      ["script-src", [...usual.get("script-src")!, "'wasm-unsafe-eval'"]],
      ["worker-src", ["'self'"]],
      ["connect-src", ["'self'"]],
    ]),
  );
  ok(TRAINER_SCRIPT.includes("train.npz"));
});

Deno.test("example: demoPage() is sound markup that loads nothing and carries its policy", () => {
  for (const training of [false, true]) {
    const { html, policy } = demoPage(somePage({ training }));
    const tags = wellFormed(shell(html));
    const meta = tags.find(({ attributes }) => attributes.has("http-equiv"))!.attributes;
    strictEqual(meta.get("http-equiv"), "Content-Security-Policy");
    strictEqual(meta.get("content")!.replaceAll("&#39;", "'"), policy);
    for (const { name, attributes } of tags) {
      ok(!["iframe", "object", "embed", "base", "img", "a"].includes(name), name);
      for (const [attribute, value] of attributes) {
        // a style attribute would need 'unsafe-inline'
        ok(!attribute.startsWith("on") && attribute !== "src" && attribute !== "style", attribute);
        if (attribute === "href") strictEqual(value, "data:,");
      }
    }
    const ids = tags.flatMap(({ attributes }) => attributes.get("id") ?? []);
    strictEqual(new Set(ids).size, ids.length, "an id twice");
    for (const { attributes } of tags) {
      for (const name of ["aria-labelledby", "aria-describedby"]) {
        const id = attributes.get(name);
        ok(id === undefined || ids.includes(id), `no element ${id}`);
      }
    }
    strictEqual(html.includes('<form id="train">'), training);
  }
});

Deno.test("example: demoPage() holds parameters and examples as they were given", () => {
  const page = somePage(), { html } = demoPage(page);
  const block = (name: string) =>
    fromBase64(new RegExp(`id="${name}-npz">([^<]*)<`).exec(html)![1]!);
  deepStrictEqual(block("parameters"), PARAMETERS);
  deepStrictEqual(readParameters(block("parameters")), readParameters(PARAMETERS));
  deepStrictEqual(readDataset(block("examples")), page.examples);
});

Deno.test("example: demoPage() shows a hostile name as words", () => {
  const { html } = demoPage(somePage({ name: `</title><script>alert("1")</script>` }));
  const words = "&lt;/title&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;";
  ok(html.includes(`<title>Draw a digit: ${words}</title>`));
  deepStrictEqual(contents(html, "script").length, 3);
});

Deno.test("example: BUNDLER is the Deno of CI", () => {
  const script = Deno.readTextFileSync(new URL("../../../.ci/run", import.meta.url));
  strictEqual(/^deno=(.+)$/m.exec(script)?.[1], BUNDLER);
});

testIf(
  Deno.version.deno === BUNDLER,
  `Deno ${BUNDLER}, whose bundler made it`,
  "example: `deno task page` gives scripts.ts to the byte",
  () => {
    const args = ["run", "-A", "lib/pages/demo/build.ts", "--print"];
    const cwd = new URL("../../..", import.meta.url);
    const { success, stdout, stderr } = new Deno.Command(Deno.execPath(), { args, cwd })
      .outputSync();
    const text = new TextDecoder();
    ok(success, text.decode(stderr));
    const kept = Deno.readTextFileSync(
      new URL("../../../lib/pages/demo/generated/scripts.ts", import.meta.url),
    );
    ok(text.decode(stdout) === kept, "scripts.ts is not what its source gives: `deno task page`");
  },
);
