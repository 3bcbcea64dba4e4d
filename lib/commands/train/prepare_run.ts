/**
 * Prepares a training run: from drawn parameters, from loaded ones, or where another run stopped.
 *
 * @module
 */

import type {
  AnyParameters,
  Checkpoint,
  DataFingerprint,
  RunHistory,
  TrainingPosition,
  TrainingSettings,
} from "../../../mod.ts";
import { MAX_ARCHIVE_BYTES } from "../../formats/zip.ts";
import { dim } from "../../math/shape.ts";
import { initialise } from "../../network/network.ts";
import { REPORT_SETTINGS } from "../../network/report_settings.ts";
import { RandomState } from "../../random/random_state.ts";
import { readCheckpoint } from "../../storage/checkpoint_file.ts";
import { countEpochs } from "../../storage/history.ts";
import {
  type AnyEngine,
  checkClasses,
  checkFit,
  checkLabels,
  checkSameData,
  describeSize,
  type EngineKind,
  fingerprint,
  limitTo,
  loadDataset,
  type LoadedDataset,
  loadParameters,
  makeEngine,
  readNpzFile,
  type SavedFile,
  UserError,
} from "../../system/system.ts";
import { INITIAL_POSITION } from "../../training/train.ts";

/**
 * The options of `train`. The defaults of missing ones depend on whether the run is new or
 * resumed.
 */
export interface TrainRequest {
  readonly epochs?: number;
  readonly batch?: number;
  readonly hidden?: number;
  readonly learningRate?: number;
  readonly seed?: number;
  readonly limit?: number;
  readonly data?: string;
  /** The file of parameters to start from. */
  readonly load?: string;
  /** The file of the run to continue. */
  readonly resume?: string;
  readonly engine: EngineKind;
  readonly threads?: number;
  readonly save: SavedFile;
  readonly saveEvery?: number;
  /** The CSV of the history; `false`: the run keeps no history. */
  readonly history?: string | false;
  readonly evaluateEvery?: number;
  readonly evaluateTrain?: true;
  /** Whether to print the hashes of the result. */
  readonly hash?: true;
  /** Whether standard output is JSON. */
  readonly json?: true;
  /** Takes lines for the user, if any are wanted. */
  readonly log: ((line: string) => void) | undefined;
}

/** A run that is ready to start. */
export interface TrainingRun {
  readonly engine: AnyEngine;
  readonly random: RandomState;
  readonly settings: TrainingSettings;
  readonly seed: number;
  readonly position: TrainingPosition;
  /** The epochs before and what to evaluate, unless the run keeps no history. */
  readonly history: RunHistory | undefined;
  readonly training: LoadedDataset;
  readonly test: LoadedDataset;
  /** M, the number of hidden units. */
  readonly hidden: number;
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
  const settings = {
    epochs: request.epochs ?? REPORT_SETTINGS.epochs,
    batchSize: request.batch ?? REPORT_SETTINGS.batchSize,
    learningRate: request.learningRate ?? REPORT_SETTINGS.learningRate,
  };
  if (settings.batchSize > training.data.count) {
    throw new UserError(
      `--batch ${settings.batchSize}: there are ${training.data.count} train images`,
    );
  }
  const seed = request.seed ?? REPORT_SETTINGS.seed, random = new RandomState(seed);
  const { parameters, origin } = load === undefined
    ? {
      parameters: draw(request.hidden ?? REPORT_SETTINGS.hidden, training, random),
      origin: `drawn with seed ${seed}`,
    }
    : { parameters: replaceDrawn(load, request, training, random), origin: `loaded from ${load}` };
  const engine = makeEngine(request.engine, parameters, training.data, request.threads);
  let data: DataFingerprint | undefined;
  return {
    engine,
    random,
    settings,
    seed,
    position: INITIAL_POSITION,
    history: request.history === false ? undefined : continueHistory(request, undefined),
    training,
    test,
    hidden: parameters.W1.rows,
    get data() {
      return data ??= fingerprint(training.data, test.data); // takes longer than the first steps
    },
    origin,
  };
}

