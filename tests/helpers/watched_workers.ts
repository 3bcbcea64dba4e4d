/** Workers of SimdEngine that a test counts, delays or stops. */
import { sharing } from "../../lib/simd/threads.ts";
import { batchOf, type EnginePair } from "./engine_equivalence.ts";

/** What a test does in each worker, besides its own program: plain JavaScript. */
export interface Watch {
  /** Runs in the worker first. */
  readonly setup?: string;
  /** Runs before the worker looks for a chunk; `thread` is its number. */
  readonly beforeClaim?: string;
  /** Runs once a chunk is claimed; `done` is how many chunks this worker has done. */
  readonly beforeChunk?: string;
  /** Runs after each chunk, before the worker reports it as finished. */
  readonly afterChunk?: string;
}

/** Milliseconds to wait for anything at most: on a slow machine workers start slowly. */
const MAX_WAIT = 60_000;

const CHUNKS = 0, ENDED = 1;

/** Replaces `Worker` until it is disposed of; engines share even the least work, from the first. */
export class WatchedWorkers implements Disposable {
  readonly #Worker = globalThis.Worker;
  readonly #sharing = { ...sharing };
  readonly #counts = new Int32Array(new SharedArrayBuffer(8));
  /** Of each worker that is not terminated whether it has begun. */
  readonly #begun = new Set<Int32Array>();
  /** How many workers were started. */
  started = 0;

  constructor({ setup = "", beforeClaim = "", beforeChunk = "", afterChunk = "" }: Watch = {}) {
    const counts = this.#counts, all = this.#begun, start = () => this.started++;
    const watch = `
      ${setup}
      let counts, begun, done = 0;
      addEventListener("message", ({ data }) => ({ counts, begun } = data), { once: true });
      const { Instance } = WebAssembly;
      WebAssembly.Instance = function (module, imports) {
        const { exports } = new Instance(module, imports);
        Atomics.store(begun, 0, 1);
        const claim = (thread) => {
          ${beforeClaim}
          const chunk = exports.claim(thread);
          if (chunk === 0) Atomics.add(counts, ${ENDED}, 1);
          return chunk;
        };
        const work = (chunk) => {
          ${beforeChunk}
          exports.work(chunk);
          done++;
          Atomics.add(counts, ${CHUNKS}, 1);
          ${afterChunk}
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
        all.add(this.#begun);
      }

      override postMessage(order: object): void {
        super.postMessage({ ...order, counts, begun: this.#begun });
      }

      override terminate(): void {
        all.delete(this.#begun);
        super.terminate();
      }
    };
  }

  /** How many chunks the workers have computed. */
  get chunks(): number {
    return Atomics.load(this.#counts, CHUNKS);
  }

  /** How many workers have ended by themselves, as they found no chunk or were told to. */
  get ended(): number {
    return Atomics.load(this.#counts, ENDED);
  }

  /** Gives the engine tasks until it has all its threads, and all have begun. */
  waitUntilBegun({ fast }: EnginePair, threads: number): void {
    waitUntil(() => {
      fast.scores(batchOf([0])); // also keeps those awake that have begun
      return fast.threads === threads &&
        [...this.#begun].every((begun) => Atomics.load(begun, 0) === 1);
    });
  }

  [Symbol.dispose](): void {
    globalThis.Worker = this.#Worker;
    Object.assign(sharing, this.#sharing);
  }
}

/** Blocks this thread, as a long computation does, until something has happened. */
export function waitUntil(hasHappened: () => boolean): void {
  const end = Date.now() + MAX_WAIT;
  while (!hasHappened()) {
    if (Date.now() > end) throw new Error(`It has not happened in ${MAX_WAIT} ms: ${hasHappened}`);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
  }
}
