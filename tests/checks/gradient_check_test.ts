/** Gradients by finite differences, and their distance from analytic ones. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { partialDerivative } from "../../lib/checks/gradient_check.ts";
import { innerProduct } from "../../lib/checks/inner_product.ts";
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
  numericalGradient(
    (Y) => {
      deepStrictEqual(X, Matrix.of(2, 2, [1, 2, 3, 4])); // meanwhile too
      return seen.push([...Y.data]);
    },
    X,
    0.5,
  );
  deepStrictEqual(X, Matrix.of(2, 2, [1, 2, 3, 4]));
  ok(seen.every((data) => data.filter((y, i) => y !== X.data[i]).length === 1));
});

Deno.test("example: gradientError() returns where the gradients differ most, relative to the largest entry", () => {
  const analytic = Matrix.of(2, 2, [8, 1, 0, -3]), numerical = Matrix.of(2, 2, [8, 1, 0.5, -5]);
  deepStrictEqual(gradientError(analytic, numerical), {
    error: 0.25,
    scale: 8,
    row: 1,
    column: 1,
    analytic: -3,
    numerical: -5,
  });
});

Deno.test("example: gradientError() is 1 if either gradient is all zeros and the other is not", () => {
  // relative to the zeros alone, nothing could be divided, and a gradient left out would pass
  const zeros = Matrix.zeros(1, 2), other = Matrix.of(1, 2, [1, -2]);
  strictEqual(gradientError(zeros, other).error, 1);
  strictEqual(gradientError(other, zeros).error, 1);
  strictEqual(gradientError(zeros, other).scale, 2);
  strictEqual(gradientError(other, zeros).scale, 2);
});

Deno.test("example: gradientError() of two zero gradients is 0", () => {
  strictEqual(gradientError(Matrix.zeros(2, 2), Matrix.zeros(2, 2)).error, 0);
});

Deno.test("example: gradientError() does not pass over NaN", () => {
  for (const place of [0, 1, 2]) {
    const broken = Matrix.of(1, 3, [1, 2, 3]);
    broken.data[place] = NaN;
    const { error, column } = gradientError(broken, Matrix.of(1, 3, [1, 2, 3]));
    ok(Number.isNaN(error));
    strictEqual(column, place);
  }
});

Deno.test("example: partialDerivative() is the entry of numericalGradient() that is asked for", () => {
  const X = Matrix.of(2, 3, [1, -2, 3, 0.5, 0, -1]);
  const f = (X: Matrix<2, 3>) => X.data.reduce((sum, x, i) => sum + i * x * x * x, 0);
  const all = numericalGradient(f, X).data, derivative = partialDerivative(f, X);
  deepStrictEqual([4, 1, 1].map((entry) => derivative(entry, 0.01)), [all[4], all[1], all[1]]);
  deepStrictEqual([...X.data], [1, -2, 3, 0.5, 0, -1]);
});
