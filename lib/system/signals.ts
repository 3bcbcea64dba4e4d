// Signals: the first asks the program to stop after the current batch and to save; until that is
// done, others do nothing: a terminal that closes, or the end of a session, sends several.
import { ifPossible } from "./errors.ts";

/** Exit codes by signal: 128 plus its number. SIGHUP: the terminal is closed. */
const EXIT_CODES: Partial<Record<Deno.Signal, number>> = Deno.build.os === "windows"
  ? { SIGINT: 130, SIGBREAK: 149 }
  : { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

/** Milliseconds between two turns of the event loop. */
const TURN_INTERVAL = 50;

/** Listens for signals while a long job runs, which gives the event loop a turn now and then. */
export class SignalWatch implements Disposable {
  #exitCode: number | undefined;
  #lastTurn = performance.now();
  readonly #listeners: (readonly [Deno.Signal, () => void])[];

  /** Starts listening. */
  constructor() {
    const isNohup = ignoresHangup(), ignore = () => {};
    this.#listeners = Object.entries(EXIT_CODES).map(([name, exitCode]) => {
      const receive = () => this.#exitCode ??= exitCode;
      // as soon as Deno listens to any signal, an ignored one would end the program
      return [name as Deno.Signal, name === "SIGHUP" && isNohup ? ignore : receive];
    });
    // a file beyond the limit of `ulimit -f` is an error then, and leaves no temporary file
    if (Deno.build.os === "linux") this.#listeners.push(["SIGXFSZ", ignore]);
    for (const listener of this.#listeners) Deno.addSignalListener(...listener);
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

  /** Restores default signal handling. */
  [Symbol.dispose](): void {
    for (const listener of this.#listeners) Deno.removeSignalListener(...listener);
  }
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Whether `nohup` started the program: only Linux tells, and only a program with permissions. */
function ignoresHangup(): boolean {
  const path = "/proc/self/status";
  const status = ifPossible(() =>
    // otherwise reading would ask the user
    Deno.permissions.querySync({ name: "read", path }).state === "granted" &&
    Deno.readTextFileSync(path)
  );
  const [, ignored = "0"] = /^SigIgn:\s*[0-9a-f]*([0-9a-f])$/m.exec(status || "") ?? [];
  return (parseInt(ignored, 16) & 1) !== 0; // SIGHUP is signal 1
}
