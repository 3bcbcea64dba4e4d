/**
 * Progress display of a long job: one line that changes on a terminal, plain lines elsewhere.
 *
 * @module
 */

import type { TrainingProgress, TrainingSettings } from "../../mod.ts";
import type { AnyEngine } from "./engines.ts";

/**
 * Least time between two plain lines about epochs, in milliseconds; the first and the last epoch
 * always have one. If no line came for {@linkcode SILENCE} milliseconds, the next batch has one.
 */
const EPOCH_INTERVAL = 1000, SILENCE = 5000;

/** Milliseconds between two plain lines of any other job, and before the first. */
const JOB_INTERVAL = 2000;

/** Milliseconds between two changes of the line on a terminal, and before the first. */
const CHANGE_INTERVAL = 200;

/** Speed and time left are measured over this number of changes: the last ten seconds. */
const MAX_MARKS = 50;

/** Columns for the words of a training run, and at most for a bar. */
const TRAINING_COLUMNS = 84, MAX_BAR_COLUMNS = 30;

/** Moves the cursor to the start of the line above. */
const UP = "\r\x1b[1A";

/** Shows how far a job is; to be disposed of with `using`. */
export interface Display<State> extends Disposable {
  /** Takes note of a state. */
  show(state: State): void;
  /** Clears the line, so that standard output, or another stream, can write one. */
  clear(stream?: { isTerminal(): boolean }): void;
}

/** A job of countable parts. */
export interface JobProgress {
  /** The present part of the job. */
  readonly what: string;
  /** The parts that are done. */
  readonly done: number;
  /** All parts. */
  readonly all: number;
  /** The parts' name: `entries`. */
  readonly unit: string;
}

/** How the states of a job are described. */
interface Wording<State> {
  /** The line on a terminal of so many columns. */
  line(state: State, columns: number): string;
  /** A line of a log. */
  plainLine(state: State): string;
  /** Whether a line of a log is due, so many milliseconds after the last, or after the start. */
  isDue(state: State, elapsed: number): boolean;
}

/** Shows how far a training run is; nothing without `log`. */
export function showProgress(
  { epochs }: Pick<TrainingSettings, "epochs">,
  log: ((line: string) => void) | undefined,
): Display<TrainingProgress> {
  return display(trainingWording(epochs), log);
}

/** Shows how far any other job is; nothing without `log`. */
export function showJob(log: ((line: string) => void) | undefined): Display<JobProgress> {
  const describe = ({ what, done, all, unit }: JobProgress) => `${what}: ${done} of ${all} ${unit}`;
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
): Pick<AnyEngine, "data" | "classes" | "parameters" | "scores" | "predictionsAndLosses"> {
  const { data } = engine;
  let done = 0;
  const count = <Result>(examples: number, result: Result) => {
    done += examples;
    display.show({ what, done, all: data.count, unit: "images" });
    return result;
  };
  return {
    data,
    classes: engine.classes,
    get parameters() {
      return engine.parameters;
    },
    scores: (indices) => count(indices.values.length, engine.scores(indices)),
    predictionsAndLosses: (indices) =>
      count(indices.values.length, engine.predictionsAndLosses(indices)),
  };
}

function display<State>(
  wording: Wording<State>,
  log: ((line: string) => void) | undefined,
): Display<State> {
  if (log === undefined) return { show() {}, clear() {}, [Symbol.dispose]() {} };
  return Deno.stderr.isTerminal() ? changingLine(wording) : plainLines(wording, log);
}

/**
 * The cursor waits below the line: a program that is killed leaves a whole line, the cursor at the
 * start of the next one, and no setting to restore.
 */
function changingLine<State>(wording: Wording<State>): Display<State> {
  let line: string | undefined, changed = performance.now(), isShown = false;
  const clear = () => {
    if (isShown) write(`${UP}\x1b[J`); // with what was typed, such as ^C
    isShown = false;
  };
  return {
    show(state) {
      const now = performance.now(), isDue = now - changed >= CHANGE_INTERVAL;
      if (isDue) {
        const columns = terminalColumns();
        // some terminals wrap a full line
        line = wording.line(state, columns).slice(0, columns - 1);
        changed = now;
      }
      if (line === undefined || isShown && !isDue) return;
      // in one write, so that the terminal shows no half of it
      write(`${isShown ? UP : ""}${line}\x1b[K\n`);
      isShown = true;
    },
    clear(stream = Deno.stdout) {
      if (stream.isTerminal()) clear();
    },
    [Symbol.dispose]: clear,
  };
}

function plainLines<State>(wording: Wording<State>, log: (line: string) => void): Display<State> {
  let last = performance.now();
  return {
    show(state) {
      const now = performance.now();
      if (!wording.isDue(state, now - last)) return;
      log(wording.plainLine(state));
      last = now;
    },
    clear() {},
    [Symbol.dispose]() {},
  };
}

function trainingWording(epochs: number): Wording<TrainingProgress> {
  const marks: { readonly time: number; readonly batches: number }[] = [];
  let shown: { readonly time: number; readonly epoch: number } | undefined;
  const start = performance.now();
  return {
    line(progress, columns) {
      const { epoch, iteration, iterations } = progress;
      marks.push({ time: performance.now(), batches: (epoch - 1) * iterations + iteration });
      if (marks.length > MAX_MARKS) marks.shift();
      const [first, last] = [marks[0]!, marks.at(-1)!];
      const speed = (last.batches - first.batches) / (last.time - first.time) * 1000;
      return describeTraining(progress, { epochs, batches: last.batches, speed, columns });
    },
    plainLine({ event, epoch, iteration, iterations, crossEntropy }) {
      const loss = crossEntropy.toFixed(4);
      if (event === "batch") {
        return `epoch ${epoch} of ${epochs}: iteration ${iteration} of ${iterations}, ` +
          `cross-entropy ${loss}`;
      }
      const time = performance.now(), before = shown ?? { time: start, epoch: epoch - 1 };
      const seconds = ((time - before.time) / (epoch - before.epoch) / 1000).toPrecision(3);
      shown = { time, epoch };
      return `epoch ${epoch} of ${epochs}: cross-entropy ${loss}, ${seconds} s per epoch`;
    },
    isDue({ event, epoch }, elapsed) {
      if (event === "batch") return elapsed >= SILENCE;
      return shown === undefined || epoch === epochs || elapsed >= EPOCH_INTERVAL;
    },
  };
}

/** The words and the bar; `speed` is in batches a second, and NaN before the second change. */
function describeTraining(
  { epoch, iteration, iterations, crossEntropy }: TrainingProgress,
  { epochs, batches, speed, columns }: Record<"epochs" | "batches" | "speed" | "columns", number>,
): string {
  const all = epochs * iterations, rate = speed / iterations;
  const shownRate = speed > 0 ? rate < 100 ? rate.toPrecision(3) : rate.toFixed(0) : "…";
  const left = speed > 0 ? formatDuration(Math.ceil((all - batches) / speed)) : "…";
  return `epoch ${epoch}/${epochs}, iteration ${iteration}/${iterations}, ` +
    `cross-entropy ${crossEntropy.toFixed(4)}, ${shownRate} epochs/s, ${left} left ` +
    bar(batches / all, columns - TRAINING_COLUMNS);
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

function terminalColumns(): number {
  try {
    return Deno.consoleSize().columns || 80; // some have a width of 0
  } catch {
    return 80; // it has just been closed
  }
}

function write(text: string): void {
  try {
    Deno.stderr.writeSync(new TextEncoder().encode(text));
  } catch {
    // a closed terminal must not stop the run
  }
}
