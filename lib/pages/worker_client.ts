// The client of the page's workers: starts one when it is needed, gives it the images first, and
// answers each request with a promise.
import { type ErrorWords, PageError, wordsOf } from "./texts.ts";

/** The parts of the worker's program: a worker does the one that it is named after. */
export type PartName = "trainer" | "breaker" | "diagnoser";

/** What a part does when it is asked, by name; it is asked for `data` once, before all else. */
export interface Functions {
  // deno-lint-ignore no-explicit-any -- each function has an argument of its own
  readonly [name: string]: (argument: any) => unknown;
}

/** A message to a worker; the one with the data has the id 0. */
export type Request = Readonly<{ id: number; name: string; argument: unknown }>;

/** A message from a worker: the answer to a request, or without an id what happened meanwhile. */
export type Reply = Readonly<
  { id?: number; result?: unknown; error?: ErrorWords; event?: unknown }
>;

/** Tells the page what has happened between its requests. */
export type Emit<Event> = (event: Event, transfer?: Transferable[]) => void;

/**
 * A client of one worker. A request that fails is rejected with a {@linkcode PageError}. If the
 * worker itself fails, or its script or its data cannot be loaded, so are all that wait, and the
 * next one starts another worker.
 */
export class WorkerClient<Part extends Functions, Event = never> {
  #worker: Worker | undefined;
  /** Until the worker has its data. */
  #ready: Promise<void> = Promise.resolve();
  #waiting = new Map<number, (reply: Reply) => void>();
  #requests = 0;

  /**
   * @param data loads the argument of the part's `data`; loaded again for another worker
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
    const worker = this.#worker ??= this.#start(), id = ++this.#requests;
    this.#ready.then(() => worker.postMessage({ id, name, argument } satisfies Request));
    return await new Promise((resolve, reject) =>
      this.#waiting.set(
        id,
        ({ result, error }) => error ? reject(new PageError(error)) : resolve(result as never),
      )
    );
  }

  /** Ends the worker, and with it what it does. */
  end(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#waiting = new Map();
  }

  #start(): Worker {
    // a page that was saved contains the program
    const script = document.getElementById("worker-script")?.textContent;
    const address = script === undefined
      ? "worker.js"
      : URL.createObjectURL(new Blob([`${script}`], { type: "text/javascript" }));
    const worker = new Worker(address, { name: this.part });
    const fail = (words: ErrorWords) => {
      if (worker !== this.#worker) return;
      const waiting = this.#waiting;
      this.end();
      for (const answer of waiting.values()) answer({ error: words });
    };
    worker.onmessage = ({ data: reply }: MessageEvent<Reply>) => {
      const { id, error, event } = reply;
      if (worker !== this.#worker) return; // a terminated worker may have sent more
      if (id === undefined) return this.onEvent(event as Event);
      if (id === 0) return error && fail(error); // it has no data
      this.#waiting.get(id)!(reply);
      this.#waiting.delete(id);
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
