// The settings of a training in the page: the rules and the words of the command line.
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { comparedWithGuessing } from "../../lib/pages/train/trainer.ts";
import {
  PAGE_SETTINGS,
  parseSetting,
  parseSettings,
} from "../../lib/pages/train/training_settings.ts";
import { cli } from "../helpers/cli.ts";
import { Folder } from "../helpers/folder.ts";
import { smallSet } from "../helpers/idx.ts";

Deno.test("reference: the page refuses the settings that `train` refuses, with its words", async () => {
  const texts = ["", "0", "-1", "1.5", "5000", "4294967296", "1e-3", ".5", "1e999", "0x10", " 1"];
  for (const { name, flag } of PAGE_SETTINGS) {
    for (const text of [...texts, "4096"]) {
      const result = parseSetting(name, text);
      // a folder without images: valid options are refused later
      using folder = new Folder();
      const args = [`${flag}=${text}`, "--data", folder.path];
      const { stderr } = await cli(["train", ...args], { cwd: folder.path });
      const [, words] = /argument '.*' is invalid\. (.*)/.exec(stderr) ?? [];
      const shown = typeof result === "number" ? undefined : result.reason.en;
      strictEqual(shown, words?.replace(/\.?$/, ""), `${name} ${text}: ${stderr}`);
    }
  }
});

Deno.test("reference: the page refuses a batch larger than the training set, as `train` does", async () => {
  using folder = new Folder(smallSet());
  const texts = { batchSize: "41", learningRate: "0.5", hidden: "20", seed: " 7 " };
  const refusal = parseSettings(texts, 40);
  ok("reason" in refusal);
  const { stderr } = await cli(["train", "--batch", "41", "--data", folder.path], {
    cwd: folder.path,
  });
  ok(stderr.includes(`--batch 41: ${refusal.reason.en}`), stderr);
  deepStrictEqual(parseSettings({ ...texts, batchSize: "40" }, 40), {
    ...{ batchSize: 40, learningRate: 0.5, hidden: 20, seed: 7 },
  });
});

Deno.test("law: no network that answers alike for all images is better than guessing", () => {
  const labels = fc.uint8Array({ min: 0, max: 9, minLength: 1 });
  fc.assert(fc.property(labels, fc.nat(9), fc.double({ min: 0, noNaN: true }), (bytes, k, loss) => {
    const labels = new Uint8Array(bytes);
    const accuracy = labels.filter((label) => label === k).length / labels.length;
    const { notBetter } = comparedWithGuessing(10, labels, { crossEntropy: loss, accuracy });
    strictEqual(notBetter, "answers");
  }));
});

Deno.test("example: comparedWithGuessing() tells wrong answers from wrong probabilities, and both from chance", () => {
  // 11.35 % of 10,000 labels are alike, as in MNIST's test set
  const labels = Uint8Array.from({ length: 10_000 }, (_, i) => i < 1135 ? 0 : 1 + i % 9);
  const found = (accuracy: number, crossEntropy = 2) =>
    comparedWithGuessing(10, labels, { accuracy, crossEntropy });
  // two standard errors, each of 0.0032
  const alike = { crossEntropy: Math.LN10, accuracy: 0.1135, notBetter: "answers" };
  deepStrictEqual(found(0.12), alike);
  strictEqual(found(0.13).notBetter, undefined);
  strictEqual(found(0.13, Math.LN10).notBetter, "probabilities");
  strictEqual(found(0.9, 5).notBetter, "probabilities");
});
