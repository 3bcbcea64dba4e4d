// Comments: each file starts with one that says what it is for, and none is wider than 100 columns.
import { deepStrictEqual } from "node:assert/strict";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const FOLDERS = ["lib", "tests", "examples", "bench", "docs", "scripts"];

/** The TypeScript files in a folder, by path, except the generated ones. */
function* sources(folder: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(ROOT + folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory && name !== "generated" && name !== "node_modules") yield* sources(path);
    else if (name.endsWith(".ts")) yield path;
  }
}

const files = ["mod.ts", "cli.ts", ...FOLDERS.flatMap((folder) => [...sources(folder)])]
  .map((path) => ({ path, lines: Deno.readTextFileSync(ROOT + path).split("\n") }));

Deno.test("example: every source file starts with a comment", () => {
  const bare = files.filter(({ lines }) => !/^\/[/*]/.test(lines[0]!)).map(({ path }) => path);
  deepStrictEqual(bare, []);
});

Deno.test("example: no comment is wider than 100 columns", () => {
  const wide = files.flatMap(({ path, lines }) =>
    lines.flatMap((line, i) =>
      line.length > 100 && /^\s*(\/\*\*|\*|\/\/)| \/\/ /.test(line) ? [`${path}:${i + 1}`] : []
    )
  );
  deepStrictEqual(wide, []);
});
