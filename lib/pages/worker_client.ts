// The clients of the page's workers: they start one when it is needed, give it the images first,
// and answer each request with a promise.
import { type ErrorWords, PageError, wordsOf } from "./texts.ts";

/** The parts of the worker's program: a worker does the one that it is named after. */
export type PartName = "trainer" | "breaker" | "diagnoser";

/** What a part does when it is asked, by name; it is asked for `data` once, before all else. */
export interface Functions {
  // deno-lint-ignore no-explicit-any -- each function has an argument of its own
  readonly [name: string]: (argument: any) => unknown;
}

/** What a worker answers to a request. */
export type Reply = Readonly<{ result?: unknown; error?: ErrorWords }>;

/** Tells the page what has happened between its requests. */
export type Emit<Event> = (event: Event, transfer?: Transferable[]) => void;

/**
 * A client of one worker. If the worker fails, or its script or data cannot be loaded, all that wait
 * are rejected, and the next request starts another worker.
 */
export class WorkerClient<Part extends Functions, Event = never> {
  #worker: Worker | undefined;
  /** Until the worker has its data; and, for what waits then, until it fails. */
  #ready: Promise<unknown> = Promise.resolve();
  #failure: Promise<unknown> = Promise.resolve();

  /** @param data loads the argument of the part's `data`, for each worker anew */
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
    await this.#ready;
    return await Promise.race([this.#request(worker, name, argument), this.#failure]) as never;
  }

  /** Called when the worker has failed. */
  protected fail(_error: unknown): void {
    this.end();
  }

  /** Ends the worker, and with it what it does. */
  end(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
  }

  #start(): Worker {
    // a page that was saved contains the program
    const script = document.getElementById("worker-script")?.textContent;
    const address = script === undefined
      ? "worker.js"
      : URL.createObjectURL(new Blob([`${script}`], { type: "text/javascript" }));
    const worker = new Worker(address, { name: this.part });
    // a terminated worker may have sent more
    worker.onmessage = ({ data }) => worker === this.#worker && this.onEvent(data);
    let reject!: (error: unknown) => void;
    const failure = this.#failure = new Promise<never>((_, fail) => reject = fail);
    this.#ready = new Promise((resolve) => {
      const fail = (error: unknown) => {
        if (worker !== this.#worker) return;
        reject(error);
        this.fail(error);
      };
      worker.onerror = (event) => {
        event.preventDefault();
        const lost = { en: "Cannot load worker.js", ja: "worker.js を読み込めない" };
        fail(new PageError(event.message || lost));
      };
      this.data().then((argument) => this.#request(worker, "data", argument))
        .finally(() => URL.revokeObjectURL(address))
        .then(resolve, fail);
      failure.catch(() => resolve(failure)); // who waits for the data, too
    });
    return worker;
  }

  #request(worker: Worker, name: string, argument: unknown): Promise<unknown> {
    const { port1, port2 } = new MessageChannel();
    worker.postMessage({ name, argument }, [port2]);
    return new Promise((resolve, reject) => {
      port1.onmessage = ({ data: { result, error } }: MessageEvent<Reply>) => {
        if (worker !== this.#worker) return;
        if (error) reject(new PageError(error));
        else resolve(result);
      };
    });
  }
}

/** A training in a worker of its own: whether it goes on, or why it has failed. */
export class TrainingClient<Part extends Functions, Progress extends { readonly ended: boolean }>
  extends WorkerClient<Part, Progress> {
  isTraining = false;
  error: ErrorWords | undefined;

  /** @param onProgress called with what it has reached, before `onChange` */
  constructor(
    part: PartName,
    data: () => Promise<unknown>,
    onProgress: (progress: Progress) => void,
    public onChange: () => void,
  ) {
    super(part, data, (progress) => {
      this.isTraining = !progress.ended;
      onProgress(progress);
      this.onChange();
    });
  }

  /** Asks the worker; an error ends the training, and nothing is returned. */
  protected async request<Name extends keyof Part & string>(
    name: Name,
    argument: Parameters<Part[Name]>[0],
  ) {
    this.onChange();
    try {
      return await this.ask(name, argument);
    } catch (error) {
      this.fail(error);
      return undefined;
    }
  }

  protected override fail(error: unknown): void {
    this.end();
    this.error = wordsOf(error);
    this.onChange();
  }

  /** Ends the training; the next request starts another. */
  override end(): void {
    super.end();
    [this.isTraining, this.error] = [false, undefined];
  }
}
