/** Names, messages and values of unknown origin, on one line of a terminal. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { describeClass, describeValue, oneLine, quote, toJson } from "../../lib/text/escape.ts";

Deno.test("example: quote() leaves words of any script as they are", () => {
  for (const name of ["arr_0.npy", "重み 1", "naïve", "Ω²"]) strictEqual(quote(name), `"${name}"`);
});

Deno.test("example: quote() escapes quotes, controls, bidirectional marks and invisible characters", () => {
  strictEqual(quote('a"b\\c'), '"a\\"b\\\\c"');
  strictEqual(quote("\u001b[2J\n\u0000\u007f\u009b"), '"\\u{1b}[2J\\u{a}\\u{0}\\u{7f}\\u{9b}"');
  strictEqual(quote("\u202e\u2066\u200f\u061c"), '"\\u{202e}\\u{2066}\\u{200f}\\u{61c}"');
  strictEqual(
    quote("\u2028\u00a0\u200b\ufeff\ud800"),
    '"\\u{2028}\\u{a0}\\u{200b}\\u{feff}\\u{d800}"',
  );
});

Deno.test("example: quote() cuts at 60 characters, never inside an escape", () => {
  strictEqual(quote("x".repeat(60)), `"${"x".repeat(60)}"`);
  strictEqual(quote("x".repeat(61)), `"${"x".repeat(60)}…"`);
  strictEqual(quote("\n".repeat(30)), `"${"\\u{a}".repeat(12)}…"`);
  strictEqual(quote("x".repeat(58) + "\u202e"), `"${"x".repeat(58)}…"`);
});

Deno.test("law: quote() returns one short line without control characters, whatever the name", () => {
  // any UTF-16, valid or not
  fc.assert(fc.property(fc.uint16Array({ maxLength: 100 }), (units) => {
    const shown = quote(String.fromCharCode(...units));
    ok(shown.length <= 63);
    ok(/^"[^\p{C}\u2028\u2029]*"$/u.test(shown));
  }));
});

Deno.test("example: oneLine() escapes controls, line ends and bidirectional marks, and leaves words and quotes", () => {
  strictEqual(oneLine('重み "a"\\b 1.npz'), '重み "a"\\b 1.npz');
  strictEqual(oneLine("a\n\r\u001b[2J\u2028\u2029"), "a\\u{a}\\u{d}\\u{1b}[2J\\u{2028}\\u{2029}");
  strictEqual(oneLine("\u202e\u200b\ud800"), "\\u{202e}\\u{200b}\\u{d800}");
  strictEqual(oneLine("x".repeat(100)), "x".repeat(100)); // not cut
});

Deno.test("law: oneLine() returns one line without control characters, whatever the text", () => {
  fc.assert(fc.property(fc.uint16Array({ maxLength: 100 }), (units) => {
    ok(/^[^\p{C}\u2028\u2029]*$/u.test(oneLine(String.fromCharCode(...units))));
  }));
});

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

Deno.test("example: describeValue() tells strings and bigints from numbers, and stays on one line", () => {
  strictEqual(describeValue(7), "7");
  strictEqual(describeValue("7"), 'the string "7"');
  strictEqual(describeValue(7n), "the bigint 7");
  strictEqual(describeValue("a\nb"), 'the string "a\\u{a}b"');
  strictEqual(describeValue([7]), "an object");
  strictEqual(describeValue(null), "null");
  strictEqual(describeValue(undefined), "undefined");
});

Deno.test("example: describeClass() names the class of a value, and object for one that has none", () => {
  strictEqual(describeClass(new ArrayBuffer(2)), "ArrayBuffer");
  strictEqual(describeClass(7), "Number");
  strictEqual(describeClass(null), "null");
  strictEqual(describeClass(undefined), "undefined");
  strictEqual(describeClass(Object.create(null)), "object");
});
