/** How far rounding may move the loss, and the output of a layer. */
import { ok, strictEqual } from "node:assert/strict";
import { lossRounding, outputRounding } from "../../lib/checks/rounding.ts";
import { dim, Indices, Matrix, runStep, STEP } from "../../mod.ts";

/** Four times the greatest relative error of one rounding. */
const U4 = 4 * 2 ** -53;

Deno.test("example: outputRounding() adds up the terms of each sum without their signs", () => {
  const A1 = STEP.find(({ symbol }) => symbol === "A1")!;
  const step = {
    W1: Matrix.of(2, 2, [3, -2, 0, 1]),
    b1: Matrix.of(2, 1, [-1, 0]),
    X: Matrix.of(2, 1, [1, 1]),
    dA1: Matrix.of(2, 1, [-0.5, 4]),
  };
  // 3 + 2 + 1 = 6 and 1, times 0.5 and 4: the root of 3² + 4²; and the inputs moved by 0.01
  const rounding = outputRounding(A1, step, A1.compute) / U4;
  ok(rounding >= 5 && rounding <= 5.2, `${rounding}`);
});

Deno.test("example: lossRounding() is not below that of a logarithm near 0, however small the loss", () => {
  const one = dim("batch", 1), zeros = Matrix.zeros(3, 4);
  const sure = { W1: zeros, b1: Matrix.zeros(3, 1), W2: Matrix.zeros(2, 3) };
  const batch = { X: Matrix.zeros(4, one), labels: Indices.of(one, [0]) };
  const step = runStep({ ...sure, b2: Matrix.of(2, 1, [800, 0]) }, batch, 1);
  strictEqual(step.E.at(0, 0), 0);
  strictEqual(lossRounding(step), U4);
});

Deno.test("example: outputRounding() is that of the terms a step away, where all of them are 0 at the point", () => {
  const A2 = STEP.find(({ symbol }) => symbol === "A2")!;
  const zeros = { W2: Matrix.zeros(1, 1), b2: Matrix.zeros(1, 1), Y1: Matrix.zeros(1, 1) };
  const step = { ...zeros, dA2: Matrix.of(1, 1, [3]) };
  // 0.01 · 0.01 + 0.01, times 3, in a few roundings
  ok(Math.abs(outputRounding(A2, step, A2.compute) / U4 - 0.0303) < 1e-15);
});

Deno.test("example: outputRounding() of terms that are denormal is the least normal number for each", () => {
  const Y1 = STEP.find(({ symbol }) => symbol === "Y1")!;
  const step = { A1: Matrix.zeros(1, 2), dY1: Matrix.of(1, 2, [1e-310, -1e-320]) };
  strictEqual(outputRounding(Y1, step, Y1.compute), 4 * 2 * 2 ** -1022);
});
