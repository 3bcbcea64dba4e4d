// Other equations that give a wrong quantity: another quantity, a sum of several, another product,
// a sum over other examples.
import { exp } from "../math/exp.ts";
import { log } from "../math/log.ts";
import { type AnyMatrix, Matrix, type RunTimeMatrix } from "../math/matrix.ts";
import { maxAbs } from "../math/max_abs.ts";
import { type Dim, dim } from "../math/shape.ts";
import { correctEquation } from "../mistakes/mistake.ts";
import { type MatrixSymbol, STEP, STEP_INPUTS } from "../network/step.ts";
import { significantDigits } from "../text/numbers.ts";
import { greatestDifference, relativeError } from "./agreement.ts";
import type { Cause, Term } from "./cause.ts";
import type { Difference } from "./entry_differences.ts";
import { factorFit } from "./factor_fit.ts";
import { dot, leastSquares, solve } from "./least_squares.ts";
import { shapeOf } from "./dump.ts";
import { fits, leastError, type Suspect, WRONG_EQUATION } from "./suspect.ts";

/** The other quantities that have the shape of one. */
export function othersLike({ symbol, sizes }: Suspect): MatrixSymbol[] {
  const shape = shapeOf(symbol, sizes).join();
  return [...STEP_INPUTS, ...STEP].map(({ symbol }) => symbol).filter((other) =>
    other !== symbol && other !== "η" && other !== "labels" && !other.endsWith("'") &&
    shapeOf(other, sizes).join() === shape
  ) as MatrixSymbol[];
}

/** Another quantity in the place of one. */
export function otherQuantity(suspect: Suspect): Cause | undefined {
  if (suspect.candidates[0]!.data.length === 1) return undefined;
  return othersLike(suspect).flatMap((symbol): Cause[] => {
    const error = leastError(suspect, suspect.own[symbol]);
    return fits(suspect, error) ? [{ kind: "other quantity", symbol, error }] : [];
  })[0];
}

/** The quantity as a sum of multiples of others of its shape, and of 1. */
export function combination(suspect: Suspect, recorded: RunTimeMatrix): Cause | undefined {
  const { symbol, own, right, tolerance } = suspect, { rows, columns } = recorded;
  const before = symbol.slice(0, -1) as "W1";
  const isUpdate = symbol.endsWith("'");
  const signs = (["W1", "W2"] as const).filter((W) => symbol === `d${W}` || symbol === `${W}'`)
    .map((W) => [`sign(${W})`, own[W].map(Math.sign)] as const);
  const bases: readonly (readonly [Term["symbol"], RunTimeMatrix])[] = [
    ...isUpdate ? [] : [[symbol, right] as const],
    ...othersLike(suspect).map((other) => [other, own[other]] as const),
    ...signs,
    ["1", Matrix.zeros(dim("any", rows), dim("any", columns)).map(() => 1)],
  ];
  const first = isUpdate ? [before, `d${before}`] : [symbol];
  const sets = [
    ...bases.flatMap((one, i) => bases.slice(i + 1).map((other) => [one, other])),
    ...bases.flatMap((one, i) =>
      bases.slice(i + 1).flatMap((other, j) =>
        bases.slice(i + j + 2).map((third) => [one, other, third])
      )
    ),
  ].toSorted((a, b) => a.length - b.length || known(b) - known(a));
  function known(set: readonly (readonly [string, unknown])[]): number {
    return set.filter(([symbol]) => first.includes(symbol)).length;
  }
  const found: Extract<Cause, { readonly kind: "combination" }>[] = [];
  for (const set of sets) {
    // a sum of fewer terms is simpler
    if (found.length > 0 && set.length > found[0]!.terms.length) break;
    if (recorded.data.length < set.length + 4) continue;
    const coefficients = leastSquares(set.map(([, { data }]) => data), recorded.data);
    if (coefficients === undefined) continue;
    const sum = recorded.map(() => 0).data;
    set.forEach(([, { data }], k) => data.forEach((x, i) => sum[i]! += coefficients[k]! * x));
    const computed = Matrix.of(dim("any", rows), dim("any", columns), sum);
    const error = relativeError(recorded, computed);
    if (!(error <= WRONG_EQUATION * Math.max(tolerance, 2 ** -50))) continue;
    const terms = set.map(([symbol], k) => ({ coefficient: coefficients[k]!, symbol }))
      .filter(({ coefficient }) => coefficient !== 0);
    found.push({ kind: "combination", terms, error });
  }
  // of several, the one in which the right quantity has the factor 1
  return found.find(({ terms: [first] }) => Math.abs(first!.coefficient - 1) < 1e-9) ?? found[0];
}

