/** The gradient of all parameters at once, along one random direction. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { DIRECTION_BOUND } from "../../lib/checks/directional_check.ts";
import { backward, directionalError, forward, randomDirection, RandomState } from "../../mod.ts";
import { labels, matrix, parameters, sizes } from "../helpers/arbitraries.ts";
import { drawnBatch } from "../helpers/gradients.ts";

const NAMES = ["W1", "b1", "W2", "b2"] as const;

Deno.test("law: directionalError() of backward() is within the bound and rounding, on any network and batch", () => {
  const cases = sizes.chain((size) =>
    fc.record({
      p: parameters(size),
      X: matrix(size.D, size.B),
      right: labels(size.B, size.K),
      seed: fc.nat(),
    })
  );
  fc.assert(fc.property(cases, ({ p, X, right, seed }) => {
    const direction = randomDirection(p, new RandomState(seed));
    const found = directionalError(p, { X, labels: right }, direction);
    ok(found.verdict !== "wrong", `${found.analytic}, by differences ${found.numerical}`);
    const { error, scale, uncertainty } = found;
    ok(error * scale <= DIRECTION_BOUND * scale + uncertainty);
  }));
});

Deno.test("example: directionalError() of the report's network is right, with less rounding than the bound", () => {
  for (const seed of [601, 1, 2]) {
    const { p, batch, random } = drawnBatch(seed, 80, 10);
    const found = directionalError(p, batch, randomDirection(p, random));
    const { verdict, error, uncertainty, scale } = found;
    strictEqual(verdict, "right");
    ok(error <= DIRECTION_BOUND && uncertainty <= DIRECTION_BOUND * scale, `${error}`);
  }
});

Deno.test("example: directionalError() of gradients whose squares overflow is right, and finds a wrong one", () => {
  const { p, batch, random } = drawnBatch(601), direction = randomDirection(p, random);
  for (const factor of [1e160, 1e250]) {
    const large = { ...p, W2: p.W2.scale(factor) };
    const { gradients } = backward(large, forward(large, batch.X), batch.labels);
    strictEqual(directionalError(large, batch, direction, gradients).verdict, "right");
    const wrong = { ...gradients, W1: gradients.W1.scale(1.001) };
    strictEqual(directionalError(large, batch, direction, wrong).verdict, "wrong");
  }
});

Deno.test("example: directionalError() finds one wrong entry anywhere, and a gradient that is left out", () => {
  const { p, batch, random } = drawnBatch(3), direction = randomDirection(p, random);
  const right = backward(p, forward(p, batch.X), batch.labels).gradients;
  for (const name of NAMES) {
    const at = random.randint(0, right[name].data.length, 1)[0]!;
    const wrong = right[name].map((x) => x);
    wrong.data[at]! += 1e-6;
    for (const gradient of [wrong, right[name].scale(0)]) {
      const { verdict } = directionalError(p, batch, direction, { ...right, [name]: gradient });
      strictEqual(verdict, "wrong", `${name}, entry ${at}`);
    }
  }
  const none = Object.fromEntries(NAMES.map((name) => [name, right[name].scale(0)]));
  const { verdict, error } = directionalError(p, batch, direction, none as unknown as typeof right);
  deepStrictEqual([verdict, error], ["wrong", 1]);
});

Deno.test("example: directionalError() is relative to |gradient| |direction|, not to the derivative itself", () => {
  const { p, batch, random } = drawnBatch(5), direction = randomDirection(p, random);
  const { gradients } = backward(p, forward(p, batch.X), batch.labels);
  const squares = NAMES.flatMap((name) => [...gradients[name].data].map((g) => g * g));
  const length = Math.sqrt(squares.reduce((sum, square) => sum + square));
  const { scale, analytic, numerical, error } = directionalError(p, batch, direction);
  ok(Math.abs(scale / length - 1) < 1e-12); // the direction has length 1, but for rounding
  ok(Math.abs(analytic) < scale / 10);
  strictEqual(error, Math.abs(analytic - numerical) / scale);
  const [W1, b1, W2, b2] = NAMES.map((name) => direction[name].scale(1024));
  const longer = directionalError(p, batch, { W1, b1, W2, b2 } as unknown as typeof direction);
  deepStrictEqual([longer.verdict, longer.analytic], ["right", 1024 * analytic]); // exact
});

Deno.test("example: randomDirection() is drawn from a normal distribution, whose directions are uniform, and has length 1", () => {
  const { p } = drawnBatch(1), direction = randomDirection(p, new RandomState(2));
  const entries = NAMES.flatMap((name) => [...direction[name].data]);
  const random = new RandomState(2), drawn = entries.map(() => random.normal(0, 1));
  const length = Math.sqrt(drawn.reduce((sum, x) => sum + x * x, 0));
  // the sum of squares is added in another order: a few roundings
  entries.forEach((v, i) => ok(Math.abs(v - drawn[i]! / length) <= 1e-15));
  for (const name of NAMES) deepStrictEqual(direction[name].rows, p[name].rows);
});
