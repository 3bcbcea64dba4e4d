// exp(), log() and fma(), compared with their true values and with the C library's
// (fixtures/elementary.py).
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { exp } from "../../lib/math/exp.ts";
import { fma, log } from "../../lib/math/log.ts";
import { A, B, LN2_HIGH, LN2_LOW, TABLE } from "../../lib/math/log_constants.ts";
import { fixture } from "../helpers/fixtures.ts";
import fc from "fast-check";
import { toFloat64 } from "../../lib/formats/nd_array.ts";
import { readNpz } from "../../lib/formats/npz.ts";

const arrays = readNpz(fixture("elementary.npz"));

/** An array of fixtures/elementary.npz. */
const elementary = (name: string) => toFloat64(arrays.get(name)!);

/** The distance from |x| to the next greater double. */
function ulp(x: number): number {
  if (Math.abs(x) < 2 ** -1022) return 2 ** -1074;
  const exponent = Math.floor(Math.log2(Math.abs(x)));
  // log2 rounds: just below a power of two it may give that power
  return 2 ** ((2 ** exponent > Math.abs(x) ? exponent - 1 : exponent) - 52);
}

/**
 * Greatest error in ulp over the points whose true value is `included`, and the number of results
 * that are not nearest.
 */
function accuracy(
  name: string,
  f: (x: number) => number,
  included: (wanted: number) => boolean = () => true,
) {
  const x = elementary(`${name}_x`),
    nearest = elementary(`${name}_nearest`),
    rest = elementary(`${name}_rest`);
  let points = 0, worst = 0, at = NaN, others = 0;
  x.forEach((value, i) => {
    const found = f(value), wanted = nearest[i]!;
    if (!included(wanted)) return;
    points++;
    if (!Number.isFinite(wanted)) return strictEqual(found, wanted);
    const error = Math.abs((found - wanted) / ulp(wanted) - rest[i]!);
    if (!(error <= worst)) [worst, at] = [error, value];
    if (found !== wanted) others++;
  });
  return { points, worst, at, others };
}

const isDenormal = (result: number) => result < 2 ** -1022;

Deno.test("reference: exp() is within 0.87 ulp of the true value, also where its reduced argument is greatest", () => {
  const { points, worst, at, others } = accuracy("exp", exp, (result) => !isDenormal(result));
  ok(points > 3000);
  // 0.87 is the sum of all rounding errors; the worst of 10⁸ points, one of these, has 0.77
  ok(worst <= 0.77, `exp(${at}) is off by ${worst} ulp`);
  ok(worst > 0.769, `exp() of the worst point is off by ${worst} ulp`);
  ok(others <= points / 50, `${others} of ${points} are not the nearest double`);
});

Deno.test("reference: exp() is within 0.94 ulp of the true value where the result is denormal", () => {
  const { points, worst, at, others } = accuracy("exp", exp, isDenormal);
  ok(points > 1500);
  // 0.94 is half an ulp more than half of 0.87; the worst of 10⁸ points, one of these, has 0.84
  ok(worst <= 0.84, `exp(${at}) is off by ${worst} ulp`);
  ok(worst > 0.838, `exp() of the worst point is off by ${worst} ulp`);
  ok(others <= points / 10, `${others} of ${points} are not the nearest double`);
});

Deno.test("example: exp() of special values", () => {
  deepStrictEqual([0, -0, -Infinity, Infinity, NaN].map(exp), [1, 1, 0, Infinity, NaN]);
  deepStrictEqual([709.782712893384, 709.7827128933841].map(exp), [
    1.7976931348622732e308,
    Infinity,
  ]);
  deepStrictEqual([-745.1332191019411, -745.1332191019412].map(exp), [5e-324, 0]);
});

Deno.test("reference: log() is the C library's to the bit, in each interval of the table and around 1", () => {
  const found = elementary("log_x").map(log);
  ok(found.length > 4000);
  deepStrictEqual(found, elementary("log_c"));
});

Deno.test("reference: log() has the constants of the C library, every one", () => {
  // a wrong last digit of a coefficient changes fewer results than any test can compute
  const found = Float64Array.of(LN2_HIGH, LN2_LOW, ...A, ...B, ...TABLE.flat());
  deepStrictEqual(found, elementary("log_constants"));
});

Deno.test("reference: log() is within 0.52 ulp of the true value", () => {
  const { points, worst, at } = accuracy("log", log);
  ok(points > 4000);
  // 0.519 is the bound that Arm's Optimized Routines state for this algorithm
  ok(worst <= 0.52, `log(${at}) is off by ${worst} ulp`);
});

Deno.test("example: log() of special values", () => {
  deepStrictEqual([1, 0, -0, Infinity, NaN].map(log), [0, -Infinity, -Infinity, Infinity, NaN]);
  deepStrictEqual([-1, -Infinity, -5e-324].map(log), [NaN, NaN, NaN]);
});

Deno.test("law: log() is the inverse of exp() to within rounding", () => {
  fc.assert(fc.property(fc.double({ min: -700, max: 700, noNaN: true }), (x) => {
    // exp turns an absolute error into a relative one: 0.87 ulp of e^x, and half an ulp of x
    ok(Math.abs(log(exp(x)) - x) <= 2 ** -52 * Math.max(1, Math.abs(x)));
  }));
});

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
    { numRuns: 2000 },
  );
});
