// Why a quantity is wrong: the known mistakes that explain it, or else what finders, tried in order,
// see in the difference from what it should be.
import { formatShape } from "../formats/nd_array.ts";
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
} from "../network/step.ts";
import { t, type Text } from "../text/layout.ts";
import { significantDigits } from "../text/numbers.ts";
import {
  dot,
  factorOf,
  largestFinite,
  leastSquares,
  matrixOf,
  multipleOf,
  relativeError,
} from "./agreement.ts";
import {
  type Cause,
  cause,
  type Factor,
  factorWords,
  findMistakes,
  fits,
  isBehind,
  leastError,
  otherFormula,
  placesBefore,
  probeOf,
  rightHandSideOf,
  stepOf,
  type Suspect,
  type Take,
  type Trial,
  tryOut,
  WRONG_EQUATION,
} from "./cause.ts";
import { multiplications, shapeOf } from "./dump.ts";

/** All explanations that fit, best first; what is said of the difference alone if none does. */
export function findCauses(wrong: Suspect): Cause[] {
  const [recorded] = wrong.candidates, { right, tolerance, symbol } = wrong;
  if (recorded === undefined) return [wrongShape(wrong)];
  const suspect: Suspected = { ...wrong, part: probeOf(wrong) };
  // an explanation has to fit clearly better than the right equation does, in digits
  const isClear = ({ error }: Cause) => error === undefined || !(wrong.error < 10 ** 1.5 * error);
  const { exact, multiples } = findMistakes(suspect);
  if (exact.some(isClear)) return exact.filter(isClear);
  const { columns, data } = recorded, at = data.findIndex((x) => !Number.isFinite(x));
  if (at >= 0) {
    return [notFinite(symbol, data[at]!, Math.floor(at / columns), at % columns)];
  }
  // of an update, the step alone
  const isUpdate = symbol.endsWith("'");
  const moved = (matrix: RunTimeMatrix) => isUpdate ? stepOf(suspect, matrix) : matrix;
  const bound = WRONG_EQUATION * tolerance * (largestFinite(moved(right)) || largestFinite(right));
  const difference = { suspect, recorded: moved(recorded), right: moved(right), bound };
  // momentum changes some entries alone, where the gradient of others is 0
  const described = isUpdate ? [added, someEntries] : [someEntries, added];
  for (const find of [plainFactor, otherEquation, ...described]) {
    const found = find(difference);
    if (found !== undefined && isClear(found)) return [found];
    if (find === plainFactor && multiples.some(isClear)) return multiples.filter(isClear);
  }
  return [cause(
    "unknown",
    t("no known mistake explains it", "既知の誤りのどれにも当てはまらない"),
  )];
}

type Suspected = Suspect & { readonly part: ReturnType<typeof probeOf<Suspect>> };

/** Looks for one kind of difference. */
type Finder = (difference: {
  readonly suspect: Suspected;
  /** The wrong quantity, or the step of a wrong update, and what it should be. */
  readonly recorded: RunTimeMatrix;
  readonly right: RunTimeMatrix;
  /** The difference of two entries that rounding explains. */
  readonly bound: number;
}) => Cause | undefined;

const ofFactor = (factor: Factor, details: Pick<Cause, "error"> & Partial<Cause>) =>
  cause("factor", factorWords(factor), { factor, ...details });

