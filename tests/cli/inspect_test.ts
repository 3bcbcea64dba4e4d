/**
 * The inspect command: every kind of array, escaped names, and what it rejects.
 */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { writeNpy } from "../../lib/formats/npy.ts";
import { cli, refuses } from "../helpers/cli.ts";
import { Folder } from "../helpers/folder.ts";
import { buildZip } from "../helpers/zip_builder.ts";

const FIXTURES = fileURLToPath(new URL("../../fixtures/", import.meta.url));

Deno.test("example: inspect aligns its columns, wide characters too", async () => {
  const lines = [
    "name        dtype   shape   min  mean   max",
    "重み 1        <f8  (2, 3)  -2.5   0.0   2.5",
    "a.b           <f8    (3,)  -2.5  -1.5  -0.5",
    "with/slash    <f8    (3,)   0.5   1.5   2.5",
    "",
  ];
  const stdout = lines.join("\n");
  deepStrictEqual(await cli(["inspect", `${FIXTURES}odd/names.npz`]), {
    code: 0,
    stdout,
    stderr: "",
  });
});

Deno.test("example: inspect escapes the names of arrays, and cuts them in the middle", async () => {
  const contents = writeNpy({ shape: [1], data: Float64Array.of(0.5) });
  const names = ["\x1b[2J\r\n\x9b", "\u202etxt.\u2028", "é'\"\\", "x".repeat(99), ""];
  const utf8 = { flags: 1 << 11 };
  const members = names.map((name) => ({ name: `${name}.npy`, contents, both: utf8 }));
  using folder = new Folder({ "names.npz": buildZip(members) });
  const { code, stdout, stderr } = await cli(["inspect", "names.npz"], { cwd: folder.path });
  deepStrictEqual([code, stderr], [0, ""]);
  const lines = stdout.split("\n").slice(1, -1),
    shown = lines.map((line) => line.slice(0, 50).trimEnd());
  deepStrictEqual(shown, [
    "\\u{1b}[2J\\u{d}\\u{a}\\u{9b}",
    "\\u{202e}txt.\\u{2028}",
    "é'\\\"\\\\",
    `${"x".repeat(25)}…${"x".repeat(24)}`,
    "",
  ]);
  ok(lines.every((line) => line.length <= 80));
});

Deno.test("example: inspect shows the mean of numbers whose sum is beyond the doubles", async () => {
  const contents = writeNpy({ shape: [2], data: Float64Array.of(1.5e308, 1e308) });
  using folder = new Folder({ "p.npz": buildZip([{ name: "a.npy", contents }]) });
  const { stdout } = await cli(["inspect", "p.npz"], { cwd: folder.path });
  deepStrictEqual(stdout.split("\n")[1]!.split(/ {2,}/).slice(-3), [
    "1e+308",
    "1.25e+308",
    "1.5e+308",
  ]);
});

Deno.test("example: inspect shows float16, bool, a single number and empty arrays", async () => {
  const lines = async (file: string) => {
    const { code, stdout, stderr } = await cli(["inspect", `${FIXTURES}odd/${file}.npz`]);
    deepStrictEqual([code, stderr], [0, ""]);
    return stdout.split("\n").slice(1, -1).map((line) => line.split(/ {2,}/));
  };
  deepStrictEqual(await lines("float16"), [
    ["arr_0", "<f2", "(9,)", "C", "nan", "nan", "nan"],
    ["arr_1", ">f2", "(9,)", "C", "nan", "nan", "nan"],
    ["arr_2", ">f2", "(2, 3)", "Fortran", "-2.5", "0.0", "2.5"],
    ["arr_3", "<f2", "()", "C", "0.09998", "0.09998", "0.09998"],
  ]);
  deepStrictEqual(await lines("bool"), [
    ["arr_0", "|b1", "(2, 3)", "C", "0", "0.5", "1"],
    ["arr_1", "|b1", "(2, 3, 4)", "Fortran", "0", "0.3333", "1"],
    ["arr_2", "|b1", "()", "C", "1", "1.0", "1"],
    ["arr_3", "|b1", "(0, 2)", "C", "-", "-", "-"],
  ]);
  deepStrictEqual(await lines("no_dimensions"), [
    ["arr_0", "<f8", "()", "2.5", "2.5", "2.5"],
    ["arr_1", "<i4", "()", "-7", "-7.0", "-7"],
  ]);
  deepStrictEqual(
    (await lines("empty_dimensions")).map(([, , shape, ...numbers]) => [shape, ...numbers]),
    ["(0,)", "(3, 0)", "(2, 0, 3)", "(0, 0)", "(1, 1, 0)"].map((shape) => [shape, "-", "-", "-"]),
  );
});

