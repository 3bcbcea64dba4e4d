// `train` when one of its threads fails: one line, and the last save stays.
import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { cli } from "../helpers/cli.ts";
import { Folder } from "../helpers/folder.ts";
import { smallSet } from "../helpers/idx.ts";
import { WatchedWorkers } from "../helpers/watched_workers.ts";

Deno.test("example: train ends with one line when a thread fails, and its last save continues to the same bytes", async () => {
  using folder = new Folder(smallSet());
  const cwd = folder.path;
  const train = ["train", "--data", cwd, "--quiet", "--no-history"];
  const settings = ["--batch", "10", "--epochs", "5000"];
  {
    using _ = new WatchedWorkers({
      beforeChunk: "if (done === 20) throw new Error('not seen by the user');",
    });
    const save = ["--threads", "2", "--save-every", "1", "--save", "a.npz"];
    const run = await cli([...train, ...settings, ...save], { cwd });
    strictEqual(run.code, 1);
    match(
      run.stderr,
      /^error: A thread of the engine failed; saved: a\.npz, at the end of epoch \d+\n$/,
    );
  }
  strictEqual((await cli([...train, "--resume", "a.npz"], { cwd })).code, 0);
  strictEqual((await cli([...train, ...settings, "--save", "b.npz"], { cwd })).code, 0);
  deepStrictEqual(folder.read("a.npz"), folder.read("b.npz"));
});
