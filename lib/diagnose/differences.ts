// Why a quantity is wrong: the known mistakes that explain it, or else what finders, tried in order,
// see in the difference from what it should be.
import { exp } from "../math/exp.ts";
import { log } from "../math/log.ts";
import type { AnyMatrix, RunTimeMatrix } from "../math/matrix.ts";
import { maxAbs } from "../math/max_abs.ts";
import {
  type ComputedSymbol,
  type MatrixSymbol,
  QUANTITIES,
  type RunTimeStep,
  STEP,
  STEP_INPUTS,
  type StepSymbol,
} from "../network/step.ts";
import { t, type Text } from "../text/layout.ts";
import { significantDigits } from "../text/numbers.ts";
import {
  dot,
  factorOf,
  greatestDifference,
  largestFinite,
  leastSquares,
  matrixOf,
  multipleOf,
  relativeError,
} from "./agreement.ts";
import { type Cause, cause, factorName, type Suspect } from "./cause.ts";
import { multiplications, shapeOf } from "./dump.ts";
import {
  equationOf,
  findMistakes,
  fits,
  leastError,
  rightHandSideOf,
  withReplaced,
  WRONG_EQUATION,
} from "./mistake_search.ts";

/** All explanations that fit, best first; what is said of the difference alone if none does. */
export function findCauses(suspect: Suspect): Cause[] {
  const [recorded] = suspect.candidates;
  if (recorded === undefined) return [wrongShape(suspect)];
  const isClear = (found: Cause) => isClearlyBetter(suspect, found);
  const single = findMistakes(suspect);
  const exact = single.exact.filter(isClear), multiples = single.multiples.filter(isClear);
  if (exact.length > 0) return exact;
  const { right, tolerance, symbol, own } = suspect;
  const bound = WRONG_EQUATION * tolerance * largestFinite(right);
  const whole: Difference = { suspect, recorded, right, bound };
  let moved = whole;
  if (symbol.endsWith("'")) {
    // of an update, the step alone
    const before = own[symbol.slice(0, -1) as "W1"];
    const step = (after: RunTimeMatrix) => after.zip(before, (after, before) => after - before);
    const rightStep = step(right);
    // the tolerance of an update is relative to the step
    const bound = WRONG_EQUATION * tolerance * (largestFinite(rightStep) || largestFinite(right));
    moved = { suspect, recorded: step(recorded), right: rightStep, bound };
    Object.assign(whole, { bound });
  }
  for (const find of symbol.endsWith("'") ? updateFinders() : FINDERS) {
    const found = find(moved, whole);
    if (found !== undefined && isClear(found)) return [found];
    if (find === plainFactor && multiples.length > 0) return multiples;
  }
  return [cause("unknown")];
}

/** Digits by which an explanation has to fit better than the right equation does. */
const CLEARLY_BETTER = 1.5;

function isClearlyBetter({ error }: Suspect, found: Cause): boolean {
  return found.error === undefined || !(error < 10 ** CLEARLY_BETTER * found.error);
}

/** A wrong quantity, or the step of a wrong update, and what it should be. */
interface Difference {
  readonly suspect: Suspect;
  readonly recorded: RunTimeMatrix;
  readonly right: RunTimeMatrix;
  /** The difference of two entries that rounding explains. */
  readonly bound: number;
}

/** Looks for one kind of difference; of an update it is given the step, and the whole. */
type Finder = (difference: Difference, whole: Difference) => Cause | undefined;

const notFinite: Finder = (_, { suspect, recorded: { columns, data } }) => {
  const at = data.findIndex((x) => !Number.isFinite(x));
  return at < 0
    ? undefined
    : cause("not finite", suspect.symbol, data[at]!, Math.floor(at / columns), at % columns);
};

