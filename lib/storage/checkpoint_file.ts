/**
 * A checkpoint: the parameters of a training run and everything else that its next batch depends
 * on, in one npz file.
 *
 * arr_0 … arr_3 are the parameters, so that NumPy, the report's program, `evaluate` and `--load`
 * read the file; the state is in further members named state_….
 *
 * @module
 */

import type { AnyParameters, Parameters } from "../network/network.ts";
import { quote } from "../text/escape.ts";
import { FormatError } from "../formats/format_error.ts";
import { formatShape, type NdArray, type NdData, toFloat64 } from "../formats/nd_array.ts";
import { readNpz, writeNpz } from "../formats/npz.ts";
import { PARAMETER_MEMBERS, parameterArrays, parametersFrom } from "./parameters_file.ts";
import { MAX_SEED } from "../random/mt19937.ts";
import { RandomState, type RandomStateSnapshot } from "../random/random_state.ts";
import type { TrainingPosition, TrainingSettings } from "../training/train.ts";

/**
 * Identifies the data of a run: counts and digests.
 *
 * @category 8 Saved runs
 */
export interface DataFingerprint {
  /** Number of training images that the run draws from. */
  readonly trainCount: number;
  /** SHA-256 of these images' pixels and labels. */
  readonly trainDigest: Uint8Array;
  /** Number of test images. */
  readonly testCount: number;
  /** SHA-256 of the test images' pixels and labels. */
  readonly testDigest: Uint8Array;
}

/**
 * Everything that the next batch of a run depends on, except the parameters.
 *
 * @category 8 Saved runs
 */
export interface TrainingState {
  /** Position in the run. */
  readonly position: TrainingPosition;
  /** Epochs, batch size and learning rate. */
  readonly settings: TrainingSettings;
  /** The seed that the run started with. */
  readonly seed: number;
  /** State of the random numbers. */
  readonly random: RandomStateSnapshot;
  /** The data that it trains on. */
  readonly data: DataFingerprint;
}

/**
 * The contents of a checkpoint file.
 *
 * @category 8 Saved runs
 */
export interface Checkpoint {
  /** W1, b1, W2, b2. */
  readonly parameters: AnyParameters;
  /** Everything else. */
  readonly state: TrainingState;
}

/** Names of the members of the state; others in the file are ignored. */
const STATE_MEMBERS = [
  "state_version",
  "state_epoch",
  "state_iteration",
  "state_loss_sum",
  "state_correct",
  "state_epochs",
  "state_batch",
  "state_learning_rate",
  "state_seed",
  "state_random_key",
  "state_random_pos",
  "state_random_has_gauss",
  "state_random_gauss",
  "state_train_count",
  "state_train_digest",
  "state_test_count",
  "state_test_digest",
];

/** Version of the members of the state; other versions are refused. */
const VERSION = 1;

/**
 * The npz file of a checkpoint; its bytes depend on the values alone.
 *
 * @throws {RangeError} if {@linkcode readCheckpoint} would refuse the parameters: one is not
 * finite, there are more than {@linkcode MAX_HIDDEN} hidden units, or the file is too large to read
 *
 * @category 8 Saved runs
 */
export function writeCheckpoint<D extends number, M extends number, K extends number>(
  parameters: Parameters<D, M, K>,
  { position, settings, seed, random, data }: TrainingState,
): Uint8Array<ArrayBuffer> {
  const integer = (value: number) => ({ shape: [], data: BigInt64Array.of(BigInt(value)) });
  const double = (value: number) => ({ shape: [], data: Float64Array.of(value) });
  const list = <Data extends NdData>(values: Data) => ({ shape: [values.length], data: values });
  return writeNpz([
    ...parameterArrays(parameters),
    ["state_version", integer(VERSION)],
    ["state_epoch", integer(position.epoch)],
    ["state_iteration", integer(position.iteration)],
    ["state_loss_sum", double(position.lossSum)],
    ["state_correct", integer(position.correct)],
    ["state_epochs", integer(settings.epochs)],
    ["state_batch", integer(settings.batchSize)],
    ["state_learning_rate", double(settings.learningRate)],
    ["state_seed", integer(seed)],
    ["state_random_key", list(Uint32Array.from(random.key))],
    ["state_random_pos", integer(random.pos)],
    ["state_random_has_gauss", integer(random.hasGauss)],
    ["state_random_gauss", double(random.gauss)],
    ["state_train_count", integer(data.trainCount)],
    ["state_train_digest", list(Uint8Array.from(data.trainDigest))],
    ["state_test_count", integer(data.testCount)],
    ["state_test_digest", list(Uint8Array.from(data.testDigest))],
  ]);
}