/** The quantity as another product or sum of quantities than it should be. */
export function otherEquation(suspect: Suspect): Cause | undefined {
  const { symbol, own, right } = suspect;
  if (right.data.length < 4) return undefined;
  const like = (shape: string) =>
    STEP.filter((one) => one.shape === shape).map(({ symbol }) => [symbol, own[symbol]] as const);
  const X = ["X", own.X] as const;
  const product = (A: RunTimeMatrix, B: RunTimeMatrix) => A.multiply(B);
  const equations: (readonly [string, () => RunTimeMatrix])[] = [];
  const layer = { dW1: ["M x B", [X]], dW2: ["K x B", like("M x B")] } as const;
  if (symbol === "dW1" || symbol === "dW2") {
    const [shape, inputs] = layer[symbol];
    for (const [f, F] of like(shape)) {
      for (const [g, G] of inputs) {
        equations.push([`${f} ${g}ᵀ`, () => product(F, G.transposed)]);
      }
    }
  }
  if (symbol === "db1" || symbol === "db2") {
    for (const [f, F] of like(symbol === "db1" ? "M x B" : "K x B")) {
      equations.push([`rowSum(${f})`, () => F.rowSums as unknown as RunTimeMatrix]);
    }
  }
  if (symbol === "dY1") {
    const W2 = own.W2.transposed;
    for (const [f, F] of like("K x B")) equations.push([`W2ᵀ ${f}`, () => product(W2, F)]);
    const rate = rateBefore(suspect);
    if (rate !== undefined) {
      const scaled = W2.zip(own.dW2.transposed, (w, dw) => w - rate * dw);
      const shown = significantDigits(rate, 6), dA2 = own.dA2;
      equations.push([`(W2 - ${shown} dW2)ᵀ dA2`, () => product(scaled, dA2)]);
    }
  }
  if (symbol === "A2") {
    const W2 = own.W2, b2 = own.b2 as unknown as Matrix<Dim<"any">, 1>;
    for (const [f, F] of like("M x B")) {
      equations.push([`W2 ${f} + b2`, () => product(W2, F).plusColumn(b2)]);
      equations.push([`W2 ${f}`, () => product(W2, F)]);
    }
  }
  for (const [formula, compute] of equations) {
    const fit = factorFit(suspect, compute());
    if (fit === undefined) continue;
    const factor = fit.factor.name === "1" ? undefined : fit.factor;
    return { kind: "other equation", formula, factor, error: fit.error };
  }
  return undefined;
}

/** The learning rate by which W2 may have been updated before dY1 was computed from it. */
function rateBefore({ own, right, candidates: [recorded] }: Suspect): number | undefined {
  const change = own.dW2.transposed.multiply(own.dA2 as never) as AnyMatrix;
  const difference = recorded!.data.map((x, i) => right.data[i]! - x);
  const rate = dot(difference, change.data) / dot(change.data, change.data);
  return Number.isFinite(rate) && rate !== 0 ? rate : undefined;
}

