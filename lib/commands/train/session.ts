// A training run in progress: its output, history, saves and progress display.
import type {
  Dim,
  EpochResult,
  Evaluation,
  Quality,
  RunHistory,
  TrainingPosition,
  TrainingProgress,
} from "../../../mod.ts";
import { isOutOfMemory } from "../../formats/errors.ts";
import { MAX_ARCHIVE_BYTES } from "../../formats/zip.ts";
import { ThreadError } from "../../simd/threads.ts";
import { lastLoss, writeCheckpoint } from "../../storage/checkpoint_file.ts";
import { BYTES_PER_EPOCH } from "../../storage/history.ts";
import { type RunHashes, runHashes } from "../../storage/run_hash.ts";
import { type AnyEngine, defaultThreads, makeEngine } from "../../system/data.ts";
import { Exit, UserError } from "../../system/errors.ts";
import { exists } from "../../system/files.ts";
import {
  type Display,
  info,
  invocation,
  print,
  showExamples,
  showJob,
  showProgress,
} from "../../system/output.ts";
import { HistoryFile } from "../../system/runs.ts";
import type { SaveNotice } from "../../system/save.ts";
import { SignalWatch } from "../../system/signals.ts";
import { percent } from "../../text/numbers.ts";
import { evaluate } from "../../training/evaluate.ts";
import { DivergenceError, train } from "../../training/train.ts";
import { SAVE_INTERVAL_SECONDS, type TrainRequest } from "./options.ts";
import { describePosition, type TrainingRun } from "./prepare.ts";

/** Within this time after a write to a closed terminal has failed, its signal arrives. */
const HANGUP_MILLISECONDS = 200;

/** Bytes of a file besides parameters and history, at most. */
const FILE_OVERHEAD = 16384;

/** The line of standard output after an epoch. */
export type EpochPrinter = (result: EpochResult, learningRate: number) => string;

type Result = Evaluation<Dim<"classes">>;

/** Trains and saves: at intervals, at the end, on a signal, and when a write fails. */
export class TrainingSession {
  readonly #run: TrainingRun;
  readonly #request: TrainRequest;
  readonly #printEpoch: EpochPrinter;
  /** The position of the engine's parameters, which the next save writes. */
  #position: TrainingPosition;
  /** The mean loss of the last epoch up to that position, if it is known. */
  #loss: number | undefined;
  /** The history with the finished epochs, if the run keeps one. */
  readonly #history: RunHistory & { readonly rows: EpochResult[] } | undefined;
  /** The evaluations after the epoch that was evaluated last, each made at most once. */
  #last: { train?: Result; test?: Result } = {};
  #saved: TrainingPosition | undefined;
  #savedAt = performance.now();
  #epochBegan = performance.now();
  #test: AnyEngine | undefined;
  #signals: SignalWatch | undefined;
  #display: Display<TrainingProgress> | undefined;

  constructor(run: TrainingRun, request: TrainRequest, printEpoch: EpochPrinter) {
    this.#run = run;
    this.#request = request;
    this.#printEpoch = printEpoch;
    this.#position = run.position;
    this.#history = run.history && { ...run.history, rows: [...run.history.rows] };
    this.#loss = lastLoss(run.position, this.#history?.rows);
    this.#checkSize();
    // a run that is over is saved in that file already
    const { resume, save } = request, isOver = run.position.epoch > run.settings.epochs;
    if (isOver && resume === save.name) this.#saved = run.position;
  }

  get position(): TrainingPosition {
    return this.#position;
  }

