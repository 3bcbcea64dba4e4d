/**
 * Signals: the first asks the program to stop after the current batch, the second ends it at once.
 *
 * @module
 */

/** Exit codes by signal: 128 plus its number. SIGHUP: the terminal is closed. */
const EXIT_CODES: Partial<Record<Deno.Signal, number>> = Deno.build.os === "windows"
  ? { SIGINT: 130, SIGBREAK: 149 }
  : { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

/** Milliseconds within which several signals are one, and between two turns of the event loop. */
const GRACE = 100, TURN_INTERVAL = 50;

/** Thrown by a command that a signal stopped, after everything is saved. */
export class Stopped extends Error {
  override readonly name = "Stopped";

  /** A message for the user, and the exit code of the signal. */
  constructor(message: string, readonly exitCode: number) {
    super(message);
  }
}

/**
 * Listens for signals while a long job runs, which gives the event loop a turn now and then; to be
 * disposed of with `using`.
 */
export class SignalWatch implements Disposable {
  #exitCode: number | undefined;
  #lastTurn = performance.now();
  readonly #listeners = new Map<Deno.Signal, () => void>();

  /** Starts listening. */
  constructor() {
    for (const [name, exitCode] of Object.entries(EXIT_CODES)) {
      const signal = name as Deno.Signal;
      // ignored signals too: as soon as Deno listens to any, this one would end the program
      const isIgnored = signal === "SIGHUP" && ignoresHangup();
      const listener = isIgnored ? () => {} : () => this.#receive(exitCode);
      Deno.addSignalListener(signal, listener);
      this.#listeners.set(signal, listener);
    }
  }

  /** The exit code of the signal received, if any. */
  get exitCode(): number | undefined {
    return this.#exitCode;
  }

  /** Lets signals be received, if the last turn was some time ago. */
  async turn(): Promise<void> {
    if (performance.now() - this.#lastTurn < TURN_INTERVAL) return;
    await wait(0);
    this.#lastTurn = performance.now();
  }

  /** Waits until a signal has been received, and no longer than so many milliseconds. */
  async wait(milliseconds: number): Promise<void> {
    const end = performance.now() + milliseconds;
    while (this.#exitCode === undefined && performance.now() < end) await wait(10);
  }

  #receive(exitCode: number): void {
    if (this.#exitCode !== undefined) return;
    this.#exitCode = exitCode;
    // default handling: a second signal ends the program whatever it is doing. But SIGHUP comes
    // twice where a terminal closes, and together with SIGTERM where a session ends
    setTimeout(() => this.#stop(({ 0: signal }) => signal !== "SIGHUP"), GRACE);
  }

  #stop(which: (listener: [Deno.Signal, () => void]) => boolean): void {
    for (const [signal, listener] of [...this.#listeners].filter(which)) {
      Deno.removeSignalListener(signal, listener);
      this.#listeners.delete(signal);
    }
  }

  /** Restores default signal handling. */
  [Symbol.dispose](): void {
    this.#stop(() => true);
  }
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
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
