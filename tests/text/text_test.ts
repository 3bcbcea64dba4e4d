/** Names, messages and numbers as text, on the lines of a terminal. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { describeClass, describeValue, oneLine, quote, toJson } from "../../lib/text/escape.ts";
import { cutMiddle, fitName, fits, table, width } from "../../lib/text/layout.ts";
import {
  hex,
  hex32,
  percent,
  pythonFloat,
  shortFloat,
  shortInteger,
  significantDigits,
} from "../../lib/text/numbers.ts";
import { numpyTest, python } from "../helpers/numpy.ts";

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

Deno.test("example: fitName() cuts a name only where the line does not fit", () => {
  const line = (name: string) => `${name} on ${"y".repeat(40)}`;
  strictEqual(fitName("x".repeat(36), line), line("x".repeat(36)));
  strictEqual(fitName("重".repeat(19), line), line(`${"重".repeat(9)}…${"重".repeat(8)}`));
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
  const lines = table(rows, 1, { cut: [0, 1] }).split("\n");
  deepStrictEqual(lines, [
    `${"a".repeat(14)}…${"a".repeat(13)}  ${"b".repeat(14)}…${"b".repeat(13)}  ${"1".padStart(20)}`,
    `${"c".padEnd(28)}  ${"d".padStart(28)}  ${"2".repeat(20)}`,
  ]);
  const narrow = rows.map((row) => row.map((word) => word.slice(0, 20)));
  strictEqual(table(narrow, 1, { cut: [0, 1] }), table(narrow));
});

Deno.test("example: fits() counts the columns of the terminal", () => {
  const texts = [`${"x".repeat(80)}\n`, "x".repeat(81), "重".repeat(40), "重".repeat(41)];
  deepStrictEqual(texts.map(fits), [true, false, true, false]);
});

/** Asserts the texts of numbers, given as `number text`, one in each line. */
function writes(lines: string, write: (x: number) => string) {
  for (const line of lines.trim().split("\n")) {
    const [x, text] = line.trim().split(/ (.*)/) as [string, string];
    strictEqual(write(Number(x)), text, x);
  }
}

Deno.test("example: pythonFloat() has an exponent of two digits below 1e-4 and from 1e16 on, otherwise a point", () => {
  const same = "0.0 -0.0 -12.0 0.1 0.0001 9.999999999999999e-05 5e-05 -1.5e-07 1e-10 5e-324 " +
    "9999999999999998.0 1e+16 1.2345678901234568e+17 1e+21 1.7976931348623157e+308";
  deepStrictEqual(same.split(" ").map((text) => pythonFloat(Number(text))), same.split(" "));
  writes("Infinity inf\n-Infinity -inf\nNaN nan", pythonFloat);
});

numpyTest("reference: pythonFloat() writes doubles as Python's repr does", () => {
  const any = fc.sample(fc.double(), 2000);
  // around the two powers of ten where the form changes
  const near = fc.sample(fc.double({ min: -1, max: 1, noNaN: true }), 1000)
    .flatMap((x) => [1e-4 * (1 + x / 1e3), 1e16 * (1 + x / 1e3)]);
  const numbers = Float64Array.from([...any, ...near, 1e-4, 1e16, 1e22, 1e23, 2 ** 53]);
  const file = Deno.makeTempFileSync();
  try {
    Deno.writeFileSync(file, new Uint8Array(numbers.buffer));
    const program =
      "import sys, numpy\nfor x in numpy.fromfile(sys.argv[1]): print(repr(float(x)))";
    deepStrictEqual(python(program, file).trimEnd().split("\n"), Array.from(numbers, pythonFloat));
  } finally {
    Deno.removeSync(file);
  }
});

Deno.test("law: shortFloat() has at most 11 characters, and is within half a unit of the fourth digit", () => {
  fc.assert(fc.property(fc.double({ noNaN: true, min: -1.797e308, max: 1.797e308 }), (x) => {
    const text = shortFloat(x);
    ok(text.length <= 11, text);
    // half a unit is 5e-4 of the smallest number of four digits; the rest is rounding
    ok(Math.abs(Number(text) - x) <= 5.1e-4 * Math.abs(x) || Math.abs(x) < 1e-300, text);
  }));
});

Deno.test("example: shortFloat() and shortInteger() write an exponent from 1e+06 and 1e+09 on", () => {
  writes(
    `0 0.0\n-0 -0.0\n0.1 0.1\n-0.33333 -0.3333\n1234 1234.0\n999999.6 1e+06\n-1e6 -1e+06
     1e-5 1e-05\n1.7e308 1.7e+308\n1.7976931348623157e308 1.798e+308\nNaN nan\n-Infinity -inf`,
    shortFloat,
  );
  writes("0 0\n-999999999 -999999999\n1000000000 1e+09\n-1000000000 -1e+09", shortInteger);
  deepStrictEqual([2n ** 64n - 1n, -7n].map(shortInteger), ["1.845e+19", "-7"]);
});

Deno.test("example: significantDigits() rounds, without zeros at the end", () => {
  writes("0.123456 0.123\n0.00012345 0.000123\n100 100\n-1.5e-9 -1.5e-9", (x) => {
    return significantDigits(x, 3);
  });
  strictEqual(significantDigits(Number.MAX_VALUE, 4), "1.798e+308"); // not Infinity
});

Deno.test("example: percent() prints 0 % and 100 % only for 0 and 1", () => {
  writes(
    `0 0.00 %\n1e-300 < 0.01 %\n0.000099 < 0.01 %\n0.0001 0.01 %\n0.12345 12.35 %
     0.9999 99.99 %\n0.999901 > 99.99 %\n0.9999999999999999 > 99.99 %\n1 100.00 %`,
    percent,
  );
});

Deno.test("example: hex() writes two digits for each byte, hex32() eight for a word", () => {
  strictEqual(hex(Uint8Array.of(0, 9, 16, 255)), "000910ff");
  strictEqual(hex(Uint8Array.of(0, 9, 16, 255), " "), "00 09 10 ff");
  deepStrictEqual([0x803, 0xffffffff].map(hex32), ["0x00000803", "0xffffffff"]);
});
