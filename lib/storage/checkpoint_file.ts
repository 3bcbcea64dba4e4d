/**
 * A checkpoint: the parameters of a training run and everything else that its next batch depends
 * on, in one npz file.
 *
 * arr_0 … arr_3 are the parameters, so that NumPy, the report's program, `evaluate` and `--load`
 * read the file; the state is in further members named state_…, and the history of the run in those
 * named history_….
 *
 * @module
 */

import type { AnyParameters, Parameters } from "../network/network.ts";
import { describeValue, quote } from "../text/escape.ts";
import { FormatError } from "../formats/errors.ts";
import { describeArray, formatShape, type NdData, toFloat64 } from "../formats/nd_array.ts";
import type { WritableArray } from "../formats/npy.ts";
import { readNpz, writeNpz } from "../formats/npz.ts";
import {
  PARAMETER_MEMBERS,
  parameterArrays,
  readParameterMembers,
  reportConversions,
} from "./parameters_file.ts";
import { MAX_SEED } from "../random/mt19937.ts";
import { RandomState, type RandomStateSnapshot } from "../random/random_state.ts";
import { HISTORY_MEMBERS, historyArrays, historyFrom } from "./history_arrays.ts";
import type { EpochResult } from "./history.ts";
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
  /** The seed that the run started with: an integer. A list of integers cannot be saved. */
  readonly seed: number;
  /** State of the random numbers. */
  readonly random: RandomStateSnapshot;
  /** The data that it trains on. */
  readonly data: DataFingerprint;
}

/**
 * The history of a run: its epochs so far, and what is to be evaluated after those to come.
 *
 * @category 8 Saved runs
 */
export interface RunHistory {
  /**
   * The finished epochs without a gap, up to the last one. The first is not epoch 1 if the run was
   * continued from a file without a history.
   */
  readonly rows: readonly EpochResult[];
  /** The test images are evaluated every so many epochs and after the last one; 0: only then. */
  readonly evaluateEvery: number;
  /** Whether the training images are evaluated too, after the same epochs. */
  readonly evaluateTrain: boolean;
}

/**
 * The contents of a checkpoint file.
 *
 * @category 8 Saved runs
 */
export interface Checkpoint {
  /** W1, b1, W2, b2. */
  readonly parameters: AnyParameters;
  /** What the next batch depends on. */
  readonly state: TrainingState;
  /** The history, if the run keeps one. */
  readonly history?: RunHistory;
}

/** Names of the members that a file with a history has besides its columns. */
const EVALUATION_MEMBERS = ["state_evaluate_every", "state_evaluate_train"];

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

/**
 * Version of the members of the state. Version 1, which has no history, is read too; others are
 * refused.
 */
const VERSION = 2;

/** What a run of version 1 evaluates from there on. */
const VERSION_1_HISTORY: RunHistory = { rows: [], evaluateEvery: 1, evaluateTrain: false };

/**
 * The npz file of a checkpoint; its bytes depend on the values alone. {@linkcode readCheckpoint}
 * gives the same checkpoint back.
 *
 * @param history as in {@linkcode Checkpoint}; a file without one has no members of it
 * @throws {RangeError} if {@linkcode readCheckpoint} would refuse the file: a value of the state is
 * not valid, such as a seed that is not an integer from 0 to {@linkcode MAX_SEED}, a batch larger
 * than the data or a learning rate that is not above 0; the epochs of the history are not
 * consecutive, do not end with the last finished one, or have invalid figures;
 * {@linkcode writeParameters} refuses the parameters; or the file would have more than 64 MiB
 *
 * @example The start of a run
 * ```ts
 * import { initialise, INITIAL_POSITION, RandomState } from "@sanso/sanso";
 * import { readCheckpoint, writeCheckpoint } from "@sanso/sanso";
 * import { strictEqual } from "node:assert/strict";
 *
 * const random = new RandomState(601), parameters = initialise(4, 3, 2, random);
 * const digest = new Uint8Array(32); // in place of SHA-256 of the data
 * const bytes = writeCheckpoint(parameters, {
 *   position: INITIAL_POSITION,
 *   settings: { epochs: 30, batchSize: 10, learningRate: 0.01 },
 *   seed: 601,
 *   random: random.getState(),
 *   data: { trainCount: 100, trainDigest: digest, testCount: 20, testDigest: digest },
 * });
 * const { state } = readCheckpoint(bytes);
 * strictEqual(RandomState.fromState(state.random).randomSample(), random.randomSample());
 * ```
 *
 * @category 8 Saved runs
 */
