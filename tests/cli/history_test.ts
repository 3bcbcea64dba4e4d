/**
 * The history of a run: its rows, when they are written, and what happens if they cannot be
 * written.
 */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { readNpz } from "../../lib/formats/npz.ts";
import { readCheckpoint, writeCheckpoint } from "../../lib/storage/checkpoint_file.ts";
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

/** The file of the short run with a history of so many epochs. */
function writeCheckpointOf(epochs: number): Uint8Array {
  const { parameters, state, history } = readCheckpoint(WHOLE[0]!.checkpoint);
  const rows = Array.from({ length: epochs }, (_, i) => ({ ...history!.rows[0]!, epoch: i + 1 }));
  const position = { ...state.position, epoch: epochs + 1 };
  const settings = { ...state.settings, epochs };
  return writeCheckpoint(parameters, { ...state, position, settings }, { ...history!, rows });
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
    const seconds = readHistory(text(folder.read("h.csv"))).rows.map((row) => row.seconds!);
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
    lines.slice(0, 4).join("\n") + "\n",
  ];
  await Promise.all(starts.map(async (start) => {
    using folder = new Folder({ ...FILES, "p.npz": WHOLE[1]!.checkpoint, "h.csv": start });
    const run = await cli(resumeArguments("--history", "h.csv"), { cwd: folder.path });
    deepStrictEqual([run.code, run.stdout], [0, printed(WHOLE.slice(2))]);
    const wholeRows = start.split("\n").length - 2;
    const removed = { 3: "1 row", 5: "3 rows" }[wholeRows];
    deepStrictEqual(
      run.stderr.split("\n").filter((line) => line.startsWith("h.csv")),
      removed === undefined
        ? []
        : [`h.csv: ${removed} after epoch 2 removed: the resumed file ends there`],
    );
    strictEqual(withoutSeconds(folder.read("h.csv")), withoutSeconds(whole.read("h.csv")));
    ok(text(folder.read("h.csv")).startsWith(lines.slice(0, 3).join("\n") + "\n"));
  }));
});

Deno.test("example: train --resume begins a history that does not exist with the epochs of its file, without their seconds", async () => {
  using whole = new Folder(FILES);
  strictEqual((await cli(training(), { cwd: whole.path })).code, 0);
  const wholeRows = withoutSeconds(whole.read("h.csv"));
  for (const finished of [0, 2, 5]) { // stopped in epoch 1, after epoch 2, and finished
    const { checkpoint } = WHOLE[Math.max(finished, 1) - 1]!;
    const { parameters, state, history } = readCheckpoint(checkpoint);
    const begun = writeCheckpoint(
      parameters,
      { ...state, position: { epoch: 1, iteration: 0, lossSum: 0, correct: 0 } },
      { ...history!, rows: [] },
    );
    using folder = new Folder({ ...FILES, "p.npz": finished === 0 ? begun : checkpoint });
    const run = await cli(resuming("--history", "h.csv"), { cwd: folder.path });
    deepStrictEqual([run.code, run.stderr], [0, ""]);
    const { rows } = readHistory(text(folder.read("h.csv")));
    deepStrictEqual(
      rows.map(({ epoch, seconds }) => [epoch, seconds !== undefined]),
      [1, 2, 3, 4, 5].map((epoch) => [epoch, epoch > finished]),
    );
    if (finished > 0) strictEqual(withoutSeconds(folder.read("h.csv")), wholeRows);
    // the same run goes on with it
    const more = resuming("--history", "h.csv", "--epochs", "6");
    strictEqual((await cli(more, { cwd: folder.path })).code, 0);
    strictEqual(readHistory(text(folder.read("h.csv"))).rows.length, 6);
  }
});