/**
 * Reads what {@linkcode writeCheckpoint} wrote.
 *
 * @throws {FormatError} if the file is damaged, has no state, or has an invalid value
 *
 * @category 8 Saved runs
 */
export function readCheckpoint(bytes: Uint8Array): Checkpoint {
  const { parameters, state } = readParametersAndState(bytes);
  if (state === undefined) {
    throw new FormatError("Cannot resume: file has parameters but no training state");
  }
  return { parameters, state };
}

/**
 * Reads parameters, and the training state if the file has one.
 *
 * @throws {FormatError} if the file is damaged, or has an invalid value
 */
export function readParametersAndState(
  bytes: Uint8Array,
): { readonly parameters: AnyParameters; readonly state: TrainingState | undefined } {
  const arrays = readNpz(bytes, { names: [...PARAMETER_MEMBERS, ...STATE_MEMBERS] });
  const parameters = parametersFrom(arrays);
  return { parameters, state: arrays.has("state_version") ? stateFrom(arrays) : undefined };
}

function stateFrom(arrays: ReadonlyMap<string, NdArray>): TrainingState {
  const integer = (name: string, min: number, max = Number.MAX_SAFE_INTEGER) => {
    const value = single(arrays, name);
    if (!Number.isInteger(value) || value < min || value > max) {
      throw cannotUse(name, `is ${value}`, `an integer from ${min} to ${max}`);
    }
    return value;
  };
  const double = (name: string) => {
    const value = single(arrays, name);
    if (!Number.isFinite(value)) throw cannotUse(name, `is ${value}`, "a finite number");
    return value;
  };
  const version = integer("state_version", 1);
  if (version !== VERSION) throw cannotUse("state_version", `is ${version}`, `${VERSION}`);
  const data = {
    trainCount: integer("state_train_count", 1),
    trainDigest: list(arrays, "state_train_digest", 32, Uint8Array),
    testCount: integer("state_test_count", 1),
    testDigest: list(arrays, "state_test_digest", 32, Uint8Array),
  };
  const settings = {
    epochs: integer("state_epochs", 1),
    batchSize: integer("state_batch", 1, data.trainCount),
    learningRate: double("state_learning_rate"),
  };
  if (settings.learningRate <= 0) {
    throw cannotUse("state_learning_rate", `is ${settings.learningRate}`, "a number above 0");
  }
  const random = {
    key: list(arrays, "state_random_key", 624, Uint32Array),
    pos: integer("state_random_pos", 0, 624),
    hasGauss: integer("state_random_has_gauss", 0, 1) as 0 | 1,
    gauss: double("state_random_gauss"),
  };
  const iterations = Math.floor(data.trainCount / settings.batchSize);
  const iteration = integer("state_iteration", 0, iterations);
  const position = {
    epoch: integer("state_epoch", 1, settings.epochs + 1),
    iteration,
    lossSum: double("state_loss_sum"),
    correct: integer("state_correct", 0, iteration * settings.batchSize),
  };
  checkRandom(random);
  return { position, settings, seed: integer("state_seed", 0, MAX_SEED), random, data };
}

/** Refuses a state that the generator refuses. */
function checkRandom(random: RandomStateSnapshot): void {
  try {
    RandomState.fromState(random);
  } catch (error) {
    throw new FormatError((error as RangeError).message);
  }
}

function member(arrays: ReadonlyMap<string, NdArray>, name: string): NdArray {
  const array = arrays.get(name);
  if (array === undefined) throw cannotUse(name, "is missing", "it to resume");
  return array;
}

function single(arrays: ReadonlyMap<string, NdArray>, name: string): number {
  const array = member(arrays, name);
  if (array.shape.length > 0) {
    throw cannotUse(name, `shape ${formatShape(array.shape)}`, "shape ()");
  }
  return toFloat64(array)[0]!;
}

function list<Data extends Uint8Array | Uint32Array>(
  arrays: ReadonlyMap<string, NdArray>,
  name: string,
  length: number,
  kind: { new (length: number): Data; readonly name: string },
): Data {
  const { data, shape } = member(arrays, name);
  if (!(data instanceof kind) || shape.length !== 1 || data.length !== length) {
    const found = `is ${data.constructor.name} of shape ${formatShape(shape)}`;
    throw cannotUse(name, found, `${kind.name} of shape (${length},)`);
  }
  return data;
}

function cannotUse(name: string, found: string, needed: string): FormatError {
  return new FormatError(`Cannot resume from ${quote(name)}: ${found}, need ${needed}`);
}
