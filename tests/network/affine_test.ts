// The affine layer and its gradients: equations 1 to 3.
import { deepStrictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import {
  affine,
  affineBiasGradient,
  affineInputGradient,
  affineWeightGradient,
  dim,
  Matrix,
  ShapeError,
} from "../../mod.ts";
import { innerProduct } from "../../lib/checks/layer_checks.ts";
import { matrix, sizes } from "../helpers/arbitraries.ts";
import { assertGradient } from "../helpers/gradients.ts";

const layers = sizes.chain(({ D, M, B }) =>
  fc.record({ W: matrix(M, D), b: matrix(M, 1 as const), X: matrix(D, B), dY: matrix(M, B) })
);

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

Deno.test("example: affineBiasGradient() is not rowSum(dY Xᵀ), which the report prints as equation (3)", () => {
  const X = Matrix.of(3, 2, [1, 0, 0, 1, 2, -1]), dY = Matrix.of(2, 2, [1, 10, 100, 1000]);
  deepStrictEqual(dY.multiply(X.transposed).rowSums, Matrix.of(2, 1, [3, 300])); // as printed
  deepStrictEqual(affineBiasGradient(dY), Matrix.of(2, 1, [11, 1100]));
});

Deno.test("law: affineInputGradient() is the gradient with respect to X (eq. 1)", () => {
  fc.assert(fc.property(layers, ({ W, b, X, dY }) => {
    const dX = affineInputGradient(W, dY);
    assertGradient("affine dX (eq. 1)", dX, (X) => innerProduct(dY, affine(W, b, X)), X);
  }));
});

Deno.test("law: affineWeightGradient() is the gradient with respect to W (eq. 2)", () => {
  fc.assert(fc.property(layers, ({ W, b, X, dY }) => {
    const dW = affineWeightGradient(X, dY);
    assertGradient("affine dW (eq. 2)", dW, (W) => innerProduct(dY, affine(W, b, X)), W);
  }));
});

Deno.test("law: affineBiasGradient() is the gradient with respect to b (eq. 3)", () => {
  fc.assert(fc.property(layers, ({ W, b, X, dY }) => {
    const db = affineBiasGradient(dY);
    assertGradient("affine db (eq. 3)", db, (b) => innerProduct(dY, affine(W, b, X)), b);
  }));
});

Deno.test("example: affine functions throw ShapeError where run-time sizes of one name differ", () => {
  const two = dim("n", 2), three = dim("n", 3); // one type, two sizes
  const W = Matrix.zeros(4, two), b = Matrix.zeros(4, 1), X = Matrix.zeros(three, 5);
  throws(
    () => affine(W, b, X),
    new ShapeError("Cannot multiply 4x2 by 3x5: the right matrix must have 2 rows"),
  );
  throws(
    () => affine(Matrix.zeros(two, 4), Matrix.zeros(three, 1), Matrix.zeros(4, 5)),
    new ShapeError("Cannot add 3x1 to each column of 2x5: need 2x1"),
  );
  throws(
    () => affineInputGradient(Matrix.zeros(two, 4), Matrix.zeros(three, 5)),
    new ShapeError("Cannot multiply 4x2 by 3x5: the right matrix must have 2 rows"),
  );
  throws(
    () => affineWeightGradient(Matrix.zeros(4, two), Matrix.zeros(4, three)),
    new ShapeError("Cannot multiply 4x3 by 2x4: the right matrix must have 3 rows"),
  );
});
