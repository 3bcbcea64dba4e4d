/** Workers of SimdEngine that a test counts, delays or stops. */
import { fromBase64 } from "../../lib/formats/base64.ts";
import { sharing } from "../../lib/simd/threads.ts";
import { batchOf, type EnginePair } from "./engine_equivalence.ts";
import { ROOT } from "./generated_files.ts";

/** What a test does in each worker, before its own program: plain JavaScript. */
export interface Watch {
  /** Runs in the worker first. */
  readonly setup?: string;
  /** Runs before each chunk; `chunk` is its number, `done` how many chunks this worker has done. */
  readonly beforeChunk?: string;
  /**
   * Runs after each chunk, before the worker reports it as finished; `rows` is how many rows of
   * parameters the chunk has updated.
   */
  readonly afterChunk?: string;
  /** Runs at each point of assembly/fault.ts, in the build that has them. */
  readonly atFault?: string;
}

/** Milliseconds to wait for workers at most. */
const MAX_WAIT = 5000;

/** Replaces `Worker` until it is disposed of; engines share even the least work, from the first. */
export class WatchedWorkers implements Disposable {
  readonly #Worker = globalThis.Worker;
  readonly #sharing = { ...sharing };
  /** Chunks that the workers have computed, workers that have begun, or never will, and ended. */
  readonly #counts = new Int32Array(new SharedArrayBuffer(12));
  /** How many workers were started. */
  started = 0;

  /**
   * @param module the code that the workers run, in place of the engine's
   */
  constructor(
    { setup = "", beforeChunk = "", afterChunk = "", atFault = "" }: Watch = {},
    module?: WebAssembly.Module,
  ) {
    const counts = this.#counts, start = () => this.started++;
    const watch = `
      ${setup}
      let counts, begun;
      addEventListener("message", ({ data }) => ({ counts, begun } = data), { once: true });
      const { Instance } = WebAssembly;
      WebAssembly.Instance = function (module, { env }) {
        (${countOnce})(begun, counts);
        const fault = () => { ${atFault} };
        const { exports } = new Instance(module, { env: { ...env, fault } });
        let done = 0;
        const work = (chunk, row) => {
          ${beforeChunk}
          exports.work(chunk, row);
          done++;
          Atomics.add(counts, 0, 1);
          const rows = new Uint32Array(env.memory.buffer, exports.claimed.value, 2)[1];
          ${afterChunk}
        };
        const claim = () => {
          const chunk = exports.claim();
          if (chunk === 0) Atomics.add(counts, 2, 1);
          return chunk;
        };
        return { exports: { ...exports, claim, work } };
      };`;
    Object.assign(sharing, { minWork: 0, delay: 0 });
    const Original = this.#Worker;
    globalThis.Worker = class extends Original {
      readonly #begun = new Int32Array(new SharedArrayBuffer(4));

      constructor(address: string | URL, options?: WorkerOptions) {
        const program = decodeURIComponent(`${address}`.slice("data:text/javascript,".length));
        super(`data:text/javascript,${encodeURIComponent(`${watch}\n${program}`)}`, options);
        start();
      }

      override postMessage(order: object): void {
        super.postMessage({ ...order, ...module && { module }, counts, begun: this.#begun });
      }

      override terminate(): void {
        countOnce(this.#begun, counts); // one that has not begun never will
        super.terminate();
      }
    };
  }

  /** How many chunks the workers have computed. */
  get chunks(): number {
    return Atomics.load(this.#counts, 0);
  }

  /** How many workers have ended by themselves, as they found no chunk or were told to. */
  get ended(): number {
    return Atomics.load(this.#counts, 2);
  }

  /**
   * Gives the engine a task, so that it starts its workers, and blocks until all that were started
   * have begun: it takes longer while coverage is measured.
   */
  waitUntilBegun({ fast }: EnginePair): void {
    fast.scores(batchOf([0]));
    const end = performance.now() + MAX_WAIT;
    for (;;) {
      const begun = Atomics.load(this.#counts, 1), left = end - performance.now();
      if (begun >= this.started || left <= 0) return;
      Atomics.wait(this.#counts, 1, begun, left);
    }
  }

  /** Puts back `Worker`. */
  [Symbol.dispose](): void {
    globalThis.Worker = this.#Worker;
    Object.assign(sharing, this.#sharing);
  }
}

/** Counts a worker as begun, unless it is counted already. */
function countOnce(begun: Int32Array, counts: Int32Array): void {
  if (Atomics.exchange(begun, 0, 1) === 1) return;
  Atomics.add(counts, 1, 1);
  Atomics.notify(counts, 1);
}

/** Blocks this thread, as a long computation does, while workers start. */
export function block(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/** Compiles the build with points at which a test can delay a worker. */
export async function faultyModule(): Promise<WebAssembly.Module> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--config=lib/simd/assembly/deno.json",
      "--frozen",
      "--allow-read",
      "--allow-env",
      "lib/simd/assembly/build.ts",
      "--faults",
    ],
    cwd: ROOT,
  }).output();
  return new WebAssembly.Module(fromBase64(new TextDecoder().decode(stdout).trim()));
}
