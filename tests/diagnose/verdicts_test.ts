/** Right and wrong programs, one a line: how it computes otherwise, and the verdict. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { EXPECTABLE, withoutExpected } from "../../lib/diagnose/describe.ts";
import { sigmoid } from "../../lib/network/sigmoid.ts";
import { softmax } from "../../lib/network/softmax_cross_entropy.ts";
import { lazyStep, type RunTimeStep } from "../../lib/network/step.ts";
import {
  type AnyStepValues,
  describeDiagnosis,
  diagnose,
  dim,
  Matrix,
  RandomState,
  type RunTimeMatrix,
  STEP,
  STEP_INPUTS,
} from "../../mod.ts";
import { drawInputs, PROJECT, record } from "./dumps.ts";

type M = RunTimeMatrix;
type V = RunTimeStep;
/** Equations instead of the table's: of the values so far, and what the table gives. */
type Equations = Partial<Record<string, (v: V, right: M) => unknown>>;

interface Program {
  /** What is computed otherwise. */
  readonly with?: Equations;
  /** What becomes of the arrays before they are recorded. */
  readonly then?: (v: V) => Record<string, unknown>;
  /** The quantities that are recorded; all but those after a minus. */
  readonly only?: string;
  /** The learning rate, saved in the file unless it is negative. */
  readonly η?: number;
  readonly dtype?: "<f4";
  readonly sizes?: { D: number; M: number; K: number; B: number };
}

const SIZES = { D: 31, M: 8, K: 5, B: 12 };
const { exp, log, max, min, abs, sqrt, tanh } = Math;

const map = (A: M, f: (x: number) => number) => A.map(f);
const mul = (A: M, B: M) => A.zip(B, (a, b) => a * b);
const minus = (A: M, B: M) => A.zip(B, (a, b) => a - b);
const dot = (A: M, B: M) => A.multiply(B);
const rows = (A: M) => A.rowSums as unknown as M;
const cols = (A: M) => A.columnSums as unknown as M;
const total = (A: M) => rows(cols(A));
/** Each column divided by its sum. */
const normal = (A: M) => A.zipRow(A.columnSums, (a, s) => a / s);
const make = (A: M, f: (i: number, j: number) => number): M =>
  Matrix.of(A.rows, A.columns, A.data.map((_, n) => f(Math.floor(n / A.columns), n % A.columns)));
const at = (A: M, i: number, j: number) => A.data[i * A.columns + j]!;
const column = (n: number, f: (i: number) => number): M =>
  Matrix.of(dim("any", n), dim("any", 1), Array.from({ length: n }, (_, i) => f(i)));
const B = SIZES.B, K = SIZES.K;

/** ∂E/∂A2 of a loss whose gradient by P is G, through the softmax. */
const through = (P: M, G: M) => {
  const s = cols(mul(P, G));
  return make(P, (k, i) => at(P, k, i) * (at(G, k, i) - at(s, 0, i)));
};
const losses = (v: V, f: (p: number) => number) =>
  cols(v.P.zip(v.onehot, (p, y) => y === 0 ? 0 : f(p)));
const activation = (f: (a: number) => number, d: (a: number) => number): Equations => ({
  Y1: (v) => map(v.A1, f),
  dA1: (v) => mul(v.dY1, map(v.A1, d)),
});
const update = (f: (W: M, dW: M, η: number) => M): Equations =>
  Object.fromEntries(
    (["W1", "b1", "W2", "b2"] as const).map((W) => [`${W}'`, (v: V) => f(v[W], v[`d${W}`], v.η)]),
  );
const scaled = (factor: number, ...symbols: string[]): Equations =>
  Object.fromEntries(symbols.map((one) => [one, (_: V, right: M) => right.scale(factor)]));
const smooth = (ε: number) => (_: V, y: M) => map(y, (y) => (1 - ε) * y + ε / K);
const hot = (v: V, f: (k: number, i: number) => number) => make(v.A2, f);
const label = (v: V, i: number) => v.labels.values[i]!;
/** A number rounded to the eight bits of bfloat16. */
const bf16 = (x: number) => {
  const unit = 2 ** (Math.floor(Math.log2(abs(x))) - 7);
  return x === 0 ? 0 : Math.round(x / unit) * unit;
};
const mask = (A: M) => make(A, (m, i) => (7 * m + 5 * i + m * i) % 3 === 0 ? 0 : 1.5);

