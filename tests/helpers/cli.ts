/** Runs the command line in a process of its own, as a user does. */
import { deepStrictEqual } from "node:assert/strict";
import { fileURLToPath } from "node:url";

/** What a run left behind. */
export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How to run it. */
export interface RunOptions {
  /** the folder to run it in */
  readonly cwd?: string;
  /** what standard input holds: nothing by default */
  readonly stdin?: string;
  /** a path that is standard input in place of that text */
  readonly stdinFrom?: string;
  /** a file that takes standard output in place of `Run.stdout` */
  readonly stdoutTo?: string;
  /** Deno's permissions: by default all that the README asks for, and no network */
  readonly permissions?: readonly string[];
}

/** The program's entry. */
export const ENTRY: string = fileURLToPath(new URL("../../cli.ts", import.meta.url));

/** Processes at a time; more would only wait for one another. */
const AT_ONCE = 4;
let running = 0;
const waiting: (() => void)[] = [];

/** Runs `cli.ts` with these arguments. */
export async function cli(args: readonly string[], options: RunOptions = {}): Promise<Run> {
  if (running === AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  else running++;
  try {
    return await run(args, options);
  } finally {
    const next = waiting.shift();
    if (next) next(); // takes over this one's place
    else running--;
  }
}

/** Claims that the program refuses: one line on standard error, nothing on standard output. */
export async function refuses(
  args: readonly string[],
  code: 1 | 2,
  line: string,
  options: RunOptions = {},
): Promise<void> {
  const expected: Run = { code, stdout: "", stderr: `error: ${line}\n` };
  deepStrictEqual(await cli(args, options), expected, `sanso ${args.join(" ")}`);
}

async function run(
  args: readonly string[],
  { cwd, stdin = "", stdinFrom, stdoutTo, permissions = ["--allow-read", "--allow-write"] }:
    RunOptions,
): Promise<Run> {
  const deno = [Deno.execPath(), "run", "--quiet", "--no-prompt", ...permissions, ENTRY, ...args];
  const from = stdinFrom === undefined ? "" : '<"$FROM"';
  const to = stdoutTo === undefined ? "" : '>"$TO"';
  const child = new Deno.Command("sh", {
    args: ["-c", `exec "$@" ${from} ${to}`, "sh", ...deno],
    ...(cwd === undefined ? {} : { cwd }),
    // with a wish about colours commander would not look for others, and so need no permission
    env: { NO_COLOR: "", FROM: stdinFrom ?? "", TO: stdoutTo ?? "" },
    // no test's run takes so long: one that ought to have been refused might, and is killed
    signal: AbortSignal.timeout(30_000),
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const [output] = await Promise.all([child.output(), feed(child.stdin, stdin)]);
  const text = new TextDecoder();
  return {
    code: output.code,
    stdout: text.decode(output.stdout),
    stderr: text.decode(output.stderr),
  };
}

async function feed(stream: WritableStream<Uint8Array>, input: string): Promise<void> {
  const writer = stream.getWriter();
  try {
    await writer.write(new TextEncoder().encode(input));
    await writer.close();
  } catch (error) {
    // a program may end without having read its input
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}