Deno.test("example: train --resume begins no history where the file of the run has none from epoch 1 on", async () => {
  const { parameters, state, history } = readCheckpoint(WHOLE[1]!.checkpoint);
  const { checkpoint: first } = WHOLE[0]!, one = readCheckpoint(first);
  using folder = new Folder({
    ...FILES,
    "p.npz": writeCheckpoint(parameters, state),
    "late.npz": writeCheckpoint(parameters, state, { ...history!, rows: history!.rows.slice(1) }),
    "one.npz": writeCheckpoint(one.parameters, one.state),
  });
  const names = folder.names();
  const refused = (file: string, epochs: string) =>
    refuses(
      ["train", "--data", ".", "--resume", file, "--history", "h.csv", "--quiet"],
      1,
      `h.csv: no such file or folder, and ${file} has no history of ${epochs} to begin it with`,
      { cwd: folder.path },
    );
  await refused("p.npz", "epochs 1 to 2");
  await refused("late.npz", "epochs 1 to 2");
  await refused("one.npz", "epoch 1");
  deepStrictEqual(folder.names(), names);
});

Deno.test("example: train --resume refuses the history of another run, and writes nothing", async () => {
  using whole = new Folder(FILES);
  strictEqual((await cli(training(), { cwd: whole.path })).code, 0);
  const own = text(whole.read("h.csv")), [first, second] = WHOLE;
  const other = {
    "epoch.csv": own.replace(`\n2,${second!.loss},`, "\n2,0.5,"),
    "test.csv": own.replace(`,${first!.test.accuracy},`, ",0.0625,"),
    "empty.csv": own.replace(/(\n1,[^,]*,[^,]*),[^,]*,[^,]*,/, "$1,,,"),
    "rate.csv": own.replaceAll(",0.01,", ",0.02,"),
  };
  using folder = new Folder({ ...FILES, ...other, "p.npz": second!.checkpoint });
  const refused = (name: string, line: string, ...args: string[]) =>
    refuses(
      resuming("--history", name, ...args),
      1,
      `${name}: is the history of another run: ${line}`,
      { cwd: folder.path },
    );
  const { crossEntropy, accuracy } = first!.test;
  for (const args of [[], ["--save", "q.npz"]]) {
    await refused("epoch.csv", `cross_entropy of epoch 2 is 0.5, need ${second!.loss}`, ...args);
    await refused("test.csv", `test_accuracy of epoch 1 is 0.0625, need ${accuracy}`, ...args);
    await refused("empty.csv", `test_cross_entropy of epoch 1 is empty, need ${crossEntropy}`);
    await refused("rate.csv", "learning_rate of epoch 1 is 0.02, need 0.01", ...args);
  }
  for (const [name, contents] of Object.entries(other)) {
    strictEqual(text(folder.read(name)), contents);
  }
  deepStrictEqual(folder.read("p.npz"), second!.checkpoint);
  deepStrictEqual(folder.names(), [...Object.keys(FILES), ...Object.keys(other), "p.npz"].sort());
});

Deno.test("example: train --resume of a finished run leaves its history as it is, rows of later epochs too", async () => {
  const rows = WHOLE.map((_, i) => ({ ...row(i, { test: true, train: false }), seconds: 1 }));
  const csv = historyFile([...rows, { ...rows[4]!, epoch: 6 }]) + "7,0.1",
    { checkpoint } = WHOLE.at(-1)!;
  const foreign = historyFile(madeUpRows(5));
  using folder = new Folder({ ...FILES, "p.npz": checkpoint, "h.csv": csv, "other.csv": foreign });
  const inode = () => Deno.statSync(folder.file("h.csv")).ino;
  const before = inode(), options = { cwd: folder.path };
  const run = await cli(resuming("--history", "h.csv"), options);
  deepStrictEqual(run, { code: 0, stdout: "finish\n", stderr: "" });
  strictEqual(text(folder.read("h.csv")), csv);
  strictEqual(inode(), before);
  const other = await cli(resuming("--history", "other.csv"), options);
  match(
    other.stderr,
    /^error: other\.csv: is the history of another run: cross_entropy of epoch 1 /,
  );
  strictEqual(text(folder.read("other.csv")), foreign);
  deepStrictEqual(folder.read("p.npz"), checkpoint);
});

