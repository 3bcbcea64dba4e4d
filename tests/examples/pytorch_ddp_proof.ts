// examples/pytorch_ddp.py: runs that leave for PyTorch, on one process or several, and come back.
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import {
  type Dataset,
  datasetFromIdx,
  type Dim,
  dim,
  type EpochResult,
  INITIAL_POSITION,
  initialise,
  RandomState,
  readIdx,
  readNpz,
  ReferenceEngine,
  REPORT_SETTINGS,
  toFloat64,
  train,
  writeCheckpoint,
} from "../../mod.ts";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { fingerprint, loadDataset } from "../../lib/system/data.ts";
import { freePort } from "../helpers/child.ts";
import { cli, type Run } from "../helpers/cli.ts";
import { fixture, runs } from "../helpers/fixtures.ts";
import { Folder } from "../helpers/folder.ts";
import { smallSet } from "../helpers/idx.ts";
import { pytorch, pytorchTest } from "../helpers/numpy.ts";
import { flags, libraryRun } from "../helpers/runs.ts";

/** More images than the program evaluates at once, so that two processes share the evaluation. */
const FILES = smallSet({ train: 2300, test: 1100 });
const SETTINGS = { batch: 70, hidden: 5, "learning-rate": 0.5 };

/**
 * Runs `examples/pytorch_ddp.py` in a folder, as one process or as several that share the batches.
 *
 * @param args the arguments of each process
 * @returns what each process printed
 */
async function pytorchDdp(cwd: string, ...args: readonly string[][]): Promise<Run[]> {
  const program = fileURLToPath(new URL("../../examples/pytorch_ddp.py", import.meta.url));
  const several = {
    WORLD_SIZE: `${args.length}`,
    MASTER_ADDR: "127.0.0.1",
    MASTER_PORT: `${freePort()}`,
  };
  return await Promise.all(
    args.map((given, rank) =>
      pytorch([program, ...given], cwd, args.length === 1 ? {} : { ...several, RANK: `${rank}` })
    ),
  );
}

/** The file of a run of four epochs with these settings after so many batches. */
function stoppedRun(batches: number): Uint8Array<ArrayBuffer> {
  const [data, test] = (["train", "t10k"] as const).map((half) =>
    datasetFromIdx(
      readIdx(FILES[`${half}-images-idx3-ubyte`]!),
      readIdx(FILES[`${half}-labels-idx1-ubyte`]!),
    )
  ) as [Dataset<Dim<"inputs">>, Dataset<Dim<"inputs">>];
  const { seed } = REPORT_SETTINGS, random = new RandomState(seed);
  const drawn = initialise(data.inputs, dim("hidden", SETTINGS.hidden), data.classes, random);
  const engine = new ReferenceEngine(drawn, data), rows: EpochResult[] = [];
  const settings = {
    epochs: 4,
    batchSize: SETTINGS.batch,
    learningRate: SETTINGS["learning-rate"],
  };
  let position = INITIAL_POSITION;
  for (const progress of train(engine, random, settings)) {
    const { event, epoch, crossEntropy, accuracy, next } = progress;
    position = next;
    if (event === "epoch") rows.push({ epoch, running: { crossEntropy, accuracy } });
    else if (--batches === 0) break;
  }
  const state = {
    position,
    settings,
    seed,
    random: random.getState(),
    data: fingerprint(data, test),
  };
  return writeCheckpoint(engine.parameters, state, {
    rows,
    evaluateEvery: 2,
    evaluateTrain: false,
  });
}

/** Runs `train` on the data of the folder; returns what it prints. */
async function trainCommand(folder: Folder, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await cli(["train", "--data", ".", "--quiet", ...args], {
    cwd: folder.path,
  });
  strictEqual(code, 0, stderr);
  return stdout;
}

