/**
 * The training runs whose hashes are in fixtures/golden_hashes.json. Plain JavaScript that uses the
 * library alone, so that every runtime can run it as it is.
 *
 * @module
 */

import {
  Dataset,
  hashNumbers,
  initialise,
  RandomState,
  readCheckpoint,
  ReferenceEngine,
  runHash,
  SimdEngine,
  train,
  writeCheckpoint,
} from "@sanso/sanso";

const ENGINES = { simd: SimdEngine, reference: ReferenceEngine };

const REPORT = { hidden: 80, seed: 601, batchSize: 100, learningRate: 0.01, epochs: 2 };
const ODD = { hidden: 33, seed: 7, batchSize: 64, learningRate: 0.05, epochs: 1 };
const SMALL = { hidden: 13, seed: 2026, batchSize: 17, learningRate: 0.5, epochs: 3 };

const BOTH_ENGINES = [{ engine: "simd" }, { engine: "reference" }];
const THREADS = [{ engine: "simd", threads: 2 }, { engine: "simd", threads: 5 }];

/**
 * Each run by its name: its images (MNIST's, unless they are drawn), its settings, and the ways to
 * compute it, which must all have the same hashes: on one thread or more. After `stop` steps, a run is saved and resumed by
 * another engine.
 */
export const RUNS = {
  "train --epochs 2": {
    settings: REPORT,
    ways: [{ engine: "simd" }, ...THREADS, { engine: "simd", stop: 900, resumeBy: "simd" }],
  },
  "train --epochs 2 --limit 2000": {
    limit: 2000,
    settings: REPORT,
    ways: [
      ...BOTH_ENGINES,
      ...THREADS,
      { engine: "simd", stop: 7, resumeBy: "reference" },
      { engine: "reference", stop: 27, resumeBy: "simd" },
    ],
  },
  "train --epochs 1 --hidden 33 --batch 64 --seed 7 --learning-rate 0.05": {
    settings: ODD,
    ways: [{ engine: "simd" }, ...THREADS],
  },
  "train --epochs 1 --hidden 33 --batch 64 --seed 7 --learning-rate 0.05 --limit 2000": {
    limit: 2000,
    settings: ODD,
    ways: [
      ...BOTH_ENGINES,
      ...THREADS,
      { engine: "simd", stop: 30, resumeBy: "reference" },
      { engine: "reference", stop: 1, resumeBy: "simd" },
    ],
  },
  "drawImages()": {
    images: drawImages,
    settings: SMALL,
    ways: [
      ...BOTH_ENGINES,
      ...THREADS,
      { engine: "simd", stop: 5, resumeBy: "reference" },
      { engine: "reference", stop: 8, resumeBy: "simd" },
    ],
  },
};

/**
 * A way as text, such as `simd, 2 threads` or `simd, stopped after 900 steps, resumed by simd`.
 *
 * @param {{ engine: string, threads?: number, stop?: number, resumeBy?: string }} way
 */
export function describeWay({ engine, threads, stop, resumeBy }) {
  if (threads !== undefined) return `${engine}, ${threads} threads`;
  if (stop === undefined) return engine;
  return `${engine}, stopped after ${stop} steps, resumed by ${resumeBy}`;
}

/**
 * Computes runs in all their ways.
 *
 * @param mnist MNIST's training images
 * @param names the names of the runs, by default of all
 * @returns the name of each run, the way, `runHash()` of the result, and `hashNumbers()` of the
 * losses: each `crossEntropy` that `train()` yielded, after each batch and each epoch
 */
export async function computeHashes(mnist, names = Object.keys(RUNS)) {
  const results = [];
  for (const name of names) {
    const { images, limit, settings, ways } = RUNS[name];
    const all = images === undefined ? mnist : images();
    const data = limit === undefined ? all : all.first(limit);
    for (const way of ways) {
      const { parameters, losses } = compute(data, settings, way);
      const hash = await runHash(parameters, losses.at(-1));
      results.push({ name, way: describeWay(way), hash, losses: await hashNumbers(losses) });
    }
  }
  return results;
}

/** 101 drawn images of 9x7 pixels in five classes: all sizes of the run are odd. */
function drawImages() {
  const random = new RandomState(5), count = 101, size = { width: 9, height: 7 };
  const pixels = Uint8Array.from(random.randint(0, 256, count * size.width * size.height));
  return Dataset.of(size, pixels, Uint8Array.from(random.randint(0, 5, count)));
}

function compute(data, settings, { engine: name, threads = 1, stop, resumeBy }) {
  const { hidden, seed } = settings, losses = [];
  const random = new RandomState(seed);
  const initial = initialise(data.inputs, hidden, data.classes, random);
  const engine = new ENGINES[name](initial, data, { threads });
  let steps = 0;
  for (const { event, crossEntropy, next } of train(engine, random, settings)) {
    losses.push(crossEntropy);
    if (event === "batch" && ++steps === stop) {
      const saved = save({ engine, random, settings, position: next });
      const parameters = resume(saved, ENGINES[resumeBy], data, losses);
      return { parameters, losses };
    }
  }
  engine.close?.();
  return { parameters: engine.parameters, losses };
}

/** The file of a run; the library does not compare digests of the data. */
function save({ engine, random, settings, position }) {
  const digest = new Uint8Array(32), { count } = engine.data;
  const data = { trainCount: count, trainDigest: digest, testCount: count, testDigest: digest };
  const { seed } = settings;
  return writeCheckpoint(engine.parameters, {
    position,
    settings,
    seed,
    random: random.getState(),
    data,
  });
}

/** Continues a saved run to its end, adds its losses and returns its parameters. */
function resume(file, Engine, data, losses) {
  const { parameters, state } = readCheckpoint(file);
  const engine = new Engine(parameters, data), random = RandomState.fromState(state.random);
  for (const { crossEntropy } of train(engine, random, state.settings, state.position)) {
    losses.push(crossEntropy);
  }
  return engine.parameters;
}