Deno.test("example: inspect lists the other arrays if some are refused, and names each with its reason", async () => {
  const good = writeNpy({ shape: [], data: Float64Array.of(0.5) });
  using folder = new Folder({
    "mixed.npz": buildZip([
      { name: "short.npy", contents: good.subarray(1) },
      { name: "good.npy", contents: good },
      { name: "text.npy", contents: good.with(22, "U".charCodeAt(0)) }, // <f8 becomes <U8
    ]),
  });
  Deno.copyFileSync(`${FIXTURES}odd/objects.npz`, folder.file("objects.npz"));
  const needed = "need f8, f4, f2, i8, i4, i2, u8, u4 or u2 after < or >, or |i1, |u1 or |b1";
  deepStrictEqual(await cli(["inspect", "objects.npz"], { cwd: folder.path }), {
    code: 1,
    stdout: "name   dtype   shape   min  mean  max\n" +
      "arr_0    <f8  (2, 3)  -2.5   0.0  2.5\n" +
      "arr_1      -       -     -     -    -\n",
    stderr: 'error: objects.npz: Cannot read "arr_1.npy": descr is "|O" (Python objects), ' +
      `${needed}\n`,
  });
  deepStrictEqual(await cli(["inspect", "mixed.npz"], { cwd: folder.path }), {
    code: 1,
    stdout: "name   dtype  shape  min  mean  max\n" +
      "short      -      -    -     -    -\n" +
      "good     <f8     ()  0.5   0.5  0.5\n" +
      "text       -      -    -     -    -\n",
    stderr: 'error: mixed.npz: Cannot read "short.npy": begins with 4e 55 4d 50 59 01, ' +
      "need 93 4e 55 4d 50 59 (npy)\n" +
      `error: mixed.npz: Cannot read "text.npy": descr is "<U8" (strings), ${needed}\n`,
  });
});

Deno.test("example: inspect cuts shapes of many dimensions, and rounds large integers", async () => {
  const deep = writeNpy({ shape: new Array(64).fill(1), data: BigInt64Array.of(-(2n ** 63n)) });
  using folder = new Folder({
    "p.npz": buildZip([{ name: `${"n".repeat(50)}.npy`, contents: deep }]),
  });
  const { stdout } = await cli(["inspect", "p.npz"], { cwd: folder.path });
  const [head, row] = stdout.split("\n");
  strictEqual(head!.length, 80);
  match(
    row!,
    /^n{9}…n{8} {4}<i8 {2}\(1, 1, 1…1, 1, 1\)(?: {2}-9\.223e\+18){3}$/,
  );
});

Deno.test("example: inspect --json prints the same with all digits, and the reason where an array cannot be read", async () => {
  const good = writeNpy({ shape: [2], data: Float64Array.of(1 / 3, NaN) });
  const large = writeNpy({ shape: [1, 1], data: BigUint64Array.of(2n ** 64n - 1n) });
  using folder = new Folder({
    "p.npz": buildZip([
      { name: "good.npy", contents: good },
      { name: "large.npy", contents: large },
      { name: "none.npy", contents: writeNpy({ shape: [0], data: new Float64Array() }) },
      { name: "text.npy", contents: good.with(22, "U".charCodeAt(0)) },
    ]),
  });
  const { code, stdout, stderr } = await cli(["inspect", "p.npz", "--json"], { cwd: folder.path });
  strictEqual(code, 1);
  const reason = stderr.replace(/^error: p\.npz: /, "").trimEnd();
  const order = "C", digits = "18446744073709551615";
  strictEqual(
    stdout.replaceAll(digits, '"digits"'),
    JSON.stringify({
      file: "p.npz",
      arrays: [
        { name: "good", dtype: "<f8", shape: [2], order, min: null, mean: null, max: null },
        {
          ...{ name: "large", dtype: "<u8", shape: [1, 1], order },
          ...{ min: "digits", mean: 2 ** 64, max: "digits" },
        },
        { name: "none", dtype: "<f8", shape: [0], order, min: null, mean: null, max: null },
        { name: "text", error: reason },
      ],
      hashes: null,
    }) + "\n",
  );
});

Deno.test("example: inspect refuses files that are no npz file, and two members of one name", async () => {
  const contents = writeNpy({ shape: [], data: Float64Array.of(0.5) });
  using folder = new Folder({
    "text.npz": "PK, but no archive",
    "twice.npz": buildZip([{ name: "arr_0", contents }, { name: "arr_0.npy", contents }]),
  });
  const refused = (name: string, line: string) =>
    refuses(["inspect", name], 1, line, { cwd: folder.path });
  await Promise.all([
    refused(
      "text.npz",
      "text.npz: Cannot read zip archive: has 18 bytes and no end record, need a whole zip file",
    ),
    refused(
      "twice.npz",
      'twice.npz: Cannot read "arr_0.npy": the member "arr_0" has the name of the same array, ' +
        "need one of them",
    ),
    refused("none.npz", "none.npz: cannot be read: no such file or folder"),
    refused(".", ".: cannot be read: it is a folder"),
  ]);
});
