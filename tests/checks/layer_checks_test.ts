/** Gradients of each layer and of the network by finite differences, and the choice of entries. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import {
  type CheckedFunctions,
  entriesToCheck,
  type LayerCheck,
  layerChecks,
} from "../../lib/checks/layer_checks.ts";
import { Indices, initialise, Matrix, RandomState } from "../../mod.ts";
import { labels, matrix, parameters, sizes } from "../helpers/arbitraries.ts";

/** Compares every entry of a gradient. */
function compareAll({ analytic, compare }: LayerCheck) {
  return compare(Uint32Array.from(analytic.data, (_, entry) => entry));
}

Deno.test("law: none of layerChecks() is wrong, on any network and batch", () => {
  const cases = sizes.chain((size) =>
    fc.record({ p: parameters(size), X: matrix(size.D, size.B), right: labels(size.B, size.K) })
  );
  fc.assert(fc.property(cases, ({ p, X, right }) => {
    const checks = layerChecks(p, { X, labels: right });
    strictEqual(checks.length, 11);
    for (const check of checks) {
      const { verdict, analytic, numerical } = compareAll(check);
      ok(verdict !== "wrong", `${check.name}: ${analytic}, by differences ${numerical}`);
    }
  }));
});

Deno.test("example: entriesToCheck() takes all, or the largest and as many others, each once", () => {
  const gradient = Matrix.of(3, 4, [0, 0, -9, 0, 1, 0, 8, 0, NaN, 0, 0, 0]);
  const random = new RandomState(1);
  strictEqual([...entriesToCheck(gradient, 12, random)].join(), "0,1,2,3,4,5,6,7,8,9,10,11");
  for (const most of [2, 5, 11]) {
    const entries = [...entriesToCheck(gradient, most, random)];
    strictEqual(new Set(entries).size, most);
    ok(entries.every((entry) => entry >= 0 && entry < 12));
    const largest = [8, 2, 6, 4].slice(0, Math.ceil(most / 2)); // NaN is the largest of all
    deepStrictEqual(entries.slice(0, largest.length), largest);
  }
  // drawn, not the first or the last of them
  const others = Array.from({ length: 50 }, () => entriesToCheck(gradient, 2, random)[1]);
  strictEqual(new Set(others).size, 11);
});

/** The check of one gradient in a network of 2-3-2 and two examples. */
function smallCheck(wanted: string, functions: CheckedFunctions<2, 3, 2, 2> = {}): LayerCheck {
  const parameters = initialise(2, 3, 2, new RandomState(1));
  const batch = { X: Matrix.fromRows([[0, 0.5], [1, 0.25]]), labels: Indices.of(2, [1, 0]) };
  return layerChecks(parameters, batch, functions).find(({ name }) => name === wanted)!;
}

Deno.test("example: layerChecks() gives the place of an entry in its gradient, whichever entries are compared", () => {
  const { compare } = smallCheck("affine dW2");
  for (const entry of [0, 2, 3, 5]) {
    const { row, column } = compare(Uint32Array.of(entry));
    deepStrictEqual([row, column], [Math.floor(entry / 3), entry % 3]);
  }
});

Deno.test("example: layerChecks() names the entry that is most wrong, also one that is NaN", () => {
  const right = smallCheck("affine dW2").analytic;
  for (const wrong of [1, NaN]) {
    const dW2 = Matrix.of(2, 3, right.data.map((x, i) => x + [0, 1e-3, 1e-2, 0, wrong, 0][i]!));
    const { row, column, verdict } = compareAll(
      smallCheck("affine dW2", { replaced: { dW2: () => dW2 } }),
    );
    deepStrictEqual([row, column, verdict], [1, 1, "wrong"]);
  }
});

Deno.test("example: layerChecks() of replaced functions compares these with each other", () => {
  const errorOf = (replaced: NonNullable<CheckedFunctions<2, 3, 2, 2>["replaced"]>) =>
    compareAll(smallCheck("sigmoid dA1", { replaced })).error;
  // another activation function and its derivative are right together, and wrong one by one
  const square = { Y1: ({ A1 }: { A1: Matrix<3, 2> }) => A1.map((a) => a * a) };
  const derivative = {
    dA1: ({ A1, dY1 }: { A1: Matrix<3, 2>; dY1: Matrix<3, 2> }) =>
      dY1.zip(A1, (dy, a) => dy * 2 * a),
  };
  ok(errorOf({ ...square, ...derivative }) < 1e-9); // gradcheck's bound
  ok(errorOf(square) > 0.01);
  ok(errorOf(derivative) > 0.01);
});

Deno.test("example: layerChecks() hands replaced functions the learning rate", () => {
  // W2 updated too early, by so much more at a greater rate
  const [small, large] = [0.1, 1].map((learningRate) => {
    const { error, scale } = compareAll(smallCheck("affine dY1", {
      replaced: {
        dY1: ({ W2, dW2, dA2, η }) => W2.zip(dW2, (w, dw) => w - η * dw).transposed.multiply(dA2),
      },
      learningRate,
    }));
    return error * scale;
  });
  ok(Math.abs(large! / small! - 10) < 1e-6, `${large} ${small}`); // differences are off by 1e-9
});