export function writeCheckpoint<D extends number, M extends number, K extends number>(
  parameters: Parameters<D, M, K>,
  state: TrainingState,
  history?: RunHistory,
): Uint8Array<ArrayBuffer> {
  if (typeof state.seed !== "number") {
    throw new TypeError(
      `Cannot save a seed that is ${describeValue(state.seed)}: need an integer, not a list`,
    );
  }
  const arrays = parameterArrays(parameters), members = runArrays(state, history);
  // as the file will be read, so that the writer has the rules of the reader
  runFrom(
    new Map(members),
    (name, found, needed) => new RangeError(`Cannot save ${quote(name)}: ${found}, need ${needed}`),
  );
  return writeNpz([...arrays, ...members]);
}

function runArrays(
  { position, settings, seed, random, data }: TrainingState,
  history: RunHistory | undefined,
): [name: string, array: WritableArray][] {
  const double = (value: number): WritableArray => ({ shape: [], data: Float64Array.of(value) });
  const integer = (value: number): WritableArray =>
    // another number stays what it is, and is refused
    Number.isSafeInteger(value)
      ? { shape: [], data: BigInt64Array.of(BigInt(value)) }
      : double(value);
  const list = (values: Uint8Array | Uint32Array): WritableArray => ({
    shape: [values.length],
    data: values as NdData,
  });
  return [
    ["state_version", integer(VERSION)],
    ["state_epoch", integer(position.epoch)],
    ["state_iteration", integer(position.iteration)],
    ["state_loss_sum", double(position.lossSum)],
    ["state_correct", integer(position.correct)],
    ["state_epochs", integer(settings.epochs)],
    ["state_batch", integer(settings.batchSize)],
    ["state_learning_rate", double(settings.learningRate)],
    ["state_seed", integer(seed)],
    ["state_random_key", list(random.key)],
    ["state_random_pos", integer(random.pos)],
    ["state_random_has_gauss", integer(random.hasGauss)],
    ["state_random_gauss", double(random.gauss)],
    ["state_train_count", integer(data.trainCount)],
    ["state_train_digest", list(data.trainDigest)],
    ["state_test_count", integer(data.testCount)],
    ["state_test_digest", list(data.testDigest)],
    ...(history === undefined ? [] : [
      ["state_evaluate_every", integer(history.evaluateEvery)],
      ["state_evaluate_train", integer(Number(history.evaluateTrain))],
      ...historyArrays(history.rows),
    ] satisfies [string, WritableArray][]),
  ];
}

/**
 * Reads what {@linkcode writeCheckpoint} wrote.
 *
 * @param onConversion as in {@linkcode readParameters}
 * @throws {FormatError} if the file is damaged, has no state, or has an invalid value
 *
 * @category 8 Saved runs
 */
export function readCheckpoint(
  bytes: Uint8Array,
  onConversion?: (line: string) => void,
): Checkpoint {
  const { parameters, state, history } = readParametersAndState(bytes, onConversion);
  if (state === undefined) {
    throw new FormatError("Cannot resume: file has parameters but no training state");
  }
  return { parameters, state, ...(history && { history }) };
}

/** Parameters, and what the file has of their run. */
export interface ParametersAndState extends Partial<Omit<Checkpoint, "parameters">> {
  /** W1, b1, W2, b2. */
  readonly parameters: AnyParameters;
}

/**
 * Reads parameters, and the training state and the history if the file has them.
 *
 * @param onConversion as in {@linkcode readParameters}
 * @throws {FormatError} if the file is damaged, or has an invalid value
 */
export function readParametersAndState(
  bytes: Uint8Array,
  onConversion?: (line: string) => void,
): ParametersAndState {
  const arrays = readNpz(bytes, {
    names: [...PARAMETER_MEMBERS, ...STATE_MEMBERS, ...EVALUATION_MEMBERS, ...HISTORY_MEMBERS],
  });
  const parameters = readParameterMembers(arrays);
  reportConversions(arrays, onConversion);
  return { parameters, ...readRunMembers(arrays) };
}

/**
 * The training state and the history among the arrays of an npz file, which may have others too;
 * nothing if it has no state.
 *
 * @throws {FormatError} if a value is not valid
 */
export function readRunMembers(
  arrays: ReadonlyMap<string, WritableArray>,
): Partial<Omit<Checkpoint, "parameters">> {
  if (!arrays.has("state_version")) return {};
  return runFrom(
    arrays,
    (name, found, needed) => new FormatError(`Cannot use ${quote(name)}: ${found}, need ${needed}`),
  );
}

