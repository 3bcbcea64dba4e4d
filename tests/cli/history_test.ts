/**
 * The history of a run: its rows, in its file and in a CSV, and what happens if they cannot be
 * written.
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { readNpz } from "../../lib/formats/npz.ts";
import { readCheckpoint } from "../../lib/storage/checkpoint_file.ts";
import { type HistoryRow, readHistory } from "../../lib/storage/history.ts";
import { Child, denoCommand } from "../helpers/child.ts";
import { cli } from "../helpers/cli.ts";
import { testIf } from "../helpers/conditional.ts";
import { Folder } from "../helpers/folder.ts";
import { rowsOf } from "../helpers/history.ts";
import { smallSet } from "../helpers/idx.ts";
import {
  libraryRun,
  printed,
  resumeArguments,
  trainArguments,
  withoutSeconds,
} from "../helpers/runs.ts";
import { canMount, SmallDisk } from "../helpers/machine.ts";

const SHORT = { epochs: 5, batch: 10, hidden: 5 };
const FILES = smallSet();
const WHOLE = libraryRun(FILES, SHORT);

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** The arguments of a run that writes p.npz and h.csv. */
function training(settings = SHORT): string[] {
  return trainArguments(settings, "--history", "h.csv", "--quiet");
}

/** The row of an epoch, computed by the library. */
function row(index: number, parts: { test: boolean; train: boolean }): Omit<HistoryRow, "seconds"> {
  const { running, test, train } = WHOLE[index]!;
  const quality = ({ crossEntropy, accuracy }: typeof test) => ({ crossEntropy, accuracy });
  return {
    epoch: index + 1,
    running,
    learningRate: 0.01,
    ...(parts.test && { test: quality(test) }),
    ...(parts.train && { train: quality(train) }),
  };
}

Deno.test("example: train writes in file and CSV what the library finds, every --evaluate-every epochs", async () => {
  const cases: [args: string[], tested: number[], train: boolean][] = [
    [[], [1, 2, 3, 4, 5], false],
    [["--evaluate-every", "1", "--evaluate-train"], [1, 2, 3, 4, 5], true],
    [["--evaluate-every", "2"], [2, 4, 5], false], // the last one always
    [["--evaluate-every", "0"], [5], false],
    [["--evaluate-every", "9", "--engine", "reference", "--evaluate-train"], [5], true],
  ];
  for (const [args, tested, train] of cases) {
    using folder = new Folder(FILES);
    const started = performance.now();
    const run = await cli([...training(), ...args], { cwd: folder.path });
    const elapsed = (performance.now() - started) / 1000;
    deepStrictEqual(run, { code: 0, stdout: printed(WHOLE), stderr: "" });
    const seconds = readHistory(text(folder.read("h.csv"))).map((row) => row.seconds!);
    ok(seconds.reduce((sum, x) => sum + x, 0) <= elapsed, `${seconds} of ${elapsed}`);
    const expected = WHOLE.map((_, i) => {
      const test = tested.includes(i + 1);
      return row(i, { test, train: test && train });
    });
    deepStrictEqual(rowsOf(folder.read("h.csv")), expected);
    const { parameters, state, history } = readCheckpoint(folder.read("p.npz"));
    deepStrictEqual(history?.rows, expected.map(({ learningRate: _, ...result }) => result));
    const whole = readCheckpoint(WHOLE.at(-1)!.checkpoint); // evaluating changes nothing
    deepStrictEqual({ parameters, state }, { parameters: whole.parameters, state: whole.state });
  }
});

