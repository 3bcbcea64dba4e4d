// The programs of examples/: what each prints and writes.
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import {
  datasetFromIdx,
  initialise,
  MISTAKES,
  RandomState,
  readIdx,
  readParameters,
  ReferenceEngine,
  REPORT_SETTINGS,
  train,
  writeParameters,
} from "../../mod.ts";
import { writeOnnx } from "../../lib/storage/onnx_file.ts";
import { cli } from "../helpers/cli.ts";
import { Folder } from "../helpers/folder.ts";
import { smallSet } from "../helpers/idx.ts";
import { example } from "./example.ts";

Deno.test("example: examples/train_own_data.ts learns three species of iris", async () => {
  using folder = new Folder();
  strictEqual(
    await example("train_own_data.ts", [], folder),
    `step 0: mean cross-entropy 1.2557
step 100: mean cross-entropy 0.1750
step 200: mean cross-entropy 0.0599
step 300: mean cross-entropy 0.0312
versicolor, with the probabilities Matrix 3x1
[[0.0139]
 [0.8674]
 [0.1187]]
`,
  );
});

Deno.test("example: examples/check_gradient.ts accepts the gradient of tanh and finds a mistake", async () => {
  using folder = new Folder();
  const [right, wrong, entry] = (await example("check_gradient.ts", [], folder)).split("\n");
  match(right!, /^tanhBackward: largest relative error \d\.\de-(9|1\d)$/);
  match(wrong!, /^wrongBackward: largest relative error 1\.0e\+0$/);
  match(entry!, /^ {2}entry \(2, 1\) is -3\.2561\d+, by differences 0\.05196\d+$/);
});

Deno.test("example: examples/read_numpy.ts prints the arrays of a file", async () => {
  using folder = new Folder();
  const printed = await example("read_numpy.ts", [], folder);
  const shapes = [...printed.matchAll(/^(\w+): (\w+) of shape (.*)$/gm)].map(([line]) => line);
  deepStrictEqual(shapes, [
    "arr_0: Float64Array of shape (8, 784)",
    "arr_1: Float64Array of shape (10, 8)",
    "arr_2: Float64Array of shape (8, 1)",
    "arr_3: Float64Array of shape (10, 1)",
  ]);
  ok(printed.includes("Matrix 8x1\n[[ 0.0300]\n"));
});

Deno.test("example: examples/export_onnx.ts writes the model that writeOnnx() makes", async () => {
  using folder = new Folder();
  const parameters = new URL("../../fixtures/parameter.npz", import.meta.url);
  const args = [fileURLToPath(parameters), "small.onnx"];
  match(
    await example("export_onnx.ts", args, folder),
    /^small\.onnx: \d+ bytes, a 784-8-10 network\n/,
  );
  const model = writeOnnx(readParameters(Deno.readFileSync(parameters)), { raw: true });
  deepStrictEqual(folder.read("small.onnx"), model);
});

Deno.test("example: examples/report.ts trains as train() does, to the bit", async () => {
  const set = smallSet({ train: 350 });
  using folder = new Folder(set);
  const data = datasetFromIdx(
    readIdx(set["train-images-idx3-ubyte"]!),
    readIdx(set["train-labels-idx1-ubyte"]!),
  );
  const random = new RandomState(REPORT_SETTINGS.seed);
  const engine = new ReferenceEngine(
    initialise(data.inputs, REPORT_SETTINGS.hidden, data.classes, random),
    data,
  );
  const losses = [...train(engine, random, { ...REPORT_SETTINGS, epochs: 3 })]
    .filter(({ event }) => event === "epoch").map(({ crossEntropy }) => crossEntropy);
  const printed = await example("report.ts", ["3", "."], folder);
  strictEqual(printed, [...losses, "finish", ""].join("\n"));
  deepStrictEqual(folder.read("parameter.npz"), writeParameters(engine.parameters));
});

Deno.test("example: examples/diagnose_class.ts names the mistakes of a class, blames no right step, and writes both with their key", async () => {
  using folder = new Folder();
  const run = (...args: string[]) => example("diagnose_class.ts", args, folder);
  const kinds = ["wrong", "right"] as const;
  deepStrictEqual(await Promise.all(kinds.map((kind) => run(kind, kind, "8", "601"))), [
    "8 steps: 8 called wrong, 8 mistakes named\n",
    "8 steps: 0 called wrong, 0 mistakes named\n",
  ]);
  const [head, ...rows] = new TextDecoder().decode(folder.read("wrong/key.csv")).trim().split("\n");
  strictEqual(head, "file,mistake");
  const files = Array.from({ length: 8 }, (_, i) => `00${i + 1}.npz`);
  deepStrictEqual(rows.map((row) => row.split(",")[0]), files);
  for (const row of rows) ok(MISTAKES.some(({ id }) => row.endsWith(`,${id}`)), row);
  const diagnosed = await cli(["diagnose", "wrong", "--csv"], { cwd: folder.path });
  strictEqual(diagnosed.code, 1);
  const verdicts = diagnosed.stdout.trim().split("\n").slice(1).map((row) => row.split(",")[1]);
  deepStrictEqual(verdicts, files.map(() => "wrong"));
});
