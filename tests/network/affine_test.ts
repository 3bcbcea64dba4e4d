// The affine layer and its gradients: equations 1 to 3.
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { innerProduct, numericalGradient } from "../../lib/checks/gradient_check.ts";
import { Matrix } from "../../lib/math/matrix.ts";
import {
  affine,
  affineBiasGradient,
  affineInputGradient,
  affineWeightGradient,
} from "../../lib/network/affine.ts";
import { matrix, sizes } from "../helpers/arbitraries.ts";

const integer = fc.integer({ min: -999, max: 999 });

const layers = sizes.chain(({ D, M, B }) =>
  fc.record({
    W: matrix(M, D, integer),
    b: matrix(M, 1 as const, integer),
    X: matrix(D, B, integer),
    dY: matrix(M, B, integer),
  })
);

/** Cases of each law; a case checks every entry. */
const CASES = { numRuns: 200 };

/**
 * ∂f/∂X without any rounding: Σ dY ∘ (W X + b) is linear in each of its matrices, so that its
 * differences have no error, and sums of such integers are exact, also half a step of 1 away.
 */
function exactGradient<R extends number, C extends number>(
  f: (X: Matrix<R, C>) => number,
  X: Matrix<R, C>,
): Matrix<R, C> {
  return numericalGradient(f, X, 1);
}

Deno.test("example: affine() is W X + b, the bias added to every column", () => {
  const W = Matrix.of(2, 3, [1, 2, 3, 4, 5, 6]), b = Matrix.of(2, 1, [10, 20]);
  const X = Matrix.of(3, 2, [1, 0, 0, 1, 1, 1]);
  deepStrictEqual(affine(W, b, X), Matrix.of(2, 2, [14, 15, 30, 31]));
});

Deno.test("example: affine gradients of a batch of two, worked by hand", () => {
  const W = Matrix.of(2, 3, [1, 2, 3, 4, 5, 6]), X = Matrix.of(3, 2, [1, 0, 0, 1, 2, -1]);
  const dY = Matrix.of(2, 2, [1, 10, 100, 1000]);
  deepStrictEqual(affineInputGradient(W, dY), Matrix.of(3, 2, [401, 4010, 502, 5020, 603, 6030]));
  deepStrictEqual(affineWeightGradient(X, dY), Matrix.of(2, 3, [1, 10, -8, 100, 1000, -800]));
  deepStrictEqual(affineBiasGradient(dY), Matrix.of(2, 1, [11, 1100]));
});

Deno.test("law: affineInputGradient() is the gradient with respect to X (eq. 1)", () => {
  fc.assert(
    fc.property(layers, ({ W, b, X, dY }) => {
      const differences = exactGradient((X) => innerProduct(dY, affine(W, b, X)), X);
      deepStrictEqual(affineInputGradient(W, dY), differences);
    }),
    CASES,
  );
});

Deno.test("law: affineWeightGradient() is the gradient with respect to W (eq. 2)", () => {
  fc.assert(
    fc.property(layers, ({ W, b, X, dY }) => {
      const differences = exactGradient((W) => innerProduct(dY, affine(W, b, X)), W);
      deepStrictEqual(affineWeightGradient(X, dY), differences);
    }),
    CASES,
  );
});

Deno.test("law: affineBiasGradient() is the gradient with respect to b (eq. 3)", () => {
  fc.assert(
    fc.property(layers, ({ W, b, X, dY }) => {
      const differences = exactGradient((b) => innerProduct(dY, affine(W, b, X)), b);
      deepStrictEqual(affineBiasGradient(dY), differences);
    }),
    CASES,
  );
});

Deno.test("law: equation (3) as the report prints it, rowSum(dY Xᵀ), is the gradient only where each example's inputs sum to 1", () => {
  fc.assert(
    fc.property(layers, ({ W, b, X, dY }) => {
      const printed = dY.multiply(X.transposed).rowSums;
      // it weights each example by the sum of its inputs
      deepStrictEqual(printed, dY.zipRow(X.columnSums, (dy, sum) => dy * sum).rowSums);
      const one = dY.map(() => 0), sum = X.columnSums.at(0, 0);
      one.data[0] = 1; // the gradient of the first output of the first example alone
      const differences = exactGradient((b) => innerProduct(one, affine(W, b, X)), b);
      const agrees = one.multiply(X.transposed).rowSums.at(0, 0) === differences.at(0, 0);
      strictEqual(agrees, sum === 1);
    }),
    CASES,
  );
});

Deno.test("example: affineBiasGradient() is not rowSum(dY Xᵀ), which the report prints as equation (3)", () => {
  const W = Matrix.of(2, 3, [1, 2, 3, 4, 5, 6]), b = Matrix.of(2, 1, [10, 20]);
  const X = Matrix.of(3, 2, [1, 0, 0, 1, 2, -1]), dY = Matrix.of(2, 2, [1, 10, 100, 1000]);
  const differences = exactGradient((b) => innerProduct(dY, affine(W, b, X)), b);
  deepStrictEqual(differences, Matrix.of(2, 1, [11, 1100]));
  deepStrictEqual(affineBiasGradient(dY), differences);
  deepStrictEqual(dY.multiply(X.transposed).rowSums, Matrix.of(2, 1, [3, 300])); // as printed
});
