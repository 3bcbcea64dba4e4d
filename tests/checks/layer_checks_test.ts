/** Gradients of each layer and of the network by finite differences, and the choice of entries. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { entriesToCheck, layerChecks } from "../../lib/checks/layer_checks.ts";
import { Matrix, RandomState } from "../../mod.ts";
import { labels, matrix, parameters, sizes } from "../helpers/arbitraries.ts";

Deno.test("law: every one of layerChecks() is true, on any network and batch", () => {
  const cases = sizes.chain((size) =>
    fc.record({ p: parameters(size), X: matrix(size.D, size.B), right: labels(size.B, size.K) })
  );
  fc.assert(fc.property(cases, ({ p, X, right }) => {
    const checks = layerChecks(p, { X, labels: right });
    strictEqual(checks.length, 11);
    for (const { name, analytic, compare } of checks) {
      const all = Uint32Array.from(analytic.data, (_, i) => i);
      const { error, scale } = compare(all);
      // as in helpers/gradients.ts: beside a tiny gradient, rounding of the sums is no longer small
      ok(error * scale <= 1e-8 * Math.max(scale, 0.01), `${name}: ${error} of ${scale}`);
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
