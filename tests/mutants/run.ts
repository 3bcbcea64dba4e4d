/**
 * Shows which small changes of the code no test notices: `deno task mutants FOLDER`.
 *
 * Applies every change of mutate.ts to a copy of the project, one at a time, and runs the fast
 * tests of the same folder: those of tests/network/ for lib/network/ or one of its files. What
 * follows FOLDER are other tests to run: `deno task mutants lib/commands tests/cli`. A change that
 * fails a test, or makes the tests run too long, is killed. The others are printed; survivors.txt
 * lists those that compute the same. Exits with 1 if these are not exactly the survivors.
 *
 * @module
 */

import { cpSync, globSync, statSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { type Mutant, mutantsOf } from "./mutate.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Copies of the project in which tests run side by side. */
const COPIES = 2;

/** Seconds that the tests of the unchanged code may take. */
const UNCHANGED_LIMIT = 300;

/** Run before the tests: the first counterexample is enough, and to shrink it can take minutes. */
const PRELOAD = `import fc from "fast-check";\nfc.configureGlobal({ endOnFailure: true });\n`;

/** A mutant of a file, and the tests that are to kill it within a number of seconds. */
interface Job {
  readonly file: string;
  readonly mutant: Mutant;
  readonly tests: readonly string[];
  readonly limit: number;
}

const [target, ...otherTests] = Deno.args;
if (target === undefined) {
  console.error("usage: deno task mutants FOLDER-OR-FILE [TEST-FOLDER-OR-FILE…]");
  Deno.exit(2);
}

const files = filesIn(target, "*.ts").filter((file) => !/\/(assembly|generated)\//.test(file));
if (files.length === 0) throw new Error(`Cannot mutate ${target}: no code is there`);
const copies = Array.from({ length: COPIES }, makeCopy);
try {
  const survivors = await survivorsOf(await prepare(files));
  const accepted = acceptedIn(files), printed = new Set(survivors);
  const unexpected = survivors.filter((survivor) => !accepted.has(survivor));
  const gone = [...accepted].filter((survivor) => !printed.has(survivor));
  for (const survivor of gone) console.log(`no survivor, but in survivors.txt: ${survivor}`);
  if (unexpected.length + gone.length > 0) Deno.exitCode = 1;
} finally {
  for (const copy of copies) Deno.removeSync(copy, { recursive: true });
}

/** The mutants of the files. Their tests must pass without them. */
async function prepare(files: readonly string[]): Promise<Job[]> {
  const jobs: Job[] = [], seconds = new Map<string, number>();
  for (const file of files) {
    const tests = testsOf(file), key = tests.toSorted().join();
    if (!seconds.has(key)) {
      const start = performance.now();
      if (!await pass(copies[0]!, tests, UNCHANGED_LIMIT)) {
        throw new Error(`Cannot mutate ${file}: without a mutant, its tests fail: ${tests}`);
      }
      seconds.set(key, (performance.now() - start) / 1000);
    }
    // twice for the other copy, and as much again for a busy machine
    const limit = 4 + 4 * seconds.get(key)!;
    const mutants = mutantsOf(Deno.readTextFileSync(ROOT + file));
    jobs.push(...mutants.map((mutant) => ({ file, mutant, tests, limit })));
  }
  return jobs;
}

/** Runs the jobs, prints each mutant that survives, and returns them. */
async function survivorsOf(jobs: readonly Job[]): Promise<string[]> {
  const survivors: string[] = [], queue = jobs.values();
  await Promise.all(copies.map(async (copy) => {
    for (const { file, mutant, tests, limit } of queue) {
      const original = Deno.readTextFileSync(ROOT + file);
      Deno.writeTextFileSync(join(copy, file), mutant.text);
      const survives = await pass(copy, tests, limit);
      Deno.writeTextFileSync(join(copy, file), original);
      if (!survives) continue;
      survivors.push(`${file}: ${mutant.change}`);
      console.log(`survives: ${file}:${mutant.line}: ${mutant.change}`);
    }
  }));
  console.log(`killed ${jobs.length - survivors.length} of ${jobs.length} planted`);
  return survivors;
}

/** Whether tests pass in a copy, without a type check. */
async function pass(copy: string, tests: readonly string[], limit: number): Promise<boolean> {
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "-A", "--no-check", "--fail-fast", "--preload=preload.ts", ...tests],
    cwd: copy,
    signal: AbortSignal.timeout(limit * 1000),
  }).output();
  return success;
}

/** The tests of a file, those of the same name first, as they kill most of its mutants. */
function testsOf(file: string): string[] {
  const all = otherTests.length > 0 ? otherTests : [join("tests", dirname(relative("lib", file)))];
  const tests = all.flatMap((path) => filesIn(path, "*_test.ts"));
  if (tests.length === 0) throw new Error(`Cannot mutate ${file}: no tests in ${all}`);
  const named = basename(file).replace(".ts", "_test.ts");
  return [...new Set([...tests.filter((test) => basename(test) === named), ...tests])];
}

/** A file, or the files in a folder, by their paths from the project's root. */
function filesIn(path: string, pattern: string): string[] {
  const inside = statSync(join(ROOT, path), { throwIfNoEntry: false });
  if (inside === undefined) return [];
  if (inside.isFile()) return [path];
  return globSync(`**/${pattern}`, { cwd: join(ROOT, path) }).toSorted()
    .map((name) => join(path, name));
}

/** A copy of the project in a temporary folder. */
function makeCopy(): string {
  const copy = Deno.makeTempDirSync({ prefix: "sanso-mutants-" });
  cpSync(ROOT, copy, { recursive: true, filter: (path) => !/\/(\.git|docs)$/.test(path) });
  Deno.writeTextFileSync(join(copy, "preload.ts"), PRELOAD);
  return copy;
}

/** The accepted survivors of the files: `file: change`, a line each below a reason in `#`. */
function acceptedIn(files: readonly string[]): Set<string> {
  const lines = Deno.readTextFileSync(new URL("survivors.txt", import.meta.url)).split("\n");
  return new Set(lines.filter((line) => files.some((file) => line.startsWith(`${file}: `))));
}
