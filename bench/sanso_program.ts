/**
 * Trains the report's network for some epochs and prints the time of each part: one of the programs
 * that compare.ts runs.
 *
 *     deno run -A bench/sanso_program.ts simd|reference EPOCHS
 *
 * @module
 */

import { loadDataset } from "../lib/system/data_files.ts";

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

/** Milliseconds from the start of the process to the end of each part. */
const marks: Record<string, number> = {};
const mark = (part: string) => marks[part] = performance.now();

mark("Deno and modules");
const { data } = loadDataset(undefined, "train");
mark("reading 47 MB of images");
const random = new RandomState(REPORT_SETTINGS.seed);
const parameters = initialise(
  data.inputs,
  dim("hidden", REPORT_SETTINGS.hidden),
  data.classes,
  random,
);
mark("drawing the parameters");
const [kind, epochs] = Deno.args;
const engine = kind === "simd"
  ? new SimdEngine(parameters, data)
  : new ReferenceEngine(parameters, data);
mark("creating the engine");
engine.step(Indices.of(1, [0]), 1e-9);
mark("the first step");

const started = performance.now();
const settings = { ...REPORT_SETTINGS, epochs: Number(epochs) };
for (const _ of train(engine, random, settings)) {
  // progress events are part of the time
}
const seconds = (performance.now() - started) / 1000 / settings.epochs;

const [, peak] = Deno.readTextFileSync("/proc/self/status").match(/VmHWM:\s*(\d+) kB/)!;
console.log(JSON.stringify({ seconds, marks, peakMiB: Math.round(Number(peak) / 1024) }));