/** A multiple of what it should be, or zero. */
const plainFactor: Finder = ({ suspect, recorded, right, bound }) => {
  const { symbol, sizes: { B }, own, tolerance, rateIsKnown } = suspect;
  const isUpdate = symbol.endsWith("'"), rightHandSide = rightHandSideOf(QUANTITIES[symbol]);
  if (maxAbs(recorded.data) <= bound / 8) {
    if (isUpdate) return undefined;
    if (symbol === "db2" && recorded.data.some((x) => x !== 0)) {
      const words = t(
        "0 but for rounding, as a sum over the classes is: summed along the wrong axis",
        "丸め誤差を除いて 0 である（クラス方向に和をとると 0 になる。和をとる軸が違う）",
      );
      return otherFormula("columnSum(dA2)", { error: 0 }, words);
    }
    return ofFactor({ value: 0, name: "0" }, { error: 0 });
  }
  const fit = multipleOf(recorded, right);
  if (fit === undefined || isUpdate && !rateIsKnown) return undefined;
  const { error, value } = fit;
  if (!fits(suspect, error) && !(error * largestFinite(recorded) <= bound)) return undefined;
  const factor = factorOf(value, suspect.sizes, own, tolerance);
  const times = factor.name ?? significantDigits(value, 6);
  const formula = `${times} (${rightHandSide})`;
  if (factor.name !== undefined) return ofFactor(factor, { error, formula });
  // of a single number, every other is a multiple
  if (right.data.length === 1) return undefined;
  if (isUpdate) {
    const rate = significantDigits(own.η * value, 4), W = symbol.slice(0, -1);
    const words = t(`its learning rate is ${rate}`, `学習率が ${rate} になっている`);
    return otherFormula(`${W} - ${rate} d${W}`, { error, factor }, words);
  }
  const n = Math.round(B / value), isWhole = Math.abs(B / value - n) <= (1e-6 + 8 * tolerance) * n;
  if (isWhole && n > 1 && n <= 1e5 && /^(dA2|E|d[Wb][12])$/.test(symbol)) {
    const words = t(`divided by ${n} instead of ${B}`, `${B} ではなく ${n} で割っている`);
    const formula = `${rightHandSide.replace(" / B", "")} / ${n}`;
    return otherFormula(formula, { error, factor }, words);
  }
  const norm = Math.sqrt(dot(recorded.data, recorded.data)), round = Number(norm.toPrecision(2));
  const isClipped = value > 0 && value < 1 && Math.abs(norm - round) <= 1e-6 * norm;
  if (!isClipped) return ofFactor(factor, { error, formula });
  const { en, ja } = factorWords(factor);
  const words = t(
    `clipped to the norm ${round} (${en})`,
    `ノルム ${round} にクリップされている（${ja}）`,
  );
  return cause("factor", words, { factor, error, formula });
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

/** What programs make of a quantity before they use it: in symbols, and in words with `{}`. */
interface Operation {
  readonly formula: string;
  readonly words: Text;
  readonly of: (Q: RunTimeMatrix, own: RunTimeStep) => RunTimeMatrix;
  /** Whether it moves entries, so that those of a part come from others. */
  readonly moves?: boolean;
}

const operation = (
  formula: string,
  of: Operation["of"],
  [en, ja = en] = [formula, `${formula} `],
): Operation => ({ formula, words: t(en, ja), of });

const entries = (formula: string, en: string, ja: string, f: (x: number) => number) =>
  operation(formula, (Q) => Q.map(f), [en, ja]);

/** A matrix whose entries are those of another at other places; 0 where there is none. */
const places = (
  formula: string,
  en: string,
  ja: string,
  from: (i: number, j: number, Q: RunTimeMatrix) => readonly [number, number],
): Operation => ({
  ...operation(formula, (Q) => {
    const picked = Q.data.map((_, n) => {
      const [i, j] = from(Math.floor(n / Q.columns), n % Q.columns, Q);
      return i < 0 || j < 0 ? 0 : Q.data[i * Q.columns + j]!;
    });
    return matrixOf(Q.rows, Q.columns, picked);
  }, [en, ja]),
  moves: true,
});

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
  ...[1, 2, 3, 4, 5, 6].map((n) => entries(`round({}, ${n})`, `round({}, ${n})`, `round({}, ${n})`, (x) => Math.round(x * 10 ** n) / 10 ** n)),
  entries("[{} > 0]", "[{} > 0], which is 0 or 1", "{} が正なら 1、ほかは 0", (x) => x > 0 ? 1 : 0),
  entries("sign({})", "the sign of {}", "{} の符号", Math.sign),
  entries("max(0, {})", "max(0, {}), the ReLU", "max(0, {})（ReLU）", (x) => Math.max(0, x)),
  entries("({} (1 - {}))", "the derivative {} (1 - {})", "微分 {} (1 - {})", (x) => x * (1 - x)),
  entries("sigmoid({})", "the sigmoid of {}", "{} のシグモイド関数", (x) => 1 / (1 + exp(-x))),
  entries("e^{}", "e^{}", "e^{}", exp),
  operation("({} - mean)", (Q) => Q.zip(means(Q), (q, mean) => q - mean), ["{} centred over the batch (the mean subtracted)", "バッチ方向の平均を引いた {}"]),
  operation("rowSum({})", (Q) => means(Q).scale(Q.columns), ["the sum of {} over the batch, for each example", "バッチ方向に和をとった {}"]),
  operation("(rowSum({}) / B)", means, ["the mean of {} over the batch", "バッチ方向に平均した {}"]),
  { ...operation("{}.reshape", (Q) => matrixOf(Q.rows, Q.columns, Q.transposed.data), ["{} reshaped instead of transposed", "転置ではなく reshape した {}"]), moves: true },
  places("{}[::-1]", "the rows of {} in reverse order", "行の順序が逆の {}", (i, j, Q) => [Q.rows - 1 - i, j]),
  places("{}[:, ::-1]", "the columns of {} in reverse order", "列の順序が逆の {}", (i, j, Q) => [i, Q.columns - 1 - j]),
  places("{}[:, 0]", "the first column of {} for all", "すべてに最初の列の {}", (i) => [i, 0]),
  places("{}[0]", "the first row of {} for all", "すべてに最初の行の {}", (_, j) => [0, j]),
  places("{}[1:]", "{} without its first row", "最初の行を除いた {}", (i, j) => [i === 0 ? -1 : i, j]),
  places("{}[:-1]", "{} without its last row", "最後の行を除いた {}", (i, j, Q) => [i === Q.rows - 1 ? -1 : i, j]),
  places("{}[:, 1:]", "{} without its first column", "最初の列を除いた {}", (i, j) => [i, j === 0 ? -1 : j]),
  places("{}[:, :-1]", "{} without its last column", "最後の列を除いた {}", (i, j, Q) => [i, j === Q.columns - 1 ? -1 : j]),
];

