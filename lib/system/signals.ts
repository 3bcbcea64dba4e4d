/**
 * Stopping well: a first signal asks the program to finish what it is at, a second one ends it at once.
 *
 * @module
 */

/** The exit codes of programs that a signal stopped: 128 and the signal's number. Windows knows no SIGTERM. */
const EXIT_CODES = Deno.build.os === "windows" ? { SIGINT: 130 } : { SIGINT: 130, SIGTERM: 143 };

/** What the word holds while no signal has come, before one could be noticed, and when none can be any more. */
const NONE = 0, STARTING = -1, ENDED = -2;

/** The worker is there within a tenth of a second; without it the program trains on, and a signal ends it at once. */
const PATIENCE = 10_000;

/** Thrown by a command that a signal stopped, once everything is saved. */
export class Stopped extends Error {
  override readonly name = "Stopped";

  /** What the command has to say, and the exit code of the signal. */
  constructor(message: string, readonly exitCode: number) {
    super(message);
  }
}

/**
 * Listens for signals while a long synchronous job runs; to be disposed of with `using`.
 *
 * A program that computes without a pause sees no signal, so a worker does, in a thread of its own, and leaves word in shared
 * memory.
 */
export class SignalWatch implements Disposable {
  readonly #word = new Int32Array(new SharedArrayBuffer(4)).fill(STARTING);
  // a data URL: it loads the same way from a file, a registry and a compiled binary, and needs no permission
  readonly #worker = new Worker(`data:text/javascript,${encodeURIComponent(`(${listen})()`)}`, {
    type: "module",
  });

  /** From here on signals are noticed. */
  constructor() {
    this.#worker.postMessage({ word: this.#word, exitCodes: EXIT_CODES, none: NONE, ended: ENDED });
    Atomics.wait(this.#word, 0, STARTING, PATIENCE);
  }

  /** The exit code of the signal that has come, if one has. */
  get exitCode(): number | undefined {
    const word = Atomics.load(this.#word, 0);
    return word > NONE ? word : undefined;
  }

  /** From here on signals do what they do where nobody listens. */
  [Symbol.dispose](): void {
    const before = Atomics.load(this.#word, 0);
    this.#worker.postMessage("end");
    Atomics.wait(this.#word, 0, before, PATIENCE);
    this.#worker.terminate();
  }
}

/** The worker's whole program; it goes there as text, so it can use nothing of this file. */
function listen(): void {
  interface Order {
    readonly word: Int32Array;
    readonly exitCodes: Partial<Record<Deno.Signal, number>>;
    readonly none: number;
    readonly ended: number;
  }
  addEventListener("message", (event) => {
    const { word, exitCodes, none, ended } = (event as MessageEvent<Order>).data;
    const say = (state: number) => {
      Atomics.store(word, 0, state);
      Atomics.notify(word, 0);
    };
    const listeners = Object.entries(exitCodes).map(([name, exitCode]) => ({
      signal: name as Deno.Signal,
      listener() {
        stop(); // a second signal then does what signals do where nobody listens, whatever the program is busy with
        say(exitCode);
      },
    }));
    const stop = () => {
      for (const { signal, listener } of listeners) Deno.removeSignalListener(signal, listener);
    };
    for (const { signal, listener } of listeners) Deno.addSignalListener(signal, listener);
    // not left to the worker's end: Deno 2.4 would go on keeping signals from the program
    addEventListener("message", () => {
      stop();
      say(ended);
    });
    say(none);
  }, { once: true });
}
