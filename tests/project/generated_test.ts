// Generated files are what their tasks generate; `deno task generate` brings all up to date.
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { BUNDLER } from "../../lib/pages/generated/scripts.ts";
import { assertUpToDate, GENERATED, ROOT } from "../helpers/generated_files.ts";

// the quick ones; generated_proof.ts has the others
for (
  const task of [
    "pretrained",
    "figures",
    "equations",
    "back-propagation",
    "reference",
    "performance",
  ]
) {
  const names = GENERATED[task]!.join(" and ");
  Deno.test(`example: \`deno task ${task}\` generates ${names}`, () => assertUpToDate(task));
}

Deno.test("example: `deno task generate` runs the task of every generated file", () => {
  const { tasks } = JSON.parse(Deno.readTextFileSync(new URL("deno.json", ROOT)));
  const run = tasks.generate.command.split(" && ");
  deepStrictEqual(run, Object.keys(GENERATED).map((task) => `deno task ${task}`));
  const files = [...Deno.readDirSync(new URL("lib", ROOT))].flatMap(({ name }) =>
    generatedFiles(`lib/${name}`)
  );
  const modules = Object.values(GENERATED).flat().filter((file) => file.endsWith(".ts"));
  deepStrictEqual(files.toSorted(), modules.toSorted());
});

/** The files in folders called `generated`. */
function generatedFiles(folder: string): string[] {
  return [...Deno.readDirSync(new URL(folder, ROOT))].flatMap(({ name, isDirectory }) => {
    const path = `${folder}/${name}`;
    if (isDirectory) return generatedFiles(path);
    return folder.endsWith("/generated") ? [path] : [];
  });
}

Deno.test("example: BUNDLER is the version of Deno in CI", () => {
  const script = Deno.readTextFileSync(new URL(".ci/run", ROOT));
  strictEqual(/^deno=(.+)$/m.exec(script)?.[1], BUNDLER);
});
