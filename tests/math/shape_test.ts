// Named sizes, and ShapeError.
import { strictEqual, throws } from "node:assert/strict";
import { dim, Indices, ShapeError } from "../../mod.ts";

Deno.test("example: dim() returns the size it names", () => {
  strictEqual(dim("batch", 100) as number, 100);
});

Deno.test("example: dim() throws RangeError for a size that is not an integer of at least 1", () => {
  for (const size of [0, -1, 1.5, NaN, Infinity, 2 ** 53]) {
    throws(
      () => dim("batch", size),
      new RangeError(`Cannot use ${size} as the size of "batch": must be an integer >= 1`),
    );
  }
});

Deno.test("example: Indices.of() takes a copy, of a Uint32Array too", () => {
  for (const values of [[1, 2], Uint32Array.of(1, 2)]) {
    const indices = Indices.of(2, values);
    values[0] = 9;
    strictEqual(indices.values[0], 1);
  }
});

Deno.test("example: Indices.of() throws for a wrong count and for values that are not integers from 0 to 2³² - 1", () => {
  throws(
    () => Indices.of(2, [1, 2, 3]),
    new ShapeError("Cannot make 2 indices of 3 numbers: need 2"),
  );
  for (const bad of [-1, 0.5, NaN, 2 ** 32]) {
    throws(
      () => Indices.of(2, [0, bad]),
      new RangeError(`Cannot use ${bad} as index 1: must be an integer from 0 to 4294967295`),
    );
  }
  // NumPy's integers of 64 bits
  throws(
    () => Indices.of(1, BigInt64Array.of(7n) as unknown as number[]),
    new RangeError(
      "Cannot use 7n as index 0: must be an integer from 0 to 4294967295",
    ),
  );
});

Deno.test("example: Indices.checkBelow() names the index that is too great", () => {
  const indices = Indices.of(3, [0, 9, 10]);
  indices.checkBelow(11, "classes");
  throws(
    () => indices.checkBelow(10, "classes"),
    new RangeError("Cannot use 10 as index 2: there are 10 classes, counted from 0"),
  );
});
