/**
 * The history of a run: its rows, when they are written, and what happens if they cannot be
 * written.
 */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { type HistoryRow, readHistory } from "../../lib/storage/history.ts";
import { Child, denoCommand } from "../helpers/child.ts";
import { cli, refuses } from "../helpers/cli.ts";
import { Folder } from "../helpers/folder.ts";
import { historyFile, madeUpRows, rowsOf } from "../helpers/history.ts";
import { smallSet } from "../helpers/idx.ts";
import { canMount, SmallDisk } from "../helpers/small_disk.ts";
import { testIf } from "../helpers/conditional.ts";
import {
  type Epoch,
  flags,
  libraryRun,
  overflowingParameters,
  printed,
  resumeArguments,
  trainArguments,
  withoutSeconds,
} from "../helpers/runs.ts";

const SHORT = { epochs: 5, batch: 10, hidden: 5 };
const FILES = smallSet();
const WHOLE = libraryRun(FILES, SHORT);

/** Enough epochs that the run has not ended when the test interrupts it. */
const LONG = { ...SHORT, epochs: 20_000 };

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** The arguments of a run that writes p.npz and h.csv. */
function training(settings = SHORT, history = "h.csv"): string[] {
  return trainArguments(settings, "--history", history, "--quiet");
}

function resuming(...args: string[]): string[] {
  return resumeArguments("--quiet", ...args);
}

/** The row of an epoch, computed by the library. */
function row(index: number, parts: { test: boolean; train: boolean }): Omit<HistoryRow, "seconds"> {
  const { running, test, train } = WHOLE[index]!;
  const quality = ({ crossEntropy, accuracy }: Epoch["test"]) => ({ crossEntropy, accuracy });
  return {
    epoch: index + 1,
    running,
    learningRate: 0.01,
    ...(parts.test && { test: quality(test) }),
    ...(parts.train && { train: quality(train) }),
  };
}

Deno.test("example: train --history writes what the library finds, every --evaluate-every epochs", async () => {
  const cases: [args: string[], tested: number[], train: boolean][] = [
    [[], [1, 2, 3, 4, 5], false],
    [["--evaluate-every", "1", "--evaluate-train"], [1, 2, 3, 4, 5], true],
    [["--evaluate-every", "2"], [2, 4, 5], false], // the last one always
    [["--evaluate-every", "2", "--evaluate-train"], [2, 4, 5], true],
    [["--evaluate-every", "0"], [5], false],
    [["--evaluate-every", "9", "--engine", "reference", "--evaluate-train"], [5], true],
  ];
  await Promise.all(cases.map(async ([args, tested, train]) => {
    using folder = new Folder(FILES);
    const started = performance.now();
    const run = await cli([...training(), ...args], { cwd: folder.path });
    const elapsed = (performance.now() - started) / 1000;
    deepStrictEqual(run, { code: 0, stdout: printed(WHOLE), stderr: "" });
    const seconds = readHistory(text(folder.read("h.csv"))).rows.map((row) => row.seconds);
    ok(seconds.reduce((sum, x) => sum + x, 0) <= elapsed, `${seconds} of ${elapsed}`);
    const expected = WHOLE.map((_, i) => {
      const test = tested.includes(i + 1);
      return row(i, { test, train: test && train });
    });
    deepStrictEqual(rowsOf(folder.read("h.csv")), expected);
    deepStrictEqual(folder.read("p.npz"), WHOLE.at(-1)!.checkpoint); // evaluating changes nothing
  }));
});

Deno.test("example: train --resume removes rows after the resumed epoch, and a line that a kill cut off", async () => {
  using whole = new Folder(FILES);
  strictEqual((await cli(training(), { cwd: whole.path })).code, 0);
  const history = text(whole.read("h.csv"));
  const lines = history.split("\n").slice(0, -1); // the header and five rows
  const starts = [
    lines.slice(0, 3).join("\n") + "\n",
    history, // rows of three epochs more
    lines.slice(0, 4).join("\n") + "\n" + lines[4]!.slice(0, 30),
    lines.slice(0, 3).join("\n") + "\n" + lines[3], // whole but for its line feed
    lines.slice(0, 3).join("\r\n") + "\r\n",
  ];
  await Promise.all(starts.map(async (start) => {
    using folder = new Folder({ ...FILES, "p.npz": WHOLE[1]!.checkpoint, "h.csv": start });
    const run = await cli(resuming("--history", "h.csv"), { cwd: folder.path });
    deepStrictEqual(run, { code: 0, stdout: printed(WHOLE.slice(2)), stderr: "" });
    strictEqual(withoutSeconds(folder.read("h.csv")), withoutSeconds(whole.read("h.csv")));
    ok(text(folder.read("h.csv")).startsWith(lines.slice(0, 3).join("\n") + "\n"));
  }));
});

