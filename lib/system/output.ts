// Standard output for results; standard error for everything else, such as how far a job is.
import { isAbsolute, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { TrainingProgress } from "../../mod.ts";
import type { AnyEngine } from "./data.ts";
import { ifPossible, systemReason, UserError } from "./errors.ts";
import { oneLine } from "../text/escape.ts";
import { wrap } from "../text/layout.ts";
import { percent, significantDigits } from "../text/numbers.ts";

const encoder = new TextEncoder();

/** Takes lines for the user, if any are wanted. */
export type Log = ((line: string) => void) | undefined;

/** Thrown where the program that reads standard output has ended, as `head` does. */
export class BrokenPipe extends UserError {}

/** Writes a result to standard output; it is written when this returns. */
export function print(text: string): void {
  clearLine(Deno.stdout);
  try {
    writeAll(Deno.stdout, encoder.encode(`${text}\n`));
  } catch (error) {
    const message = `standard output: cannot be written: ${systemReason(error)}`;
    throw error instanceof Deno.errors.BrokenPipe
      ? new BrokenPipe(message)
      : new UserError(message);
  }
}

/** A full pipe that does not block takes so many bytes whole or not at all (POSIX). */
const PIPE_BYTES = 512;

/** Writes all bytes; where a pipe is full, it waits. */
export function writeAll(to: { writeSync(bytes: Uint8Array): number }, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length;) {
    try {
      // of more bytes Deno may have written a part when it throws
      written += to.writeSync(bytes.subarray(written, written + PIPE_BYTES));
    } catch (error) {
      if (!(error instanceof Deno.errors.WouldBlock)) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5); // milliseconds
    }
  }
}

/** Writes a line to standard error, broken to fit a terminal unless it is a command. */
export function info(line: string): void {
  const text = oneLine(line), isCommand = /^(next: | {6})|continue with: /.test(text);
  const columns = terminalColumns();
  const isBroken = !isCommand && Deno.stderr.isTerminal() && text.length > columns;
  printError(isBroken ? wrap(text, 0, columns) : text);
}

/** Writes text to standard error: a full disk under a log must not stop a training run. */
export function printError(text: string): void {
  clearLine(Deno.stderr);
  ifPossible(() => console.error(text));
}

/** Puts words beside a line that was just printed, on a terminal that has room for them. */
export function printBeside(printed: string, words: string): void {
  const line = `${printed.padEnd(20)} ${words}`; // losses have up to 20 characters
  const hasRoom = hasCursor() && Deno.stdout.isTerminal() && line.length < terminalColumns();
  if (hasRoom) write(`${UP}${line}\n`);
}

/** A command line that starts this program again: compiled, Deno from npm, or Deno. */
export function invocation(...args: readonly string[]): string {
  const { mainModule } = Deno;
  const main = mainModule.startsWith("file:") ? fromHere(fileURLToPath(mainModule)) : mainModule;
  // the shell does not find a Deno that npx has installed; to see its path needs permission
  const isNpx = ifPossible(() => /[\\/]_npx[\\/]/.test(Deno.execPath()));
  const deno = isNpx ? ["npx", "-y", `deno@${Deno.version.deno}`] : ["deno"];
  const program = Deno.build.standalone
    ? [fromHere(Deno.execPath(), `.${sep}`)]
    : [...deno, "run", "-A", main];
  return [...program, ...args].map(quoteForShell).join(" ");
}

/** A path as it is written in the present folder, whole if it is elsewhere. */
function fromHere(path: string, prefix = ""): string {
  const short = ifPossible(() => relative(Deno.cwd(), path)); // which may have been removed
  const isElsewhere = short === undefined || short.startsWith("..") || isAbsolute(short);
  return isElsewhere ? path : prefix + short;
}