/** A multiple of what it should be, or zero. */
const plainFactor: Finder = ({ suspect, recorded, right, bound }) => {
  const { symbol, sizes, own, tolerance, rateIsKnown } = suspect;
  const isUpdate = symbol.endsWith("'");
  // a sum over the classes of dA2 is 0 but for rounding
  if (maxAbs(recorded.data) <= Math.max(bound / 8, 0)) {
    if (isUpdate) return undefined;
    const isSumOfClasses = symbol === "db2" && recorded.data.some((x) => x !== 0);
    return isSumOfClasses
      ? cause("equation", "columnSum(dA2)", { error: 0 }, SUM_OVER_CLASSES)
      : cause("factor", { value: 0, name: "0" }, undefined, { error: 0 });
  }
  const fit = multipleOf(recorded, right);
  if (fit === undefined || isUpdate && !rateIsKnown) return undefined;
  if (!fits(suspect, fit.error) && !(fit.error * largestFinite(recorded) <= bound)) {
    return undefined;
  }
  const { error } = fit, factor = factorOf(fit.value, sizes, own, tolerance);
  const divisor = sizes.B / fit.value, whole = Math.round(divisor);
  if (factor.name === undefined) {
    // of a single number, every other is a multiple
    if (right.data.length === 1) return undefined;
    if (isUpdate) {
      const rate = significantDigits(own.η * fit.value, 4), W = symbol.slice(0, -1);
      const words = t(`its learning rate is ${rate}`, `学習率が ${rate} になっている`);
      return cause("equation", `${W} - ${rate} d${W}`, { error, factor }, words);
    }
    const near = Math.abs(divisor - whole) <= 1e-6 * divisor + 8 * tolerance * divisor;
    if (
      near && whole > 1 && whole <= 1e5 && ["dA2", "E", "dW1", "dW2", "db1", "db2"].includes(symbol)
    ) {
      const formula = `${rightHandSide(symbol).replace(" / B", "")} / ${whole}`;
      const words = t(
        `divided by ${whole} instead of ${sizes.B}`,
        `${sizes.B} ではなく ${whole} で割っている`,
      );
      return cause("equation", formula, { error, factor }, words);
    }
  }
  const norm = Math.sqrt(dot(recorded.data, recorded.data)), round = Number(norm.toPrecision(2));
  const isClipped = factor.name === undefined && fit.value > 0 && fit.value < 1 &&
    Math.abs(norm - round) <= 1e-6 * norm;
  const formula = `${factorName(factor)} (${rightHandSide(symbol)})`;
  return cause("factor", factor, isClipped ? round : undefined, { error, formula });
};

const SUM_OVER_CLASSES = t(
  "0 but for rounding, as a sum over the classes is: summed along the wrong axis",
  "丸め誤差を除いて 0 である（クラス方向に和をとると 0 になる。和をとる軸が違う）",
);

function rightHandSide(symbol: StepSymbol): string {
  const { equation } = QUANTITIES[symbol] as { equation?: string };
  return equation === undefined ? symbol : rightHandSideOf({ equation });
}

/** A loss whose logarithm has a small number added to the probability. */
const epsilonInLogarithm: Finder = ({ suspect, recorded }) => {
  const { symbol, tolerance, own, sizes: { B } } = suspect;
  if (symbol !== "L" && symbol !== "E") return undefined;
  const p = own.P.zip(own.onehot, (p, y) => y * p).columnSums;
  for (const ε of [1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1]) {
    const L = p.map((p) => -log(p + ε));
    const error = relativeError(recorded, symbol === "L" ? L : L.rowSums.scale(1 / B));
    if (!(error <= WRONG_EQUATION * tolerance)) continue;
    const sum = `Σ_k onehot ln(P + ${ε})`;
    const words = t(`${ε} is added inside the logarithm`, `対数の中で ${ε} を足している`);
    return cause("equation", symbol === "L" ? `-${sum}` : `-Σ_i ${sum} / B`, { error }, words);
  }
  return undefined;
};

/** Every quantity that is a matrix, but for those after the step. */
const MATRICES = [...STEP_INPUTS, ...STEP].map(({ symbol }) => symbol).filter((one) =>
  one !== "η" && one !== "labels" && !one.endsWith("'")
) as MatrixSymbol[];

/** The other quantities that have the shape of one. */
function othersLike({ symbol, sizes }: Suspect): MatrixSymbol[] {
  const shape = shapeOf(symbol, sizes).join();
  return MATRICES.filter((other) => other !== symbol && shapeOf(other, sizes).join() === shape);
}

/** Another quantity in the place of one. */
const otherQuantity: Finder = (_, { suspect, recorded }) => {
  if (recorded.data.length === 1) return undefined;
  return othersLike(suspect).flatMap((symbol): Cause[] => {
    const error = leastError(suspect, suspect.own[symbol]);
    return fits(suspect, error) ? [cause("equation", symbol, { error })] : [];
  })[0];
};

/** What programs make of a quantity before they use it: in symbols, and in words with `{}`. */
interface Operation {
  readonly formula: string;
  readonly words: Text;
  readonly of: (Q: RunTimeMatrix) => RunTimeMatrix;
}

