// Standard output for results; standard error for everything else, such as how far a job is.
import { isAbsolute, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { TrainingProgress, TrainingSettings } from "../../mod.ts";
import type { AnyEngine } from "./data.ts";
import { ifPossible, systemReason, UserError, wrapSystemError } from "./errors.ts";
import { oneLine } from "../text/escape.ts";
import { wrap } from "../text/layout.ts";
import { percent } from "../text/numbers.ts";

const encoder = new TextEncoder();

/** Takes lines for the user, if any are wanted. */
export type Log = ((line: string) => void) | undefined;

/** Thrown where the program that reads standard output has ended, as `head` does. */
export class BrokenPipe extends UserError {}

/** Writes a result to standard output; it is written when this returns. */
export function print(text: string): void {
  const bytes = encoder.encode(`${text}\n`);
  wrapSystemError("standard output", "written", () => {
    try {
      writeAll(Deno.stdout, bytes);
    } catch (error) {
      if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
      throw new BrokenPipe(`standard output: cannot be written: ${systemReason(error)}`);
    }
  });
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
  ifPossible(() => console.error(text));
}

/** A command line that starts this program again: compiled, Deno from npm, or Deno. */
export function invocation(...args: readonly string[]): string {
  const { mainModule } = Deno;
  const main = mainModule.startsWith("file:") ? fromHere(fileURLToPath(mainModule)) : mainModule;
  const program = Deno.build.standalone
    ? [fromHere(Deno.execPath(), `.${sep}`)]
    : [...denoCommand(), "run", "-A", main];
  return [...program, ...args].map(quoteForShell).join(" ");
}

/** `npx deno`, where that has installed Deno, which the shell does not find then. */
function denoCommand(): string[] {
  const isNpx = ifPossible(() => /[\\/]_npx[\\/]/.test(Deno.execPath())); // needs permission
  return isNpx ? ["npx", "-y", `deno@${Deno.version.deno}`] : ["deno"];
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

/** Shows how far a job is; to be disposed of with `using`. */
export interface Display<State> extends Disposable {
  show(state: State): void;
  /** Clears the line, so that standard output, or another stream, can write one. */
  clear(stream?: { isTerminal(): boolean }): void;
  /** Puts words beside a line that was just printed, on a terminal that has room for them. */
  beside(printed: string, words: string): void;
}

/** What is done of a job, and of how many parts: `evaluating: 100 of 10000 images`. */
export interface JobProgress {
  readonly what: string;
  readonly done: number;
  readonly all: number;
  readonly unit: string;
}

/** How the states of a job are described: by a line on a terminal, or by lines of a log. */
interface Wording<State> {
  line(state: State, columns: number): string;
  plainLine(state: State): string;
  /** Whether a line of a log is due, so many milliseconds after the last, or after the start. */
  isDue(state: State, elapsed: number): boolean;
}

/** Milliseconds between two changes of the line on a terminal, and before the first. */
const CHANGE_INTERVAL = 200;

/** Milliseconds between two lines of a log: about a job, about epochs, and within one. */
const JOB_INTERVAL = 2000, EPOCH_INTERVAL = 1000, BATCH_INTERVAL = 5000;

/** Columns of a bar, at most. */
const MAX_BAR_COLUMNS = 30;

/** Moves the cursor to the start of the line above. */
const UP = "\r\x1b[1A";

/** Shows how far any job is; nothing without `log`. */
export function showJob(log: Log): Display<JobProgress> {
  const start = performance.now();
  const describe = ({ what, done, all, unit }: JobProgress) => {
    const seconds = (performance.now() - start) / 1000 * (all - done) / done;
    return `${what}: ${done} of ${all} ${unit}, ${formatDuration(Math.ceil(seconds))} left`;
  };
  return display({
    line(state, columns) {
      const text = describe(state);
      return `${text} ${bar(state.done / state.all, columns - text.length - 2)}`;
    },
    plainLine: describe,
    isDue: (_, elapsed) => elapsed >= JOB_INTERVAL,
  }, log);
}

/** An engine that shows of how many examples it has computed the scores. */
export function showExamples(
  engine: AnyEngine,
  what: string,
  display: Display<JobProgress>,
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
    scores: (indices) => count(indices.values.length, engine.scores(indices)),
    predictionsAndLosses: (indices) =>
      count(indices.values.length, engine.predictionsAndLosses(indices)),
  };
}

/** Shows how far a training run is; nothing without `log`. */
export function showProgress(
  { epochs }: Pick<TrainingSettings, "epochs">,
  log: Log,
): Display<TrainingProgress> {
  const start = performance.now();
  let first: { readonly time: number; readonly batches: number } | undefined;
  let logged: { readonly time: number; readonly epoch: number } | undefined;
  return display({
    line({ epoch, iteration, iterations, crossEntropy, accuracy }, columns) {
      const time = performance.now(), batches = (epoch - 1) * iterations + iteration;
      const all = epochs * iterations;
      first ??= { time, batches };
      // batches a second, and NaN the first time
      const speed = (batches - first.batches) / (time - first.time) * 1000;
      const rate = speed / iterations;
      const shownRate = rate < 100 ? rate.toPrecision(3) : rate.toFixed();
      const parts = [
        `epoch ${epoch}/${epochs}`,
        `iteration ${iteration}/${iterations}`,
        `cross-entropy ${crossEntropy.toFixed(4)}`,
        `accuracy ${percent(accuracy)}`,
        `${speed > 0 ? shownRate : "…"} epochs/s`,
        `${speed > 0 ? formatDuration(Math.ceil((all - batches) / speed)) : "…"} left`,
      ];
      // what a narrow terminal has no room for
      for (const part of [4, 1, 2, 3].map((i) => parts[i]!)) {
        if (parts.join(", ").length >= columns) parts.splice(parts.indexOf(part), 1);
      }
      const words = parts.join(", ");
      return `${words} ${bar(batches / all, columns - words.length - 2)}`.trimEnd();
    },
    plainLine({ event, epoch, iteration, iterations, crossEntropy, accuracy }) {
      const loss = `cross-entropy ${crossEntropy.toFixed(4)}, accuracy ${percent(accuracy)}`;
      if (event === "batch") {
        return `epoch ${epoch} of ${epochs}: iteration ${iteration} of ${iterations}, ${loss}`;
      }
      const time = performance.now(), before = logged ?? { time: start, epoch: epoch - 1 };
      const seconds = ((time - before.time) / (epoch - before.epoch) / 1000).toPrecision(3);
      logged = { time, epoch };
      return `epoch ${epoch} of ${epochs}: ${loss}, ${seconds} s per epoch`;
    },
    isDue({ event, epoch }, elapsed) {
      if (event === "batch") return elapsed >= BATCH_INTERVAL;
      return logged === undefined || epoch === epochs || elapsed >= EPOCH_INTERVAL;
    },
  }, log);
}

/** On a terminal a line that changes, whole also after a kill; elsewhere lines of a log. */
function display<State>(wording: Wording<State>, log: Log): Display<State> {
  const isChanging = log && Deno.stderr.isTerminal() && !isDumb();
  let last = performance.now(), isShown = false;
  const clear = () => {
    if (!isShown) return;
    write(`${UP}\x1b[J`); // with what was typed, such as ^C
    isShown = false;
    last = -Infinity;
  };
  return {
    show(state) {
      const now = performance.now(), elapsed = now - last;
      if (isChanging ? elapsed < CHANGE_INTERVAL : !wording.isDue(state, elapsed)) return;
      last = now;
      if (!isChanging) return log?.(wording.plainLine(state));
      const columns = terminalColumns();
      // some terminals wrap a full line
      const line = wording.line(state, columns).slice(0, columns - 1);
      // in one write, so that the terminal shows no half of it
      write(`${isShown ? UP : ""}${line}\x1b[K\n`);
      isShown = true;
    },
    clear(stream = Deno.stdout) {
      if (stream.isTerminal()) clear();
    },
    beside(printed, words) {
      const line = `${printed.padEnd(20)} ${words}`; // losses have up to 20 characters
      const hasRoom = isChanging && Deno.stdout.isTerminal() && line.length < terminalColumns();
      if (hasRoom) write(`${UP}${line}\n`);
    },
    [Symbol.dispose]: clear,
  };
}

/** A word of standard output in green or red, where there are colours and nobody refuses them. */
export function coloured(word: string, isRight: boolean): string {
  if (Deno.noColor || !Deno.stdout.isTerminal() || isDumb()) return word;
  return `\x1b[${isRight ? 32 : 31}m${word}\x1b[39m`;
}

/** Whether the terminal cannot move its cursor; without permission to ask, it can. */
function isDumb(): boolean {
  const variable = "TERM";
  return Deno.permissions.querySync({ name: "env", variable }).state === "granted" &&
    Deno.env.get(variable) === "dumb";
}

/** A bar of at most so many columns. */
function bar(share: number, room: number): string {
  const size = Math.max(0, Math.min(MAX_BAR_COLUMNS, room)), full = Math.round(size * share);
  return "=".repeat(full) + "-".repeat(size - full);
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