Deno.test("example: train refuses a history that already exists, and does not change it", async () => {
  using folder = new Folder({ ...FILES, "h.csv": "as it was", "empty.csv": "" });
  Deno.symlinkSync("nowhere.csv", folder.file("link.csv"));
  for (const name of ["h.csv", "empty.csv", "link.csv", "train-images-idx3-ubyte"]) {
    const line = `${name}: already exists, need a new name (or --resume)`;
    await refuses(training(SHORT, name), 1, line, { cwd: folder.path });
  }
  strictEqual(text(folder.read("h.csv")), "as it was");
  deepStrictEqual(folder.read("train-images-idx3-ubyte"), FILES["train-images-idx3-ubyte"]);
  strictEqual(folder.names().includes("p.npz"), false);
});

Deno.test("example: train refuses a history that cannot be written before it computes anything", async () => {
  using folder = new Folder({ ...FILES, "folder/file": "" });
  const refused = (name: string, reason: string) =>
    refuses(training(SHORT, name), 1, `${name}: cannot be written: ${reason}`, {
      cwd: folder.path,
    });
  await Promise.all([
    refused("none/h.csv", "no such file or folder"),
    refused("folder", "it is a folder"),
    refused("folder/file/h.csv", "Not a directory"),
    refused("new/", "it names a folder"),
  ]);
  strictEqual(folder.names().includes("p.npz"), false);
});

Deno.test("example: train refuses one file for --history and --save, by whichever name", async () => {
  using folder = new Folder({ ...FILES, "p.npz": WHOLE[1]!.checkpoint });
  Deno.symlinkSync(".", folder.file("here"));
  const refused = (name: string, ...args: string[]) =>
    refuses(
      ["train", "--data", ".", "--history", name, ...args],
      1,
      `--history and --save are the same file: ${name}`,
      { cwd: folder.path },
    );
  await Promise.all([
    refused("parameter.npz"),
    refused("here/q.npz", "--save", "q.npz"),
    refused("./p.npz", "--resume", "p.npz"),
  ]);
  deepStrictEqual(folder.read("p.npz"), WHOLE[1]!.checkpoint);
});

Deno.test("example: train --resume refuses a history of fewer epochs, of another form or of none, and leaves both files alone", async () => {
  const good = historyFile(madeUpRows(2));
  const histories = {
    "short.csv": historyFile(madeUpRows(1)),
    "cut.csv": good.slice(0, -1), // its last line has no line feed
    "other.csv": "epoch,loss\n1,2\n",
    "broken.csv": good.replace("\n2,", "\n3,"),
  };
  using folder = new Folder({ ...FILES, ...histories, "p.npz": WHOLE[1]!.checkpoint });
  const refused = (name: string, line: string) =>
    refuses(resuming("--history", name), 1, `${name}: ${line}`, { cwd: folder.path });
  const columns = good.split("\n")[0];
  await Promise.all([
    refused("short.csv", "has 1 epochs, need the first 2"),
    refused("cut.csv", "has 1 epochs, need the first 2"),
    refused(
      "other.csv",
      `Cannot read history: line 1 is "epoch,loss", need the columns ${columns}`,
    ),
    refused("broken.csv", "Cannot read history: epoch in line 3 is 3, need 2"),
    refused("none.csv", "cannot be read: no such file or folder"),
    refused(".", "cannot be written: it is a folder"),
  ]);
  const labels = await cli(resuming("--history", "train-labels-idx1-ubyte"), { cwd: folder.path });
  match(labels.stderr, /^error: train-labels-idx1-ubyte: Cannot read history: line 1 is /);
  for (const [name, contents] of Object.entries(histories)) {
    strictEqual(text(folder.read(name)), contents);
  }
  deepStrictEqual(
    folder.read("train-labels-idx1-ubyte"),
    FILES["train-labels-idx1-ubyte"],
  );
  deepStrictEqual(folder.read("p.npz"), WHOLE[1]!.checkpoint);
});

