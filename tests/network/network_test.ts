// The whole network, and the table of its step.
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { sgd } from "../../lib/network/sgd.ts";
import { REPORT_SETTINGS } from "../../lib/network/report_settings.ts";
import { RandomState } from "../../lib/random/random_state.ts";
import {
  lazyStep,
  QUANTITIES,
  type Quantity,
  runStep,
  type RunTimeStep,
  STEP,
  STEP_INPUTS,
} from "../../lib/network/step.ts";
import { Matrix } from "../../lib/math/matrix.ts";
import { Indices } from "../../lib/math/indices.ts";
import { crossEntropy, meanLoss, oneHot } from "../../lib/network/softmax_cross_entropy.ts";
import { backward, forward, initialise, type Parameters } from "../../lib/network/network.ts";
import { labels, matrix, parameters, sizes } from "../helpers/arbitraries.ts";
import { assertGradient } from "../helpers/gradients.ts";

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

/** A step of a network whose sizes all differ. */
function smallStep() {
  const p = initialise(4, 3, 2, new RandomState(601));
  const batch = { X: Matrix.of(4, 1, [1, 0, 0.8, 0.2]), labels: Indices.of(1, [1]) };
  return { p, batch };
}

Deno.test("law: runStep() is forward(), crossEntropy(), backward() and sgd(), to the bit", () => {
  const cases = sizes.chain((size) =>
    fc.record({ p: parameters(size), X: matrix(size.D, size.B), right: labels(size.B, size.K) })
  );
  fc.assert(fc.property(cases, ({ p, X, right }) => {
    const activations = forward(p, X), { gradients, ...deltas } = backward(p, activations, right);
    const onehot = oneHot(activations.A2, right), L = crossEntropy(activations.A2, onehot);
    const after = sgd(p, gradients, 0.3);
    deepStrictEqual(runStep(p, { X, labels: right }, 0.3), {
      ...{ ...p, ...activations, ...deltas, labels: right, η: 0.3, onehot, L, E: meanLoss(L) },
      ...{ dW1: gradients.W1, db1: gradients.b1, dW2: gradients.W2, db2: gradients.b2 },
      ...{ "W1'": after.W1, "b1'": after.b1, "W2'": after.W2, "b2'": after.b2 },
    });
  }));
});

Deno.test("example: QUANTITIES are those of the report's step, row by row", () => {
  const rows = Object.values(QUANTITIES).map((one) => {
    const { symbol, shape, axes: [rows, columns], listing = "", pass } = one;
    const cells = [symbol, shape, `${rows} ${columns}`, listing, pass];
    if (!("by" in one)) return cells.join(" | ");
    const { by, from, layer, gradientOf = "", equation } = one;
    return [...cells, `${by}(${from})`, layer, gradientOf, equation].join(" | ");
  });
  strictEqual(
    rows.join("\n"),
    `\
X | D x B | D B | img | input
labels | B | B 1 | answer | input
W1 | M x D | M D | W1 | input
b1 | M x 1 | M 1 | b1 | input
W2 | K x M | K M | W2 | input
b2 | K x 1 | K 1 | b2 | input
η | 1 | 1 1 | my | input
A1 | M x B | M B | input1 | forward | affine(W1,b1,X) | affine |  | A1 = W1 X + b1
Y1 | M x B | M B | output1 | forward | sigmoid(A1) | sigmoid |  | Y1 = 1 / (1 + e^(-A1))
A2 | K x B | K B | input2 | forward | affine(W2,b2,Y1) | affine |  | A2 = W2 Y1 + b2
P | K x B | K B | output_last | forward | softmax(A2) | softmax |  | P = e^(A2 - α) / Σ_k e^(A2 - α)
onehot | K x B | K B | onehot | forward | oneHot(A2,labels) | softmax |  | onehot = [k = labels]
L | 1 x B | 1 B |  | forward | crossEntropy(A2,onehot) | softmax |  | L = ln Σ_k e^A2 - Σ_k onehot A2
E | 1 x 1 | 1 1 | crossE | forward | meanLoss(L) | softmax |  | E = Σ_i L / B
dA2 | K x B | K B | delta_b | backward | softmaxCrossEntropyBackward(P,onehot) | softmax | A2 | dA2 = (P - onehot) / B
dW2 | K x M | K M | delta_W2 | backward | affineWeightGradient(Y1,dA2) | affine | W2 | dW2 = dA2 Y1ᵀ
db2 | K x 1 | K 1 | delta_b2 | backward | affineBiasGradient(dA2) | affine | b2 | db2 = rowSum(dA2)
dY1 | M x B | M B | delta_y1 | backward | affineInputGradient(W2,dA2) | affine | Y1 | dY1 = W2ᵀ dA2
dA1 | M x B | M B | delta_a | backward | sigmoidBackward(Y1,dY1) | sigmoid | A1 | dA1 = dY1 (1 - Y1) Y1
dW1 | M x D | M D | delta_W1 | backward | affineWeightGradient(X,dA1) | affine | W1 | dW1 = dA1 Xᵀ
db1 | M x 1 | M 1 | delta_b1 | backward | affineBiasGradient(dA1) | affine | b1 | db1 = rowSum(dA1)
W1' | M x D | M D | W1 | update | descend(W1,dW1,η) | sgd |  | W1' = W1 - η dW1
b1' | M x 1 | M 1 | b1 | update | descend(b1,db1,η) | sgd |  | b1' = b1 - η db1
W2' | K x M | K M | W2 | update | descend(W2,dW2,η) | sgd |  | W2' = W2 - η dW2
b2' | K x 1 | K 1 | b2 | update | descend(b2,db2,η) | sgd |  | b2' = b2 - η db2`,
  );
});

