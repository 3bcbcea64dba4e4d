// exp() and log(), compared with their true values to far more digits (fixtures/elementary.py).
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { exp, log, readNpz, toFloat64 } from "../../mod.ts";

const arrays = readNpz(
  Deno.readFileSync(new URL("../../fixtures/elementary.npz", import.meta.url)),
);
const array = (name: string) => toFloat64(arrays.get(name)!);

/** The distance from |x| to the next greater double. */
function ulp(x: number): number {
  if (Math.abs(x) < 2 ** -1022) return 2 ** -1074;
  const exponent = Math.floor(Math.log2(Math.abs(x)));
  // log2 rounds: just below a power of two it may give that power
  return 2 ** ((2 ** exponent > Math.abs(x) ? exponent - 1 : exponent) - 52);
}

/** Greatest error in ulp over the points, and the number of results that are not nearest. */
function accuracy(name: string, f: (x: number) => number) {
  const x = array(`${name}_x`), nearest = array(`${name}_nearest`), rest = array(`${name}_rest`);
  let worst = 0, at = NaN, others = 0;
  x.forEach((value, i) => {
    const found = f(value), wanted = nearest[i]!;
    if (!Number.isFinite(wanted)) return strictEqual(found, wanted);
    const error = Math.abs((found - wanted) / ulp(wanted) - rest[i]!);
    if (!(error <= worst)) [worst, at] = [error, value];
    if (found !== wanted) others++;
  });
  return { points: x.length, worst, at, others };
}

Deno.test("reference: exp() is within 0.7 ulp of the true value, also where its reduced argument is greatest and for denormals", () => {
  const { points, worst, at, others } = accuracy("exp", exp);
  ok(points > 3000);
  ok(worst <= 0.7, `exp(${at}) is off by ${worst} ulp`);
  ok(others <= points / 50, `${others} of ${points} are not the nearest double`);
});

Deno.test("reference: log() is the double nearest to the true value at every point", () => {
  const { points, worst, at, others } = accuracy("log", log);
  ok(points > 3000);
  // sums of two doubles leave an error of about 2⁻¹⁰ ulp, and true values that close to the middle
  // between two doubles are rare
  ok(worst <= 0.501, `log(${at}) is off by ${worst} ulp`);
  strictEqual(others, 0);
});

Deno.test("example: exp() and log() of special values", () => {
  deepStrictEqual([0, -0, -Infinity, Infinity, NaN].map(exp), [1, 1, 0, Infinity, NaN]);
  deepStrictEqual([1, 0, -0, Infinity, NaN].map(log), [0, -Infinity, -Infinity, Infinity, NaN]);
  deepStrictEqual([-1, -Infinity, -5e-324].map(log), [NaN, NaN, NaN]);
  deepStrictEqual([709.782712893384, 709.7827128933841].map(exp), [
    1.7976931348622732e308,
    Infinity,
  ]);
  deepStrictEqual([-745.1332191019411, -745.1332191019412].map(exp), [5e-324, 0]);
});

Deno.test("law: log() is the inverse of exp() to within rounding", () => {
  fc.assert(fc.property(fc.double({ min: -700, max: 700, noNaN: true }), (x) => {
    // exp turns an absolute error into a relative one: 0.7 ulp of e^x, and half an ulp of x
    ok(Math.abs(log(exp(x)) - x) <= 2 ** -52 * Math.max(1, Math.abs(x)));
  }));
});

Deno.test("law: exp() and log() agree with Math.exp and Math.log to within 2 ulp", () => {
  // in V8 each is within 1 ulp of the true value; the law covers more points than the fixture
  const close = (found: number, wanted: number) =>
    found === wanted || Math.abs(found - wanted) <= 2 * ulp(wanted);
  fc.assert(
    fc.property(
      fc.double({ min: -746, max: 710, noNaN: true }),
      (x) => ok(close(exp(x), Math.exp(x))),
    ),
    { numRuns: 2000 },
  );
  fc.assert(
    fc.property(
      fc.double({ min: 5e-324, noNaN: true, noDefaultInfinity: true }),
      (x) => ok(close(log(x), Math.log(x))),
    ),
    { numRuns: 2000 },
  );
});
