/** Mistakes that stand in no list: where they are, and what is said of the difference. */
import { ok, strictEqual } from "node:assert/strict";
import {
  type AnyMatrix,
  type Cause,
  type ComputedSymbol,
  describeDiagnosis,
  diagnose,
  dim,
  Matrix,
  RandomState,
  runStep,
  type RunTimeMatrix,
  STEP,
} from "../../mod.ts";
import { drawInputs, PROJECT, record } from "./dumps.ts";

const SIZES = { D: 30, M: 8, K: 5, B: 12 };

/** Quantities of a step, as matrices of any size. */
type Values = Readonly<Record<string, RunTimeMatrix>>;

/** A mistake: what becomes of the right matrix. */
type Change = (right: RunTimeMatrix, values: Values) => AnyMatrix;

/** The diagnosis of a step in which one quantity is changed. */
function changed(symbol: ComputedSymbol, change: Change) {
  const { parameters, batch } = drawInputs(SIZES, new RandomState(7));
  const { compute } = STEP.find((one) => one.symbol === symbol)!;
  const b1 = parameters.b1.map((b) => b + 0.1);
  const step = runStep({ ...parameters, b1 }, batch, 0.01, {
    [symbol]: (values: unknown) => change(compute(values as never), values as Values),
  });
  const found = diagnose(record(step, PROJECT));
  ok(found.verdict === "wrong");
  return found;
}

/** The last line of the text, after the name. */
function words(symbol: ComputedSymbol, change: Change): string {
  const found = changed(symbol, change);
  strictEqual(found.firstWrong?.symbol, symbol, describeDiagnosis(found, "en"));
  ok(describeDiagnosis(found, "ja").split("\n").at(-1)!.startsWith(`最初の誤り: ${symbol}: `));
  const last = describeDiagnosis(found, "en").split("\n").at(-1)!;
  const start = `First wrong: ${symbol}: `;
  ok(last.startsWith(start), last);
  return last.slice(start.length, -1);
}

function matrix(
  { rows, columns }: AnyMatrix,
  entry: (row: number, column: number) => number,
): AnyMatrix {
  const data = Float64Array.from(
    { length: rows * columns },
    (_, i) => entry(Math.floor(i / columns), i % columns),
  );
  return Matrix.of(dim("any", rows), dim("any", columns), data);
}

/** Entry by row and column. */
function at({ columns, data }: AnyMatrix, row: number, column: number): number {
  return data[row * columns + column]!;
}