/** Of Y1 and P, their function of a multiple of what they are computed from: of A1 or A2. */
export function scaledInput(suspect: Suspect, recorded: RunTimeMatrix): Cause | undefined {
  const { symbol, own } = suspect;
  if (symbol !== "Y1" && symbol !== "P") return undefined;
  const input = own[symbol === "Y1" ? "A1" : "A2"];
  if (recorded.data.length < 4 || !recorded.data.every((y) => y > 0 && y < 1)) return undefined;
  // softmax leaves differences within a column only
  const centred = (A: RunTimeMatrix) =>
    symbol === "Y1" ? A : A.zipRow(A.columnSums, (a, sum) => a - sum / A.rows);
  const inverse = recorded.map((y) => symbol === "Y1" ? log(y / (1 - y)) : log(y));
  const along = centred(input).data;
  const factor = dot(along, centred(inverse).data) / dot(along, along);
  const scale = significantDigits(factor, 6);
  const computed = correctEquation(symbol)({ A1: input.scale(factor), A2: input.scale(factor) });
  const error = relativeError(recorded, computed);
  if (!(error <= 1e3 * suspect.tolerance)) return undefined;
  const formula = symbol === "Y1" ? `1 / (1 + e^(-${scale} A1))` : `softmax(${scale} A2)`;
  return { kind: "other equation", formula, factor: undefined, error };
}

/** A loss whose logarithm has a small number added to the probability. */
export function epsilonInLogarithm(
  { symbol, right, tolerance, candidates: [recorded] }: Suspect,
): Cause | undefined {
  if (symbol !== "L" || recorded === undefined || right.data.length < 2) return undefined;
  const epsilons = recorded.data.map((loss, i) => exp(-loss) - exp(-right.data[i]!));
  const epsilon = epsilons.reduce((sum, x) => sum + x, 0) / epsilons.length;
  const computed = right.map((loss) => -log(exp(-loss) + epsilon));
  const error = relativeError(recorded, computed);
  // a right loss has no epsilon: it must explain most of the difference
  const isClear = relativeError(recorded, right) > 10 * error && epsilon > 0;
  if (!isClear || !(error <= WRONG_EQUATION * tolerance)) return undefined;
  const formula = `-ln(p + ${significantDigits(epsilon, 3)}) of each right p`;
  return { kind: "other equation", formula, factor: undefined, error };
}

/**
 * A step along the gradient divided by its size, as that of AdaGrad, RMSProp and Adam is while they
 * remember no other gradient: η dW / (|dW| + ε).
 */
export function normalisedStep(
  { symbol, own }: Suspect,
  { recorded, bound }: Difference,
): Cause | undefined {
  if (!symbol.endsWith("'") || recorded.data.length < MIN_NORMALISED) return undefined;
  const before = symbol.slice(0, -1), gradient = own[`d${before}` as "dW1"];
  const moved = [...recorded.data.keys()].filter((i) => recorded.data[i] !== 0);
  // dW / step is (|dW| + ε) / η; what is small is not known in many digits
  const weights = moved.map((i) => Math.min(1, Math.abs(recorded.data[i]! / bound)));
  const quotients = moved.map((i, k) => weights[k]! * gradient.data[i]! / recorded.data[i]!);
  const sizes = moved.map((i, k) => weights[k]! * Math.abs(gradient.data[i]!));
  const [slope, constant] =
    leastSquares([sizes, weights].map((x) => Float64Array.from(x)), Float64Array.from(quotients)) ??
      [];
  if (slope === undefined || constant === undefined || slope === 0) return undefined;
  const stepWith = (ε: number) => gradient.map((g) => g === 0 ? 0 : g / slope / (Math.abs(g) + ε));
  // a fitted ε has rounding errors: 0 is simpler
  const epsilon = [0, constant / slope].find((ε) =>
    ε >= 0 &&
    greatestDifference(recorded, stepWith(ε)) <= Math.max(bound, 1e-6 / Math.abs(slope))
  );
  if (epsilon === undefined) return undefined;
  const error = relativeError(recorded, stepWith(epsilon));
  const rate = significantDigits(Math.abs(1 / slope), 3), small = significantDigits(epsilon, 1);
  const size = epsilon === 0 ? `|d${before}|` : `(|d${before}| + ${small})`;
  const sign = slope < 0 ? "-" : "+";
  const formula = `${before} ${sign} ${rate} d${before} / ${size}`;
  return { kind: "other equation", formula, factor: undefined, error };
}

