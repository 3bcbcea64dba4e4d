// A checkpoint: the parameters of a training run and everything else that its next batch depends
// on, in one npz file.
//
// arr_0 … arr_3 are the parameters, so that NumPy, the report's program, `evaluate` and `--load`
// read the file; the state is in further members named state_…, and the history of the run in those
// named history_….
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
import { RandomState, type RandomStateSnapshot } from "../random/random_state.ts";
import { type EpochResult, HISTORY_MEMBERS, historyArrays, historyFrom } from "./history.ts";
import { type Range, SETTINGS } from "../training/settings.ts";
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

/** Version of the members of the state; others are refused. */
const VERSION = 2;

/** The kind of a member's number, its range if it is no integer, or the type of its array. */
type Kind = "integer" | "finite" | Range | typeof Uint8Array | typeof Uint32Array;

/** The values of members by their names. */
type Values = Record<string, number | Uint8Array | Uint32Array>;

/** A bound may depend on the numbers of other members. */
type Bound = number | ((number: (name: string) => number) => number);

/** A member `state_…`: where its value is in the run, and which integers or lengths it may have. */
type Member = readonly [name: string, path: string, kind: Kind, min?: number, max?: Bound];

/** The members of the state, in the order of the file; others in the file are ignored. */
const STATE: readonly Member[] = [
  ["epoch", "position.epoch", "integer", 1, (number) => number("epochs") + 1],
  ["iteration", "position.iteration", "integer", 0, maxIteration],
  ["loss_sum", "position.lossSum", "finite"],
  ["correct", "position.correct", "integer", 0, maxCorrect],
  ...SETTINGS.flatMap(({ name, member, range }): readonly Member[] => {
    if (member === undefined) return [];
    const path = name === "seed" ? name : `settings.${name}`, { isInteger, min, max } = range;
    const most: Bound = name === "batchSize" ? (number) => number("train_count") : max;
    return [isInteger ? [member, path, "integer", min, most] : [member, path, range]];
  }),
  ["random_key", "random.key", Uint32Array, 624],
  ["random_pos", "random.pos", "integer", 0, 624],
  ["random_has_gauss", "random.hasGauss", "integer", 0, 1],
  ["random_gauss", "random.gauss", "finite"],
  ["train_count", "data.trainCount", "integer", 1],
  ["train_digest", "data.trainDigest", Uint8Array, 32],
  ["test_count", "data.testCount", "integer", 1],
  ["test_digest", "data.testDigest", Uint8Array, 32],
];

/** The members that a file with a history has besides its columns. */
const EVALUATION: readonly Member[] = [
  ["evaluate_every", "evaluateEvery", "integer", 0],
  ["evaluate_train", "evaluateTrain", "integer", 0, 1],
];

/** None after the last epoch. */
function maxIteration(number: (name: string) => number): number {
  const isOver = number("epoch") > number("epochs");
  return isOver ? 0 : Math.floor(number("train_count") / number("batch"));
}

function maxCorrect(number: (name: string) => number): number {
  return number("iteration") * number("batch");
}

/** The names of all members of these tables. */
function namesOf(...tables: (readonly Member[])[]): string[] {
  return tables.flat().map(([name]) => `state_${name}`);
}

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
  state: TrainingState,
  history: RunHistory | undefined,
): [name: string, array: WritableArray][] {
  const arrays = (table: readonly Member[], run: object) =>
    table.map(([name, path, kind]) => toArray(name, kind, valueAt(run, path)));
  return [
    toArray("version", "integer", VERSION),
    ...arrays(STATE, state),
    ...history ? [...arrays(EVALUATION, history), ...historyArrays(history.rows)] : [],
  ];
}

function valueAt(run: object, path: string): unknown {
  return path.split(".").reduce((value, key) => (value as Record<string, object>)[key]!, run);
}