Deno.test("example: train keeps a CSV that is there, and --resume goes on with its own or makes it anew", async () => {
  using folder = new Folder({ ...FILES, "h.csv": "as it was" });
  const options = { cwd: folder.path };
  const kept = { code: 0, stdout: printed(WHOLE), stderr: "" };
  deepStrictEqual(await cli(training(), options), kept);
  strictEqual(text(folder.read("h.1.csv")), "as it was");
  const whole = folder.read("h.csv");
  const resume = resumeArguments("--history", "h.csv", "--quiet");
  for (const old of [whole, text(whole).split("\n").slice(0, 3).join("\n"), undefined]) {
    folder.write("p.npz", WHOLE[1]!.checkpoint);
    if (old === undefined) Deno.removeSync(folder.file("h.csv"));
    else folder.write("h.csv", old);
    const rest = { code: 0, stdout: printed(WHOLE.slice(2)), stderr: "" };
    deepStrictEqual(await cli(resume, options), rest);
    strictEqual(withoutSeconds(folder.read("h.csv")), withoutSeconds(whole));
  }
  const times = readHistory(text(folder.read("h.csv"))).map(({ seconds }) => seconds !== undefined);
  deepStrictEqual(times, [false, false, true, true, true]);
  // a finished run makes it, too
  Deno.removeSync(folder.file("h.csv"));
  strictEqual((await cli(resume, options)).code, 0);
  strictEqual(withoutSeconds(folder.read("h.csv")), withoutSeconds(whole));
});

Deno.test("example: train keeps a history in its file, except with --no-history", async () => {
  using folder = new Folder(FILES);
  const options = { cwd: folder.path }, last = WHOLE.at(-1)!.checkpoint;
  strictEqual((await cli(trainArguments(SHORT, "--quiet"), options)).code, 0);
  deepStrictEqual(folder.read("p.npz"), last);
  Deno.removeSync(folder.file("p.npz"));
  const without = trainArguments(SHORT, "--quiet", "--no-history");
  deepStrictEqual(await cli(without, options), { code: 0, stdout: printed(WHOLE), stderr: "" });
  const members = [...readNpz(folder.read("p.npz")).keys()];
  deepStrictEqual(members.filter((name) => /history|evaluate/.test(name)), []);
  const { parameters, state } = readCheckpoint(last);
  deepStrictEqual(readCheckpoint(folder.read("p.npz")), { parameters, state });
});

testIf(
  canMount(),
  "leave to mount a file system",
  "example: train saves and reports it in one line when the history's disk is full, and --resume writes the row again",
  async () => {
    const epochs = 200, whole = libraryRun(FILES, { ...SHORT, epochs });
    using folder = new Folder({ ...FILES, "disk/none": "" });
    using disk = new SmallDisk(folder.file("disk"), "16k");
    const history = ["--history", "disk/h.csv", "--quiet"];
    const run = await cli([...trainArguments({ ...SHORT, epochs }), ...history], {
      cwd: folder.path,
    });
    const { length } = readHistory(text(folder.read("disk/h.csv")));
    ok(length > 10 && length < epochs, `${length}`);
    deepStrictEqual(run, {
      code: 1,
      stdout: printed(whole.slice(0, length)).replace("finish\n", ""),
      stderr: "error: disk/h.csv: cannot be written: no space left on the disk; " +
        `saved: p.npz, in epoch ${length + 1} after iteration 4\n`,
    });
    disk.resize("1m");
    const rest = await cli(resumeArguments(...history), { cwd: folder.path });
    deepStrictEqual(rest, { code: 0, stdout: printed(whole.slice(length)), stderr: "" });
    deepStrictEqual(folder.read("p.npz"), whole.at(-1)!.checkpoint);
    strictEqual(rowsOf(folder.read("disk/h.csv")).length, epochs);
    deepStrictEqual([...Deno.readDirSync(disk.path)].map(({ name }) => name), ["h.csv"]);
  },
);

testIf(
  Deno.build.os === "linux",
  "/dev/full",
  "example: train continues when its messages cannot be written",
  async () => {
    using folder = new Folder(FILES);
    const train = denoCommand(training().filter((arg) => arg !== "--quiet"));
    const run = new Child(["sh", "-c", 'exec "$@" 2>/dev/full', "sh", ...train], folder.path);
    const { code, stdout } = await run.end;
    deepStrictEqual([code, stdout], [0, printed(WHOLE)]);
    deepStrictEqual(folder.read("p.npz"), WHOLE.at(-1)!.checkpoint);
  },
);
