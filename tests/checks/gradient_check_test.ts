/** Gradients by finite differences, and their distance from analytic ones. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { innerProduct } from "../../lib/checks/gradient_check.ts";
import { gradientError, Matrix, numericalGradient } from "../../mod.ts";
import { matrix, sizes } from "../helpers/arbitraries.ts";

const integer = fc.integer({ min: -999, max: 999 });

Deno.test("law: numericalGradient() of a weighted sum of cubes is 3 x² times the weights", () => {
  const cases = sizes.chain(({ M, B }) => fc.tuple(matrix(M, B, integer), matrix(M, B, integer)));
  fc.assert(fc.property(cases, ([C, X]) => {
    const f = (X: typeof C) => innerProduct(C, X.map((x) => x * x * x));
    // a cube has no fifth derivative, and with steps of 2 and 1 every sum is an exact integer
    deepStrictEqual(numericalGradient(f, X, 2), C.zip(X, (c, x) => 3 * c * x * x + 0)); // not -0
  }));
});

Deno.test("example: numericalGradient() errs by the fourth power of the step", () => {
  const quintic = (X: Matrix<1, 1>) => X.at(0, 0) ** 5, one = Matrix.of(1, 1, [1]);
  const error = (h: number) => Math.abs(numericalGradient(quintic, one, h).at(0, 0) - 5);
  // D(h) = 5 + 10 h² + h⁴, so the extrapolation leaves h⁴/4
  ok(Math.abs(error(0.4) / (0.4 ** 4 / 4) - 1) < 1e-9);
  ok(Math.abs(error(0.2) / (0.2 ** 4 / 4) - 1) < 1e-9);
});

Deno.test("example: numericalGradient() leaves X as it is, and moves one entry at a time", () => {
  const X = Matrix.of(2, 2, [1, 2, 3, 4]), seen: number[][] = [];
  const f = (Y: typeof X) => {
    deepStrictEqual([...X.data], [1, 2, 3, 4]); // meanwhile too
    return seen.push([...Y.data]);
  };
  numericalGradient(f, X, 0.5);
  ok(seen.every((data) => data.filter((y, i) => y !== X.data[i]).length === 1));
});

Deno.test("example: gradientError() returns where the gradients differ most, relative to the largest entry", () => {
  const analytic = Matrix.of(2, 2, [8, 1, 0, -3]), numerical = Matrix.of(2, 2, [8, 1, 0.5, -5]);
  const place = { row: 1, column: 1, analytic: -3, numerical: -5 };
  deepStrictEqual(gradientError(analytic, numerical), { error: 0.25, scale: 8, ...place });
  // relative to the zeros alone, nothing could be divided, and a gradient left out would pass
  const zeros = Matrix.zeros(1, 2), other = Matrix.of(1, 2, [1, -2]);
  for (const found of [gradientError(zeros, other), gradientError(other, zeros)]) {
    deepStrictEqual([found.error, found.scale], [1, 2]);
  }
  strictEqual(gradientError(zeros, zeros).error, 0);
});

Deno.test("example: gradientError() does not pass over NaN", () => {
  const right = Matrix.of(1, 3, [1, 2, 3]);
  for (const place of [0, 1, 2]) {
    const { error, column } = gradientError(
      Matrix.of(1, 3, [1, 2, 3].with(place, NaN)),
      right,
    );
    deepStrictEqual([error, column], [NaN, place]);
  }
});

Deno.test("example: innerProduct() keeps what a plain sum loses", () => {
  const ones = Matrix.of(1, 4, [1, 1, 1, 1]);
  strictEqual(innerProduct(ones, Matrix.of(1, 4, [1, 1e100, 1, -1e100])), 2);
});
