/** Numbers as text. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import {
  hex,
  hex32,
  parseInteger,
  parsePositive,
  percent,
  pythonFloat,
  shortFloat,
  shortInteger,
  significantDigits,
} from "../../lib/text/numbers.ts";
import { numpyTest, python } from "../helpers/numpy.ts";

Deno.test("example: pythonFloat() has an exponent of two digits below 1e-4 and from 1e16 on, otherwise a point", () => {
  const cases: [number, string][] = [
    [0, "0.0"],
    [-0, "-0.0"],
    [1, "1.0"],
    [-12, "-12.0"],
    [0.1, "0.1"],
    [0.0001, "0.0001"],
    [0.00009999999999999999, "9.999999999999999e-05"],
    [5e-5, "5e-05"],
    [-1.5e-7, "-1.5e-07"],
    [1e-10, "1e-10"],
    [5e-324, "5e-324"],
    [9999999999999998, "9999999999999998.0"],
    [1e16, "1e+16"],
    [123456789012345680, "1.2345678901234568e+17"],
    [1e21, "1e+21"],
    [1.7976931348623157e308, "1.7976931348623157e+308"],
    [Infinity, "inf"],
    [-Infinity, "-inf"],
    [NaN, "nan"],
  ];
  deepStrictEqual(cases.map(([x]) => pythonFloat(x)), cases.map(([, text]) => text));
});

Deno.test("law: pythonFloat() distinguishes every double from its neighbours, and looks like a float", () => {
  fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (x) => {
    const text = pythonFloat(x);
    ok(Object.is(Number(text), x), text);
    ok(/^-?\d+(\.\d+)?(e[-+]\d{2,3})?$/.test(text) && /[.e]/.test(text), text);
  }));
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
    ok(Math.abs(Number(text) - x) <= 5.1e-4 * Math.abs(x) || Math.abs(x) < 1e-300, text);
  }));
});

Deno.test("example: shortFloat() writes as Python does, with an exponent from 1e+06 on", () => {
  deepStrictEqual(
    [
      0,
      -0,
      1,
      0.1,
      -1 / 3,
      1234,
      999999.6,
      -1e6,
      1e-5,
      1.7e308,
      Number.MAX_VALUE,
      NaN,
      Infinity,
      -Infinity,
    ]
      .map(shortFloat),
    ["0.0", "-0.0", "1.0", "0.1", "-0.3333", "1234.0", "1e+06", "-1e+06", "1e-05", "1.7e+308"]
      .concat("1.798e+308", "nan", "inf", "-inf"),
  );
});

Deno.test("example: shortInteger() rounds integers of more than nine digits", () => {
  deepStrictEqual([0, -999999999, 1000000000, 2n ** 64n - 1n, -7n].map(shortInteger), [
    ...["0", "-999999999", "1e+09", "1.845e+19", "-7"],
  ]);
});

Deno.test("example: significantDigits() rounds, without zeros at the end", () => {
  strictEqual(significantDigits(0.00012345, 3), "0.000123");
  strictEqual(significantDigits(100, 4), "100");
  strictEqual(significantDigits(-1.5e-9, 4), "-1.5e-9");
});

Deno.test("example: significantDigits() of the greatest double is a number, not Infinity", () => {
  strictEqual(significantDigits(Number.MAX_VALUE, 4), "1.798e+308");
});

Deno.test("example: percent() prints 0 % and 100 % only for 0 and 1", () => {
  const shares = [0, 1e-300, 0.000_099, 0.000_1, 0.123_45, 0.999_9, 0.999_901, 1 - 1e-16, 1];
  deepStrictEqual(shares.map(percent), [
    "0.00 %",
    "< 0.01 %",
    "< 0.01 %",
    "0.01 %",
    "12.35 %",
    "99.99 %",
    "> 99.99 %",
    "> 99.99 %",
    "100.00 %",
  ]);
});

Deno.test("example: hex() writes two digits for each byte, hex32() eight for a word", () => {
  strictEqual(hex(Uint8Array.of(0, 9, 16, 255)), "000910ff");
  strictEqual(hex(Uint8Array.of(0, 9, 16, 255), " "), "00 09 10 ff");
  deepStrictEqual([0x803, 0xffffffff].map(hex32), ["0x00000803", "0xffffffff"]);
});

Deno.test("example: parseInteger() and parsePositive() take decimal numbers and nothing else", () => {
  const integers = ["1", "10", "0", "11", "1e1", " 7", "", "-1", "0x7"];
  deepStrictEqual(integers.map((text) => parseInteger(text, 1, 10)), [1, 10, ...Array(7)]);
  const numbers = ["0.01", "1e-3", ".5", "5.", "0", "1e999", "0x1", "", "-1", "NaN", "1_0"];
  deepStrictEqual(numbers.map(parsePositive), [0.01, 1e-3, 0.5, 5, ...Array(7)]);
});