/**
 * The last loss of a run: the mean of the present epoch's batches so far, in nats, and between two
 * epochs that of the last one, if the history has it. It is the `crossEntropy` of the last progress
 * that {@linkcode train} yielded; {@linkcode runHash} hashes it.
 *
 * @param position of the run, as in {@linkcode TrainingState}
 * @param rows the epochs of its history
 * @returns undefined if there is no loss yet, or none is known
 */
export function lastLoss(
  { iteration, lossSum }: TrainingPosition,
  rows: readonly EpochResult[] = [],
): number | undefined {
  return iteration > 0 ? lossSum / iteration : rows.at(-1)?.running.crossEntropy;
}

/** Makes the error of a member that is refused. */
type Refusal = (name: string, found: string, needed: string) => Error;

/** The state and the history that members of a file hold, or are to hold. */
function runFrom(
  arrays: ReadonlyMap<string, WritableArray>,
  refusal: Refusal,
): Omit<Checkpoint, "parameters"> {
  const member = (name: string) => {
    const array = arrays.get(name);
    if (array === undefined) throw refusal(name, "is missing", "it to resume");
    return array;
  };
  const single = (name: string) => {
    const array = member(name);
    if (array.shape.length > 0) {
      throw refusal(name, `shape ${formatShape(array.shape)}`, "shape ()");
    }
    return toFloat64(array)[0]!;
  };
  const integer = (name: string, min: number, max = Number.MAX_SAFE_INTEGER) => {
    const value = single(name);
    if (!Number.isInteger(value) || value < min || value > max) {
      throw refusal(name, `is ${value}`, `an integer from ${min} to ${max}`);
    }
    return value;
  };
  const double = (name: string) => {
    const value = single(name);
    if (!Number.isFinite(value)) throw refusal(name, `is ${value}`, "a finite number");
    return value;
  };
  const list = <Data extends Uint8Array<ArrayBuffer> | Uint32Array<ArrayBuffer>>(
    name: string,
    length: number,
    kind: new (length: number) => Data,
  ) => {
    const { data, shape } = member(name);
    if (!(data instanceof kind) || shape.length !== 1 || data.length !== length) {
      const found = `is ${describeArray({ shape, data })}`;
      throw refusal(name, found, describeArray({ shape: [length], data: new kind(0) }));
    }
    return data;
  };
  const version = integer("state_version", 1);
  if (version > VERSION) {
    throw refusal(
      "state_version",
      `is ${version}, which a later version of this program wrote`,
      `at most ${VERSION}`,
    );
  }
  const data = {
    trainCount: integer("state_train_count", 1),
    trainDigest: list("state_train_digest", 32, Uint8Array),
    testCount: integer("state_test_count", 1),
    testDigest: list("state_test_digest", 32, Uint8Array),
  };
  const settings = {
    epochs: integer("state_epochs", 1),
    batchSize: integer("state_batch", 1, data.trainCount),
    learningRate: double("state_learning_rate"),
  };
  if (settings.learningRate <= 0) {
    throw refusal("state_learning_rate", `is ${settings.learningRate}`, "a number above 0");
  }
  const random = {
    key: list("state_random_key", 624, Uint32Array),
    pos: integer("state_random_pos", 0, 624),
    hasGauss: integer("state_random_has_gauss", 0, 1) as 0 | 1,
    gauss: double("state_random_gauss"),
  };
  try {
    RandomState.fromState(random);
  } catch { // the one reason that is left
    throw refusal("state_random_key", "is all zeros", "one bit set");
  }
  const epoch = integer("state_epoch", 1, settings.epochs + 1);
  const iterations = Math.floor(data.trainCount / settings.batchSize);
  const iteration = integer("state_iteration", 0, epoch > settings.epochs ? 0 : iterations);
  const lossSum = double("state_loss_sum");
  if (iteration === 0 && lossSum !== 0) {
    throw refusal("state_loss_sum", `is ${lossSum}`, "0 before the first iteration of an epoch");
  }
  const position = {
    epoch,
    iteration,
    lossSum,
    correct: integer("state_correct", 0, iteration * settings.batchSize),
  };
  const seed = integer("state_seed", 0, MAX_SEED);
  const state = { position, settings, seed, random, data };
  if (version === 1) return { state, history: VERSION_1_HISTORY };
  if (![...EVALUATION_MEMBERS, ...HISTORY_MEMBERS].some((name) => arrays.has(name))) {
    return { state };
  }
  const history = {
    rows: historyFrom(member, epoch - 1, refusal),
    evaluateEvery: integer("state_evaluate_every", 0),
    evaluateTrain: integer("state_evaluate_train", 0, 1) === 1,
  };
  return { state, history };
}
