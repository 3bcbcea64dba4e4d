// Numbers rounded to significant digits.
import { strictEqual } from "node:assert/strict";
import { significantDigits } from "../../lib/text/significant_digits.ts";

Deno.test("example: significantDigits() rounds, without zeros at the end", () => {
  strictEqual(significantDigits(0.00012345, 3), "0.000123");
  strictEqual(significantDigits(100, 4), "100");
  strictEqual(significantDigits(-1.5e-9, 4), "-1.5e-9");
});

Deno.test("example: significantDigits() of the greatest double is a number, not Infinity", () => {
  strictEqual(significantDigits(Number.MAX_VALUE, 4), "1.798e+308");
});
