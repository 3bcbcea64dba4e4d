/**
 * How a run begins: with drawn parameters, with loaded ones, or where another run stopped.
 *
 * @module
 */

import { hex } from "../../text/hex.ts";
import type { AnyParameters } from "../../network/network.ts";
import { quote } from "../../text/escape.ts";
import {
  type Checkpoint,
  type DataFingerprint,
  readCheckpoint,
} from "../../storage/checkpoint_file.ts";
import { MAX_ARCHIVE_BYTES } from "../../formats/zip/zip.ts";
import { initialise } from "../../network/network.ts";
import { REPORT_SETTINGS } from "../../network/report_settings.ts";
import { RandomState } from "../../random/random_state.ts";
import { dim } from "../../math/shape.ts";
import {
  INITIAL_POSITION,
  type TrainingPosition,
  type TrainingSettings,
} from "../../training/train.ts";
import { limitTo, loadDataset, type LoadedDataset } from "../../system/data_files.ts";
import { type AnyEngine, makeEngine } from "../../system/engines.ts";
import { readFile } from "../../system/files.ts";
import { fingerprint } from "../../system/fingerprint.ts";
import { print } from "../../system/output.ts";
import {
  checkFit,
  checkLabels,
  describeSize,
  loadParameters,
} from "../../system/load_parameters.ts";
import type { TrainOptions } from "./train_options.ts";
import { UserError, withFileName, wrapSystemError } from "../../system/errors.ts";

/** The file that the report's program loads when it is told to. */
const LISTING_FILE = "./Parameters/parameter.npz";

/** A run that can begin. */
export interface TrainingRun {
  readonly engine: AnyEngine;
  readonly random: RandomState;
  readonly settings: TrainingSettings;
  readonly seed: number;
  readonly position: TrainingPosition;
  readonly training: LoadedDataset;
  readonly test: LoadedDataset;
  /** What tells both from other data. */
  readonly data: DataFingerprint;
  /** Where the parameters come from, for the user to read. */
  readonly from: string;
}

/** A position in words: `in epoch 2 after iteration 7`. */
export function describePosition({ epoch, iteration }: TrainingPosition): string {
  return iteration === 0
    ? `at the end of epoch ${epoch - 1}`
    : `in epoch ${epoch} after iteration ${iteration}`;
}

/** Reads what is needed, refuses what does not fit together, and draws, loads or resumes. */
export function prepareRun(options: TrainOptions): TrainingRun {
  if (options.resume !== undefined) return resume(options, options.resume);
  const load = options.prompt ? ask(options.load ?? LISTING_FILE) : options.load;
  const { training, test } = loadData(options, options.limit);
  const settings = {
    epochs: options.epochs ?? REPORT_SETTINGS.epochs,
    batchSize: options.batch ?? REPORT_SETTINGS.batchSize,
    learningRate: options.learningRate ?? REPORT_SETTINGS.learningRate,
  };
  if (settings.batchSize > training.data.count) {
    throw new UserError(
      `--batch ${settings.batchSize}: there are ${training.data.count} train images`,
    );
  }
  const seed = options.seed ?? REPORT_SETTINGS.seed, random = new RandomState(seed);
  const { parameters, from } = load === undefined
    ? {
      parameters: draw(options.hidden ?? REPORT_SETTINGS.hidden, training, random),
      from: `drawn with seed ${seed}`,
    }
    : { parameters: replaceDrawn(load, options, training, random), from: `loaded from ${load}` };
  const engine = makeEngine(options.engine, parameters, training.data);
  const data = fingerprint(training.data, test.data);
  return { engine, random, settings, seed, position: INITIAL_POSITION, training, test, data, from };
}

/** The listing's question and its answer: the file to load, if one is to be loaded. */
function ask(file: string): string | undefined {
  print("random -> 0, load -> 1");
  const answer = readLine().trim();
  if (answer !== "0" && answer !== "1") {
    throw new UserError(`standard input: answer is ${quote(answer)}, need 0 (random) or 1 (load)`);
  }
  return answer === "1" ? file : undefined;
}

/** One line of standard input, byte by byte so that nothing behind it is taken. */
function readLine(): string {
  const bytes: number[] = [], byte = new Uint8Array(1);
  const next = () => wrapSystemError("standard input", "read", () => Deno.stdin.readSync(byte));
  while (bytes.length < 100 && next() !== null && byte[0] !== 10) bytes.push(byte[0]!);
  return new TextDecoder().decode(Uint8Array.from(bytes));
}

