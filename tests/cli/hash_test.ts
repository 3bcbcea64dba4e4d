/** `train --hash` and `inspect`: one line by which two people compare their runs. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import {
  type AnyParameters,
  datasetFromIdx,
  dim,
  initialise,
  RandomState,
  readIdx,
  readNpz,
  ReferenceEngine,
  REPORT_SETTINGS,
  runHash,
  train,
  writeCheckpoint,
  writeNpz,
} from "../../mod.ts";
import { fingerprint } from "../../lib/system/data.ts";
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
