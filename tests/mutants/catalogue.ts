/**
 * The catalogue of mutants: one wrong line of code each, and the test that must fail for it.
 *
 * @module
 */

import { drawing } from "./catalogue/drawing.ts";
import { engine } from "./catalogue/engine.ts";
import { explain } from "./catalogue/explain.ts";
import { files } from "./catalogue/files.ts";
import { affine, sigmoid, softmax } from "./catalogue/layers.ts";
import { beginning, descent, network } from "./catalogue/network.ts";
import { matrices } from "./catalogue/matrices.ts";
import { onnx } from "./catalogue/onnx.ts";
import { playground } from "./catalogue/playground.ts";
import { random } from "./catalogue/random.ts";
import { server } from "./catalogue/server.ts";
import { system } from "./catalogue/system.ts";
import { data, evaluation, gradientCheck, training } from "./catalogue/training.ts";
import type { Chapter } from "./mutant.ts";

/** All of them, in the order in which lib/ is read. */
export const CATALOGUE: readonly Chapter[] = [
  matrices,
  affine,
  sigmoid,
  softmax,
  network,
  beginning,
  descent,
  training,
  data,
  evaluation,
  gradientCheck,
  random,
  files,
  engine,
  drawing,
  explain,
  playground,
  onnx,
  system,
  server,
];
