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

Deno.test("example: export saves to model.onnx by default, replacing an older one", async () => {
  const older = writeOnnx(network, { raw: true });
  using folder = new Folder({ "p.npz": PARAMETERS, "model.onnx": older });
  const run = await cli(["export", "p.npz"], { cwd: folder.path });
  deepStrictEqual(run, { code: 0, stdout: "", stderr: "saved: model.onnx\n" });
  const model = writeOnnx(network, { producerVersion: manifest.version });
  deepStrictEqual(folder.read("model.onnx"), model);
  deepStrictEqual(folder.names(), ["model.onnx", "p.npz"]);
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
  using folder = new Folder({ "p.npz": PARAMETERS, "bad.npz": "PK", "sub/p.npz": PARAMETERS });
  Deno.symlinkSync("p.npz", folder.file("link.npz"));
  const cwd = folder.path, before = folder.names();
  const cases: [args: string[], line: string][] = [
    [["no.npz"], "no.npz: cannot be read: no such file or folder"],
    [["sub"], "sub: cannot be read: it is a folder"],
    [["p.npz", "--out", "p.npz"], "--out p.npz: is also an input; choose another file"],
    [["p.npz", "--out", "link.npz"], "--out link.npz: is also an input; choose another file"],
    [["link.npz", "--out", "p.npz"], "--out p.npz: is also an input; choose another file"],
    [["p.npz", "--out", "sub"], "sub: cannot be written: it is a folder"],
    [["p.npz", "--out", "no/m.onnx"], "no/m.onnx: cannot be written: no such file or folder"],
  ];
  await Promise.all(cases.map(([args, line]) => refuses(["export", ...args], 1, line, { cwd })));
  const damaged = await cli(["export", "bad.npz"], { cwd });
  deepStrictEqual([damaged.code, damaged.stderr.slice(0, 16)], [1, "error: bad.npz: "]);
  deepStrictEqual(folder.names(), before);
});

Deno.test("example: export refuses wrong usage", async () => {
  const cases: [args: string[], line: string][] = [
    [[], "missing required argument 'parameters'"],
    [[""], "command-argument value '' is invalid for argument 'parameters'. Must not be empty"],
    [["a", "b"], "too many arguments for 'export'. Expected 1 argument but got 2: a, b"],
    [["a", "--out="], "option '--out <file>' argument '' is invalid. Must not be empty"],
    [
      ["a", "--type", "float16"],
      "option '--type <kind>' argument 'float16' is invalid. Must be float32 or float64",
    ],
    [["a", "--out", "b", "--out=c"], "option '--out' is given more than once"],
    [["a", "--type=float32", "--type=float32"], "option '--type' is given more than once"],
    [["a", "--raw", "--raw"], "option '--raw' is given more than once"],
    [["a", "--raw=1"], "unknown option '--raw=1' (did you mean --raw?)"],
  ];
  await Promise.all(cases.map(([args, line]) => refuses(["export", ...args], 2, line)));
});