Deno.test("example: train takes --evaluate-every and --evaluate-train with --history only", async () => {
  using folder = new Folder(FILES);
  for (const args of [["--evaluate-every", "2"], ["--evaluate-every", "0"], ["--evaluate-train"]]) {
    const line = "--evaluate-every and --evaluate-train need --history";
    await refuses(["train", "--data", ".", ...args], 2, line, { cwd: folder.path });
  }
});

Deno.test("example: train with --history reports in one line that it diverges", async () => {
  using folder = new Folder({ ...FILES, "initial.npz": overflowingParameters() });
  const args = ["--load", "initial.npz", "--limit", "1", "--learning-rate", "1.7e308"];
  const run = await cli([...training({ ...SHORT, batch: 1, hidden: 1 }), ...args], {
    cwd: folder.path,
  });
  deepStrictEqual(run, {
    code: 1,
    stdout: "",
    stderr: "error: Training diverged: a parameter is not below 1e+280 in absolute value " +
      "after iteration 1 of epoch 1, at learning rate 1.7e+308; nothing is saved\n",
  });
  deepStrictEqual(folder.names().filter((name) => /npz|tmp/.test(name)), ["initial.npz"]);
});

testIf(
  canMount(),
  "leave to mount a file system",
  "example: train saves and reports it in one line when the history's disk is full, and --resume writes the row again",
  async () => {
    const epochs = 200;
    const whole = libraryRun(FILES, { ...SHORT, epochs });
    using folder = new Folder({ ...FILES, "disk/none": "" });
    using disk = new SmallDisk(folder.file("disk"), "8k");
    const run = await cli(training({ ...SHORT, epochs }, "disk/h.csv"), { cwd: folder.path });
    const { rows } = readHistory(text(folder.read("disk/h.csv")));
    ok(rows.length > 10 && rows.length < epochs, `${rows.length}`);
    const lost = rows.length + 1;
    deepStrictEqual(run, {
      code: 1,
      stdout: printed(whole.slice(0, rows.length)).replace("finish\n", ""),
      stderr: "error: disk/h.csv: cannot be written: No space left on device; " +
        `saved: p.npz, in epoch ${lost} after iteration 4\n`,
    });
    const goOn = resuming("--history", "disk/h.csv");
    const before = folder.read("disk/h.csv");
    const full = await cli(goOn, { cwd: folder.path });
    // there is no room to rewrite it either
    deepStrictEqual([full.code, full.stdout], [1, ""]);
    strictEqual(full.stderr, "error: disk/h.csv: cannot be written: No space left on device\n");
    deepStrictEqual(folder.read("disk/h.csv"), before);
    disk.resize("1m");
    const rest = await cli(goOn, { cwd: folder.path });
    deepStrictEqual(rest, { code: 0, stdout: printed(whole.slice(rows.length)), stderr: "" });
    deepStrictEqual(folder.read("p.npz"), whole.at(-1)!.checkpoint);
    strictEqual(rowsOf(folder.read("disk/h.csv")).length, epochs);
    deepStrictEqual([...Deno.readDirSync(disk.path)].map(({ name }) => name), ["h.csv"]);
  },
);

testIf(
  canMount(),
  "leave to mount a file system",
  "example: train refuses to create a history on a full disk, and leaves no file",
  async () => {
    using folder = new Folder({ ...FILES, "disk/none": "" });
    using disk = new SmallDisk(folder.file("disk"), "4k");
    folder.write("disk/full", new Uint8Array(4096));
    const line = "disk/h.csv: cannot be written: No space left on device";
    await refuses(training(SHORT, "disk/h.csv"), 1, line, { cwd: folder.path });
    deepStrictEqual([...Deno.readDirSync(disk.path)].map(({ name }) => name), ["full"]);
    strictEqual(folder.names().includes("p.npz"), false);
  },
);

Deno.test("example: train reports in one line that the folder of --save has vanished", async () => {
  using folder = new Folder({ ...FILES, "there/none": "" });
  const args = ["train", "--data", ".", ...flags(LONG), "--quiet", "--save-every", "1"];
  const run = Child.cli([...args, "--save", "there/p.npz"], folder.path);
  await run.until(() => run.stdout !== "");
  Deno.renameSync(folder.file("there"), folder.file("gone"));
  const { code, stderr } = await run.end;
  strictEqual(code, 1);
  strictEqual(stderr, "error: there/p.npz: cannot be written: no such file or folder\n");
  ok(folder.names().every((name) => !name.endsWith(".tmp")));
});

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