/** What programs make of a quantity and another, where the shapes fit. */
const withOther = (other: MatrixSymbol, rows: number): Operation[] => [
  operation(other, (_, own) => own[other]),
  operation(`${other} / B`, (_, own) => own[other].scale(1 / own.P.columns)),
  operation(`({} ${other})`, (Q, own) => Q.zip(own[other], (q, o) => q * o)),
  operation(
    `({} + ${other})`,
    (Q, { [other]: O }) => O.columns === 1 ? Q.plusColumn(O as never) : Q.plus(O),
  ),
  {
    ...operation(
      `${other}[:${rows}]`,
      (_, { [other]: { columns, data } }) => matrixOf(rows, columns, data.slice(0, rows * columns)),
    ),
    moves: true,
  },
];

interface Alternative extends Trial {
  readonly formula: string;
  readonly words?: Text | undefined;
  /** Whether it is made of the right result, of which factors may be lost too. */
  readonly ofResult?: boolean;
}

const formula = (
  place: ComputedSymbol,
  formula: string,
  make: (own: RunTimeStep) => RunTimeMatrix,
  words?: Text,
): Alternative => ({ place, formula, make, words });

/** The probabilities of the right classes, 1 x B. */
const ofLabels = ({ P, onehot }: RunTimeStep) =>
  P.zip(onehot, (p, y) => y * p).columnSums as unknown as RunTimeMatrix;

/** The sigmoid's derivative. */
const slope = ({ Y1 }: RunTimeStep) => Y1.map((y) => (1 - y) * y);

