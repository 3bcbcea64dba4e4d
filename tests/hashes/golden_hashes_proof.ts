/** Every runtime computes the golden hashes, and the programs print them. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import manifest from "../../deno.json" with { type: "json" };
import { run } from "../../scripts/run_program.ts";
import { cliProcess } from "../helpers/cli.ts";
import { testIf } from "../helpers/conditional.ts";
import { Folder } from "../helpers/folder.ts";
import { expectedResults, readGoldenHashes } from "./golden.ts";
import { bun, installed, NODE, RUNTIMES } from "./runtimes.ts";

const GOLDEN = readGoldenHashes();

for (const { name, needs, isAvailable, compute } of RUNTIMES) {
  testIf(isAvailable(), needs, `reference: ${name} computes the golden hashes`, async () => {
    deepStrictEqual(await compute(), expectedResults(GOLDEN));
  });
}

Deno.test("reference: train --hash prints the golden hashes of the runs that are named by its options", async () => {
  using folder = new Folder();
  const commands = Object.keys(GOLDEN).filter((name) => name.startsWith("train "));
  strictEqual(commands.length, 4);
  for (const command of commands) {
    const args = [...command.split(" "), "--quiet", "--hash"];
    const { stderr } = await cliProcess(args, { cwd: folder.path });
    strictEqual(stderr, `hash: ${GOLDEN[command]!.hash}\n`);
  }
});

testIf(
  NODE.isAvailable(),
  NODE.needs,
  "reference: examples/hash.js prints a golden hash in Node, Bun and Deno, from the package that npm installed",
  async () => {
    const { path } = await installed();
    const deno = [Deno.execPath(), "run", "--quiet", "--allow-read"];
    for (const [command, ...args] of [["node"], [await bun()], deno]) {
      const { stdout, stderr } = await run(command!, [...args, "hash.js", "2"], path);
      strictEqual(stdout.split("\n").length, 3);
      strictEqual(stderr, `hash: ${GOLDEN["train --epochs 2"]!.hash}\n`);
    }
  },
);

testIf(
  NODE.isAvailable(),
  NODE.needs,
  "example: the package for npm has the library alone, and the exact versions of deno.json",
  async () => {
    const folder = await installed(), place = "node_modules/@sanso/sanso/";
    const { exports, dependencies } = JSON.parse(
      Deno.readTextFileSync(folder.file(`${place}package.json`)),
    );
    deepStrictEqual(Object.keys(exports), [".", "./onnx"]);
    for (const [name, version] of Object.entries(dependencies)) {
      strictEqual(Object(manifest.imports)[name], `npm:${name}@${version}`);
    }
    for (const [name, target] of Object.entries(exports)) {
      const { default: file, types } = target as { default: string; types: string };
      for (const path of [file, types]) Deno.statSync(folder.file(place + path));
      const address = `@sanso/sanso${name.slice(1)}`;
      await run("node", ["--input-type=module", "--eval", `import "${address}"`], folder.path);
    }
  },
);