/** The history so far. Options that are not given now are those of the resumed run. */
function continueHistory(
  { evaluateEvery, evaluateTrain }: TrainRequest,
  before: RunHistory | undefined,
): RunHistory {
  return {
    rows: before?.rows ?? [],
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

/**
 * Loads parameters in place of drawn ones. These are drawn too, as in the listing, so that the same
 * batches follow.
 */
function replaceDrawn(
  file: string,
  { hidden, log = () => {} }: TrainRequest,
  training: LoadedDataset,
  random: RandomState,
): AnyParameters {
  const parameters = loadParameters(file, log), units = parameters.W1.rows;
  checkFit(file, parameters, training);
  checkClasses(file, parameters, training);
  if (hidden !== undefined && hidden !== units) {
    throw new UserError(`--hidden ${hidden}: ${file} has ${units} hidden units`);
  }
  draw(units, training, random);
  return parameters;
}

function resume(request: TrainRequest, file: string): TrainingRun {
  const checkpoint = readNpzFile(
    file,
    (bytes) => readCheckpoint(bytes, (line) => request.log?.(`${file}: ${line}`)),
  );
  const { parameters, state } = checkpoint;
  checkAgreement(request, file, checkpoint);
  const history = resumeHistory(request, file, checkpoint.history);
  const { training: whole, test } = loadData(request, undefined);
  const training = limitTo(Math.min(state.data.trainCount, whole.data.count), whole);
  checkFit(file, parameters, training);
  checkClasses(file, parameters, training);
  const data = fingerprint(training.data, test.data);
  checkSameData(file, state.data, data);
  const { position, seed } = state;
  const settings = { ...state.settings, epochs: request.epochs ?? state.settings.epochs };
  const random = RandomState.fromState(state.random);
  const engine = makeEngine(request.engine, parameters, training.data, request.threads);
  const origin = `resumed from ${file} ${describePosition(position)}`;
  return {
    engine,
    random,
    settings,
    seed,
    position,
    history,
    training,
    test,
    hidden: parameters.W1.rows,
    data,
    origin,
  };
}

/** A run that was saved without a history keeps one only if an option asks for it. */
function resumeHistory(
  request: TrainRequest,
  file: string,
  before: RunHistory | undefined,
): RunHistory | undefined {
  if (request.history === false) {
    const count = before?.rows.length ?? 0;
    if (count > 0) {
      throw new UserError(`--no-history: ${file} has a history of ${countEpochs(count)}`);
    }
    return undefined;
  }
  const { history, evaluateEvery, evaluateTrain } = request;
  const isWanted = [history, evaluateEvery, evaluateTrain].some((given) => given !== undefined);
  return before === undefined && !isWanted ? undefined : continueHistory(request, before);
}

/** Rejects options that differ from those of the run; only --epochs may be greater. */
function checkAgreement(
  request: TrainRequest,
  file: string,
  { parameters, state: { settings, seed, data } }: Checkpoint,
): void {
  const refuse = (name: string, given: number, began: number) => {
    throw new UserError(`--${name} ${given}: ${file} began with ${began}`);
  };
  for (
    const [name, given, began] of [
      ["batch", request.batch, settings.batchSize],
      ["hidden", request.hidden, parameters.W1.rows],
      ["learning-rate", request.learningRate, settings.learningRate],
      ["seed", request.seed, seed],
      ["limit", request.limit, data.trainCount],
    ] as const
  ) {
    if (given !== undefined && given !== began) refuse(name, given, began);
  }
  const { epochs } = request;
  if (epochs !== undefined && epochs < settings.epochs) {
    throw new UserError(
      `--epochs ${epochs}: ${file} is a run of ${countEpochs(settings.epochs)}, ` +
        `need at least ${settings.epochs}`,
    );
  }
}