/** Equations that none of these operations gives. */
const FORMULAS: readonly Alternative[] = [
  ...([["A1", "W1", "b1", "X"], ["A2", "W2", "b2", "Y1"]] as const).flatMap(([A, W, b, X]) => [
    formula(A, `(${W} + ${b}) ${X}`, (own) => own[W].plusColumn(own[b] as never).multiply(own[X])),
    formula(
      A,
      `|${W} ${X}| + ${b}`,
      (own) => own[W].multiply(own[X]).map(Math.abs).plusColumn(own[b] as never),
    ),
  ]),
  ...[1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1].map((ε) => {
    const words = t(`${ε} is added inside the logarithm`, `対数の中で ${ε} を足している`);
    const of = (own: RunTimeStep) => ofLabels(own).map((p) => -log(p + ε));
    return formula("L", `-Σ_k onehot ln(P + ${ε})`, of, words);
  }),
  formula(
    "E",
    "-ln(mean(Σ_k onehot P))",
    (own) => ofLabels(own).rowSums.map((p) => -log(p / own.P.columns)) as never,
  ),
  formula(
    "dA2",
    "P - onehot / B",
    ({ P, onehot }) => P.zip(onehot, (p, y) => p - y / P.columns),
    t(
      "only onehot is divided by B: the parentheses of P - onehot are lost",
      "P - onehot の括弧が抜け、onehot だけを B で割っている",
    ),
  ),
  formula(
    "dA2",
    "(P - labels) / B",
    ({ P, labels: { values } }) =>
      P.zipRow(matrixOf(1, P.columns, values) as never, (p, label) => (p - label) / P.columns),
    t(
      "the numbers of the classes are subtracted, not onehot",
      "one-hot 表現ではなく、クラスの番号を引いている",
    ),
  ),
  formula(
    "dA1",
    "dY1 (rowSum((1 - Y1) Y1) / B)",
    (own) => own.dY1.zip(means(slope(own)), (d, mean) => d * mean),
    t(
      "the derivative is averaged over the batch",
      "シグモイド関数の微分をバッチ方向に平均している",
    ),
  ),
  formula("dA1", "dY1 + (1 - Y1) Y1", (own) => own.dY1.plus(slope(own))),
  formula("dA1", "dY1 (1 - Y1)²", ({ dY1, Y1 }) => dY1.zip(Y1, (d, y) => d * (1 - y) ** 2)),
];

/** Equations of a quantity that are not the right one, but like it. */
function* alternatives(suspect: Suspect, place: ComputedSymbol): Generator<Alternative> {
  const { symbol, own, previous, sizes } = suspect, right = rightHandSideOf(QUANTITIES[place]);
  const insert = (text: string, symbol: string) => text.replaceAll("{}", symbol);
  /** An operation on a matrix, or on the part of it that takes entries of the whole. */
  const made =
    ({ of, moves }: Operation, Q: MatrixSymbol, whole: () => RunTimeMatrix) =>
    (some: RunTimeMatrix, own: RunTimeStep, take: Take) =>
      moves && suspect.own !== own ? take(Q, of(whole(), suspect.own)) : of(some, own);
  if (place === symbol) {
    for (const other of othersLike(suspect)) {
      yield { place, formula: other, make: (own) => own[other] };
    }
    if (previous !== undefined) {
      const words = t("it is that of the step before", "前のステップのものになっている");
      const make: Trial["make"] = (_, __, take) => take(place, previous[place]);
      yield { place, formula: `${place} of the step before`, words, make };
    }
    const { data } = suspect.candidates[0]!;
    const [min, max] = [Math.min, Math.max].map((of) =>
      Number(data.reduce((a, b) => of(a, b)).toPrecision(6))
    ) as [number, number];
    const text = `clip({}, ${min}, ${max})`;
    const clip = entries(text, text, text, (x) => Math.min(Math.max(x, min), max));
    for (const one of suspect.right.data.length < 4 ? [] : [...OPERATIONS, clip]) {
      const change = made(one, place, () => suspect.right), { formula, words } = one;
      const make: Trial["make"] = (own, equation, take) => change(equation(own), own, take);
      const said = t(insert(words.en, "x"), insert(words.ja, "x"));
      yield { place, formula: insert(formula, `(${right})`), words: said, ofResult: true, make };
    }
  }
  yield* FORMULAS.filter((one) => one.place === place);
  const scales = (["B", "K", "M", "D"] as const).flatMap((size) => [
    operation(`${size} {}`, (Q) => Q.scale(sizes[size])),
    operation(`{} / ${size}`, (Q) => Q.scale(1 / sizes[size])),
  ]);
  for (const Q of QUANTITIES[place].from) {
    if (Q === "η" || Q === "labels") continue;
    const others = MATRICES.filter((other) => other !== Q && other !== place)
      .flatMap((other) => withOther(other, own[Q].rows));
    const before = { ...operation("{}", () => previous![Q]), moves: true };
    const past = t(`${Q} of the step before`, `前のステップの ${Q} `);
    const isOther = previous !== undefined && previous[Q] !== own[Q];
    for (
      const one of [
        ...[...OPERATIONS, ...scales, ...fittedTo(suspect, place, Q)],
        ...[...isOther ? [{ ...before, words: past }] : [], ...others],
      ]
    ) {
      const change = made(one, Q, () => own[Q]), { formula, words: { en, ja } } = one;
      const make: Trial["make"] = (own, equation, take) =>
        equation(Object.create(own, { [Q]: { value: change(own[Q], own, take) } }));
      const words = en.startsWith("the images") ? t(en, ja) : t(
        `computed with ${insert(en, Q)} instead of ${Q}`,
        `${Q} ではなく、${insert(ja, Q)}で計算している`,
      );
      const changed = insert(formula, Q);
      yield { place, formula: right.replaceAll(RegExp(`\\b${Q}\\b`, "g"), changed), words, make };
    }
  }
  for (const one of MATRICES) {
    const make: Trial["make"] = (own, equation) => equation(own).plusColumn(own[one] as never);
    if (own[one].columns === 1) yield { place, formula: `${right} + ${one}`, make };
  }
}

