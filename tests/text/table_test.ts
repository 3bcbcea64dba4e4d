/** Tables and single lines of the terminal. */
import { oneLine } from "../../lib/text/escape.ts";
import { fits, table } from "../../lib/text/table.ts";
import { deepStrictEqual, strictEqual } from "node:assert/strict";

Deno.test("example: table() aligns the first column to the left and the others to the right", () => {
  deepStrictEqual(table([["", "n", "x"], ["one", "1", "-0.5"], ["two", "12", "3"]]).split("\n"), [
    "      n     x",
    "one   1  -0.5",
    "two  12     3",
  ]);
});

Deno.test("example: table() counts two columns for an East Asian character and none for a combining accent", () => {
  deepStrictEqual(table([["重みーＡ한", "|"], ["e\u0301", "|"], ["abcdefghij", "|"]]).split("\n"), [
    "重みーＡ한  |",
    "e\u0301           |",
    "abcdefghij  |",
  ]);
});

Deno.test("example: oneLine() escapes control characters, line ends and bidirectional marks, and nothing else", () => {
  strictEqual(oneLine("重み é 😀 \\ \"'"), "重み é 😀 \\ \"'");
  strictEqual(
    oneLine("a\0\t\n\r\x1b\x7f\x9b\u200f\u2028\u2029\u202e\ufeff\ud800z"),
    "a\\u{0}\\u{9}\\u{a}\\u{d}\\u{1b}\\u{7f}\\u{9b}\\u{200f}\\u{2028}\\u{2029}\\u{202e}" +
      "\\u{feff}\\u{d800}z",
  );
});

Deno.test("example: table() aligns as many columns to the left as asked for", () => {
  const rows = [["1", "2"], ["30", "40"]];
  strictEqual(table(rows, 0), " 1   2\n30  40");
  strictEqual(table(rows, 2), "1   2\n30  40");
});

Deno.test("example: table() cuts the columns that may be cut, the widest first, only if it does not fit", () => {
  const rows = [["a".repeat(50), "b".repeat(30), "1"], ["c", "d", "2".repeat(20)]];
  const lines = table(rows, 1, [0, 1]).split("\n");
  deepStrictEqual(lines, [
    `${"a".repeat(14)}…${"a".repeat(13)}  ${"b".repeat(14)}…${"b".repeat(13)}  ${"1".padStart(20)}`,
    `${"c".padEnd(28)}  ${"d".padStart(28)}  ${"2".repeat(20)}`,
  ]);
  const narrow = rows.map((row) => row.map((word) => word.slice(0, 20)));
  strictEqual(table(narrow, 1, [0, 1]), table(narrow));
});

Deno.test("example: fits() counts the columns of the terminal", () => {
  deepStrictEqual(
    [`${"x".repeat(80)}\n`, "x".repeat(81), "重".repeat(40), "重".repeat(41)].map(fits),
    [
      ...[true, false, true, false],
    ],
  );
});
