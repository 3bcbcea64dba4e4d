/**
 * The train command: what it prints, computes and saves, and what it rejects. save_test.ts is about
 * saving.
 */
import type { AnyParameters } from "../../lib/network/network.ts";
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { pythonFloat } from "../../lib/text/numbers.ts";
import { ReferenceEngine } from "../../lib/training/reference_engine.ts";
import { evaluate } from "../../lib/training/evaluate.ts";
import { lastLoss, readCheckpoint, writeCheckpoint } from "../../lib/storage/checkpoint_file.ts";
import type { EpochResult, Quality } from "../../lib/storage/history.ts";
import { runHash } from "../../lib/storage/run_hash.ts";
import { fingerprint } from "../../lib/system/data.ts";
import { readIdx } from "../../lib/formats/idx.ts";
import { type Dataset, datasetFromIdx } from "../../lib/data/dataset.ts";
import { initialise, mapParameters } from "../../lib/network/network.ts";
import { writeParameters } from "../../lib/storage/parameters_file.ts";
import { RandomState } from "../../lib/random/random_state.ts";
import { type Dim, dim } from "../../lib/math/shape.ts";
import { train } from "../../lib/training/train.ts";
import { Child } from "../helpers/child.ts";
import { cli, cliProcess, ENTRY, refuses, STARTED_BY } from "../helpers/cli.ts";
import { Folder } from "../helpers/folder.ts";
import { type Files, idxFile, smallSet } from "../helpers/idx.ts";
import { libraryRun, trainArguments } from "../helpers/runs.ts";
import { onTerminal, screen, terminalTest } from "../helpers/terminal.ts";

/** A short run on a small set in the present folder. */
const SHORT = ["--data", ".", "--epochs", "3", "--batch", "10", "--hidden", "5"];
const QUIET = ["train", ...SHORT, "--quiet"];

interface Expected {
  readonly stdout: string;
  readonly parameters: AnyParameters;
  readonly file: Uint8Array;
}

function dataOf(files: Files, half: "train" | "t10k" = "train"): Dataset<Dim<"inputs">> {
  const [images, labels] = [`${half}-images-idx3-ubyte`, `${half}-labels-idx1-ubyte`];
  return datasetFromIdx(readIdx(files[images]!), readIdx(files[labels]!));
}

/**
 * The same run by the library: seed, initial parameters, training; with the reference, which the
 * engine must equal.
 */
function expected(
  data: Dataset<Dim<"inputs">>,
  test: Dataset<Dim<"inputs">>,
  { epochs = 3, batchSize = 10, hidden = 5, learningRate = 0.01, seed = 601 },
): Expected {
  const random = new RandomState(seed);
  const drawn = initialise(data.inputs, dim("hidden", hidden), data.classes, random);
  const engine = new ReferenceEngine(drawn, data);
  const lines: string[] = [], rows: EpochResult[] = [];
  const settings = { epochs, batchSize, learningRate };
  for (const { event, epoch, crossEntropy, accuracy } of train(engine, random, settings)) {
    if (event === "batch") continue;
    lines.push(pythonFloat(crossEntropy));
    const onTest = evaluate(new ReferenceEngine(engine.parameters, test));
    rows.push({ epoch, running: { crossEntropy, accuracy }, test: onTest });
  }
  const stdout = [...lines, "finish", ""].join("\n");
  const { parameters } = engine;
  const file = writeCheckpoint(parameters, {
    position: { epoch: epochs + 1, iteration: 0, lossSum: 0, correct: 0 },
    settings,
    seed,
    random: random.getState(),
    data: fingerprint(data, test),
  }, { rows, evaluateEvery: 1, evaluateTrain: false });
  return { stdout, parameters, file };
}

/** A log without times and the accuracies of its epochs. */
function withoutTimes(log: string): string {
  return log.replaceAll(/accuracy [\d.]+ %, [\d.e+-]+ s per/g, "accuracy … %, … s per");
}