/** Multiples of the sums, as of a steeper sigmoid, and of images that were changed in place. */
function fittedTo(suspect: Suspect, place: ComputedSymbol, Q: MatrixSymbol): Operation[] {
  const { symbol, own, candidates: [recorded] } = suspect;
  const inverse =
    { A1: (a: number) => a, Y1: (y: number) => log(y / (1 - y)), P: log }[symbol as "P"];
  const isOfSums = symbol === place && (Q === "A1" || Q === "A2"),
    isOfX = Q === "X" && place === "A1" && symbol !== "P";
  if (inverse === undefined || !isOfSums && !isOfX || recorded!.data.length < 6) return [];
  const sums = recorded!.map(inverse);
  if (!sums.data.every(Number.isFinite)) return [];
  if (isOfSums) {
    // softmax leaves differences within a column only
    const centred = (A: RunTimeMatrix) =>
      symbol === "P" ? A.zipRow(A.columnSums, (a, sum) => a - sum / A.rows) : A;
    const factor = multipleOf(centred(sums), centred(own[Q]))?.value ?? 1;
    return [Number(factor.toPrecision(6)), factor].map((c) =>
      operation(`${significantDigits(c, 6)} {}`, (Q) => Q.scale(c))
    );
  }
  const { W1, b1 } = own, minusBias = (A: RunTimeMatrix) => A.plusColumn(b1.scale(-1) as never);
  const sumsOfRows = matrixOf(W1.rows, 1, W1.rowSums.data);
  const ofOnes = own.A1.map(() => 0).plusColumn(sumsOfRows as never);
  const bases = [minusBias(own.A1).data, ofOnes.data] as const;
  return [leastSquares(bases, minusBias(sums).data) ?? []].flatMap(([scale, shift]) => {
    if (scale === undefined || shift === undefined) return [];
    const by = Math.abs(shift) < 1e-9
      ? ""
      : ` ${shift < 0 ? "-" : "+"} ${significantDigits(Math.abs(shift), 6)}`;
    const times = Math.abs(scale - 1) < 1e-6 ? "" : `${significantDigits(scale, 6)} `;
    if (by + times === "") return [];
    return operation(
      by === "" ? `${times}X` : `(${times}X${by})`,
      (X) => X.map((x) => scale * x + shift),
      [
        `the images were ${times}X${by} in the forward pass: X is changed, perhaps in place`,
        `順伝播のときの画像は ${times}X${by} だった（X がその場で書き換えられたか）`,
      ],
    );
  });
}

/** Another equation, in the quantity or in those before it that were not recorded. */
const otherEquation: Finder = ({ suspect }) => {
  const { symbol, part, sizes, own, tolerance } = suspect;
  for (const place of placesBefore(suspect)) {
    if (QUANTITIES[place].pass === "input") continue;
    // what needs a large product for each attempt takes too long
    const isBehindAll = part !== undefined && isBehind(part, place as ComputedSymbol);
    if (isBehindAll && multiplications(sizes) > 1e6) continue;
    for (const one of alternatives(suspect, place as ComputedSymbol)) {
      const fit = tryOut(suspect, one);
      if (fit === undefined || fit.factor !== undefined && !one.ofResult) continue;
      const { error, factor } = fit, { formula, words } = one;
      if (one.ofResult) {
        const by = factor && factorOf(factor.value, sizes, own, tolerance).name;
        const said = t(
          `it is ${by ? `${by} times ` : ""}${words!.en}, where x is what it should be`,
          `正しい値を x とすると、${by ? `${by} × ` : ""}${words!.ja}になっている`,
        );
        return cause("function", said, { error, formula: `${by ? `${by} ` : ""}${formula}` });
      }
      const made = place === symbol ? undefined : { in: place as ComputedSymbol, matrix: fit.made };
      return otherFormula(formula, { error, made }, words);
    }
  }
  return undefined;
};

