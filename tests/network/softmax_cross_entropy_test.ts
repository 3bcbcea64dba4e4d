// The softmax layer and its loss, forward and backward.
import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { Matrix } from "../../lib/math/matrix.ts";
import { Indices } from "../../lib/math/indices.ts";
import { dim, ShapeError } from "../../lib/math/shape.ts";
import {
  crossEntropy,
  meanLoss,
  oneHot,
  softmax,
  softmaxCrossEntropyBackward,
} from "../../lib/network/softmax_cross_entropy.ts";
import { log } from "../../lib/math/log.ts";
import { labels, matrix, sizes, upTo } from "../helpers/arbitraries.ts";
import { assertGradient } from "../helpers/gradients.ts";

const batches = sizes.chain(({ K, B }) =>
  fc.record({ A: matrix(K, B, upTo(5)), right: labels(B, K) })
);

Deno.test("example: softmax() of equal scores is uniform, down each column", () => {
  deepStrictEqual(
    softmax(Matrix.of(4, 2, [1, 7, 1, 7, 1, 7, 1, 7])),
    Matrix.of(4, 2, Array(8).fill(0.25)),
  );
});

Deno.test("example: softmax() of greatest and least doubles neither overflows nor divides by 0", () => {
  const A = Matrix.of(2, 2, [Number.MAX_VALUE, -Number.MAX_VALUE, 0, -Number.MAX_VALUE]);
  deepStrictEqual(softmax(A), Matrix.of(2, 2, [1, 0.5, 0, 0.5]));
});

Deno.test("example: crossEntropy() stays finite where the probability underflows to 0", () => {
  const A = Matrix.of(2, 1, [800, 0]);
  strictEqual(softmax(A).at(1, 0), 0);
  const onehot = oneHot(A, Indices.of(1, [1]));
  strictEqual(crossEntropy(A, onehot).at(0, 0), 800); // the listing's -1 · log 0 would be Infinity
});

Deno.test("example: crossEntropy() of scores whose difference overflows is 0 for the greatest, else Infinity", () => {
  const A = Matrix.fromRows([[0, 1e308], [-Infinity, -1e308]]);
  deepStrictEqual(softmax(A), Matrix.fromRows([[1, 1], [0, 0]]));
  const greatest = oneHot(A, Indices.of(2, [0, 0])), least = oneHot(A, Indices.of(2, [1, 1]));
  deepStrictEqual(crossEntropy(A, greatest), Matrix.fromRows([[0, 0]]));
  deepStrictEqual(crossEntropy(A, least), Matrix.fromRows([[Infinity, Infinity]]));
  deepStrictEqual(
    softmaxCrossEntropyBackward(softmax(A), least),
    Matrix.fromRows([[0.5, 0.5], [-0.5, -0.5]]),
  );
});

Deno.test("law: softmax(), crossEntropy() and its gradient are NaN for a NaN, an Infinity or no finite score, and for no other", () => {
  const extreme = fc.constantFrom(0, Number.MAX_VALUE, -Number.MAX_VALUE, -Infinity);
  const score = fc.oneof(
    { weight: 8, arbitrary: extreme },
    { weight: 8, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) },
    { weight: 1, arbitrary: fc.constantFrom(NaN, Infinity) },
  );
  const any = sizes.chain(({ K, B }) => fc.record({ A: matrix(K, B, score), right: labels(B, K) }));
  fc.assert(fc.property(any, ({ A, right }) => {
    const P = softmax(A), onehot = oneHot(A, right);
    const losses = crossEntropy(A, onehot), dA = softmaxCrossEntropyBackward(P, onehot);
    right.values.forEach((label, j) => {
      const column = ({ data, columns }: typeof A) => [...data].filter((_, i) => i % columns === j);
      const scores = column(A), max = Math.max(...scores), loss = losses.at(0, j);
      if (scores.some(Number.isNaN) || !Number.isFinite(max)) {
        ok([loss, ...column(P), ...column(dA)].every(Number.isNaN));
      } else {
        ok([...column(P), ...column(dA)].every(Number.isFinite));
        ok(loss >= 0);
        strictEqual(loss === Infinity, max - scores[label]! === Infinity);
      }
    });
  }));
});

Deno.test("example: oneHot() is 1 at the right class of each example, whatever the scores", () => {
  const A = Matrix.of(3, 2, [NaN, 1, 2, 3, Infinity, 5]);
  deepStrictEqual(oneHot(A, Indices.of(2, [2, 0])), Matrix.of(3, 2, [0, 1, 0, 0, 1, 0]));
});

Deno.test("example: softmaxCrossEntropyBackward() is (P - onehot) / B", () => {
  const P = Matrix.of(3, 2, [0.5, 0.125, 0.25, 0.125, 0.25, 0.75]);
  deepStrictEqual(
    softmaxCrossEntropyBackward(P, oneHot(P, Indices.of(2, [0, 2]))),
    Matrix.of(3, 2, [-0.25, 0.0625, 0.125, 0.0625, 0.125, -0.125]),
  );
});

Deno.test("law: softmax() columns are from 0 to 1 and sum to 1", () => {
  fc.assert(fc.property(batches, ({ A }) => {
    const P = softmax(A);
    ok(P.data.every((p) => p >= 0 && p <= 1));
    // K quotients and K - 1 sums round, each by half an ulp of at most 1
    ok(P.columnSums.data.every((sum) => Math.abs(sum - 1) <= A.rows * Number.EPSILON));
  }));
});

Deno.test("law: softmax() and crossEntropy() are unchanged by adding an integer to integer scores", () => {
  // sums of such numbers are exact, so that nothing is left to a tolerance
  const exact = sizes.chain(({ K, B }) =>
    fc.record({ A: matrix(K, B, fc.integer({ min: -9, max: 9 })), right: labels(B, K) })
  );
  fc.assert(fc.property(exact, fc.constantFrom(-1024, 1, 4096), ({ A, right }, shift) => {
    const moved = A.map((a) => a + shift);
    deepStrictEqual(softmax(moved), softmax(A));
    const onehot = oneHot(A, right);
    deepStrictEqual(crossEntropy(moved, onehot), crossEntropy(A, onehot));
  }));
});

Deno.test("law: crossEntropy() is -ln of the right class's probability", () => {
  fc.assert(fc.property(batches, ({ A, right }) => {
    const P = softmax(A), losses = crossEntropy(A, oneHot(A, right));
    right.values.forEach((k, j) => {
      // ln p carries the relative error of p, a few ulp, as an absolute one
      ok(Math.abs(losses.at(0, j) + log(P.at(k, j))) <= 1e-14);
    });
  }));
});

Deno.test("law: softmaxCrossEntropyBackward() is the gradient of the mean loss with respect to A", () => {
  fc.assert(fc.property(batches, ({ A, right }) => {
    const onehot = oneHot(A, right), dA = softmaxCrossEntropyBackward(softmax(A), onehot);
    const loss = (scores: typeof A) => meanLoss(crossEntropy(scores, onehot)).at(0, 0);
    assertGradient("softmax with cross-entropy dA", dA, loss, A);
  }));
});

Deno.test("example: oneHot() refuses labels that are not one to a column, or no class", () => {
  const A = Matrix.zeros(3, dim("batch", 2));
  const three = Indices.of(dim("batch", 3), [0, 1, 2]), wrong = Indices.of(A.columns, [0, 3]);
  throws(() => oneHot(A, three), new ShapeError("Cannot label 3x2 scores with 3 classes: need 2"));
  throws(
    () => oneHot(A, wrong),
    new RangeError("Cannot use 3 as index 1: there are 3 classes, counted from 0"),
  );
});