/** The initial parameters of a run on the small set. */
function initial(seed: number, { hidden = 5, inputs = 12, classes = 3 } = {}): Uint8Array {
  const sizes = [dim("inputs", inputs), dim("hidden", hidden), dim("classes", classes)] as const;
  return writeParameters(initialise(...sizes, new RandomState(seed)));
}

Deno.test("example: train prints a loss per epoch and finish, everything else on standard error, and saves", async () => {
  const files = smallSet();
  using folder = new Folder(files);
  const run = await cli(["train", ...SHORT, "--learning-rate", "1"], { cwd: folder.path });
  const { stdout, parameters, file } = expected(dataOf(files), dataOf(files, "t10k"), {
    learningRate: 1,
  });
  const losses = stdout.split("\n").slice(0, 3).map((line) => Number(line).toFixed(4));
  const [onTrain, onTest] = (["train", "t10k"] as const).map((half) =>
    evaluate(new ReferenceEngine(parameters, dataOf(files, half))).crossEntropy.toFixed(4)
  );
  deepStrictEqual({ ...run, stderr: withoutTimes(run.stderr) }, {
    code: 0,
    stdout,
    stderr: [
      "data: .: 40 images of 4x3, 3 classes",
      "network: 12-5-3, drawn with seed 601",
      // the first, the last, and between them one a second
      `epoch 1 of 3: cross-entropy ${losses[0]}, accuracy … %, … s per epoch`,
      `epoch 3 of 3: cross-entropy ${losses[2]}, accuracy … %, … s per epoch`,
      "saved: parameter.npz",
      `train: cross-entropy ${onTrain}, accuracy 100.00 % (40 of 40)`,
      `test:  cross-entropy ${onTest}, accuracy 100.00 % (20 of 20)`,
      "",
    ].join("\n"),
  });
  deepStrictEqual(folder.read("parameter.npz"), file);
  deepStrictEqual(folder.names(), [...Object.keys(files), "parameter.npz"].sort());
});

Deno.test("example: train and evaluate print and save the same with any --threads", async () => {
  const files = smallSet(), { stdout, file } = expected(dataOf(files), dataOf(files, "t10k"), {});
  using folder = new Folder(files);
  const run = (...args: string[]) => cli(args, { cwd: folder.path });
  const evaluation = ["evaluate", "parameter.npz", "--data", "."];
  for (const threads of ["1", "2", "5"]) {
    const trained = await run("train", ...SHORT, "--threads", threads, "--overwrite", "--quiet");
    deepStrictEqual(trained, { code: 0, stdout, stderr: "" });
    deepStrictEqual(folder.read("parameter.npz"), file);
    deepStrictEqual(await run(...evaluation, "--threads", threads), await run(...evaluation));
  }
});

Deno.test("example: train takes the first --limit images and as many batches as fit into them", async () => {
  const files = smallSet();
  using folder = new Folder(files);
  const whole = dataOf(files);
  // 25 images make two batches of 10; 10 make one, and 40 are all
  await Promise.all([25, 10, 40].map(async (limit) => {
    const name = `${limit}.npz`;
    const run = await cli([...QUIET, "--limit", `${limit}`, "--save", name], { cwd: folder.path });
    const { stdout, file } = expected(whole.first(limit), dataOf(files, "t10k"), {});
    deepStrictEqual(run, { code: 0, stdout, stderr: "" });
    deepStrictEqual(folder.read(name), file);
  }));
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
    ["--batch 10 --limit 41", 2, "--limit 41: there are 40 train images"],
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
    ["--load none.npz", 1, "none.npz: cannot be read: no such file or folder"],
    [
      "--resume p.npz",
      1,
      "p.npz: Cannot resume: file has parameters but no training state; --load starts from them",
    ],
    [
      "--save t10k-labels-idx1-ubyte --batch 10",
      2,
      "--save t10k-labels-idx1-ubyte: is also an input; choose another file",
    ],
  ];
  for (const [args, code, line] of cases) {
    const batch = args.startsWith("--load") ? ["--batch", "10"] : [];
    const words = args.split(" ").filter((word) => word);
    await refuses(["train", "--data", ".", ...batch, ...words], code, line, { cwd: folder.path });
  }
  strictEqual(folder.names().includes("parameter.npz"), false);
  using large = new Folder(smallSet({ train: 3, test: 3, height: 256, width: 256 }));
  await refuses(
    ["train", "--data", ".", "--batch", "1", "--hidden", "128"],
    1,
    "128 hidden units: parameters come to 67112984 bytes, need at most 67108864",
    { cwd: large.path },
  );
});