Deno.test("example: STEP names functions that its files export", async () => {
  for (const { by, file, symbol } of STEP) {
    const module = await import(new URL(`../../${file}`, import.meta.url).href);
    strictEqual(module[by]?.name, by, `${symbol} by ${by}() in ${file}`);
  }
});

Deno.test("reference: STEP has the names of the report's listing, each assigned there", () => {
  const listing = Deno.readTextFileSync(new URL("../../fixtures/generate.py", import.meta.url));
  const names = STEP.flatMap(({ listing }) => listing ?? []);
  strictEqual(names.length, STEP.length - 1); // the listing has no name for L
  for (const name of names) {
    ok(new RegExp(`^ {12}${name} \\+?= `, "m").test(listing), `${name} is not assigned`);
  }
});

Deno.test("example: runStep() uses a replaced quantity in all that follows, and changes nothing before it", () => {
  const { p, batch } = smallStep(), right = runStep(p, batch, 0.1);
  const wrong = runStep(p, batch, 0.1, { dA1: ({ dY1 }) => dY1 }); // the sigmoid passed over
  const at = (name: Quantity["symbol"]) => STEP.findIndex(({ symbol }) => symbol === name);
  const changed = STEP.filter(({ symbol }) => {
    return wrong[symbol].data.some((x, i) => x !== right[symbol].data[i]);
  }).map(({ symbol }) => symbol);
  deepStrictEqual(changed, ["dA1", "dW1", "db1", "W1'", "b1'"]);
  ok(changed.every((symbol) => at(symbol) >= at("dA1")));
});

Deno.test("law: lazyStep() has the quantities of runStep(), whichever is asked for first", () => {
  const { p, batch } = smallStep(), given = { ...p, ...batch, η: 0.1 };
  const replaced = { X: () => undefined, dA1: ({ dY1 }: RunTimeStep) => dY1 };
  const right = runStep(p, batch, 0.1, { dA1: ({ dY1 }) => dY1 });
  const symbols = [...STEP_INPUTS, ...STEP].map(({ symbol }) => symbol);
  for (const first of symbols) {
    const step = lazyStep(given, replaced);
    for (const symbol of [first, ...symbols]) deepStrictEqual(step[symbol], right[symbol], symbol);
  }
});

Deno.test("example: lazyStep() computes each quantity once, only what is needed, and nothing that is given", () => {
  const { p, batch } = smallStep(), computed: string[] = [];
  const counting = Object.fromEntries(STEP.map(({ symbol, compute }) => [
    symbol,
    (values: RunTimeStep) => {
      computed.push(symbol);
      return compute(values);
    },
  ]));
  const A2 = runStep(p, batch, 0.1).A2.scale(2);
  const step = lazyStep({ ...p, ...batch, A2 }, counting);
  strictEqual(step.E, step.E);
  strictEqual<unknown>(step.A2, A2);
  deepStrictEqual(computed, ["E", "L", "onehot"]);
});

Deno.test("type: a replacement has the shape of its quantity, and reads quantities by their symbols", () => {
  const { p, batch } = smallStep();
  const types = [
    () => runStep(p, batch, 0.1, { dW2: ({ dA2, Y1 }) => dA2.multiply(Y1.transposed) }),
    // @ts-expect-error dA2 dA2ᵀ is K x K, dW2 is K x M
    () => runStep(p, batch, 0.1, { dW2: ({ dA2 }) => dA2.multiply(dA2.transposed) }),
    // @ts-expect-error dY1 is M x B, dA2 is K x B
    () => runStep(p, batch, 0.1, { dA2: ({ dY1 }) => dY1 }),
    // @ts-expect-error W1 is an input of the step, no quantity that it computes
    () => runStep(p, batch, 0.1, { W1: ({ W1 }) => W1 }),
  ];
  strictEqual(types.length, 4);
});

Deno.test("example: runStep() has its quantities in the table's order, and X may be replaced too", () => {
  const { p, batch } = smallStep();
  const step = runStep(p, batch, 0.1, { X: ({ X }) => X.scale(2) });
  deepStrictEqual(Object.keys(step), [...STEP_INPUTS, ...STEP].map(({ symbol }) => symbol));
  deepStrictEqual(step.X, batch.X.scale(2));
  deepStrictEqual(step.A1, forward(p, batch.X.scale(2)).A1);
  deepStrictEqual(runStep(p, batch, 0.1).X, batch.X);
});

Deno.test("example: the report's settings cannot be changed", () => {
  ok(Object.isFrozen(REPORT_SETTINGS));
});
