// SimdEngine with several threads, at length: sizes, delays, failures, and a thousand short runs.
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { Dataset, dim, evaluate, initialise, RandomState } from "../../mod.ts";
import { run } from "../../scripts/run_program.ts";
import { assertEqualSteps, batchOf, EnginePair } from "../helpers/engine_equivalence.ts";
import { Folder } from "../helpers/folder.ts";
import { ROOT } from "../helpers/generated_files.ts";
import { block, faultyModule, WatchedWorkers } from "../helpers/watched_workers.ts";

/** Milliseconds in which workers start, mostly. */
const START = 100;

const FAULTY = await faultyModule();

/** Images of which two thirds of the pixels are 0, or none, and parameters. */
function draw(
  [M, B, D, K]: readonly [number, number, number, number],
  seed = 1,
  isDense = false,
) {
  const random = new RandomState(seed), count = Math.max(B, 20);
  const pixels = Uint8Array.from(
    random.randint(0, 765, count * D),
    (n) => isDense ? 1 + n % 255 : n > 255 ? 0 : n,
  );
  const labels = Uint8Array.from(random.randint(0, K, count));
  labels[0] = K - 1; // there are K classes
  const data = Dataset.of({ width: D, height: 1 }, pixels, labels);
  return { data, random, initial: initialise(data.inputs, dim("hidden", M), data.classes, random) };
}

const THREADS = [2, 3, 4, 7, 16];

// every two of these sizes occur together, but for M = 4096 with B = 1000, which takes a minute
for (const [i, M] of [1, 2, 16, 17, 4096].entries()) {
  for (const [j, B] of [1, 2, 3, 100, 1000].entries()) {
    const D = [1, 3, 784][(i + j) % 3]!, K = [1, 2, 10, 200][(i + 2 * j) % 4]!;
    if (M * B > 1e6) continue;
    const threads = THREADS[(i + 3 * j) % 5]!;
    Deno.test(`example: SimdEngine with ${threads} threads equals the reference to the bit: ${D}-${M}-${K}, batches of ${B}`, () => {
      const { data, random, initial } = draw([M, B, D, K]);
      using workers = new WatchedWorkers();
      using engines = new EnginePair(initial, data, { threads });
      workers.waitUntilBegun(engines);
      for (let n = 0; n < 4; n++) engines.step(random.randint(0, data.count, B), 0.1);
      deepStrictEqual(evaluate(engines.fast), evaluate(engines.reference));
      ok(workers.started >= threads - 1); // more if the reference takes long
    });
  }
}

Deno.test("law: SimdEngine has the same bits with any number of threads, in 200 runs", () => {
  using workers = new WatchedWorkers();
  assertEqualSteps(200, {
    threads: THREADS,
    onCreated: (engines) => workers.waitUntilBegun(engines),
  });
  ok(workers.chunks > 100);
});

/** Delays a worker at random points for up to some milliseconds, or lets others run. */
const DELAY = `
  if (Math.random() < 0.02) {
    const word = new Int32Array(new SharedArrayBuffer(4));
    Atomics.wait(word, 0, 0, Math.random() < 0.9 ? 0.1 : 5 * Math.random());
  }`;

Deno.test("law: SimdEngine has the same bits if its workers are delayed at random points", () => {
  for (let seed = 0; seed < 20; seed++) {
    using workers = new WatchedWorkers({ atFault: DELAY, beforeChunk: DELAY }, FAULTY);
    const { data, random, initial } = draw([33, 50, 63, 5], seed);
    using engines = new EnginePair(initial, data, { threads: 2 + seed % 3 });
    workers.waitUntilBegun(engines);
    for (let i = 0; i < 50; i++) engines.step(random.randint(0, data.count, 50), 0.1);
    deepStrictEqual(evaluate(engines.fast), evaluate(engines.reference));
    ok(workers.chunks > 50, `${workers.chunks}`);
  }
});

Deno.test("law: SimdEngine loses nothing if a worker throws at a random point, in a chunk or between", () => {
  let warned = 0;
  for (let seed = 0; seed < 60; seed++) {
    const point = 1 + Math.floor(seed * seed * seed / 50);
    using workers = new WatchedWorkers({
      setup: "let points = 0;",
      atFault: `if (++points === ${point}) throw new Error("a test");`,
    }, FAULTY);
    const { data, random, initial } = draw([33, 50, 63, 5], seed, seed % 2 === 1);
    using engines = new EnginePair(initial, data, {
      threads: 2 + seed % 3,
      onWarning: () => warned++,
    });
    workers.waitUntilBegun(engines);
    for (let i = 0; i < 50; i++) engines.step(random.randint(0, data.count, 50), 0.1);
    deepStrictEqual(evaluate(engines.fast), evaluate(engines.reference));
  }
  ok(warned > 30 && warned <= 60, `${warned}`);
});

