/**
 * Applies every generic mutant of the files in targets.ts and checks that their tests fail: `deno
 * task mutants:generic`.
 *
 * Writes docs/mutants-generic.md if the survivors are those of equivalents.ts; otherwise prints the
 * difference and exits with 1.
 * With files as arguments, such as network/affine, it applies the mutants of these alone and writes
 * nothing.
 *
 * @module
 */

import { inWorkspaces, type Workspace } from "../workspace.ts";
import { type Mutant, mutantsOf } from "./mutate.ts";
import { path, reasonFor, writeReport } from "./report.ts";
import { TARGETS, testsOf } from "./targets.ts";

/** Copies in which tests run side by side. */
const WORKERS = 2;

/** Seconds that tests of the unchanged code may take. */
const UNCHANGED_LIMIT = 300;

interface Job {
  readonly file: string;
  readonly tests: readonly string[];
  /** Seconds after which a mutant runs for ever, which counts as killed. */
  readonly limit: number;
  readonly mutant: Mutant;
}

const files = Deno.args.length > 0 ? Deno.args : Object.keys(TARGETS);
const jobs: Job[] = [];
for await (const ofFile of inWorkspaces(1, files, prepare)) jobs.push(...ofFile);

const surprises: string[] = [];
let done = 0;
for await (const { job: { file, mutant }, killed } of inWorkspaces(WORKERS, jobs, run)) {
  if (++done % 100 === 0) console.error(`${done} of ${jobs.length}`);
  const reason = reasonFor(file, mutant);
  if (killed !== (reason === undefined)) {
    const fate = killed ? "is killed, but equivalents.ts lists it as a survivor" : "survives";
    surprises.push(`${path(file)}:${mutant.line} ${fate}: ${mutant.change}`);
    console.log(`${done} of ${jobs.length}: ${surprises.at(-1)}`);
  }
}
console.log(`${surprises.length} of ${jobs.length} mutants are not as expected`);
if (surprises.length > 0) Deno.exit(1);
if (Deno.args.length === 0) writeReport();

/**
 * A file's mutants. Its tests must pass without them; their duration determines the time limit.
 */
async function prepare(workspace: Workspace, file: string): Promise<Job[]> {
  const tests = testsOf(file);
  if (tests.length === 0) throw new Error(`Cannot mutate "${file}": targets.ts does not have it`);
  const start = performance.now();
  const { passed, errors, stderr } = await workspace.test(tests, { limit: UNCHANGED_LIMIT });
  if (!passed) {
    throw new Error(`Cannot mutate ${file}: its tests fail\n${[...errors.values()]}${stderr}`);
  }
  // twice for the other worker, and as much again for a busy machine
  const limit = 4 + 4 * (performance.now() - start) / 1000;
  return mutantsOf(workspace.read(path(file))).map((mutant) => ({ file, tests, limit, mutant }));
}

async function run(workspace: Workspace, job: Job): Promise<{ job: Job; killed: boolean }> {
  const { file, tests, limit, mutant } = job;
  const { passed } = await workspace.withText(
    path(file),
    mutant.text,
    () => workspace.test(tests, { failFast: true, limit }),
  );
  return { job, killed: !passed };
}