const operation = (
  formula: string,
  en: string,
  ja: string,
  of: Operation["of"],
): Operation => ({ formula, words: t(en, ja), of });

const entries = (formula: string, en: string, ja: string, f: (x: number) => number) =>
  operation(formula, en, ja, (Q) => Q.map(f));

/** A matrix whose entries are those of another at other places; 0 where there is none. */
function picked(Q: RunTimeMatrix, from: (i: number, j: number) => readonly [number, number]) {
  const { rows, columns, data } = Q;
  const numbers = data.map((_, n) => {
    const [i, j] = from(Math.floor(n / columns), n % columns);
    return i < 0 || j < 0 ? 0 : data[i * columns + j]!;
  });
  return matrixOf(rows, columns, numbers);
}

function means(Q: RunTimeMatrix): RunTimeMatrix {
  return Q.map(() => 0).plusColumn(Q.rowSums.scale(1 / Q.columns) as never);
}

// deno-fmt-ignore: an operation is a line
const OPERATIONS: readonly Operation[] = [
  entries("|{}|", "the absolute value of {}", "{} の絶対値", Math.abs),
  entries("(-{})", "-{}", "-{}", (x) => -x),
  entries("(1 - {})", "1 - {}", "1 - {}", (x) => 1 - x),
  entries("{}²", "the square of {}", "{} の 2 乗", (x) => x * x),
  entries("trunc({})", "{} truncated to integers", "整数に切り捨てた {}", Math.trunc),
  entries("round({})", "{} rounded to integers", "整数に丸めた {}", Math.round),
  entries("[{} > 0]", "[{} > 0], which is 0 or 1", "{} が正なら 1、ほかは 0", (x) => x > 0 ? 1 : 0),
  entries("sign({})", "the sign of {}", "{} の符号", Math.sign),
  entries("max(0, {})", "max(0, {}), the ReLU", "max(0, {})（ReLU）", (x) => Math.max(0, x)),
  entries("({} (1 - {}))", "the derivative {} (1 - {})", "微分 {} (1 - {})", (x) => x * (1 - x)),
  entries("sigmoid({})", "the sigmoid of {}", "{} のシグモイド関数", (x) => 1 / (1 + exp(-x))),
  entries("e^{}", "e^{}", "e^{}", exp),
  operation("({} - mean)", "{} centred over the batch (the mean subtracted)", "バッチ方向の平均を引いた {}", (Q) => Q.zip(means(Q), (q, mean) => q - mean)),
  operation("mean({})", "the mean of {} over the batch", "バッチ方向に平均した {}", means),
  operation("sum({})", "the sum of {} over the batch, for each example", "バッチ方向に和をとった {}", (Q) => means(Q).scale(Q.columns)),
  operation("{}.reshape", "{} reshaped instead of transposed", "転置ではなく reshape した {}", (Q) => matrixOf(Q.rows, Q.columns, Q.transposed.data)),
  operation("{}[::-1]", "the rows of {} in reverse order", "行の順序が逆の {}", (Q) => picked(Q, (i, j) => [Q.rows - 1 - i, j])),
  operation("{}[:, ::-1]", "the columns of {} in reverse order", "列の順序が逆の {}", (Q) => picked(Q, (i, j) => [i, Q.columns - 1 - j])),
  operation("{}[:, 0]", "the first column of {} for all", "すべてに最初の列の {}", (Q) => picked(Q, (i) => [i, 0])),
  operation("{}[0]", "the first row of {} for all", "すべてに最初の行の {}", (Q) => picked(Q, (_, j) => [0, j])),
  operation("{}[1:]", "{} without its first row", "最初の行を除いた {}", (Q) => picked(Q, (i, j) => [i === 0 ? -1 : i, j])),
  operation("{}[:-1]", "{} without its last row", "最後の行を除いた {}", (Q) => picked(Q, (i, j) => [i === Q.rows - 1 ? -1 : i, j])),
  operation("{}[:, 1:]", "{} without its first column", "最初の列を除いた {}", (Q) => picked(Q, (i, j) => [i, j === 0 ? -1 : j])),
  operation("{}[:, :-1]", "{} without its last column", "最後の列を除いた {}", (Q) => picked(Q, (i, j) => [i, j === Q.columns - 1 ? -1 : j])),
];

const ROUNDINGS: readonly Operation[] = [1, 2, 3, 4, 5, 6].map((n) =>
  entries(
    `round({}, ${n})`,
    `round({}, ${n})`,
    `round({}, ${n})`,
    (x) => Math.round(x * 10 ** n) / 10 ** n,
  )
);