function loadData({ data: folder }: TrainOptions, limit: number | undefined) {
  const whole = loadDataset(folder, "train"), test = loadDataset(folder, "test");
  const size = describeSize(test.data), needed = describeSize(whole.data);
  if (size !== needed) {
    throw new UserError(`${test.files.images}: images are ${size}, the training images ${needed}`);
  }
  checkLabels(test, whole.data.classes, whole.files.labels);
  return { training: limitTo(limit, whole), test };
}

function draw(hidden: number, { data }: LoadedDataset, random: RandomState): AnyParameters {
  // seen before they are drawn: what no file may hold might not fit into memory either
  const bytes = 8 * (hidden * (data.inputs + 1 + data.classes) + data.classes);
  if (bytes > MAX_ARCHIVE_BYTES) {
    throw new UserError(
      `${hidden} hidden units: parameters come to ${bytes} bytes, need at most ${MAX_ARCHIVE_BYTES}`,
    );
  }
  return initialise(data.inputs, dim("hidden", hidden), data.classes, random);
}

/** Loaded parameters, put in place of drawn ones as in the listing, so that the batches that follow are the same either way. */
function replaceDrawn(
  file: string,
  { hidden }: TrainOptions,
  training: LoadedDataset,
  random: RandomState,
): AnyParameters {
  const parameters = loadParameters(file), units = parameters.W1.rows;
  checkFit(file, parameters, training);
  checkClasses(file, parameters, training);
  if (hidden !== undefined && hidden !== units) {
    throw new UserError(`--hidden ${hidden}: ${file} has ${units} hidden units`);
  }
  draw(units, training, random);
  return parameters;
}

function checkClasses(file: string, { W2 }: AnyParameters, { data }: LoadedDataset): void {
  if (W2.rows !== data.classes) {
    throw new UserError(
      `${file}: arr_1 has ${W2.rows} classes, the training labels ${data.classes}`,
    );
  }
}

function resume(options: TrainOptions, file: string): TrainingRun {
  const bytes = readFile(file, MAX_ARCHIVE_BYTES, "that an npz file may have");
  const { parameters, state } = withFileName(file, () => readCheckpoint(bytes));
  checkAgreement(options, file, { parameters, state });
  const { training: whole, test } = loadData(options, undefined);
  const training = limitTo(Math.min(state.data.trainCount, whole.data.count), whole);
  checkFit(file, parameters, training);
  checkClasses(file, parameters, training);
  const data = fingerprint(training.data, test.data);
  checkData(file, state.data, data);
  const { position, seed } = state;
  const settings = { ...state.settings, epochs: options.epochs ?? state.settings.epochs };
  const random = RandomState.fromState(state.random);
  const engine = makeEngine(options.engine, parameters, training.data);
  const from = `resumed from ${file} ${describePosition(position)}`;
  return { engine, random, settings, seed, position, training, test, data, from };
}

/** Refuses what was given and is not what the run began with; only more epochs may be asked for. */
function checkAgreement(
  options: TrainOptions,
  file: string,
  { parameters, state: { settings, seed, data } }: Checkpoint,
): void {
  const refuse = (name: string, given: number, began: number) => {
    throw new UserError(`--${name} ${given}: ${file} began with ${began}`);
  };
  for (
    const [name, given, began] of [
      ["batch", options.batch, settings.batchSize],
      ["hidden", options.hidden, parameters.W1.rows],
      ["learning-rate", options.learningRate, settings.learningRate],
      ["seed", options.seed, seed],
      ["limit", options.limit, data.trainCount],
    ] as const
  ) {
    if (given !== undefined && given !== began) refuse(name, given, began);
  }
  const { epochs } = options;
  if (epochs !== undefined && epochs < settings.epochs) refuse("epochs", epochs, settings.epochs);
}

function checkData(file: string, began: DataFingerprint, found: DataFingerprint): void {
  for (const split of ["train", "test"] as const) {
    const describe = (data: DataFingerprint) =>
      `${data[`${split}Count`]} ${split} images of SHA-256 ${
        hex(data[`${split}Digest`].subarray(0, 8))
      }…`;
    if (describe(found) !== describe(began)) {
      throw new UserError(
        `${file}: began with ${describe(began)}, the data has ${describe(found)}`,
      );
    }
  }
}
