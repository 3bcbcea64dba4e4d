/** When a run is saved before its end. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { readCheckpoint } from "../../lib/storage/checkpoint_file.ts";
import { Child } from "../helpers/child.ts";
import { Folder } from "../helpers/folder.ts";
import { smallSet } from "../helpers/idx.ts";
import { libraryRun, trainArguments } from "../helpers/runs.ts";

const FILES = smallSet();
const SETTINGS = { epochs: 9, batch: 10, hidden: 5 };

/** Makes Deno run some preload files before the command line. */
function preload(...names: string[]): string[] {
  return names.flatMap((name) => ["--preload", fileURLToPath(new URL(name, import.meta.url))]);
}

/** The saves that record_saves.ts recorded, in order: the time in milliseconds, and the bytes. */
function saves(folder: Folder): { at: number; bytes: Uint8Array<ArrayBuffer> }[] {
  return folder.names()
    .map((name) => ({ name, match: name.match(/^p\.npz\.(\d+)-(.*)$/) }))
    .filter(({ match }) => match !== null)
    .sort((a, b) => Number(a.match![1]) - Number(b.match![1]))
    .map(({ name, match }) => ({ at: Number(match![2]), bytes: folder.read(name) }));
}

Deno.test("example: train --save-every saves after every n epochs and at the end, and no more often", async () => {
  const whole = libraryRun(FILES, SETTINGS);
  const cases = [
    [["--save-every", "1"], [1, 2, 3, 4, 5, 6, 7, 8, 9]],
    [["--save-every", "4"], [4, 8, 9]],
    [["--save-every", "9"], [9]],
    [["--save-every", "100"], [9]],
    [[], [9]], // it takes less than 30 seconds
  ] as const;
  await Promise.all(cases.map(async ([args, epochs]) => {
    using folder = new Folder(FILES);
    const train = trainArguments(SETTINGS, "--quiet");
    const run = await Child.cli(
      [...train, ...args],
      folder.path,
      preload("./record_saves.ts"),
    ).end;
    strictEqual(run.code, 0, run.stderr);
    deepStrictEqual(
      saves(folder).map(({ bytes }) => bytes),
      epochs.map((epoch) => whole[epoch - 1]!.checkpoint),
    );
  }));
});

Deno.test("example: train saves 30 seconds after its start or last save, in the middle of an epoch too", async () => {
  using folder = new Folder(FILES);
  const endless = { ...SETTINGS, epochs: 1_000_000 };
  const train = trainArguments(endless, "--quiet");
  const fast = preload("./fast_clock.ts", "./record_saves.ts");
  const run = Child.cli(train, folder.path, fast);
  await run.until(() => saves(folder).length === 5);
  run.kill("SIGKILL");
  await run.end;
  const found = saves(folder).slice(0, 4); // the fifth may be half copied
  const gaps = found.map(({ at }, i) => at - (found[i - 1]?.at ?? 0));
  ok(gaps.every((gap) => gap > 30_000), `${gaps}`);
  // at a hundred times the speed, so that these 3 seconds are 30 ms; a busy machine only ever adds
  // to a gap
  ok(Math.min(...gaps) < 33_000, `${gaps}`);
  const epochs = found.map(({ bytes }) => readCheckpoint(bytes).state.position.epoch);
  deepStrictEqual(epochs, epochs.toSorted((a, b) => a - b));
  strictEqual(new Set(epochs).size, 4);
});
