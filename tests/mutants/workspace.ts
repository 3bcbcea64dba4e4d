/**
 * A copy of the project in which files are broken and tests are run.
 *
 * @module
 */

import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** The parts of the project that tests need. */
const NEEDED = [
  "cli.ts",
  "deno.json",
  "deno.lock",
  "fixtures",
  "lib",
  "mod.ts",
  "scripts",
  "tests",
];

/** Which tests to run, and how long at most. */
export interface TestOptions {
  /** The names of the tests to run; by default all. */
  readonly names?: readonly string[];
  /** Whether to stop at the first failure. */
  readonly failFast?: boolean;
  /** The time limit in seconds. */
  readonly limit: number;
}

/** The result of a test run. */
export interface TestRun {
  /** Whether all tests ran and none failed. */
  readonly passed: boolean;
  /** Whether the time limit stopped them. */
  readonly stopped: boolean;
  /** How many tests finished. */
  readonly count: number;
  /** The errors of those that failed, by name. */
  readonly errors: ReadonlyMap<string, string>;
  /** Standard error: the reason if no test ran at all. */
  readonly stderr: string;
}

/** A copy of the project in a temporary folder, which is removed when its block ends. */
export class Workspace implements Disposable {
  readonly #path = Deno.makeTempDirSync({ prefix: "sanso-mutants-" });

  /** Copies the project as it is now. */
  constructor() {
    for (const name of NEEDED) copy(join(ROOT, name), join(this.#path, name));
  }

  /** The text of a file, by its path from the project's root. */
  read(file: string): string {
    return Deno.readTextFileSync(join(this.#path, file));
  }

  /** Runs `act` while a file has another text. */
  async withText<T>(file: string, text: string, act: () => Promise<T>): Promise<T> {
    const original = this.read(file);
    Deno.writeTextFileSync(join(this.#path, file), text);
    try {
      return await act();
    } finally {
      Deno.writeTextFileSync(join(this.#path, file), original);
    }
  }

  /** Runs a task of deno.json; throws if that fails. */
  async task(name: string): Promise<void> {
    const { code, stdout, stderr } = await this.#deno(["task", name]);
    if (code !== 0) throw new Error(`Cannot run the task ${name}:\n${stdout}${stderr}`);
  }

  /**
   * Runs test files without a type check.
   *
   * @param files their names in tests/
   */
  async test(files: readonly string[], options: TestOptions): Promise<TestRun> {
    const { names, failFast = false, limit } = options;
    const { code, stdout, stderr } = await this.#deno([
      ...["test", "-A", "--no-check", "--reporter=tap"],
      `--preload=${join("tests", "mutants", "end_on_failure.ts")}`,
      ...names === undefined ? [] : [`--filter=/^(${names.map(escape).join("|")})$/`],
      ...failFast ? ["--fail-fast"] : [],
      ...files.map((file) => join("tests", file)),
    ], limit);
    const errors = new Map<string, string>();
    const lines = stdout.split("\n");
    lines.forEach((line, i) => {
      // the line after next holds what Deno knows of the failure
      const name = /^not ok \d+ - (.*)$/.exec(line)?.[1];
      if (name !== undefined) errors.set(name, JSON.parse(lines[i + 2]!).message);
    });
    const count = lines.filter((line) => /^(not )?ok \d+ - /.test(line)).length;
    return { passed: code === 0, stopped: code === STOPPED, count, errors, stderr };
  }

  async #deno(args: readonly string[], limit = 600) {
    const child = new Deno.Command(Deno.execPath(), {
      args: [...args],
      cwd: this.#path,
      env: { NO_COLOR: "1" },
      signal: AbortSignal.timeout(limit * 1000),
    });
    const { code, stdout, stderr } = await child.output();
    const text = new TextDecoder();
    return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
  }

  /** Removes it. */
  [Symbol.dispose](): void {
    Deno.removeSync(this.#path, { recursive: true });
  }
}

/** The exit code of a process that SIGTERM ended. */
const STOPPED = 143;

/**
 * Runs jobs in separate workspaces, `count` at a time; yields their results in the order of the
 * jobs.
 */
export async function* inWorkspaces<Job, Result>(
  count: number,
  jobs: readonly Job[],
  act: (workspace: Workspace, job: Job) => Promise<Result>,
): AsyncGenerator<Result, void, void> {
  const results = jobs.map(() => Promise.withResolvers<Result>());
  for (const { promise } of results) promise.catch(() => {}); // thrown when its turn comes
  let next = 0;
  const work = async () => {
    using workspace = new Workspace();
    while (next < jobs.length) {
      const i = next++;
      await act(workspace, jobs[i]!).then(results[i]!.resolve, results[i]!.reject);
    }
  };
  const workers = Promise.all(Array.from({ length: count }, work));
  try {
    for (const { promise } of results) yield await promise;
  } finally {
    next = jobs.length; // after an error no further job starts, and the copies are removed
    await workers;
  }
}

function copy(from: string, to: string): void {
  if (!Deno.statSync(from).isDirectory) return Deno.copyFileSync(from, to);
  Deno.mkdirSync(to);
  for (const { name } of Deno.readDirSync(from)) copy(join(from, name), join(to, name));
}

/** A test's name as a pattern for `--filter`. */
function escape(name: string): string {
  return name.replaceAll(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}
