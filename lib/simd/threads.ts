/**
 * The threads of an engine: workers that compute chunks of its tasks in shared memory.
 *
 * @module
 */

import type { SimdMemory } from "./memory.ts";
import { FAILED, type NodeGlobals, type Order, RUNNING, workerAddress } from "./worker.ts";

/** Seconds without progress after which a thread is given up. */
const MAX_SECONDS = 10;

/** Milliseconds that count at most between two looks: the process itself may have been stopped. */
const MAX_PASSED = 200;

/** Milliseconds after which a worker that was terminated computes no more: Deno takes 2,000. */
const TERMINATION = 2500;

/** When work is shared. Tests set both to 0. */
export const sharing = {
  /**
   * The least work: nonzero pixels of a batch, times blocks of hidden units. Less takes some
   * microseconds.
   */
  minWork: 4000,
  /**
   * Milliseconds that tasks take alone before workers are started. To start one takes the caller
   * 25, which is too much for a few tasks.
   */
  delay: 50,
};

/** What a web worker and a thread of Node have in common. */
interface Thread {
  postMessage(order: Order): void;
  terminate(): unknown;
}

/** Whether this thread can share memory with workers and wait for them. */
export function canShareMemory(): boolean {
  // false in a page whose server does not isolate it from other origins
  if ((globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated === false) return false;
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1, 0); // a page itself cannot wait
    return true;
  } catch {
    return false;
  }
}

/**
 * Workers that take part in the tasks of a memory. The engine computes what they do not: it needs
 * none of them, and does not wait until they have started.
 */
export class Threads {
  readonly #memory: SimdMemory;
  readonly #onWarning: (message: string) => void;
  /** The worker of each thread but the first, which is the engine's, and its state. */
  readonly #workers: (Thread | undefined)[];
  readonly #states: Int32Array;
  /** Milliseconds that tasks took alone since workers were started. */
  #alone = 0;
  #isClosed = false;

  /**
   * Prepares workers, which {@linkcode start} starts.
   *
   * @param memory the engine's
   * @param onWarning called if a worker fails, with the reason
   */
  constructor(memory: SimdMemory, onWarning: (message: string) => void) {
    this.#memory = memory;
    this.#onWarning = onWarning;
    this.#workers = new Array(memory.threads).fill(undefined);
    this.#states = new Int32Array(new SharedArrayBuffer(4 * memory.threads));
  }

  /**
   * Starts the workers that do not run, once tasks have taken long enough alone or another worker
   * runs. A worker ends after a second without work.
   *
   * @returns whether any worker runs: then the next task is to be posted. After they are closed
   * none may be, as a worker that is about to end could still claim a chunk
   */
  start(): boolean {
    const isWorthwhile = this.#alone >= sharing.delay || this.#states.includes(RUNNING);
    let running = 0;
    for (let thread = 1; thread < this.#workers.length && !this.#isClosed; thread++) {
      const state = Atomics.load(this.#states, thread);
      if (state === FAILED) this.#giveUp("failed");
      if (state === RUNNING) running++;
      if (state === FAILED || state === RUNNING || !isWorthwhile) continue;
      running++;
      Atomics.store(this.#states, thread, RUNNING);
      try {
        const worker = startWorker((reason) => this.#giveUp(`failed: ${reason}`));
        this.#workers[thread] = worker;
        const state = this.#states.subarray(thread, thread + 1);
        worker.postMessage({ ...this.#memory.sharedInstance(thread), state });
      } catch (error) {
        this.#giveUp(`did not start: ${error instanceof Error ? error.message : error}`);
      }
    }
    if (running > 0) this.#alone = 0;
    return !this.#isClosed && running > 0;
  }

  /** Does a task alone, and counts the time that it takes. */
  workAlone(task: () => void): void {
    const began = performance.now();
    task();
    this.#alone += performance.now() - began;
  }

  /** Waits until the other threads have finished the task, and does what a failed one has begun. */
  finish(): void {
    const seen: string[] = [], idle: number[] = [];
    let failure: string | undefined, last = performance.now();
    while (!this.#memory.code.wait()) {
      const now = performance.now(), passed = Math.min(now - last, MAX_PASSED);
      last = now;
      for (let thread = 1; thread < this.#workers.length; thread++) {
        const claimed = this.#memory.view(Int32Array, "claimed", 2, thread), found = claimed.join();
        idle[thread] = found === seen[thread] ? idle[thread]! + passed : 0;
        seen[thread] = found;
        const hasFailed = Atomics.load(this.#states, thread) === FAILED;
        if (!hasFailed && idle[thread]! < 1000 * MAX_SECONDS) continue;
        const chunk = Atomics.load(claimed, 0);
        if (chunk === 0) continue;
        failure = hasFailed ? "failed" : `made no progress for ${MAX_SECONDS} seconds`;
        void this.#workers[thread]?.terminate();
        if (!hasFailed) block(TERMINATION);
        // it may have finished the chunk meanwhile
        if (Atomics.compareExchange(claimed, 0, chunk, 0) !== chunk) continue;
        this.#memory.code.redo(chunk, claimed[1]!);
        last = performance.now();
      }
    }
    if (failure !== undefined) this.#giveUp(failure);
  }

  /** Ends the workers. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#memory.code.stop(); // Deno waits two seconds before it ends a thread that computes
    for (const worker of this.#workers) void worker?.terminate();
    this.#workers.fill(undefined);
  }

  #giveUp(what: string): void {
    if (this.#isClosed) return;
    this.close();
    this.#onWarning(`a thread ${what}; the engine continues with one thread`);
  }
}

/** Waits without handling events. */
function block(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/** Starts a worker: a web worker, or a thread of Node. */
function startWorker(onError: (reason: string) => void): Thread {
  const address = workerAddress();
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