/** A difference in some rows, columns or entries only. */
const someEntries: Finder = ({ suspect: { symbol }, recorded, right, bound }) => {
  const { rows, columns, data } = recorded;
  const isOff = (i: number) => !(Math.abs(data[i]! - right.data[i]!) <= bound);
  const wrong = [...data.keys()].filter(isOff);
  if (data.length === 1 || wrong.length === 0) return undefined;
  // where the others should be 0, that they are says nothing
  const othersTell = right.data.some((x, i) => x !== 0 && !isOff(i));
  const sides = [
    { side: "rows", of: rows, indexOf: (i: number) => Math.floor(i / columns) },
    { side: "columns", of: columns, indexOf: (i: number) => i % columns },
  ] as const;
  const found = sides.map(({ side, of, indexOf }) => {
    const indices = [...new Set(wrong.map(indexOf))].sort((a, b) => a - b), n = indices.length;
    // of whole rows or columns: scattered entries are something else; a class has two of onehot
    const isWhole = wrong.length >= 0.8 * n * data.length / of ||
      symbol === "onehot" && side === "columns";
    const isSome = othersTell && n <= of / 2 && isWhole, isZero = wrong.every((i) => data[i] === 0);
    return { side, indices, isSingle: n === 1 && of > 1, isSome, isZero };
  });
  const single = found.find(({ isSingle }) => isSingle), some = found.find(({ isSome }) => isSome);
  const { side, indices, isZero } = single ?? some ?? {};
  if (side === undefined) return undefined;
  const { en, ja } = sideWord(symbol, side), list = formatIndices(indices!);
  const isOne = indices!.length === 1, noun = isOne ? en : en === "class" ? "classes" : `${en}s`;
  const where = `${ja} ${list}（0 から数える）`, only = isOne ? "differs" : "differ";
  const words = single === undefined && isZero
    ? t(`0 for ${noun} ${list} (counted from 0)`, `${where}が 0 になっている`)
    : t(`only ${noun} ${list} ${only} (counted from 0)`, `${where}だけが異なる`);
  return cause("some", words);
};

/** Rows or columns. */
type Side = "rows" | "columns";

/** What a row or a column is, by the letter of its axis. */
function sideWord(symbol: ComputedSymbol, side: Side): Text {
  const { axes: [rows, columns] } = QUANTITIES[symbol];
  const other = side === "rows" ? t("row", "行") : t("column", "列");
  return {
    D: t("input", "入力"),
    M: t("hidden unit", "隠れユニット"),
    K: t("class", "クラス"),
    B: t("example", "サンプル"),
    "1": other,
  }[side === "rows" ? rows : columns];
}

/** `0-4, 7`; at most four ranges. */
function formatIndices(indices: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const i of indices) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === i - 1) last[1] = i;
    else ranges.push([i, i]);
  }
  const shown = ranges.slice(0, 4).map(([a, b]) => a === b ? `${a}` : `${a}-${b}`);
  return [...shown, ...ranges.length > 4 ? ["…"] : []].join(", ");
}

/** An entry that is not finite. */
function notFinite(symbol: ComputedSymbol, value: number, row: number, column: number): Cause {
  const a = sideWord(symbol, "rows"), b = sideWord(symbol, "columns");
  const [en, ja] = /^[LE]$/.test(symbol)
    ? [": is it the logarithm of 0?", "（0 の対数のおそれ）"]
    : /^(Y1|P)$/.test(symbol)
    ? [": does the exponential overflow?", "（指数関数のオーバーフローのおそれ）"]
    : ["", ""];
  const words = t(
    `holds ${value}, first for ${a.en} ${row}, ${b.en} ${column} (counted from 0)${en}`,
    `${a.ja} ${row}、${b.ja} ${column}（0 から数える）が ${value} になっている${ja}`,
  );
  return cause("not finite", words);
}

