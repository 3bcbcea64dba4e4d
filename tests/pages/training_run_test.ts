// A training in the page: its numbers, its tests, its files.
import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { trainingSeries } from "../../lib/pages/train/trainer.ts";
import { type PageEngine, TrainingRun } from "../../lib/pages/training_run.ts";
import { fingerprint, loadDataset } from "../../lib/system/data.ts";
import {
  DivergenceError,
  evaluate,
  readCheckpoint,
  readParameters,
  SimdEngine,
} from "../../mod.ts";
import { cli } from "../helpers/cli.ts";
import { Folder } from "../helpers/folder.ts";
import { smallSet } from "../helpers/idx.ts";

const SETTINGS = { batchSize: 10, learningRate: 0.1, hidden: 5, seed: 7 };
const OPTIONS = ["--batch", "10", "--learning-rate", "0.1", "--hidden", "5", "--seed", "7"];

/** A run on a small data set of 4 batches an epoch. */
function smallRun(folder: Folder, settings = SETTINGS) {
  const training = loadDataset(folder.path, "train").data;
  const test = loadDataset(folder.path, "test").data;
  const run = new TrainingRun(
    settings,
    { training, test, classes: 3 },
    (parameters, data) => new SimdEngine(parameters, data),
  );
  return { run, data: fingerprint(training, test), test };
}

function take(run: TrainingRun<PageEngine>, batches: number): void {
  for (let i = 0; i < batches; i++) run.takeBatch();
}

Deno.test("reference: after 30 epochs TrainingRun saves the bytes that `train` saves", async () => {
  using folder = new Folder(smallSet());
  const { run, data } = smallRun(folder), args = ["--save", folder.file("p.npz"), ...OPTIONS];
  strictEqual((await cli(["train", "--data", folder.path, ...args])).code, 0);
  take(run, 30 * 4);
  deepStrictEqual(run.checkpoint(data), folder.read("p.npz"));
});

Deno.test("reference: `train --resume` continues the file of a TrainingRun to the same bytes", async () => {
  using folder = new Folder(smallSet());
  const { run, data } = smallRun(folder);
  take(run, 2 * 4 + 3); // within the third epoch
  folder.write("page.npz", run.checkpoint(data));
  const resume = ["--resume", folder.file("page.npz")];
  strictEqual((await cli(["train", "--data", folder.path, ...resume])).code, 0);
  take(run, 30 * 4 - run.batches);
  deepStrictEqual(folder.read("page.npz"), run.checkpoint(data));
});

Deno.test("example: TrainingRun tests after each epoch and when asked, once for each network", () => {
  using folder = new Folder(smallSet());
  const { run, data, test } = smallRun(folder);
  const expected = () => {
    const { parameters } = run.engine,
      { crossEntropy, accuracy } = evaluate(new SimdEngine(parameters, test));
    return { crossEntropy, accuracy };
  };
  deepStrictEqual([run.tested, run.running], [{ batches: 0, quality: expected() }, undefined]);
  take(run, 3);
  strictEqual(run.tested.batches, 0);
  take(run, 1);
  deepStrictEqual(run.tested, { batches: 4, quality: expected() });
  take(run, 1);
  deepStrictEqual(run.test(), expected());
  strictEqual(run.test(), run.test());
  deepStrictEqual(readParameters(run.checkpoint(data)).W1.data, run.engine.parameters.W1.data);
});

Deno.test("example: TrainingRun's curves begin with the test before the first batch", () => {
  using folder = new Folder(smallSet());
  const { run } = smallRun(folder), { quality: initial } = run.tested;
  const epochs = () =>
    trainingSeries(run, "en").map(({ points }) => points.map(({ epoch }) => epoch));
  deepStrictEqual(epochs(), [[0]]);
  take(run, 1);
  deepStrictEqual(epochs(), [[0.25], [0]]); // of the 4 batches of an epoch
  take(run, 2 * 4);
  deepStrictEqual(epochs(), [[1, 2, 2.25], [0, 1, 2]]);
  run.test();
  deepStrictEqual(epochs()[1], [0, 1, 2, 2.25]);
  const [training, test] = trainingSeries(run, "ja");
  deepStrictEqual(training!.points.at(-1)!.quality, run.running);
  deepStrictEqual(test!.points[0]!.quality, initial);
  deepStrictEqual([training!.label, test!.label], ["訓練（エポック中）", "テスト（エポック後）"]);
});

Deno.test("example: TrainingRun refuses a batch larger than the images, and reports divergence", () => {
  using folder = new Folder(smallSet());
  const message = "Cannot draw batches of 41 from 40 examples: need at most 40";
  throws(() => smallRun(folder, { ...SETTINGS, batchSize: 41 }), { message });
  const { run } = smallRun(folder, { ...SETTINGS, learningRate: 1e308 });
  throws(() => take(run, 100), DivergenceError);
  const { run: once } = smallRun(folder, { ...SETTINGS, batchSize: 40, learningRate: 1e308 });
  throws(() => once.takeBatch(), { message: /^Training diverged: the loss on the test images/ });
  strictEqual(once.rows.length, 0); // no curve goes on after NaN
});

Deno.test("example: TrainingRun of a long training saves a run of its own length", () => {
  using folder = new Folder(smallSet());
  const { run, data } = smallRun(folder, { ...SETTINGS, batchSize: 40 });
  take(run, 31);
  strictEqual(run.rows.length, 31);
  const { state, history } = readCheckpoint(run.checkpoint(data));
  deepStrictEqual([state.settings.epochs, history!.rows.length], [31, 31]);
  run.takeBatch();
  strictEqual(readCheckpoint(run.checkpoint(data)).state.settings.epochs, 32);
});
