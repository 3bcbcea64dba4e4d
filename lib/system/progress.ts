/**
 * What the person who waits sees: one line that changes on a terminal, plain lines now and then elsewhere.
 *
 * @module
 */

import cliProgress from "cli-progress";
import type { TrainingProgress, TrainingSettings } from "../training/train.ts";

/** Where nobody watches, a line comes at most every so many milliseconds. */
const LINE_AFTER = 1000;

/** On a terminal the line changes every so many milliseconds. */
const CHANGE_AFTER = 200;

/** So many columns are left to the words; the bar has the rest, up to so many. */
const WORDS = 84, LONGEST_BAR = 30;

/** Shows how far a run is; to be disposed of with `using`. */
export interface Display extends Disposable {
  /** Takes note of a batch or an epoch that is done. */
  show(progress: TrainingProgress): void;
  /** Makes room for a line of another stream. */
  clear(): void;
}

/** The display that fits: none without `say`, a line that changes on a terminal, else plain lines. */
export function showProgress(
  { epochs }: Pick<TrainingSettings, "epochs">,
  say: ((line: string) => void) | undefined,
): Display {
  if (say === undefined) return { show() {}, clear() {}, [Symbol.dispose]() {} };
  return Deno.stderr.isTerminal() ? changingLine(epochs) : plainLines(epochs, say);
}

function changingLine(epochs: number): Display {
  const line = new Line();
  const bar = new cliProgress.SingleBar({
    terminal: line,
    format: describe, // the default one measures the line with an expression for emoji that takes milliseconds
    etaBuffer: 50, // of the last ten seconds
    barsize: Math.max(0, Math.min(LONGEST_BAR, line.getWidth() - WORDS)),
    fps: 20, // at most: show() waits for longer, before it computes anything
    clearOnComplete: true,
  });
  let began: { at: number; done: number } | undefined, changed = 0;
  return {
    show(progress) {
      const now = performance.now();
      if (began !== undefined && now - changed < CHANGE_AFTER) return line.redraw();
      changed = now;
      const { epoch, iteration, iterations } = progress;
      const done = (epoch - 1) * iterations + iteration;
      if (began === undefined) {
        began = { at: now, done };
        bar.start(epochs * iterations, done, { ...progress, epochs, rate: 0 });
      } else {
        const rate = (done - began.done) / iterations / (now - began.at) * 1000;
        bar.update(done, { ...progress, rate });
      }
    },
    clear() {
      if (Deno.stdout.isTerminal()) line.clearLine();
    },
    [Symbol.dispose]() {
      bar.stop();
    },
  };
}

/** What cli-progress knows when it draws, and what it was handed for it. */
type Known = { readonly progress: number; readonly eta: unknown };
type Handed = TrainingProgress & { readonly epochs: number; readonly rate: number };

function describe(options: unknown, { progress, eta }: Known, run: Handed): string {
  const { epoch, epochs, iteration, iterations, crossEntropy, rate } = run;
  const speed = rate === 0 ? "…" : rate < 100 ? rate.toPrecision(3) : rate.toFixed(0);
  return `epoch ${epoch}/${epochs}, iteration ${iteration}/${iterations}, ` +
    `cross-entropy ${crossEntropy.toFixed(4)}, ${speed} epochs/s, ${remaining(eta)} left ` +
    cliProgress.Format.BarFormat(progress, options);
}

/** Seconds in words; cli-progress has a word of its own while it knows none. */
function remaining(seconds: unknown): string {
  if (typeof seconds !== "number") return "…";
  const [s, m, h] = [seconds % 60, Math.floor(seconds / 60) % 60, Math.floor(seconds / 3600)];
  return h > 0 ? `${h} h ${m} min` : m > 0 ? `${m} min ${s} s` : `${s} s`;
}

/**
 * A terminal as cli-progress wants it, in place of its own, which goes back at the end to where the cursor was at the
 * beginning: over the lines that standard output has written meanwhile. This one changes the line that the cursor is in, and
 * nothing else, so that a program that is killed leaves nothing to mend.
 */
class Line {
  #text = "";
  #cleared = false;

  isTTY(): boolean {
    return true;
  }

  getWidth(): number {
    try {
      return Deno.consoleSize().columns || 80; // some have a width of 0
    } catch {
      return 80; // it has just been closed
    }
  }

  cursorSave(): void {}

  cursorRestore(): void {}

  lineWrapping(): void {}

  cursorTo(): void {}

  clearRight(): void {}

  clearLine(): void {
    this.#put("\r\x1b[2K");
    this.#cleared = true;
  }

  /** Shows a line in place of the one before; all at once, as each write may cost the program its turn. */
  write(text: string): void {
    this.#text = text.slice(0, this.getWidth() - 1); // one column less: a full line would wrap on some
    this.#put(`\r${this.#text}\x1b[K`);
    this.#cleared = false;
  }

  /** Shows the line again where it was cleared. */
  redraw(): void {
    if (this.#cleared) this.write(this.#text);
  }

  #put(text: string): void {
    try {
      Deno.stderr.writeSync(new TextEncoder().encode(text));
    } catch {
      // a terminal that was closed must not cost what was learnt
    }
  }
}

function plainLines(epochs: number, say: (line: string) => void): Display {
  let began = performance.now(), told = -Infinity, count = 0;
  return {
    show({ event: done, epoch, crossEntropy }) {
      if (done !== "epoch") return;
      count++;
      const now = performance.now();
      if (now - told < LINE_AFTER && epoch !== epochs) return;
      const seconds = ((now - began) / count / 1000).toPrecision(3);
      say(
        `epoch ${epoch} of ${epochs}: cross-entropy ${
          crossEntropy.toFixed(4)
        }, ${seconds} s an epoch`,
      );
      [began, told, count] = [now, now, 0];
    },
    clear() {},
    [Symbol.dispose]() {},
  };
}
