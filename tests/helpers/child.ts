/** Runs the command line in a process that a test can watch and send signals to. */
import { setTimeout } from "node:timers/promises";
import { ENTRY, type Run } from "./cli.ts";

/** How a process ended, with the signal that killed it, if one did. */
type ProcessResult = Run & { readonly signal: Deno.Signal | null };

/** The permissions that the README asks for. */
const PERMISSIONS = ["--no-prompt", "--allow-read", "--allow-write"];

/** Milliseconds until a process is killed: longer than any run takes on a busy machine. */
const TIMEOUT = 60_000;

/** The command that runs `cli.ts`, for a shell. */
export function denoCommand(args: readonly string[], more: readonly string[] = []): string[] {
  return [Deno.execPath(), "run", "--quiet", ...PERMISSIONS, ...more, ENTRY, ...args];
}

/** A free port of this computer. */
export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** A running process. */
export class Child {
  stdout = "";
  stderr = "";
  readonly end: Promise<ProcessResult>;
  readonly #process: Deno.ChildProcess;
  #ended = false;

  constructor([command, ...args]: readonly string[], cwd: string) {
    this.#process = new Deno.Command(command!, {
      args,
      cwd,
      env: { NO_COLOR: "" }, // with a wish about colours commander does not look for others
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.end = this.#watch();
  }

  /** `sanso` with these arguments; `more` are for Deno. */
  static cli(args: readonly string[], cwd: string, more: readonly string[] = []): Child {
    return new Child(denoCommand(args, more), cwd);
  }

  /** Waits until the condition holds or the process has ended; returns whether it holds. */
  async until(condition: () => boolean): Promise<boolean> {
    while (!condition()) {
      if (this.#ended) return false;
      await setTimeout(1);
    }
    return true;
  }

  /** Sends a signal, if the process still runs. */
  kill(signal: Deno.Signal): void {
    if (this.#ended) return;
    try {
      this.#process.kill(signal);
    } catch (error) {
      // it has ended, but the promise of its status is not resolved yet
      if (!(error instanceof TypeError)) throw error;
    }
  }

  /** Writes to its standard input, as if typed. */
  async type(text: string): Promise<void> {
    const writer = this.#process.stdin.getWriter();
    await writer.write(new TextEncoder().encode(text));
    writer.releaseLock();
  }

  async #watch(): Promise<ProcessResult> {
    const read = async (stream: ReadableStream<Uint8Array>, keep: (text: string) => void) => {
      const decoder = new TextDecoder();
      for await (const bytes of stream) keep(decoder.decode(bytes, { stream: true }));
    };
    const timer = globalThis.setTimeout(() => this.kill("SIGKILL"), TIMEOUT);
    await Promise.all([
      read(this.#process.stdout, (text) => this.stdout += text),
      read(this.#process.stderr, (text) => this.stderr += text),
    ]);
    const { code, signal } = await this.#process.status;
    this.#ended = true;
    clearTimeout(timer);
    await this.#process.stdin.close().catch(() => {}); // it may have closed it
    return { code, signal, stdout: this.stdout, stderr: this.stderr };
  }
}