/** Entries that it takes to see that all steps have a size. */
const MIN_NORMALISED = 6;

/** Batches up to this size are tried for weights of the examples: B² B / 3 multiplications. */
const MAX_WEIGHTED = 256;

/** A bias gradient as the sum of some examples: all but one, the first or the last ones. */
export function someExamples({ suspect, recorded, right, bound }: Difference): Cause | undefined {
  const { symbol, own, sizes: { B } } = suspect;
  if (symbol !== "db1" && symbol !== "db2" || right.rows < 3) return undefined;
  if (B < 2 || B > MAX_WEIGHTED) return undefined;
  const { data } = own[symbol === "db1" ? "dA1" : "dA2"];
  const sumOf = (weights: readonly number[]) =>
    right.data.map((_, row) => weights.reduce((sum, w, i) => sum + w * data[row * B + i]!, 0));
  const examples = Array.from({ length: B }, (_, i) => i);
  const weightings = [
    ...examples.map((left) => examples.map((i) => i === left ? 0 : 1)),
    ...examples.slice(1).map((end) => examples.map((i) => i < end ? 1 : 0)),
    ...examples.slice(1).map((start) => examples.map((i) => i >= start ? 1 : 0)),
    ...examples.map((twice) => examples.map((i) => i === twice ? 2 : 1)),
    ...[0, 1].map((parity) => examples.map((i) => i % 2 === parity ? 1 : 0)),
  ];
  for (const weights of weightings) {
    const sums = sumOf(weights), error = maxAbs(sums.map((x, i) => x - recorded.data[i]!));
    if (error <= bound) return { kind: "weighted examples", weights, error: error / maxAbs(sums) };
  }
  return undefined;
}

/**
 * A sum over the batch, of a weight gradient, in which each example has a weight of its own: only
 * some of them were summed, or some twice.
 */
export function weightedExamples(
  { suspect, recorded, right, bound }: Difference,
): Cause | undefined {
  const { symbol, own, sizes: { B } } = suspect;
  const layer = /^d?W([12])'?$/.exec(symbol)?.[1];
  if (layer === undefined || B > MAX_WEIGHTED || 2 * B > recorded.data.length) return undefined;
  const inputs = own[layer === "1" ? "X" : "Y1"];
  const gradients = own[`dA${layer}` as "dA1"];
  const scale = symbol.endsWith("'") ? -own.η : 1;
  const X = inputs.transposed, G = gradients.transposed;
  const rowOf = ({ columns, data }: AnyMatrix, i: number) =>
    data.subarray(i * columns, (i + 1) * columns);
  // the weights of dA X of each example, by the normal equations
  const normal = Array.from(
    { length: B },
    (_, i) =>
      Float64Array.from(
        { length: B },
        (_, j) => scale * scale * dot(rowOf(X, i), rowOf(X, j)) * dot(rowOf(G, i), rowOf(G, j)),
      ),
  );
  const along = recorded.multiply(inputs); // rows x B
  const sums = Float64Array.from({ length: B }, (_, i) => {
    let sum = 0;
    for (let r = 0; r < gradients.rows; r++) {
      sum += gradients.data[r * B + i]! * along.data[r * B + i]!;
    }
    return scale * sum;
  });
  const weights = solve(normal, sums);
  if (weights === undefined) return undefined;
  const near = weights.map((weight) => {
    const rounded = Number(weight.toPrecision(6));
    const whole = Math.round(rounded * 1e6) / 1e6;
    return Math.abs(weight - whole) < 1e-6 ? whole : weight;
  });
  const weighted = gradients.map((x) => x).data;
  gradients.data.forEach((x, i) => weighted[i] = scale * near[i % B]! * x);
  const computed = Matrix.of(dim("any", gradients.rows), dim("any", B), weighted)
    .multiply(X);
  const difference = greatestDifference(recorded, computed);
  return difference <= Math.max(bound, 1e-7 * maxAbs(right.data))
    ? { kind: "weighted examples", weights: [...near], error: difference / maxAbs(computed.data) }
    : undefined;
}
