/** Names, messages and values of unknown origin, on one line of a terminal. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { describeClass, describeValue, oneLine, quote, toJson } from "../../lib/text/escape.ts";

Deno.test("example: quote() escapes what is invisible, and cuts at 60 characters, never inside an escape", () => {
  for (
    const [name, shown] of [
      ...["arr_0.npy", "重み 1", "naïve", "Ω²", "x".repeat(60)].map((name) => [name, name]),
      ['a"b\\c', 'a\\"b\\\\c'],
      ["\u001b[2J\n\u0000\u007f\u009b", "\\u{1b}[2J\\u{a}\\u{0}\\u{7f}\\u{9b}"],
      ["\u202e\u2066\u200f\u061c", "\\u{202e}\\u{2066}\\u{200f}\\u{61c}"],
      ["\u2028\u00a0\u200b\ufeff\ud800", "\\u{2028}\\u{a0}\\u{200b}\\u{feff}\\u{d800}"],
      ["x".repeat(61), `${"x".repeat(60)}…`],
      ["\n".repeat(30), `${"\\u{a}".repeat(12)}…`],
    ] as const
  ) strictEqual(quote(name!), `"${shown}"`);
});

Deno.test("example: oneLine() escapes controls, line ends and bidirectional marks, and leaves all else", () => {
  const plain = '重み "a"\\b é 😀 1.npz '.repeat(10);
  strictEqual(oneLine(plain), plain);
  strictEqual(oneLine("a\n\r\u001b[2J\u2028\u2029"), "a\\u{a}\\u{d}\\u{1b}[2J\\u{2028}\\u{2029}");
  strictEqual(oneLine("\u202e\u200b\ud800"), "\\u{202e}\\u{200b}\\u{d800}");
});

Deno.test("law: quote() and oneLine() return one line without control characters, whatever the text", () => {
  // any UTF-16, valid or not
  fc.assert(fc.property(fc.uint16Array({ maxLength: 100 }), (units) => {
    const text = String.fromCharCode(...units), quoted = quote(text);
    ok(quoted.length <= 63);
    for (const shown of [quoted, oneLine(text)]) ok(/^[^\p{C}\u2028\u2029]*$/u.test(shown));
  }));
});

Deno.test("law: toJson() is one line of JSON that gives the value back", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    const text = toJson(value);
    strictEqual(/[\p{C}\u2028\u2029]/u.test(text), false);
    deepStrictEqual(JSON.parse(text), JSON.parse(JSON.stringify(value)));
  }));
});

Deno.test("example: toJson() escapes what a terminal would obey, and has all digits of integers", () => {
  const text = "é重\u{1f600}\x1b[2J\x9b\u202e\u2028\u{e0001}\n";
  const shown = '"é重\u{1f600}\\u001b[2J\\u009b\\u202e\\u2028\\udb40\\udc01\\n"';
  strictEqual(toJson(text), shown);
  strictEqual(JSON.parse(shown), text);
  const numbers = "[18446744073709551615,-1,0.1,null,null]"; // what is no number is null
  strictEqual(toJson([2n ** 64n - 1n, -1n, 0.1, NaN, -Infinity]), numbers);
});

Deno.test("example: describeValue() tells strings and bigints from numbers, describeClass() names the class", () => {
  deepStrictEqual([7, "7", 7n, "a\nb", [7], null, undefined].map(describeValue), [
    ...["7", 'the string "7"', "the bigint 7", 'the string "a\\u{a}b"', "an object"],
    ...["null", "undefined"],
  ]);
  deepStrictEqual(
    [new ArrayBuffer(2), 7, null, undefined, Object.create(null)].map(describeClass),
    [
      ...["ArrayBuffer", "Number", "null", "undefined", "object"],
    ],
  );
});
