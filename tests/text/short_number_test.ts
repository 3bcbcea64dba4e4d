/** Rounded numbers of tables. */
import { deepStrictEqual, ok } from "node:assert/strict";
import fc from "fast-check";
import { shortFloat, shortInteger } from "../../lib/text/short_number.ts";

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
