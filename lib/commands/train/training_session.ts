/**
 * A training run in progress: its output, history, saves and progress display.
 *
 * @module
 */

import {
  type Dim,
  DivergenceError,
  evaluate,
  type Evaluation,
  runHash,
  train,
  type TrainingPosition,
  type TrainingProgress,
  writeCheckpoint,
} from "../../../mod.ts";
import {
  type AnyEngine,
  type Display,
  HistoryFile,
  info,
  makeEngine,
  print,
  showProgress,
  SignalWatch,
  Stopped,
  UserError,
} from "../../system/system.ts";
import { pythonFloat } from "../../text/python_float.ts";
import { describePosition, type TrainingRun, type TrainRequest } from "./prepare_run.ts";

/** Seconds between two saves, unless --save-every is given. */
export const SAVE_INTERVAL_SECONDS = 30;

/**
 * Trains, and saves at intervals, at the end, when a signal comes and when an output cannot be
 * written.
 */
export class TrainingSession {
  readonly #run: TrainingRun;
  readonly #request: TrainRequest;
  /** The position of the engine's parameters, and of the saved ones. */
  #position: TrainingPosition;
  /** The mean loss of the last epoch up to that position, once a batch is done. */
  #loss: number | undefined;
  #saved: TrainingPosition | undefined;
  #savedAt = performance.now();
  #epochBegan = performance.now();
  #test: AnyEngine | undefined;
  #display: Display<TrainingProgress> | undefined;

  constructor(run: TrainingRun, request: TrainRequest) {
    this.#run = run;
    this.#request = request;
    this.#position = run.position;
    this.#bytes(); // finds out before the first epoch whether such a run can be saved
  }

  /**
   * Trains to the end and saves.
   *
   * @throws {Stopped} once all is saved, if a signal came
   * @throws {UserError} if the run diverges, or something cannot be written; the message says what
   * is saved
   */
  run(): void {
    const { engine, random, settings, position } = this.#run;
    using signals = new SignalWatch(); // before there is a history: none is left without its run
    const history = this.#openHistory();
    using display = this.#display = showProgress(settings, this.#request.log);
    try {
      for (const progress of train(engine, random, settings, position)) {
        if (progress.event === "epoch") {
          display.clear();
          this.#endEpoch(progress, history);
        }
        // only now: if row or line could not be written, a resumed run ends the epoch again
        this.#position = progress.next;
        this.#loss = progress.crossEntropy;
        display.show(progress);
        if (this.#isDue(progress)) this.#save();
        if (signals.exitCode !== undefined) this.#stop(signals.exitCode);
      }
    } catch (error) {
      // RangeError: a batch that does not fit into memory
      if (error instanceof DivergenceError || error instanceof RangeError) {
        throw new UserError(`${error.message}; ${this.#describeSaved()}`);
      }
      throw error;
    }
    this.#save();
    if (signals.exitCode !== undefined) this.#stop(signals.exitCode);
  }

  #openHistory(): HistoryFile | undefined {
    const { history, resume } = this.#request;
    if (history === undefined) return undefined;
    return resume === undefined
      ? HistoryFile.create(history)
      : HistoryFile.resume(history, this.#run.position.epoch - 1);
  }

  #endEpoch(progress: TrainingProgress, history: HistoryFile | undefined): void {
    const seconds = (performance.now() - this.#epochBegan) / 1000;
    try {
      history?.add({ ...this.#evaluate(progress), seconds });
      print(pythonFloat(progress.crossEntropy));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.#save(); // a failed write must not lose the trained parameters
      throw new UserError(`${error.message}; ${this.#describeSaved()}`);
    }
    this.#epochBegan = performance.now();
  }

  #evaluate({ epoch, crossEntropy, accuracy }: TrainingProgress) {
    const { engine, settings: { epochs, learningRate } } = this.#run;
    const { evaluateEvery: every = 1, evaluateTrain } = this.#request;
    const row = { epoch, running: { crossEntropy, accuracy }, learningRate };
    if (epoch !== epochs && (every === 0 || epoch % every !== 0)) return row;
    return {
      ...row,
      test: this.evaluateTest(),
      train: evaluateTrain ? evaluate(engine) : undefined,
    };
  }

  /** Evaluates the present parameters on the test images. */
  evaluateTest(): Evaluation<Dim<"classes">> {
    const { engine: { parameters }, test } = this.#run;
    this.#test ??= makeEngine(this.#request.engine, parameters, test.data);
    this.#test.parameters = parameters;
    return evaluate(this.#test);
  }

  /** The hashes of the present parameters and of the last loss, if there was one. */
  async hash(): Promise<string> {
    return await runHash(this.#run.engine.parameters, this.#loss);
  }

  #isDue({ event, epoch }: TrainingProgress): boolean {
    const { saveEvery } = this.#request;
    if (saveEvery !== undefined) return event === "epoch" && epoch % saveEvery === 0;
    return performance.now() - this.#savedAt > 1000 * SAVE_INTERVAL_SECONDS;
  }

  #save(): void {
    if (this.#saved === this.#position) return;
    const notice = this.#request.save.save(this.#bytes());
    if (notice && (this.#request.log || notice.isRenamed)) {
      this.#display?.clear(Deno.stderr);
      info(notice.line);
    }
    this.#saved = this.#position;
    this.#savedAt = performance.now();
  }

  #bytes(): Uint8Array {
    const { engine, random, settings, seed, data } = this.#run;
    const position = this.#position;
    try {
      const state = { position, settings, seed, random: random.getState(), data };
      return writeCheckpoint(engine.parameters, state);
    } catch (error) {
      if (error instanceof RangeError) {
        throw new UserError(`${error.message}; ${this.#describeSaved()}`);
      }
      throw error;
    }
  }

  #stop(exitCode: number): never {
    this.#save();
    const where = describePosition(this.#position), { name } = this.#request.save;
    throw new Stopped(`stopped ${where}; saved: ${name}; continue with --resume ${name}`, exitCode);
  }

  /** The saved file and its position, as text. */
  #describeSaved(): string {
    if (this.#saved === undefined) return "nothing is saved";
    return `saved: ${this.#request.save.name}, ${describePosition(this.#saved)}`;
  }
}