function toArray(name: string, kind: Kind, value: unknown): [name: string, array: WritableArray] {
  if (typeof kind === "function") {
    const data = value as NdData;
    return [`state_${name}`, { shape: [data.length], data }];
  }
  const x = Number(value), isInteger = kind === "integer" && Number.isSafeInteger(x);
  // where an integer is needed, another number stays what it is, and is refused
  const data = isInteger ? BigInt64Array.of(BigInt(x)) : Float64Array.of(x);
  return [`state_${name}`, { shape: [], data }];
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

/** Parameters, and what the file has of their run. */
export interface ParametersAndState extends Partial<Omit<Checkpoint, "parameters">> {
  /** W1, b1, W2, b2. */
  readonly parameters: AnyParameters;
}

/** Reads parameters, and the training state and the history if the file has them. */
export function readParametersAndState(
  bytes: Uint8Array,
  onConversion?: (line: string) => void,
): ParametersAndState {
  const arrays = readNpz(bytes, {
    names: [
      ...PARAMETER_MEMBERS,
      "state_version",
      ...namesOf(STATE, EVALUATION),
      ...HISTORY_MEMBERS,
    ],
  });
  const parameters = readParameterMembers(arrays);
  reportConversions(arrays, onConversion);
  return { parameters, ...readRunMembers(arrays) };
}

/** The state and the history among the arrays of an npz file; nothing if it has no state. */
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
 * The `crossEntropy` of the last progress that {@linkcode train} yielded, if it is known: the mean
 * of the present epoch's batches so far, and between two epochs that of the last one.
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
  const valueOf = (name: string, kind: Kind, length = 0) => {
    const { shape, data } = member(name);
    if (typeof kind !== "function") {
      if (shape.length === 0) return toFloat64({ data })[0]!;
      throw refusal(name, `shape ${formatShape(shape)}`, "shape ()");
    }
    if (data instanceof kind && shape.length === 1 && data.length === length) return data;
    const needed = describeArray({ shape: [length], data: kind.of() as NdData });
    throw refusal(name, `is ${describeArray({ shape, data })}`, needed);
  };
  /** The values of members within their bounds, each at its path in one object. */
  const read = (table: readonly Member[]): unknown => {
    const values: Values = {};
    const number = (name: string) => values[name] ??= check(table.find(([n]) => n === name)!);
    const check = ([name, , kind, min = 0, max = Number.MAX_SAFE_INTEGER]: Member) => {
      const x = valueOf(`state_${name}`, kind, min);
      if (typeof x !== "number") return x;
      const most = typeof max === "number" ? max : max(number as (name: string) => number);
      const [isValid, needed] = kind === "integer"
        ? [Number.isInteger(x) && x >= min && x <= most, `an integer from ${min} to ${most}`]
        : typeof kind === "object"
        ? [x >= kind.min && x <= kind.max, kind.needed.en]
        : [Number.isFinite(x), "a finite number"];
      if (!isValid) throw refusal(`state_${name}`, `is ${x}`, needed);
      return x;
    };
    const run: Record<string, Values> = {};
    for (const [name, path] of table) {
      const [key, group] = path.split(".").reverse() as [string, string?];
      Object.assign(group === undefined ? run : run[group] ??= {}, { [key]: number(name) });
    }
    return run;
  };
  const version = valueOf("state_version", "integer");
  if (version !== VERSION) throw refusal("state_version", `is ${version}`, `${VERSION}`);
  const state = read(STATE) as TrainingState, { epoch, iteration, lossSum } = state.position;
  if (iteration === 0 && lossSum !== 0) {
    throw refusal("state_loss_sum", `is ${lossSum}`, "0 before the first iteration of an epoch");
  }
  try {
    RandomState.fromState(state.random);
  } catch { // the one reason that is left
    throw refusal("state_random_key", "is all zeros", "one bit set");
  }
  if (![...namesOf(EVALUATION), ...HISTORY_MEMBERS].some((name) => arrays.has(name))) {
    return { state };
  }
  const rows = historyFrom(member, epoch - 1, refusal);
  const history = read(EVALUATION) as { evaluateEvery: number; evaluateTrain: number };
  return { state, history: { ...history, rows, evaluateTrain: history.evaluateTrain === 1 } };
}
