// SimdEngine with several threads: the same bits, whatever happens to its workers.
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { Dataset, dim, evaluate, initialise, RandomState, SimdEngine } from "../../mod.ts";
import { sharing } from "../../lib/simd/threads.ts";
import {
  assertEqualSteps,
  assertSameParameters,
  batchOf,
  EnginePair,
} from "../helpers/engine_equivalence.ts";
import { block, type Watch, WatchedWorkers } from "../helpers/watched_workers.ts";

/** Milliseconds in which workers start, mostly. */
const START = 60;

/**
 * 200 images of 9x7 pixels in five classes, and parameters of 33 hidden units. Half of the pixels
 * are 0, or none.
 */
function draw(isDense = false) {
  const random = new RandomState(5), count = 200, size = { width: 9, height: 7 };
  const pixels = Uint8Array.from(
    random.randint(0, 512, count * 63),
    (n) => isDense ? 1 + n % 255 : n > 255 ? 0 : n,
  );
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

Deno.test("law: SimdEngine takes the reference's steps to the bit with any number of threads", () => {
  using workers = new WatchedWorkers();
  assertEqualSteps(10, {
    threads: [2, 3, 4, 7],
    onCreated: (engines) => workers.waitUntilBegun(engines),
  });
  ok(workers.chunks > 0);
});

Deno.test("example: SimdEngine has the same bits before, while and after its workers start", () => {
  using workers = new WatchedWorkers();
  const { initial, data } = draw();
  using engines = new EnginePair(initial, data, { threads: 3 });
  compare(engines);
  workers.waitUntilBegun(engines);
  // on a busy machine the workers may get few chunks of one comparison
  for (let round = 0; round < 50 && workers.chunks < 500; round++) compare(engines);
  strictEqual(workers.started, 2);
  ok(workers.chunks >= 500, `${workers.chunks}`);
});

Deno.test("example: SimdEngine.close() ends the workers, and the engine continues alone", () => {
  using workers = new WatchedWorkers();
  const { initial, data } = draw();
  const engines = new EnginePair(initial, data, { threads: 2 });
  workers.waitUntilBegun(engines);
  compare(engines);
  ok(workers.chunks > 0);
  engines.fast.close();
  engines.fast.close();
  block(500); // without work they would end after a second
  strictEqual(workers.ended, 1);
  const { chunks } = workers;
  compare(engines);
  strictEqual(workers.chunks, chunks);
  strictEqual(workers.started, 1);
});

/** Asserts that workers with a fault cost no bits, and are reported once in these words. */
function assertReported(
  watch: Watch,
  expected: string[],
  { threads = 2, isDense = false } = {},
): void {
  using workers = new WatchedWorkers(watch);
  const { initial, data } = draw(isDense), warnings: string[] = [];
  using engines = new EnginePair(initial, data, {
    threads,
    onWarning: (message) => warnings.push(message),
  });
  for (let i = 0; i < 5; i++) {
    block(START);
    compare(engines);
  }
  deepStrictEqual(warnings, expected);
  strictEqual(workers.started, threads - 1);
}

const FAILED = "a thread failed; the engine continues with one thread";

Deno.test("example: SimdEngine goes on alone after a worker throws at its first chunk", () =>
  assertReported({ beforeChunk: "throw new Error('a test');" }, [FAILED]));

Deno.test("example: SimdEngine goes on alone after one of its workers throws at a later chunk", () =>
  assertReported({ beforeChunk: "if (done === 30) throw new Error('a test');" }, [FAILED], {
    threads: 3,
  }));

Deno.test("example: SimdEngine updates no parameter twice after a worker throws at the end of a chunk", () => {
  // more rows than a chunk of W2 and b2 has: it is one of W1
  const afterChunk = "if (done >= 40 && rows > 10) throw new Error('a test');";
  for (const isDense of [false, true]) assertReported({ afterChunk }, [FAILED], { isDense });
});

Deno.test("example: SimdEngine goes on alone after a worker cannot instantiate the code", () =>
  assertReported({ setup: "WebAssembly.Instance = null;" }, [FAILED]));

Deno.test("example: SimdEngine computes alone if a worker cannot be started", () => {
  using _ = new WatchedWorkers(); // workers are to be started at once
  const { Worker } = globalThis;
  const { initial, data } = draw(), warnings: string[] = [];
  globalThis.Worker = class {
    constructor() {
      throw new TypeError("workers are forbidden");
    }
  } as unknown as typeof Worker;
  try {
    using engines = new EnginePair(initial, data, {
      threads: 4,
      onWarning: (message) => warnings.push(message),
    });
    compare(engines);
  } finally {
    globalThis.Worker = Worker;
  }
  deepStrictEqual(warnings, [
    "a thread did not start: workers are forbidden; the engine continues with one thread",
  ]);
});

Deno.test("example: SimdEngine reports a worker whose program fails to load, and computes alone", async () => {
  const { initial, data } = draw(), { promise, resolve } = Promise.withResolvers<string>();
  using _ = new WatchedWorkers({ setup: "throw new Error('not today');" });
  using engines = new EnginePair(initial, data, { threads: 2, onWarning: resolve });
  compare(engines);
  ok(/^a thread failed: .*not today; the engine continues with one thread$/.test(await promise));
  compare(engines);
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

Deno.test("example: SimdEngines with threads do not share memory", () => {
  using _ = new WatchedWorkers();
  const { initial, data } = draw();
  using one = new SimdEngine(initial, data, { threads: 2 });
  using other = new SimdEngine(initial, data, { threads: 2 });
  for (let i = 0; i < 2; i++, block(START)) one.step(batchOf([0, 1, 2, 3]), 1);
  assertSameParameters(other.parameters, initial);
});

Deno.test("example: SimdEngine starts its workers only after it has worked for a while, also after a pause", () => {
  using workers = new WatchedWorkers();
  sharing.delay = 300;
  const { initial, data } = draw();
  using engines = new EnginePair(initial, data, { threads: 2 });
  const batch = batchOf([0, 1, 2, 3]);
  const scoreUntilStarted = () => {
    const before = workers.started, end = performance.now() + 5000;
    while (workers.started === before && performance.now() < end) engines.fast.scores(batch);
  };
  for (let runs = 0; runs < 2; runs++) {
    engines.fast.scores(batch);
    block(sharing.delay); // a pause is not work
    engines.fast.scores(batch);
    strictEqual(workers.started, runs);
    scoreUntilStarted();
    strictEqual(workers.started, runs + 1);
    // they end after a second without work
    for (let waits = 0; workers.ended <= runs && waits < 100; waits++) block(100);
    block(100);
  }
});

Deno.test("example: SimdEngine starts a worker again at once that has ended while another runs", () => {
  using workers = new WatchedWorkers({
    setup: `
      const { Instance: Original } = WebAssembly;
      WebAssembly.Instance = function (module, imports) {
        const { exports } = new Original(module, imports);
        const claim = () => exports.thread.value === 2 ? 0 : exports.claim(); // it ends at once
        return { exports: { ...exports, claim } };
      };`,
  });
  const { initial, data } = draw();
  using engines = new EnginePair(initial, data, { threads: 3 });
  workers.waitUntilBegun(engines);
  sharing.delay = Infinity; // no time alone is long enough
  for (let round = 0; round < 50 && workers.started < 4; round++) compare(engines);
  ok(workers.started >= 4, `${workers.started}`);
});

Deno.test("example: SimdEngine leaves its workers alone where there is little work", () => {
  using workers = new WatchedWorkers();
  const { initial, data } = draw(), { minWork } = sharing;
  using engines = new EnginePair(initial, data, { threads: 2 });
  workers.waitUntilBegun(engines);
  sharing.minWork = 1e6;
  compare(engines);
  strictEqual(workers.chunks, 0);
  sharing.minWork = minWork;
  compare(engines);
  ok(workers.chunks > 0);
});