Deno.test("example: train stops with all saved when another program changes its history, and leaves that alone", async () => {
  const changes: [change: (path: string) => void, reason: RegExp][] = [
    [
      (path) => Deno.writeTextFileSync(path, "more", { append: true }),
      /has changed it: \d+ bytes, need \d+/,
    ],
    [(path) => Deno.truncateSync(path, 200), /has changed it: \d+ bytes, need \d+/],
    [(path) => {
      Deno.copyFileSync(path, `${path}.copy`);
      Deno.renameSync(`${path}.copy`, path);
    }, /has replaced it/],
  ];
  await Promise.all(changes.map(async ([change, reason]) => {
    using folder = new Folder(FILES);
    const run = Child.cli(training(LONG), folder.path);
    await run.until(() => run.stdout !== "");
    change(folder.file("h.csv"));
    const { code, stderr } = await run.end;
    strictEqual(code, 1, stderr);
    const [, found, epoch] = stderr.match(
      /^error: h\.csv: cannot be written: another program (.*); saved: p\.npz, in epoch (\d+) after iteration 4\n$/,
    )!;
    match(found!, reason);
    const { state } = readCheckpoint(folder.read("p.npz"));
    strictEqual(state.position.epoch, Number(epoch));
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
    refused("folder/file/h.csv", "not a folder"),
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
  Deno.symlinkSync("nowhere.csv", folder.file("link.csv"));
  const refused = (name: string, line: string) =>
    refuses(resuming("--history", name), 1, `${name}: ${line}`, { cwd: folder.path });
  const columns = good.split("\n")[0];
  await Promise.all([
    refused("short.csv", "has 1 epoch, need the first 2"),
    refused("cut.csv", "has 1 epoch, need the first 2"),
    refused(
      "other.csv",
      `Cannot read history: line 1 is "epoch,loss", need the columns ${columns}`,
    ),
    refused("broken.csv", "Cannot read history: epoch in line 3 is 3, need 2"),
    refused("link.csv", "cannot be read: no such file or folder"),
    refused("none/h.csv", "cannot be written: no such file or folder"),
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

Deno.test("example: train refuses options of the history beside --no-history", async () => {
  using folder = new Folder(FILES);
  const refused = (line: string, ...args: string[]) =>
    refuses(["train", "--data", ".", "--no-history", ...args], 2, line, { cwd: folder.path });
  const line = "--evaluate-every and --evaluate-train cannot be used with --no-history";
  await refused(line, "--evaluate-every", "2");
  await refused(line, "--evaluate-every", "0");
  await refused(line, "--evaluate-train");
  await refused(
    "option '--history <file>' cannot be used with option '--no-history'",
    "--history=h.csv",
  );
  strictEqual(folder.names().includes("parameter.npz"), false);
});

Deno.test("example: train refuses so many epochs that their history would not fit into the file", async () => {
  using folder = new Folder(FILES);
  const start = WHOLE[0]!.checkpoint.length - 56, epochs = Math.ceil((2 ** 26 - start + 1) / 56);
  await refuses(
    trainArguments({ ...SHORT, epochs }, "--quiet"),
    1,
    `--epochs ${epochs}: the file would have ${start + 56 * epochs} bytes with its history, ` +
      "need at most 67108864, or --no-history",
    { cwd: folder.path },
  );
  strictEqual(writeCheckpointOf(10_000).length, start + 56 * 10_000);
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
    stderr: "error: Training diverged: the loss on the test images is Infinity in epoch 1 after " +
      "iteration 1, at learning rate 1.7e+308; nothing is saved\n",
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
      stderr: "error: disk/h.csv: cannot be written: no space left on the disk; " +
        `saved: p.npz, in epoch ${lost} after iteration 4\n`,
    });
    const goOn = resuming("--history", "disk/h.csv");
    const before = folder.read("disk/h.csv");
    const full = await cli(goOn, { cwd: folder.path });
    // there is no room to rewrite it either
    deepStrictEqual([full.code, full.stdout], [1, ""]);
    strictEqual(full.stderr, "error: disk/h.csv: cannot be written: no space left on the disk\n");
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
    const line = "disk/h.csv: cannot be written: no space left on the disk";
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
  strictEqual(
    stderr,
    "error: there/p.npz: cannot be written: no such file or folder; nothing is saved\n",
  );
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
