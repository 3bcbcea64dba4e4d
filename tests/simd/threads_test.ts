// SimdEngine with several threads: the same bits, or one error if a thread fails.
import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { Dataset, dim, evaluate, initialise, RandomState, SimdEngine } from "../../mod.ts";
import { sharing, ThreadError } from "../../lib/simd/threads.ts";
import { assertEqualSteps, batchOf, EnginePair } from "../helpers/engine_equivalence.ts";
import { waitUntil, type Watch, WatchedWorkers } from "../helpers/watched_workers.ts";

/** 200 images of 9x7 pixels in five classes, half of them 0, and parameters of 33 hidden units. */
function draw() {
  const random = new RandomState(5), count = 200, size = { width: 9, height: 7 };
  const pixels = Uint8Array.from(random.randint(0, 512, count * 63), (n) => n > 255 ? 0 : n);
  const data = Dataset.of(size, pixels, Uint8Array.from(random.randint(0, 5, count)));
  return { data, initial: initialise(data.inputs, dim("hidden", 33), data.classes, random) };
}

/** Takes steps with both engines, and evaluates; batches are of several sizes, in any order. */
function compare(engines: EnginePair, steps = 20): void {
  const random = new RandomState(1);
  for (let i = 0; i < steps; i++) {
    const [size] = random.randint(1, i % 7 === 3 ? 1000 : 60, 1);
    engines.step(random.randint(0, engines.data.count, size!), 0.5);
  }
  deepStrictEqual(evaluate(engines.fast), evaluate(engines.reference));
}

/** Compares until the workers have computed some more chunks: on a busy machine they get few. */
function compareUntilShared(engines: EnginePair, workers: WatchedWorkers, chunks = 50): void {
  const before = workers.chunks;
  waitUntil(() => {
    compare(engines);
    return workers.chunks >= before + chunks;
  });
}

Deno.test("law: SimdEngine takes the reference's steps to the bit with any number of threads", () => {
  using workers = new WatchedWorkers();
  assertEqualSteps(10, {
    threads: [2, 3, 4, 7],
    onCreated: (engines, threads) => workers.waitUntilBegun(engines, threads),
  });
  ok(workers.chunks > 0);
});

Deno.test("example: SimdEngine has the same bits before, while and after its workers start", () => {
  using workers = new WatchedWorkers();
  const { initial, data } = draw();
  using engines = new EnginePair(initial, data, { threads: 3 });
  strictEqual(engines.fast.threads, 1);
  compare(engines);
  workers.waitUntilBegun(engines, 3);
  compareUntilShared(engines, workers, 500);
});

Deno.test("example: SimdEngine finishes a task of which a worker takes a chunk while it is posted", () => {
  // it looks at any moment; to fill the queues of 256 threads takes long
  const beforeClaim = "for (let n = 1e5 * Math.random(); n > 0; n--);";
  using workers = new WatchedWorkers({ beforeClaim });
  sharing.maxWaits = 3;
  const { initial, data } = draw(), batch = batchOf([0, 1, 2, 3]);
  using engine = new SimdEngine(initial, data, { threads: 256 });
  waitUntil(() => {
    engine.scores(batch);
    return workers.started === 2;
  });
  globalThis.Worker = class {
    constructor() {
      throw new Error("two are enough");
    }
  } as unknown as typeof Worker;
  const before = workers.chunks;
  waitUntil(() => {
    for (let i = 0; i < 1000; i++) engine.scores(batch);
    return workers.chunks > before + 2000;
  });
});

Deno.test("example: SimdEngine.close() ends the workers, and the engine continues alone", () => {
  using workers = new WatchedWorkers();
  const { initial, data } = draw();
  const engines = new EnginePair(initial, data, { threads: 2 });
  workers.waitUntilBegun(engines, 2);
  compareUntilShared(engines, workers);
  const { started, ended } = workers;
  engines.fast.close();
  engines.fast.close();
  strictEqual(engines.fast.threads, 1);
  waitUntil(() => workers.ended > ended);
  const { chunks } = workers;
  compare(engines);
  deepStrictEqual([workers.chunks, workers.started], [chunks, started]);
});

for (
  const [what, watch, message] of [
    ["throws at its first chunk", { beforeChunk: "throw new Error('a test');" }],
    ["throws at a later chunk", { beforeChunk: "if (done === 30) throw new Error('a test');" }],
    ["throws after a chunk", { afterChunk: "if (done === 40) throw new Error('a test');" }],
    ["cannot instantiate the code", { setup: "WebAssembly.Instance = null;" }],
    [
      "stops with a chunk that it has claimed",
      { beforeChunk: "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);" },
      "No thread of the engine made progress for 10 seconds",
    ],
  ] satisfies [string, Watch, string?][]
) {
  Deno.test(`example: SimdEngine throws, then and from then on, if a worker ${what}`, () => {
    using _ = new WatchedWorkers(watch);
    sharing.maxWaits = 3;
    const { initial, data } = draw();
    using engine = new SimdEngine(initial, data, { threads: 3 });
    const batch = batchOf([0, 1, 2, 3]), step = () => engine.step(batch, 0.5);
    const error = new ThreadError(message ?? "A thread of the engine failed");
    throws(() =>
      waitUntil(() => {
        for (let i = 0; i < 10; i++) step();
        return false;
      }), error);
    for (
      const use of [
        step,
        () => engine.scores(batch),
        () => engine.predictionsAndLosses(batch),
        () => engine.parameters,
        () => engine.parameters = initial,
      ]
    ) throws(use, error);
  });
}

