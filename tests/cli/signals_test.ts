/** Signals: the first one stops a run after saving; others change nothing. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { readCheckpoint } from "../../lib/storage/checkpoint_file.ts";
import { Child } from "../helpers/child.ts";
import { Folder } from "../helpers/folder.ts";
import { smallSet } from "../helpers/idx.ts";
import { stoppedLine, trainArguments } from "../helpers/runs.ts";

const FILES = smallSet();
const SHORT = { epochs: 3, batch: 10, hidden: 5 };

/** Enough epochs that the run has not ended when the signal arrives. */
const LONG = { ...SHORT, epochs: 200_000 };

const CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

Deno.test("example: train saves on SIGINT, SIGTERM and SIGHUP, exits with 130, 143 and 129, and its last line gives the position and how to resume", async () => {
  await Promise.all(SIGNALS.flatMap((signal) =>
    [[], ["--quiet"]].map(async (quiet) => {
      using folder = new Folder(FILES);
      const run = Child.cli([...trainArguments(LONG), ...quiet], folder.path);
      await run.until(() => run.stdout !== "");
      ok(!folder.names().includes("p.npz"), "it is saved for the signal's sake");
      run.kill(signal);
      const { code, signal: killedBy, stdout, stderr } = await run.end;
      deepStrictEqual([code, killedBy], [CODES[signal], null]);
      ok(stderr.endsWith(`${stoppedLine(folder)}\n`), stderr);
      if (quiet.length > 0) strictEqual(stderr, `${stoppedLine(folder)}\n`); // that alone
      else match(stderr, /^data: .*\nnetwork: .*\nepoch 1 of 200000: .*\n/);
      const { position: { epoch } } = readCheckpoint(folder.read("p.npz")).state;
      strictEqual(stdout.split("\n").length, epoch); // a line for each whole epoch
      deepStrictEqual(folder.names(), [...Object.keys(FILES), "p.npz"].sort());
    })
  ));
});