Deno.test("example: train and evaluate refuse halves of a data set that do not fit together", async () => {
  const images = "t10k-images-idx3-ubyte", labels = "t10k-labels-idx1-ubyte", whole = smallSet();
  const sets: [name: string, files: Record<string, Uint8Array>, line: string][] = [
    [
      "count",
      { [labels]: idxFile([1], [0]) },
      "count: Cannot label 20 images with 1 labels: need one for each image",
    ],
    [
      "label",
      { [labels]: whole[labels]!.with(8 + 5, 3) },
      `label/${labels}: label 5 is 3, need 0 to 2: label/train-labels-idx1-ubyte has 3 classes`,
    ],
    [
      "size",
      { [images]: idxFile([20, 3, 4], whole[images]!.subarray(16)) },
      `size/${images}: images are 3x4, the training images 4x3`,
    ],
  ];
  using folder = new Folder();
  for (const [name, files, line] of sets) {
    for (const [file, bytes] of Object.entries({ ...whole, ...files })) {
      folder.write(`${name}/${file}`, bytes);
    }
    await refuses(["train", "--data", name, "--batch", "10"], 1, line, { cwd: folder.path });
  }
});

Deno.test("example: train --prompt asks as the listing does: 0 draws, 1 loads", async () => {
  const files = smallSet();
  using folder = new Folder({
    ...files,
    "mine.npz": initial(2),
    "Parameters/parameter.npz": initial(3),
  });
  const cwd = folder.path, asking = (save: string) => [...QUIET, "--prompt", "--save", save];
  const run = (save: string, stdin: string, ...args: string[]) =>
    cli([...asking(save), ...args], { cwd, stdin });
  const plainly = (save: string, ...args: string[]) =>
    cli([...QUIET, "--save", save, ...args], { cwd });
  const [drawn, ignored, listings, named, plain, loaded3, loaded2] = await Promise.all([
    cliProcess(asking("0.npz"), { cwd, stdin: "0\n" }), // standard input as a user has it
    run("00.npz", " 0 \r\n1\n", "--load", "mine.npz"),
    run("1.npz", "1\n"),
    run("1-named.npz", "1", "--load", "mine.npz"),
    plainly("plain.npz"),
    plainly("loaded3.npz", "--load", "Parameters/parameter.npz"),
    plainly("loaded2.npz", "--load", "mine.npz"),
  ]);
  const question = "random -> 0, load -> 1\n";
  const after = (stdout: string) => ({ code: 0, stdout: question + stdout, stderr: "" });
  deepStrictEqual([drawn, ignored], [after(plain.stdout), after(plain.stdout)]);
  deepStrictEqual([listings, named], [after(loaded3.stdout), after(loaded2.stdout)]);
  deepStrictEqual(folder.read("1.npz"), folder.read("loaded3.npz"));
  deepStrictEqual(folder.read("1-named.npz"), folder.read("loaded2.npz"));
  strictEqual(new Set([plain.stdout, loaded3.stdout, loaded2.stdout]).size, 3);
});

Deno.test("example: train --prompt refuses other answers, none, and a missing file", async () => {
  using folder = new Folder(smallSet());
  const cases = [
    ["2\n", 'standard input: answer is "2", need 0 (random) or 1 (load)'],
    ["", 'standard input: answer is "", need 0 (random) or 1 (load)'],
    ["\x1b[2J\n", 'standard input: answer is "\\u{1b}[2J", need 0 (random) or 1 (load)'],
    [
      "x".repeat(10_000),
      `standard input: answer is "${"x".repeat(60)}…", need 0 (random) or 1 (load)`,
    ],
    ["1\n", "./Parameters/parameter.npz: cannot be read: no such file or folder"],
  ] as const;
  for (const [stdin, line] of cases) {
    deepStrictEqual(await cli(["train", ...SHORT, "--prompt"], { cwd: folder.path, stdin }), {
      code: 1,
      stdout: "random -> 0, load -> 1\n",
      stderr: `error: ${line}\n`,
    });
  }
});

