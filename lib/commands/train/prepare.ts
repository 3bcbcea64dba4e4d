// Prepares a training run: from drawn parameters, from loaded ones, or where another run stopped.
import type { DataFingerprint, RunHistory, TrainingPosition } from "../../../mod.ts";
import { MAX_ARCHIVE_BYTES } from "../../formats/zip.ts";
import { dim } from "../../math/shape.ts";
import { type AnyParameters, initialise } from "../../network/network.ts";
import { readCheckpoint } from "../../storage/checkpoint_file.ts";
import { BYTES_PER_EPOCH } from "../../storage/history.ts";
import { counted } from "../../text/layout.ts";
import {
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
import { eachSetting, SETTINGS, type Settings } from "../../training/settings.ts";
import { INITIAL_POSITION } from "../../training/train.ts";
import { RandomState } from "../../random/random_state.ts";
import type { TrainRequest } from "./options.ts";

/** Bytes of a file besides parameters and history, at most. */
const FILE_OVERHEAD = 16384;

/** A run that is ready to start. */
export type TrainingRun = ReturnType<typeof startRun>;

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

function startRun(request: TrainRequest) {
  const { load } = request, { training, test } = loadData(request, request.limit);
  const given = eachSetting(({ name, default: reports }) => request[name] ?? reports);
  const { batchSize, seed } = given, { inputs, classes, count } = training.data;
  if (batchSize > count) {
    throw new UsageError(`--batch ${batchSize}: ${countImages(training.data, "train")}`);
  }
  const loaded = load === undefined ? undefined : loadInitial(load, request, training);
  const settings = { ...given, hidden: loaded?.W1.rows ?? given.hidden };
  const history = prepareHistory(request), position: TrainingPosition = INITIAL_POSITION;
  checkSize(settings, position, training, history);
  const random = new RandomState(seed);
  // in any case, as in the listing, so that the batches are the same
  const drawn = initialise(inputs, dim("hidden", settings.hidden), classes, random);
  const parameters = loaded ?? drawn;
  let data: DataFingerprint | undefined;
  return {
    ...{ random, settings, position, history, training, test },
    engine: makeEngine(request.engine, parameters, training.data, request.threads),
    get data() {
      return data ??= fingerprint(training.data, test.data); // takes longer than the first steps
    },
    /** The source of the parameters, for the log. */
    origin: load === undefined ? `drawn with seed ${seed}` : `loaded from ${load}`,
  };
}

/** Refuses a run whose file would be too large, before anything is drawn. */
function checkSize(
  { epochs, hidden }: Settings,
  { epoch }: TrainingPosition,
  { data: { inputs, classes } }: LoadedDataset,
  history: RunHistory | undefined,
): void {
  const rows = history === undefined ? 0 : history.rows.length + epochs - epoch + 1;
  const numbers = hidden * (inputs + 1 + classes) + classes;
  const size = 8 * numbers + rows * BYTES_PER_EPOCH + FILE_OVERHEAD;
  if (size <= MAX_ARCHIVE_BYTES) return;
  const otherwise = rows > 0 ? ", or --no-history" : "";
  throw new UserError(
    `${hidden} hidden units and ${counted(epochs, "epoch")}: the file would have up to ${size} ` +
      `bytes, need at most ${MAX_ARCHIVE_BYTES}${otherwise}`,
  );
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

function loadInitial(
  file: string,
  { hidden, log = () => {} }: TrainRequest,
  training: LoadedDataset,
): AnyParameters {
  const parameters = loadParameters(file, log), units = parameters.W1.rows;
  checkFit(file, parameters, training, { trained: true });
  if (hidden === undefined || hidden === units) return parameters;
  throw new UsageError(`--hidden ${hidden}: ${file} has ${units} hidden units`);
}

function resume(request: TrainRequest, file: string): TrainingRun {
  const { parameters, state, history: before } = readNpzFile(
    file,
    (bytes) => readCheckpoint(bytes, (line) => request.log?.(`${file}: ${line}`)),
  );
  const { position, seed } = state;
  const began = { ...state.settings, seed, hidden: parameters.W1.rows };
  checkAgreement(request, file, began, state.data.trainCount);
  const history = prepareHistory(request, before);
  const { training: whole, test } = loadData(request, undefined);
  const training = limitTo(Math.min(state.data.trainCount, whole.data.count), whole);
  checkFit(file, parameters, training, { trained: true });
  const data = fingerprint(training.data, test.data);
  checkSameData(file, state.data, data);
  const settings = { ...began, epochs: request.epochs ?? began.epochs };
  checkSize(settings, position, training, history);
  return {
    ...{ settings, position, history, training, test, data },
    engine: makeEngine(request.engine, parameters, training.data, request.threads),
    random: RandomState.fromState(state.random),
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