/** Continues a run in PyTorch; returns what the first of so many processes prints. */
async function continueRun(
  folder: Folder,
  processes: number,
  load: string,
  epochs: number,
  save: string,
  data = ".",
): Promise<string> {
  const args = ["--data", data, "--load", load, "--epochs", `${epochs}`, "--save", save];
  const found = await pytorchDdp(folder.path, ...Array<string[]>(processes).fill(args));
  const [first, ...others] = found;
  const { stdout } = first!;
  deepStrictEqual(first, { code: 0, stdout, stderr: `saved: ${save}\n` });
  for (const other of others) deepStrictEqual(other, { code: 0, stdout: "", stderr: "" });
  return stdout;
}

/** Sums of float64 have another order in each program. */
const TOLERANCE = 1e-12;

/** Asserts that printed losses are those of another program, and that both end with `finish`. */
function assertLosses(printed: string, expected: string): void {
  const [losses, others] = [printed, expected].map((text) => text.split("\n"));
  deepStrictEqual(losses!.slice(-2), ["finish", ""]);
  assertClose(losses!.slice(0, -2).map(Number), others!.slice(0, -2).map(Number), "losses");
}

/** NaN is equal to NaN alone. */
function assertClose(found: readonly number[], expected: readonly number[], what: string): void {
  strictEqual(found.length, expected.length, what);
  expected.forEach((x, i) => {
    const y = found[i]!, isClose = Math.abs(y - x) <= TOLERANCE * Math.max(1, Math.abs(x));
    ok(isClose || Number.isNaN(x) && Number.isNaN(y), `${what}: ${y}, need ${x}`);
  });
}

/** Asserts that two files hold the same run: the same members, numbers that differ by little. */
function assertSameRun(found: Uint8Array, expected: Uint8Array): void {
  const [members, others] = [found, expected].map((bytes) => readNpz(bytes));
  deepStrictEqual([...members!.keys()], [...others!.keys()]);
  for (const [name, array] of others!) {
    const { dtype, shape } = members!.get(name)!;
    deepStrictEqual({ dtype, shape }, { dtype: array.dtype, shape: array.shape }, name);
    assertClose([...toFloat64(members!.get(name)!)], [...toFloat64(array)], name);
  }
}

pytorchTest(
  "reference: examples/pytorch_ddp.py prints the losses of the original program, on one process and on two",
  async () => {
    const { data: training, files } = loadDataset(undefined, "train");
    const { data: test } = loadDataset(undefined, "test"), random = new RandomState(601);
    const { hidden, batchSize, learningRate } = REPORT_SETTINGS;
    const parameters = initialise(training.inputs, dim("hidden", hidden), training.classes, random);
    const state = {
      position: INITIAL_POSITION,
      settings: { epochs: 2, batchSize, learningRate },
      seed: 601,
      random: random.getState(),
      data: fingerprint(training, test),
    };
    using folder = new Folder({ "p.npz": writeCheckpoint(parameters, state) });
    const losses = runs()[0]!.losses.slice(0, 2), data = dirname(files.images);
    for (const processes of [1, 2]) {
      const printed = await continueRun(folder, processes, "p.npz", 2, `${processes}.npz`, data);
      assertLosses(printed, [...losses, "finish", ""].join("\n"));
    }
  },
);

pytorchTest(
  "example: a run that is out for one epoch on two processes has the losses, the history and the parameters of one that never left",
  async () => {
    using folder = new Folder(FILES);
    const evaluations = ["--evaluate-train"], settings = flags(SETTINGS);
    const whole = await trainCommand(
      folder,
      ...settings,
      ...evaluations,
      "--epochs=3",
      "--save=w.npz",
    );
    const printed = [
      await trainCommand(folder, ...settings, ...evaluations, "--epochs=1", "--save=p.npz"),
      await continueRun(folder, 2, "p.npz", 2, "q.npz"),
      await trainCommand(folder, "--resume=q.npz", "--epochs=3"),
    ];
    const inside = printed.map((part) => part.replace("finish\n", ""));
    assertLosses(`${inside.join("")}finish\n`, whole);
    assertSameRun(folder.read("q.npz"), folder.read("w.npz"));
    deepStrictEqual(folder.names().filter((name) => !(name in FILES)), [
      "p.npz",
      "q.npz",
      "w.npz",
    ]);
    for (const args of [["evaluate", "q.npz"], ["summary", "q.npz"]]) {
      const { code, stderr } = await cli([...args, "--data", "."], { cwd: folder.path });
      strictEqual(code, 0, stderr);
    }
    const { code, stderr } = await cli(["plot", "q.npz"], { cwd: folder.path });
    strictEqual(code, 0, stderr);
  },
);

