// The playground's HTML: what it contains, and what its policy allows.
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { createHash } from "node:crypto";
import { fromBase64 } from "../../lib/formats/base64.ts";
import { type PlaygroundPage, playgroundPage, WORKER_POLICY } from "../../lib/pages/page.tsx";
import { blockImages, blockParameters } from "../../lib/pages/blocks.ts";
import { PAGE_SCRIPT, WORKER_SCRIPT } from "../../lib/pages/generated/scripts.ts";
import { Dataset, dim, initialise, RandomState } from "../../mod.ts";
import { wellFormed } from "../helpers/markup.ts";

const PARAMETERS = initialise(
  dim("inputs", 12),
  dim("hidden", 5),
  dim("classes", 3),
  new RandomState(601),
);

/** A page with 20 images of 4x3. */
function somePage(changes: Partial<PlaygroundPage> = {}): PlaygroundPage {
  const random = new RandomState(601);
  const examples = Dataset.of(
    { width: 3, height: 4 },
    Uint8Array.from(random.randint(0, 256, 20 * 12)),
    Uint8Array.from({ length: 20 }, (_, i) => i % 3),
  );
  return {
    name: "parameter.npz",
    parameters: PARAMETERS,
    examples,
    training: undefined,
    ...changes,
  };
}

/** Images that the page loads, and images that are in the page. */
const SERVED = { train: 60, test: 20 };
const EMBEDDED = { ...SERVED, embedded: { train: Uint8Array.of(1, 2), test: Uint8Array.of(3) } };

/** The contents of the script or style elements. */
function contents(html: string, name: string): string[] {
  return [...html.matchAll(new RegExp(`<${name}[^>]*>(.*?)</${name}>`, "gs"))].map(([, text]) =>
    text!
  );
}

/** The page without the contents of its scripts and styles, which are not markup. */
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

Deno.test("example: playgroundPage() allows only its own script and style, by their hashes", () => {
  const { html, policy } = playgroundPage(somePage());
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

Deno.test("example: playgroundPage() allows a page that trains files of its origin, or if they are embedded WebAssembly and workers of its own, and no address", () => {
  const policyOf = (training: PlaygroundPage["training"]) =>
    directives(playgroundPage(somePage({ training })).policy);
  const usual = policyOf(undefined);
  deepStrictEqual(
    policyOf(SERVED),
    new Map([...usual, ["worker-src", ["'self'"]], ["connect-src", ["'self'"]]]),
  );
  deepStrictEqual(
    policyOf(EMBEDDED),
    new Map([
      ...usual,
      ["script-src", [...usual.get("script-src")!, "'wasm-unsafe-eval'"]],
      ["worker-src", ["blob:"]],
    ]),
  );
  deepStrictEqual(
    directives(WORKER_POLICY),
    new Map([
      ["default-src", ["'none'"]],
      ["script-src", ["'wasm-unsafe-eval'"]],
      ["worker-src", ["blob:"]],
    ]),
  );
});

Deno.test("example: playgroundPage() is well-formed, loads nothing and contains its policy", () => {
  for (const training of [undefined, SERVED, EMBEDDED]) {
    const { html, policy } = playgroundPage(somePage({ training }));
    const tags = wellFormed(shell(html));
    const meta = tags.find(({ attributes }) => attributes.has("http-equiv"))!.attributes;
    strictEqual(meta.get("http-equiv"), "Content-Security-Policy");
    strictEqual(meta.get("content")!.replaceAll("&#39;", "'"), policy);
    for (const { name, attributes } of tags) {
      ok(!["iframe", "object", "embed", "base", "img"].includes(name), name);
      for (const [attribute, value] of attributes) {
        // a style attribute would need 'unsafe-inline'
        ok(!attribute.startsWith("on") && attribute !== "src" && attribute !== "style", attribute);
        if (attribute === "href") ok(/^(data:|#)/.test(value), value);
      }
    }
    const ids = tags.flatMap(({ attributes }) => attributes.get("id") ?? []);
    strictEqual(new Set(ids).size, ids.length, "an id occurs twice");
    for (const { attributes } of tags) {
      for (const name of ["aria-labelledby", "aria-describedby"]) {
        const id = attributes.get(name);
        ok(id === undefined || ids.includes(id), `no element ${id}`);
      }
    }
    const main = tags.find(({ attributes }) => attributes.get("id") === "page")!.attributes;
    deepStrictEqual(
      [main.get("data-train-images"), main.get("data-test-images")],
      training ? ["60", "20"] : [undefined, undefined],
    );
  }
});

Deno.test("example: playgroundPage() contains the given parameters and examples", () => {
  const page = somePage(), { html } = playgroundPage(page);
  const block = (name: string) => {
    const [, sizes, bytes] = new RegExp(`id="${name}" data-sizes="([^"]*)">([^<]*)<`).exec(html)!;
    return { sizes: sizes!.split(" ").map(Number), bytes: fromBase64(bytes!.trim()) };
  };
  deepStrictEqual(blockParameters(block("parameters")), PARAMETERS);
  deepStrictEqual(blockImages(block("examples")), page.examples);
});

Deno.test("example: playgroundPage() contains the images to train on and the workers' scripts only if they are given", () => {
  const scriptsOf = (training: PlaygroundPage["training"]) =>
    new Map(
      [
        ...playgroundPage(somePage({ training })).html
          .matchAll(/<script type="[^"]*" id="([^"]*)"[^>]*>(.*?)<\/script>/gs),
      ]
        .map(([, id, text]) => [id!, text!]),
    );
  const served = scriptsOf(SERVED), embedded = scriptsOf(EMBEDDED);
  deepStrictEqual([...served.keys()], ["rules-json", "parameters", "examples"]);
  deepStrictEqual(
    embedded,
    new Map([
      ...served,
      ["train-npz", "AQI="],
      ["test-npz", "Aw=="],
      ["worker-script", WORKER_SCRIPT],
    ]),
  );
});

Deno.test("example: playgroundPage() escapes the name", () => {
  const { html } = playgroundPage(somePage({ name: `</title><script>alert("1")</script>` }));
  const words = "&lt;/title>&lt;script>alert(&quot;1&quot;)&lt;/script>";
  ok(html.includes(`<title>sanso: ${words}</title>`));
  deepStrictEqual(contents(html, "script").length, 4);
});

Deno.test("example: the page's script is smaller than 200 KB", () => {
  const { length } = new TextEncoder().encode(PAGE_SCRIPT);
  ok(length < 200 * 1024, `${length} bytes`);
});