/** Changes that stand in no list, and what is said of them. */
const EXAMPLES: readonly (readonly [name: string, ComputedSymbol, Change, said: string])[] = [
  ["a factor", "db2", (A) => A.scale(1.5), "1.5 times what it should be"],
  ["a factor of 1", "db2", (A) => A.scale(1 + 1e-12), "1.000000000001 times what it should be"],
  ["zeros", "dY1", (A) => A.scale(0), "all entries are 0"],
  [
    "clipping by the norm",
    "dW2",
    (A) => A.scale(0.1 / Math.hypot(...A.data)),
    "0.295168 times what it should be; its norm is 0.1",
  ],
  [
    "clipping by the value",
    "dA2",
    (A) => A.map((x) => Math.max(-0.05, Math.min(0.01, x))),
    "each entry is clip(x, -0.05, 0.01), where x is the right one",
  ],
  [
    "weight decay",
    "dW1",
    (A, { W1 }) => A.zip(W1!, (a, w) => a + 0.0001 * w),
    "it is dW1 + 0.0001 W1",
  ],
  [
    "weight decay in the update",
    "W2'",
    (A, { W2 }) => A.zip(W2!, (a, w) => a - 0.01 * 0.1 * w),
    "it is 0.999 W2 - 0.01 dW2",
  ],
  [
    "L1 regularisation",
    "dW2",
    (A, { W2 }) => A.zip(W2!, (a, w) => a + 0.001 * Math.sign(w)),
    "it is dW2 + 0.001 sign(W2)",
  ],
  [
    "label smoothing in the gradient",
    "dA2",
    (_, { P, onehot }) => P!.zip(onehot!, (p, y) => (p - 0.88 * y - 0.024) / 12),
    "it is dA2 + 0.01 onehot - 0.002",
  ],
  [
    "dropout",
    "Y1",
    (A) => matrix(A, (m, i) => (7 * m + 5 * i) % 3 === 0 ? 0 : 1.5 * at(A, m, i)),
    "32 of 96 entries are 0, the others are 1.5 times what they should be",
  ],
  [
    "hidden units left out",
    "Y1",
    (A) => matrix(A, (m, i) => m % 3 === 0 ? 0 : at(A, m, i)),
    "0 for hidden units 0, 3, 6 (counted from 0)",
  ],
  [
    "half the batch in dA2",
    "dA2",
    (A) => matrix(A, (k, i) => i < 6 ? at(A, k, i) : 0),
    "0 for examples 6-11 (counted from 0)",
  ],
  [
    "half the batch in dW1",
    "dW1",
    (_, { X, dA1 }) =>
      matrix({ rows: 8, columns: 30, data: [] } as never, (m, d) => {
        let sum = 0;
        for (let i = 0; i < 6; i++) sum += at(dA1!, m, i) * at(X!, d, i);
        return sum;
      }),
    "the sum has examples 0-5 only (counted from 0)",
  ],
  [
    "an example left out of db1",
    "db1",
    (A, { dA1 }) => matrix(A, (m) => at(A, m, 0) - at(dA1!, m, 3)),
    "the sum leaves out example 3 (counted from 0)",
  ],
  [
    "two columns swapped",
    "P",
    (A) => matrix(A, (k, i) => at(A, k, i === 2 ? 5 : i === 5 ? 2 : i)),
    "examples 2 and 5 are swapped (counted from 0)",
  ],
  [
    "rows shifted by one",
    "A1",
    (A) => matrix(A, (m, i) => at(A, (m + 1) % 8, i)),
    "the hidden units are shifted by -1",
  ],
  [
    "reversed",
    "dA1",
    (A) => matrix(A, (m, i) => at(A, m, 11 - i)),
    "the examples are in reverse order",
  ],
  [
    "reshape in place of a transpose",
    "dA1",
    (A) => Matrix.of(A.rows, A.columns, A.transposed.data),
    "brought to its shape by reshape in place of a transpose",
  ],
  [
    "a row",
    "dW1",
    (A) => matrix(A, (m, d) => at(A, m, d) + (m === 2 ? 0.1 * (1 + d % 3) : 0)),
    "only hidden unit 2 differs (counted from 0)",
  ],
  [
    "a column",
    "P",
    (A) => matrix(A, (k, i) => at(A, k, i) + (i === 7 ? 0.1 * k + 0.1 : 0)),
    "only example 7 differs (counted from 0)",
  ],
  [
    "an entry",
    "dA2",
    (A) => matrix(A, (k, i) => at(A, k, i) + (k === 1 && i === 4 ? 1 : 0)),
    "only the entry of class 1, example 4 differs (counted from 0)",
  ],
  ["a shift", "A2", (A) => A.map((x) => x + 0.25), "0.25 is added to every entry"],
  [
    "another bias",
    "A2",
    (A) => matrix(A, (k, i) => at(A, k, i) + (k + 1) / 8),
    "each class is shifted by a number of its own (0.125, 0.25, 0.375, …)",
  ],
  [
    "a factor for each example",
    "dA2",
    (A) => matrix(A, (k, i) => at(A, k, i) * (i + 1)),
    "each example is multiplied by a factor of its own (1, 2, 3, …)",
  ],
  [
    "float32",
    "dW1",
    (A) => A.map(Math.fround),
    "it has the rounding errors of float32",
  ],
  [
    "two decimals",
    "Y1",
    (A) => A.map((y) => Math.round(100 * y) / 100),
    "each entry is round(x, 2), where x is the right one",
  ],
  [
    "the absolute value",
    "dY1",
    (A) => A.map(Math.abs),
    "each entry is |x|, where x is the right one",
  ],
  [
    "a steeper sigmoid",
    "Y1",
    (_, { A1 }) => A1!.map((a) => 1 / (1 + Math.exp(-2 * a))),
    "it is 1 / (1 + e^(-2 A1))",
  ],
  [
    "softmax with a temperature",
    "P",
    (_, { A2 }) => {
      const powers = A2!.map((a) => Math.exp(a / 2));
      return powers.zipRow(powers.columnSums, (e, sum) => e / sum);
    },
    "it is softmax(0.5 A2)",
  ],
  [
    "leaky ReLU",
    "Y1",
    (_, { A1 }) => A1!.map((a) => a > 0 ? a : 0.01 * a),
    "it is another function of A1",
  ],
  [
    "the derivative at another place",
    "dA1",
    (A, { Y1 }) => A.zip(Y1!, (a, y) => a * (1 + y)),
    "it is multiplied by a function of Y1",
  ],
  [
    "another number inside the logarithm",
    "L",
    (A) => A.map((loss) => -Math.log(Math.exp(-loss) + 1e-4)),
    "it is -ln(p + 0.0001) of each right p",
  ],
  [
    "weights updated first, with another rate",
    "dY1",
    (_, { W2, dW2, dA2 }) =>
      (W2!.zip(dW2!, (w, dw) => w - 0.5 * dw).transposed as AnyMatrix as RunTimeMatrix)
        .multiply(dA2 as never),
    "it is (W2 - 0.5 dW2)ᵀ dA2",
  ],
  [
    "the sum of another quantity",
    "db2",
    (_, { P }) => P!.rowSums,
    "it is rowSum(P)",
  ],
  [
    "NaN",
    "A2",
    (A) => matrix(A, (k, i) => k === 1 && i === 3 ? NaN : at(A, k, i)),
    "holds NaN, first for class 1, example 3 (counted from 0)",
  ],
  [
    "other weights",
    "A1",
    (A) => matrix(A, (m, i) => at(A, m, i) + 0.01 * Math.sin(12 * m * m + 5 * i * i)),
    "no known mistake explains it",
  ],
];

