// Why a quantity is wrong: the known mistakes that explain it, or else what finders, tried in order,
// see in the difference from what it should be.
import { exp } from "../math/exp.ts";
import { log } from "../math/log.ts";
import type { AnyMatrix, RunTimeMatrix } from "../math/matrix.ts";
import { maxAbs } from "../math/max_abs.ts";
import { MISTAKES } from "../mistakes/mistakes.ts";
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
  solve,
} from "./agreement.ts";
import { type Cause, cause, factorName, type Suspect } from "./cause.ts";
import { multiplications, shapeOf } from "./dump.ts";
import {
  equationOf,
  fits,
  leastError,
  mistakesInPairs,
  singleMistakes,
  withReplaced,
  WRONG_EQUATION,
} from "./mistake_search.ts";

/** All explanations that fit, best first; what is said of the difference alone if none does. */
export function findCauses(suspect: Suspect): Cause[] {
  const [recorded] = suspect.candidates;
  if (recorded === undefined) return [wrongShape(suspect)];
  const isClear = (found: Cause) => isClearlyBetter(suspect, found);
  const single = singleMistakes(suspect);
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
  // two mistakes make more than a small difference, and their search takes long
  const pairs = suspect.error < MIN_OF_PAIR || !suspect.isFirst
    ? []
    : mistakesInPairs(suspect).filter(isClear);
  return pairs.length > 0 ? pairs : [cause("unknown")];
}

/** The least error for which two mistakes are looked for. */
const MIN_OF_PAIR = 4e-3;

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
        `divided by ${whole} in place of ${sizes.B}`,
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
  return equation?.slice(equation.indexOf(" = ") + 3) ?? symbol;
}

/** A loss whose logarithm has a small number added to the probability. */
const epsilonInLogarithm: Finder = ({ suspect, recorded, right }) => {
  const { symbol, tolerance, own, sizes: { B } } = suspect;
  if (symbol !== "L" && symbol !== "E") return undefined;
  const p = own.P.zip(own.onehot, (p, y) => y * p).columnSums;
  let epsilon: number, computed: RunTimeMatrix;
  if (symbol === "L") {
    if (right.data.length < 2) return undefined;
    epsilon = recorded.data.reduce((sum, loss, i) => sum + exp(-loss) - p.data[i]!, 0) / B;
    computed = p.map((p) => -log(p + epsilon)) as unknown as RunTimeMatrix;
  } else {
    const mean = (ε: number) => p.data.reduce((sum, p) => sum - log(p + ε), 0) / B;
    epsilon = [1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1]
      .find((ε) => Math.abs(mean(ε) - recorded.data[0]!) <= WRONG_EQUATION * tolerance) ?? 0;
    computed = matrixOf(1, 1, [mean(epsilon)]);
  }
  const error = relativeError(recorded, computed);
  if (!(epsilon > 0) || !(error <= WRONG_EQUATION * tolerance)) return undefined;
  const ε = significantDigits(epsilon, 3);
  const formula = symbol === "L" ? `-Σ_k onehot ln(P + ${ε})` : `-Σ_i Σ_k onehot ln(P + ${ε}) / B`;
  const words = t(`${ε} is added inside the logarithm`, `対数の中で ${ε} を足している`);
  return cause("equation", formula, { error }, words);
};

