/** The export command: what it writes, and what it refuses. */
import { deepStrictEqual } from "node:assert/strict";
import manifest from "../../deno.json" with { type: "json" };
import { type OnnxOptions, writeOnnx } from "../../lib/storage/onnx_file.ts";
import { initialise, RandomState, writeParameters } from "../../mod.ts";
import { cli, refuses } from "../helpers/cli.ts";
import { Folder } from "../helpers/folder.ts";

const network = initialise(12, 5, 3, new RandomState(601));
const PARAMETERS = writeParameters(network);

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

Deno.test("example: export refuses what it cannot read or write, and leaves no file", async () => {
  using folder = new Folder({ "p.npz": PARAMETERS });
  Deno.symlinkSync("p.npz", folder.file("link.npz"));
  const cwd = folder.path, before = folder.names();
  const cases: [args: string, code: 1 | 2, line: string][] = [
    ["", 1, "parameter.npz: cannot be read: no such file or folder"],
    ["p.npz --out link.npz", 2, "--out link.npz: is also an input; choose another file"],
  ];
  for (const [args, code, line] of cases) {
    await refuses(`export ${args}`.trim().split(" "), code, line, { cwd });
  }
  deepStrictEqual(folder.names(), before);
});
