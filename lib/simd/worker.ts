// The program of a worker that computes chunks for SimdEngine.

/** States of a worker, in shared memory; before it is started it is ENDED too. */
export const ENDED = 0, RUNNING = 1, FAILED = 2;

/** What a worker gets. */
export interface Order {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** The worker's number, from 1. */
  readonly thread: number;
  /** The word of its state. */
  readonly state: Int32Array;
}

/** What is used of Node, Deno and Bun; browsers have no `process`. */
export interface NodeGlobals {
  readonly process: {
    getBuiltinModule(name: "node:worker_threads"): {
      readonly parentPort: { once(event: "message", listener: (order: Order) => void): void };
      readonly Worker: new (address: URL) => NodeWorker;
    };
    exit(): never;
  };
}

/** A thread of Node. */
interface NodeWorker {
  postMessage(order: Order): void;
  terminate(): unknown;
  on(event: "error", listener: (error: Error) => void): void;
  unref(): void;
}

/** The functions of assembly/chunks.ts for workers. */
interface WorkerCode {
  readonly claim: (thread: number) => number;
  readonly work: (chunk: number) => void;
  readonly finish: () => void;
}

let address: string | undefined;

/** The address of the program: workers of web pages cannot share memory if theirs is `data:`. */
export function workerAddress(): string {
  const program = `(${work})()`;
  return address ??= "crossOriginIsolated" in globalThis
    ? URL.createObjectURL(new Blob([program], { type: "text/javascript" }))
    : `data:text/javascript,${encodeURIComponent(program)}`;
}

/** The worker's program; it is passed as text, so it cannot refer to anything in this file. */
function work(): void {
  const ENDED = 0, FAILED = 2;
  // only where it is needed: Deno's asks for the present folder, which may have vanished
  const process = () => (globalThis as unknown as NodeGlobals).process;
  const node = "postMessage" in globalThis
    ? undefined
    : process().getBuiltinModule("node:worker_threads").parentPort;
  const run = ({ module, memory, thread, state }: Order) => {
    try {
      const code = new WebAssembly.Instance(module, { env: { memory } })
        .exports as unknown as WorkerCode;
      for (let chunk = code.claim(thread); chunk !== 0; chunk = code.claim(thread)) {
        code.work(chunk);
        code.finish();
      }
      Atomics.store(state, 0, ENDED);
    } catch {
      Atomics.store(state, 0, FAILED);
    }
  };
  if (node) node.once("message", run);
  else {
    addEventListener("message", (event) => {
      run((event as MessageEvent<Order>).data);
      if ("close" in globalThis) close();
      else process().exit(); // in Bun, which ends the worker only
    }, { once: true });
  }
}
