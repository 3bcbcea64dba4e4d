// Prepares a training run: from drawn parameters, from loaded ones, or where another run stopped.
import type { DataFingerprint, RunHistory, TrainingPosition } from "../../../mod.ts";
import { MAX_ARCHIVE_BYTES } from "../../formats/zip.ts";
import { dim } from "../../math/shape.ts";
import { type AnyParameters, initialise } from "../../network/network.ts";
import { readCheckpoint } from "../../storage/checkpoint_file.ts";
import { counted } from "../../text/layout.ts";
import {
  type AnyEngine,
  checkFit,
  checkLabels,
  checkSameData,
  countImages,
  describeSize,
  fingerprint,
  limitTo,
  loadDataset,
  type LoadedDataset,
  makeEngine,
} from "../../system/data.ts";
import { UsageError, UserError } from "../../system/errors.ts";
import { loadParameters, readNpzFile } from "../../system/runs.ts";
import { DEFAULT_SETTINGS, eachSetting, SETTINGS, type Settings } from "../../training/settings.ts";
import { INITIAL_POSITION } from "../../training/train.ts";
import { RandomState } from "../../random/random_state.ts";
import type { TrainRequest } from "./options.ts";

/** A run that is ready to start. */
export interface TrainingRun {
  readonly engine: AnyEngine;
  readonly random: RandomState;
  readonly settings: Settings;
  readonly position: TrainingPosition;
  /** The epochs before and what to evaluate, unless the run keeps no history. */
  readonly history: RunHistory | undefined;
  readonly training: LoadedDataset;
  readonly test: LoadedDataset;
  /** Counts and digests that identify both; computed when it is first used. */
  readonly data: DataFingerprint;
  /** The source of the parameters, for the log. */
  readonly origin: string;
}

/** A position as text: `in epoch 2 after iteration 7`. */
export function describePosition({ epoch, iteration }: TrainingPosition): string {
  return iteration === 0
    ? `at the end of epoch ${epoch - 1}`
    : `in epoch ${epoch} after iteration ${iteration}`;
}

/** Reads the files, checks that they fit together, and draws, loads or resumes the parameters. */
export function prepareRun(request: TrainRequest): TrainingRun {
  return request.resume === undefined ? startRun(request) : resume(request, request.resume);
}

function startRun(request: TrainRequest): TrainingRun {
  const { load } = request, { training, test } = loadData(request, request.limit);
  const given = eachSetting(({ name, default: reports }) => request[name] ?? reports);
  const { batchSize, seed } = given;
  if (batchSize > training.data.count) {
    throw new UsageError(`--batch ${batchSize}: ${countImages(training.data, "train")}`);
  }
  const random = new RandomState(seed);
  const parameters = load === undefined
    ? draw(given.hidden, training, random)
    : replaceDrawn(load, request, training, random);
  let data: DataFingerprint | undefined;
  return {
    engine: makeEngine(request.engine, parameters, training.data, request.threads),
    random,
    settings: { ...given, hidden: parameters.W1.rows },
    position: INITIAL_POSITION,
    history: prepareHistory(request),
    training,
    test,
    get data() {
      return data ??= fingerprint(training.data, test.data); // takes longer than the first steps
    },
    origin: load === undefined ? `drawn with seed ${seed}` : `loaded from ${load}`,
  };
}

/** The history so far; a run that was saved without one keeps one only if an option asks for it. */
function prepareHistory(
  { history, evaluateEvery, evaluateTrain, resume: file }: TrainRequest,
  before?: RunHistory,
): RunHistory | undefined {
  const rows = before?.rows ?? [];
  if (history === false && rows.length > 0) {
    throw new UsageError(`--no-history: ${file} has a history of ${counted(rows.length, "epoch")}`);
  }
  const isWanted = [history, evaluateEvery, evaluateTrain].some((given) => given !== undefined);
  const isOld = file !== undefined && before === undefined;
  if (history === false || isOld && !isWanted) return undefined;
  return {
    rows,
    evaluateEvery: evaluateEvery ?? before?.evaluateEvery ?? 1,
    evaluateTrain: evaluateTrain ?? before?.evaluateTrain ?? false,
  };
}

