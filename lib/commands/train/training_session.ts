/**
 * A run under way: what is printed, written, saved and shown between its batches.
 *
 * @module
 */

import { writeCheckpoint } from "../../storage/checkpoint_file.ts";
import { evaluate } from "../../training/evaluate.ts";
import {
  DivergenceError,
  train,
  type TrainingPosition,
  type TrainingProgress,
} from "../../training/train.ts";
import { describePosition, type TrainingRun } from "./prepare_run.ts";
import { type AnyEngine, makeEngine } from "../../system/engines.ts";
import { replaceFile } from "../../system/files.ts";
import { HistoryFile } from "../../system/history_file.ts";
import { print } from "../../system/output.ts";
import { showProgress } from "../../system/progress.ts";
import { pythonFloat } from "../../text/python_float.ts";
import { SignalWatch, Stopped } from "../../system/signals.ts";
import type { TrainOptions } from "./train_options.ts";
import { UserError } from "../../system/errors.ts";

/** Unless epochs are counted, a run is saved when so many milliseconds have passed. */
const SAVE_AFTER = 30_000;

/** Trains, and sees to it that nothing is lost. */
export class TrainingSession {
  readonly #run: TrainingRun;
  readonly #options: TrainOptions;
  readonly #path: string;
  readonly #say: (line: string) => void;
  /** Where the engine's parameters stand, and where the saved ones do. */
  #position: TrainingPosition;
  #saved: TrainingPosition | undefined;
  #savedAt = performance.now();
  #epochBegan = performance.now();
  #test: AnyEngine | undefined;

  constructor(run: TrainingRun, options: TrainOptions, path: string, say: (line: string) => void) {
    this.#run = run;
    this.#options = options;
    this.#path = path;
    this.#say = say;
    this.#position = run.position;
    this.#bytes(); // before the first epoch: whether such a run can be saved at all
  }

  /**
   * Trains to the end and saves.
   *
   * @throws {Stopped} once all is saved, if a signal came
   * @throws {UserError} if the run diverges, or something cannot be written; all that could be saved is
   */
  run(): void {
    const { engine, random, settings, position } = this.#run;
    using signals = new SignalWatch(); // before there is a history, so that none is left behind without its run
    const history = this.#openHistory();
    using display = showProgress(this.#run.settings, this.#options.quiet ? undefined : this.#say);
    try {
      for (const progress of train(engine, random, settings, position)) {
        if (progress.event === "epoch") {
          display.clear();
          this.#endEpoch(progress, history);
        }
        // only now: a resume ends the epoch again if its row or its line could not be written
        this.#position = progress.next;
        display.show(progress);
        if (this.#isDue(progress)) this.#save();
        if (signals.exitCode !== undefined) this.#stop(signals.exitCode);
      }
    } catch (error) {
      // RangeError: a batch that does not fit into memory
      if (error instanceof DivergenceError || error instanceof RangeError) {
        throw new UserError(`${error.message}; ${this.#kept()}`);
      }
      throw error;
    }
    this.#save();
    if (signals.exitCode !== undefined) this.#stop(signals.exitCode);
  }

  #openHistory(): HistoryFile | undefined {
    const { history, resume } = this.#options;
    if (history === undefined) return undefined;
    return resume === undefined
      ? HistoryFile.begin(history)
      : HistoryFile.resume(history, this.#run.position.epoch - 1);
  }

  #endEpoch(progress: TrainingProgress, history: HistoryFile | undefined): void {
    const seconds = (performance.now() - this.#epochBegan) / 1000;
    try {
      history?.add({ ...this.#evaluate(progress), seconds });
      print(pythonFloat(progress.crossEntropy));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.#save(); // what cannot be written must not cost what was learnt
      throw new UserError(`${error.message}; ${this.#kept()}`);
    }
    this.#epochBegan = performance.now();
  }

  #evaluate({ epoch, crossEntropy, accuracy }: TrainingProgress) {
    const { engine, settings: { epochs, learningRate }, test } = this.#run;
    const { evaluateEvery: every = 1, evaluateTrain, engine: kind } = this.#options;
    const row = { epoch, running: { crossEntropy, accuracy }, learningRate };
    if (epoch !== epochs && (every === 0 || epoch % every !== 0)) return row;
    this.#test ??= makeEngine(kind, engine.parameters, test.data);
    this.#test.parameters = engine.parameters;
    return {
      ...row,
      test: evaluate(this.#test),
      train: evaluateTrain ? evaluate(engine) : undefined,
    };
  }

  #isDue({ event: done, epoch }: TrainingProgress): boolean {
    const { saveEvery } = this.#options;
    if (saveEvery === undefined) return performance.now() - this.#savedAt > SAVE_AFTER;
    return done === "epoch" && epoch % saveEvery === 0;
  }

  #save(): void {
    if (this.#saved === this.#position) return;
    replaceFile(this.#path, this.#bytes());
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
      if (error instanceof RangeError) throw new UserError(`${error.message}; ${this.#kept()}`);
      throw error;
    }
  }

  #stop(exitCode: number): never {
    this.#save();
    const where = describePosition(this.#position);
    throw new Stopped(
      `stopped ${where}; saved: ${this.#path}; go on with --resume ${this.#path}`,
      exitCode,
    );
  }

  /** What is on disk of this run. */
  #kept(): string {
    if (this.#saved === undefined) return "nothing is saved";
    return `saved: ${this.#path}, ${describePosition(this.#saved)}`;
  }
}
