/** The inner product, with the rounding errors of its sums added at the end. */
import { strictEqual } from "node:assert/strict";
import { innerProduct } from "../../lib/checks/inner_product.ts";
import { Matrix } from "../../mod.ts";

Deno.test("example: innerProduct() keeps what a plain sum loses", () => {
  const ones = Matrix.of(1, 4, [1, 1, 1, 1]);
  strictEqual(innerProduct(ones, Matrix.of(1, 4, [1, 1e100, 1, -1e100])), 2);
  strictEqual(innerProduct(Matrix.of(1, 2, [2, 3]), Matrix.of(1, 2, [5, -7])), -11);
});
