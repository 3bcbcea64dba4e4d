// The programs that the bench compares compute the same.
import { ok, strictEqual } from "node:assert/strict";
import {
  NO_HISTORY,
  NUMPY,
  NUMPY_MATRICES,
  REFERENCE,
  run,
  SANSO,
  trainCommand,
  trainingCommand,
} from "../../bench/programs.ts";
import { SHAPES, writeData } from "../../bench/shapes.ts";
import { Folder } from "../helpers/folder.ts";
import { smallSet } from "../helpers/idx.ts";
import { numpyTest } from "../helpers/numpy.ts";

numpyTest("reference: the bench's programs in NumPy and sanso print the same losses", async () => {
  using folder = new Folder(smallSet());
  const sizes = { images: 40, threads: 1, hidden: 5, batch: 10, warmUp: 1, epochs: 2 };
  const losses = async (program: string) => {
    const { lines, seconds, peakMB } = await run(
      trainingCommand(program, { data: folder.path, ...sizes }),
    );
    ok(seconds > 0 && seconds < 1 && peakMB! > 1, program);
    return lines.map(Number).slice(0, 3); // the listing prints "finish" too
  };
  const expected = await losses(REFERENCE);
  strictEqual(expected.length, 3);
  for (const program of [SANSO, NUMPY, NUMPY_MATRICES]) {
    (await losses(program)).forEach((loss, i) =>
      ok(Math.abs(loss - expected[i]!) < 1e-12, `${program}: ${loss}, ${expected[i]}`)
    );
  }
});

Deno.test("example: the bench learns from `train` when its first step was done", async () => {
  using folder = new Folder();
  const command = trainCommand(folder.path, { keeps: NO_HISTORY, epochs: 1, images: 200 });
  const { seconds, firstStep, firstLoss, peakMB, lines } = await run(command);
  ok(firstStep! > 0 && firstStep! < firstLoss! && firstLoss! < 1000 * seconds);
  ok(peakMB! > 50 && peakMB! < 1000, `${peakMB}`);
  strictEqual(lines.length, 2);
});

Deno.test("example: the bench's data has the share of pixels that its name says", () => {
  for (const { nonzero, ...shape } of SHAPES) {
    const share = nonzero === "MNIST" ? 0.19 : typeof nonzero === "number" ? nonzero : 0.5;
    using folder = new Folder();
    writeData(folder.path, { ...shape, nonzero, images: 100 });
    const pixels = folder.read("train-images-idx3-ubyte").subarray(16);
    const found = pixels.reduce((count, byte) => count + (byte > 0 ? 1 : 0), 0);
    ok(Math.abs(found / pixels.length - share) < 0.02, `${nonzero}: ${found / pixels.length}`);
  }
});
