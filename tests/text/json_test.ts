/** JSON in one line. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { toJson } from "../../lib/text/json.ts";

Deno.test("law: toJson() is one line of JSON that gives the value back", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    const text = toJson(value);
    strictEqual(/[\p{C}\u2028\u2029]/u.test(text), false);
    deepStrictEqual(JSON.parse(text), JSON.parse(JSON.stringify(value)));
  }));
});

Deno.test("example: toJson() escapes what a terminal would obey, and nothing else", () => {
  const text = "é重\u{1f600}\x1b[2J\x9b\u202e\u2028\u{e0001}\n";
  const shown = '"é重\u{1f600}\\u001b[2J\\u009b\\u202e\\u2028\\udb40\\udc01\\n"';
  strictEqual(toJson(text), shown);
  strictEqual(JSON.parse(shown), text);
});

Deno.test("example: toJson() has all digits of integers, and null for what is no number", () => {
  strictEqual(
    toJson([2n ** 64n - 1n, -1n, 0.1, NaN, Infinity, -Infinity]),
    "[18446744073709551615,-1,0.1,null,null,null]",
  );
});
