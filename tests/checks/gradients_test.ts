// The checks of gradients: of each layer, of the network, and along one random direction.
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { runStep, STEP, type StepValues } from "../../lib/network/step.ts";
import { RandomState } from "../../lib/random/random_state.ts";
import { Matrix } from "../../lib/math/matrix.ts";
import { Indices } from "../../lib/math/indices.ts";
import { gradientError, innerProduct, numericalGradient } from "../../lib/checks/gradient_check.ts";
import { type Dim, dim } from "../../lib/math/shape.ts";
import { backward, forward, initialise } from "../../lib/network/network.ts";
import {
  checkDirection,
  type CheckedFunctions,
  checkGradients,
  DIRECTION_BOUND,
  entriesToCheck,
  firstWrongGradient,
  type LayerCheck,
  layerChecks,
  undecidedGradients,
  wrongDirection,
} from "../../lib/checks/layer_checks.ts";
import { compareWithDifferences, lossRounding, outputRounding } from "../../lib/checks/verdict.ts";
import { labels, matrix, parameters, sizes } from "../helpers/arbitraries.ts";
import { drawnBatch, sureOfClass3 } from "../helpers/gradients.ts";
import { GRADIENT_MISTAKES } from "./gradient_mistakes.ts";

const integer = fc.integer({ min: -999, max: 999 });

Deno.test("law: numericalGradient() of a weighted sum of cubes is 3 x² times the weights", () => {
  const cases = sizes.chain(({ M, B }) => fc.tuple(matrix(M, B, integer), matrix(M, B, integer)));
  fc.assert(fc.property(cases, ([C, X]) => {
    const f = (X: typeof C) => innerProduct(C, X.map((x) => x * x * x));
    // a cube has no fifth derivative, and with steps of 2 and 1 every sum is an exact integer
    deepStrictEqual(numericalGradient(f, X, 2), C.zip(X, (c, x) => 3 * c * x * x + 0)); // not -0
  }));
});

Deno.test("example: numericalGradient() errs by the fourth power of the step", () => {
  const quintic = (X: Matrix<1, 1>) => X.at(0, 0) ** 5, one = Matrix.of(1, 1, [1]);
  const error = (h: number) => Math.abs(numericalGradient(quintic, one, h).at(0, 0) - 5);
  // D(h) = 5 + 10 h² + h⁴, so the extrapolation leaves h⁴/4
  ok(Math.abs(error(0.4) / (0.4 ** 4 / 4) - 1) < 1e-9);
  ok(Math.abs(error(0.2) / (0.2 ** 4 / 4) - 1) < 1e-9);
});

Deno.test("example: gradientError() returns where the gradients differ most, relative to the largest entry", () => {
  const analytic = Matrix.of(2, 2, [8, 1, 0, -3]), numerical = Matrix.of(2, 2, [8, 1, 0.5, -5]);
  const place = { row: 1, column: 1, analytic: -3, numerical: -5 };
  deepStrictEqual(gradientError(analytic, numerical), { error: 0.25, scale: 8, ...place });
  // relative to the zeros alone, nothing could be divided, and a gradient left out would pass
  const zeros = Matrix.zeros(1, 2), other = Matrix.of(1, 2, [1, -2]);
  for (const found of [gradientError(zeros, other), gradientError(other, zeros)]) {
    deepStrictEqual([found.error, found.scale], [1, 2]);
  }
  strictEqual(gradientError(zeros, zeros).error, 0);
});

Deno.test("example: innerProduct() keeps what a plain sum loses", () => {
  const ones = Matrix.of(1, 4, [1, 1, 1, 1]);
  strictEqual(innerProduct(ones, Matrix.of(1, 4, [1, 1e100, 1, -1e100])), 2);
});

/** Compares every entry of a gradient. */
function compareAll({ analytic, compare }: LayerCheck) {
  return compare(Uint32Array.from(analytic.data, (_, entry) => entry));
}

