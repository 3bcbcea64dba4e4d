/**
 * What the person who waits sees: one line that changes on a terminal, plain lines now and then elsewhere.
 *
 * @module
 */

import cliProgress from "cli-progress";
import type { TrainingProgress } from "../train.ts";
import type { Run } from "./begin.ts";

/** Where nobody watches, a line comes at most every so many milliseconds. */
const LINE_AFTER = 1000;

/** Shows how far a run is; to be disposed of with `using`. */
export interface Display extends Disposable {
  /** Takes note of a batch or an epoch that is done. */
  show(progress: TrainingProgress): void;
  /** Makes room for a line of another stream. */
  clear(): void;
}

/** The display that fits: none without `say`, a line that changes on a terminal, else plain lines. */
export function showProgress(run: Run, say: ((line: string) => void) | undefined): Display {
  if (say === undefined) return { show() {}, clear() {}, [Symbol.dispose]() {} };
  return Deno.stderr.isTerminal() ? changingLine(run) : plainLines(run, say);
}

function changingLine({ settings: { epochs } }: Run): Display {
  const bar = new cliProgress.SingleBar({
    format:
      "{bar} epoch {epoch}/{epochs}, iteration {iteration}/{iterations}, cross-entropy {loss}, {rate} epochs/s, {eta_formatted} left",
    barsize: 20,
    fps: 5,
    etaBuffer: 500,
    clearOnComplete: true,
    gracefulExit: false, // signals are ours: see signals.ts
    hideCursor: null,
  }, cliProgress.Presets.shades_classic);
  let began: { at: number; done: number } | undefined;
  return {
    show({ epoch, iteration, iterations, crossEntropy }) {
      const done = (epoch - 1) * iterations + iteration, now = performance.now();
      const shown = { epoch, epochs, iteration, iterations, loss: crossEntropy.toFixed(4) };
      if (began === undefined) {
        began = { at: now, done };
        bar.start(epochs * iterations, done, { ...shown, rate: "-" });
        return;
      }
      const rate = (done - began.done) / iterations / (now - began.at) * 1000;
      bar.update(done, { ...shown, rate: rate.toPrecision(3) });
    },
    clear() {
      Deno.stderr.writeSync(CLEAR_LINE);
    },
    [Symbol.dispose]() {
      bar.stop();
    },
  };
}

const CLEAR_LINE = new TextEncoder().encode("\r\x1b[2K");

function plainLines({ settings: { epochs } }: Run, say: (line: string) => void): Display {
  let began = performance.now(), told = -Infinity, count = 0;
  return {
    show({ done, epoch, crossEntropy }) {
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