  get hasHistory(): boolean {
    return (this.#history?.rows.length ?? 0) > 0;
  }

  /** Finds out before the first epoch whether the run can be saved, with all its epochs. */
  #checkSize(): void {
    const { settings: { epochs, hidden }, position: { epoch }, training } = this.#run;
    const left = this.#history === undefined ? 0 : epochs - epoch + 1;
    const { inputs, classes } = training.data, rows = left + (this.#history?.rows.length ?? 0);
    const numbers = hidden * (inputs + 1 + classes) + classes;
    const size = 8 * numbers + rows * BYTES_PER_EPOCH + FILE_OVERHEAD;
    if (size <= MAX_ARCHIVE_BYTES) return;
    throw new UserError(
      `--epochs ${epochs}: the file would have up to ${size} bytes with its history, ` +
        `need at most ${MAX_ARCHIVE_BYTES}, or --no-history`,
    );
  }

  /** Trains to the end and saves; what it throws says what is saved. */
  async run(): Promise<void> {
    const { engine, random, settings, position } = this.#run;
    using signals = this.#signals = new SignalWatch();
    const history = this.#openHistory();
    using display = this.#display = showProgress(settings, this.#request.log);
    try {
      for (const progress of train(engine, random, settings, position)) {
        if (progress.event === "epoch") {
          display.clear();
          const result = await this.#endEpoch(progress, history);
          this.#history?.rows.push(result);
        }
        // only now: if row or line could not be written, a resumed run ends the epoch again
        this.#position = progress.next;
        this.#loss = progress.crossEntropy;
        display.show(progress);
        if (progress.next.epoch > settings.epochs) break; // the end is evaluated before it is saved
        if (this.#isDue(progress)) this.#save();
        await signals.turn();
        this.#stopOnSignal();
      }
      // as the end shows it: no run that has diverged is saved as a finished one
      await this.evaluateTest();
      if (this.#request.log || this.#request.json) await this.evaluateTrain();
      this.#save();
      this.#stopOnSignal();
    } catch (error) {
      if (
        !(error instanceof DivergenceError || error instanceof RangeError ||
          error instanceof ThreadError)
      ) throw error;
      // RangeError: too little memory for a batch or an evaluation, which changed no parameter
      if (error instanceof RangeError && this.#position !== position) this.#save();
      const reason = isOutOfMemory(error) ? "not enough memory to go on" : error.message;
      throw new UserError(`${reason}; ${this.#describeSaved()}`);
    }
  }

  #openHistory(): HistoryFile | undefined {
    const { history, resume } = this.#request;
    if (history === undefined || history === false) return undefined;
    if (resume === undefined) return new HistoryFile(history);
    return HistoryFile.resume(history, { state: this.#run, history: this.#history }, resume);
  }

  async #endEpoch(
    progress: TrainingProgress,
    history: HistoryFile | undefined,
  ): Promise<EpochResult> {
    const seconds = (performance.now() - this.#epochBegan) / 1000;
    const { learningRate } = this.#run.settings;
    const result = await this.#evaluate(progress);
    try {
      this.#report(history?.add({ ...result, learningRate, seconds }));
      const line = this.#printEpoch(result, learningRate);
      print(line);
      const { running, test } = result;
      const onTest = test === undefined ? "" : `, test ${percent(test.accuracy)}`;
      const accuracies = `accuracy ${percent(running.accuracy)}${onTest}`;
      if (!this.#request.json) this.#display?.beside(line, accuracies);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.#save(); // a failed write must not lose the trained parameters
      await this.#signals?.wait(HANGUP_MILLISECONDS);
      this.#stopOnSignal();
      throw new UserError(`${error.message}; ${this.#describeSaved()}`);
    }
    this.#epochBegan = performance.now();
    return result;
  }

  async #evaluate({ epoch, crossEntropy, accuracy }: TrainingProgress): Promise<EpochResult> {
    const result = { epoch, running: { crossEntropy, accuracy } };
    if (this.#history === undefined) return result;
    const { evaluateEvery: every, evaluateTrain } = this.#history;
    if (epoch !== this.#run.settings.epochs && (every === 0 || epoch % every !== 0)) return result;
    this.#last = {};
    const test = toQuality(await this.evaluateTest());
    return evaluateTrain
      ? { ...result, test, train: toQuality(await this.evaluateTrain()) }
      : { ...result, test };
  }

  /** Evaluates the network on the training images, after an epoch of the history or the last. */
  async evaluateTrain(): Promise<Result> {
    return this.#last.train ??= await this.#checkedEvaluation(() => this.#run.engine, "train");
  }

  /** Evaluates the network on the test images, after an epoch of the history or the last. */
  async evaluateTest(): Promise<Result> {
    return this.#last.test ??= await this.#checkedEvaluation(() => {
      const { engine: { parameters }, training, test } = this.#run;
      const { engine: kind, threads = defaultThreads(parameters, training.data) } = this.#request;
      this.#test ??= makeEngine(kind, parameters, test.data, threads);
      this.#test.parameters = parameters;
      return this.#test;
    }, "test");
  }

  /** Evaluates an engine; on a signal or an error, what is trained so far is saved first. */
  async #checkedEvaluation(engine: () => AnyEngine, what: string): Promise<Result> {
    let result: Result;
    try {
      using display = showJob(this.#request.log);
      const shown = showExamples(engine(), `evaluating on ${what}`, display);
      const found: unknown[] = [];
      for (const chunk of shown.data.chunks()) {
        found.push(shown.predictionsAndLosses(chunk));
        await this.#signals?.turn();
        this.#stopOnSignal();
      }
      const { data, classes } = shown;
      result = evaluate({ data, classes, predictionsAndLosses: () => found.shift() as never });
    } catch (error) {
      this.#save();
      if (!(error instanceof UserError)) throw error;
      throw new UserError(`${error.message}; ${this.#describeSaved()}`);
    }
    if (Number.isFinite(result.crossEntropy)) return result;
    throw this.#diverged(`the loss on the ${what} images is ${result.crossEntropy}`);
  }

  #diverged(what: string): DivergenceError {
    const where = describePosition(this.#position);
    return new DivergenceError(what, where, this.#run.settings.learningRate);
  }

  /** The hashes of the present parameters and of the last loss, if it is known. */
  async hashes(): Promise<RunHashes> {
    return await runHashes(this.#run.engine.parameters, this.#loss);
  }

  #isDue({ event, epoch }: TrainingProgress): boolean {
    const { saveEvery } = this.#request;
    if (saveEvery !== undefined) return event === "epoch" && epoch % saveEvery === 0;
    return performance.now() - this.#savedAt > 1000 * SAVE_INTERVAL_SECONDS;
  }

  #save(): void {
    if (this.#saved === this.#position) return;
    const otherwise = this.#describeSaved();
    this.#report(this.#request.save.save(this.#bytes(), { otherwise }));
    this.#saved = this.#position;
    this.#savedAt = performance.now();
  }

  #report(notice: SaveNotice | undefined): void {
    if (notice === undefined || !this.#request.log && !notice.isRenamed) return;
    this.#display?.clear(Deno.stderr);
    info(notice.line);
  }

  #bytes(): Uint8Array {
    const { engine: { parameters }, random, settings, settings: { seed }, data } = this.#run;
    const position = this.#position;
    try {
      for (const [name, { data }] of Object.entries(parameters)) {
        if (!data.every(Number.isFinite)) throw this.#diverged(`${name} is not finite`);
      }
      const state = { position, settings, seed, random: random.getState(), data };
      return writeCheckpoint(parameters, state, this.#history);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      const reason = isOutOfMemory(error) ? "not enough memory to save" : error.message;
      throw new UserError(`${reason}; ${this.#describeSaved()}`);
    }
  }

  #stopOnSignal(): void {
    const exitCode = this.#signals?.exitCode;
    if (exitCode === undefined) return;
    this.#save();
    const { position } = this, { save: { name }, data, history } = this.#request;
    const isOver = position.epoch > this.#run.settings.epochs;
    const words = ["train", "--resume", name];
    if (data !== undefined) words.push("--data", data);
    if (history) words.push("--history", history.name);
    const rest = isOver ? "the run is done" : `continue with: ${invocation(...words)}`;
    throw new Exit(exitCode, `stopped ${describePosition(position)}; saved: ${name}; ${rest}`);
  }

  /** The saved file and its position, as text: before the first save the file that is resumed. */
  #describeSaved(): string {
    const { save, resume } = this.#request;
    const file = this.#saved === undefined ? resume : save.name;
    // it may have vanished, with its folder
    const isThere = file === save.name ? save.isThere : file !== undefined && exists(file);
    if (!isThere) return "nothing is saved";
    return `saved: ${file}, ${describePosition(this.#saved ?? this.#run.position)}`;
  }
}

function toQuality({ crossEntropy, accuracy }: Result): Quality {
  return { crossEntropy, accuracy };
}
