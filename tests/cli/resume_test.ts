/** A resumed run equals one that never stopped: bytes, history and output; what the history holds. */
import { Buffer } from "node:buffer";
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { readCheckpoint } from "../../lib/storage/checkpoint_file.ts";
import { cli, refuses } from "../helpers/cli.ts";
import { Folder } from "../helpers/folder.ts";
import { historyFile, madeUpRows, rowsOf } from "../helpers/history.ts";
import { type Files, smallSet } from "../helpers/idx.ts";
import {
  type Epoch,
  flags,
  historyOf,
  libraryRun,
  printed,
  resumeArguments,
  trainArguments,
  withoutSeconds,
} from "../helpers/runs.ts";
import { type HistoryRow, readHistory } from "../../lib/storage/history.ts";
import { Child, denoCommand } from "../helpers/child.ts";
import { testIf } from "../helpers/conditional.ts";

const SHORT = { epochs: 3, batch: 10, hidden: 5 };
const SAVING = ["--save", "p.npz", "--history", "h.csv"];

function lastOf(epochs: readonly Epoch[]): Uint8Array {
  return epochs.at(-1)!.checkpoint;
}

Deno.test("example: train --resume with more --epochs saves the same file as one run with all of them", async () => {
  const files = smallSet(), whole = libraryRun(files, { ...SHORT, epochs: 6 });
  const history = await historyOf(files, { ...SHORT, epochs: 6 });
  using folder = new Folder(files);
  const goOn = (epochs: number, engine: string) =>
    train(folder, "--resume=p.npz", "--history=h.csv", ...flags({ epochs }), "--engine", engine);
  const parts = [
    await train(folder, ...flags({ ...SHORT, epochs: 1 }), ...SAVING),
    await goOn(2, "reference"),
    await goOn(5, "simd"),
    await goOn(6, "reference"),
  ];
  // each part prints finish, and the whole run prints it once
  strictEqual(
    parts.map((part) => part.replace("finish\n", "")).join("") + "finish\n",
    printed(whole),
  );
  deepStrictEqual(folder.read("p.npz"), lastOf(whole));
  strictEqual(withoutSeconds(folder.read("h.csv")), history);
});

/** Trains in a folder of the small set, without a word. */
async function train(folder: Folder, ...args: string[]): Promise<string> {
  const run = await cli(["train", "--data", ".", "--quiet", ...args], { cwd: folder.path });
  strictEqual(run.code, 0, run.stderr);
  return run.stdout;
}

Deno.test("example: train --resume keeps seed, images and evaluations of the run", async () => {
  using folder = new Folder(smallSet());
  const options = ["--seed=7", "--limit=25", "--evaluate-every", "2", "--evaluate-train"];
  await train(folder, ...flags({ ...SHORT, epochs: 2 }), ...options, "--save=part.npz");
  await train(folder, "--resume=part.npz", "--epochs=7");
  await train(folder, ...flags({ ...SHORT, epochs: 7 }), ...options, "--save=whole.npz");
  deepStrictEqual(folder.read("part.npz"), folder.read("whole.npz"));
  const { history } = readCheckpoint(folder.read("part.npz"));
  const evaluated = history?.rows.filter(({ test, train }) => test && train);
  deepStrictEqual(evaluated?.map(({ epoch }) => epoch), [2, 4, 6, 7]);
});

Deno.test("example: train --resume keeps no history where the file has none, unless an option asks for it", async () => {
  using folder = new Folder(smallSet());
  const historyOf = (name: string) => readCheckpoint(folder.read(name)).history;
  await train(folder, ...flags({ ...SHORT, epochs: 2 }), "--no-history", "--save=none.npz");
  await train(folder, "--resume=none.npz", "--epochs=3", "--save=still.npz");
  strictEqual(historyOf("still.npz"), undefined);
  await train(folder, "--resume=none.npz", "--epochs=4", "--evaluate-every=1", "--save=here.npz");
  deepStrictEqual(
    historyOf("here.npz")?.rows.map(({ epoch, test }) => [epoch, test !== undefined]),
    [[3, true], [4, true]],
  );
  // it goes on, and cannot be left out: it would have a gap
  await train(folder, "--resume=here.npz", "--epochs=5");
  strictEqual(historyOf("here.npz")?.rows.length, 3);
  // its CSV begins where it does, and goes on as well
  for (const epochs of [6, 7]) {
    await train(folder, "--resume=here.npz", `--epochs=${epochs}`, "--history=h.csv");
    const rows = readHistory(new TextDecoder().decode(folder.read("h.csv")));
    deepStrictEqual(rows.map(({ epoch }) => epoch), [3, 4, 5, 6, 7].slice(0, epochs - 2));
  }
  await refuses(
    ["train", "--data", ".", "--resume", "here.npz", "--no-history"],
    2,
    "--no-history: here.npz has a history of 5 epochs",
    { cwd: folder.path },
  );
});

Deno.test("example: train --resume of a finished run reports it and saves the same bytes", async () => {
  const files = smallSet(), whole = libraryRun(files, SHORT);
  using folder = new Folder({ ...files, "p.npz": lastOf(whole) });
  const cwd = folder.path, goOn = ["train", "--data", ".", "--resume", "p.npz"];
  const run = await cli([...goOn, "--quiet"], { cwd });
  deepStrictEqual(run, { code: 0, stdout: "finish\n", stderr: "" });
  const repeated = await cli(goOn, { cwd });
  ok(
    repeated.stderr.includes("\nthe run of 3 epochs is done; for more use --epochs\n"),
    repeated.stderr,
  );
  deepStrictEqual(folder.read("p.npz"), lastOf(whole));
  strictEqual((await cli([...goOn, "--save", "other.npz"], { cwd })).code, 0);
  deepStrictEqual(folder.read("other.npz"), lastOf(whole));
});

