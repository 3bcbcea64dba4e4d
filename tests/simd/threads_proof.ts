// SimdEngine with several threads, at length: sizes, delays, stops, and a thousand short runs.
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { Dataset, dim, evaluate, initialise, RandomState } from "../../mod.ts";
import { run } from "../../scripts/run_program.ts";
import { assertEqualSteps, EnginePair } from "../helpers/engine_equivalence.ts";
import { Folder } from "../helpers/folder.ts";
import { ROOT } from "../helpers/generated_files.ts";
import { waitUntil, WatchedWorkers } from "../helpers/watched_workers.ts";

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
      workers.waitUntilBegun(engines, threads);
      for (let n = 0; n < 4; n++) engines.step(random.randint(0, data.count, B), 0.1);
      deepStrictEqual(evaluate(engines.fast), evaluate(engines.reference));
      ok(workers.started >= threads - 1); // more if the reference takes long
    });
  }
}

Deno.test("law: SimdEngine has the same bits with any number of threads, in 100 runs", () => {
  using workers = new WatchedWorkers();
  assertEqualSteps(100, {
    threads: THREADS,
    onCreated: (engines, threads) => workers.waitUntilBegun(engines, threads),
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
    using workers = new WatchedWorkers({
      beforeClaim: DELAY,
      beforeChunk: DELAY,
      afterChunk: DELAY,
    });
    const threads = 2 + seed % 3, { data, random, initial } = draw([33, 50, 63, 5], seed);
    using engines = new EnginePair(initial, data, { threads });
    workers.waitUntilBegun(engines, threads);
    waitUntil(() => {
      for (let i = 0; i < 50; i++) engines.step(random.randint(0, data.count, 50), 0.1);
      return workers.chunks > 50;
    });
    deepStrictEqual(evaluate(engines.fast), evaluate(engines.reference));
  }
});

Deno.test("example: SimdEngine.close() leaves no chunk to a worker that is about to claim one", () => {
  for (let seed = 0; seed < 10; seed++) {
    using workers = new WatchedWorkers({
      setup: "let isFirst = true;",
      beforeClaim: `
        if (isFirst) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
        isFirst = false;`,
    });
    const { data, random, initial } = draw([33, 50, 63, 5], seed);
    using engines = new EnginePair(initial, data, { threads: 2 });
    workers.waitUntilBegun(engines, 2);
    const { chunks } = workers;
    engines.fast.close();
    waitUntil(() => {
      engines.step(random.randint(0, data.count, 50), 0.1);
      return workers.ended === 1;
    });
    strictEqual(workers.chunks, chunks);
  }
});

Deno.test("law: SimdEngine takes 300 short runs without a hang", () => {
  using _ = new WatchedWorkers();
  for (let seed = 0; seed < 300; seed++) {
    const { data, random, initial } = draw([17, 20, 30, 3], seed);
    using engines = new EnginePair(initial, data, { threads: 2 + seed % 3 });
    for (let i = seed % 50; i < 50; i++) engines.step(random.randint(0, data.count, 20), 0.1);
  }
});

Deno.test("example: SimdEngine starts workers again that have ended after a second without work", () => {
  using workers = new WatchedWorkers();
  const { data, random, initial } = draw([17, 20, 30, 3]);
  using engines = new EnginePair(initial, data, { threads: 2 });
  for (let runs = 1; runs <= 3; runs++) {
    workers.waitUntilBegun(engines, 2);
    const before = workers.chunks;
    waitUntil(() => {
      engines.step(random.randint(0, data.count, 20), 0.1);
      return workers.chunks > before;
    });
    waitUntil(() => workers.ended === workers.started);
  }
  ok(workers.started >= 3); // more if a step took a second
});

Deno.test("example: SimdEngine does not count time in which the whole process is stopped", async () => {
  using folder = new Folder({
    "program.ts": `
      import { Dataset, dim, Indices, initialise, RandomState, SimdEngine } from "${new URL(
      "mod.ts",
      ROOT,
    )}";
      import { sharing } from "${new URL("lib/simd/threads.ts", ROOT)}";
      import { WatchedWorkers } from "${new URL("tests/helpers/watched_workers.ts", ROOT)}";
      using workers = new WatchedWorkers({
        beforeChunk: "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);",
      });
      sharing.maxWaits = 5;
      const data = Dataset.of({ width: 1, height: 1 }, Uint8Array.of(1, 2), Uint8Array.of(0, 1));
      const initial = initialise(data.inputs, dim("hidden", 99), data.classes, new RandomState(1));
      using engine = new SimdEngine(initial, data, { threads: 2 });
      while (workers.chunks < 30) {
        engine.scores(Indices.of(1, [0]));
        if (workers.chunks > 0) console.log(workers.chunks);
      }`,
  });
  const config = fileURLToPath(new URL("deno.json", ROOT));
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "--config", config, folder.file("program.ts")],
    stdout: "piped",
  }).spawn();
  const output = child.stdout.getReader();
  await output.read(); // the caller mostly waits for the worker now
  child.kill("SIGSTOP");
  await new Promise((resolve) => setTimeout(resolve, 2000)); // the time that must not count
  child.kill("SIGCONT");
  while (!(await output.read()).done);
  strictEqual((await child.status).code, 0);
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
