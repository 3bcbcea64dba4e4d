/** Right programs that round otherwise than this project: in float32, and in other orders. */
import { ok } from "node:assert/strict";
import type { StepSizes } from "../../lib/diagnose/dump.ts";
import {
  type AnyMatrix,
  type AnyStepValues,
  describeDiagnosis,
  diagnose,
  dim,
  type Indices,
  Matrix,
  type NdArray,
  type RandomState,
  type RunTimeMatrix,
  STEP,
  type StepSymbol,
} from "../../mod.ts";
import { drawInputs, record, type Style } from "./dumps.ts";

/** What a step starts from. */
interface StartingPoint extends Readonly<Record<"X" | "W1" | "b1" | "W2" | "b2", AnyMatrix>> {
  readonly labels: Pick<Indices<1>, "values">;
  readonly η: number;
}

/** How a program computes. */
interface Arithmetic {
  /** Rounds the result of each operation: `Math.fround` in float32. */
  readonly round: (x: number) => number;
  /** Whether sums are added up from their last term. */
  readonly backwards: boolean;
  /** Whether the loss is the logarithm of a probability, or of the sum of the exponentials. */
  readonly logOfProbability: boolean;
}

function make(
  rows: number,
  columns: number,
  entry: (row: number, column: number) => number,
): RunTimeMatrix {
  const data = Float64Array.from(
    { length: rows * columns },
    (_, i) => entry(Math.floor(i / columns), i % columns),
  );
  return Matrix.of(dim("any", rows), dim("any", columns), data);
}

/** Every quantity of a step, entry by entry, by the definitions of the report. */
export function rightStep(start: StartingPoint, arithmetic: Arithmetic): AnyStepValues {
  const { round: f, backwards, logOfProbability } = arithmetic;
  const rounded = (A: AnyMatrix) => make(A.rows, A.columns, (i, j) => f(at(A, i, j)));
  const at = (A: AnyMatrix, i: number, j: number) => A.data[i * A.columns + j]!;
  const sum = (n: number, term: (k: number) => number) => {
    let sum = 0;
    for (let k = 0; k < n; k++) sum = f(sum + f(term(backwards ? n - 1 - k : k)));
    return sum;
  };
  const X = rounded(start.X), [W1, b1] = [rounded(start.W1), rounded(start.b1)];
  const [W2, b2] = [rounded(start.W2), rounded(start.b2)], η = f(start.η);
  const { labels } = start, [M, D, K, B] = [W1.rows, W1.columns, W2.rows, X.columns];

  const A1 = make(M, B, (m, i) => f(sum(D, (d) => at(W1, m, d) * at(X, d, i)) + at(b1, m, 0)));
  const Y1 = A1.map((a) => f(1 / f(1 + f(Math.exp(-a)))));
  const A2 = make(K, B, (k, i) => f(sum(M, (m) => at(W2, k, m) * at(Y1, m, i)) + at(b2, k, 0)));
  const α = Array.from(
    { length: B },
    (_, i) => Math.max(...Array.from({ length: K }, (_, k) => at(A2, k, i))),
  );
  const power = (k: number, i: number) => f(Math.exp(f(at(A2, k, i) - α[i]!)));
  const sums = α.map((_, i) => sum(K, (k) => power(k, i)));
  const P = make(K, B, (k, i) => f(power(k, i) / sums[i]!));
  const onehot = make(K, B, (k, i) => labels.values[i] === k ? 1 : 0);
  const L = make(1, B, (_, i) => {
    const label = labels.values[i]!;
    return logOfProbability
      ? f(-Math.log(at(P, label, i)))
      : f(f(α[i]! - at(A2, label, i)) + f(Math.log(sums[i]!)));
  });
  const E = make(1, 1, () => f(sum(B, (i) => at(L, 0, i)) / B));

  const dA2 = make(K, B, (k, i) => f(f(at(P, k, i) - at(onehot, k, i)) / B));
  const dW2 = make(K, M, (k, m) => sum(B, (i) => at(dA2, k, i) * at(Y1, m, i)));
  const db2 = make(K, 1, (k) => sum(B, (i) => at(dA2, k, i)));
  const dY1 = make(M, B, (m, i) => sum(K, (k) => at(W2, k, m) * at(dA2, k, i)));
  const dA1 = make(M, B, (m, i) => f(f(at(dY1, m, i) * f(1 - at(Y1, m, i))) * at(Y1, m, i)));
  const dW1 = make(M, D, (m, d) => sum(B, (i) => at(dA1, m, i) * at(X, d, i)));
  const db1 = make(M, 1, (m) => sum(B, (i) => at(dA1, m, i)));
  const after = (W: RunTimeMatrix, dW: RunTimeMatrix) => W.zip(dW, (w, dw) => f(w - f(η * dw)));
  return {
    ...{ X, labels, W1, b1, W2, b2, η, A1, Y1, A2, P, onehot, L, E },
    ...{ dA2, dW2, db2, dY1, dA1, dW1, db1 },
    ...{ "W1'": after(W1, dW1), "b1'": after(b1, db1) },
    ...{ "W2'": after(W2, dW2), "b2'": after(b2, db2) },
  };
}