/** Right programs: `right`, or the convention or network that they are to be told of. */
// deno-fmt-ignore: a program is a line
const RIGHT: readonly (readonly [verdict: string, name: string, Program])[] = [
  ["right", "the table's own", {}],
  ["right", "a single gradient", { only: "dW1", η: -0.1 }],
  ["convention", "all summed over the batch", { with: scaled(B, "E", "dA2"), η: 0.001 }],
  ["convention", "gradients summed, divided in the update", { with: { ...scaled(B, "dA2"), ...update((W, dW, η) => W.zip(dW, (w, d) => w - η / B * d)) }, η: 0.1 }],
  ["convention", "dA2 summed, divided in dW and db", { with: { ...scaled(B, "dA2"), ...scaled(1 / B, "dW2", "db2", "dW1", "db1") }, η: 0.1 }],
  ["convention", "t - y, and W += η d", { with: { ...scaled(-1, "dA2"), ...update((W, dW, η) => W.zip(dW, (w, d) => w + η * d)) }, η: 0.1 }],
  ["convention", "the loss is recorded after the update", { then: (v) => ({ E: lazyStep({ X: v.X, labels: v.labels, W1: v["W1'"], b1: v["b1'"], W2: v["W2'"], b2: v["b2'"] }).E }), only: "-L", η: 0.1 }],
  ["right", "a guard of 3e-7", { with: { L: (v) => losses(v, (p) => -log(p + 3e-7)) } }],
  ["right", "a guard that clips at 1e-6", { with: { L: (v) => losses(v, (p) => -log(min(max(p, 1e-6), 1 - 1e-6))) }, only: "-L" }],
  ["convention", "the output is overwritten by its gradient", { then: (v) => ({ P: v.dA2 }) }],
  ["convention", "W2 and b2 are updated within the backward pass, recorded late", { then: (v) => ({ W2: v["W2'"], b2: v["b2'"] }), only: "A1 Y1 A2 P E dA2 dW2 db2 dA1 dW1 db1", η: 0.1 }],
  ["convention", "W2 and b2 are recorded late, at a rate that is not known", { then: (v) => ({ W2: v["W2'"], b2: v["b2'"] }), only: "A1 Y1 A2 P E dA2 dW2 db2 dA1 dW1 db1", η: -0.1 }],
  ["convention", "all parameters are recorded late", { then: (v) => ({ W1: v["W1'"], b1: v["b1'"], W2: v["W2'"], b2: v["b2'"] }), only: "-W1' b1' W2' b2'", η: 0.1 }],
  ["convention", "the scores are overwritten by e^(A2 - max)", { then: (v) => ({ A2: v.A2.zipRow(v.A2.columnMaxima as never, (a, m) => exp(a - m)) }) }],
  ["convention", "the largest score is subtracted in place", { then: (v) => ({ A2: v.A2.zipRow(v.A2.columnMaxima as never, (a, m) => a - m) }) }],
  ["convention", "bfloat16 products, saved as float32", { dtype: "<f4", with: Object.fromEntries(["A1", "A2", "dW2", "dY1", "dW1"].map((one) => [one, (_: V, right: M) => map(right, bf16)])) }],
  ["convention", "numerical differentiation", { with: Object.fromEntries(["dW1", "db1", "dW2", "db2"].map((one) => [one, (_: V, right: M) => right.map((x) => x + 1e-11 * Math.sin(1e6 * x))])), only: "E dW1 db1 dW2 db2" }],
  ["network", "ReLU throughout", { with: activation((a) => max(a, 0), (a) => a > 0 ? 1 : 0) }],
  ["network", "leaky ReLU throughout", { with: activation((a) => a > 0 ? a : 0.02 * a, (a) => a > 0 ? 1 : 0.02) }],
  ["network", "tanh, of which only gradients are recorded", { with: activation(tanh, (a) => 1 - tanh(a) ** 2), only: "dW2 db2 dW1 db1" }],
  ["network", "squared error through the softmax", { with: { L: (v) => cols(map(minus(v.P, v.onehot), (x) => x * x / 2)), dA2: (v) => through(v.P, minus(v.P, v.onehot).scale(1 / B)) } }],
  ["network", "sigmoid outputs and squared error", { with: { P: (v) => sigmoid(v.A2), L: (v) => cols(map(minus(v.P, v.onehot), (x) => x * x)), dA2: (v) => mul(minus(v.P, v.onehot), map(v.P, (p) => 2 * p * (1 - p) / B)) } }],
  ["network", "tanh outputs, squared error, and W += η d", { with: { P: (v) => map(v.A2, tanh), L: (v) => cols(map(minus(v.P, v.onehot), (x) => x * x / 2)), dA2: (v) => mul(minus(v.onehot, v.P), map(v.P, (p) => (1 - p * p) / B)), ...update((W, dW, η) => W.zip(dW, (w, d) => w + η * d)) }, η: 0.1 }],
  ["network", "weight decay in the gradient", { with: { dW1: (v, right) => right.plus(v.W1.scale(1e-3)), dW2: (v, right) => right.plus(v.W2.scale(1e-3)) } }],
  ["network", "weight decay in the update", { with: { ...update((W, dW, η) => W.zip(dW, (w, d) => w - η * d)), "W1'": (v, right) => right.plus(v.W1.scale(-0.01 * v.η)), "W2'": (v, right) => right.plus(v.W2.scale(-0.01 * v.η)) } }],
  ["network", "Adam", { with: update((W, dW) => W.zip(dW, (w, d) => w - 0.001 * d / (abs(d) + 1e-8))), η: 0.001 }],
  ["network", "label smoothing", { with: { onehot: smooth(0.05) } }],
  ["network", "inverted dropout", { with: { Y1: (_, right) => mul(right, mask(right)), dA1: (v) => mul(mul(v.dY1, mask(v.dY1)), map(sigmoid(v.A1), (y) => y * (1 - y))) } }],
  ["network", "class weights", { with: { L: (v, right) => make(right, (_, i) => (0.7 + label(v, i)) * at(right, 0, i)), dA2: (v, right) => make(right, (k, i) => (0.7 + label(v, i)) * at(right, k, i)) } }],
];

