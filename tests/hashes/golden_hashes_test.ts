/** The golden hashes that take no time to compute, and those of docs/exactness.md. */
import { deepStrictEqual } from "node:assert/strict";
import { Dataset } from "../../mod.ts";
import { codeBlocks, tables } from "../helpers/markdown.ts";
import { expectedResults, hashOfAll, listHashes, readGoldenHashes } from "./golden.ts";
import { computeHashes } from "./runs.js";
import { RUNTIMES } from "./runtimes.ts";

const GOLDEN = readGoldenHashes();

Deno.test("reference: both engines compute the golden hashes on drawn images, resumed or not", async () => {
  const drawn = "drawImages()", expected = expectedResults(GOLDEN);
  const unused = Dataset.of({ width: 1, height: 1 }, Uint8Array.of(0, 0), Uint8Array.of(0, 1));
  const results = await computeHashes(unused, [drawn]);
  deepStrictEqual(results, expected.filter(({ name }) => name === drawn));
});

Deno.test("example: docs/exactness.md has the golden hashes, and the hash of all for every runtime", async () => {
  const text = Deno.readTextFileSync(new URL("../../docs/exactness.md", import.meta.url));
  const runs = codeBlocks(text).filter(({ language }) => language === "text");
  deepStrictEqual(runs.map(({ code }) => code.trimEnd()), [listHashes(GOLDEN)]);
  const [runtimes] = tables(text);
  const all = `\`${await hashOfAll(expectedResults(GOLDEN))}\``;
  deepStrictEqual(
    runtimes!.map(([name, version, , hash]) => [name, /^[\d.]+$/.test(version!), hash]),
    RUNTIMES.map(({ name }) => [name, true, all]),
  );
});
