/**
 * Signals: the first asks the program to stop after the current batch, the second ends it at once.
 *
 * @module
 */

/** Exit codes by signal: 128 plus its number. SIGHUP: the terminal is closed. */
const EXIT_CODES: Partial<Record<Deno.Signal, number>> = Deno.build.os === "windows"
  ? { SIGINT: 130, SIGBREAK: 149 }
  : { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

/** States of the word in shared memory: no signal yet; worker starting; worker ended. */
const NONE = 0, STARTING = -1, ENDED = -2;

/** Milliseconds within which several signals are one. */
const GRACE = 100;

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
    const { SIGHUP, ...others } = EXIT_CODES;
    const ignored = SIGHUP !== undefined && ignoresHangup();
    // as soon as Deno listens to any signal, this one ends it
    if (ignored) Deno.addSignalListener("SIGHUP", () => {});
    const exitCodes = ignored ? others : EXIT_CODES;
    const states = { none: NONE, ended: ENDED };
    this.#worker.postMessage({ word: this.#word, exitCodes, ...states, grace: GRACE });
    Atomics.wait(this.#word, 0, STARTING, MAX_WAIT);
  }

  /** The exit code of the signal received, if any. */
  get exitCode(): number | undefined {
    const word = Atomics.load(this.#word, 0);
    return word > NONE ? word : undefined;
  }

  /** Waits until a signal has been received, and no longer than so many milliseconds. */
  wait(milliseconds: number): void {
    Atomics.wait(this.#word, 0, NONE, milliseconds);
  }

  /** Restores default signal handling. */
  [Symbol.dispose](): void {
    const before = Atomics.load(this.#word, 0);
    this.#worker.postMessage("end");
    Atomics.wait(this.#word, 0, before, MAX_WAIT);
    this.#worker.terminate();
  }
}

/**
 * Whether the program was started to survive the end of its terminal, as `nohup` does. Only Linux
 * tells, and Deno lets only a program with all permissions ask.
 */
function ignoresHangup(): boolean {
  const path = "/proc/self/status";
  try {
    // otherwise reading would ask the user
    if (Deno.permissions.querySync({ name: "read", path }).state !== "granted") return false;
    const [, ignored] = Deno.readTextFileSync(path).match(/^SigIgn:\s*[0-9a-f]*([0-9a-f])$/m)!;
    return (parseInt(ignored!, 16) & 1) !== 0; // SIGHUP is signal 1
  } catch {
    return false;
  }
}

/** The worker's program; it is passed as text, so it cannot refer to anything in this file. */
function listen(): void {
  interface Order {
    readonly word: Int32Array;
    readonly exitCodes: Partial<Record<Deno.Signal, number>>;
    readonly none: number;
    readonly ended: number;
    readonly grace: number;
  }
  addEventListener("message", (event) => {
    const { word, exitCodes, none, ended, grace } = (event as MessageEvent<Order>).data;
    const publish = (state: number) => {
      Atomics.store(word, 0, state);
      Atomics.notify(word, 0);
    };
    const listeners = Object.entries(exitCodes).map(([name, exitCode]) => ({
      signal: name as Deno.Signal,
      listener() {
        if (Atomics.load(word, 0) !== none) return;
        publish(exitCode);
        // default handling: a second signal ends the program whatever it is doing. But SIGHUP comes
        // twice where a terminal closes, and together with SIGTERM where a session ends
        setTimeout(() => stop(({ signal }) => signal !== "SIGHUP"), grace);
      },
    }));
    const stop = (which: (listener: typeof listeners[number]) => boolean) => {
      for (const one of listeners.filter(which)) {
        Deno.removeSignalListener(one.signal, one.listener);
      }
    };
    for (const { signal, listener } of listeners) Deno.addSignalListener(signal, listener);
    // not left to the worker's end: Deno 2.4 would keep intercepting signals
    addEventListener("message", () => {
      stop(() => true);
      publish(ended);
    });
    publish(none);
  }, { once: true });
}