/** Wrong ones: the first wrong quantity, and what is said of it. */
// deno-fmt-ignore
const WRONG: readonly (readonly [first: string, said: RegExp, name: string, Program])[] = [
  ["dA1", /1 - Y1|\(1 - Y1\)/, "the factor 1 - y lost", { with: { dA1: (v) => mul(v.dY1, v.Y1) } }],
  ["dA1", /parenthes|dY1 - Y1/, "dY1 * 1 - Y1 * Y1", { with: { dA1: (v) => v.dY1.zip(v.Y1, (d, y) => d * 1 - y * y) } }],
  ["dA2", /not divided|1\/B|sum over the batch/, "not divided by B", { with: scaled(B, "dA2"), η: 0.1 }],
  ["dA2", /label|t\[/, "dx[t] -= 1, the rows of the labels", { with: { dA2: (v) => hot(v, (k, i) => (at(v.P, k, i) - (v.labels.values.includes(i) ? 1 : 0)) / B) } }],
  ["dA2", /class number|labels/, "y - t with class numbers", { with: { dA2: (v) => hot(v, (k, i) => (at(v.P, k, i) - label(v, i)) / B) } }],
  ["dA2", /P/, "-t / (y + ε) / B", { with: { dA2: (v) => v.P.zip(v.onehot, (p, y) => -y / (p + 1e-7) / B) } }],
  ["P", /over the batch/, "softmax over the batch", { with: { P: (v) => normal(map(v.A2.transposed, exp)).transposed } }],
  ["P", /sigmoid/, "softmax of sigmoid(A2)", { with: { P: (v) => softmax(sigmoid(v.A2)) } }],
  ["P", /ReLU|max\(0/, "softmax of max(0, A2)", { with: { P: (v) => softmax(map(v.A2, (a) => max(0, a))) } }],
  ["Y1", /ReLU/, "ReLU with the derivative of the sigmoid", { with: { Y1: (v) => map(v.A1, (a) => max(a, 0)) } }],
  ["dA1", /ReLU/, "the sigmoid with the derivative of ReLU", { with: { dA1: (v) => v.dY1.zip(v.A1, (d, a) => a > 0 ? d : 0) } }],
  ["dW1", /Y1/, "dA1 Y1 Xᵀ", { with: { dW1: (v) => dot(mul(v.dA1, v.Y1), v.X.transposed) } }],
  ["dW2", /reshape/, "Y1 by reshape instead of a transpose", { with: { dW2: (v) => dot(v.dA2, Matrix.of(v.Y1.columns, v.Y1.rows, v.Y1.data)) } }],
  ["b1'", /db2/, "b1 - η db2 where M = K", { sizes: { D: 20, M: 6, K: 6, B }, with: { "b1'": (v) => v.b1.zip(v.db2, (b, d) => b - v.η * d) } }],
  ["A2", /b1/, "b1 added in layer 2", { sizes: { D: 20, M: 6, K: 6, B }, with: { A2: (v, right) => make(right, (k, i) => at(right, k, i) - v.b2.data[k]! + v.b1.data[k]!) } }],
  ["W1'", /integer|trunc/, "integer parameters", { with: { "W1'": (_, right) => map(right, Math.trunc) } }],
  ["L", /P \+ 1/, "ln(P + 1)", { with: { L: (v) => losses(v, (p) => -log(p + 1)) } }],
  ["dA2", /sigmoid|\(1 - P\)/, "sigmoid'(A2) in dA2", { with: { dA2: (v, right) => mul(right, map(sigmoid(v.A2), (p) => p * (1 - p))) } }],
  ["E", /softmax over the batch/, "log_softmax over the batch, for E", { only: "A2 E dA2", with: { E: (v) => total(losses(Object.create(v, { P: { value: normal(map(v.A2.transposed, exp)).transposed } }), (p) => -log(p))).scale(1 / B) } }],
  ["dA2", /0/, "1 // B", { with: { dA2: (_, right) => right.scale(0) } }],
  ["dA2", /60|divided|times/, "12 examples divided by 20", { with: scaled(B / 20, "dA2") }],
  ["dW1", /norm/, "clipped to the norm 0.1", { with: { dW1: (_, right) => right.scale(0.1 / sqrt(right.data.reduce((s, x) => s + x * x, 0))) } }],
  ["L", /log|ln/, "the logarithm squared", { with: { L: (v) => losses(v, (p) => log(p) ** 2) } }],
  ["dA2", /1\/D|D/, "m = X.shape[0]", { with: scaled(B / 31, "dA2") }],
  ["dW1", /twice/, "backward called twice", { with: scaled(2, "dW1") }],
  ["dA2", /sign/, "the wrong sign, subtracted", { with: scaled(-1, "dA2"), η: 0.1 }],
  ["dA2", /sign/, "the wrong sign, subtracted, no loss recorded", { with: scaled(-1, "dA2"), only: "-L E", η: 0.1 }],
  ["dY1", /updated/, "W2 updated before dY1", { with: { dY1: (v) => dot(v.W2.zip(v.dW2, (w, d) => w - v.η * d).transposed, v.dA2) }, η: 0.5 }],
  ["db1", /unit|all/, "db1 summed over everything", { with: { db1: (_, right) => { const s = total(right).data[0]!; return map(right, () => s); } } }],
  ["A1", /bias/, "the bias left out", { with: { A1: (v) => dot(v.W1, v.X) } }],
  ["W2'", /not updated/, "W2 not updated", { with: { "W2'": (v) => v.W2 } }],
  // mistakes that stand in no list: what is said of the difference
  ["db2", /^1\.3 times what it should be/, "a factor", { with: scaled(1.3, "db2") }],
  ["dY1", /^all entries are 0/, "zeros", { with: scaled(0, "dY1") }],
  ["dA1", /^it is the columns of x in reverse order/, "reversed", { with: { dA1: (_, right) => make(right, (m, i) => at(right, m, 11 - i)) } }],
  ["dA1", /^it is x reshaped/, "reshape instead of a transpose", { with: { dA1: (_, right) => Matrix.of(right.rows, right.columns, right.transposed.data) } }],
  ["A2", /it is A2 \+ 0\.25/, "a shift", { with: { A2: (_, right) => map(right, (x) => x + 0.25) } }],
  ["Y1", /^it is round\(x, 2\)/, "two decimals", { with: { Y1: (_, right) => map(right, (y) => Math.round(100 * y) / 100) } }],
  ["dY1", /^it is the absolute value of x/, "the absolute value", { with: { dY1: (_, right) => map(right, abs) } }],
  ["dA2", /^it is the square of x/, "a square", { with: { dA2: (_, right) => map(right, (x) => x * x) } }],
  ["Y1", /it is 1 \/ \(1 \+ e\^\(-2 A1\)\)/, "a steeper sigmoid", { with: { Y1: (v) => sigmoid(v.A1.scale(2)) } }],
  ["P", /^computed with 0\.5 A2 instead of A2/, "a temperature", { with: { P: (v) => softmax(v.A2.scale(0.5)) } }],
  ["L", /it is -Σ_k onehot ln\(P \+ 0\.0001\)/, "a guard that is too large", { with: { L: (v) => losses(v, (p) => -log(p + 1e-4)) } }],
  ["db2", /^computed with P instead of dA2; it is rowSum\(P\)/, "the sum of another quantity", { with: { db2: (v) => rows(v.P) } }],
  ["A2", /^holds NaN; it is undefined/, "NaN", { with: { A2: (_, right) => make(right, (k, i) => k === 1 && i === 3 ? NaN : at(right, k, i)) } }],
  ["A1", /^no known mistake explains it/, "other weights", { with: { A1: (_, right) => make(right, (m, i) => at(right, m, i) + 0.05 * Math.sin(12 * m * m + 5 * i * i)) } }],
  ["A1", /^it is the first column of x for all/, "one example for all", { with: { A1: (_, right) => make(right, (m) => at(right, m, 0)) } }],
  ["db2", /^0 but for rounding, perhaps summed along the wrong axis/, "summed over the classes", { with: { db2: (v, right) => make(right, (k) => cols(v.dA2).data[k]!) } }],
  ["A1", /^computed with X - 0\.25 \(X is changed, perhaps in place\)/, "X changed in place", { with: { A1: (v) => dot(v.W1, map(v.X, (x) => x - 0.25)).plusColumn(v.b1 as never) } }],
  ["db2", /^its shape is .*; perhaps it is summed over everything/, "a single number", { then: (v) => ({ db2: total(v.dA2) }) }],
  ["b1'", /^its learning rate is 0\.025/, "another rate in one layer", { with: { "b1'": (v) => v.b1.zip(v.db1, (b, d) => b - 0.025 * d) } }],
  ["P", /softmax/, "P is not recorded", { only: "-P", with: { P: (v) => softmax(softmax(v.A2)) } }],
];

/** What the program records. */
function dump(program: Program) {
  const { η = 0.01, sizes = SIZES } = program, random = new RandomState(17);
  const { parameters: { W1, W2 }, batch } = drawInputs(sizes, random);
  const b1 = column(sizes.M, (i) => 0.1 * i - 0.2), b2 = column(sizes.K, (i) => 0.3 - 0.1 * i);
  const replaced = Object.fromEntries(
    Object.entries(program.with ?? {}).map(([symbol, f]) => {
      const { compute } = STEP.find((one) => one.symbol === symbol)!;
      return [symbol, (v: V) => f!(v, compute(v)) as M];
    }),
  );
  const step = lazyStep({ ...batch, W1, b1, W2, b2, η: abs(η) }, replaced);
  const values = Object.fromEntries(
    [...STEP_INPUTS, ...STEP].map((one) => [one.symbol, step[one.symbol]]),
  );
  Object.assign(values, program.then?.(step));
  const all = PROJECT.recorded, words = (program.only ?? "-").replace("-", "").split(" ");
  const recorded = all.filter((one) =>
    words.includes(one) !== (program.only ?? "-").startsWith("-")
  );
  const arrays = record(values as AnyStepValues, {
    ...PROJECT,
    recorded,
    dtype: program.dtype ?? "<f8",
  });
  if (η > 0) {
    arrays.set("lr", { shape: [], dtype: "<f8", fortranOrder: false, data: Float64Array.of(η) });
  }
  return arrays;
}

for (const [verdict, name, program] of RIGHT) {
  Deno.test(`example: diagnose() accuses no right program: ${name}`, () => {
    const found = diagnose(dump(program));
    ok(
      found.verdict.includes(verdict) && found.verdict !== "wrong",
      describeDiagnosis(found, "en"),
    );
    // a course may expect each of them
    if (!("reason" in found) && found.judged) {
      strictEqual(withoutExpected(found, EXPECTABLE).verdict, "right");
    }
  });
}

for (const [first, said, name, program] of WRONG) {
  Deno.test(`example: diagnose() finds the mistake: ${name}`, () => {
    const found = diagnose(dump(program)), text = describeDiagnosis(found, "en");
    ok(found.verdict === "wrong" && found.firstWrong?.symbol === first, text);
    const [cause] = found.firstWrong.causes;
    ok(said.test(`${cause!.words.en}; it is ${cause!.formula}`), text);
    // a single mistake is wrong in one place
    deepStrictEqual(found.quantities.filter(({ status }) => status === "wrong").length, 1, text);
  });
}
