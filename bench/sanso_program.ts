/**
 * Trains as the report does and prints the time of a step and of each part of the start-up: one of
 * the programs of compare.ts.
 *
 *     deno run -A bench/sanso_program.ts ENGINE DATA LIMIT THREADS HIDDEN BATCH WARM_UP EPOCHS
 *
 * ENGINE is simd or reference. It trains on the first LIMIT images and prints the loss of each
 * epoch. The first WARM_UP epochs are not timed.
 *
 * @module
 */

import { loadDataset } from "../lib/system/data.ts";
import {
  dim,
  Indices,
  initialise,
  RandomState,
  ReferenceEngine,
  REPORT_SETTINGS,
  SimdEngine,
  train,
} from "../mod.ts";
import { peakMB, sinceStart } from "./process_figures.ts";

const marks: Record<string, number> = {};
const mark = (part: string) => marks[part] = Math.round(sinceStart());

mark("Deno and modules");
const [kind, folder, ...sizes] = Deno.args;
const [limit, threads, hidden, batchSize, warmUp, epochs] = sizes.map(Number) as [
  number,
  number,
  number,
  number,
  number,
  number,
];
const data = loadDataset(folder, "train").data.first(limit);
mark("reading the images");
const random = new RandomState(REPORT_SETTINGS.seed);
const parameters = initialise(data.inputs, dim("hidden", hidden), data.classes, random);
mark("drawing the parameters");
const engine = kind === "simd"
  ? new SimdEngine(parameters, data, { threads })
  : new ReferenceEngine(parameters, data);
mark("creating the engine");
engine.step(Indices.of(1, [0]), 1e-9);
mark("the first step");
engine.parameters = parameters; // as drawn

let began = performance.now();
const settings = { ...REPORT_SETTINGS, batchSize, epochs: warmUp + epochs };
for (const { event, epoch, crossEntropy } of train(engine, random, settings)) {
  if (event === "batch") continue;
  console.log(crossEntropy);
  if (epoch === warmUp) began = performance.now();
}
const steps = epochs * Math.floor(data.count / batchSize);
const seconds = (performance.now() - began) / 1000 / steps;
if (engine instanceof SimdEngine) engine.close();
console.log(JSON.stringify({ seconds, marks, peakMB: peakMB() }));
