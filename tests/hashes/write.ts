// Computes the golden hashes in every runtime: `deno task hashes` writes them to
// fixtures/golden_hashes.json and to both blocks of docs/exactness.md. With `--check` it writes
// nothing, and fails if a hash is not the file's.
import { deepStrictEqual } from "node:assert/strict";
import { cpus } from "node:os";
import { code, table } from "../../scripts/generated_markdown.ts";
import { expectedResults, GOLDEN_FILE, hashOfAll, listHashes, readGoldenHashes } from "./golden.ts";
import { RUNTIMES } from "./runtimes.ts";

const isCheck = Deno.args.includes("--check");
let golden = isCheck ? readGoldenHashes() : undefined;
const rows: string[][] = [];
for (const { name, needs, isAvailable, version, compute } of RUNTIMES) {
  if (!isAvailable()) {
    if (!isCheck || Deno.env.has("CI")) throw new Error(`Cannot run ${name}: need ${needs}`);
    console.log(`${name}: skipped, needs ${needs}`);
    continue;
  }
  const results = await compute();
  golden ??= Object.fromEntries(results.map(({ name, hash, losses }) => [name, { hash, losses }]));
  deepStrictEqual(results, expectedResults(golden), `${name} computes other hashes`);
  rows.push([name, await version(), cpus()[0]!.model.trim(), code(await hashOfAll(results))]);
  console.log(rows.at(-1)!.join("  "));
}

if (!isCheck) {
  Deno.writeTextFileSync(GOLDEN_FILE, `${JSON.stringify(golden, undefined, 2)}\n`);
  const runs = `\`\`\`text\n${listHashes(golden!)}\n\`\`\``;
  const date = new Date().toISOString().slice(0, 10);
  fillIn("docs/exactness.md", {
    runs,
    runtimes: `Computed on ${date} by \`deno task hashes\`:\n\n` +
      table([["runtime", "version", "processor", "hash of all"], ...rows]),
  });
}

/** Replaces each block `<!-- name -->` … `<!-- end -->` of a page. */
function fillIn(page: string, blocks: Readonly<Record<string, string>>): void {
  const file = new URL(`../../${page}`, import.meta.url);
  const text = Deno.readTextFileSync(file).replaceAll(
    /(<!-- (\w+) -->\n)[^]*?(<!-- end -->)/g,
    (_, start, name, end) => `${start}\n${blocks[name]}\n\n${end}`,
  );
  Deno.writeTextFileSync(file, text);
  new Deno.Command(Deno.execPath(), { args: ["fmt", "--quiet", page] }).outputSync();
}
