// The whole network: initial parameters, forward, backward and the update.
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  backward,
  crossEntropy,
  forward,
  type Indices,
  type Matrix,
  meanLoss,
  oneHot,
  type Parameters,
  REPORT_SETTINGS,
  sgd,
} from "../../mod.ts";
import { labels, matrix, parameters, sizes } from "../helpers/arbitraries.ts";
import { assertGradient } from "../helpers/gradients.ts";
import fc from "fast-check";

const networks = sizes.chain((size) =>
  fc.record({
    p: parameters(size),
    X: matrix(size.D, size.B),
    right: labels(size.B, size.K),
  })
);

function lossOf<D extends number, M extends number, K extends number, B extends number>(
  p: Parameters<D, M, K>,
  X: Matrix<NoInfer<D>, B>,
  right: Indices<B>,
): number {
  const { A2 } = forward(p, X);
  return meanLoss(crossEntropy(A2, oneHot(A2, right))).at(0, 0);
}

Deno.test("law: backward() is the gradient of the mean loss with respect to every parameter", () => {
  fc.assert(fc.property(networks, ({ p, X, right }) => {
    const { gradients } = backward(p, forward(p, X), right);
    const loss = (q: typeof p) => lossOf(q, X, right);
    assertGradient("network dW1", gradients.W1, (W1) => loss({ ...p, W1 }), p.W1);
    assertGradient("network db1", gradients.b1, (b1) => loss({ ...p, b1 }), p.b1);
    assertGradient("network dW2", gradients.W2, (W2) => loss({ ...p, W2 }), p.W2);
    assertGradient("network db2", gradients.b2, (b2) => loss({ ...p, b2 }), p.b2);
  }));
});

Deno.test("law: sgd() takes learningRate times the gradient from every parameter", () => {
  const pairs = sizes.chain((size) => fc.tuple(parameters(size), parameters(size)));
  fc.assert(fc.property(pairs, ([p, g]) => {
    const before = [...p.W1.data];
    const after = sgd(p, g, 0.3);
    for (const name of ["W1", "b1", "W2", "b2"] as const) {
      deepStrictEqual(
        [...after[name].data],
        Array.from(p[name].data, (w, i) => w - 0.3 * g[name].data[i]!),
      );
    }
    deepStrictEqual([...p.W1.data], before);
  }));
});

Deno.test("law: a small step of sgd() along the gradient lowers the loss", () => {
  fc.assert(fc.property(networks, ({ p, X, right }) => {
    const loss = (q: typeof p) => lossOf(q, X, right);
    const { gradients } = backward(p, forward(p, X), right);
    const steepness = gradients.b2.data.reduce((sum, g) => sum + g * g, 0);
    fc.pre(steepness > 1e-6); // at the very bottom there is nothing to gain
    strictEqual(loss(sgd(p, gradients, 1e-3)) < loss(p), true);
  }));
});

Deno.test("example: REPORT_SETTINGS are those of the report's listing", () => {
  deepStrictEqual(REPORT_SETTINGS, {
    seed: 601,
    hidden: 80,
    batchSize: 100,
    learningRate: 0.01,
    epochs: 30,
  });
});
