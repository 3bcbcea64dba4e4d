/** Training runs: their arguments, and what they must print, write and save in each epoch. */
import { strictEqual } from "node:assert/strict";
import { datasetFromIdx } from "../../lib/data/dataset.ts";
import { readIdx } from "../../lib/formats/idx.ts";
import { dim } from "../../lib/math/shape.ts";
import { initialise } from "../../lib/network/network.ts";
import { REPORT_SETTINGS } from "../../lib/network/report_settings.ts";
import { readCheckpoint, writeCheckpoint } from "../../lib/storage/checkpoint_file.ts";
import type { EpochResult, Quality } from "../../lib/storage/history.ts";
import { fingerprint } from "../../lib/system/data.ts";
import { pythonFloat } from "../../lib/text/numbers.ts";
import { evaluate } from "../../lib/training/evaluate.ts";
import { ReferenceEngine } from "../../lib/training/reference_engine.ts";
import { train, type TrainingProgress } from "../../lib/training/train.ts";
import { RandomState } from "../../lib/random/random_state.ts";
import { cli, ENTRY, STARTED_BY } from "./cli.ts";
import { Folder } from "./folder.ts";
import type { Files } from "./idx.ts";

export interface Settings {
  readonly epochs: number;
  readonly batch: number;
  readonly hidden: number;
  readonly learningRate?: number;
  readonly limit?: number;
}

export interface Epoch {
  readonly loss: string;
  readonly checkpoint: Uint8Array;
  readonly running: Quality;
  readonly test: Quality;
  readonly train: Quality;
}

export function flags(settings: Partial<Settings>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => [`--${name}`, `${value}`]);
}

/** The arguments of a training run on the data set of its own folder, which saves p.npz. */
export function trainArguments(settings: Partial<Settings>, ...more: string[]): string[] {
  return ["train", "--data", ".", ...flags(settings), "--save", "p.npz", ...more];
}

/** The arguments that continue the run of p.npz. */
export function resumeArguments(...more: string[]): string[] {
  return ["train", "--data", ".", "--resume", "p.npz", ...more];
}

/** The history that the command line writes of a whole run, without its seconds. */
export async function historyOf(files: Files, settings: Settings): Promise<string> {
  using folder = new Folder(files);
  const args = trainArguments(settings, "--history", "h.csv", "--quiet");
  strictEqual((await cli(args, { cwd: folder.path })).code, 0);
  return withoutSeconds(folder.read("h.csv"));
}

/** The last line of a stopped run, with the position that the folder's p.npz holds. */
export function stoppedLine(folder: Folder, ...more: string[]): string {
  const { position: { epoch, iteration } } = readCheckpoint(folder.read("p.npz")).state;
  const where = iteration === 0
    ? `at the end of epoch ${epoch - 1}`
    : `in epoch ${epoch} after iteration ${iteration}`;
  const command = [STARTED_BY, ENTRY, ...resumeArguments(...more)].join(" ")
    .replace("--data . --resume p.npz", "--resume p.npz --data .");
  return `stopped ${where}; saved: p.npz; continue with: ${command}`;
}

/** The same run by the library's reference, with the default seed. */
export function libraryRun(
  files: Files,
  { epochs, batch, hidden, learningRate = REPORT_SETTINGS.learningRate, limit }: Settings,
): Epoch[] {
  const [whole, test] = (["train", "t10k"] as const).map((half) =>
    datasetFromIdx(
      readIdx(files[`${half}-images-idx3-ubyte`]!),
      readIdx(files[`${half}-labels-idx1-ubyte`]!),
    )
  ) as [ReturnType<typeof datasetFromIdx>, ReturnType<typeof datasetFromIdx>];
  const data = whole.first(limit ?? whole.count);
  const { seed } = REPORT_SETTINGS, random = new RandomState(seed);
  const drawn = initialise(data.inputs, dim("hidden", hidden), data.classes, random);
  const engine = new ReferenceEngine(drawn, data);
  const settings = { epochs, batchSize: batch, learningRate };
  const found = fingerprint(data, test);
  const rows: EpochResult[] = [];
  const describe = ({ epoch, next, crossEntropy, accuracy }: TrainingProgress): Epoch => {
    const { parameters } = engine, running = { crossEntropy, accuracy };
    const state = { position: next, settings, seed, random: random.getState(), data: found };
    const onTest = evaluate(new ReferenceEngine(parameters, test));
    rows.push({ epoch, running, test: onTest });
    return {
      loss: pythonFloat(crossEntropy),
      checkpoint: writeCheckpoint(parameters, state, {
        rows,
        evaluateEvery: 1,
        evaluateTrain: false,
      }),
      running,
      test: onTest,
      train: evaluate(engine),
    };
  };
  const epochsSeen: Epoch[] = [];
  for (const progress of train(engine, random, settings)) {
    if (progress.event === "epoch") epochsSeen.push(describe(progress));
  }
  return epochsSeen;
}

/** What the whole run prints. */
export function printed(epochs: readonly Epoch[]): string {
  return [...epochs.map(({ loss }) => loss), "finish", ""].join("\n");
}

/** A history without its last column, the seconds, which differ from run to run. */
export function withoutSeconds(history: Uint8Array): string {
  return new TextDecoder().decode(history).replace(/,[^,\n]*$/gm, "");
}
