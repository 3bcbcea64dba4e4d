/**
 * The inspect command: every kind of array, escaped names, and what it rejects.
 */
import { deepStrictEqual } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { writeNpy } from "../../lib/formats/npy.ts";
import { cli, refuses } from "../helpers/cli.ts";
import { Folder } from "../helpers/folder.ts";
import { buildZip } from "../helpers/zip_builder.ts";

const FIXTURES = fileURLToPath(new URL("../../fixtures/", import.meta.url));

Deno.test("example: inspect aligns its columns, wide characters too", async () => {
  const lines = [
    "name        dtype   shape  order   min  mean   max",
    "重み 1        <f8  (2, 3)      C  -2.5   0.0   2.5",
    "a.b           <f8    (3,)      C  -2.5  -1.5  -0.5",
    "with/slash    <f8    (3,)      C   0.5   1.5   2.5",
    "",
  ];
  const stdout = lines.join("\n");
  deepStrictEqual(await cli(["inspect", `${FIXTURES}odd/names.npz`]), {
    code: 0,
    stdout,
    stderr: "",
  });
});

Deno.test("example: inspect escapes and cuts the names of arrays", async () => {
  const contents = writeNpy({ shape: [1], data: Float64Array.of(0.5) });
  const names = ["\x1b[2J\r\n\x9b", "\u202etxt.\u2028", "é'\"\\", "x".repeat(99), ""];
  const utf8 = { flags: 1 << 11 };
  const members = names.map((name) => ({ name: `${name}.npy`, contents, both: utf8 }));
  using folder = new Folder({ "names.npz": buildZip(members) });
  const { code, stdout, stderr } = await cli(["inspect", "names.npz"], { cwd: folder.path });
  deepStrictEqual([code, stderr], [0, ""]);
  const shown = stdout.split("\n").slice(1, -1).map((line) => line.slice(0, 61).trimEnd());
  deepStrictEqual(shown, [
    "\\u{1b}[2J\\u{d}\\u{a}\\u{9b}",
    "\\u{202e}txt.\\u{2028}",
    "é'\\\"\\\\",
    `${"x".repeat(60)}…`,
    "",
  ]);
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

Deno.test("example: inspect refuses arrays that are no numbers, and files that are no npz file", async () => {
  using folder = new Folder({ "text.npz": "PK, but no archive" });
  Deno.copyFileSync(`${FIXTURES}odd/objects.npz`, folder.file("objects.npz"));
  const refused = (name: string, line: string) =>
    refuses(["inspect", name], 1, line, { cwd: folder.path });
  await Promise.all([
    refused(
      "objects.npz",
      'objects.npz: Cannot read "arr_1.npy": descr is "|O" (Python objects), ' +
        "need f8, f4, i8, i4, i2, u8, u4 or u2 after < or >, or |i1 or |u1",
    ),
    refused(
      "text.npz",
      "text.npz: Cannot read zip archive: the last 22 of 18 bytes are no end record, " +
        "need a whole zip file with nothing after it",
    ),
    refused("none.npz", "none.npz: cannot be read: no such file or folder"),
    refused(".", ".: cannot be read: it is a folder"),
  ]);
});