/** A word of a command line, in quotes if a shell would take it apart: `'my run.npz'`. */
export function quoteForShell(word: string): string {
  return /^[\p{L}\p{N}_@%+=:,./-]+$/u.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** How far a job is, of so many parts, `evaluating: 100 of 10000 images`, and more about it. */
interface JobProgress {
  readonly what: string;
  readonly done: number;
  readonly all: number;
  readonly unit: string;
  /** Of these a narrow terminal leaves out the last. */
  readonly details?: readonly string[];
}

/** Shows how far a job is; to be disposed of with `using`. */
type Display = ReturnType<typeof showJob>;

/** Milliseconds between two changes of the line on a terminal, and between two lines of a log. */
const CHANGE_INTERVAL = 200, LOG_INTERVAL = 2000;

/** Moves the cursor to the start of the line above. */
const UP = "\r\x1b[1A";

/** Whether the terminal shows the line of a display, below all others. */
let isLineShown = false;

/** Clears that line, so that a stream can write others. */
function clearLine(stream: { isTerminal(): boolean }): void {
  if (!isLineShown || !stream.isTerminal()) return;
  write(`${UP}\x1b[J`); // with what was typed, such as ^C
  isLineShown = false;
}

/**
 * Shows how far a job is, on a terminal as a line that changes, whole also after a kill, elsewhere
 * as lines of a log; nothing without `log`.
 */
export function showJob(log: Log) {
  const isChanging = log && hasCursor();
  let first: { readonly time: number; readonly done: number } | undefined;
  let last = performance.now(), isBegun = false;
  return {
    show({ what, done, all, unit, details = [] }: JobProgress) {
      const time = performance.now();
      first ??= { time, done }; // a resumed run does not begin with nothing
      const isCleared = isBegun && !isLineShown;
      if (!isCleared && time - last < (isChanging ? CHANGE_INTERVAL : LOG_INTERVAL)) return;
      last = time;
      const perSecond = 1000 * (done - first.done) / (time - first.time);
      if (!(perSecond > 0)) return;
      const words = [
        `${what}: ${Number(done.toFixed(2))} of ${all} ${unit}`,
        `${formatDuration(Math.ceil((all - done) / perSecond))} left`,
        ...details,
        `${significantDigits(perSecond, 3)} ${unit}/s`,
      ];
      if (!isChanging) return log?.(words.join(", "));
      const columns = terminalColumns();
      while (words.length > 1 && words.join(", ").length >= columns) words.pop();
      // in one write, so that the terminal shows no half of it; some terminals wrap a full line
      write(`${isLineShown ? UP : ""}${words.join(", ").slice(0, columns - 1)}\x1b[K\n`);
      isLineShown = isBegun = true;
    },
    [Symbol.dispose]() {
      if (isBegun) clearLine(Deno.stderr);
    },
  };
}

/** How far a training run is. */
export function trainingProgress(
  { epoch, iteration, iterations, crossEntropy, accuracy }: TrainingProgress,
  epochs: number,
): JobProgress {
  const done = epoch - 1 + iteration / iterations, loss = crossEntropy.toFixed(4);
  const details = [`cross-entropy ${loss}`, `accuracy ${percent(accuracy)}`];
  return { what: "training", done, all: epochs, unit: "epochs", details };
}

/** An engine that shows of how many examples it has computed the scores. */
export function showExamples(
  engine: AnyEngine,
  what: string,
  display: Display,
): Pick<AnyEngine, "data" | "classes" | "scores" | "predictionsAndLosses"> {
  const { data, classes } = engine;
  let done = 0;
  const count = <Result>(examples: number, result: Result) => {
    done += examples;
    display.show({ what, done, all: data.count, unit: "images" });
    return result;
  };
  return {
    data,
    classes,
    scores: (chunk) => count(chunk.values.length, engine.scores(chunk)),
    predictionsAndLosses: (chunk) => count(chunk.values.length, engine.predictionsAndLosses(chunk)),
  };
}

/** A word of standard output in green or red, where there are colours and nobody refuses them. */
export function coloured(word: string, isRight: boolean): string {
  if (Deno.noColor || !Deno.stdout.isTerminal() || isDumb()) return word;
  return `\x1b[${isRight ? 32 : 31}m${word}\x1b[39m`;
}

/** Whether standard error is a terminal whose cursor moves. */
function hasCursor(): boolean {
  return Deno.stderr.isTerminal() && !isDumb();
}

/** Whether the terminal cannot move its cursor; without permission to ask, it can. */
function isDumb(): boolean {
  const variable = "TERM";
  return Deno.permissions.querySync({ name: "env", variable }).state === "granted" &&
    Deno.env.get(variable) === "dumb";
}

/** A duration as text: `2 h 3 min`. */
export function formatDuration(seconds: number): string {
  const [s, m, h] = [seconds % 60, Math.floor(seconds / 60) % 60, Math.floor(seconds / 3600)];
  return h > 0 ? `${h} h ${m} min` : m > 0 ? `${m} min ${s} s` : `${s} s`;
}

/** The columns of the terminal; 80 where it does not tell, or says 0. */
export function terminalColumns(): number {
  return ifPossible(() => Deno.consoleSize().columns) || 80;
}

/** Writes to the terminal; a closed one must not stop the run. */
function write(text: string): void {
  ifPossible(() => writeAll(Deno.stderr, encoder.encode(text)));
}