Deno.test("example: train --resume accepts the flags of the first run, and another --save", async () => {
  const files = smallSet(), [first, ...rest] = libraryRun(files, SHORT);
  using folder = new Folder({ ...files, "first.npz": first!.checkpoint });
  const same = [...flags(SHORT), "--seed", "601", "--learning-rate", "1e-2", "--limit", "40"];
  const args = ["train", "--data", ".", "--resume", "first.npz", ...same, "--save", "last.npz"];
  const run = await cli(args, { cwd: folder.path });
  strictEqual(run.code, 0, run.stderr);
  ok(run.stderr.includes("\nnetwork: 12-5-3, resumed from first.npz at the end of epoch 1\n"));
  strictEqual(run.stdout, printed(rest));
  deepStrictEqual(folder.read("last.npz"), lastOf(rest));
  deepStrictEqual(folder.read("first.npz"), first!.checkpoint);
});

Deno.test("example: train --resume refuses what contradicts the run, and leaves its file alone", async () => {
  const files = smallSet(), whole = libraryRun(files, SHORT);
  const [wide, few] = [smallSet({ width: 4 }), smallSet({ classes: 2 })].map((set) =>
    Object.entries(set)
  );
  using folder = new Folder({
    ...files,
    "p.npz": lastOf(whole),
    "other.csv": historyFile(madeUpRows(3)),
    ...Object.fromEntries(wide!.map(([name, bytes]) => [`wide/${name}`, bytes])),
    ...Object.fromEntries(few!.map(([name, bytes]) => [`few/${name}`, bytes])),
  });
  const other = (name: string) => `option '--resume <file>' cannot be used with option '${name}'`;
  const cases: [args: string[], code: 1 | 2, line: string][] = [
    [["--batch", "20"], 2, "--batch 20: p.npz began with 10"],
    [["--hidden", "6"], 2, "--hidden 6: p.npz began with 5"],
    [["--learning-rate", "0.02"], 2, "--learning-rate 0.02: p.npz began with 0.01"],
    [["--seed", "602"], 2, "--seed 602: p.npz began with 601"],
    [["--limit", "30"], 2, "--limit 30: p.npz began with 40"],
    [["--epochs", "2"], 2, "--epochs 2: p.npz is a run of 3 epochs, need at least 3"],
    [["--load", "q.npz"], 2, other("--load <file>")],
    [["--prompt"], 2, other("--prompt")],
    [["--data", "wide"], 1, "p.npz: arr_0 takes images of 12 pixels, the data has 16 (4x4)"],
    [
      ["--history", "other.csv"],
      1,
      "other.csv: is not the history of this run: its epoch 1 differs",
    ],
    [["--data", "few"], 1, "p.npz: arr_1 has 3 classes, the training labels 2"],
  ];
  for (const [args, code, line] of cases) {
    const data = args[0] === "--data" ? [] : ["--data", "."];
    const resume = ["train", "--quiet", "--resume", "p.npz", ...data, ...args];
    await refuses(resume, code, line, { cwd: folder.path });
  }
  deepStrictEqual(folder.read("p.npz"), lastOf(whole));
});

Deno.test("example: train --resume refuses other data, and names counts and digests of both", async () => {
  const files = smallSet(), file = lastOf(libraryRun(files, SHORT));
  const { data } = readCheckpoint(new Uint8Array(file)).state;
  const hex = (digest: Uint8Array) => `${Buffer.from(digest.subarray(0, 8)).toString("hex")}…`;
  const began = {
    train: `40 train images of SHA-256 ${hex(data.trainDigest)}`,
    test: `20 test images of SHA-256 ${hex(data.testDigest)}`,
  };
  /** The set with one byte changed. */
  const changed = (name: string, at: number, byte: number) => {
    const bytes = files[name]!.slice();
    bytes[at] = byte;
    return { ...files, [name]: bytes };
  };
  const others: [Files, "train" | "test", count: number][] = [
    [changed("train-images-idx3-ubyte", 16 + 40 * 12 - 1, 1), "train", 40],
    [changed("t10k-labels-idx1-ubyte", 8 + 19, 2), "test", 20],
    [smallSet({ train: 39 }), "train", 39],
  ];
  for (const [files, split, count] of others) {
    using folder = new Folder({ ...files, "p.npz": file });
    const args = ["train", "--data", ".", "--resume", "p.npz"];
    const { code, stdout, stderr } = await cli(args, { cwd: folder.path });
    deepStrictEqual([code, stdout], [1, ""]);
    const [before, found] = stderr.split(", the data has ");
    strictEqual(before, `error: p.npz: began with ${began[split]}`);
    ok(new RegExp(`^${count} ${split} images of SHA-256 [0-9a-f]{16}…\n$`).test(found!), stderr);
  }
});

const FIVE = { epochs: 5, batch: 10, hidden: 5 };
const FILES = smallSet();
const WHOLE = libraryRun(FILES, FIVE);

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** The arguments of a run that writes p.npz and h.csv. */
function training(settings = FIVE): string[] {
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
