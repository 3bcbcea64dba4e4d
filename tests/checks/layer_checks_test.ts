/** Gradients of each layer and of the network by finite differences, and the choice of entries. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import {
  type CheckedFunctions,
  entriesToCheck,
  layerChecks,
} from "../../lib/checks/layer_checks.ts";
import { Indices, initialise, Matrix, RandomState, type Replacements } from "../../mod.ts";
import { labels, matrix, parameters, sizes } from "../helpers/arbitraries.ts";

Deno.test("law: none of layerChecks() is wrong, on any network and batch", () => {
  const cases = sizes.chain((size) =>
    fc.record({ p: parameters(size), X: matrix(size.D, size.B), right: labels(size.B, size.K) })
  );
  fc.assert(fc.property(cases, ({ p, X, right }) => {
    const checks = layerChecks(p, { X, labels: right });
    strictEqual(checks.length, 11);
    for (const { name, analytic, compare } of checks) {
      const { verdict, ...found } = compare(Uint32Array.from(analytic.data, (_, i) => i));
      ok(verdict !== "wrong", `${name}: ${found.analytic}, by differences ${found.numerical}`);
    }
  }));
});

Deno.test("example: entriesToCheck() takes all, or the largest and as many others, each once", () => {
  const gradient = Matrix.of(3, 4, [0, 0, -9, 0, 1, 0, 8, 0, NaN, 0, 0, 0]);
  const random = new RandomState(1);
  deepStrictEqual(
    [...entriesToCheck(gradient, 12, random)],
    Array.from({ length: 12 }, (_, i) => i),
  );
  for (const most of [2, 5, 11]) {
    const entries = [...entriesToCheck(gradient, most, random)];
    strictEqual(new Set(entries).size, most);
    ok(entries.every((entry) => entry >= 0 && entry < 12));
    const largest = [8, 2, 6, 4].slice(0, Math.ceil(most / 2)); // NaN is the largest of all
    deepStrictEqual(entries.slice(0, largest.length), largest);
  }
});

/** Checks of a network of 2-3-2 and two examples. */
function smallChecks(functions: CheckedFunctions<2, 3, 2, 2> = {}) {
  const parameters = initialise(2, 3, 2, new RandomState(1));
  const batch = { X: Matrix.fromRows([[0, 0.5], [1, 0.25]]), labels: Indices.of(2, [1, 0]) };
  return layerChecks(parameters, batch, functions);
}

Deno.test("example: layerChecks() gives the place of an entry in its gradient, whichever entries are compared", () => {
  const { compare } = smallChecks().find(({ name }) => name === "affine dW2")!;
  for (const entry of [0, 2, 3, 5]) {
    const { row, column } = compare(Uint32Array.of(entry));
    deepStrictEqual([row, column], [Math.floor(entry / 3), entry % 3]);
  }
});

Deno.test("example: layerChecks() of replaced functions compares these with each other", () => {
  const all = Uint32Array.from({ length: 6 }, (_, i) => i);
  const errorOf = (replaced: Replacements<2, 3, 2, 2>) => {
    const { compare } = smallChecks({ replaced }).find(({ name }) => name === "sigmoid dA1")!;
    return compare(all).error;
  };
  // another activation function and its derivative are right together, and wrong one by one
  const square: Replacements<2, 3, 2, 2> = { Y1: ({ A1 }) => A1.map((a) => a * a) };
  const derivative: Replacements<2, 3, 2, 2> = {
    dA1: ({ A1, dY1 }) => dY1.zip(A1, (dy, a) => dy * 2 * a),
  };
  ok(errorOf({ ...square, ...derivative }) < 1e-9); // gradcheck's bound
  ok(errorOf(square) > 0.01);
  ok(errorOf(derivative) > 0.01);
});

Deno.test("example: layerChecks() hands replaced functions the learning rate, by default 1", () => {
  // W2 updated too early, by so much more at a greater rate
  const replaced: Replacements<2, 3, 2, 2> = {
    dY1: ({ W2, dW2, dA2, η }) => W2.zip(dW2, (w, dw) => w - η * dw).transposed.multiply(dA2),
  };
  const [small, one, byDefault] = [0.1, 1, undefined].map((learningRate) => {
    const functions = learningRate === undefined ? { replaced } : { replaced, learningRate };
    const { analytic, compare } = smallChecks(functions).find(({ name }) => name === "affine dY1")!;
    const { error, scale } = compare(Uint32Array.from(analytic.data, (_, i) => i));
    return error * scale;
  });
  strictEqual(byDefault, one);
  ok(Math.abs(one! / small! - 10) < 1e-6, `${one} ${small}`); // differences are off by 1e-9
});
