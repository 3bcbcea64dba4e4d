// Computes the runs of runs.js in a browser's page, on MNIST from its server, and sends the hashes.
import { datasetFromIdx, readIdx } from "@sanso/sanso";
import { computeHashes } from "./runs.js";

const read = async (name) => {
  const response = await fetch(`train-${name}-ubyte`);
  return readIdx(new Uint8Array(await response.arrayBuffer()));
};

try {
  const mnist = datasetFromIdx(await read("images-idx3"), await read("labels-idx1"));
  await fetch("results", { method: "POST", body: JSON.stringify(await computeHashes(mnist)) });
} catch (error) {
  await fetch("error", { method: "POST", body: error.stack });
}