function loadData({ data: folder }: TrainRequest, limit: number | undefined) {
  const whole = loadDataset(folder, "train"), test = loadDataset(folder, "test");
  const size = describeSize(test.data), needed = describeSize(whole.data);
  if (size !== needed) {
    throw new UserError(`${test.files.images}: images are ${size}, the training images ${needed}`);
  }
  checkLabels(test, whole.data.classes, whole.files.labels);
  return { training: limitTo(limit, whole), test };
}

function draw(hidden: number, { data }: LoadedDataset, random: RandomState): AnyParameters {
  // checked before drawing: parameters too large for a file may not fit into memory either
  const bytes = 8 * (hidden * (data.inputs + 1 + data.classes) + data.classes);
  if (bytes > MAX_ARCHIVE_BYTES) {
    throw new UserError(
      `${hidden} hidden units: parameters come to ${bytes} bytes, need at most ${MAX_ARCHIVE_BYTES}`,
    );
  }
  return initialise(data.inputs, dim("hidden", hidden), data.classes, random);
}

/** Loads parameters; others are drawn too, as in the listing, so that the batches are the same. */
function replaceDrawn(
  file: string,
  { hidden, log = () => {} }: TrainRequest,
  training: LoadedDataset,
  random: RandomState,
): AnyParameters {
  const parameters = loadParameters(file, log), units = parameters.W1.rows;
  checkFit(file, parameters, training, { trained: true });
  if (hidden !== undefined && hidden !== units) {
    throw new UsageError(`--hidden ${hidden}: ${file} has ${units} hidden units`);
  }
  draw(units, training, random);
  return parameters;
}

function resume(request: TrainRequest, file: string): TrainingRun {
  const { parameters, state, history: before } = readNpzFile(
    file,
    (bytes) => readCheckpoint(bytes, (line) => request.log?.(`${file}: ${line}`)),
  );
  const { position, seed } = state;
  const began = { ...DEFAULT_SETTINGS, ...state.settings, seed, hidden: parameters.W1.rows };
  checkAgreement(request, file, began, state.data.trainCount);
  const history = prepareHistory(request, before);
  const { training: whole, test } = loadData(request, undefined);
  const training = limitTo(Math.min(state.data.trainCount, whole.data.count), whole);
  checkFit(file, parameters, training, { trained: true });
  const data = fingerprint(training.data, test.data);
  checkSameData(file, state.data, data);
  return {
    engine: makeEngine(request.engine, parameters, training.data, request.threads),
    random: RandomState.fromState(state.random),
    settings: { ...began, epochs: request.epochs ?? began.epochs },
    position,
    history,
    training,
    test,
    data,
    origin: `resumed from ${file} ${describePosition(position)}`,
  };
}

/** Rejects options that differ from those of the run; only --epochs may be greater. */
function checkAgreement(
  request: TrainRequest,
  file: string,
  began: Settings,
  trainCount: number,
): void {
  const { epochs, limit } = request;
  if (epochs !== undefined && epochs < began.epochs) {
    throw new UsageError(
      `--epochs ${epochs}: ${file} is a run of ${counted(began.epochs, "epoch")}, ` +
        `need at least ${began.epochs}`,
    );
  }
  const settings = SETTINGS.filter(({ name }) => name !== "epochs")
    .map(({ name, flag }) => [flag, request[name], began[name]] as const);
  for (const [flag, given, own] of [...settings, ["--limit", limit, trainCount] as const]) {
    if (given !== undefined && given !== own) {
      throw new UsageError(`${flag} ${given}: ${file} began with ${own}`);
    }
  }
}
