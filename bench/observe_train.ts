/**
 * Loaded before the command `train` by `deno run --preload`: prints, at the end, when the first
 * step was done and how much memory the process held.
 *
 * @module
 */

import { SimdEngine } from "../lib/simd/simd_engine.ts";
import { peakMB, sinceStart } from "./process_figures.ts";

const { step } = SimdEngine.prototype;
let firstStep: number | undefined;

SimdEngine.prototype.step = function (batchIndices, learningRate) {
  SimdEngine.prototype.step = step; // only the first one is observed
  const result = this.step(batchIndices, learningRate);
  firstStep = sinceStart();
  return result;
};

addEventListener("unload", () => {
  console.log(JSON.stringify({ firstStep, peakMB: peakMB() }));
});
