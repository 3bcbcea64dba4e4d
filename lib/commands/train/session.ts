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
import { ThreadError } from "../../simd/threads.ts";
import { lastLoss, writeCheckpoint } from "../../storage/checkpoint_file.ts";
import { type RunHashes, runHashes } from "../../storage/run_hash.ts";
import { type AnyEngine, defaultThreads, makeEngine, type Split } from "../../system/data.ts";
import { Exit, UserError } from "../../system/errors.ts";
import { exists } from "../../system/files.ts";
import {
  invocation,
  print,
  printBeside,
  showExamples,
  showJob,
  trainingProgress,
} from "../../system/output.ts";
import { HistoryFile } from "../../system/runs.ts";
import { SignalWatch } from "../../system/signals.ts";
import { toJson } from "../../text/escape.ts";
import { percent, pythonFloat } from "../../text/numbers.ts";
import { evaluate } from "../../training/evaluate.ts";
import { DivergenceError, train } from "../../training/train.ts";
import { SAVE_INTERVAL_SECONDS, type TrainRequest } from "./options.ts";
import { describePosition, type TrainingRun } from "./prepare.ts";

/** Within this time after a write to a closed terminal has failed, its signal arrives. */
const HANGUP_MILLISECONDS = 200;

/** The result of an evaluation, whose sizes are known only at run time. */
export type Result = Evaluation<Dim<"classes">>;

/** Trains and saves: at intervals, at the end, on a signal, and when a write fails. */
export class TrainingSession {
  readonly #run: TrainingRun;
  readonly #request: TrainRequest;
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

  constructor(run: TrainingRun, request: TrainRequest) {
    this.#run = run;
    this.#request = request;
    this.#position = run.position;
    this.#history = run.history && { ...run.history, rows: [...run.history.rows] };
    this.#loss = lastLoss(run.position, this.#history?.rows);
    // a run that is over is saved in that file already
    const { resume, save } = request, isOver = run.position.epoch > run.settings.epochs;
    if (isOver && resume === save.name) this.#saved = run.position;
  }

  get position(): TrainingPosition {
    return this.#position;
  }

  /** Trains to the end, evaluates and saves; what it throws says what is saved. */
  async run(): Promise<{ test: Result; train: Result | undefined }> {
    const { engine, random, settings, position } = this.#run;
    using signals = this.#signals = new SignalWatch();
    const { resume, history: csv } = this.#request;
    const own = resume === undefined ? undefined : { state: this.#run, history: this.#history };
    const history = csv ? new HistoryFile(csv, own) : undefined;
    using display = showJob(this.#request.log);
    try {
      for (const progress of train(engine, random, settings, position)) {
        if (progress.event === "epoch") {
          const result = await this.#endEpoch(progress, history);
          this.#history?.rows.push(result);
        }
        // only now: if row or line could not be written, a resumed run ends the epoch again
        this.#position = progress.next;
        this.#loss = progress.crossEntropy;
        display.show(trainingProgress(progress, settings.epochs));
        if (progress.next.epoch > settings.epochs) break; // the end is evaluated before it is saved
        if (this.#isDue(progress)) this.#save();
        await signals.turn();
        this.#stopOnSignal();
      }
      // as the end shows it: no run that has diverged is saved as a finished one
      const { log, json } = this.#request, test = await this.#evaluateOn("test");
      const results = { test, train: log || json ? await this.#evaluateOn("train") : undefined };
      this.#save();
      this.#stopOnSignal();
      return results;
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

  async #endEpoch(
    progress: TrainingProgress,
    history: HistoryFile | undefined,
  ): Promise<EpochResult> {
    const seconds = (performance.now() - this.#epochBegan) / 1000;
    const { learningRate } = this.#run.settings;
    const result = await this.#evaluate(progress);
    try {
      history?.add({ ...result, learningRate, seconds });
      this.#printEpoch(result);
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

  #printEpoch(result: EpochResult): void {
    const { running, test } = result;
    if (this.#request.json) return print(epochAsJson(result, this.#run.settings.learningRate));
    const line = pythonFloat(running.crossEntropy); // as the report's program prints it
    print(line);
    const onTest = test === undefined ? "" : `, test ${percent(test.accuracy)}`;
    if (this.#request.log) printBeside(line, `accuracy ${percent(running.accuracy)}${onTest}`);
  }

  async #evaluate({ epoch, crossEntropy, accuracy }: TrainingProgress): Promise<EpochResult> {
    const result = { epoch, running: { crossEntropy, accuracy } };
    if (this.#history === undefined) return result;
    const { evaluateEvery: every, evaluateTrain } = this.#history;
    if (epoch !== this.#run.settings.epochs && (every === 0 || epoch % every !== 0)) return result;
    this.#last = {};
    const test = toQuality(await this.#evaluateOn("test"));
    return evaluateTrain
      ? { ...result, test, train: toQuality(await this.#evaluateOn("train")) }
      : { ...result, test };
  }

  /** Evaluates the network on half of the images, unless it has been since the last epoch. */
  async #evaluateOn(split: Split): Promise<Result> {
    const found = this.#last[split] ??= await this.#stoppableEvaluation(split);
    if (Number.isFinite(found.crossEntropy)) return found;
    throw this.#diverged(`the loss on the ${split} images is ${found.crossEntropy}`);
  }

  /** On a signal or an error, what is trained so far is saved first. */
  async #stoppableEvaluation(split: Split): Promise<Result> {
    try {
      using display = showJob(this.#request.log);
      const engine = split === "train" ? this.#run.engine : this.#testEngine();
      const shown = showExamples(engine, `evaluating on ${split}`, display);
      const found: unknown[] = [];
      for (const chunk of shown.data.chunks()) {
        found.push(shown.predictionsAndLosses(chunk));
        await this.#signals?.turn();
        this.#stopOnSignal();
      }
      const { data, classes } = shown;
      return evaluate({ data, classes, predictionsAndLosses: () => found.shift() as never });
    } catch (error) {
      this.#save();
      if (!(error instanceof UserError)) throw error;
      throw new UserError(`${error.message}; ${this.#describeSaved()}`);
    }
  }

  #testEngine(): AnyEngine {
    const { engine: { parameters }, training, test } = this.#run;
    const { engine: kind, threads = defaultThreads(parameters, training.data) } = this.#request;
    this.#test ??= makeEngine(kind, parameters, test.data, threads);
    this.#test.parameters = parameters;
    return this.#test;
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
    const { engine: { parameters }, random, settings, data } = this.#run, position = this.#position;
    for (const [name, { data }] of Object.entries(parameters)) {
      if (!data.every(Number.isFinite)) throw this.#diverged(`${name} is not finite`);
    }
    const state = { position, settings, seed: settings.seed, random: random.getState(), data };
    const bytes = writeCheckpoint(parameters, state, this.#history);
    this.#request.save.save(bytes, { otherwise: this.#describeSaved() });
    this.#saved = position;
    this.#savedAt = performance.now();
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
    if (file === undefined || !exists(file)) return "nothing is saved"; // it may have vanished
    return `saved: ${file}, ${describePosition(this.#saved ?? this.#run.position)}`;
  }
}

/** An epoch as JSON: what a history has of it, without the time. */
function epochAsJson(
  { epoch, running: { crossEntropy, accuracy }, train, test }: EpochResult,
  learningRate: number,
): string {
  const evaluated = { train: train ?? null, test: test ?? null };
  return toJson({ epoch, crossEntropy, accuracy, ...evaluated, learningRate });
}

function toQuality({ crossEntropy, accuracy }: Result): Quality {
  return { crossEntropy, accuracy };
}
