/**
 * kill -9 at any moment leaves a complete file, old or new, from which the run resumes.
 *
 * After a change of how files are saved, kill a thousand times:
 * `KILLS=1000 deno test -A tests/cli/kills_proof.ts`.
 */
import { Buffer } from "node:buffer";
import { ok, strictEqual } from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import { readHistory } from "../../lib/storage/history.ts";
import { Child } from "../helpers/child.ts";
import { cli } from "../helpers/cli.ts";
import { Folder } from "../helpers/folder.ts";
import { smallSet } from "../helpers/idx.ts";
import {
  type Epoch,
  historyOf,
  libraryRun,
  printed,
  resumeArguments,
  trainArguments,
  withoutSeconds,
} from "../helpers/runs.ts";

const SETTINGS = { epochs: 600, batch: 10, hidden: 5 };
const FILES = smallSet();

/** Kills of all runs. */
const KILLS = Number(Deno.env.get("KILLS") ?? 56);

/** What the folder of each run holds before it, and its further options. */
const PARALLEL_RUNS: readonly { readonly old?: string; readonly more: readonly string[] }[] = [
  { more: [] },
  { old: "as it was", more: [] },
  { old: "as it was", more: [] },
  { old: "as it was", more: ["--overwrite"] },
];

const START_RUN = trainArguments(SETTINGS);
const GO_ON = resumeArguments();
const HISTORY = ["--history", "h.csv"], ALWAYS = [...HISTORY, "--save-every", "1"];

/** What a kill waits for, and how many milliseconds it may wait then. */
const MOMENTS: readonly [begun: (run: Child) => boolean, longest: number][] = [
  [(run) => run.stdout !== "", 30],
  [() => true, 300],
  [(run) => run.stdout !== "", 30],
  [(run) => run.stderr.includes("\nnetwork: "), 100],
];

/** Bytes as a string, to look them up. */
function key(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}

/** Which epoch's file this is: of all the bytes that the run may write. */
function epochsByFile(whole: readonly Epoch[]): Map<string, number> {
  return new Map(whole.map(({ checkpoint }, i) => [key(checkpoint), i + 1]));
}

Deno.test(`example: train killed ${KILLS} times at random moments leaves whole files, and resumes to the same bytes and history`, async () => {
  const whole = libraryRun(FILES, SETTINGS), epochOf = epochsByFile(whole);
  const history = await historyOf(FILES, SETTINGS);
  const counts = await Promise.all(PARALLEL_RUNS.map(async ({ old, more }, index) => {
    using folder = new Folder(old === undefined ? FILES : { ...FILES, "p.npz": old });
    const seen = { absent: 0, newer: 0, old: 0 };
    let saved = 0;
    /** Goes on with the run, or begins it where none is saved. */
    const next = () => saved > 0 ? GO_ON : [...START_RUN, ...more];
    for (let kill = 0; kill < KILLS / PARALLEL_RUNS.length; kill++) {
      const run = Child.cli([...next(), ...ALWAYS], folder.path);
      // a quarter while it starts, a quarter when it is about to train, the others while it trains
      // and saves
      const [begun, longest] = MOMENTS[kill % MOMENTS.length]!;
      await run.until(() => begun(run));
      await setTimeout(Math.random() * longest);
      run.kill("SIGKILL");
      const { stdout, stderr, signal, code } = await run.end;
      if (signal === null) { // on a busy machine it can come to its end before: begin anew
        strictEqual(code, 0, stderr);
        folder.names().filter((name) => !(name in FILES)).forEach((name) =>
          Deno.removeSync(folder.file(name))
        );
        if (old !== undefined) Deno.writeTextFileSync(folder.file("p.npz"), old);
        saved = 0;
        kill--;
        continue;
      }
      const names = folder.names().filter((name) => !(name in FILES));
      const temporary = names.filter((name) => /^\.sanso-[0-9a-f-]{36}\.tmp$/.test(name));
      const kept = names.filter((name) => /^p\.\d+\.npz$/.test(name));
      const tables = names.filter((name) => /^h\.\d+\.csv$/.test(name)); // of runs begun anew
      const expected = ["h.csv", "p.npz", ...temporary, ...kept, ...tables];
      ok(names.every((name) => expected.includes(name)), `${names}`);
      for (const name of kept) {
        strictEqual(new TextDecoder().decode(folder.read(name)), old);
        strictEqual(more.length, 0, "it was to be overwritten");
      }
      // every loss that was printed has its row
      const losses = stdout.split("\n").slice(0, -1);
      if (losses.length > 0) {
        const rows = readHistory(new TextDecoder().decode(folder.read("h.csv")));
        const epochs = rows.slice(saved, saved + losses.length);
        strictEqual(
          epochs.map((row) => row.running.crossEntropy).join(),
          losses.map(Number).join(),
        );
      }
      if (!names.includes("p.npz")) {
        strictEqual(saved, 0, "the old file is gone");
        strictEqual(old, undefined, "the old file is gone");
        seen.absent++;
        continue;
      }
      const bytes = folder.read("p.npz");
      if (saved === 0 && new TextDecoder().decode(bytes) === old) {
        seen.absent++;
        continue;
      }
      const epoch = epochOf.get(key(bytes));
      ok(old === undefined || more.length > 0 || kept.length > 0, "the old file is lost");
      ok(epoch !== undefined, `run ${index}, kill ${kill}: the file is none that the run writes`);
      ok(epoch >= saved, `the file went back from epoch ${saved} to ${epoch}`);
      // a save follows its loss, so at most the last one is missing
      ok(epoch >= saved + losses.length - 1, `${losses.length} losses, saved ${saved} to ${epoch}`);
      seen[epoch > saved ? "newer" : "old"]++;
      saved = epoch;
    }
    const rest = await cli([...next(), ...HISTORY, "--quiet"], { cwd: folder.path });
    strictEqual(rest.code, 0, rest.stderr);
    strictEqual(rest.stdout, printed(whole.slice(saved)));
    strictEqual(epochOf.get(key(folder.read("p.npz"))), SETTINGS.epochs);
    strictEqual(withoutSeconds(folder.read("h.csv")), history);
    return seen;
  }));
  const sum = (what: keyof typeof counts[number]) =>
    counts.reduce((total, seen) => total + seen[what], 0);
  ok(sum("newer") > 0 && sum("old") > 0);
});