Deno.test("example: train --prompt reports why standard input cannot be read", async () => {
  using folder = new Folder(smallSet());
  const options = { cwd: folder.path, stdinFrom: folder.path };
  deepStrictEqual(await cliProcess(["train", ...SHORT, "--prompt"], options), {
    code: 1,
    stdout: "random -> 0, load -> 1\n",
    stderr: "error: standard input: cannot be read: it is a folder\n",
  });
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

Deno.test("example: train saves what is trained if there is no memory for an evaluation", async () => {
  const { grow } = WebAssembly.Memory.prototype, allowed = 3; // those of the training engine
  for (const options of [[], ["--no-history"]]) {
    using folder = new Folder(smallSet());
    let calls = 0;
    WebAssembly.Memory.prototype.grow = function (pages) {
      if (++calls > allowed) throw new RangeError("no more memory");
      return grow.call(this, pages);
    };
    const train = ["train", "--data", ".", "--quiet", "--batch", "10", "--hidden", "300"];
    try {
      const { code, stderr } = await cli([...train, ...options], { cwd: folder.path });
      deepStrictEqual([code, stderr.includes("the system has less")], [1, true], stderr);
    } finally {
      WebAssembly.Memory.prototype.grow = grow;
    }
    const resume = ["train", "--data", ".", "--quiet", "--resume", "parameter.npz"];
    strictEqual((await cli(resume, { cwd: folder.path })).code, 0);
    const whole = [...train, "--save", "whole.npz", ...options];
    strictEqual((await cli(whole, { cwd: folder.path })).code, 0);
    deepStrictEqual(folder.read("parameter.npz"), folder.read("whole.npz"));
  }
});

Deno.test("example: train keeps the last parameters that it saved when it diverges", async () => {
  using folder = new Folder(smallSet());
  const args = ["train", "--data", ".", "--quiet", "--batch", "10", "--hidden", "3"];
  const diverging = ["--learning-rate", "5e306", "--save-every", "1", "--epochs", "20"];
  const { stdout, ...run } = await cli([...args, ...diverging], { cwd: folder.path });
  deepStrictEqual(run, {
    code: 1,
    stderr: "error: Training diverged: the loss on the test images is Infinity in epoch 2 after " +
      "iteration 4, at learning rate 5e+306; saved: parameter.npz, at the end of epoch 1\n",
  });
  strictEqual(stdout.trimEnd().split("\n").length, 1);
  const saved = await cli(["evaluate", "parameter.npz", "--data", ".", "--json"], {
    cwd: folder.path,
  });
  ok(Number.isFinite(JSON.parse(saved.stdout).crossEntropy), saved.stdout);
});

Deno.test("example: train reports in one line that a batch does not fit into the engine's memory", async () => {
  using folder = new Folder(smallSet({ train: 66000 }));
  const args = ["train", "--data", ".", "--hidden", "4096", "--batch", "66000", "--quiet"];
  const run = await cli(args, { cwd: folder.path });
  deepStrictEqual({ ...run, stderr: run.stderr.replace(/\d{4} MiB/, "… MiB") }, {
    code: 1,
    stdout: "",
    stderr: "error: Cannot allocate a batch of 66000 images: need … MiB of memory, " +
      "WebAssembly has less than 4096; nothing is saved\n",
  });
});

Deno.test("example: train --json prints a line of JSON per epoch, and one with files, hashes and figures", async () => {
  const files = smallSet(), settings = { epochs: 3, batch: 10, hidden: 5 };
  using folder = new Folder(files);
  const whole = libraryRun(files, settings);
  const lines = async (...args: string[]) => {
    const run = await cli([...QUIET, "--json", ...args], { cwd: folder.path });
    deepStrictEqual([run.code, run.stderr], [0, ""]);
    return run.stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  };
  const toQuality = ({ crossEntropy, accuracy }: Quality) => ({ crossEntropy, accuracy });
  const epochs = (train: boolean, test: boolean) =>
    whole.map((epoch, i) => ({
      epoch: i + 1,
      crossEntropy: epoch.running.crossEntropy,
      accuracy: epoch.running.accuracy,
      train: train ? toQuality(epoch.train) : null,
      test: test ? toQuality(epoch.test) : null,
      learningRate: 0.01,
    }));
  const { parameters } = readCheckpoint(whole.at(-1)!.checkpoint), last = whole.at(-1)!;
  const [, parametersHash, lossHash] = (await runHash(parameters, last.running.crossEntropy))
    .match(/^parameters (.*), loss (.*)$/)!;
  const figures = ({ crossEntropy, accuracy }: Quality, count: number) => ({
    crossEntropy,
    accuracy,
    correct: Math.round(accuracy * count),
    count,
  });
  const end = (saved: string, history: string | null) => ({
    saved,
    history,
    stopped: null,
    hashes: { parameters: parametersHash, loss: lossHash },
    train: figures(last.train, 40),
    test: figures(last.test, 20),
  });
  deepStrictEqual(await lines(), [...epochs(false, true), end("parameter.npz", null)]);
  deepStrictEqual(await lines("--evaluate-train", "--history=h.csv", "--save=q.npz"), [
    ...epochs(true, true),
    end("q.npz", "h.csv"),
  ]);
  deepStrictEqual(await lines("--no-history", "--save=none.npz"), [
    ...epochs(false, false),
    end("none.npz", null),
  ]);
  // a file without a history has no loss after its end
  deepStrictEqual(
    await cli(["train", "--data", ".", "--resume=none.npz", "--json", "--quiet"], {
      cwd: folder.path,
    }),
    {
      code: 0,
      stdout: `${
        JSON.stringify({
          ...end("none.npz", null),
          hashes: { loss: null, parameters: parametersHash },
        })
      }\n`,
      stderr: "",
    },
  );
});

Deno.test("example: train --json of a stopped run prints the last line too, with the position", async () => {
  using folder = new Folder(smallSet());
  const args = trainArguments(
    { epochs: 200_000, batch: 10, hidden: 5 },
    "--json",
    "--hash",
    "--quiet",
  );
  const run = Child.cli(args, folder.path);
  await run.until(() => run.stdout !== "");
  run.kill("SIGINT");
  const { code, stdout, stderr } = await run.end;
  strictEqual(code, 130);
  const { parameters, state, history } = readCheckpoint(folder.read("p.npz"));
  const [hash] = stderr.split("\n");
  const { epoch, iteration } = state.position;
  const { hashes, ...end } = JSON.parse(
    stdout.trimEnd().split("\n").at(-1)!,
  );
  deepStrictEqual(end, {
    saved: "p.npz",
    history: null,
    stopped: { epoch, iteration },
    train: null,
    test: null,
  });
  strictEqual(hash, `hash: parameters ${hashes.parameters}, loss ${hashes.loss}`);
  strictEqual(hash, `hash: ${await runHash(parameters, lastLoss(state.position, history?.rows))}`);
});

terminalTest(
  "example: train ends on a terminal with commands that go on, except with --quiet and --json",
  async () => {
    using folder = new Folder(smallSet());
    const ending = async (...args: string[]) => {
      const { code, stdout } = await onTerminal([...QUIET.slice(0, -1), ...args], folder.path, 200)
        .end;
      strictEqual(code, 0, stdout);
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
    deepStrictEqual(await ending("--no-history"), [
      `next: ${program} evaluate parameter.npz --data .`,
      `      ${program} serve parameter.npz --data .`,
    ]);
    deepStrictEqual(await ending("--quiet"), []);
    deepStrictEqual(await ending("--json"), []);
  },
);
