// exp(), compared with its true values to far more digits (fixtures/elementary.py).
import { deepStrictEqual, ok } from "node:assert/strict";
import { exp } from "../../lib/math/exp.ts";
import { accuracy } from "./elementary.ts";

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
