/** docs/equations.md: what it names exists, and its numbers are those of the fixtures. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { fillIn } from "../../docs/equations.ts";
import * as sanso from "../../mod.ts";
import { runs } from "../helpers/fixtures.ts";
import { brokenLinks, headings } from "../helpers/markdown.ts";

const file = new URL("../../docs/equations.md", import.meta.url);
const text = Deno.readTextFileSync(file);

/** Files whose functions are the report's equations. */
const EQUATIONS = [
  "lib/network/affine.ts",
  "lib/network/sigmoid.ts",
  "lib/network/softmax_cross_entropy.ts",
  "lib/network/network.ts",
  "lib/network/sgd.ts",
];

/** Every `[`name`](../file.ts)`, as on the Code lines. */
const named = [...text.matchAll(/\[`([\w.]+)`\]\(\.\.\/([\w/]+\.ts)\)/g)].map(([, name, path]) => ({
  name: name!,
  path: path!,
}));

/** Every test on the Tests lines, with its file. */
const proofs = [
  ...text.matchAll(/^- \*\*Tests\*\*:\s+\[(.*)\]\(\.\.\/(.*)\)\n((?: {2}- `.*`\n)+)/gm),
]
  .flatMap(([, shown, path, list]) =>
    list!.trimEnd().split("\n").map((line) => ({
      shown: shown!,
      path: path!,
      test: line.slice("  - `".length, -1),
    }))
  );

async function exportsOf(path: string): Promise<Record<string, unknown>> {
  return await import(new URL(`../../${path}`, import.meta.url).href);
}

/** The names of a file's tests as written there, with … for what a template inserts. */
function testNames(path: string): string[] {
  const source = Deno.readTextFileSync(new URL(`../../${path}`, import.meta.url));
  return [...source.matchAll(/^ *(?:Deno\.test|numpyTest)\(\s*(["`])(.*?)\1,/gm)].map((
    [, , name],
  ) => name!.replaceAll(/\$\{.*?\}/g, "…"));
}

/** A document without its line breaks and the padding of its tables, which are left to deno fmt. */
function unformatted(markdown: string): string {
  return markdown.replaceAll(/-{3,}/g, "---").replaceAll(/\s+/g, " ");
}

Deno.test("example: `deno task equations` fills every block of docs/equations.md", () => {
  // a block that nothing fills would stay as it is
  const blocks = [...text.matchAll(/<!-- (?:step|quantities): /g)].length;
  strictEqual(text.match(/<!-- end -->/g)!.length, blocks);
  const emptied = text.replaceAll(/(<!-- \w+: .*-->\n)[^]*?(<!-- end -->)/g, "$1\n$2");
  ok(unformatted(fillIn(emptied)) === unformatted(text), "a block is not filled");
});

Deno.test("example: docs/equations.md names functions that are exported by the files beside them", async () => {
  ok(named.length > 30);
  for (const { name, path } of named) {
    const [first, member] = name.split(".") as [string, string?];
    const found = (await exportsOf(path))[first];
    strictEqual(typeof found, "function", `${first} of ${path}`);
    if (member === undefined) continue;
    const { prototype } = found as { prototype: object };
    ok(member in Object(found) || member in prototype, `${name} of ${path}`);
  }
});

Deno.test("example: docs/equations.md names tests that are in the files beside them", () => {
  ok(proofs.length > 40);
  strictEqual(proofs.length, text.match(/^ {2}- `/gm)!.length, "a test without a file above it");
  const missing = proofs.filter(({ path, test }) => !testNames(path).includes(test));
  deepStrictEqual(missing, []);
  deepStrictEqual(proofs.filter(({ shown, path }) => shown !== path), []);
});

Deno.test("example: docs/equations.md links to files and headings that are there", () => {
  deepStrictEqual(brokenLinks(file), []);
  // in the page itself, every erratum and every row of the first table links to its entry
  ok(text.match(/\]\(#/g)!.length > 20);
});

Deno.test("example: docs/equations.md names every function of the layers, the network and the step, in entries with proofs", async () => {
  const entries = text.split(/^#+ /m);
  for (const path of EQUATIONS) {
    for (const [name, value] of Object.entries(await exportsOf(path))) {
      strictEqual(sanso[name as keyof typeof sanso], value, `${name} of mod.ts`);
      const own = entries.filter((entry) => entry.includes(`[\`${name}\`](../${path})`));
      ok(own.length > 0, `${name} has no entry`);
      ok(own.every((entry) => entry.includes("**Tests**")), `${name} has an entry without tests`);
      ok(text.includes(`| \`${name}\` `), `${name} is not in the first table`);
    }
  }
});

Deno.test("example: docs/equations.md has the report's sections in the report's order", () => {
  deepStrictEqual(
    headings(text).map(({ title }) =>
      /^\p{Script=Han}[^ ]*|^\p{Script=Katakana}[^ ]*/u.exec(title)?.[0]
    )
      .filter((title) => title !== undefined),
    [
      "概要",
      "設計の方針",
      "前準備",
      "ロード",
      "学習",
      "逆伝播層",
      "ソフトマックス層",
      "全結合層",
      "シグモイド関数",
      "実際の動作",
      "学習の様子",
    ],
  );
});

/** The table of losses: epoch, the report's, NumPy's. */
const losses = [...text.matchAll(/^\| (\d) +\| ([\d.]+) +\| ([\d.]+) +\|$/gm)].map((row) =>
  row.slice(1).map(Number) as [number, number, number]
);

Deno.test("reference: docs/equations.md shows the losses of the original program under NumPy", () => {
  const { settings, losses: wanted } = runs()[0]!;
  deepStrictEqual([settings.seed, settings.epochs], [601, 5]);
  deepStrictEqual(
    losses.map(([epoch, , numpy]) => [epoch, numpy]),
    wanted.map((x, i) => [i + 1, x]),
  );
});
