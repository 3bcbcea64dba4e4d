/** The check of every gradient of a network: what it finds right, wrong and undecided. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { entriesToCheck } from "../../lib/checks/layer_checks.ts";
import {
  checkDirection,
  checkGradients,
  firstWrongGradient,
  undecidedGradients,
  wrongDirection,
} from "../../lib/checks/network_check.ts";
import { backward, forward, RandomState, readParameters } from "../../mod.ts";
import { drawnBatch, sureOfClass3 } from "../helpers/gradients.ts";
import { type Functions, GRADIENT_MISTAKES } from "./gradient_mistakes.ts";
import { fixture } from "../helpers/fixtures.ts";

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

Deno.test("example: firstWrongGradient() names the wrong gradient nearest to the loss, though later ones are wrong too", () => {
  const { p, batch, random } = drawnBatch(2);
  const functions: Functions = {
    replaced: {
      db2: ({ dA2 }) => dA2.map((y) => 2 * y).rowSums,
      dA1: ({ dY1 }) => dY1,
      db1: ({ dA1 }) => dA1.map((y) => 2 * y).rowSums,
    },
    backward: (p, a, right) => ({ ...backward(p, a, right), gradients: p }),
  };
  const results = checkGradients(p, batch, { entries: 20, random }, functions);
  const wrong = results.filter(({ verdict }) => verdict === "wrong");
  deepStrictEqual(wrong.map(({ check }) => check.name), [
    ...["affine db2", "sigmoid dA1", "affine db1"],
    ...["network dW2", "network db2", "network dW1", "network db1"],
  ]);
  ok(firstWrongGradient(results)!.startsWith("affine db2 is wrong"));
});

Deno.test("example: firstWrongGradient() does not pass over NaN, and finds nothing where all is well", () => {
  const { p, batch, random } = drawnBatch(3);
  strictEqual(firstWrongGradient(checkGradients(p, batch, { entries: 20, random })), undefined);
  const functions: Functions = { replaced: { dA1: ({ Y1 }) => Y1.map(() => NaN) } };
  const results = checkGradients(p, batch, { entries: 20, random }, functions);
  ok(/^sigmoid dA1 is wrong at \(\d, \d\): NaN, /.test(firstWrongGradient(results)!));
});

Deno.test("example: checkGradients() finds trained parameters right, with smaller gradients", () => {
  const p = readParameters(fixture("parameter.npz"));
  const { batch, random } = drawnBatch(4);
  const results = checkGradients(p, batch, { entries: 20, random });
  deepStrictEqual(new Set(results.map(({ verdict }) => verdict)), new Set(["right"]));
  strictEqual(checkDirection(p, batch, random).verdict, "right");
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
