/** Tables and lines that fit a terminal; explain_test.ts tests how paragraphs are set. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import {
  cutMiddle,
  fillText,
  fitNames,
  fits,
  narrow,
  table,
  width,
} from "../../lib/text/layout.ts";

Deno.test("law: cutMiddle() fits, and is the text itself or its start and its end", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "b", "重", "😀", "e\u0301"), maxLength: 30 });
  fc.assert(fc.property(text, fc.integer({ min: 1, max: 40 }), (text, columns) => {
    const cut = cutMiddle(text, columns);
    ok(width(cut) <= columns);
    if (width(text) <= columns) return strictEqual(cut, text);
    const [start, end] = cut.split("…") as [string, string];
    ok(text.startsWith(start) && text.endsWith(end), cut);
    // no column is left but for a wide character
    ok(width(cut) >= columns - 2, cut);
  }));
});

Deno.test("example: cutMiddle() keeps as much of the end as of the start", () => {
  deepStrictEqual([9, 8, 3, 2, 1].map((columns) => cutMiddle("0123456789", columns)), [
    ...["0123…6789", "0123…789", "0…9", "0…", "…"],
  ]);
});

Deno.test("example: narrow() takes from the widest", () => {
  deepStrictEqual(narrow([5, 20, 10], 35), [5, 20, 10]);
  deepStrictEqual(narrow([5, 20, 10], 25), [5, 10, 10]);
  deepStrictEqual(narrow([5, 20, 10], 24), [5, 10, 9]);
  deepStrictEqual(narrow([5, 20, 10], 0), [1, 1, 1]);
});

Deno.test("example: fitNames() cuts names only where the line does not fit", () => {
  const line = (a: string, b: string) => `${a} on ${b}`;
  strictEqual(
    fitNames(["x".repeat(36), "y".repeat(40)], line),
    line("x".repeat(36), "y".repeat(40)),
  );
  const cut = fitNames(["重".repeat(20), "y".repeat(41)], line);
  strictEqual(width(cut), 79); // a wide character does not fit into the last column
  ok(cut.startsWith(`${"重".repeat(9)}…`));
});

Deno.test("example: table() aligns columns, East Asian characters as two and accents as none", () => {
  const rows = [["", "n", "x"], ["one", "1", "-0.5"], ["two", "12", "3"]];
  strictEqual(table(rows), "      n     x\none   1  -0.5\ntwo  12     3");
  strictEqual(table([["1", "2"], ["30", "40"]], 0), " 1   2\n30  40");
  strictEqual(table([["1", "2"], ["30", "40"]], 2), "1   2\n30  40");
  deepStrictEqual(table([["重みーＡ한", "|"], ["e\u0301", "|"], ["abcdefghij", "|"]]).split("\n"), [
    ...["重みーＡ한  |", "e\u0301           |", "abcdefghij  |"],
  ]);
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
  const texts = [`${"x".repeat(80)}\n`, "x".repeat(81), "重".repeat(40), "重".repeat(41)];
  deepStrictEqual(texts.map(fits), [true, false, true, false]);
});

Deno.test("example: fillText() fills in values, and makes English plurals by them", () => {
  const text = { en: "{count} more image(s)", ja: "ほか {count} 枚" };
  deepStrictEqual([0, 1, 2].map((count) => fillText(text, "en", { count })), [
    ...["0 more images", "1 more image", "2 more images"],
  ]);
  strictEqual(fillText(text, "ja", { count: 2 }), "ほか 2 枚");
});
