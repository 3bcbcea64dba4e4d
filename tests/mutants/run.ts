/**
 * Makes each mistake of the catalogue in a copy of the project, and sees the test fail that must: `deno task mutants`.
 *
 * With `--write` the table goes to docs/mutants.md as well. Exit code 1 if a mistake is not caught as the catalogue says.
 *
 * @module
 */

import { CATALOGUE } from "./catalogue.ts";
import { apply, type Mistake } from "./mistake.ts";
import { inWorkspaces, type TestRun, type Workspace } from "./workspace.ts";

/** Copies in which tests run side by side. */
const WORKERS = 2;

/** Seconds for one test; the longest takes five. */
const LIMIT = 120;

/** Whose text the engine's machine code is made of, and into which file. */
const ASSEMBLY = "lib/simd/assembly/", MACHINE_CODE = "lib/simd/generated/simd_wasm.ts";

const mistakes = CATALOGUE.flatMap((chapter) => chapter.mistakes);

await assertSound();
let caught = 0;
const results = inWorkspaces(WORKERS, mistakes, make);
for (const { title, mistakes } of CATALOGUE) {
  console.log(`\n${title}`);
  for (const mistake of mistakes) {
    const why = whyNotCaught(mistake, (await results.next()).value!);
    if (why === undefined) caught++;
    console.log(`  ${why === undefined ? "caught  " : "SURVIVED"}  ${mistake.title}`);
    console.log(`            ${mistake.caughtBy.join(": ")}${why ?? ""}`);
  }
}
console.log(`\n${caught} of ${mistakes.length} mistakes caught`);
if (Deno.args.includes("--write")) await writeTable();
Deno.exit(caught === mistakes.length ? 0 : 1);

/** A test that fails anyway catches nothing: all that the catalogue names must pass where no mistake is made. */
async function assertSound(): Promise<void> {
  const named = Map.groupBy(mistakes, ({ caughtBy: [file] }) => file);
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
      `Cannot begin: of ${names.length} tests that the catalogue names in ${file} ${run.count} were run, ` +
        `and ${run.errors.size} failed without any mistake\n${[
          ...run.errors.values(),
        ]}${run.stderr}`,
    );
  }
}

async function make(workspace: Workspace, mistake: Mistake): Promise<TestRun> {
  const { file, caughtBy: [testFile, name] } = mistake;
  const test = () => workspace.test([testFile], { names: [name], limit: LIMIT });
  return await workspace.withText(file, apply(mistake, workspace.read(file)), () =>
    // the machine code is what it was again when this ends
    file.startsWith(ASSEMBLY)
      ? workspace.withText(MACHINE_CODE, workspace.read(MACHINE_CODE), async () => {
        await workspace.task("wasm");
        return await test();
      })
      : test());
}

/** Undefined if the named test failed in the named way. */
function whyNotCaught(mistake: Mistake, run: TestRun): string | undefined {
  const { caughtBy: [, name], noticedBy = "AssertionError" } = mistake;
  if (run.stopped) return `: not at an end after ${LIMIT} s`;
  const error = run.errors.get(name);
  if (error === undefined) return `: did not fail\n${run.stderr}`;
  // fast-check tells of the error that it met as a cause
  const kinds = [...error.matchAll(/^(?:Caused by: )?(\w*Error)\b/gm)].map(([, kind]) => kind);
  return kinds.includes(noticedBy) ? undefined : `: failed by no ${noticedBy}\n${error}`;
}

async function writeTable(): Promise<void> {
  const file = new URL("../../docs/mutants.md", import.meta.url);
  const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("*", "\\*");
  const chapters = CATALOGUE.map(({ title, mistakes }) =>
    `## ${title}\n\n| mistake | file | caught by |\n| --- | --- | --- |\n` +
    mistakes.map(({ title, file, caughtBy: [testFile, name] }) =>
      `| ${cell(title)} | [${file.split("/").at(-1)}](../${file}) ` +
      `| ${cell(name)} ([${testFile}](../tests/${testFile})) |\n`
    ).join("")
  );
  Deno.writeTextFileSync(
    file,
    `# Mistakes, and the tests that catch them

The mistakes people make in such programs. \`deno task mutants\` makes each of them in a copy of the project and sees the named test
fail by an assertion (where a transpose is missing, by the matrices' refusal to multiply). Types are not checked then: the type
checker would find some before any test is run. All ${mistakes.length} are caught.

This file is written by \`deno task mutants --write\`; the mistakes themselves stand in
[tests/mutants/catalogue/](../tests/mutants/catalogue).

${chapters.join("\n")}`,
  );
  await new Deno.Command(Deno.execPath(), { args: ["fmt", "--quiet", file.pathname] }).output();
}
