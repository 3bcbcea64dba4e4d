// fma(), compared with the C library's (fixtures/elementary.py) and with exact arithmetic.
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { fma } from "../../lib/math/fma.ts";
import { elementary } from "./elementary.ts";

Deno.test("reference: fma() is the C library's to the bit within its range: ties, cancellation, denormals", () => {
  const [a, b, c, wanted] = ["fma_a", "fma_b", "fma_c", "fma_result"].map(elementary) as [
    ...[Float64Array, Float64Array, Float64Array, Float64Array],
  ];
  const inRange = [...a.keys()].filter((i) => {
    const sizes = [a[i]!, b[i]!, c[i]!, a[i]! * b[i]!].map(Math.abs);
    return sizes.every((size) => size < 2 ** 990) && !Object.is(wanted[i], -0) &&
      (a[i] === 0 || b[i] === 0 || sizes[3]! > 2 ** -900);
  });
  ok(inRange.length > 2000);
  deepStrictEqual(inRange.map((i) => fma(a[i]!, b[i]!, c[i]!)), inRange.map((i) => wanted[i]));
});

Deno.test("example: fma() rounds once where the sum is next to the middle of two doubles", () => {
  // 1 + 2⁻⁵³ is the middle of 1 and the next double, and (2⁻⁵³ + 2⁻¹⁰⁰) · 1 lies just above
  strictEqual(fma(2 ** -53 + 2 ** -100, 1, 1), 1 + 2 ** -52);
  strictEqual(fma(2 ** -53, 1, 1), 1);
  strictEqual(fma(2 ** -53 - 2 ** -100, 1, 1), 1);
  // here the error of the product alone decides: (1 + 2⁻⁵²)² = 1 + 2⁻⁵¹ + 2⁻¹⁰⁴
  const x = 1 + 2 ** -52;
  strictEqual(fma(x, x, 2 ** -53 - 2 ** -105), 1 + 2 ** -51 + 2 ** -52);
  strictEqual(fma(x, x, 2 ** -53 - 2 ** -104), 1 + 2 ** -51);
  // the product is the middle of two doubles, and c, however small, is on one side of it
  strictEqual(fma(1.625, -3843892650704508, 2 ** -75), -6246325557394825);
  strictEqual(fma(1.625, -3843892650704508, -(2 ** -75)), -6246325557394826);
  strictEqual(fma(1.625, -3843892650704508, 0), -6246325557394826);
  // 1 - 2⁻⁶⁰ is less than half of the last bit of 2⁵³ + 2, but no sum of two doubles shows it
  strictEqual(fma(1 + 2 ** -30, 1 - 2 ** -30, 2 ** 53 + 2), 2 ** 53 + 2);
});

Deno.test("law: fma() of integers is their exact result, rounded once, at any scale of its range", () => {
  const integer = fc.oneof(
    fc.bigInt({ min: -(2n ** 53n), max: 2n ** 53n }),
    fc.bigInt({ min: -3n, max: 3n }), // the result has 53 bits, or a tie in the 54th
  );
  const scaled = fc.tuple(integer, fc.nat({ max: 60 })).map(([n, shift]) => n << BigInt(shift));
  const scale = fc.constantFrom(0, -449, 430); // of both factors
  fc.assert(
    fc.property(integer, integer, scaled, scale, (a, b, c, s) => {
      const found = fma(Number(a) * 2 ** s, Number(b) * 2 ** s, Number(c) * 2 ** s * 2 ** s);
      // Number() of a bigint rounds to the nearest double, ties to even
      strictEqual(found, Number(a * b + c) * 2 ** s * 2 ** s);
    }),
    { numRuns: 6000 },
  );
});
