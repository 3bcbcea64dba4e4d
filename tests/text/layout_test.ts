/** What is cut to fit a terminal; explain_test.ts tests how texts are set. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { cutMiddle, fitNames, narrow, width } from "../../lib/text/layout.ts";

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