Deno.test("law: none of layerChecks() is wrong, on any network and batch", () => {
  const cases = sizes.chain((size) =>
    fc.record({ p: parameters(size), X: matrix(size.D, size.B), right: labels(size.B, size.K) })
  );
  fc.assert(
    fc.property(cases, ({ p, X, right }) => {
      const checks = layerChecks(p, { X, labels: right });
      strictEqual(checks.length, 11);
      for (const check of checks) {
        const { verdict, analytic, numerical } = compareAll(check);
        ok(verdict !== "wrong", `${check.name}: ${analytic}, by differences ${numerical}`);
      }
    }),
    { numRuns: 40 },
  );
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

type AnyStep = StepValues<Dim<"inputs">, Dim<"hidden">, Dim<"classes">, Dim<"batch">>;

/** The check of one gradient in a network of 2-3-2 and two examples. */
function smallCheck(wanted: string, functions: CheckedFunctions = {}): LayerCheck {
  const [D, B] = [dim("inputs", 2), dim("batch", 2)];
  const parameters = initialise(D, dim("hidden", 3), dim("classes", 2), new RandomState(1));
  const batch = { X: Matrix.of(D, B, [0, 0.5, 1, 0.25]), labels: Indices.of(B, [1, 0]) };
  return layerChecks(parameters, batch, functions).find(({ name }) => name === wanted)!;
}

Deno.test("example: layerChecks() names the entry that is most wrong, also one that is NaN", () => {
  const right = smallCheck("affine dW2").analytic;
  for (const wrong of [1, NaN]) {
    const dW2 = right.data.map((x, i) => x + [0, 1e-3, 1e-2, 0, wrong, 0][i]!);
    const replaced = { dW2: ({ W2 }: AnyStep) => Matrix.of(W2.rows, W2.columns, dW2) };
    const { row, column, verdict } = compareAll(smallCheck("affine dW2", { replaced }));
    deepStrictEqual([row, column, verdict], [1, 1, "wrong"]);
  }
});

Deno.test("example: layerChecks() of replaced functions compares these with each other", () => {
  const errorOf = (replaced: NonNullable<CheckedFunctions["replaced"]>) =>
    compareAll(smallCheck("sigmoid dA1", { replaced })).error;
  // another activation function and its derivative are right together, and wrong one by one
  const square = { Y1: ({ A1 }: AnyStep) => A1.map((a) => a * a) };
  const derivative = { dA1: ({ A1, dY1 }: AnyStep) => dY1.zip(A1, (dy, a) => dy * 2 * a) };
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

Deno.test("example: compareWithDifferences() decides by the bound where rounding is within it", () => {
  const tolerances = { widest: 0.75, rounding: 0.25, allowed: 1 }; // uncertainty 3 · 0.25 / 0.75
  const compare = (analytic: number) => compareWithDifferences(analytic, () => 10, tolerances);
  for (const right of [10.5, 8]) {
    deepStrictEqual(compare(right), { numerical: 10, uncertainty: 1, verdict: "right" });
  }
  // narrower steps are less certain: at a 64th of the widest, by 64
  strictEqual(compare(12.5).verdict, "undecided");
  for (const wrong of [100, -100]) {
    deepStrictEqual(compare(wrong), { numerical: 10, uncertainty: 1, verdict: "wrong" });
  }
  const { verdict } = compareWithDifferences(10, () => 10, { ...tolerances, allowed: 0.99 });
  strictEqual(verdict, "undecided");
});

Deno.test("example: compareWithDifferences() takes narrower steps until they agree", () => {
  const seen: number[] = [];
  const bent = (h: number) => {
    seen.push(h);
    return h > 1 ? 7 : 5;
  };
  const tolerances = { widest: 32, rounding: 0, allowed: 1e-9 };
  strictEqual(compareWithDifferences(5, bent, tolerances).verdict, "right");
  deepStrictEqual(seen, [32, 8, 2, 0.5]);
  // a wrong derivative agrees at none, and the widest is returned
  const wrong = compareWithDifferences(6, bent, tolerances);
  deepStrictEqual(wrong, { numerical: 7, uncertainty: 0, verdict: "wrong" });
});

Deno.test("example: compareWithDifferences() finds a derivative that is NaN, and decides nothing if the differences are", () => {
  const verdict = (analytic: number, numerical: number, rounding = 0) =>
    compareWithDifferences(analytic, () => numerical, { widest: 0.01, rounding, allowed: 1 })
      .verdict;
  for (const analytic of [NaN, Infinity]) strictEqual(verdict(analytic, 1), "wrong");
  for (const broken of [NaN, Infinity]) {
    strictEqual(verdict(1, broken), "undecided");
    strictEqual(verdict(1, 1, broken), "undecided");
  }
});

/** Four times the greatest relative error of one rounding. */
const U4 = 4 * 2 ** -53;

/** The rounding of a quantity of a step, in these units. */
function roundingOf(symbol: string, step: Parameters<typeof outputRounding>[1]): number {
  const output = STEP.find((quantity) => quantity.symbol === symbol)!;
  return outputRounding(output, step, output.compute) / U4;
}

Deno.test("example: outputRounding() adds up the terms of each sum without their signs, a step away", () => {
  const rounding = roundingOf("A1", {
    W1: Matrix.of(2, 2, [3, -2, 0, 1]),
    b1: Matrix.of(2, 1, [-1, 0]),
    X: Matrix.of(2, 1, [1, 1]),
    dA1: Matrix.of(2, 1, [-0.5, 4]),
  });
  // 3 + 2 + 1 = 6 and 1, times 0.5 and 4: the root of 3² + 4²; and the inputs moved by 0.01
  ok(rounding >= 5 && rounding <= 5.2, `${rounding}`);
  const zeros = { W2: Matrix.zeros(1, 1), b2: Matrix.zeros(1, 1), Y1: Matrix.zeros(1, 1) };
  const moved = roundingOf("A2", { ...zeros, dA2: Matrix.of(1, 1, [3]) });
  ok(Math.abs(moved - 0.0303) < 1e-15); // 0.01 · 0.01 + 0.01, times 3, in a few roundings
  // of denormal terms it is the least normal number for each
  const tiny = { A1: Matrix.zeros(1, 2), dY1: Matrix.of(1, 2, [1e-310, -1e-320]) };
  strictEqual(roundingOf("Y1", tiny) * U4, 4 * 2 * 2 ** -1022);
});

Deno.test("example: lossRounding() is not below that of a logarithm near 0, however small the loss", () => {
  const one = dim("batch", 1), zeros = Matrix.zeros(3, 4);
  const sure = { W1: zeros, b1: Matrix.zeros(3, 1), W2: Matrix.zeros(2, 3) };
  const batch = { X: Matrix.zeros(4, one), labels: Indices.of(one, [0]) };
  const step = runStep({ ...sure, b2: Matrix.of(2, 1, [800, 0]) }, batch, 1);
  strictEqual(step.E.at(0, 0), 0);
  strictEqual(lossRounding(step), U4);
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
  const functions: CheckedFunctions = { replaced: { dA1: ({ Y1 }) => Y1.map(() => NaN) } };
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
  const functions: CheckedFunctions = {
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
  const functions: CheckedFunctions = {
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

Deno.test("law: checkDirection() of backward() is within the bound and rounding, on any network and batch", () => {
  const cases = sizes.chain((size) =>
    fc.record({
      p: parameters(size),
      X: matrix(size.D, size.B),
      right: labels(size.B, size.K),
      seed: fc.nat(),
    })
  );
  fc.assert(fc.property(cases, ({ p, X, right, seed }) => {
    const found = checkDirection(p, { X, labels: right }, new RandomState(seed));
    ok(found.verdict !== "wrong", `${found.analytic}, by differences ${found.numerical}`);
    const { error, scale, uncertainty } = found;
    ok(error * scale <= DIRECTION_BOUND * scale + uncertainty);
  }));
});

Deno.test("example: checkDirection() finds one wrong entry anywhere, and a gradient that is left out", () => {
  const { p, batch, random } = drawnBatch(3);
  const right = backward(p, forward(p, batch.X), batch.labels).gradients;
  const check = (changed: Partial<typeof right>) =>
    checkDirection(p, batch, new RandomState(3), {
      backward: ((...all: Parameters<typeof backward>) => ({
        ...backward(...all),
        gradients: { ...right, ...changed },
      })) as typeof backward,
    });
  for (const name of NAMES) {
    const at = random.randint(0, right[name].data.length, 1)[0]!;
    const wrong = right[name].map((x) => x);
    wrong.data[at]! += 1e-6;
    for (const gradient of [wrong, right[name].scale(0)]) {
      strictEqual(check({ [name]: gradient }).verdict, "wrong", `${name}, entry ${at}`);
    }
  }
  const none = Object.fromEntries(NAMES.map((name) => [name, right[name].scale(0)]));
  const { verdict, error } = check(none);
  deepStrictEqual([verdict, error], ["wrong", 1]);
});
