// A checkpoint in one npz file: arr_0 … arr_3 are the parameters, so that NumPy and the report's
// program read it, state_… all else that the next batch depends on, history_… the epochs so far.
import type { AnyParameters, Parameters } from "../network/network.ts";
import { quote } from "../text/escape.ts";
import { FormatError } from "../formats/errors.ts";
import { describeArray, type NdData, toFloat64 } from "../formats/nd_array.ts";
import type { WritableArray } from "../formats/npy.ts";
import { readNpz, writeNpz } from "../formats/npz.ts";
import {
  checkReadable,
  PARAMETER_MEMBERS,
  parameterArrays,
  readParameterMembers,
} from "./parameters_file.ts";
import { RandomState, type RandomStateSnapshot } from "../random/random_state.ts";
import {
  type EpochResult,
  HISTORY_MEMBERS,
  historyArrays,
  historyFrom,
  setAt,
  valueAt,
} from "./history.ts";
import { integers, isInRange, numbers, type Range, SETTINGS } from "../training/settings.ts";
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

type Values = Record<string, number>;

/**
 * A member `state_…`, where its value is in the run, and what it may be: a number of a range, which
 * may depend on others, or such an array.
 */
type Member = readonly [
  name: string,
  path: string,
  kind: Range | ((values: Values) => Range) | Uint8Array | Uint32Array,
];

const FINITE = numbers(-Number.MAX_VALUE, Number.MAX_VALUE, "a finite number");
const DIGEST = new Uint8Array(32);

/** The version of the members; others are refused. */
const VERSION: readonly Member[] = [
  ["version", "version", { ...integers(2, 2), needed: { en: "2", ja: "2" } }],
];

/** The members of the state, in the order of the file; others in the file are ignored. */
const STATE: readonly Member[] = [
  ["epoch", "position.epoch", ({ epochs }) => integers(1, epochs! + 1)],
  [
    "iteration",
    "position.iteration",
    ({ epoch, epochs, train_count, batch }) =>
      integers(0, epoch === epochs! + 1 ? 0 : Math.floor(train_count! / batch!)),
  ],
  ["loss_sum", "position.lossSum", FINITE],
  ["correct", "position.correct", ({ train_count }) => integers(0, train_count)],
  ...SETTINGS.flatMap(({ name, member, range }): Member[] => {
    if (member === undefined) return [];
    const isBatch = name === "batchSize", path = name === "seed" ? name : `settings.${name}`;
    return [[member, path, isBatch ? ({ train_count }) => integers(1, train_count) : range]];
  }),
  ["random_key", "random.key", new Uint32Array(624)],
  ["random_pos", "random.pos", integers(0, 624)],
  ["random_has_gauss", "random.hasGauss", integers(0, 1)],
  ["random_gauss", "random.gauss", FINITE],
  ["train_count", "data.trainCount", integers(1)],
  ["train_digest", "data.trainDigest", DIGEST],
  ["test_count", "data.testCount", integers(1)],
  ["test_digest", "data.testDigest", DIGEST],
];

/** The members that a file with a history has besides its columns. */
const EVALUATION: readonly Member[] = [
  ["evaluate_every", "evaluateEvery", integers(0)],
  ["evaluate_train", "evaluateTrain", integers(0, 1)],
];

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
 * const digest = new Uint8Array(32); // instead of SHA-256 of the data
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
  const members = [
    ...toArrays(VERSION, { version: 2 }),
    ...toArrays(STATE, state),
    ...history ? [...toArrays(EVALUATION, history), ...historyArrays(history.rows)] : [],
  ];
  checkReadable(() => readRunMembers(new Map(members)));
  return writeNpz([...parameterArrays(parameters), ...members]);
}

function toArrays(table: readonly Member[], run: object): [string, WritableArray][] {
  return table.map(([name, path, kind]) => {
    const value = valueAt(run, path) as NdData, x = Number(value);
    if (ArrayBuffer.isView(kind)) return [`state_${name}`, { shape: [value.length], data: value }];
    // where an integer is needed, another number stays what it is, and is refused
    const isInteger = (typeof kind === "function" || kind.isInteger) && Number.isSafeInteger(x);
    const data = isInteger ? BigInt64Array.of(BigInt(x)) : Float64Array.of(x);
    return [`state_${name}`, { shape: [], data }];
  });
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
    throw new FormatError(
      "Cannot resume: file has parameters but no training state; --load starts from them",
    );
  }
  return { parameters, state, ...(history && { history }) };
}

/** Reads parameters, and the training state and the history if the file has them. */
export function readParametersAndState(
  bytes: Uint8Array,
  onConversion?: (line: string) => void,
): Pick<Checkpoint, "parameters"> & Partial<Checkpoint> {
  const arrays = readNpz(bytes, {
    names: [
      ...PARAMETER_MEMBERS,
      ...[...VERSION, ...STATE, ...EVALUATION].map(([name]) => `state_${name}`),
      ...HISTORY_MEMBERS,
    ],
  });
  return { parameters: readParameterMembers(arrays, onConversion), ...readRunMembers(arrays) };
}

/** The last mean loss, if it is known: of the epoch so far, or of the last one. */
export function lastLoss(
  { iteration, lossSum }: TrainingPosition,
  rows: readonly EpochResult[] = [],
): number | undefined {
  return iteration > 0 ? lossSum / iteration : rows.at(-1)?.running.crossEntropy;
}

function refusal(name: string, found: string, needed: string): FormatError {
  return new FormatError(`Cannot use ${quote(name)}: ${found}, need ${needed}`);
}

/** The state and the history in members that a file has, or is to have; nothing without a state. */
export function readRunMembers(
  arrays: ReadonlyMap<string, WritableArray>,
): Partial<Omit<Checkpoint, "parameters">> {
  if (!arrays.has("state_version")) return {};
  const member = (name: string) => {
    const array = arrays.get(name);
    if (array === undefined) throw refusal(name, "is missing", "it to resume");
    return array;
  };
  /** The values of members, each at its path in one object. */
  const read = (table: readonly Member[]): unknown => {
    const run = {}, values: Values = {};
    for (const [name, path, kind] of table) {
      const array = member(`state_${name}`), { data } = array, isArray = ArrayBuffer.isView(kind);
      const found = describeArray(array);
      const needed = isArray
        ? describeArray({ shape: [kind.length], data: kind as NdData })
        : describeArray({ shape: [], data });
      if (found !== needed) throw refusal(`state_${name}`, `is ${found}`, needed);
      setAt(run, path, isArray ? data : values[name] = toFloat64({ data })[0]!);
    }
    // the last first, as the ranges of others depend on them
    for (const [name, , kind] of table.toReversed()) {
      if (ArrayBuffer.isView(kind)) continue;
      const range = typeof kind === "function" ? kind(values) : kind, x = values[name]!;
      if (!isInRange(x, range)) throw refusal(`state_${name}`, `is ${x}`, range.needed.en);
    }
    return run;
  };
  read(VERSION);
  const state = read(STATE) as TrainingState;
  try {
    RandomState.fromState(state.random);
  } catch { // the one reason that is left
    throw refusal("state_random_key", "is all zeros", "one bit set");
  }
  if (![...arrays.keys()].some((name) => /^(history|state_evaluate)_/.test(name))) {
    return { state };
  }
  const rows = historyFrom(member, state.position.epoch - 1, refusal);
  const { evaluateEvery, evaluateTrain } = read(EVALUATION) as Values & { evaluateEvery: number };
  return { state, history: { rows, evaluateEvery, evaluateTrain: evaluateTrain === 1 } };
}
