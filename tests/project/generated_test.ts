// Generated files are what their tasks generate; `deno task generate` brings all up to date.
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { BUNDLER } from "../../lib/pages/playground/generated/scripts.ts";
import { testIf } from "../helpers/conditional.ts";

const root = new URL("../../", import.meta.url);

async function deno(...args: string[]): Promise<{ success: boolean; stderr: string }> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), { args, cwd: root }).output();
  return { success, stderr: new TextDecoder().decode(stderr) };
}

const assembly = "lib/simd/assembly/";
const { success: hasAssemblyScript } = await deno(
  ...["cache", "--config", `${assembly}deno.json`, "--frozen", `${assembly}build.ts`],
);

/** Each task, its files, and what it needs. */
const GENERATED: readonly (readonly [
  task: string,
  files: readonly string[],
  available: boolean,
  need: string,
])[] = [
  ["wasm", ["lib/simd/generated/simd_wasm.ts"], hasAssemblyScript, "AssemblyScript"],
  ["pretrained", ["lib/storage/generated/pretrained_parameters.ts"], true, ""],
  [
    "page",
    ["lib/pages/playground/generated/scripts.ts"],
    Deno.version.deno === BUNDLER,
    `Deno ${BUNDLER}, whose bundler wrote the file`,
  ],
  ["figures", ["docs/reproduction/seeds.svg", "docs/reproduction/curves_30.svg"], true, ""],
  ["equations", ["docs/equations.md"], true, ""],
];

for (const [task, files, available, need] of GENERATED) {
  // started for all at once
  const check = available ? deno("task", task, "--check") : undefined;
  const names = files.join(" and ");
  testIf(available, need, `example: \`deno task ${task}\` generates ${names}`, async () => {
    const { success, stderr } = await (check ?? deno("task", task, "--check"));
    ok(success, stderr);
  });
}

Deno.test("example: `deno task generate` runs the task of every generated file", () => {
  const { tasks } = JSON.parse(Deno.readTextFileSync(new URL("deno.json", root)));
  const run = tasks.generate.command.split(" && ");
  deepStrictEqual(run, GENERATED.map(([task]) => `deno task ${task}`));
  const files = [...Deno.readDirSync(new URL("lib", root))].flatMap(({ name }) =>
    generatedFiles(`lib/${name}`)
  );
  const modules = GENERATED.flatMap(([, files]) => files).filter((file) => file.endsWith(".ts"));
  deepStrictEqual(files.toSorted(), modules.toSorted());
});

/** The files in folders called `generated`. */
function generatedFiles(folder: string): string[] {
  return [...Deno.readDirSync(new URL(folder, root))].flatMap(({ name, isDirectory }) => {
    const path = `${folder}/${name}`;
    if (isDirectory) return generatedFiles(path);
    return folder.endsWith("/generated") ? [path] : [];
  });
}

Deno.test("example: BUNDLER is the version of Deno in CI", () => {
  const script = Deno.readTextFileSync(new URL(".ci/run", root));
  strictEqual(/^deno=(.+)$/m.exec(script)?.[1], BUNDLER);
});