/** A multiple of another quantity, or of 1, that is added. */
const added: Finder = ({ suspect, recorded, right: step }) => {
  const { symbol, own, previous, tolerance, right } = suspect, isUpdate = symbol.endsWith("'");
  const before = symbol.slice(0, -1) as "W1", W = /W[12]/.exec(symbol)?.[0] as "W1" | undefined;
  const isLoss = symbol === "E", isNumber = recorded.data.length === 1;
  // a single number is any other and something
  if (isNumber && !isLoss) return undefined;
  const past = "the step before",
    minus = (a: RunTimeMatrix, b: RunTimeMatrix) => a.zip(b, (a, b) => a - b);
  const squares = dot(own.W1.data, own.W1.data) + dot(own.W2.data, own.W2.data);
  const others: readonly (readonly [string, RunTimeMatrix | undefined])[] = isNumber
    ? [["(ΣW1² + ΣW2²)", right.map(() => squares)]]
    : [
      // the quantity itself, or how far the parameters moved
      [past, previous && (isUpdate ? minus(own[before], previous[before]) : previous[symbol])],
      ...othersLike(suspect).map((other) => [other, own[other]] as const),
      [`sign(${W})`, W && own[W].map(Math.sign)],
      ["1", recorded.data.length < 6 ? undefined : right.map(() => 1)],
    ];
  const difference = minus(recorded, step);
  for (const [name, other] of others) {
    const fitted = other && multipleOf(difference, other)?.value;
    if (fitted === undefined) continue;
    // of numbers each is a multiple, but not a round one
    const factor = isNumber ? Number(fitted.toPrecision(2)) : fitted;
    const error = leastError(suspect, right.zip(other!, (x, y) => x + factor * y));
    if (!(error <= WRONG_EQUATION * Math.max(tolerance, 2 ** -50))) continue;
    const of = name === past && !isUpdate ? `${symbol} of ${past}` : name;
    const [size, short] = [6, 3].map((digits) => significantDigits(Math.abs(factor), digits));
    const term = name === "1" ? size : size === "1" ? of : `${size} ${of}`;
    const sum = isUpdate ? rightHandSideOf(QUANTITIES[symbol]) : symbol;
    const λ = isUpdate ? -factor : factor, isDecay = λ > 0 && λ < (isUpdate ? 0.5 : 1);
    const momentum = t(
      `${short} of the step before is added: momentum`,
      `前の更新量の ${short} 倍が足されている（モメンタム）`,
    );
    const notZeroed = t(
      `${symbol} of the step before is added: the gradients are not set to zero`,
      `前のステップの ${symbol} が足されている（勾配を 0 に戻していない）`,
    );
    const decay = t(`weight decay: ${short} ${name}`, `重み減衰がある（${short} ${name}）`);
    const [words, network] = name === past
      ? isUpdate
        ? [
          momentum,
          t(`it is trained with momentum (${short})`, `モメンタム ${short} で学習している`),
        ]
        : [Math.abs(factor - 1) < 1e-6 ? notZeroed : undefined]
      : /^\(?Σ?W/.test(name) && isDecay
      ? [decay, t("it has weight decay", "重み減衰がある")]
      : [
        undefined,
        name.startsWith("sign") ? t("it has L1 regularisation", "L1 正則化がある") : undefined,
      ];
    const formula = `${sum} ${factor < 0 ? "-" : "+"} ${term}`;
    return otherFormula(formula, { error, network }, words);
  }
  return undefined;
};

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
  const found = formatShape(shape), wanted = shapeOf(symbol, sizes).join("x");
  // NumPy makes a matrix of a row and a column
  const isBroadcast = /^d?b[12]'?$/.test(symbol) && shape.length === 2 && shape[0] === shape[1];
  const hint = isBroadcast
    ? t(
      "a row and a column were broadcast to a matrix: (n,) and (n, 1) give (n, n)",
      "行ベクトルと列ベクトルがブロードキャストされている。(n,) と (n, 1) から (n, n) ができる",
    )
    : equals && t(`it equals ${equals}`, `値は ${equals} と等しい`);
  const words = t(
    `its shape is ${found}, need ${wanted}${hint ? `; ${hint.en}` : ""}`,
    `形が ${found} である。${wanted} が必要${hint ? `（${hint.ja}）` : ""}`,
  );
  return cause("shape", words, { formula: equals });
}
