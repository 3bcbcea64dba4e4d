/** `train --hash` and `inspect`: one line by which two people compare their runs. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { lastLoss } from "../../lib/storage/checkpoint_file.ts";
import {
  type AnyParameters,
  datasetFromIdx,
  dim,
  initialise,
  RandomState,
  readCheckpoint,
  readIdx,
  readNpz,
  readParameters,
  ReferenceEngine,
  REPORT_SETTINGS,
  runHash,
  train,
  writeCheckpoint,
  writeNpz,
  writeParameters,
} from "../../mod.ts";
import { fingerprint } from "../../lib/system/data.ts";
import { Child } from "../helpers/child.ts";
import { cli } from "../helpers/cli.ts";
import { Folder } from "../helpers/folder.ts";
import { smallSet } from "../helpers/idx.ts";
import { libraryRun, resumeArguments, trainArguments } from "../helpers/runs.ts";

const FILES = smallSet();
const SHORT = { epochs: 3, batch: 10, hidden: 5 };

/** A moment of the run: what is saved then, and the mean loss of the epoch so far. */
interface Moment {
  readonly file: Uint8Array<ArrayBuffer>;
  readonly parameters: AnyParameters;
  readonly loss: number;
}

/** The moments of the run, after each batch and each epoch, by the reference. */
function moments(): Moment[] {
  const [data, test] = (["train", "t10k"] as const).map((half) =>
    datasetFromIdx(
      readIdx(FILES[`${half}-images-idx3-ubyte`]!),
      readIdx(FILES[`${half}-labels-idx1-ubyte`]!),
    )
  );
  const { seed, learningRate } = REPORT_SETTINGS, random = new RandomState(seed);
  const drawn = initialise(data!.inputs, dim("hidden", SHORT.hidden), data!.classes, random);
  const engine = new ReferenceEngine(drawn, data!);
  const settings = { epochs: SHORT.epochs, batchSize: SHORT.batch, learningRate };
  const found = fingerprint(data!, test!);
  return Array.from(train(engine, random, settings), ({ next: position, crossEntropy }) => {
    const state = { position, settings, seed, random: random.getState(), data: found };
    const { parameters } = engine;
    return { file: writeCheckpoint(parameters, state), parameters, loss: crossEntropy };
  });
}

async function lineOf({ parameters, loss }: Moment): Promise<string> {
  return `hash: ${await runHash(parameters, loss)}\n`;
}

Deno.test("example: train --hash prints the library's hashes as the last line on standard error, with --quiet that alone", async () => {
  const line = await lineOf(moments().at(-1)!);
  using folder = new Folder(FILES);
  const options = { cwd: folder.path };
  const plain = await cli(trainArguments(SHORT), options);
  const hashed = await cli(trainArguments(SHORT, "--hash"), options);
  const quiet = await cli(trainArguments(SHORT, "--quiet", "--hash"), options);
  deepStrictEqual(quiet, { code: 0, stdout: plain.stdout, stderr: line });
  strictEqual(hashed.stdout, plain.stdout);
  const [before, test, last] = hashed.stderr.split(/(?<=\n)(?=test: |hash: )/);
  ok(before!.startsWith("data: ") && test!.startsWith("test: "), hashed.stderr);
  strictEqual(last, line);
  ok(!plain.stderr.includes("hash"), plain.stderr);
});

Deno.test("example: train --resume --hash prints the line of the run that never stopped, wherever that one stopped", async () => {
  const all = moments(), line = await lineOf(all.at(-1)!);
  for (const { file } of all.slice(0, -1)) {
    using folder = new Folder({ ...FILES, "p.npz": file });
    const { stderr } = await cli(resumeArguments("--quiet", "--hash"), { cwd: folder.path });
    strictEqual(stderr, line);
  }
});

Deno.test("example: train --resume --hash of a finished run prints the whole line, and without a history the parameters' hash alone", async () => {
  const last = moments().at(-1)!, { file, parameters } = last;
  using folder = new Folder({ ...FILES, "p.npz": file });
  const args = resumeArguments("--quiet", "--hash"), options = { cwd: folder.path };
  strictEqual((await cli(args, options)).stderr, `hash: ${await runHash(parameters)}\n`);
  const { stdout } = await cli(["inspect", "p.npz"], options);
  ok(stdout.endsWith(`\nhash: ${await runHash(parameters)}\n`));
  folder.write("p.npz", libraryRun(FILES, SHORT).at(-1)!.checkpoint);
  strictEqual((await cli(args, options)).stderr, await lineOf(last));
});

Deno.test("example: inspect prints the whole line of a run, after an epoch and within one", async () => {
  const [within] = moments(), { checkpoint } = libraryRun(FILES, SHORT)[0]!;
  const after = moments().find(({ loss }, i, all) => loss === all[i + 1]!.loss)!; // the epoch's own
  using folder = new Folder({ "within.npz": within!.file, "after.npz": checkpoint });
  for (const [name, moment] of [["within.npz", within!], ["after.npz", after]] as const) {
    const { stdout } = await cli(["inspect", name], { cwd: folder.path });
    ok(stdout.endsWith(`\n${await lineOf(moment)}`), name);
  }
  const members = [...readNpz(checkpoint)].map(([name, array]) =>
    [name, name === "history_accuracy" ? { ...array, data: Float64Array.of(2) } : array] as const
  );
  folder.write("wrong.npz", writeNpz(members));
  const { code, stdout } = await cli(["inspect", "wrong.npz"], { cwd: folder.path });
  strictEqual(code, 0);
  ok(stdout.endsWith(`\nhash: ${await runHash(after.parameters)}\n`), "no loss of it is known");
});

Deno.test("example: train --hash of a run stopped by a signal prints the line that inspect prints of the saved file", async () => {
  using folder = new Folder(FILES);
  const args = trainArguments({ ...SHORT, epochs: 200_000 }, "--quiet", "--hash");
  const run = Child.cli(args, folder.path);
  await run.until(() => run.stdout !== "");
  run.kill("SIGINT");
  const { code, stderr } = await run.end;
  strictEqual(code, 130);
  const [hashes, stopped] = stderr.split("\n");
  ok(stopped!.startsWith("stopped "), stderr);
  const inspected = await cli(["inspect", "p.npz"], { cwd: folder.path });
  strictEqual(inspected.stdout.trimEnd().split("\n").at(-1), hashes);
  const { parameters, state, history } = readCheckpoint(folder.read("p.npz"));
  const loss = lastLoss(state.position, history?.rows);
  strictEqual(hashes, `hash: ${await runHash(parameters, loss)}`);
});

Deno.test("example: inspect prints a hash of parameters alone, read as float64", async () => {
  const [first] = moments(), { W1, b1, W2, b2 } = first!.parameters;
  const single = [W1, W2, b1, b2].map(({ rows, columns, data }, i) =>
    [`arr_${i}`, { shape: [rows, columns], data: Float32Array.from(data) }] as const
  );
  using folder = new Folder({
    "double.npz": writeParameters(first!.parameters),
    "single.npz": writeNpz(single),
    "three.npz": writeNpz(single.slice(0, 3)),
  });
  const lastLine = async (name: string) => {
    const { stdout } = await cli(["inspect", name], { cwd: folder.path });
    return stdout.trimEnd().split("\n").at(-1)!;
  };
  strictEqual(await lastLine("double.npz"), `hash: ${await runHash(first!.parameters)}`);
  const rounded = readParameters(folder.read("single.npz"));
  strictEqual(await lastLine("single.npz"), `hash: ${await runHash(rounded)}`);
  ok((await lastLine("three.npz")).startsWith("arr_2 "));
});
