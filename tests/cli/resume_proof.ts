/**
 * A stopped and resumed run equals one that never stopped: bytes, history and output.
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import { Child } from "../helpers/child.ts";
import { Folder } from "../helpers/folder.ts";
import { smallSet } from "../helpers/idx.ts";
import {
  historyOf,
  libraryRun,
  printed,
  resumeArguments,
  stoppedLine,
  trainArguments,
  withoutSeconds,
} from "../helpers/runs.ts";

/** Epochs of some milliseconds, each with as many chances to be stopped as there are batches. */
const EPOCH = 20;
const LONG = { epochs: 8, batch: 1, hidden: 5 };
const LONG_SET = smallSet({ train: 3000 });

/** Runs until the end, stopped some time after each first line, with these engines in turn. */
async function stopAndGo(
  folder: Folder,
  engines: readonly string[],
  finalBytes: Uint8Array,
): Promise<{ stdout: string; stops: number }> {
  const start = trainArguments(LONG, "--history", "h.csv");
  const goOn = resumeArguments("--history", "h.csv");
  let stdout = "";
  for (let stops = 0;; stops++) {
    const engine = ["--engine", ...engines[stops % engines.length]!.split(" ")];
    const run = Child.cli([...stops === 0 ? start : goOn, ...engine, "--quiet"], folder.path);
    const signal = stops % 2 === 0 ? "SIGINT" : "SIGTERM";
    await run.until(() => run.stdout !== "");
    await setTimeout(Math.random() * EPOCH);
    run.kill(signal);
    const { code, stdout: more, stderr } = await run.end;
    stdout += more;
    if (more.endsWith("finish\n")) return { stdout, stops };
    strictEqual(code, signal === "SIGINT" ? 130 : 143, stderr);
    // between the last save and "finish" signals end the program as they end any other
    const over = stderr === "" && stdout.split("\n").length > LONG.epochs;
    if (over) deepStrictEqual(folder.read("p.npz"), finalBytes);
    else strictEqual(stderr, `${stoppedLine(folder, "--history", "h.csv")}\n`);
  }
}

Deno.test("example: train stopped at random moments resumes to the same bytes, history and output, with either engine, on any number of threads", async () => {
  const whole = libraryRun(LONG_SET, LONG), history = await historyOf(LONG_SET, LONG);
  const finalBytes = whole.at(-1)!.checkpoint;
  const lanes = [["simd"], ["reference"], ["simd", "reference"], ["reference", "simd"], [
    "simd --threads=3",
  ], [
    "simd --threads=2",
    "simd",
  ]];
  const stops = await Promise.all(lanes.map(async (engines) => {
    using folder = new Folder(LONG_SET);
    const { stdout, stops } = await stopAndGo(folder, engines, finalBytes);
    strictEqual(stdout, printed(whole));
    deepStrictEqual(folder.read("p.npz"), finalBytes);
    strictEqual(withoutSeconds(folder.read("h.csv")), history);
    return stops;
  }));
  // some 28; a machine that is busy elsewhere may let a run end before its signal
  ok(stops.reduce((sum, n) => sum + n) >= 8, `${stops}`);
});