for (const [name, symbol, change, said] of EXAMPLES) {
  Deno.test(`example: diagnose() describes a difference: ${name}`, () => {
    strictEqual(words(symbol, change), said);
  });
}

Deno.test("law: diagnose() finds one wrong quantity, whatever is wrong in it", () => {
  for (const [name, symbol, change] of EXAMPLES) {
    const { quantities } = changed(symbol, change);
    const wrong = quantities.filter(({ status }) => status === "wrong");
    strictEqual(wrong.map(({ symbol }) => symbol).join(), symbol, name);
  }
});

Deno.test("example: diagnose() names the sums that an array of the wrong shape holds", () => {
  const said: readonly (readonly [ComputedSymbol, Change, string | undefined])[] = [
    ["db1", (_, { dA1 }) => dA1!, "dA1"],
    ["db1", (_, { dA1 }) => dA1!.columnSums, "columnSum(dA1)"],
    ["E", (_, { L }) => L!, "L"],
    ["L", (_, { P, onehot }) => P!.zip(onehot!, (p, y) => y ? -Math.log(p) : 0), "-onehot ln P"],
    ["dW1", (A) => matrix({ ...A, rows: 7 } as never, (m, d) => m + d), undefined],
  ];
  for (const [symbol, change, equals] of said) {
    const { parameters, batch } = drawInputs(SIZES, new RandomState(7));
    const right = runStep(parameters, batch, 0.01);
    const { compute } = STEP.find((one) => one.symbol === symbol)!;
    const { rows, columns, data } = change(compute(right), right as unknown as Values);
    const arrays = record(right, PROJECT);
    arrays.set(symbol, { shape: [rows, columns], dtype: "<f8", fortranOrder: false, data });
    const found = diagnose(arrays);
    ok(found.verdict === "wrong");
    const [cause] = found.firstWrong!.causes as [Extract<Cause, { kind: "shape" }>];
    strictEqual(cause.kind, "shape");
    strictEqual(cause.equals, equals, symbol);
  }
});

