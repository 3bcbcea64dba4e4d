/**
 * Progress display of a training run: one line that changes on a terminal, plain lines elsewhere.
 *
 * @module
 */

import type { TrainingProgress, TrainingSettings } from "../../mod.ts";

/** Milliseconds between two plain lines, at least; the last epoch's line always comes. */
const LINE_INTERVAL = 1000;

/** Milliseconds between two changes of the line on a terminal. */
const CHANGE_INTERVAL = 200;

/** Speed and time left are measured over this number of changes: the last ten seconds. */
const MAX_MARKS = 50;

/** Columns for the words, and at most for the bar after them. */
const WORD_COLUMNS = 84, MAX_BAR_COLUMNS = 30;

/** Shows how far a run is; to be disposed of with `using`. */
export interface Display extends Disposable {
  /** Takes note of a finished batch or epoch. */
  show(progress: TrainingProgress): void;
  /** Clears the line, so that standard output can write one. */
  clear(): void;
}

/**
 * The display that fits: none without `log`, a line that changes on a terminal, else plain lines.
 */
export function showProgress(
  { epochs }: Pick<TrainingSettings, "epochs">,
  log: ((line: string) => void) | undefined,
): Display {
  if (log === undefined) return { show() {}, clear() {}, [Symbol.dispose]() {} };
  return Deno.stderr.isTerminal() ? changingLine(epochs) : plainLines(epochs, log);
}

/**
 * Changes only the line that the cursor is in: a program that is killed leaves no setting to
 * restore.
 */
function changingLine(epochs: number): Display {
  const marks: { readonly time: number; readonly batches: number }[] = [];
  let line = "", isCleared = true;
  const clear = () => {
    if (!isCleared) write("\r\x1b[2K");
    isCleared = true;
  };
  return {
    show(progress) {
      const time = performance.now();
      const isDue = marks.length === 0 || time - marks.at(-1)!.time >= CHANGE_INTERVAL;
      if (isDue) {
        const { epoch, iteration, iterations } = progress;
        marks.push({ time, batches: (epoch - 1) * iterations + iteration });
        if (marks.length > MAX_MARKS) marks.shift();
        const [first, last] = [marks[0]!, marks.at(-1)!];
        const speed = (last.batches - first.batches) / (last.time - first.time) * 1000;
        line = describe(progress, epochs, last.batches, speed);
      }
      // in one write, so that the terminal shows no half of it
      if (isDue || isCleared) write(`\r${line}\x1b[K`);
      isCleared = false;
    },
    clear() {
      if (Deno.stdout.isTerminal()) clear();
    },
    [Symbol.dispose]: clear,
  };
}

/** The words and the bar; `speed` is in batches a second, and NaN before the second change. */
function describe(
  { epoch, iteration, iterations, crossEntropy }: TrainingProgress,
  epochs: number,
  batches: number,
  speed: number,
): string {
  const all = epochs * iterations, rate = speed / iterations;
  const shownRate = speed > 0 ? rate < 100 ? rate.toPrecision(3) : rate.toFixed(0) : "…";
  const left = speed > 0 ? formatDuration(Math.ceil((all - batches) / speed)) : "…";
  const columns = terminalColumns();
  const size = Math.max(0, Math.min(MAX_BAR_COLUMNS, columns - WORD_COLUMNS));
  const full = Math.round(size * batches / all);
  const text = `epoch ${epoch}/${epochs}, iteration ${iteration}/${iterations}, ` +
    `cross-entropy ${crossEntropy.toFixed(4)}, ${shownRate} epochs/s, ${left} left ` +
    "=".repeat(full) + "-".repeat(size - full);
  return text.slice(0, columns - 1); // some terminals wrap a full line
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

function plainLines(epochs: number, log: (line: string) => void): Display {
  let start = performance.now(), lastLine = -Infinity, count = 0;
  return {
    show({ event, epoch, crossEntropy }) {
      if (event !== "epoch") return;
      count++;
      const now = performance.now();
      if (now - lastLine < LINE_INTERVAL && epoch !== epochs) return;
      const seconds = ((now - start) / count / 1000).toPrecision(3);
      const loss = crossEntropy.toFixed(4);
      log(`epoch ${epoch} of ${epochs}: cross-entropy ${loss}, ${seconds} s per epoch`);
      [start, lastLine, count] = [now, now, 0];
    },
    clear() {},
    [Symbol.dispose]() {},
  };
}
