/**
 * Stopping well: a first signal asks the program to finish what it is at, a second one ends it at once.
 *
 * @module
 */

import { setImmediate } from "node:timers";

/** The exit codes of programs that a signal stopped: 128 and the signal's number. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/** Windows knows no SIGTERM. */
const SIGNALS = Deno.build.os === "windows" ? ["SIGINT"] as const : ["SIGINT", "SIGTERM"] as const;

/** So many milliseconds may pass before a signal is looked for. */
const PATIENCE = 20;

/** Thrown by a command that a signal stopped, once everything is saved. */
export class Stopped extends Error {
  override readonly name = "Stopped";

  /** What the command has to say, and the exit code of the signal. */
  constructor(message: string, readonly exitCode: number) {
    super(message);
  }
}

/** Listens for signals while a long synchronous job runs; to be disposed of with `using`. */
export class SignalWatch implements Disposable {
  #exitCode: number | undefined;
  #looked = performance.now();
  readonly #listeners = SIGNALS.map((signal) => {
    const listener = () => {
      if (this.#exitCode !== undefined) Deno.exit(EXIT_CODES[signal]);
      this.#exitCode = EXIT_CODES[signal];
    };
    Deno.addSignalListener(signal, listener);
    return { signal, listener };
  });

  /**
   * The exit code of the signal that has come, if one has.
   *
   * A program that computes without a pause never sees a signal, so this makes one every now and then: 0.1 ms every 20.
   */
  async look(): Promise<number | undefined> {
    if (performance.now() - this.#looked > PATIENCE) {
      await new Promise<void>((resolve) => void setImmediate(resolve));
      this.#looked = performance.now();
    }
    return this.#exitCode;
  }

  [Symbol.dispose](): void {
    for (const { signal, listener } of this.#listeners) Deno.removeSignalListener(signal, listener);
  }
}
