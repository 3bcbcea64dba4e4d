/** The inspect command: what it prints of each kind of array, as lines and as JSON, and what it refuses. */
import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { writeNpy } from "../../lib/formats/npy.ts";
import { cli } from "../helpers/cli.ts";
import { Folder } from "../helpers/folder.ts";
import { smallSet } from "../helpers/idx.ts";
import { libraryRun } from "../helpers/runs.ts";
import { buildZip } from "../helpers/zip_builder.ts";

const FIXTURES = fileURLToPath(new URL("../../fixtures/odd/", import.meta.url));
const HALF = writeNpy({ shape: [], data: Float64Array.of(0.5) });

Deno.test("example: inspect begins with the run, and ends with the hash of the network", async () => {
  const [first] = libraryRun(smallSet(), { epochs: 3, batch: 10, hidden: 5 });
  using folder = new Folder({ "p.npz": first!.checkpoint });
  const { code, stdout } = await cli(["inspect", "p.npz"], { cwd: folder.path });
  strictEqual(code, 0);
  const lines = stdout.split("\n");
  deepStrictEqual(lines.slice(0, 5), [
    "network   12-5-3, 83 parameters",
    "run       1 of 3 epochs",
    "settings  batch size 10, learning rate 0.01, seed 601",
    `accuracy  ${(100 * first!.running.accuracy).toFixed(2)} % during epoch 1, ` +
    `${(100 * first!.test.accuracy).toFixed(2)} % on the test images`,
    "",
  ]);
  match(lines.at(-2)!, /^hash: parameters [0-9a-f]{64}, loss [0-9a-f]{64}$/);
});

Deno.test("example: inspect aligns its columns, wide characters too, and shows every kind of array", async () => {
  const table = async (file: string) => {
    const { code, stdout, stderr } = await cli(["inspect", `${FIXTURES}${file}.npz`]);
    deepStrictEqual([code, stderr], [0, ""]);
    return stdout.split("\n").slice(0, -1);
  };
  deepStrictEqual(await table("names"), [
    "name        dtype   shape   min  mean   max",
    "重み 1        <f8  (2, 3)  -2.5   0.0   2.5",
    "a.b           <f8    (3,)  -2.5  -1.5  -0.5",
    "with/slash    <f8    (3,)   0.5   1.5   2.5",
  ]);
  deepStrictEqual((await table("float16")).slice(2).map((line) => line.split(/ {2,}/)), [
    ["arr_1", ">f2", "(9,)", "C", "nan", "nan", "nan"],
    ["arr_2", ">f2", "(2, 3)", "Fortran", "-2.5", "0.0", "2.5"],
    ["arr_3", "<f2", "()", "C", "0.09998", "0.09998", "0.09998"],
  ]);
  strictEqual((await table("bool")).at(-1), "arr_3    |b1     (0, 2)        C    -       -    -");
});

Deno.test("example: inspect escapes and cuts names and shapes, and rounds large integers", async () => {
  const deep = writeNpy({ shape: new Array(64).fill(1), data: BigInt64Array.of(-(2n ** 63n)) });
  const names = ["\x1b[2J\r\n\x9b", "\u202etxt.\u2028", "é'\"\\", "x".repeat(99), ""];
  const members = names.map((name) => ({
    name: `${name}.npy`,
    contents: HALF,
    both: { flags: 1 << 11 }, // UTF-8
  }));
  using folder = new Folder({
    "names.npz": buildZip(members),
    "deep.npz": buildZip([{ name: `${"n".repeat(50)}.npy`, contents: deep }]),
  });
  const lines = async (name: string) =>
    (await cli(["inspect", name], { cwd: folder.path })).stdout.split("\n").slice(1, -1);
  deepStrictEqual((await lines("names.npz")).map((line) => line.slice(0, 50).trimEnd()), [
    "\\u{1b}[2J\\u{d}\\u{a}\\u{9b}",
    "\\u{202e}txt.\\u{2028}",
    "é'\\\"\\\\",
    `${"x".repeat(25)}…${"x".repeat(24)}`,
    "",
  ]);
  const [row] = await lines("deep.npz");
  match(row!, /^n{9}…n{8} {4}<i8 {2}\(1, 1, 1…1, 1, 1\)(?: {2}-9\.223e\+18){3}$/);
});

Deno.test("example: inspect lists the other arrays if some are refused, and names each with its reason; --json has all digits", async () => {
  const large = writeNpy({ shape: [1, 1], data: BigUint64Array.of(2n ** 64n - 1n) });
  const good = writeNpy({ shape: [2], data: Float64Array.of(1.5, 1) });
  using folder = new Folder({
    "p.npz": buildZip([
      { name: "short.npy", contents: HALF.subarray(1) },
      { name: "good.npy", contents: good },
      { name: "large.npy", contents: large },
      { name: "text.npy", contents: HALF.with(22, "U".charCodeAt(0)) }, // <f8 becomes <U8
    ]),
  });
  const needed = "need f8, f4, f2, i8, i4, i2, u8, u4 or u2 after < or >, or |i1, |u1 or |b1";
  const reasons = [
    'Cannot read "short.npy": begins with 4e 55 4d 50 59 01, need 93 4e 55 4d 50 59 (npy)',
    `Cannot read "text.npy": descr is "<U8" (strings), ${needed}`,
  ];
  const stderr = reasons.map((reason) => `error: p.npz: ${reason}\n`).join("");
  deepStrictEqual(await cli(["inspect", "p.npz"], { cwd: folder.path }), {
    code: 1,
    stdout: "name   dtype   shape        min       mean        max\n" +
      "short      -       -          -          -          -\n" +
      "good     <f8    (2,)        1.0       1.25        1.5\n" +
      "large    <u8  (1, 1)  1.845e+19  1.845e+19  1.845e+19\n" +
      "text       -       -          -          -          -\n",
    stderr,
  });
  const run = await cli(["inspect", "p.npz", "--json"], { cwd: folder.path });
  const digits = "18446744073709551615", order = "C";
  const arrays = [
    { name: "short", error: reasons[0] },
    { name: "good", dtype: "<f8", shape: [2], order, min: 1, mean: 1.25, max: 1.5 },
    {
      ...{ name: "large", dtype: "<u8", shape: [1, 1], order },
      ...{ min: "digits", mean: 2 ** 64, max: "digits" },
    },
    { name: "text", error: reasons[1] },
  ];
  deepStrictEqual([run.code, run.stderr], [1, stderr]);
  const json = JSON.parse(run.stdout.replaceAll(digits, '"digits"'));
  deepStrictEqual(json, { file: "p.npz", arrays, hashes: null });
});
