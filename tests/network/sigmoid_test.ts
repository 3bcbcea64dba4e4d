// The sigmoid layer, forward and backward.
import { deepStrictEqual, ok } from "node:assert/strict";
import fc from "fast-check";
import { sigmoid, sigmoidBackward } from "../../lib/network/sigmoid.ts";
import { Matrix } from "../../lib/math/matrix.ts";
import { innerProduct } from "../../lib/checks/gradient_check.ts";
import { matrix, sizes, upTo } from "../helpers/arbitraries.ts";
import { assertGradient } from "../helpers/gradients.ts";

Deno.test("example: sigmoid() is 1/2 at 0, and 0 and 1 far out, without overflow", () => {
  const X = Matrix.of(1, 5, [-1000, -745, 0, 40, 1000]);
  const [a, b, c, d, e] = sigmoid(X).data;
  deepStrictEqual([a, c, d, e], [0, 0.5, 1, 1]);
  ok(b! >= 0 && b! < 1e-300);
});

Deno.test("example: sigmoidBackward() is dY (1 - Y) Y", () => {
  const Y = Matrix.of(2, 2, [0, 0.25, 0.5, 1]), dY = Matrix.of(2, 2, [3, 16, 8, 3]);
  deepStrictEqual(sigmoidBackward(Y, dY), Matrix.of(2, 2, [0, 3, 2, 0]));
});

Deno.test("law: sigmoid() rises, lies in [0, 1], and sigmoid(-x) is 1 - sigmoid(x)", () => {
  const x = fc.double({ noNaN: true });
  fc.assert(fc.property(x, x, (a, b) => {
    const [low, high, mirrored] = sigmoid(
      Matrix.of(1, 3, [Math.min(a, b), Math.max(a, b), -Math.min(a, b)]),
    ).data as unknown as [number, number, number];
    ok(low >= 0 && high <= 1);
    // exp is within 1 ulp, not correctly rounded: neighbours may be out of order by an ulp
    ok(low <= high + 2 * Number.EPSILON * high);
    // each of the three operations rounds once: a few half ulp of 1
    ok(Math.abs(1 - low - mirrored) <= 2 * Number.EPSILON);
  }));
});

Deno.test("law: sigmoidBackward() is the gradient with respect to X", () => {
  const layers = sizes.chain(({ M, B }) =>
    fc.record({ X: matrix(M, B, upTo(4)), dY: matrix(M, B) })
  );
  fc.assert(fc.property(layers, ({ X, dY }) => {
    const dX = sigmoidBackward(sigmoid(X), dY);
    assertGradient("sigmoid dX", dX, (X) => innerProduct(dY, sigmoid(X)), X);
  }));
});