for (
  const [stops, duration] of [["stops", Infinity], ["stops for eleven seconds", 11_000]] as const
) {
  Deno.test(`example: SimdEngine gives up a worker that ${stops} within a chunk without an error`, () => {
    const warnings: string[] = [];
    using workers = new WatchedWorkers({
      setup: "let points = 0, isInChunk = false;",
      beforeChunk: "isInChunk = true;",
      afterChunk: "isInChunk = false;",
      atFault: `if (isInChunk && ++points === 300) {
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ${duration});
      }`,
    }, FAULTY);
    const { data, random, initial } = draw([33, 50, 63, 5]);
    const onWarning = (message: string) => void warnings.push(message);
    using engines = new EnginePair(initial, data, { threads: 2, onWarning });
    const step = () => engines.step(random.randint(0, data.count, 50), 0.1);
    workers.waitUntilBegun(engines);
    // on a busy machine the worker may get few chunks of a step
    for (let i = 0; i < 20_000 && warnings.length === 0; i++) step();
    // if it went on now, it would change parameters
    for (const end = performance.now() + 2000; performance.now() < end;) step();
    deepStrictEqual(warnings, [
      "a thread made no progress for 10 seconds; the engine continues with one thread",
    ]);
  });
}

Deno.test("example: SimdEngine.close() leaves no chunk to a worker that is about to claim one", () => {
  for (let seed = 0; seed < 10; seed++) {
    using workers = new WatchedWorkers({
      setup: "let points = 0;",
      atFault: `if (++points === 1) {
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
      }`,
    }, FAULTY);
    const { data, random, initial } = draw([33, 50, 63, 5], seed);
    using engines = new EnginePair(initial, data, { threads: 2 });
    const stepFor = (milliseconds: number) => {
      const end = performance.now() + milliseconds;
      while (performance.now() < end) {
        engines.fast.step(batchOf(random.randint(0, data.count, 50)), 0.1);
      }
    };
    workers.waitUntilBegun(engines);
    stepFor(100);
    engines.fast.close();
    stepFor(200);
    strictEqual(workers.chunks, 0);
  }
});

Deno.test("law: SimdEngine takes a thousand short runs without a hang", () => {
  using _ = new WatchedWorkers();
  for (let seed = 0; seed < 1000; seed++) {
    const { data, random, initial } = draw([17, 20, 30, 3], seed);
    using engines = new EnginePair(initial, data, { threads: 2 + seed % 3 });
    engines.step([0], 0.1); // starts the workers
    if (seed % 2 === 0) block(random.randomSample() * START);
    for (let i = 0; i < 20; i++) engines.step(random.randint(0, data.count, 20), 0.1);
  }
});

Deno.test("example: SimdEngine starts workers again that have ended after a second without work", () => {
  using workers = new WatchedWorkers();
  const { data, random, initial } = draw([17, 20, 30, 3]);
  using engines = new EnginePair(initial, data, { threads: 2 });
  const step = () => engines.step(random.randint(0, data.count, 20), 0.1);
  for (let runs = 1; runs <= 3; runs++) {
    workers.waitUntilBegun(engines);
    const before = workers.chunks;
    for (let i = 0; i < 50; i++) step();
    ok(workers.chunks > before);
    strictEqual(workers.started, runs);
    block(1500);
    step();
  }
});

Deno.test("example: a SimdEngine that nobody closes lets the program end after a second", async () => {
  using folder = new Folder({
    "program.ts": `
      import { Dataset, dim, Indices, initialise, RandomState, SimdEngine } from "${new URL(
      "mod.ts",
      ROOT,
    )}";
      import { sharing } from "${new URL("lib/simd/threads.ts", ROOT)}";
      Object.assign(sharing, { minWork: 0, delay: 0 });
      const data = Dataset.of({ width: 1, height: 1 }, Uint8Array.of(1, 2), Uint8Array.of(0, 1));
      const initial = initialise(data.inputs, dim("hidden", 3), data.classes, new RandomState(1));
      new SimdEngine(initial, data, { threads: 3 }).scores(Indices.of(1, [0]));`,
  });
  const config = fileURLToPath(new URL("deno.json", ROOT));
  await run(Deno.execPath(), ["run", "--no-check", "--config", config, folder.file("program.ts")]);
});