/** One of some values. */
function pick<T>(values: readonly T[], random: RandomState): T {
  return values[random.randint(0, values.length)]!;
}

/** Sizes: any up to the report's, or square ones, in which layouts fit both ways round. */
function drawSizes(random: RandomState): StepSizes {
  if (random.randint(0, 4) === 0) {
    const side = random.randint(2, 9);
    const sideOr = (other: number) => pick([side, side, other], random);
    return { D: sideOr(7), M: sideOr(5), K: sideOr(3), B: sideOr(4) };
  }
  return {
    D: random.randint(0, 40) === 0 ? 784 : random.randint(1, 60),
    M: random.randint(1, 20),
    K: random.randint(2, 11),
    B: pick([1, 2, 5, 10, 32], random),
  };
}

function drawStyle(random: RandomState, { round }: Arithmetic): Style {
  const share = pick([1, 1, 0.5, 0.2], random);
  const symbols: StepSymbol[] = STEP.map(({ symbol }) => symbol);
  const recorded = symbols.filter(() => random.randomSample() < share);
  return {
    program: pick(["listing", "project", "textbook", "pytorch"] as const, random),
    dtype: round === Math.fround ? "<f4" : "<f8",
    trailingAxis: pick([true, false], random),
    oneHot: pick([true, false], random),
    bias: pick(["flat", "row", "column"] as const, random),
    recorded: recorded.length > 0 ? recorded : ["dW1"],
  };
}

const GRADIENTS: readonly StepSymbol[] = ["dA2", "dW2", "db2", "dY1", "dA1", "dW1", "db1"];

/** The quantities that a convention multiplies by B, -1 or -B, up to which the program has them. */
const EXTENTS: readonly (readonly StepSymbol[])[] = [
  ["E"],
  ["dA2"],
  ["dA2", "dY1"],
  ["dA2", "dY1", "dA1"],
  GRADIENTS,
  ["E", "dA2"],
];

/** What one right program recorded, and the learning rate in every second case. */
function drawRightDump(random: RandomState) {
  const sizes = drawSizes(random);
  const arithmetic: Arithmetic = {
    round: pick([Math.fround, (x: number) => x], random),
    backwards: pick([true, false], random),
    logOfProbability: pick([true, false], random),
  };
  const { parameters: { W1, b1, W2, b2 }, batch: { X, labels } } = drawInputs(sizes, random);
  // weights of a trained network are larger
  const scale = pick([1, 1, 1, 5, 20], random), η = pick([0.01, 0.1, 0.5, 0.003], random);
  const start = { X, labels, W1: W1.scale(scale), b1, W2: W2.scale(scale), b2, η };
  const style = drawStyle(random, arithmetic);
  const right = rightStep(start, arithmetic);
  // a convention of its own in every second program
  const extent = pick([...EXTENTS, ...EXTENTS.map(() => [])], random);
  const factor = extent[0] === "E" ? sizes.B : pick([sizes.B, -1, -sizes.B], random);
  const changed = extent.map((symbol) =>
    [symbol, (right[symbol] as RunTimeMatrix).map((x) => arithmetic.round(factor * x))] as const
  );
  const arrays = record({ ...right, ...Object.fromEntries(changed) }, style);
  const options = random.randint(0, 2) === 0 ? { learningRate: η } : {};
  return { sizes, style, arrays, options, convention: { extent, factor } };
}

/** Draws right programs, none of which is accused; returns the least tolerance by its error. */
export function judgeRightDumps(
  random: RandomState,
  count: number,
  convert = (array: NdArray): NdArray => array,
): number {
  let least = Infinity;
  for (let i = 0; i < count; i++) {
    const { arrays, options, style, sizes, convention } = drawRightDump(random);
    const converted = new Map([...arrays].map(([name, array]) => [name, convert(array)]));
    const found = diagnose(converted, options);
    const program = JSON.stringify({ sizes, ...style, ...convention, ...options });
    const text = `${i}: ${program}\n${describeDiagnosis(found, "en")}`;
    ok(found.verdict !== "wrong" && found.verdict !== "another network", text);
    if (convention.extent.length === 0) ok(found.verdict !== "undecided", text);
    if (found.verdict !== "right") continue;
    for (const { error, tolerance, formula } of found.quantities) {
      if (error > 0 && formula === undefined) least = Math.min(least, tolerance / error);
    }
  }
  return least;
}

/** The same numbers in arrays of float64. */
export function asFloat64(array: NdArray): NdArray {
  const { dtype, data } = array;
  return dtype === "<f4"
    ? { ...array, dtype: "<f8", data: Float64Array.from(data as Float32Array) }
    : array;
}
