// The threads of an engine: workers that compute chunks of its tasks in shared memory.
import type { SimdMemory } from "./memory.ts";

const FAILURE = "A thread of the engine failed";

/** States of a worker, in shared memory; before it is started it is ENDED too. */
const ENDED = 0, RUNNING = 1, FAILED = 2;

/** When work is shared, and for how long. Tests set other values. */
export const sharing = {
  /** Nonzero pixels of a batch, times blocks of hidden units: less takes some microseconds. */
  minWork: 4000,
  /** Milliseconds that tasks take alone before workers are started: to start one takes 25. */
  delay: 50,
  /** Waits of 100 ms without progress; counted, as a stopped process must not fail. */
  maxWaits: 100,
};

/** Thrown by an engine whose threads failed, from then on at each use. */
export class ThreadError extends Error {
  override readonly name = "ThreadError";
}

/** The threads of a memory: the caller, and workers that do chunks of its tasks. */
export class Threads {
  /** The worker of each thread but the first, which is the caller, and its state. */
  readonly #workers: (Thread | undefined)[];
  readonly #states: Int32Array;
  /** Milliseconds that tasks took alone since workers ran last. */
  #alone = 0;
  #isClosed = false;
  /** Whether workers could be started so far. */
  #canStart: boolean;
  #failure: ThreadError | undefined;

  constructor(readonly memory: SimdMemory) {
    const { threads } = memory;
    this.#canStart = threads > 1;
    this.#workers = new Array(threads).fill(undefined);
    this.#states = new Int32Array(
      threads > 1 ? new SharedArrayBuffer(4 * threads) : new ArrayBuffer(4),
    );
  }

  get running(): number {
    return this.#states.reduce((n, state) => state === RUNNING ? n + 1 : n, 1);
  }

  /** Throws {@linkcode ThreadError} if a thread has failed: half of a task may be done. */
  check(): void {
    if (this.#states.includes(FAILED)) this.#fail(FAILURE);
    if (this.#failure) throw this.#failure;
  }

  /** Computes a task; if it is little work, without the workers. */
  run(task: number, learningRate: number, isLittle: boolean): void {
    const { code } = this.memory, isRunning = this.#states.includes(RUNNING);
    // none is posted once they are closed: a worker about to end could still claim a chunk
    const isOpen = !this.#isClosed && (isRunning || this.#canStart && this.#alone >= sharing.delay);
    if (isOpen && !isLittle) {
      this.#alone = 0;
      code.post(task, learningRate);
      this.#startOne();
      this.#finish();
    } else {
      const began = performance.now();
      code.alone(task, learningRate);
      if (!isLittle) this.#alone += performance.now() - began;
    }
  }

  /** Does what no worker does of the posted task, and waits for the rest. */
  #finish(): void {
    let pending = this.memory.code.help();
    for (let waits = 1; pending > 0; waits++) {
      if (waits > sharing.maxWaits) {
        this.#fail("No thread of the engine made progress for 10 seconds");
      }
      this.check();
      const before = pending;
      pending = this.memory.code.wait();
      if (pending < before) waits = 0;
    }
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (this.memory.threads > 1) this.memory.code.stop(); // Deno ends those that compute in 2 s
    for (const worker of this.#workers) void worker?.terminate();
    this.#workers.fill(undefined);
    this.#states.fill(ENDED);
  }

  #fail(message: string): void {
    if (this.#isClosed) return;
    this.#failure = new ThreadError(message);
    this.close();
  }

  /** Starts one of the workers that do not run: to start one takes the caller long. */
  #startOne(): void {
    const thread = this.#states.indexOf(ENDED, 1);
    if (thread === -1 || !this.#canStart) return;
    try {
      const worker = startWorker((reason) => this.#fail(`${FAILURE}: ${reason}`));
      this.#workers[thread] = worker;
      Atomics.store(this.#states, thread, RUNNING);
      const state = this.#states.subarray(thread, thread + 1);
      const { module, memory } = this.memory;
      worker.postMessage({ module, memory, thread, state });
    } catch {
      Atomics.store(this.#states, thread, ENDED);
      this.#canStart = false; // forbidden, or the system has no more: those that run are enough
    }
  }
}

/** What a web worker and a thread of Node have in common. */
interface Thread {
  postMessage(order: Order): void;
  terminate(): unknown;
}

/** What a worker gets: its number, from 1, and the word of its state among others. */
type Order = Pick<SimdMemory, "module" | "memory"> & {
  readonly thread: number;
  readonly state: Int32Array;
};

/** What is used of Node, Deno and Bun; browsers have no `process`. */
interface NodeGlobals {
  readonly process: {
    getBuiltinModule(name: "node:worker_threads"): {
      readonly parentPort: { once(event: "message", listener: (order: Order) => void): void };
      readonly Worker: new (address: URL) => Thread & {
        on(event: "error", listener: (error: Error) => void): void;
        unref(): void;
      };
    };
    exit(): never;
  };
}

let address: string | undefined;

/** Starts a worker: a web worker, or a thread of Node. */
function startWorker(onError: (reason: string) => void): Thread {
  const program = `(${work})()`;
  // workers of web pages cannot share memory if their address is `data:`
  address ??= "crossOriginIsolated" in globalThis
    ? URL.createObjectURL(new Blob([program], { type: "text/javascript" }))
    : `data:text/javascript,${encodeURIComponent(program)}`;
  if (typeof Worker === "undefined") {
    const { process } = globalThis as unknown as NodeGlobals;
    const { Worker } = process.getBuiltinModule("node:worker_threads");
    const worker = new Worker(new URL(address));
    worker.on("error", (error) => onError(error.message));
    worker.unref(); // the program may end before it
    return worker;
  }
  const worker = new Worker(address, { type: "module" });
  worker.addEventListener("error", (event) => {
    event.preventDefault(); // else Deno ends the program
    onError(event.message);
  });
  (worker as { unref?(): void }).unref?.(); // Bun's
  return worker;
}

/** The worker's program; it is passed as text, so it cannot refer to anything in this file. */
function work(): void {
  const ENDED = 0, FAILED = 2;
  // only where it is needed: Deno's asks for the present folder, which may have vanished
  const process = () => (globalThis as unknown as NodeGlobals).process;
  const run = ({ module, memory, thread, state }: Order) => {
    try {
      const code = new WebAssembly.Instance(module, { env: { memory } })
        .exports as unknown as {
          claim(thread: number): number;
          work(chunk: number): void;
          finish(): void;
        };
      for (let chunk = code.claim(thread); chunk !== 0; chunk = code.claim(thread)) {
        code.work(chunk);
        code.finish();
      }
      Atomics.store(state, 0, ENDED);
    } catch {
      Atomics.store(state, 0, FAILED);
    }
  };
  if (!("postMessage" in globalThis)) {
    process().getBuiltinModule("node:worker_threads").parentPort.once("message", run);
  } else {
    addEventListener("message", (event) => {
      run((event as MessageEvent<Order>).data);
      if ("close" in globalThis) close();
      else process().exit(); // in Bun, which ends the worker only
    }, { once: true });
  }
}