/** The other quantities that have the shape of one. */
function othersLike({ symbol, sizes }: Suspect): MatrixSymbol[] {
  const shape = shapeOf(symbol, sizes).join();
  return [...STEP_INPUTS, ...STEP].map(({ symbol }) => symbol).filter((other) =>
    other !== symbol && other !== "η" && other !== "labels" && !other.endsWith("'") &&
    shapeOf(other, sizes).join() === shape
  ) as MatrixSymbol[];
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

/** A matrix whose entries are picked from another by row and column. */
function picked(
  Q: RunTimeMatrix,
  pick: (row: number, column: number) => readonly [number, number] | undefined,
): RunTimeMatrix {
  const { rows, columns, data } = Q;
  const numbers = data.map((_, i) => {
    const from = pick(Math.floor(i / columns), i % columns);
    return from === undefined ? 0 : data[from[0] * columns + from[1]]!;
  });
  return matrixOf(rows, columns, numbers);
}

function means(Q: RunTimeMatrix): RunTimeMatrix {
  const { data } = Q.rowSums;
  return matrixOf(
    Q.rows,
    Q.columns,
    Q.data.map((_, i) => data[Math.floor(i / Q.columns)]! / Q.columns),
  );
}

// deno-fmt-ignore: an operation is a line
const OPERATIONS: readonly Operation[] = [
  entries("|{}|", "the absolute value of {}", "{} の絶対値", Math.abs),
  entries("(-{})", "-{}", "-{}", (x) => -x),
  entries("(1 - {})", "1 - {}", "1 - {}", (x) => 1 - x),
  entries("{}²", "the square of {}", "{} の 2 乗", (x) => x * x),
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
  operation("{}[::-1]", "the rows of {} in reverse order", "行の順序が逆の {}", (Q) => picked(Q, (i, j) => [Q.rows - 1 - i, j])),
  operation("{}[:, ::-1]", "the columns of {} in reverse order", "列の順序が逆の {}", (Q) => picked(Q, (i, j) => [i, Q.columns - 1 - j])),
  operation("{}[:, 0]", "the first column of {} for all", "すべてに最初の列の {}", (Q) => picked(Q, (i) => [i, 0])),
  operation("{}[0]", "the first row of {} for all", "すべてに最初の行の {}", (Q) => picked(Q, (_, j) => [0, j])),
  operation("{}[1:]", "{} without its first row", "最初の行を除いた {}", (Q) => picked(Q, (i, j) => i === 0 ? undefined : [i, j])),
  operation("{}[:-1]", "{} without its last row", "最後の行を除いた {}", (Q) => picked(Q, (i, j) => i === Q.rows - 1 ? undefined : [i, j])),
  operation("{}[:, 1:]", "{} without its first column", "最初の列を除いた {}", (Q) => picked(Q, (i, j) => j === 0 ? undefined : [i, j])),
  operation("{}[:, :-1]", "{} without its last column", "最後の列を除いた {}", (Q) => picked(Q, (i, j) => j === Q.columns - 1 ? undefined : [i, j])),
];

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
      t(`computed with ${say("en")} in place of ${Q}`, `${Q} ではなく、${say("ja")}で計算している`),
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
    const O = own[other], isSame = O.rows === matrix.rows && O.columns === matrix.columns;
    const isColumn = O.columns === 1 && O.rows === matrix.rows && matrix.columns > 1;
    const isLonger = O.columns === 1 && matrix.columns === 1 && O.rows > matrix.rows;
    const tries: (readonly [string, () => RunTimeMatrix])[] = [
      ...isSame
        ? [
          [other, () => O] as const,
          [`${other} / B`, () => O.scale(1 / sizes.B)] as const,
          [`({} ${other})`, () => matrix.zip(O, (q, o) => q * o)] as const,
          [`({} + ${other})`, () => matrix.plus(O)] as const,
        ]
        : [],
      ...isColumn ? [[`({} + ${other})`, () => matrix.plusColumn(O as never)] as const] : [],
      ...isLonger
        ? [
          [
            `${other}[:${matrix.rows}]`,
            () => matrixOf(matrix.rows, 1, O.data.slice(0, matrix.rows)),
          ] as const,
        ]
        : [],
    ];
    for (const [formula, changed] of tries) {
      const found = explain(changed, formula, t(formula, `${formula} `));
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** Every quantity that is a matrix, but for those after the step. */
const MATRICES = [...STEP_INPUTS, ...STEP].map(({ symbol }) => symbol).filter((one) =>
  one !== "η" && one !== "labels" && !one.endsWith("'")
) as MatrixSymbol[];

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
    const derivative = own.Y1.map((y) => y * (1 - y));
    tries.push([
      "dY1 mean((1 - Y1) Y1)",
      () => own.dY1.zip(means(derivative), (d, mean) => d * mean),
    ]);
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

/** The right rows or columns in another order, or the entries of the transpose. */
const rearranged: Finder = ({ suspect, recorded, right, bound }) => {
  const rows = orderOfRows(recorded, right, bound);
  if (rows !== undefined) return cause("permuted", suspect.symbol, "rows", rows);
  const columns = orderOfRows(recorded.transposed, right.transposed, bound);
  if (columns !== undefined) return cause("permuted", suspect.symbol, "columns", columns);
  const { data } = right.transposed;
  return data.length > 1 && Math.min(right.rows, right.columns) > 1 &&
      recorded.data.every((x, i) => Math.abs(x - data[i]!) <= bound)
    ? cause("reshaped")
    : undefined;
};

/** Rows up to this number are tried in other orders: the time grows with its square. */
const MAX_REORDERED = 2000;

/**
 * The places in a matrix of another one's rows, if they are the same in another order. Rows may be
 * equal, as those of pixels that are 0 in every image: a shift is tried first, then to leave each
 * in its place.
 */
function orderOfRows(a: AnyMatrix, b: AnyMatrix, bound: number): number[] | undefined {
  const { rows, columns } = a;
  if (rows < 2 || rows > MAX_REORDERED) return undefined;
  const isEqual = (i: number, k: number) => {
    for (let j = 0; j < columns; j++) {
      if (!(Math.abs(a.data[i * columns + j]! - b.data[k * columns + j]!) <= bound)) return false;
    }
    return true;
  };
  const places = Array.from({ length: rows }, (_, i) => i);
  const shift = places.find((by) => places.every((i) => isEqual(i, (i + by) % rows)));
  if (shift !== undefined) return shift === 0 ? undefined : places.map((i) => (i + shift) % rows);
  const left = new Set(places), order: number[] = [];
  for (const i of places) {
    const from = left.has(i) && isEqual(i, i) ? i : [...left].find((k) => isEqual(i, k));
    if (from === undefined) return undefined;
    left.delete(from);
    order.push(from);
  }
  return order;
}

/** A difference in some rows, columns or entries only. */
const someEntries: Finder = ({ suspect: { symbol }, recorded, right, bound }) => {
  const { rows, columns, data } = recorded;
  const wrong = [...data.keys()].filter((i) => !(Math.abs(data[i]! - right.data[i]!) <= bound));
  const inRows = [...new Set(wrong.map((i) => Math.floor(i / columns)))];
  const inColumns = [...new Set(wrong.map((i) => i % columns))].sort((a, b) => a - b);
  if (data.length === 1 || wrong.length === 0) return undefined;
  if (wrong.length === 1) return cause("entry", symbol, inRows[0]!, inColumns[0]!);
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

/** The same number added to every entry. */
const shifted: Finder = (_, { recorded, right, bound }) => {
  if (recorded.data.length < 2) return undefined;
  const by = recorded.data[0]! - right.data[0]!;
  const same = recorded.data.every((x, i) => Math.abs(x - right.data[i]! - by) <= bound);
  return same ? cause("shifted", by) : undefined;
};

/** Entries that are 0 in place of what they should be, the others right or a multiple. */
const zeros: Finder = ({ recorded, right, bound }) => {
  const { data } = recorded;
  const kept = [...data.keys()].filter((i) => data[i] !== 0);
  const count = data.filter((x, i) => x === 0 && Math.abs(right.data[i]!) > bound).length;
  if (count === 0 || kept.length < 3) return undefined;
  const largest = kept.reduce((a, b) =>
    Math.abs(right.data[b]!) > Math.abs(right.data[a]!) ? b : a
  );
  const value = data[largest]! / right.data[largest]!;
  const isMultiple = kept.every((i) =>
    Math.abs(data[i]! - value * right.data[i]!) <= bound * Math.max(1, Math.abs(value))
  );
  if (!isMultiple) return undefined;
  const factor = Math.abs(value - 1) <= 1e-6 ? undefined : { value, name: undefined };
  return cause("zeros", count, data.length, factor);
};

/** The quantity as a function of each entry of what it should be. */
const functionOfEntries: Finder = (moved, whole) =>
  functionIn(moved) ??
    // parameters that became integers are a function of the whole
    (whole.recorded === moved.recorded ? undefined : functionIn(whole));

function functionIn({ recorded, right, bound, suspect: { sizes, own, tolerance } }: Difference) {
  if (right.data.length < 4) return undefined;
  const { data } = recorded;
  const max = data.reduce((a, b) => Math.max(a, b)), min = data.reduce((a, b) => Math.min(a, b));
  const [least, greatest] = [min, max].map((x) => significantDigits(x, 6));
  const functions: readonly (readonly [string, (x: number) => number])[] = [
    ["trunc(x), as in an array of integers", Math.trunc],
    ["⌊x⌋", Math.floor],
    ["|x|", Math.abs],
    ["-|x|", (x) => -Math.abs(x)],
    ["x²", (x) => x * x],
    ["√|x|", (x) => Math.sqrt(Math.abs(x))],
    ["the sign of x", Math.sign],
    ["max(x, 0)", (x) => Math.max(x, 0)],
    ["min(x, 0)", (x) => Math.min(x, 0)],
    [`max(x, ${least})`, (x) => Math.max(x, min)],
    [`min(x, ${greatest})`, (x) => Math.min(x, max)],
    [`clip(x, ${least}, ${greatest})`, (x) => Math.min(Math.max(x, min), max)],
    ["1 - x", (x) => 1 - x],
    ["1 / x", (x) => 1 / x],
    ["e^x", exp],
    ["ln x", log],
    ["1 / (1 + e^-x)", (x) => 1 / (1 + exp(-x))],
    ["tanh(x)", (x) => 2 / (1 + exp(-2 * x)) - 1],
    ["x (1 - x)", (x) => x * (1 - x)],
    ["1 - x²", (x) => 1 - x * x],
    ...[0, 1, 2, 3, 4, 5, 6].map((n) =>
      [`round(x, ${n})`, (x: number) => Math.round(x * 10 ** n) / 10 ** n] as const
    ),
  ];
  // a cheap look at a few entries first
  const some = [...data.keys()].filter((i) => i % Math.ceil(data.length / 64) === 0);
  const scale = largestFinite(right);
  return functions.flatMap(([formula, f]): Cause[] => {
    const isNear = (factor: number) => (i: number) => {
      const value = factor * f(right.data[i]!);
      return Math.abs(data[i]! - value) <=
        bound * Math.max(1, factor * scale) + 1e-12 * Math.abs(value);
    };
    // of a power, a factor such as B may have been lost
    const largest = right.data.reduce(
      (a, x, i) => Math.abs(x) > Math.abs(right.data[a]!) ? i : a,
      0,
    );
    const quotient = data[largest]! / f(right.data[largest]!);
    const factors = /^-?.?[x√|]/.test(formula) && Number.isFinite(quotient) ? [1, quotient] : [1];
    for (const factor of factors) {
      const near = isNear(factor);
      if (!some.every(near) || ![...data.keys()].every(near)) continue;
      const error = relativeError(recorded, right.map((x) => factor * f(x)));
      const name = factor === 1 ? "" : `${factorName(factorOf(factor, sizes, own, tolerance))} `;
      if (Number.isFinite(error)) return [cause("function", `${name}${formula}`, error)];
    }
    return [];
  })[0];
}

/** Of Y1 and P, their function of a multiple of what they are computed from: of A1 or A2. */
const scaledSum: Finder = (_, { suspect, recorded }) => {
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
  const scaled = input.scale(factor);
  const computed = QUANTITIES[symbol].compute({ A1: scaled, A2: scaled });
  const error = relativeError(recorded, computed);
  if (!(error <= 1e3 * suspect.tolerance)) return undefined;
  return cause(
    "equation",
    symbol === "Y1" ? `1 / (1 + e^(-${scale} A1))` : `softmax(${scale} A2)`,
    {
      error,
    },
  );
};

/** Of A1, or of Y1 where A1 was not recorded, the images as they were before they were changed. */
const changedInput: Finder = (_, { suspect, recorded }) => {
  const { symbol, own: { W1, b1, X }, tolerance, given } = suspect;
  if (symbol !== "A1" && !(symbol === "Y1" && given.A1 === undefined)) return undefined;
  if (recorded.data.length < 6) return undefined;
  if (symbol === "Y1" && !recorded.data.every((y) => y > 0 && y < 1)) return undefined;
  const A1 = symbol === "A1" ? recorded : recorded.map((y) => log(y / (1 - y)));
  const product = W1.multiply(X), sums = W1.rowSums.data;
  const ones = product.data.map((_, n) => sums[Math.floor(n / product.columns)]!);
  const target = A1.data.map((a, n) => a - b1.data[Math.floor(n / product.columns)]!);
  const fit = leastSquares([product.data, ones], target);
  if (fit === undefined) return undefined;
  const [scale, shift] = fit as [number, number];
  const difference = maxAbs(target.map((x, n) => x - scale * product.data[n]! - shift * ones[n]!));
  const error = difference / maxAbs(A1.data);
  if (!(error <= (symbol === "A1" ? WRONG_EQUATION : 1e3) * tolerance)) return undefined;
  const factor = Math.abs(scale - 1) < 1e-6 ? "" : `${significantDigits(scale, 6)} `;
  const by = Math.abs(shift) < 1e-9
    ? ""
    : ` ${shift < 0 ? "-" : "+"} ${significantDigits(Math.abs(shift), 6)}`;
  if (factor === "" && by === "") return undefined;
  const inner = by === "" ? `${factor}X` : `(${factor}X${by})`;
  const words = t(
    `the images were ${factor}X${by} in the forward pass: X is changed, perhaps in place`,
    `順伝播のときの画像は ${factor}X${by} だった（X がその場で書き換えられたか）`,
  );
  return cause("equation", `W1 ${inner} + b1`, { error }, words);
};

/** A multiple of a quantity, or of 1 in every entry. */
interface Term {
  readonly coefficient: number;
  readonly name: string;
}

/** The quantity as a sum of multiples of others of its shape, and of 1. */
const combination: Finder = (_, { suspect, recorded }) => {
  const { symbol, own, right, previous } = suspect, { rows, columns } = recorded;
  const before = symbol.slice(0, -1) as "W1", isUpdate = symbol.endsWith("'");
  const signs = (["W1", "W2"] as const).filter((W) => symbol === `d${W}` || symbol === `${W}'`)
    .map((W) => [`sign(${W})`, own[W].map(Math.sign)] as const);
  // of the step before: the quantity itself, or how far the parameters moved
  const past = previous && [
    isUpdate
      ? ["the step before", own[before].zip(previous[before], (w, v) => w - v)] as const
      : [`${symbol} of the step before`, previous[symbol]] as const,
  ].filter(([, matrix]) => matrix.rows === rows && matrix.columns === columns);
  const bases: readonly (readonly [string, RunTimeMatrix])[] = [
    ...isUpdate ? [] : [[symbol, right] as const],
    ...past ?? [],
    ...othersLike(suspect).map((other) => [other, own[other]] as const),
    ...signs,
    ...symbol === "dA2"
      ? [
        [
          "labels",
          right.map(() => 0).zipRow(rowOfLabels(own) as never, (_, label) => label),
        ] as const,
      ]
      : [],
    ...symbol === "dA1"
      ? [
        ["(1 - Y1) Y1", own.Y1.map((y) => (1 - y) * y)] as const,
        ["Y1²", own.Y1.map((y) => y * y)] as const,
      ]
      : [],
    ["1", matrixOf(rows, columns, new Float64Array(rows * columns).fill(1))],
  ];
  const first = isUpdate ? [before, `d${before}`] : [symbol];
  const known = (set: readonly (readonly [string, unknown])[]) =>
    set.filter(([name]) => first.includes(name)).length;
  const sets = [
    ...bases.flatMap((one, i) => bases.slice(i + 1).map((other) => [one, other])),
    ...bases.flatMap((one, i) =>
      bases.slice(i + 1).flatMap((other, j) =>
        bases.slice(i + j + 2).map((third) => [one, other, third])
      )
    ),
  ].toSorted((a, b) => a.length - b.length || known(b) - known(a));
  const found: { readonly terms: readonly Term[]; readonly error: number }[] = [];
  const thin = new Map(bases.map(([name, { data }]) => [name, thinned(data)]));
  const target = thinned(recorded.data);
  for (const set of sets) {
    // a sum of fewer terms is simpler
    if (found.length > 0 && set.length > found[0]!.terms.length) break;
    if (recorded.data.length < set.length + 4 && !(set.length === 2 && past?.length)) continue;
    const coefficients = leastSquares(set.map(([name]) => thin.get(name)!), target);
    if (coefficients === undefined) continue;
    const rest = target.map((x, i) =>
      set.reduce((rest, [name], k) => rest - coefficients[k]! * thin.get(name)![i]!, x)
    );
    if (!(maxAbs(rest) <= 1e-3 * maxAbs(target))) continue;
    const sum = new Float64Array(rows * columns);
    set.forEach(([, { data }], k) => data.forEach((x, i) => sum[i]! += coefficients[k]! * x));
    const error = leastError(suspect, matrixOf(rows, columns, sum));
    if (!(error <= WRONG_EQUATION * Math.max(suspect.tolerance, 2 ** -50))) continue;
    const terms = set.map(([name], k) => ({ coefficient: coefficients[k]!, name }))
      .filter(({ coefficient }) => coefficient !== 0);
    found.push({ terms, error });
  }
  // of several, the one in which the right quantity has the factor 1
  const best = found.find(({ terms: [first] }) => Math.abs(first!.coefficient - 1) < 1e-6) ??
    found[0];
  if (best === undefined) return undefined;
  const formula = best.terms.map(({ coefficient, name }, i) => {
    const size = significantDigits(Math.abs(coefficient), 6);
    const term = name === "1" ? size : size === "1" ? name : `${size} ${name}`;
    return i === 0
      ? `${coefficient < 0 ? "-" : ""}${term}`
      : `${coefficient < 0 ? "-" : "+"} ${term}`;
  }).join(" ");
  const { words, network } = readCombination(symbol, best.terms);
  return cause("equation", formula, { error: best.error, network }, words);
};

function rowOfLabels({ labels: { values } }: RunTimeStep): RunTimeMatrix {
  return matrixOf(1, values.length, values);
}

/** What a sum of multiples means, if it is a usual one. */
function readCombination(symbol: StepSymbol, terms: readonly Term[]) {
  const term = (name: string) => terms.find((one) => one.name === name)?.coefficient;
  const past = terms.find(({ name }) => name.endsWith("step before"))?.coefficient;
  if (past !== undefined && terms.length === 2 && !symbol.endsWith("'")) {
    const words = Math.abs(past - 1) < 1e-6
      ? t(
        `${symbol} of the step before is added: the gradients are not set to zero`,
        `前のステップの ${symbol} が足されている（勾配を 0 に戻していない）`,
      )
      : undefined;
    return { words, network: undefined };
  }
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
  const W = /W[12]/.exec(symbol)?.[0], rest = terms.filter(({ name }) => name !== W);
  const own = symbol.endsWith("'") ? [`d${W}`] : [symbol];
  const decay = W === undefined ? undefined : term(W);
  const isDecay = decay !== undefined && rest.length === 1 && own.includes(rest[0]!.name) &&
    (symbol.endsWith("'") ? decay > 0.5 && decay < 1 : decay > 0 && decay < 1);
  if (isDecay) {
    const λ = significantDigits(symbol.endsWith("'") ? 1 - decay : decay, 3);
    return {
      words: t(`weight decay: ${λ} ${W}`, `重み減衰がある（${λ} ${W}）`),
      network: t("it has weight decay", "重み減衰がある"),
    };
  }
  if (term("labels") !== undefined) {
    const words = t(
      "the numbers of the classes are subtracted, not onehot",
      "one-hot 表現ではなく、クラスの番号を引いている",
    );
    return { words, network: undefined };
  }
  const sign = terms.find(({ name }) => name.startsWith("sign("));
  return {
    words: undefined,
    network: sign === undefined ? undefined : t("it has L1 regularisation", "L1 正則化がある"),
  };
}

/** dY1 of W2 that was updated before, at any rate. */
const updatedBefore: Finder = (_, { suspect, recorded, right }) => {
  if (suspect.symbol !== "dY1") return undefined;
  const { W2, dW2, dA2 } = suspect.own, change = dW2.transposed.multiply(dA2);
  const rate = dot(right.data.map((x, i) => x - recorded.data[i]!), change.data) /
    dot(change.data, change.data);
  const computed = W2.transposed.multiply(dA2).zip(change, (x, by) => x - rate * by);
  const error = leastError(suspect, computed);
  if (!Number.isFinite(rate) || rate === 0 || !fits(suspect, error)) return undefined;
  const formula = `(W2 - ${significantDigits(rate, 6)} dW2)ᵀ dA2`;
  return cause("equation", formula, { error });
};

/** Batches up to this size are tried for weights of the examples: B² B / 3 multiplications. */
const MAX_WEIGHTED = 256;

/** A bias gradient as the sum of some examples: all but one, the first or the last ones. */
const someExamples: Finder = ({ suspect, recorded, right, bound }) => {
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
    if (error <= bound) return cause("weights", weights, error / maxAbs(sums));
  }
  return undefined;
};

/**
 * A step along the gradient divided by its size, as that of AdaGrad, RMSProp and Adam is while they
 * remember no other gradient: η dW / (|dW| + ε).
 */
const normalisedStep: Finder = ({ suspect: { symbol, own }, recorded, bound }) => {
  if (!symbol.endsWith("'") || recorded.data.length < 6) return undefined;
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
  const formula = `${before} ${slope < 0 ? "-" : "+"} ${rate} d${before} / ${size}`;
  const words = epsilon === 0
    ? t(
      `the sign of the gradient in place of the gradient, times ${rate}`,
      `勾配ではなく勾配の符号の ${rate} 倍を使っている`,
    )
    : undefined;
  return cause(
    "equation",
    formula,
    { error, network: slope < 0 && epsilon > 0 ? ADAPTIVE : undefined },
    words,
  );
};

/** The networks in which a step is divided by its size. */
export const ADAPTIVE: Text = t(
  "it is trained with Adam, RMSprop or AdaGrad",
  "Adam、RMSprop または AdaGrad で学習している",
);

/**
 * A sum over the batch, of a weight gradient, in which each example has a weight of its own: only
 * some of them were summed, or some twice.
 */
const weightedExamples: Finder = ({ suspect, recorded, right, bound }) => {
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
  const weights = solve(normal, sums)?.map((weight) => {
    const rounded = Number(weight.toPrecision(6)), whole = Math.round(rounded * 1e6) / 1e6;
    return Math.abs(weight - whole) < 1e-6 ? whole : weight;
  });
  if (weights === undefined) return undefined;
  const weighted = gradients.data.map((x, i) => scale * weights[i % B]! * x);
  const computed = matrixOf(gradients.rows, B, weighted).multiply(X);
  const difference = greatestDifference(recorded, computed);
  // weights that all differ may come of anything that each example is multiplied by
  return difference <= Math.max(bound, 1e-7 * maxAbs(right.data))
    ? cause("weights", weights, difference / maxAbs(computed.data))
    : undefined;
};

/** A factor or a shift for each row or column, or both. */
const eachAlong: Finder = ({ suspect: { symbol }, recorded, right, bound }) => {
  const inRows = ofEachRow(recorded, right, bound);
  if (inRows !== undefined) return cause("each", symbol, "rows", ...inRows);
  const inColumns = ofEachRow(recorded.transposed, right.transposed, bound);
  return inColumns && cause("each", symbol, "columns", ...inColumns);
};

type Factors = readonly number[] | undefined;

function ofEachRow(
  { rows, columns, data }: AnyMatrix,
  right: AnyMatrix,
  bound: number,
): [factors: Factors, shifts: Factors] | undefined {
  if (rows < 2 || columns < 3) return undefined;
  const row = (all: Float64Array, i: number) => all.subarray(i * columns, (i + 1) * columns);
  const ones = new Float64Array(columns).fill(1);
  const fitted = (basesOf: (right: Float64Array) => readonly Float64Array[], fixed: boolean) => {
    const all: number[][] = [];
    for (let i = 0; i < rows; i++) {
      const x = row(right.data, i), bases = basesOf(x);
      const y = fixed ? row(data, i).map((y, j) => y - x[j]!) : row(data, i);
      const coefficients = leastSquares(bases, y);
      if (coefficients === undefined) return undefined;
      const near = y.every((y, j) => {
        const sum = coefficients.reduce((sum, c, k) => sum + c * bases[k]![j]!, 0);
        return Math.abs(y - sum) <= bound * Math.max(1, Math.abs(coefficients[0]!));
      });
      if (!near) return undefined;
      all.push(coefficients);
    }
    return all;
  };
  const factors = fitted((x) => [x], false)?.map(([factor]) => factor!);
  if (factors !== undefined) return [factors, undefined];
  const shifts = fitted(() => [ones], true)?.map(([shift]) => shift!);
  if (shifts !== undefined) return [undefined, shifts];
  const both = columns < 4 ? undefined : fitted((x) => [x, ones], false);
  return both && [both.map(([a]) => a!), both.map(([, c]) => c!)];
}

/** Entries that it takes to see a function in them. */
const MIN_FUNCTION = 24;

/** The entries, or their quotients by the right ones, as a smooth function of another quantity. */
const functionOfQuantity: Finder = ({ suspect, recorded, right }) => {
  const { symbol, own } = suspect, { data } = recorded;
  if (data.length < MIN_FUNCTION) return undefined;
  const gradient = `d${symbol.slice(0, -1)}` as StepSymbol;
  const from = symbol.endsWith("'")
    ? [gradient]
    : [...QUANTITIES[symbol].from, ...othersLike(suspect)];
  const quotients = data.map((x, i) => x / right.data[i]!);
  const differences = data.map((x, i) => x - right.data[i]!);
  for (const other of new Set(from)) {
    const matrix = own[other] as RunTimeMatrix | undefined;
    if (matrix?.rows !== recorded.rows || matrix.columns !== recorded.columns) continue;
    const isFunction = (numbers: Float64Array) => isSmooth(matrix.data, numbers);
    // what is near a right quantity that is such a function looks like one
    if (isFunction(data) && (isFunction(differences) || !isFunction(right.data))) {
      return cause("function of", other, false);
    }
    if (isFunction(quotients)) return cause("function of", other, true);
  }
  return undefined;
};

/** Some of many numbers, in equal distances. */
function thinned(data: Float64Array): Float64Array {
  const step = Math.ceil(data.length / MAX_THINNED);
  return step === 1 ? data : data.filter((_, i) => i % step === 0);
}

/** Numbers that are enough for a first look. */
const MAX_THINNED = 10_000;

/** How often a smooth function may turn from rising to falling, or back. */
const MAX_TURNS = 3;

/**
 * Whether numbers are a smooth function of others: in the order of the others, they turn from
 * rising to falling a few times only. Random ones turn at two of three.
 */
function isSmooth(allX: Float64Array, allY: Float64Array): boolean {
  const [x, y] = [thinned(allX), thinned(allY)];
  if (!y.every(Number.isFinite)) return false;
  const order = [...x.keys()].sort((i, j) => x[i]! - x[j]!);
  const max = y.reduce((a, b) => Math.max(a, b)), min = y.reduce((a, b) => Math.min(a, b));
  const rounding = 1e-9 * Math.max(Math.abs(max), Math.abs(min));
  if (!(max - min > 10 * rounding)) return false;
  let last = y[order[0]!]!, direction = 0, turns = 0;
  for (const i of order) {
    const step = y[i]! - last;
    if (Math.abs(step) <= rounding) continue;
    if (direction !== 0 && Math.sign(step) !== direction) turns++;
    direction = Math.sign(step);
    last = y[i]!;
  }
  return turns <= MAX_TURNS;
}

/** What is looked for, in this order: the first that is found is the explanation. */
const FINDERS: readonly Finder[] = [
  notFinite,
  plainFactor,
  epsilonInLogarithm,
  otherQuantity,
  rearranged,
  functionOfEntries,
  changedQuantity,
  someEntries,
  shifted,
  zeros,
  scaledSum,
  changedInput,
  combination,
  updatedBefore,
  someExamples,
  normalisedStep,
  weightedExamples,
  eachAlong,
  functionOfQuantity,
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
  const quantities = STEP.filter((one) => !one.symbol.endsWith("'")).map(({ symbol }) =>
    [symbol, own[symbol]] as const
  );
  const sums = quantities.flatMap(([name, matrix]): (readonly [string, AnyMatrix])[] => [
    [name, matrix],
    [`columnSum(${name})`, matrix.columnSums],
    [`rowSum(${name})`, matrix.rowSums],
    [`sum(${name})`, matrix.rowSums.columnSums],
  ]);
  const logarithms = MISTAKES.filter(({ id }) => id === "P/log-softmax").flatMap(({ compute }) => {
    const lnP = compute(own), { onehot } = own;
    return lnP === undefined
      ? []
      : [["-onehot ln P", lnP.zip(onehot, (p, y) => y === 0 ? 0 : -p)] as const];
  });
  // the shape is wrong anyway: the numbers tell which way round they are
  const isSame = ({ rows, columns, data: numbers }: AnyMatrix) =>
    numbers.length === data.length && [false, true].some((transposed) => {
      const recorded = transposed
        ? matrixOf(columns, rows, data).transposed
        : matrixOf(rows, columns, data);
      return fits(suspect, relativeError(recorded, { rows, columns, data: numbers }));
    });
  const equals = [...sums, ...logarithms].find(([, matrix]) => isSame(matrix))?.[0];
  return cause("shape", symbol, shape, shapeOf(symbol, sizes), equals);
}