Deno.test("example: diagnose() finds the step of AdaGrad and of RMSProp", () => {
  const normalised = (W: "W1" | "b1", rate: number, ε: number): Change => (_, values) =>
    values[W]!.zip(values[`d${W}`]!, (w, g) => w - rate * g / (Math.abs(g) + ε));
  strictEqual(words("W1'", normalised("W1", 0.01, 1e-7)), "it is W1 - 0.01 dW1 / (|dW1| + 1e-7)");
  strictEqual(words("b1'", normalised("b1", 0.1, 1e-5)), "it is b1 - 0.1 db1 / (|db1| + 0.00001)");
  const sign: Change = (_, { W1, dW1 }) => W1!.zip(dW1!, (w, g) => w - 0.3 * Math.sign(g));
  strictEqual(words("W1'", sign), "it is W1 - 0.3 dW1 / |dW1|");
  // rounding errors of the step are none of ε
  const rounded: Change = (_, { W1, dW1 }) =>
    W1!.zip(dW1!, (w, g) => w - 0.3 * Math.sign(g) * (1 + 1e-9 * Math.sign(w)));
  strictEqual(words("W1'", rounded), "it is W1 - 0.3 dW1 / |dW1|");
});

Deno.test("example: diagnose() says that all examples or units are the same", () => {
  const first: Change = (right) => matrix(right, (row) => right.data[row * right.columns]!);
  strictEqual(words("A1", first), "the numbers of all examples are the same");
  strictEqual(words("Y1", first), "the numbers of all examples are the same");
  const unit: Change = (right) => matrix(right, (_, column) => right.data[column]!);
  strictEqual(words("dY1", unit), "the numbers of all hidden units are the same");
});

Deno.test("example: diagnose() says of which examples the one-hot labels are wrong", () => {
  const last: Change = (right) =>
    matrix(right, (row, column) => {
      const from = column < 9 ? row : (row + 1) % right.rows;
      return right.data[from * right.columns + column]!;
    });
  strictEqual(words("onehot", last), "only examples 9-11 differ (counted from 0)");
});

Deno.test("example: diagnose() takes what is 0 but for rounding for 0", () => {
  const sums: Change = (right, { dA2 }) => matrix(right, (row) => dA2!.columnSums.data[row]!);
  strictEqual(words("db2", sums), "all entries are 0");
});

Deno.test("example: diagnose() says on which side entries are clipped", () => {
  strictEqual(
    words("dA2", (right) => right.map((x) => Math.max(x, -0.05))),
    "each entry is max(x, -0.05), where x is the right one",
  );
});

Deno.test("example: diagnose() finds a shift though many rows are equal", () => {
  const { parameters, batch } = drawInputs(SIZES, new RandomState(7));
  // pixels that are 0 in every image
  const { rows, columns, data } = batch.X;
  const X = Matrix.of(rows, columns, data.map((x, i) => i < 12 * columns ? 0 : x));
  const moved = matrix(X, (row, column) => X.data[(row + rows - 1) % rows * columns + column]!);
  const step = runStep(parameters, { ...batch, X }, 0.01, {
    dW1: ({ dA1 }) => dA1.multiply((moved as typeof X).transposed) as never,
  });
  const found = diagnose(record(step, PROJECT));
  const last = describeDiagnosis(found, "en").split("\n").at(-1);
  strictEqual(last, "First wrong: dW1: the inputs are shifted by 1.");
});