/** The right equation with one of its quantities changed before, or replaced by another. */
const changedQuantity: Finder = (_, { suspect }) => {
  const { symbol, given } = suspect;
  // also in the equations of quantities that were not recorded
  const places: ComputedSymbol[] = [symbol];
  for (const place of places) {
    for (const before of QUANTITIES[place].from) {
      if (Object.hasOwn(given, before) || places.includes(before as ComputedSymbol)) continue;
      if (QUANTITIES[before].pass !== "input") places.push(before as ComputedSymbol);
    }
  }
  const isLarge = multiplications(suspect.sizes) > 1e6;
  for (const place of places) {
    // what needs a large product for each attempt takes too long
    if (
      isLarge && place !== symbol && [place, symbol].some((one) => one === "A1" || one === "dW1")
    ) {
      continue;
    }
    for (const Q of QUANTITIES[place].from) {
      if (Q === "η" || Q === "labels") continue;
      const found = changedIn(suspect, place, Q);
      if (found !== undefined) return found;
    }
    const found = changedResult(suspect, place);
    if (found !== undefined) return found;
  }
  return undefined;
};

/** The quantity with one of the equations before it, or its own, computed from other values. */
function changedIn(suspect: Suspect, place: ComputedSymbol, Q: MatrixSymbol): Cause | undefined {
  const { symbol, own, previous, sizes } = suspect, matrix = own[Q];
  const errorOf = errorsOf(suspect, place);
  const explain = (changed: () => RunTimeMatrix, formula: string, words: Text) => {
    const { error, result } = errorOf(() => withValue(own, Q, changed()));
    if (result === undefined || !fits(suspect, error)) return undefined;
    const right = rightHandSide(place).replace(Q, formula.replaceAll("{}", Q));
    const say = (language: "en" | "ja") => words[language].replaceAll("{}", Q);
    const made = place === symbol ? undefined : { in: place, matrix: result };
    if (place === "dA2" && formula === "B {}") {
      const words = t(
        "only onehot is divided by B: the parentheses of P - onehot are lost",
        "P - onehot の括弧が抜け、onehot だけを B で割っている",
      );
      return cause("equation", "P - onehot / B", { error, made }, words);
    }
    return cause(
      "equation",
      right,
      { error, made },
      t(`computed with ${say("en")} instead of ${Q}`, `${Q} ではなく、${say("ja")}で計算している`),
    );
  };
  const scales = (["B", "K", "M", "D"] as const).flatMap((size) => [
    operation(`${size} {}`, `${size} {}`, `${size} {} `, (Q) => Q.scale(sizes[size])),
    operation(`{} / ${size}`, `{} / ${size}`, `{} / ${size} `, (Q) => Q.scale(1 / sizes[size])),
  ]);
  for (const { formula, words, of } of [...OPERATIONS, ...scales]) {
    const found = explain(() => of(matrix), formula, words);
    if (found !== undefined) return found;
  }
  if (previous !== undefined && previous[Q] !== matrix) {
    const words = t(`${Q} of the step before`, `前のステップの ${Q} `);
    const found = explain(() => previous[Q], Q, words);
    if (found !== undefined) return found;
  }
  for (const other of MATRICES) {
    if (other === Q || other === place) continue;
    const O = own[other], { rows } = matrix;
    // where the shapes do not fit, this throws
    const tries: readonly (readonly [string, () => RunTimeMatrix])[] = [
      [other, () => O],
      [`${other} / B`, () => O.scale(1 / sizes.B)],
      [`({} ${other})`, () => matrix.zip(O, (q, o) => q * o)],
      [`({} + ${other})`, () => O.columns === 1 ? matrix.plusColumn(O as never) : matrix.plus(O)],
      [`${other}[:${rows}]`, () => matrixOf(rows, O.columns, O.data.slice(0, rows * O.columns))],
    ];
    for (const [formula, changed] of tries) {
      const found = explain(changed, formula, t(formula, `${formula} `));
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** The error of the quantity with an equation that is computed from other values, and its result. */
function errorsOf(suspect: Suspect, place: ComputedSymbol) {
  const { symbol, sizes, tolerance } = suspect, equation = equationOf(suspect, place);
  const isLarge = multiplications(sizes) > 1e6 && place === symbol &&
    (symbol === "A1" || symbol === "dW1");
  // of a large product, some columns first: of some examples or inputs
  const few = (values: RunTimeStep) =>
    withValue(
      values,
      "X",
      symbol === "A1" ? someColumns(values.X) : someColumns(values.X.transposed).transposed,
    );
  const part = {
    ...suspect,
    candidates: suspect.candidates.map(someColumns),
    right: someColumns(suspect.right),
  };
  return (valuesOf: () => RunTimeStep): { error: number; result?: RunTimeMatrix } => {
    try {
      const values = valuesOf();
      if (isLarge && !(leastError(part, equation(few(values))) <= 1e3 * tolerance)) {
        return { error: Infinity };
      }
      const result = equation(values);
      return { error: errorAfter(suspect, place, result), result };
    } catch {
      return { error: Infinity }; // the shapes do not fit
    }
  };
}

/** The error of the quantity if it, or one before it, is such a matrix. */
function errorAfter(suspect: Suspect, place: ComputedSymbol, result: RunTimeMatrix): number {
  const { symbol, own } = suspect;
  if (place === symbol) return leastError(suspect, result);
  const values = withReplaced(suspect, own, place, result);
  return leastError(suspect, equationOf(suspect, symbol)(values));
}

/** The result of an equation with another quantity added, or computed in part otherwise. */
function changedResult(suspect: Suspect, place: ComputedSymbol): Cause | undefined {
  const { symbol, own } = suspect, right = equationOf(suspect, place)(own);
  const columns = MATRICES.filter((one) =>
    own[one].columns === 1 && own[one].rows === right.rows && right.columns > 1
  );
  const tries: (readonly [string, () => RunTimeMatrix])[] = columns.map((one) =>
    [`${rightHandSide(place)} + ${one}`, () => right.plusColumn(own[one] as never)] as const
  );
  if (place === "A1" || place === "A2") {
    const [W, b, Y] = place === "A1" ? ["W1", "b1", "X"] as const : ["W2", "b2", "Y1"] as const;
    const sum = (weights: RunTimeMatrix) => weights.multiply(own[Y]);
    tries.push(
      [`(${W} + ${b}) ${Y}`, () => sum(own[W].plusColumn(own[b] as never))],
      [`|${W} ${Y}| + ${b}`, () => sum(own[W]).map(Math.abs).plusColumn(own[b] as never)],
    );
  }
  if (place === "dA1") {
    const derivative = own.Y1.map((y) => y * (1 - y)), { dY1, Y1 } = own;
    tries.push(
      ["dY1 mean((1 - Y1) Y1)", () => dY1.zip(means(derivative), (d, mean) => d * mean)],
      ["dY1 (1 - Y1)²", () => dY1.zip(Y1, (d, y) => d * (1 - y) ** 2)],
    );
  }
  if (place === "E") {
    const p = own.P.zip(own.onehot, (p, y) => p * y).columnSums.rowSums.data[0]!;
    tries.push(["-ln(mean(Σ_k onehot P))", () => matrixOf(1, 1, [-log(p / own.P.columns)])]);
  }
  for (const [formula, compute] of tries) {
    const matrix = compute(), error = errorAfter(suspect, place, matrix);
    const made = place === symbol ? undefined : { in: place, matrix };
    if (fits(suspect, error)) return cause("equation", formula, { error, made });
  }
  return undefined;
}

function withValue(values: RunTimeStep, symbol: string, value: unknown): RunTimeStep {
  return Object.create(values, { [symbol]: { value } });
}

/** Four columns of a matrix. */
function someColumns({ rows, columns, data }: RunTimeMatrix): RunTimeMatrix {
  const places = [0, 1, 2, 3].map((i) => Math.floor((i + 0.5) * columns / 4));
  const numbers = Array.from({ length: rows }, (_, i) => places.map((j) => data[i * columns + j]!));
  return matrixOf(rows, places.length, numbers.flat());
}

/** A difference in some rows, columns or entries only. */
const someEntries: Finder = ({ suspect: { symbol }, recorded, right, bound }) => {
  const { rows, columns, data } = recorded;
  const wrong = [...data.keys()].filter((i) => !(Math.abs(data[i]! - right.data[i]!) <= bound));
  const inRows = [...new Set(wrong.map((i) => Math.floor(i / columns)))];
  const inColumns = [...new Set(wrong.map((i) => i % columns))].sort((a, b) => a - b);
  if (data.length === 1 || wrong.length === 0) return undefined;
  if (inRows.length === 1 && rows > 1) return cause("some", symbol, "rows", inRows, false);
  if (inColumns.length === 1 && columns > 1) {
    return cause("some", symbol, "columns", inColumns, false);
  }
  const inSome = (side: "rows" | "columns", indices: readonly number[], of: number) => {
    // where the others should be 0, that they are says nothing
    const others = right.data.some((x, i) => x !== 0 && Math.abs(data[i]! - x) <= bound);
    if (!others) return undefined;
    // of whole rows or columns: scattered entries are something else; a class has two of onehot
    const isWhole = wrong.length >= 0.8 * indices.length * data.length / of ||
      symbol === "onehot" && side === "columns";
    if (indices.length > of / 2 || !isWhole) return undefined;
    return cause("some", symbol, side, indices, wrong.every((i) => data[i] === 0));
  };
  return inSome("rows", inRows, rows) ?? inSome("columns", inColumns, columns);
};

/** The quantity, or the step of an update, as a function of what it should be. */
const functionOfRight: Finder = (moved, whole) =>
  functionIn(moved) ??
    // parameters that became integers are a function of the whole
    (whole.recorded === moved.recorded ? undefined : functionIn(whole));

function functionIn({ recorded, right, bound, suspect: { sizes, own, tolerance } }: Difference) {
  const { data } = recorded;
  if (data.length < 4) return undefined;
  const max = data.reduce((a, b) => Math.max(a, b)), min = data.reduce((a, b) => Math.min(a, b));
  const clip = `clip({}, ${significantDigits(min, 6)}, ${significantDigits(max, 6)})`;
  const clipped = entries(clip, clip, clip, (x) => Math.min(Math.max(x, min), max));
  for (const { words, of, formula } of [...OPERATIONS, ...ROUNDINGS, clipped]) {
    const computed = of(right);
    // of a power, a factor such as B may have been lost
    const multiple = /[|²]/.test(formula) ? multipleOf(recorded, computed)?.value ?? 1 : 1;
    for (const factor of [1, multiple]) {
      const scaled = computed.scale(factor), difference = greatestDifference(recorded, scaled);
      const size = Math.max(1, largestFinite(scaled) / largestFinite(right));
      if (!(difference <= bound * size)) continue;
      const error = difference === 0 ? 0 : difference / largestFinite(scaled);
      const times = factorName(factorOf(factor, sizes, own, tolerance));
      const say = (language: "en" | "ja", by: string) =>
        `${factor === 1 ? "" : by}${words[language].replaceAll("{}", "x")}`;
      return cause("function", t(say("en", `${times} times `), say("ja", `${times} × `)), error);
    }
  }
  return undefined;
}

/** Y1 and P of a multiple of the sums; A1, or Y1 without it, of images that were changed. */
const fittedSum: Finder = (_, { suspect, recorded }) => {
  const { symbol, own: { W1, b1, X, A1, A2 }, tolerance, given } = suspect;
  const isOfLogarithm = symbol === "Y1" || symbol === "P";
  if (symbol !== "A1" && !isOfLogarithm || recorded.data.length < 6) return undefined;
  if (isOfLogarithm && !recorded.data.every((y) => y > 0 && y < 1)) return undefined;
  const bound = (isOfLogarithm ? 1e3 : WRONG_EQUATION) * tolerance;
  // softmax leaves differences within a column only
  const centred = (A: RunTimeMatrix) =>
    symbol === "P" ? A.zipRow(A.columnSums, (a, sum) => a - sum / A.rows) : A;
  const sum = recorded.map((y) => symbol === "A1" ? y : log(symbol === "Y1" ? y / (1 - y) : y));
  if (isOfLogarithm) {
    const input = symbol === "Y1" ? A1 : A2;
    const along = centred(input).data, factor = dot(along, centred(sum).data) / dot(along, along);
    const scaled = input.scale(factor), scale = significantDigits(factor, 6);
    const error = relativeError(recorded, QUANTITIES[symbol].compute({ A1: scaled, A2: scaled }));
    const formula = symbol === "Y1" ? `1 / (1 + e^(-${scale} A1))` : `softmax(${scale} A2)`;
    if (error <= bound) return cause("equation", formula, { error });
  }
  if (symbol === "P" || symbol === "Y1" && given.A1 !== undefined) return undefined;
  const product = W1.multiply(X), ones = W1.multiply(X.map(() => 1));
  const target = sum.zip(product.map(() => 0).plusColumn(b1 as never), (a, b) => a - b);
  const [scale, shift] = leastSquares([product.data, ones.data], target.data) ?? [];
  if (scale === undefined || shift === undefined) return undefined;
  const fitted = product.zip(ones, (x, one) => scale * x + shift * one);
  const error = greatestDifference(target, fitted) / maxAbs(sum.data);
  const factor = Math.abs(scale - 1) < 1e-6 ? "" : `${significantDigits(scale, 6)} `;
  const by = Math.abs(shift) < 1e-9
    ? ""
    : ` ${shift < 0 ? "-" : "+"} ${significantDigits(Math.abs(shift), 6)}`;
  if (!(error <= bound) || factor === "" && by === "") return undefined;
  const words = t(
    `the images were ${factor}X${by} in the forward pass: X is changed, perhaps in place`,
    `順伝播のときの画像は ${factor}X${by} だった（X がその場で書き換えられたか）`,
  );
  const inner = by === "" ? `${factor}X` : `(${factor}X${by})`;
  return cause("equation", `W1 ${inner} + b1`, { error }, words);
};

/** A multiple of a quantity, or of 1 in every entry. */
interface Term {
  readonly coefficient: number;
  readonly name: string;
}

/** The quantity, or the step of an update, as a sum of multiples of two others, or of 1. */
const combination: Finder = ({ suspect, recorded, right }) => {
  const { symbol, own, previous } = suspect, { rows, columns } = recorded;
  const before = symbol.slice(0, -1) as "W1", isUpdate = symbol.endsWith("'");
  const first = isUpdate ? `d${before}` : symbol, W = /W[12]/.exec(symbol)?.[0] as "W1" | undefined;
  const { labels: { values } } = own, Y1 = own.Y1;
  // of the step before: the quantity itself, or how far the parameters moved
  const past = previous &&
    (isUpdate ? own[before].zip(previous[before], (w, v) => w - v) : previous[symbol]);
  const some: Readonly<Record<string, RunTimeMatrix | undefined | false>> = {
    ...isUpdate ? {} : { [symbol]: right },
    [isUpdate ? "the step before" : `${symbol} of the step before`]: past,
    ...Object.fromEntries(othersLike(suspect).map((other) => [other, own[other]])),
    [`sign(${W})`]: W && own[W].map(Math.sign),
    labels: symbol === "dA2" && right.zip(right, () => 0).zipRow(
      matrixOf(1, values.length, values) as never,
      (_, label) => label,
    ),
    "(1 - Y1) Y1": symbol === "dA1" && Y1.map((y) => (1 - y) * y),
    "Y1²": symbol === "dA1" && Y1.map((y) => y * y),
    ones: right.map(() => 1),
  };
  const bases = Object.entries(some).flatMap(([name, matrix]) =>
    matrix && matrix.rows === rows && matrix.columns === columns
      ? [{ name, matrix, thin: thinned(matrix.data) }]
      : []
  );
  const sets = bases.flatMap((one, i) => bases.slice(i + 1).map((other) => [one, other] as const))
    .toSorted((a, b) =>
      +b.some(({ name }) => name === first) - +a.some(({ name }) => name === first)
    );
  const found: { readonly terms: readonly Term[]; readonly error: number }[] = [];
  const target = thinned(recorded.data);
  for (const [a, b] of sets) {
    if (recorded.data.length < 6 && past === undefined) break;
    const [c, d] = leastSquares([a.thin, b.thin], target) ?? [];
    if (c === undefined || d === undefined) continue;
    const rest = target.map((sum, i) => sum - c * a.thin[i]! - d * b.thin[i]!);
    if (!(maxAbs(rest) <= 1e-3 * maxAbs(target))) continue;
    const sum = a.matrix.zip(b.matrix, (x, y) => c * x + d * y);
    const error = leastError(suspect, isUpdate ? own[before].plus(sum) : sum);
    if (!(error <= WRONG_EQUATION * Math.max(suspect.tolerance, 2 ** -50))) continue;
    const terms = [{ coefficient: c, name: a.name }, { coefficient: d, name: b.name }];
    found.push({ terms: terms.filter(({ coefficient }) => coefficient !== 0), error });
  }
  // of several, the one in which the right quantity has the factor 1
  const best = found.find(({ terms: [first] }) => Math.abs(first!.coefficient - 1) < 1e-6) ??
    found[0];
  if (best === undefined) return undefined;
  const formula = (isUpdate ? [{ coefficient: 1, name: before }, ...best.terms] : best.terms).map((
    { coefficient, name },
    i,
  ) => {
    const size = significantDigits(Math.abs(coefficient), 6);
    const term = name === "ones" ? size : size === "1" ? name : `${size} ${name}`;
    return i === 0
      ? `${coefficient < 0 ? "-" : ""}${term}`
      : `${coefficient < 0 ? "-" : "+"} ${term}`;
  }).join(" ");
  const { words, network } = readCombination(symbol, best.terms);
  return cause("equation", formula, { error: best.error, network }, words);
};

/** What a sum of two multiples means, if it is a usual one. */
function readCombination(
  symbol: StepSymbol,
  terms: readonly Term[],
): { readonly words?: Text; readonly network?: Text } {
  const term = (name: string) => terms.find((one) => one.name === name)?.coefficient;
  const past = terms.find(({ name }) => name.endsWith("step before"))?.coefficient;
  if (past !== undefined && symbol.endsWith("'")) {
    const μ = significantDigits(past, 3);
    return {
      words: t(
        `${μ} of the step before is added: momentum`,
        `前の更新量の ${μ} 倍が足されている（モメンタム）`,
      ),
      network: t(`it is trained with momentum (${μ})`, `モメンタム ${μ} で学習している`),
    };
  }
  if (past !== undefined) {
    const words = t(
      `${symbol} of the step before is added: the gradients are not set to zero`,
      `前のステップの ${symbol} が足されている（勾配を 0 に戻していない）`,
    );
    return Math.abs(past - 1) < 1e-6 ? { words } : {};
  }
  const W = /W[12]/.exec(symbol)?.[0] ?? "", decay = term(W), isUpdate = symbol.endsWith("'");
  const λ = (isUpdate ? -1 : 1) * (decay ?? 0);
  if (term(isUpdate ? `d${W}` : symbol) !== undefined && λ > 0 && λ < (isUpdate ? 0.5 : 1)) {
    const size = significantDigits(λ, 3);
    return {
      words: t(`weight decay: ${size} ${W}`, `重み減衰がある（${size} ${W}）`),
      network: t("it has weight decay", "重み減衰がある"),
    };
  }
  if (term("labels") !== undefined) {
    return {
      words: t(
        "the numbers of the classes are subtracted, not onehot",
        "one-hot 表現ではなく、クラスの番号を引いている",
      ),
    };
  }
  const isSigned = terms.some(({ name }) => name.startsWith("sign("));
  return isSigned ? { network: t("it has L1 regularisation", "L1 正則化がある") } : {};
}

/** Some of many numbers, in equal distances. */
function thinned(data: Float64Array): Float64Array {
  const step = Math.ceil(data.length / MAX_THINNED);
  return step === 1 ? data : data.filter((_, i) => i % step === 0);
}

/** Numbers that are enough for a first look. */
const MAX_THINNED = 10_000;

/** What is looked for, in this order: the first that is found is the explanation. */
const FINDERS: readonly Finder[] = [
  notFinite,
  plainFactor,
  epsilonInLogarithm,
  otherQuantity,
  functionOfRight,
  changedQuantity,
  someEntries,
  fittedSum,
  combination,
];

/**
 * The same for an update: momentum changes some entries alone, where the gradient of others is 0.
 * A function, so that bundlers leave the finders out of programs that do not use them.
 */
function updateFinders(): readonly Finder[] {
  return FINDERS.filter((find) => find !== someEntries)
    .flatMap((find) => find === combination ? [combination, someEntries] : [find]);
}

/** Why a quantity has the wrong number of entries. */
function wrongShape(suspect: Suspect): Cause {
  const { symbol, shape, data, sizes, own } = suspect;
  // the shape is wrong anyway: the numbers tell which way round they are
  const isSame = ({ rows, columns, data: numbers }: AnyMatrix) =>
    numbers.length === data.length &&
    [matrixOf(rows, columns, data), matrixOf(columns, rows, data).transposed].some((recorded) =>
      fits(suspect, relativeError(recorded, { rows, columns, data: numbers }))
    );
  const equals = MATRICES.flatMap((name): (readonly [string, AnyMatrix])[] => [
    [name, own[name]],
    [`columnSum(${name})`, own[name].columnSums],
    [`rowSum(${name})`, own[name].rowSums],
    [`sum(${name})`, own[name].rowSums.columnSums],
  ]).find(([, matrix]) => isSame(matrix))?.[0];
  return cause("shape", symbol, shape, shapeOf(symbol, sizes), equals);
}
