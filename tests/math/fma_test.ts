// fma(), compared with the C library's (fixtures/elementary.py) and with exact arithmetic.
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { fma } from "../../lib/math/fma.ts";
import { elementary } from "../helpers/elementary.ts";

Deno.test("reference: fma() is the C library's to the bit: ties, cancellation, denormals, overflow, special values", () => {
  const [a, b, c] = ["fma_a", "fma_b", "fma_c"].map(elementary) as [...Float64Array[], never];
  const found = a!.map((x, i) => fma(x, b![i]!, c![i]!));
  ok(found.length > 3000);
  deepStrictEqual(found, elementary("fma_result"));
});

Deno.test("example: fma() keeps what the product rounds away", () => {
  const x = 1 + 2 ** -30;
  strictEqual(x * x - (1 + 2 ** -29), 0);
  strictEqual(fma(x, x, -(1 + 2 ** -29)), 2 ** -60);
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

Deno.test("example: fma() takes the sign of zero from exact arithmetic", () => {
  deepStrictEqual([fma(0, -1, -0), fma(-0, 1, -0), fma(-1, 0, -0)], [-0, -0, -0]);
  deepStrictEqual([fma(0, 1, -0), fma(-0, 1, 0), fma(-1, 1, 1)], [0, 0, 0]);
  // the products are too small, or too great, for the fast path, and cancel exactly
  deepStrictEqual(fma(2 ** -500, 2 ** -500, -(2 ** -1000)), 0);
  deepStrictEqual(fma(2 ** 500, -(2 ** 500), 2 ** 1000), 0);
  // less than half of the smallest double
  deepStrictEqual([fma(5e-324, 5e-324, -0), fma(-5e-324, 5e-324, 0)], [0, -0]);
});

Deno.test("example: fma() rounds once beyond the fast path too, where almost everything cancels", () => {
  const x = 2 ** 500 + 2 ** 448, y = 2 ** 500 + 3 * 2 ** 448;
  // 2¹⁰⁰⁰ + 2⁹⁴⁹ + 2⁸⁹⁶ less what leaves 53 bits, or 54, of which the last is half of the last bit
  strictEqual(fma(x, x, -(2 ** 1000 + 2 ** 948)), 2 ** 948 + 2 ** 896);
  strictEqual(fma(x, x, -(2 ** 1000)), 2 ** 949);
  strictEqual(fma(x, y, -(2 ** 1000 + 2 ** 949)), 2 ** 949 + 2 ** 898);
});

Deno.test("law: fma() of integers is their exact result, rounded once, at any scale", () => {
  const integer = fc.oneof(
    fc.bigInt({ min: -(2n ** 53n), max: 2n ** 53n }),
    fc.bigInt({ min: -3n, max: 3n }), // the result has 53 bits, or a tie in the 54th
  );
  const scaled = fc.tuple(integer, fc.nat({ max: 60 })).map(([n, shift]) => n << BigInt(shift));
  // of both factors; the second and third are beyond the fast path, but leave every result normal
  const scale = fc.constantFrom(0, -510, 455);
  fc.assert(
    fc.property(integer, integer, scaled, scale, (a, b, c, s) => {
      const found = fma(Number(a) * 2 ** s, Number(b) * 2 ** s, Number(c) * 2 ** s * 2 ** s);
      // Number() of a bigint rounds to the nearest double, ties to even
      strictEqual(found, Number(a * b + c) * 2 ** s * 2 ** s);
    }),
    { numRuns: 6000 },
  );
});
