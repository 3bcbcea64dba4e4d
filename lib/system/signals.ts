/**
 * Signals: the first asks the program to stop after the current batch, the second ends it at once.
 *
 * @module
 */

/** Exit codes by signal: 128 plus its number. Windows has no SIGTERM. */
const EXIT_CODES = Deno.build.os === "windows" ? { SIGINT: 130 } : { SIGINT: 130, SIGTERM: 143 };

/** States of the word in shared memory: no signal yet; worker starting; worker ended. */
const NONE = 0, STARTING = -1, ENDED = -2;

/**
 * Milliseconds to wait for the worker, which takes a tenth of a second; without it a signal ends
 * the program at once.
 */
const MAX_WAIT = 10_000;

/** Thrown by a command that a signal stopped, after everything is saved. */
export class Stopped extends Error {
  override readonly name = "Stopped";

  /** A message for the user, and the exit code of the signal. */
  constructor(message: string, readonly exitCode: number) {
    super(message);
  }
}

/**
 * Listens for signals while a long synchronous job runs; to be disposed of with `using`.
 *
 * A program that computes without a pause receives no signal, so a worker does, in a thread of its
 * own, and writes it to shared memory.
 */
export class SignalWatch implements Disposable {
  readonly #word = new Int32Array(new SharedArrayBuffer(4)).fill(STARTING);
  // a data URL loads the same way from a file, a registry and a compiled binary, and needs no
  // permission
  readonly #worker = new Worker(`data:text/javascript,${encodeURIComponent(`(${listen})()`)}`, {
    type: "module",
  });

  /** Starts listening. */
  constructor() {
    this.#worker.postMessage({ word: this.#word, exitCodes: EXIT_CODES, none: NONE, ended: ENDED });
    Atomics.wait(this.#word, 0, STARTING, MAX_WAIT);
  }

  /** The exit code of the signal received, if any. */
  get exitCode(): number | undefined {
    const word = Atomics.load(this.#word, 0);
    return word > NONE ? word : undefined;
  }

  /** Restores default signal handling. */
  [Symbol.dispose](): void {
    const before = Atomics.load(this.#word, 0);
    this.#worker.postMessage("end");
    Atomics.wait(this.#word, 0, before, MAX_WAIT);
    this.#worker.terminate();
  }
}

/** The worker's program; it is passed as text, so it cannot refer to anything in this file. */
function listen(): void {
  interface Order {
    readonly word: Int32Array;
    readonly exitCodes: Partial<Record<Deno.Signal, number>>;
    readonly none: number;
    readonly ended: number;
  }
  addEventListener("message", (event) => {
    const { word, exitCodes, none, ended } = (event as MessageEvent<Order>).data;
    const publish = (state: number) => {
      Atomics.store(word, 0, state);
      Atomics.notify(word, 0);
    };
    const listeners = Object.entries(exitCodes).map(([name, exitCode]) => ({
      signal: name as Deno.Signal,
      listener() {
        stop(); // default handling: a second signal ends the program whatever it is doing
        publish(exitCode);
      },
    }));
    const stop = () => {
      for (const { signal, listener } of listeners) Deno.removeSignalListener(signal, listener);
    };
    for (const { signal, listener } of listeners) Deno.addSignalListener(signal, listener);
    // not left to the worker's end: Deno 2.4 would keep intercepting signals
    addEventListener("message", () => {
      stop();
      publish(ended);
    });
    publish(none);
  }, { once: true });
}