Deno.test("example: SimdEngine throws with the reason if a worker's program fails to load", async () => {
  using _ = new WatchedWorkers({ setup: "throw new Error('not today');" });
  const { initial, data } = draw();
  using engine = new SimdEngine(initial, data, { threads: 2 });
  const end = Date.now() + 60_000;
  const use = async () => {
    while (Date.now() < end) {
      engine.step(batchOf([0, 1, 2, 3]), 0.5);
      await new Promise((resolve) => setTimeout(resolve, 1)); // the error is an event
    }
  };
  const error = await use().catch((error) => error);
  ok(error instanceof ThreadError && /^A thread .* failed: .*not today$/.test(error.message));
});

/** Runs with a `Worker` of which only so many can be made, and which never begin. */
function withWorkers(limit: number, run: (made: () => number) => void): void {
  using _ = new WatchedWorkers(); // tasks are shared at once
  const { Worker } = globalThis;
  let made = 0;
  globalThis.Worker = class {
    constructor() {
      if (++made > limit) throw new TypeError("workers are forbidden");
    }
    addEventListener() {}
    postMessage() {}
    terminate() {}
  } as unknown as typeof Worker;
  try {
    run(() => made);
  } finally {
    globalThis.Worker = Worker;
  }
}

Deno.test("example: SimdEngine computes with fewer threads if a worker cannot be started", () => {
  for (const limit of [0, 2]) {
    withWorkers(limit, (made) => {
      const { initial, data } = draw();
      using engines = new EnginePair(initial, data, { threads: 7 });
      compare(engines);
      deepStrictEqual([made(), engines.fast.threads], [limit + 1, limit + 1]);
    });
  }
});

Deno.test("example: SimdEngine starts one worker with each task, so that no step takes long", () => {
  withWorkers(Infinity, (made) => {
    const { initial, data } = draw();
    using engine = new SimdEngine(initial, data, { threads: 256 });
    for (let steps = 1; steps <= 100; steps++) {
      engine.step(batchOf([0, 1]), 0.5);
      strictEqual(made(), Math.min(3 * steps, 255));
    }
  });
});

Deno.test("example: SimdEngine computes alone where memory cannot be shared", () => {
  const { SharedArrayBuffer } = globalThis, { Memory } = WebAssembly;
  const { initial, data } = draw();
  using workers = new WatchedWorkers();
  const compareAlone = () => {
    using engines = new EnginePair(initial, data, { threads: 2 });
    compare(engines);
  };
  try {
    globalThis.SharedArrayBuffer = undefined as unknown as typeof SharedArrayBuffer;
    compareAlone();
    globalThis.SharedArrayBuffer = SharedArrayBuffer;
    WebAssembly.Memory = class extends Memory {
      constructor(descriptor: WebAssembly.MemoryDescriptor) {
        if (descriptor.shared) throw new RangeError("cannot reserve 4 GiB");
        super(descriptor);
      }
    };
    compareAlone();
    Object.assign(globalThis, { crossOriginIsolated: false });
    WebAssembly.Memory = Memory;
    compareAlone();
  } finally {
    Object.assign(globalThis, { SharedArrayBuffer });
    Reflect.deleteProperty(globalThis, "crossOriginIsolated");
    WebAssembly.Memory = Memory;
  }
  strictEqual(workers.started, 0);
});

Deno.test("example: SimdEngine starts its workers only after it has worked for a while, not after a pause", () => {
  const { now } = performance;
  let time = 0;
  withWorkers(Infinity, (made) => {
    performance.now = () => time++; // a task takes a millisecond
    try {
      sharing.delay = 10;
      const { initial, data } = draw();
      using engine = new SimdEngine(initial, data, { threads: 2 });
      for (let tasks = 2; tasks <= 10; tasks += 2) {
        engine.scores(batchOf([0, 1]));
        strictEqual(made(), 0);
        time += 1000;
      }
      engine.scores(batchOf([0, 1]));
      strictEqual(made(), 1);
    } finally {
      performance.now = now;
    }
  });
});

Deno.test("example: SimdEngine leaves its workers alone where there is little work", () => {
  using workers = new WatchedWorkers();
  const { initial, data } = draw(), { minWork } = sharing;
  using engines = new EnginePair(initial, data, { threads: 2 });
  workers.waitUntilBegun(engines, 2);
  const { chunks } = workers;
  sharing.minWork = 1e6;
  compare(engines);
  strictEqual(workers.chunks, chunks);
  sharing.minWork = minWork;
  compareUntilShared(engines, workers);
});
