/** Runs the command line, in the test's process or in a process of its own. */
import { AssertionError, deepStrictEqual } from "node:assert/strict";
import { fileURLToPath } from "node:url";

export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface RunOptions {
  readonly cwd?: string;
  /** the text of standard input; empty by default */
  readonly stdin?: string;
}

interface ProcessOptions extends RunOptions {
  /** a file that takes standard output instead of `Run.stdout` */
  readonly stdoutTo?: string;
  /** Deno's permissions: by default all that the README asks for, and no network */
  readonly permissions?: readonly string[];
}

/** The program's entry. */
export const ENTRY: string = fileURLToPath(new URL("../../cli.ts", import.meta.url));

/** How the program would be started again: with npx, where that has started Deno. */
export const STARTED_BY: string = /[\\/]_npx[\\/]/.test(Deno.execPath())
  ? `npx -y deno@${Deno.version.deno} run -A`
  : "deno run -A";

/** Milliseconds until a run is stopped, such as one that should have been refused. */
const LIMIT = 30_000;

/**
 * Runs `main()` of `cli.ts` with these arguments in the test's process, which saves the start of
 * another. It has the test's permissions, and a terminal is never found.
 */
export async function cli(args: readonly string[], options: RunOptions = {}): Promise<Run> {
  // one after the other: a process has one working folder and one standard output
  const turn = lastTurn.then(() => runHere(args, options));
  lastTurn = turn.catch(() => {});
  return await turn;
}

let lastTurn: Promise<unknown> = Promise.resolve();

/**
 * Asserts that the program refuses: one line on standard error, nothing on standard output.
 *
 * It runs in the test's process, unless an option needs another one.
 */
export async function refuses(
  args: readonly string[],
  code: 1 | 2,
  line: string,
  options: ProcessOptions = {},
): Promise<void> {
  const expected: Run = { code, stdout: "", stderr: `error: ${line}\n` };
  const needsProcess = Object.keys(options).some((name) => name !== "cwd" && name !== "stdin");
  const found = await (needsProcess ? cliProcess : cli)(args, options);
  deepStrictEqual(found, expected, `sanso ${args.join(" ")}`);
}

/** Runs `main()` of `cli.ts` in this process. */
async function runHere(
  args: readonly string[],
  { cwd, stdin = "" }: RunOptions,
): Promise<Run> {
  const { main } = await import("../../cli.ts");
  const before = {
    cwd: Deno.cwd(),
    read: Deno.stdin.readSync,
    write: Deno.stdout.writeSync,
    error: console.error,
    terminals: [Deno.stdout.isTerminal, Deno.stderr.isTerminal] as const,
  };
  const text = new TextDecoder();
  let stdout = "", stderr = "", input = new TextEncoder().encode(stdin);
  Deno.stdin.readSync = (bytes) => {
    if (input.length === 0) return null;
    const read = input.subarray(0, bytes.length);
    bytes.set(read);
    input = input.subarray(read.length);
    return read.length;
  };
  Deno.stdout.writeSync = (bytes) => {
    stdout += text.decode(bytes, { stream: true }); // a write may end within a character
    return bytes.length;
  };
  console.error = (line) => stderr += `${line}\n`;
  Deno.stdout.isTerminal = Deno.stderr.isTerminal = () => false;
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new AssertionError({ message: "it still runs: was it not refused?" })),
    LIMIT,
  );
  try {
    if (cwd !== undefined) Deno.chdir(cwd);
    const code = await Promise.race([main(args), late.promise]);
    return { code, stdout, stderr };
  } finally {
    clearTimeout(timer);
    Deno.chdir(before.cwd);
    Deno.stdin.readSync = before.read;
    Deno.stdout.writeSync = before.write;
    console.error = before.error;
    [Deno.stdout.isTerminal, Deno.stderr.isTerminal] = before.terminals;
  }
}

/** Runs `cli.ts` with these arguments as a user does, in a process of its own. */
export async function cliProcess(
  args: readonly string[],
  { cwd, stdin = "", stdoutTo, permissions = ["--allow-read", "--allow-write"] }: ProcessOptions =
    {},
): Promise<Run> {
  const deno = [Deno.execPath(), "run", "--quiet", "--no-prompt", ...permissions, ENTRY, ...args];
  const to = stdoutTo === undefined ? "" : '>"$TO"';
  const child = new Deno.Command("sh", {
    args: ["-c", `exec "$@" ${to}`, "sh", ...deno],
    ...(cwd === undefined ? {} : { cwd }),
    // with a wish about colours commander would not look for others, and so need no permission
    env: { NO_COLOR: "", TO: stdoutTo ?? "" },
    signal: AbortSignal.timeout(LIMIT),
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
