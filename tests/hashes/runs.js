// The training runs whose hashes are in fixtures/golden_hashes.json. Plain JavaScript that uses the
// library alone, so that every runtime can run it as it is.
import {
  Dataset,
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

const THREADS = [{ engine: "simd", threads: 2 }, { engine: "simd", threads: 5 }];
const ALONE = [{ engine: "simd" }, ...THREADS];
/** Both engines, and each resumes what the other saved after so many steps. */
const both = (simd, reference) => [
  ...[{ engine: "simd" }, { engine: "reference" }, ...THREADS],
  { engine: "simd", stop: simd, resumeBy: "reference" },
  { engine: "reference", stop: reference, resumeBy: "simd" },
];

/**
 * Each run by its name, and the ways to compute it, which must all have the same hashes. After
 * `stop` steps, a run is saved and resumed by another engine.
 */
export const RUNS = {
  "train --epochs 2": {
    settings: REPORT,
    ways: [...ALONE, { engine: "simd", stop: 900, resumeBy: "simd" }],
  },
  "train --epochs 2 --limit 2000": {
    limit: 2000,
    settings: REPORT,
    ways: both(7, 27),
  },
  "train --epochs 1 --hidden 33 --batch 64 --seed 7 --learning-rate 0.05": {
    settings: ODD,
    ways: ALONE,
  },
  "train --epochs 1 --hidden 33 --batch 64 --seed 7 --learning-rate 0.05 --limit 2000": {
    limit: 2000,
    settings: ODD,
    ways: both(30, 1),
  },
  "drawImages()": {
    images: drawImages,
    settings: SMALL,
    ways: both(5, 8),
  },
};

/**
 * A way as text, such as `simd, 2 threads`.
 *
 * @param {{ engine: string, threads?: number, stop?: number, resumeBy?: string }} way
 */
export function describeWay({ engine, threads, stop, resumeBy }) {
  if (threads !== undefined) return `${engine}, ${threads} threads`;
  if (stop === undefined) return engine;
  return `${engine}, stopped after ${stop} steps, resumed by ${resumeBy}`;
}

/**
 * Computes runs in all their ways, on MNIST's training images: `runHash()` of the result, and
 * SHA-256 of the losses that `train()` yielded, after each batch and each epoch.
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
  const state = { position, settings, seed: settings.seed, random: random.getState(), data };
  return writeCheckpoint(engine.parameters, state);
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

/** SHA-256 of float64 numbers. */
async function hashNumbers(numbers) {
  const digest = await crypto.subtle.digest("SHA-256", Float64Array.from(numbers));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