pytorchTest(
  "example: examples/pytorch_ddp.py continues a run that was stopped within an epoch, and evaluates when train does",
  async () => {
    using folder = new Folder(FILES);
    const settings = [...flags(SETTINGS), "--evaluate-every=2"];
    const whole = await trainCommand(folder, ...settings, "--epochs=4", "--save=w.npz");
    folder.write("p.npz", stoppedRun(32 + 7));
    const losses = whole.split("\n"), [, ...rest] = losses;
    const printed = await continueRun(folder, 3, "p.npz", 3, "p.npz");
    assertLosses(printed, [...rest.slice(0, 2), "finish", ""].join("\n"));
    assertLosses(await trainCommand(folder, "--resume=p.npz"), rest.slice(2).join("\n"));
    assertSameRun(folder.read("p.npz"), folder.read("w.npz"));
  },
);

/** A file that was saved after epoch 2 of 6. */
const SAVED = libraryRun(smallSet(), { epochs: 6, batch: 10, hidden: 5 })[1]!.checkpoint;

pytorchTest(
  "example: examples/pytorch_ddp.py refuses bad input in one line, and saves nothing",
  async () => {
    const files = { ...smallSet(), "p.npz": SAVED, "plain.npz": fixture("parameter.npz") };
    using folder = new Folder({ ...files, "text.npz": "no archive" });
    const names = folder.names();
    const refusals: [args: Record<string, string>, line: string][] = [
      [{ load: "none.npz" }, "none.npz: cannot be read: No such file or directory"],
      [{ load: "text.npz" }, "text.npz: is no npz file, or is damaged"],
      [{ load: "plain.npz" }, "plain.npz: has no 'state_version', need a file that train saved"],
      [{ data: "none" }, "none: has no train-images-idx3-ubyte or train-images-idx3-ubyte.gz"],
      [{ epochs: "2" }, "--epochs 2: p.npz has finished 2, need more"],
      [{ save: "text.npz" }, "--save text.npz: exists, choose another file"],
    ];
    for (const [given, line] of refusals) {
      const args = { data: ".", load: "p.npz", epochs: "3", save: "q.npz", ...given };
      const words = Object.entries(args).flatMap(([name, value]) => [`--${name}`, value]);
      const found = await pytorchDdp(folder.path, words);
      deepStrictEqual(found, [{ code: 1, stdout: "", stderr: `error: ${line}\n` }]);
    }
    deepStrictEqual(folder.names(), names);
  },
);

pytorchTest(
  "example: the processes of examples/pytorch_ddp.py all stop if one of them has other input",
  async () => {
    const files = { ...smallSet(), "p.npz": SAVED };
    using folder = new Folder(files);
    const args = (...given: string[]) => ["--data", ".", "--save", "q.npz", ...given];
    const refused = (line: string) => {
      const run = { code: 1, stdout: "", stderr: `error: ${line}\n` };
      return [run, run];
    };
    const good = args("--load", "p.npz", "--epochs", "3");
    deepStrictEqual(
      await pytorchDdp(folder.path, good, args("--load", "p.npz", "--epochs", "4")),
      refused("The processes were given different files or numbers of epochs"),
    );
    deepStrictEqual(
      await pytorchDdp(folder.path, good, args("--load", "none.npz", "--epochs", "3")),
      refused("process 1: none.npz: cannot be read: No such file or directory"),
    );
    const [{ code, stderr }] = await pytorchDdp(folder.path, args("--epochs", "0")) as [Run];
    strictEqual(code, 2);
    ok(stderr.endsWith("error: argument --epochs: is '0', need an integer from 1\n"), stderr);
  },
);
