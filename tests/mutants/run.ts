/**
 * Applies each mutant of the catalogue to a copy of the project and checks that its test fails:
 * `deno task mutants`.
 *
 * `deno task mutants exp NaN` applies those only whose file or title contains one of these words.
 * Exits with 1 if a mutant is not caught as the catalogue says. With `--write` it only writes the
 * table in docs/mutants.md.
 *
 * @module
 */

import { CATALOGUE } from "./catalogue.ts";
import { apply, type Mutant } from "./mutant.ts";
import { inWorkspaces, type TestRun, type Workspace } from "./workspace.ts";

/** Copies in which tests run side by side. */
const WORKERS = 2;

/** Seconds for one test; the longest takes five. */
const LIMIT = 120;

/** The engine's AssemblyScript source, and the module that is compiled from it. */
const ASSEMBLY = "lib/simd/assembly/", MACHINE_CODE = "lib/simd/generated/simd_wasm.ts";

if (Deno.args.includes("--write")) {
  await writeTable();
  Deno.exit();
}

const chapters = CATALOGUE.map(({ title, mutants }) => ({
  title,
  mutants: mutants.filter(({ title, file }) =>
    Deno.args.length === 0 || Deno.args.some((word) => `${file} ${title}`.includes(word))
  ),
})).filter(({ mutants }) => mutants.length > 0);
const mutants = chapters.flatMap((chapter) => chapter.mutants);

await assertSound();
let caught = 0;
const results = inWorkspaces(WORKERS, mutants, make);
for (const { title, mutants } of chapters) {
  console.log(`\n${title}`);
  for (const mutant of mutants) {
    const why = whyNotCaught(mutant, (await results.next()).value!);
    if (why === undefined) caught++;
    console.log(`  ${why === undefined ? "caught  " : "SURVIVED"}  ${mutant.title}`);
    console.log(`            ${mutant.caughtBy.join(": ")}${why ?? ""}`);
  }
}
console.log(`\n${caught} of ${mutants.length} mutants caught`);
Deno.exit(caught === mutants.length ? 0 : 1);

/**
 * A test that fails anyway proves nothing: every test that the catalogue names must pass without a
 * mutant.
 */
async function assertSound(): Promise<void> {
  const named = Map.groupBy(mutants, ({ caughtBy: [file] }) => file);
  const files = [...named].map(([file, group]) => ({
    file,
    names: [...new Set(group.map(({ caughtBy: [, name] }) => name))],
  }));
  const runs = inWorkspaces(
    WORKERS,
    files,
    async (workspace, { file, names }) => ({
      file,
      names,
      run: await workspace.test([file], { names, limit: LIMIT }),
    }),
  );
  for await (const { file, names, run } of runs) {
    if (run.passed && run.count === names.length) continue;
    throw new Error(
      `Cannot start: of ${names.length} tests that the catalogue names in ${file} ${run.count} ran, ` +
        `and ${run.errors.size} failed without any mutant\n${[
          ...run.errors.values(),
        ]}${run.stderr}`,
    );
  }
}

async function make(workspace: Workspace, mutant: Mutant): Promise<TestRun> {
  const { file, caughtBy: [testFile, name] } = mutant;
  const test = () => workspace.test([testFile], { names: [name], limit: LIMIT });
  return await workspace.withText(file, apply(mutant, workspace.read(file)), () =>
    // restores the compiled module afterwards
    file.startsWith(ASSEMBLY)
      ? workspace.withText(MACHINE_CODE, workspace.read(MACHINE_CODE), async () => {
        await workspace.task("wasm");
        return await test();
      })
      : test());
}

/** Undefined if the named test failed with the named error. */
function whyNotCaught(mutant: Mutant, run: TestRun): string | undefined {
  const { caughtBy: [, name], noticedBy = "AssertionError" } = mutant;
  if (run.stopped) return `: still running after ${LIMIT} s`;
  const error = run.errors.get(name);
  if (error === undefined) return `: did not fail\n${run.stderr}`;
  // fast-check reports the original error as a cause
  const kinds = [...error.matchAll(/^(?:Caused by: )?(\w*Error)\b/gm)].map(([, kind]) => kind);
  return kinds.includes(noticedBy) ? undefined : `: failed without ${noticedBy}\n${error}`;
}

async function writeTable(): Promise<void> {
  const file = new URL("../../docs/mutants.md", import.meta.url);
  const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("*", "\\*");
  const sections = CATALOGUE.map(({ title, mutants }) =>
    `## ${title}\n\n| mutant | file | caught by |\n| --- | --- | --- |\n` +
    mutants.map(({ title, file, caughtBy: [testFile, name] }) =>
      `| ${cell(title)} | [${file.split("/").at(-1)}](../${file}) ` +
      `| ${cell(name)} ([${testFile}](../tests/${testFile})) |\n`
    ).join("")
  );
  Deno.writeTextFileSync(
    file,
    `# Mutants

Errors that people make in such programs, each as one changed line, with the test that catches it. \`deno task mutants\`
applies each mutant to a copy of the project and checks that the named test fails with an assertion (or, where a missing
transpose makes the shapes wrong, with a ShapeError). It does not check types, which would reject some mutants before a test
runs. All ${CATALOGUE.flatMap(({ mutants }) => mutants).length} are caught.

\`deno task mutants --write\` writes this file from [tests/mutants/catalogue/](../tests/mutants/catalogue). Small random
changes have a list of their own: [generic mutants](mutants-generic.md).

${sections.join("\n")}`,
  );
  await new Deno.Command(Deno.execPath(), { args: ["fmt", "--quiet", file.pathname] }).output();
}
