// Arbitraries of the law tests: sizes, matrices, labels, parameters.
import fc from "fast-check";
import type { Parameters } from "../../lib/network/network.ts";
import { Matrix } from "../../lib/math/matrix.ts";
import { Indices } from "../../lib/math/indices.ts";
import { type Dim, dim, type SingleName, type SingleSize } from "../../lib/math/shape.ts";

/** Sizes by the letters of lib/network/network.ts, small enough for differences of every entry. */
export interface Sizes {
  readonly D: Dim<"inputs">;
  readonly M: Dim<"hidden">;
  readonly K: Dim<"classes">;
  readonly B: Dim<"batch">;
}

export function size<Name extends string>(
  name: SingleName<Name>,
  most = 5,
): fc.Arbitrary<Dim<Name>> {
  return fc.integer({ min: 1, max: most }).map((n) => dim(name, n));
}

export const sizes: fc.Arbitrary<Sizes> = fc.record({
  D: size("inputs"),
  M: size("hidden"),
  K: size("classes"),
  B: size("batch"),
});

export function upTo(most: number): fc.Arbitrary<number> {
  return fc.double({ min: -most, max: most, noNaN: true });
}

export function matrix<R extends number, C extends number>(
  rows: SingleSize<R>,
  columns: SingleSize<C>,
  entry: fc.Arbitrary<number> = upTo(1),
): fc.Arbitrary<Matrix<R, C>> {
  const count = rows * columns;
  return fc.array(entry, { minLength: count, maxLength: count }).map((data) =>
    Matrix.of(rows, columns, data)
  );
}

export function labels<B extends number>(
  count: SingleSize<B>,
  classes: number,
): fc.Arbitrary<Indices<B>> {
  const label = fc.integer({ min: 0, max: classes - 1 });
  return fc.array(label, { minLength: count, maxLength: count }).map((values) =>
    Indices.of(count, values)
  );
}

export function parameters(
  { D, M, K }: Sizes,
  entry: fc.Arbitrary<number> = upTo(1),
): fc.Arbitrary<Parameters<Dim<"inputs">, Dim<"hidden">, Dim<"classes">>> {
  return fc.record({
    W1: matrix(M, D, entry),
    b1: matrix(M, 1 as const, entry),
    W2: matrix(K, M, entry),
    b2: matrix(K, 1 as const, entry),
  });
}
