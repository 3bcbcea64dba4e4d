/** The export command: what it writes, and what it refuses. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import manifest from "../../deno.json" with { type: "json" };
import { type OnnxOptions, writeOnnx } from "../../lib/storage/onnx_file.ts";
import { initialise, Matrix, RandomState, writeParameters } from "../../mod.ts";
import { cli, refuses } from "../helpers/cli.ts";
import { Folder } from "../helpers/folder.ts";

const network = initialise(12, 5, 3, new RandomState(601));
const PARAMETERS = writeParameters(network);
const GREAT = writeParameters({ ...network, W2: Matrix.of(3, 5, Array(15).fill(-1e39)) });

Deno.test("example: export writes writeOnnx()'s model, of the type and for the pixels that are asked for", async () => {
  using folder = new Folder({ "p.npz": PARAMETERS });
  const cases: [args: string[], options: OnnxOptions][] = [
    [[], {}],
    [["--raw"], { raw: true }],
    [["--type", "float32"], {}],
    [["--type=float64", "--raw"], { type: "float64", raw: true }],
  ];
  await Promise.all(cases.map(async ([args, options], i) => {
    const out = `${i}.onnx`;
    const run = await cli(["export", "p.npz", "--out", out, ...args], { cwd: folder.path });
    deepStrictEqual(run, { code: 0, stdout: "", stderr: `saved: ${out}\n` });
    const producerVersion = manifest.version;
    deepStrictEqual(folder.read(out), writeOnnx(network, { ...options, producerVersion }));
  }));
});

Deno.test("example: export writes parameter.npz to model.onnx by default, replacing an older one", async () => {
  const older = writeOnnx(network, { raw: true });
  using folder = new Folder({ "parameter.npz": PARAMETERS, "model.onnx": older });
  const run = await cli(["export"], { cwd: folder.path });
  deepStrictEqual(run, { code: 0, stdout: "", stderr: "saved: model.onnx\n" });
  const model = writeOnnx(network, { producerVersion: manifest.version });
  deepStrictEqual(folder.read("model.onnx"), model);
  deepStrictEqual(folder.names(), ["model.onnx", "parameter.npz"]);
});

Deno.test("example: export writes numbers beyond float32 as float64, and refuses them as float32", async () => {
  using folder = new Folder({ "great.npz": GREAT });
  const cwd = folder.path;
  const line = "great.npz: Cannot write W2 as float32: entry (0, 0) is -1e+39, " +
    "need numbers that it can hold";
  await refuses(["export", "great.npz"], 1, line, { cwd });
  deepStrictEqual(folder.names(), ["great.npz"]);
  strictEqual((await cli(["export", "great.npz", "--type", "float64"], { cwd })).code, 0);
});

Deno.test("example: export refuses what it cannot read or write, and leaves no file", async () => {
  using folder = new Folder({ "p.npz": PARAMETERS, "sub/p.npz": PARAMETERS });
  Deno.symlinkSync("p.npz", folder.file("link.npz"));
  const cwd = folder.path, before = folder.names();
  const cases: [args: string, code: 1 | 2, line: string][] = [
    ["", 1, "parameter.npz: cannot be read: no such file or folder"],
    ["sub", 1, "sub: cannot be read: it is a folder"],
    ["p.npz --out link.npz", 2, "--out link.npz: is also an input; choose another file"],
    ["link.npz --out p.npz", 2, "--out p.npz: is also an input; choose another file"],
    ["p.npz --out sub", 1, "sub: cannot be written: it is a folder"],
  ];
  for (const [args, code, line] of cases) {
    await refuses(`export ${args}`.trim().split(" "), code, line, { cwd });
  }
  deepStrictEqual(folder.names(), before);
});
