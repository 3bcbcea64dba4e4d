// The programs that the bench compares compute the same.
import { ok, strictEqual } from "node:assert/strict";
import {
  NUMPY,
  NUMPY_MATRICES,
  REFERENCE,
  run,
  SANSO,
  trainingCommand,
} from "../../bench/programs.ts";
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
