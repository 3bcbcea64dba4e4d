/**
 * A student's NumPy network for MNIST, reimplemented in typed, tested TypeScript, one function per
 * equation.
 *
 * Arrays and matrices that are handed in are copied, or are read during the call only; they are not
 * changed, but by functions that say so. What shares memory with its source says so.
 *
 * @example Train on four images, and save the parameters for NumPy
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
 *   if (progress.event === "epoch") console.log(progress.crossEntropy);
 * }
 * strictEqual(evaluate(engine).accuracy, 1);
 * const npz = writeParameters(engine.parameters); // numpy.load reads it
 * ```
 *
 * @module
 */

// matrices
export { type AnyMatrix, Matrix, type RunTimeMatrix } from "./lib/math/matrix.ts";
export { type Dim, dim, ShapeError, type SingleName, type SingleSize } from "./lib/math/shape.ts";
export { Indices } from "./lib/math/indices.ts";

// file formats
export { type NdArray, toFloat64 } from "./lib/formats/nd_array.ts";
export { readNpy, type WritableArray, writeNpy } from "./lib/formats/npy.ts";
export { readNpz, writeNpz } from "./lib/formats/npz.ts";
export { readIdx } from "./lib/formats/idx.ts";

export { FormatError } from "./lib/formats/errors.ts";

// network
export {
  affine,
  affineBiasGradient,
  affineInputGradient,
  affineWeightGradient,
} from "./lib/network/affine.ts";
export { sigmoid, sigmoidBackward } from "./lib/network/sigmoid.ts";
export {
  crossEntropy,
  meanLoss,
  oneHot,
  softmax,
  softmaxCrossEntropyBackward,
} from "./lib/network/softmax_cross_entropy.ts";
export {
  type Activations,
  type AnyParameters,
  type Backpropagation,
  backward,
  type Batch,
  forward,
  initialise,
  type Parameters,
} from "./lib/network/network.ts";
export { descend, sgd } from "./lib/network/sgd.ts";
export {
  type AnyStepValues,
  type ComputedSymbol,
  type Quantity,
  type Replacements,
  runStep,
  STEP,
  STEP_INPUTS,
  type StepSymbol,
  type StepValues,
} from "./lib/network/step.ts";
export { REPORT_SETTINGS } from "./lib/network/report_settings.ts";

// data sets
export { Dataset, datasetFromIdx } from "./lib/data/dataset.ts";
export type { GreyImage, Size } from "./lib/data/image.ts";

// random numbers
export { RandomState, type RandomStateSnapshot } from "./lib/random/random_state.ts";

// training
export type { BatchResult, Engine, PredictionsAndLosses } from "./lib/training/engine.ts";
export { ReferenceEngine } from "./lib/training/reference_engine.ts";
export { argmax, type Classification, classify } from "./lib/training/classify.ts";
export {
  type ClassReport,
  classReports,
  evaluate,
  type Evaluation,
} from "./lib/training/evaluate.ts";
export {
  DivergenceError,
  INITIAL_POSITION,
  train,
  type TrainingPosition,
  type TrainingProgress,
  type TrainingSettings,
} from "./lib/training/train.ts";
export { SimdEngine } from "./lib/simd/simd_engine.ts";

// gradient checks
export {
  type GradientError,
  gradientError,
  numericalGradient,
} from "./lib/checks/gradient_check.ts";

// mistakes
export type { Mistake } from "./lib/mistakes/mistake.ts";
export { MISTAKES, withMistakes } from "./lib/mistakes/mistakes.ts";

// diagnosis of other programs
export type { Cause, Factor } from "./lib/diagnose/cause.ts";
export { describeDiagnosis } from "./lib/diagnose/describe.ts";
export { diagnose, type Diagnosis, type Undecided } from "./lib/diagnose/diagnose.ts";
export type { JudgedQuantity } from "./lib/diagnose/judge.ts";
export { recorder } from "./lib/diagnose/recorder.ts";
export type { DiagnoseOptions } from "./lib/diagnose/dump.ts";

// saved runs
export { readParameters, writeParameters } from "./lib/storage/parameters_file.ts";
export {
  type Checkpoint,
  type DataFingerprint,
  readCheckpoint,
  type RunHistory,
  type TrainingState,
  writeCheckpoint,
} from "./lib/storage/checkpoint_file.ts";
export type { EpochResult, Quality } from "./lib/storage/history.ts";
export { runHash } from "./lib/storage/run_hash.ts";

// drawings
export { normalizeDigit } from "./lib/drawing/normalize_digit.ts";
export { extractForeground, type RgbaImage } from "./lib/drawing/foreground.ts";
