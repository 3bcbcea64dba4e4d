/** The gradient of all parameters at once, along one random direction. */
import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { DIRECTION_BOUND } from "../../lib/checks/directional_check.ts";
import {
  backward,
  dim,
  directionalError,
  forward,
  initialise,
  Matrix,
  randomDirection,
  RandomState,
  ShapeError,
} from "../../mod.ts";
import { labels, matrix, parameters, sizes } from "../helpers/arbitraries.ts";
import { drawnBatch } from "../helpers/drawn_batch.ts";

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
    const { verdict, error, uncertainty, scale } = directionalError(
      ...[p, batch, randomDirection(p, random)] as const,
    );
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

Deno.test("example: directionalError() finds one wrong entry anywhere, as none of its kind can be missed", () => {
  const { p, batch, random } = drawnBatch(3), direction = randomDirection(p, random);
  const right = backward(p, forward(p, batch.X), batch.labels).gradients;
  for (const name of NAMES) {
    const at = random.randint(0, right[name].data.length, 1)[0]!;
    const wrong = right[name].map((x) => x);
    wrong.data[at]! += 1e-6;
    const found = directionalError(p, batch, direction, { ...right, [name]: wrong });
    strictEqual(found.verdict, "wrong", `${name}, entry ${at}`);
  }
});

Deno.test("example: directionalError() finds a gradient that is left out, even all of them", () => {
  const { p, batch, random } = drawnBatch(4), direction = randomDirection(p, random);
  const right = backward(p, forward(p, batch.X), batch.labels).gradients;
  for (const name of NAMES) {
    const without = { ...right, [name]: right[name].map(() => 0) };
    strictEqual(directionalError(p, batch, direction, without).verdict, "wrong", name);
  }
  const none = Object.fromEntries(NAMES.map((name) => [name, right[name].map(() => 0)]));
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
});

Deno.test("example: directionalError() of a direction twice as long is twice the derivative", () => {
  const { p, batch, random } = drawnBatch(6), direction = randomDirection(p, random);
  const [W1, b1, W2, b2] = NAMES.map((name) => direction[name].map((v) => 2 * v));
  const twice = { W1, b1, W2, b2 } as unknown as typeof direction;
  const one = directionalError(p, batch, direction), two = directionalError(p, batch, twice);
  strictEqual(two.analytic, 2 * one.analytic); // doubling is exact
  strictEqual(two.verdict, "right");
});

Deno.test("example: randomDirection() has length 1, in the shapes of the parameters, and leaves them", () => {
  const p = initialise(dim("inputs", 5), dim("hidden", 4), dim("classes", 3), new RandomState(1));
  const before = NAMES.map((name) => [...p[name].data]);
  const direction = randomDirection(p, new RandomState(2));
  // drawn in the order W1, b1, W2, b2, from a normal distribution, whose directions are uniform
  const random = new RandomState(2);
  const drawn = Array.from({ length: 20 + 4 + 12 + 3 }, () => random.normal(0, 1));
  const length = Math.sqrt(drawn.reduce((sum, x) => sum + x * x, 0));
  const entries = NAMES.flatMap((name) => [...direction[name].data]);
  // the sum of squares is added in another order: a few roundings
  entries.forEach((v, i) => ok(Math.abs(v - drawn[i]! / length) <= 1e-15));
  for (const name of NAMES) {
    deepStrictEqual([direction[name].rows, direction[name].columns], [
      p[name].rows,
      p[name].columns,
    ]);
  }
  deepStrictEqual(NAMES.map((name) => [...p[name].data]), before);
});

Deno.test("example: directionalError() throws ShapeError where run-time sizes of one name differ", () => {
  const { p, batch } = drawnBatch(7);
  const other = initialise(p.W1.columns, dim("hidden", 5), p.W2.rows, new RandomState(1));
  throws(
    () => directionalError(p, batch, other),
    new ShapeError("Cannot combine 6x784 with 5x784 entry by entry: shapes must be equal"),
  );
  throws(
    () => directionalError(p, { ...batch, X: Matrix.zeros(dim("inputs", 3), batch.X.columns) }, p),
    new ShapeError("Cannot multiply 6x784 by 3x3: the right matrix must have 784 rows"),
  );
});
