/** Numbers as text. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
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
