// The client of the page's workers: starts one when it is needed, gives it the images first, and
// answers each request with a promise.
import { type ErrorWords, PageError, wordsOf } from "./errors.ts";

/** The parts of the worker's program: a worker does the one that it is named after. */
export type PartName = "trainer" | "breaker" | "diagnoser";

/** What a part does when it is asked, by name; it is asked for `data` once, before all else. */
export interface Functions {
  // deno-lint-ignore no-explicit-any -- each function has an argument of its own
  readonly [name: string]: (argument: any) => unknown;
}

/** A message to a worker. */
export interface Request {
  readonly id: number;
  readonly name: string;
  readonly argument: unknown;
}

/** A message from a worker: the answer to a request, or something that happened meanwhile. */
export type Reply =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: ErrorWords }
  | { readonly event: unknown };

/** Tells the page what has happened between its requests. */
export type Emit<Event> = (event: Event, transfer?: Transferable[]) => void;

/** The name of the element with the program in a page that was saved. */
const SCRIPT_ID = "worker-script";

interface Pending {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: PageError) => void;
}

/**
 * A client of one worker. A request that fails is rejected with a {@linkcode PageError}. If the
 * worker itself fails, or its script or its data cannot be loaded, so are all that wait, and the
 * next one starts another worker.
 */
export class WorkerClient<Part extends Functions, Event = never> {
  #worker: Worker | undefined;
  /** Until the worker has its data. */
  #ready: Promise<void> = Promise.resolve();
  #waiting = new Map<number, Pending>();
  #requests = 0;

  /**
   * @param part what the worker does
   * @param data loads the argument of its `data`; loaded again for another worker
   * @param onEvent called with what happens in the worker between requests
   */
  constructor(
    readonly part: PartName,
    readonly data: () => Promise<unknown>,
    readonly onEvent: (event: Event) => void,
  ) {}

  /** Asks the worker; requests are sent in order. After `end`, those before are never answered. */
  async ask<Name extends keyof Part & string>(
    name: Name,
    argument: Parameters<Part[Name]>[0],
  ): Promise<Awaited<ReturnType<Part[Name]>>> {
    const worker = this.#worker ??= this.#start();
    return await new Promise((resolve, reject) => {
      const id = ++this.#requests;
      this.#waiting.set(id, { resolve: resolve as Pending["resolve"], reject });
      this.#ready.then(() => {
        if (worker === this.#worker) worker.postMessage({ id, name, argument } satisfies Request);
      });
    });
  }

  /** Ends the worker, and with it what it does. */
  end(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#waiting = new Map();
  }

  #start(): Worker {
    const worker = new Worker(scriptAddress(), { name: this.part });
    const fail = (error: ErrorWords) => {
      if (worker !== this.#worker) return;
      const waiting = this.#waiting;
      this.end();
      for (const { reject } of waiting.values()) reject(new PageError(error));
    };
    worker.onmessage = ({ data: reply }: MessageEvent<Reply>) => {
      if (worker !== this.#worker) return; // a terminated worker may have sent more
      if ("event" in reply) return this.onEvent(reply.event as Event);
      if ("error" in reply && reply.id === 0) return fail(reply.error); // it has no data
      const { resolve, reject } = this.#waiting.get(reply.id) ?? {};
      if ("error" in reply) reject?.(new PageError(reply.error));
      else resolve?.(reply.result);
      this.#waiting.delete(reply.id);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      fail(event.message || { en: "Cannot load worker.js", ja: "worker.js を読み込めない" });
    };
    this.#ready = this.data().then(
      (argument) => worker.postMessage({ id: 0, name: "data", argument } satisfies Request),
      (error) => fail(wordsOf(error)),
    );
    return worker;
  }
}

/** The address of the worker's program. */
export function scriptAddress(): string {
  const script = document.getElementById(SCRIPT_ID);
  if (!script) return "worker.js";
  return URL.createObjectURL(new Blob([script.textContent!], { type: "text/javascript" }));
}
