// log(), compared with the C library's and with its true values (fixtures/elementary.py).
import { deepStrictEqual, ok } from "node:assert/strict";
import fc from "fast-check";
import { A, B, LN2_HIGH, LN2_LOW, TABLE } from "../../lib/math/log_constants.ts";
import { exp } from "../../lib/math/exp.ts";
import { log } from "../../lib/math/log.ts";
import { accuracy, elementary } from "./elementary.ts";

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
