// The view Train: its settings, and its training with the command's numbers, tests and files.
import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { TrainingRun, trainingSeries } from "../../lib/pages/train/trainer.ts";
import { PAGE_SETTINGS, parseSettings, textsOf } from "../../lib/pages/train/training.ts";
import { fingerprint, loadDataset } from "../../lib/system/data.ts";
import {
  DivergenceError,
  evaluate,
  readCheckpoint,
  REPORT_SETTINGS,
  SimdEngine,
} from "../../mod.ts";
import { cli } from "../helpers/cli.ts";
import { Folder } from "../helpers/folder.ts";
import { smallSet } from "../helpers/idx.ts";

Deno.test("reference: the page refuses the settings that `train` refuses, with its words", async () => {
  const texts = ["", "0", "-1", "1.5", "5000", "4294967296", "1e-3", ".5", "1e999", "0x10"];
  using folder = new Folder(); // without images: valid options are refused later
  for (const { name, flag } of PAGE_SETTINGS) {
    for (const text of [...texts, "4096"]) {
      const result = parseSettings({ ...textsOf(REPORT_SETTINGS), [name]: text }, Infinity);
      const args = [`${flag}=${text}`, "--data", folder.path];
      const { stderr } = await cli(["train", ...args], { cwd: folder.path });
      const [, words] = /argument '.*' is invalid\. (.*)/.exec(stderr) ?? [];
      const shown = "reason" in result ? result.reason.en : undefined;
      strictEqual(shown, words?.replace(/\.?$/, ""), `${name} ${text}: ${stderr}`);
    }
  }
});

Deno.test("reference: the page refuses a batch larger than the training set, as `train` does", async () => {
  using folder = new Folder(smallSet());
  const texts = { ...textsOf({ ...REPORT_SETTINGS, batchSize: 41 }), seed: " 7 " };
  const refusal = parseSettings(texts, 40), args = ["--batch", "41", "--data", folder.path];
  const { stderr } = await cli(["train", ...args], { cwd: folder.path });
  ok("reason" in refusal && stderr.includes(`--batch 41: ${refusal.reason.en}`), stderr);
  deepStrictEqual(parseSettings(texts, 41), { ...REPORT_SETTINGS, batchSize: 41, seed: 7 });
});

const SETTINGS = { ...REPORT_SETTINGS, batchSize: 10, learningRate: 0.1, hidden: 5, seed: 7 };
const OPTIONS = ["--batch", "10", "--learning-rate", "0.1", "--hidden", "5", "--seed", "7"];

/** A run on a small data set of 4 batches an epoch. */
function smallRun(folder: Folder, settings: typeof SETTINGS = SETTINGS) {
  const training = loadDataset(folder.path, "train").data;
  const test = loadDataset(folder.path, "test").data, data = { training, test, classes: 3 };
  const run = new TrainingRun(settings, data);
  return { run, data: fingerprint(training, test), test };
}

function take(run: TrainingRun, batches: number): void {
  for (let i = 0; i < batches; i++) run.takeBatch();
}

Deno.test("reference: TrainingRun saves the bytes that `train` saves, and `train --resume` continues its file to them", async () => {
  using folder = new Folder(smallSet());
  const { run, data } = smallRun(folder), train = ["train", "--data", folder.path];
  const args = ["--save", folder.file("p.npz"), ...OPTIONS];
  strictEqual((await cli([...train, ...args])).code, 0);
  take(run, 2 * 4 + 3); // within the third of 30 epochs
  folder.write("page.npz", run.checkpoint(data));
  strictEqual((await cli([...train, "--resume", folder.file("page.npz")])).code, 0);
  take(run, 30 * 4 - run.batches);
  for (const name of ["p.npz", "page.npz"]) {
    deepStrictEqual(run.checkpoint(data), folder.read(name));
  }
});

Deno.test("example: TrainingRun tests after each epoch and when asked, once for each network", () => {
  using folder = new Folder(smallSet());
  const { run, test } = smallRun(folder);
  const expected = () => evaluate(new SimdEngine(run.engine.parameters, test));
  deepStrictEqual([run.tested, run.running], [{ batches: 0, quality: expected() }, undefined]);
  take(run, 3);
  strictEqual(run.tested.batches, 0);
  take(run, 1);
  deepStrictEqual(run.tested, { batches: 4, quality: expected() });
  take(run, 1);
  deepStrictEqual(run.test(), expected());
  strictEqual(run.test(), run.test());
});

Deno.test("example: the curves of a training begin with the test before the first batch, and may end within an epoch", () => {
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

Deno.test("example: TrainingRun reports divergence, also that of a test, and saves a long run with its own length", () => {
  using folder = new Folder(smallSet());
  const { run } = smallRun(folder, { ...SETTINGS, learningRate: 1e308 });
  throws(() => take(run, 100), DivergenceError);
  const { run: once } = smallRun(folder, { ...SETTINGS, batchSize: 40, learningRate: 1e308 });
  throws(() => once.takeBatch(), { message: /^Training diverged: the loss on the test images/ });
  strictEqual(once.rows.length, 0); // no curve goes on after NaN
  const { run: long, data } = smallRun(folder, { ...SETTINGS, batchSize: 40 });
  for (const epochs of [31, 32]) {
    take(long, epochs - long.batches);
    const { state, history } = readCheckpoint(long.checkpoint(data));
    deepStrictEqual([state.settings.epochs, history!.rows.length], [epochs, epochs]);
  }
});
