/** The check of every gradient of a network: what it finds right, wrong and undecided; and the
 * gradient of all parameters at once, along one random direction. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { DIRECTION_BOUND } from "../../lib/checks/directional_check.ts";
import { entriesToCheck } from "../../lib/checks/layer_checks.ts";
import {
  checkDirection,
  checkGradients,
  firstWrongGradient,
  undecidedGradients,
  wrongDirection,
} from "../../lib/checks/network_check.ts";
import { backward, directionalError, forward, randomDirection, RandomState } from "../../mod.ts";
import { labels, matrix, parameters, sizes } from "../helpers/arbitraries.ts";
import { drawnBatch, sureOfClass3 } from "../helpers/gradients.ts";
import { type Functions, GRADIENT_MISTAKES } from "./gradient_mistakes.ts";
import fc from "fast-check";

/** The bound of the error, relative to a gradient's largest entry. */
const BOUND = 1e-9;

Deno.test("example: checkGradients() finds every gradient of the report's network right, with errors of 1e-9 at most", () => {
  const { p, batch, random } = drawnBatch(0, 80, 2);
  const results = checkGradients(p, batch, { entries: 16, random });
  strictEqual(results.length, 11);
  for (const { check, error, verdict } of results) {
    strictEqual(verdict, "right", check.name);
    ok(error <= BOUND, `${check.name}: ${error}`);
  }
});

for (const [what, functions, first] of GRADIENT_MISTAKES) {
  Deno.test(`example: firstWrongGradient() names ${first} for ${what}`, () => {
    const { p, batch, random } = drawnBatch(1);
    const results = checkGradients(p, batch, { entries: 20, random }, functions);
    const failure = firstWrongGradient(results)!;
    ok(failure.startsWith(`${first} is wrong at (`), failure);
    const { by, file } = results.find(({ check }) => check.name === first)!.check;
    ok(failure.includes(`: see ${by}() in ${file}, `), failure);
    const joined = first.startsWith("network");
    strictEqual(
      failure.endsWith("each layer by itself is right, so it connects them wrongly"),
      joined,
    );
  });
}

Deno.test("example: firstWrongGradient() does not pass over NaN, and finds nothing where all is well", () => {
  const { p, batch, random } = drawnBatch(3);
  strictEqual(firstWrongGradient(checkGradients(p, batch, { entries: 20, random })), undefined);
  const functions: Functions = { replaced: { dA1: ({ Y1 }) => Y1.map(() => NaN) } };
  const results = checkGradients(p, batch, { entries: 20, random }, functions);
  ok(/^sigmoid dA1 is wrong at \(\d, \d\): NaN, /.test(firstWrongGradient(results)!));
});

Deno.test("example: undecidedGradients() names what rounding decides, and a mistake in it is still wrong", () => {
  const { p, batch, random } = sureOfClass3(5, 20);
  const results = checkGradients(p, batch, { entries: 20, random });
  strictEqual(firstWrongGradient(results), undefined);
  const direction = checkDirection(p, batch, random);
  strictEqual(wrongDirection(direction), undefined);
  const text = undecidedGradients(results, direction)!;
  match(
    text,
    /^softmax dA2, network dW2, network db2, network dW1, network db1, direction cannot be decided from these parameters: rounding may move the differences of softmax dA2 by \d\.\de-1[345], more than 1e-9 of its largest entry, \d\.\de-1[789]$/,
  );
  const functions: Functions = {
    replaced: { dA1: ({ Y1, dY1 }) => dY1.zip(Y1, (dy, y) => dy * y) },
  };
  const wrong = firstWrongGradient(checkGradients(p, batch, { entries: 20, random }, functions));
  ok(wrong!.startsWith("sigmoid dA1"));
});

Deno.test("example: undecidedGradients() finds nothing where all is decided, and says so of an overflow", () => {
  const { p, batch, random } = drawnBatch(6);
  const results = checkGradients(p, batch, { entries: 4, random });
  strictEqual(undecidedGradients(results, checkDirection(p, batch, random)), undefined);
  const huge = { ...p, W2: p.W2.map((w) => w * 1e308) };
  const overflowing = checkGradients(huge, batch, { entries: 4, random });
  strictEqual(firstWrongGradient(overflowing), undefined);
  match(
    undecidedGradients(overflowing)!,
    /^softmax dA2, .* cannot be decided from these parameters: the differences of softmax dA2 are NaN$/,
  );
});

Deno.test("example: checkDirection() finds a wrong entry of dW1 that checkGradients() does not draw", () => {
  const { p, batch, random } = drawnBatch(8);
  const right = backward(p, forward(p, batch.X), batch.labels).gradients.W1;
  const drawn = entriesToCheck(right, 20, new RandomState(1));
  const missed = right.data.findIndex((g, entry) => g !== 0 && !drawn.includes(entry));
  const functions: Functions = {
    backward: (p, a, labels) => {
      const all = backward(p, a, labels), W1 = all.gradients.W1.map((g) => g);
      W1.data[missed]! += 1e-6;
      return { ...all, gradients: { ...all.gradients, W1 } };
    },
  };
  const results = checkGradients(p, batch, { entries: 20, random, layer: "network" }, functions);
  strictEqual(firstWrongGradient(results), undefined);
  const direction = checkDirection(p, batch, random, functions);
  strictEqual(direction.verdict, "wrong");
  match(
    wrongDirection(direction)!,
    /^the gradient of all parameters is wrong along a random direction: \S+, by differences \S+: see backward\(\) in lib\/network\/network\.ts, and check more entries with --entries$/,
  );
  // differences of that entry itself show it
  const check = results.find(({ check: { name } }) => name === "network dW1")!.check;
  strictEqual(check.compare(Uint32Array.of(missed)).verdict, "wrong");
});

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
