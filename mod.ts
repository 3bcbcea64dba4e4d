/**
 * A three-layer neural network for MNIST, equation by equation.
 *
 * @example Train on four images, and save what was learnt for NumPy
 * ```ts
 * import {
 *   Dataset,
 *   dim,
 *   evaluate,
 *   initialise,
 *   RandomState,
 *   ReferenceEngine,
 *   train,
 *   writeParameters,
 * } from "@sanso/sanso";
 * import { strictEqual } from "node:assert/strict";
 *
 * const pixels = Uint8Array.of(255, 0, 0, 255, 200, 0, 0, 200); // four images of 1x2
 * const data = Dataset.of({ width: 2, height: 1 }, pixels, Uint8Array.of(0, 1, 0, 1));
 * const random = new RandomState(601);
 * const parameters = initialise(data.inputs, dim("hidden", 5), data.classes, random);
 * const engine = new ReferenceEngine(parameters, data);
 * for (const progress of train(engine, random, { epochs: 50, batchSize: 2, learningRate: 1 })) {
 *   if (progress.done === "epoch") console.log(progress.crossEntropy);
 * }
 * strictEqual(evaluate(engine).accuracy, 1);
 * const npz = writeParameters(engine.parameters); // numpy.load takes it
 * ```
 *
 * @module
 */

export { exp, log } from "./lib/elementary.ts";
export { type Dim, dim, type Exact, type IsUnion, type label, ShapeError } from "./lib/shape.ts";
export { Indices } from "./lib/indices.ts";
export { type AnyMatrix, Matrix } from "./lib/matrix.ts";
export {
  affine,
  affineBiasGradient,
  affineInputGradient,
  affineWeightGradient,
} from "./lib/layers/affine.ts";
export { sigmoid, sigmoidBackward } from "./lib/layers/sigmoid.ts";
export {
  crossEntropy,
  softmax,
  softmaxCrossEntropyBackward,
} from "./lib/layers/softmax_cross_entropy.ts";
export { type Activations, backward, forward, initialise, type Parameters } from "./lib/network.ts";
export { sgd } from "./lib/sgd.ts";
export type { Assessment, BatchResult, Engine } from "./lib/engine/engine.ts";
export { ReferenceEngine } from "./lib/engine/reference_engine.ts";
export { SimdEngine } from "./lib/engine/simd_engine.ts";
export { countCorrect, predictions } from "./lib/accuracy.ts";
export { type ClassReport, classReports, evaluate, type Evaluation } from "./lib/evaluate.ts";
export {
  DivergenceError,
  START,
  train,
  type TrainingPosition,
  type TrainingProgress,
  type TrainingSettings,
} from "./lib/train.ts";
export { type GradientError, gradientError, numericalGradient } from "./lib/gradient_check.ts";
export { Mt19937, type Mt19937State, type Seed } from "./lib/random/mt19937.ts";
export {
  RandomState,
  type RandomStateSnapshot,
  type Shufflable,
} from "./lib/random/random_state.ts";
export { FormatError } from "./lib/formats/format_error.ts";
export { type NdArray, type NdData, toFloat64 } from "./lib/formats/nd_array.ts";
export { idxByteLength, type IdxOptions, readIdx } from "./lib/formats/idx.ts";
export { readNpy, type WritableArray, writeNpy } from "./lib/formats/npy.ts";
export { type NpzOptions, readNpz, writeNpz } from "./lib/formats/npz.ts";
export { type Batch, Dataset, datasetFromIdx } from "./lib/mnist.ts";
export { blankImage, type GreyImage, type Size } from "./lib/drawing/grey_image.ts";
export { drawStroke, type Point } from "./lib/drawing/pen.ts";
export { mnistForm } from "./lib/drawing/mnist_form.ts";
export { enlarge } from "./lib/drawing/enlarge.ts";
export { type ColourPicture, findInk } from "./lib/drawing/ink.ts";
export { type AnyParameters, readParameters, writeParameters } from "./lib/parameters_file.ts";
export {
  type Checkpoint,
  type DataFingerprint,
  readCheckpoint,
  type TrainingState,
  writeCheckpoint,
} from "./lib/checkpoint_file.ts";
